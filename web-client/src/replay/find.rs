//! The notes of a state as a list one can filter and search.

use verksted_protocol::ids::{GroupId, NoteId, StepId};
use verksted_protocol::workshop::Workshop;

/// A note as it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub id: NoteId,
    /// The board.
    pub board: StepId,
    /// The title of its column.
    pub column: String,
    /// The group that wrote it.
    pub group: GroupId,
    /// What it said.
    pub text: String,
}

/// Notes on one board or on all, of one group or of all, that hold `words`. Empty notes say nothing and are left out.
#[must_use]
pub fn notes(state: &Workshop, board: Option<StepId>, group: Option<GroupId>, words: &str) -> Vec<Found> {
    let words = words.trim().to_lowercase();
    let boards = state.boards.list.iter().filter(|(id, _)| board.is_none_or(|wanted| wanted == **id));
    let mut found = Vec::new();
    for (id, on_board) in boards {
        for (number, title) in (0..).zip(&on_board.columns) {
            let column = verksted_protocol::ids::ColumnId(number);
            let lanes = on_board.lanes.iter().filter(|(lane, _)| group.is_none_or(|wanted| wanted == **lane));
            for (lane, notes) in lanes {
                for (note, standing) in notes.column(column) {
                    let text = standing.text.read();
                    if !text.trim().is_empty() && text.to_lowercase().contains(&words) {
                        found.push(Found { id: note, board: *id, column: title.clone(), group: *lane, text });
                    }
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::recording::Recording;
    use crate::replay::testing::meeting;

    #[test]
    fn one_finds_by_word_group_and_board_however_it_is_written() {
        let recording = Recording::new(meeting());
        let state = recording.state();
        let all = notes(state, None, None, "");
        assert!(all.iter().any(|note| note.group == GroupId(1)) && all.iter().any(|note| note.group == GroupId(2)));
        assert!(notes(state, None, Some(GroupId(2)), "").iter().all(|note| note.group == GroupId(2)));
        assert!(notes(state, Some(StepId(11)), None, "").iter().all(|note| note.board == StepId(11)));
        assert_eq!(notes(state, None, None, "  SKOLE "), notes(state, None, None, "skole"));
        assert!(!notes(state, None, None, "skole").is_empty());
        assert_eq!(notes(state, None, None, "finnes ikke"), []);
    }
}
