//! What changed between two readings of a text field. Browsers tell too little and too late of what was done in a field
//! (dictation, autocorrect, handwriting), so a change is found from the text itself.

/// Replace `delete` units at `at` with `insert`. Offsets are UTF-16 units, as in the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where.
    pub at: u32,
    /// How many units go.
    pub delete: u32,
    /// What comes.
    pub insert: String,
}

/// The smallest change from `old` to `new`, or `None` when they are equal. In a row of equal letters many changes would
/// do; `caret`, where it stands after the change, tells which one was made, so that another's letters stay where they are.
#[must_use]
pub fn diff(old: &str, new: &str, caret: Option<u32>) -> Option<Change> {
    if old == new {
        return None;
    }
    let old: Vec<u16> = old.encode_utf16().collect();
    let new: Vec<u16> = new.encode_utf16().collect();
    let shorter = old.len().min(new.len());
    let guess = caret.map(|caret| found(&old, &new, new.len().saturating_sub(caret as usize).min(shorter)));
    let plain = found(&old, &new, shorter);
    // A field may report a stale caret; then the hint makes the change larger than it need be.
    let best = guess.filter(|guess| guess.size() <= plain.size()).unwrap_or(plain);
    Some(Change {
        at: units(best.start),
        delete: units(best.old_end - best.start),
        insert: String::from_utf16_lossy(&new[best.start..best.new_end]),
    })
}

struct Span {
    start: usize,
    old_end: usize,
    new_end: usize,
}

impl Span {
    fn size(&self) -> usize {
        self.old_end - self.start + self.new_end - self.start
    }
}

/// The span that differs, with at most `most_after` equal units counted after it.
fn found(old: &[u16], new: &[u16], most_after: usize) -> Span {
    let equal = |(a, b): &(&u16, &u16)| a == b;
    let mut after = old.iter().rev().zip(new.iter().rev()).take(most_after).take_while(equal).count();
    let shorter = old.len().min(new.len());
    let mut before = old.iter().zip(new).take(shorter - after).take_while(equal).count();
    // Never between the halves of a pair: half a letter is no letter.
    if before > 0 && is_high(old[before - 1]) {
        before -= 1;
    }
    if after > 0 && is_low(old[old.len() - after]) {
        after -= 1;
    }
    Span { start: before, old_end: old.len() - after, new_end: new.len() - after }
}

fn is_high(unit: u16) -> bool {
    (0xd800..0xdc00).contains(&unit)
}

fn is_low(unit: u16) -> bool {
    (0xdc00..0xe000).contains(&unit)
}

/// A field holds far fewer than four thousand million units.
fn units(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Length in UTF-16 units.
#[must_use]
pub fn length(text: &str) -> u32 {
    units(text.encode_utf16().count())
}

/// What may stand in a note: line breaks of one kind and no control characters, which come with pasted text.
#[must_use]
pub fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let text = text.chars().map(|letter| if matches!(letter, '\r' | '\u{2028}' | '\u{2029}') { '\n' } else { letter });
    text.filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t')).collect()
}

/// The beginning of `text` that takes at most `most` UTF-16 units.
#[must_use]
pub fn shortened(text: &str, most: u32) -> &str {
    let mut taken = 0;
    for (place, letter) in text.char_indices() {
        taken += units(letter.len_utf16());
        if taken > most {
            return &text[..place];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn applied(old: &str, change: &Change) -> String {
        let mut units: Vec<u16> = old.encode_utf16().collect();
        let at = change.at as usize;
        units.splice(at..at + change.delete as usize, change.insert.encode_utf16());
        String::from_utf16(&units).unwrap()
    }

    fn change(at: u32, delete: u32, insert: &str) -> Option<Change> {
        Some(Change { at, delete, insert: insert.into() })
    }

    #[test]
    fn the_caret_tells_which_of_equal_letters_is_new() {
        assert_eq!(diff("aa", "aaa", Some(1)), change(0, 0, "a"));
        assert_eq!(diff("aa", "aaa", Some(2)), change(1, 0, "a"));
        assert_eq!(diff("aa", "aaa", Some(3)), change(2, 0, "a"));
        assert_eq!(diff("aaa", "aa", Some(1)), change(1, 1, ""));
    }

    #[test]
    fn a_stale_caret_does_not_make_the_change_larger() {
        assert_eq!(diff("skole og buss", "skole, og buss", Some(14)), change(5, 0, ","));
        assert_eq!(diff("ab", "b", Some(0)), change(0, 1, ""));
    }

    #[test]
    fn a_letter_of_two_halves_is_not_split() {
        assert_eq!(diff("😀", "😁", None), change(0, 2, "😁"));
        assert_eq!(diff("a😀b", "ab", Some(1)), change(1, 2, ""));
    }

    #[test]
    fn pasted_text_is_cleaned() {
        assert_eq!(clean("a\r\nb\rc\u{2028}d\u{0}\u{7}e\tf"), "a\nb\nc\nde\tf");
        assert_eq!(shortened("a😀b", 2), "a");
        assert_eq!(shortened("a😀b", 3), "a😀");
    }

    proptest! {
        /// Whatever was done and wherever the caret claims to be, the change leads from the old text to the new.
        #[test]
        fn the_change_leads_to_the_new_text(
            old in "[ab\u{e5}\u{1f600}\u{1f601}\n]{0,24}", new in "[ab\u{e5}\u{1f600}\u{1f601}\n]{0,24}", caret in proptest::option::of(0_u32..40),
        ) {
            match diff(&old, &new, caret) {
                None => prop_assert_eq!(old, new),
                Some(change) => prop_assert_eq!(applied(&old, &change), new),
            }
        }

        /// With the true caret, typing is found exactly where it was done.
        #[test]
        fn typing_is_found_where_it_was_done(old in "[ab]{0,12}", at in 0_usize..13, typed in "[ab]{1,3}") {
            let at = at.min(old.len());
            let new = format!("{}{typed}{}", &old[..at], &old[at..]);
            let caret = units(at + typed.len());
            prop_assert_eq!(diff(&old, &new, Some(caret)), change(units(at), 0, &typed));
        }
    }
}
