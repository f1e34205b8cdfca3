//! What the simulated members say. Composed for a made-up rural municipality; each line is something a councillor might
//! write at the table, in the column it stands under.

mod areas;
mod knowledge;
mod lines;
mod priorities;

use verksted_protocol::ids::{ColumnId, StepId};

pub(crate) use areas::{AREAS, area_of};

/// What can be said in a column of a board of *mal 1*; nothing for a board nobody has prepared.
#[must_use]
pub(crate) fn of_column(board: StepId, column: ColumnId) -> &'static [&'static str] {
    match (board.0, column.0) {
        (4, 0) => knowledge::SURPRISED,
        (4, 1) => knowledge::CURIOUS,
        (4, 2) => knowledge::MISSING,
        (7, 0) => lines::KEPT,
        (7, 1) => lines::CHANGED,
        (7, 2) => lines::DISAGREED,
        (10, 0) => priorities::TO_CHANGE,
        (10, 1) => priorities::CLEAR_ENOUGH,
        (10, 2) => priorities::IMPORTANT,
        _ => &[],
    }
}

/// What a group mate adds to a note that is there already.
pub(crate) const ADDITIONS: &[&str] = &[
    "Enig, og det haster.",
    "Enig. Det hører jeg overalt.",
    "Enig, og det gjelder hele kommunen.",
    "Enig, men hva må vi la være da?",
    "Enig, og dette må følges opp i økonomiplanen.",
    "Enig. Be om tall til neste verksted.",
    "Samme erfaring hos oss i øvre del.",
    "Ja, og nabokommunen står i det samme.",
    "Ja, særlig for barnefamiliene.",
    "Ja, og spør dem det gjelder.",
    "Godt poeng, ta det opp i plenum.",
    "Viktig. Hvem har ansvaret i dag?",
    "Støttes, men vær konkret.",
    "Hva er gjort til nå?",
    "Her kan vi bruke frivilligheten bedre.",
    "Dette henger sammen med boligene.",
    "Kan vi få se utviklingen over ti år?",
    "Litt uenig, det har blitt bedre de siste årene.",
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use verksted_protocol::template::first_workshop;
    use verksted_protocol::text::LONGEST_TEXT;
    use verksted_protocol::workshop::programme::StepKind;

    use super::*;

    const FEWEST: usize = 12;

    #[test]
    fn every_column_has_enough_to_say_and_says_it_once() {
        let mut said = HashSet::new();
        for step in first_workshop().steps.iter().filter(|step| step.kind == StepKind::Group) {
            if step.most_notes.is_some() {
                continue; // The group's own choice: see the areas.
            }
            for column in 0..step.columns.len() {
                let phrases = of_column(step.id, ColumnId(u16::try_from(column).unwrap()));
                assert!(phrases.len() >= FEWEST, "board {} column {column}", step.id);
                assert!(phrases.iter().all(|phrase| said.insert(*phrase)), "board {} column {column}", step.id);
            }
        }
    }

    #[test]
    fn lines_are_short_points_in_plain_words() {
        let boards = (1..=14).flat_map(|board| (0..3).map(move |column| (StepId(board), ColumnId(column))));
        let phrases = boards.flat_map(|(board, column)| of_column(board, column));
        for phrase in phrases.chain(ADDITIONS) {
            assert!((10..=120).contains(&phrase.chars().count()), "{phrase}");
            assert!(!phrase.contains('!') && phrase.trim() == *phrase, "{phrase}");
            assert!(phrase.len() < LONGEST_TEXT as usize);
        }
        assert!(ADDITIONS.len() >= FEWEST);
    }
}
