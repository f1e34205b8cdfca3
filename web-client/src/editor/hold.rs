//! When others' writing must wait for the open field. A script that writes in a field ends a composition and makes
//! dictation say its phrase again and again, so while either may be going on nothing comes in.

use crate::store::texts::MOST_QUEUED;

/// Safari ends a composition before the key that confirmed it, in milliseconds.
const AFTER_COMPOSITION: i64 = 150;
/// Dictation and autocorrect replace text in bursts; the next part of the phrase comes within this, in milliseconds.
const AFTER_REPLACEMENT: i64 = 1_500;
/// Plain typing. Two who write in one note at once must see each other's words within 300 ms, so typing holds others
/// back only to the next pause between two keys, and never longer than this in all.
const AFTER_KEY: i64 = 60;
/// See [`AFTER_KEY`].
const LONGEST_FOR_KEYS: i64 = 150;

/// Whether to wait.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hold {
    composing: bool,
    /// Nothing comes in before this.
    until: i64,
    /// Nothing comes in before this, unless it has waited long enough.
    keys_until: i64,
    waiting_since: Option<i64>,
}

impl Hold {
    /// A composition began.
    pub fn composition_started(&mut self) {
        self.composing = true;
    }

    /// A composition ended.
    pub fn composition_ended(&mut self, now: i64) {
        self.composing = false;
        self.until = self.until.max(now + AFTER_COMPOSITION);
    }

    /// Something was put in; `kind` is the event's input type, `composing` what it says of itself.
    pub fn input(&mut self, now: i64, kind: &str, composing: bool) {
        if self.composing && !composing {
            // The end of a composition may be lost on the way; writing that is no composition proves it.
            self.composition_ended(now);
        }
        self.composing = composing;
        match kind {
            "insertReplacementText" | "insertFromDictation" | "insertFromComposition" => {
                self.until = self.until.max(now + AFTER_REPLACEMENT);
            }
            _ => self.keys_until = now + AFTER_KEY,
        }
    }

    /// Whether Enter belongs to a composition, or to one that has only just ended.
    #[must_use]
    pub fn swallows_enter(&self, now: i64) -> bool {
        self.composing || now < self.until
    }

    /// How long what waits must go on waiting; `None` when it may come in now. `Some(None)` means until something else
    /// happens in the field.
    pub fn wait(&mut self, now: i64, queued: usize) -> Option<Option<i64>> {
        if self.composing {
            return Some(None);
        }
        let since = *self.waiting_since.get_or_insert(now);
        let keys = self.keys_until.min(since + LONGEST_FOR_KEYS);
        let until = self.until.max(keys);
        if now >= until || queued > MOST_QUEUED {
            self.waiting_since = None;
            return None;
        }
        Some(Some(until - now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_comes_in_while_composing_and_shortly_after() {
        let mut hold = Hold::default();
        hold.composition_started();
        assert_eq!(hold.wait(0, 100), Some(None));
        assert!(hold.swallows_enter(0));
        hold.composition_ended(1_000);
        assert_eq!(hold.wait(1_000, 1), Some(Some(150)));
        assert!(hold.swallows_enter(1_100));
        assert_eq!(hold.wait(1_150, 1), None);
        assert!(!hold.swallows_enter(1_150));
    }

    #[test]
    fn a_lost_end_of_composition_is_found_out() {
        let mut hold = Hold::default();
        hold.composition_started();
        hold.input(100, "insertText", false);
        assert_eq!(hold.wait(300, 1), None);
    }

    #[test]
    fn dictation_is_left_alone_for_a_while() {
        let mut hold = Hold::default();
        hold.input(0, "insertReplacementText", false);
        assert_eq!(hold.wait(100, 1), Some(Some(1_400)));
        assert_eq!(hold.wait(100, MOST_QUEUED + 1), None);
    }

    #[test]
    fn somebody_who_never_stops_typing_still_sees_the_others() {
        let mut hold = Hold::default();
        let mut came_in = None;
        for key in 0..10 {
            let now = key * 50;
            hold.input(now, "insertText", false);
            if hold.wait(now, 1).is_none() {
                came_in = came_in.or(Some(now));
            }
        }
        assert_eq!(came_in, Some(150));
    }
}
