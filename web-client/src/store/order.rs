//! The order of a group's notes as this page shows it: the replica's, with what the page has asked for and not been
//! answered. So a new note stands there at once, also while the tablet is offline.

use std::collections::BTreeMap;

use verksted_protocol::ids::{ColumnId, NoteId, StepId};
use verksted_protocol::workshop::boards::{Lane, NoteCommand};

use crate::net::outbox::place;

/// Notes by column.
pub type Order = BTreeMap<ColumnId, Vec<NoteId>>;

/// The order on `board`, given the own group's lane and the commands about notes that are under way.
pub fn order<'a>(board: StepId, lane: Option<&Lane>, asked: impl Iterator<Item = &'a NoteCommand>) -> Order {
    let mut order = lane.map(|lane| lane.columns.clone()).unwrap_or_default();
    let here = |note| lane.is_some_and(|lane| lane.notes.contains_key(note));
    for command in asked.filter(|command| place(command).0 == board) {
        match command {
            NoteCommand::Create { note, .. } if here(note) => {}
            NoteCommand::Create { note, column, after, .. } | NoteCommand::Move { note, column, after, .. } => {
                put(&mut order, *note, *column, *after);
            }
            NoteCommand::Delete { note, .. } => take(&mut order, *note),
            // Its column is the lane's to know; it shows when the server has put it back.
            NoteCommand::Restore { .. } | NoteCommand::Edit { .. } => {}
        }
    }
    order
}

fn put(order: &mut Order, note: NoteId, column: ColumnId, after: Option<NoteId>) {
    take(order, note);
    let notes = order.entry(column).or_default();
    let at = after.and_then(|after| notes.iter().position(|id| *id == after)).map_or(0, |before| before + 1);
    notes.insert(at, note);
}

fn take(order: &mut Order, note: NoteId) {
    for notes in order.values_mut() {
        notes.retain(|id| *id != note);
    }
}

#[cfg(test)]
mod tests {
    use verksted_protocol::ids::{ClientId, Made};
    use verksted_protocol::workshop::boards::Note;

    use super::*;

    const BOARD: StepId = StepId(4);
    const FIRST: ColumnId = ColumnId(0);

    fn note(number: u32) -> NoteId {
        Made { by: ClientId(1), number }
    }

    fn lane() -> Lane {
        let notes = (1..3).map(|number| (note(number), Note::default())).collect();
        Lane { notes, columns: BTreeMap::from([(FIRST, vec![note(1), note(2)])]) }
    }

    fn shown(commands: &[NoteCommand]) -> Vec<u32> {
        let order = order(BOARD, Some(&lane()), commands.iter());
        order.get(&FIRST).into_iter().flatten().map(|id| id.number).collect()
    }

    #[test]
    fn a_note_that_is_under_way_stands_where_it_will_stand() {
        let create = NoteCommand::Create { note: note(3), board: BOARD, column: FIRST, after: Some(note(1)) };
        assert_eq!(shown(std::slice::from_ref(&create)), [1, 3, 2]);
        assert_eq!(shown(&[create, NoteCommand::Delete { board: BOARD, note: note(1), if_blank: false }]), [3, 2]);
    }

    #[test]
    fn a_note_that_has_come_is_not_moved_back_by_its_old_command() {
        let create = NoteCommand::Create { note: note(2), board: BOARD, column: FIRST, after: None };
        assert_eq!(shown(&[create]), [1, 2]);
    }

    #[test]
    fn another_board_is_not_touched() {
        let create = NoteCommand::Create { note: note(3), board: StepId(7), column: FIRST, after: None };
        assert_eq!(shown(&[create]), [1, 2]);
    }
}
