//! What the simulated members say. Composed for a made-up rural municipality; each line is something a councillor might
//! write at the table, in the column it stands under.

mod additions;
mod areas;
mod knowledge;
mod lines;
mod priorities;

use verksted_protocol::ids::{ColumnId, StepId};

pub(crate) use additions::{additions, has_addition};
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
                let additions = additions(step.id, ColumnId(u16::try_from(column).unwrap()));
                assert!(additions.len() >= FEWEST && additions.iter().all(|words| has_addition(words)));
                assert!(!phrases.iter().any(|phrase| has_addition(phrase)), "board {} column {column}", step.id);
                assert!(phrases.iter().all(|phrase| said.insert(*phrase)), "board {} column {column}", step.id);
            }
        }
    }

    #[test]
    fn lines_are_short_points_in_plain_words() {
        let boards = (1..=14).flat_map(|board| (0..3).map(move |column| (StepId(board), ColumnId(column))));
        let said = |(board, column)| [of_column(board, column), additions(board, column)].concat();
        for phrase in boards.flat_map(said) {
            assert!((10..=120).contains(&phrase.chars().count()), "{phrase}");
            assert!(!phrase.contains('!') && phrase.trim() == phrase, "{phrase}");
            assert!(phrase.len() < LONGEST_TEXT as usize);
        }
    }
}
