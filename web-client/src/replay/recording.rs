//! The events of a meeting and the state after any of them.
//!
//! Folding a whole meeting takes a noticeable while, and people jump about. So the state is kept, packed, at every
//! [`EVERY`] events: a jump unpacks the nearest one before and folds the few that are left.

use verksted_protocol::ids::{Moment, Seq};
use verksted_protocol::snapshot::Snapshot;
use verksted_protocol::stream::{Aggregate, Recorded};
use verksted_protocol::workshop::{Event, Workshop};

/// Events between two kept states: few enough to fold between two pictures, many enough that a day's meeting fits.
pub const EVERY: usize = 500;

/// A meeting being looked back at, at one place in it.
pub struct Recording {
    events: Vec<Recorded<Event>>,
    /// The states after `EVERY`, `2 * EVERY` … events, packed: open, each note would be a live document.
    kept: Vec<Vec<u8>>,
    state: Workshop,
    /// How many events `state` holds.
    place: usize,
}

impl Recording {
    /// Folds the whole log once, to keep states along the way. Ends at the end.
    #[must_use]
    pub fn new(events: Vec<Recorded<Event>>) -> Self {
        let mut state = Workshop::default();
        let mut kept = Vec::new();
        for (place, event) in (1..).zip(&events) {
            state.apply(event);
            if place % EVERY == 0 {
                // Lent and taken back: a copy would make every note's document anew.
                let snapshot = Snapshot::new(event.seq, std::mem::take(&mut state));
                kept.push(snapshot.encode());
                state = snapshot.state;
            }
        }
        let place = events.len();
        Self { events, kept, state, place }
    }

    /// All events, in order.
    #[must_use]
    pub fn events(&self) -> &[Recorded<Event>] {
        &self.events
    }

    /// The state where we are.
    #[must_use]
    pub fn state(&self) -> &Workshop {
        &self.state
    }

    /// How many events have happened where we are.
    #[must_use]
    pub fn place(&self) -> usize {
        self.place
    }

    /// When the latest of them happened.
    #[must_use]
    pub fn moment(&self) -> Option<Moment> {
        Some(self.events.get(self.place.checked_sub(1)?)?.at)
    }

    /// How many events have happened by `at`, that moment included. The log is in the order of time; the server's clock
    /// may still have been set back, and then the later place counts.
    #[must_use]
    pub fn place_at(&self, at: Moment) -> usize {
        self.events.iter().rposition(|event| event.at <= at).map_or(0, |last| last + 1)
    }

    /// Goes to the state after `place` events. Says whether anything changed.
    pub fn seek(&mut self, place: usize) -> bool {
        let place = place.min(self.events.len());
        if place == self.place {
            return false;
        }
        let nearest = place / EVERY;
        // Backwards there is no way but from a kept state; forwards only when one lies between.
        if place < self.place || nearest * EVERY > self.place {
            self.restore(nearest);
        }
        for event in &self.events[self.place..place] {
            self.state.apply(event);
        }
        self.place = place;
        true
    }

    /// Goes to the state at a moment. Says whether anything changed.
    pub fn seek_moment(&mut self, at: Moment) -> bool {
        self.seek(self.place_at(at))
    }

    /// The nearest kept state at or before `number * EVERY` that can be read, or the beginning.
    fn restore(&mut self, number: usize) {
        let readable = (1..=number).rev().find_map(|number| {
            let found = Snapshot::<Workshop>::decode(self.kept.get(number - 1)?)?;
            Some((number * EVERY, found.state))
        });
        (self.place, self.state) = readable.unwrap_or_default();
    }

    /// The number of the last event there is.
    #[must_use]
    pub fn last_seq(&self) -> Seq {
        self.events.last().map(|event| event.seq).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::testing::{long_meeting, meeting};

    fn folded(events: &[Recorded<Event>]) -> Workshop {
        let mut state = Workshop::default();
        for event in events {
            state.apply(event);
        }
        state
    }

    #[test]
    fn it_ends_as_the_live_room_ended() {
        let events = meeting();
        let recording = Recording::new(events.clone());
        assert_eq!(recording.state(), &folded(&events));
        assert_eq!(recording.place(), events.len());
    }

    #[test]
    fn seeking_to_a_moment_is_folding_all_that_had_happened_by_then() {
        let events = meeting();
        let mut recording = Recording::new(events.clone());
        let first = events[0].at.0;
        let last = events[events.len() - 1].at.0;
        for at in (first - 500..=last + 500).step_by(700).map(Moment) {
            recording.seek_moment(at);
            let by_then: Vec<_> = events.iter().filter(|event| event.at <= at).cloned().collect();
            assert_eq!(recording.state(), &folded(&by_then), "at {at}");
        }
    }

    #[test]
    fn any_jump_lands_where_plain_folding_does() {
        let events = long_meeting(EVERY * 3 + 20);
        let mut recording = Recording::new(events.clone());
        for place in [0, EVERY * 2, EVERY * 2 - 1, 3, EVERY * 3 + 7, EVERY, EVERY + 1, events.len() + 50, 1] {
            recording.seek(place);
            let place = place.min(events.len());
            assert_eq!(recording.place(), place);
            assert_eq!(recording.state(), &folded(&events[..place]), "after {place}");
        }
    }

    #[test]
    fn an_unreadable_kept_state_only_costs_time() {
        let events = long_meeting(EVERY * 2 + 20);
        let mut recording = Recording::new(events.clone());
        recording.kept[1] = b"torn".to_vec();
        recording.seek(EVERY * 2 + 3);
        assert_eq!(recording.state(), &folded(&events[..EVERY * 2 + 3]));
    }

    #[test]
    fn standing_still_changes_nothing() {
        let mut recording = Recording::new(meeting());
        assert!(recording.seek(4));
        assert!(!recording.seek(4));
        assert_eq!(recording.moment(), Some(meeting()[3].at));
    }
}
