//! When a note may be made, written in, moved and taken away.

use crate::ids::{ColumnId, GroupId, NoteId, StepId};
use crate::rejection::Rejection;
use crate::role::Actor;
use crate::text::{LONGEST_TEXT, TextRefusal};
use crate::workshop::boards::{Board, Lane, LaneId, Note, NoteCommand, NoteEvent};
use crate::workshop::{Event, Workshop};

impl From<TextRefusal> for Rejection {
    fn from(refusal: TextRefusal) -> Self {
        match refusal {
            TextRefusal::TooLong => Self::TextTooLong { limit: LONGEST_TEXT },
            TextRefusal::Malformed | TextRefusal::Gap | TextRefusal::Forged => Self::TextUnfit,
        }
    }
}

impl Workshop {
    pub(in crate::workshop) fn decide_note(
        &self,
        actor: &Actor,
        command: NoteCommand,
    ) -> Result<Vec<Event>, Rejection> {
        let group = self.group_of(actor)?;
        let event = match command {
            NoteCommand::Create { note, board, column, after } => {
                let lane = self.open_lane(board, group)?;
                self.check_new_note(actor, lane, note, column)?;
                NoteEvent::Created { lane, note, column, after }
            }
            NoteCommand::Edit { board, note, update } => {
                let lane = self.open_lane(board, group)?;
                let found = self.standing_note(lane, note)?;
                found.text.check(&update, |author| self.is_page_of(author, actor))?;
                NoteEvent::Edited { lane, note, update }
            }
            NoteCommand::Move { board, note, column, after } => {
                let lane = self.open_lane(board, group)?;
                self.standing_note(lane, note)?;
                self.check_column(lane, column)?;
                NoteEvent::Moved { lane, note, column, after: after.filter(|after| *after != note) }
            }
            NoteCommand::Delete { board, note } => {
                let lane = self.open_lane(board, group)?;
                match self.standing_note(lane, note) {
                    Ok(_) => NoteEvent::Deleted { lane, note, gone: false },
                    // Two in the group took it away at once: both got what they wanted.
                    Err(Rejection::NoteDeleted) => return Ok(vec![]),
                    Err(other) => return Err(other),
                }
            }
            NoteCommand::Restore { board, note } => {
                let lane = self.open_lane(board, group)?;
                let found = self.boards.note(lane, note).ok_or(Rejection::NoSuchNote)?;
                if !found.deleted {
                    return Ok(vec![]);
                }
                self.check_room(lane)?;
                NoteEvent::Restored { lane, note, found: None }
            }
        };
        Ok(vec![Event::Note(event)])
    }

    /// The group's lane on `board`, if that is what the room works on now.
    fn open_lane(&self, board: StepId, group: GroupId) -> Result<LaneId, Rejection> {
        if self.programme.writable_board() == Some(board) {
            Ok(LaneId { board, group })
        } else {
            Err(Rejection::BoardNotOpen)
        }
    }

    fn board(&self, lane: LaneId) -> Result<&Board, Rejection> {
        self.boards.list.get(&lane.board).ok_or(Rejection::NoSuchColumn)
    }

    fn standing_note(&self, lane: LaneId, note: NoteId) -> Result<&Note, Rejection> {
        let note = self.boards.note(lane, note).ok_or(Rejection::NoSuchNote)?;
        if note.deleted { Err(Rejection::NoteDeleted) } else { Ok(note) }
    }

    fn check_new_note(&self, actor: &Actor, lane: LaneId, note: NoteId, column: ColumnId) -> Result<(), Rejection> {
        let taken = self.board(lane)?.lanes.values().any(|lane| lane.notes.contains_key(&note));
        if taken || !self.is_page_of(note.by, actor) {
            return Err(Rejection::NoteIdTaken);
        }
        self.check_column(lane, column)?;
        self.check_room(lane)
    }

    fn check_column(&self, lane: LaneId, column: ColumnId) -> Result<(), Rejection> {
        let columns = self.board(lane)?.columns.len();
        if usize::from(column.0) < columns { Ok(()) } else { Err(Rejection::NoSuchColumn) }
    }

    fn check_room(&self, lane: LaneId) -> Result<(), Rejection> {
        let limit = self.board(lane)?.most_notes;
        let standing = self.boards.lane(lane).map_or(0, Lane::standing);
        if standing < usize::from(limit) { Ok(()) } else { Err(Rejection::TooManyNotes { limit }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Made;
    use crate::text::NoteText;
    use crate::workshop::Command;
    use crate::workshop::testing::*;

    const LANE: LaneId = LaneId { board: StepId(2), group: GroupId(1) };

    fn note(number: u32) -> NoteId {
        Made { by: page_of(2), number }
    }

    fn created(number: u32) -> Event {
        Event::Note(NoteEvent::Created { lane: LANE, note: note(number), column: ColumnId(0), after: None })
    }

    fn edit(number: u32, update: crate::text::TextUpdate) -> Command {
        Command::Note(NoteCommand::Edit { board: StepId(2), note: note(number), update })
    }

    #[test]
    fn a_member_writes_in_the_lane_of_their_own_group() {
        given(at_step(2)).when(member(2), create_note(1)).then(&[created(1)]);
    }

    #[test]
    fn another_group_cannot_reach_the_note() {
        let update = NoteText::written_by(page_of(5)).splice(0, 0, "x");
        given([at_step(2), vec![created(1)]].concat())
            .when(member(5), edit(1, update))
            .then_rejected(&Rejection::NoSuchNote);
    }

    #[test]
    fn nobody_writes_on_a_board_the_room_has_left() {
        given(at_step(3)).when(member(2), create_note(1)).then_rejected(&Rejection::BoardNotOpen);
    }

    #[test]
    fn an_individual_step_feeds_the_board_that_follows() {
        given(at_step(1)).when(member(2), create_note(1)).then(&[created(1)]);
    }

    #[test]
    fn writing_signed_by_anothers_page_is_refused() {
        let forged = NoteText::written_by(page_of(3)).splice(0, 0, "x");
        given([at_step(2), vec![created(1)]].concat())
            .when(member(2), edit(1, forged))
            .then_rejected(&Rejection::TextUnfit);
        let stolen = NoteCommand::Create {
            note: Made { by: page_of(3), number: 1 },
            board: StepId(2),
            column: ColumnId(0),
            after: None,
        };
        given(at_step(2)).when(member(2), Command::Note(stolen)).then_rejected(&Rejection::NoteIdTaken);
    }

    #[test]
    fn a_full_board_says_how_many_it_takes() {
        let many = (1..=u32::from(SMALL_BOARD)).map(created).collect();
        given([at_step(2), many].concat())
            .when(member(2), create_note(99))
            .then_rejected(&Rejection::TooManyNotes { limit: SMALL_BOARD });
    }

    #[test]
    fn a_deleted_note_keeps_its_words_and_comes_back_last() {
        let update = NoteText::written_by(page_of(2)).splice(0, 0, "flere bussavganger");
        let history = [
            created(1),
            created(2),
            Event::Note(NoteEvent::Edited { lane: LANE, note: note(2), update }),
            Event::Note(NoteEvent::Deleted { lane: LANE, note: note(2), gone: false }),
            Event::Note(NoteEvent::Restored { lane: LANE, note: note(2), found: None }),
        ];
        let state = given([at_step(2), history.to_vec()].concat()).state();
        let lane = state.boards.lane(LANE).unwrap();
        let order: Vec<_> = lane.column(ColumnId(0)).map(|(id, note)| (id, note.text.read())).collect();
        assert_eq!(order, [(note(1), String::new()), (note(2), "flere bussavganger".to_owned())]);
    }

    #[test]
    fn a_deleted_note_takes_no_more_writing_until_restored() {
        let update = NoteText::written_by(page_of(2)).splice(0, 0, "x");
        let history = vec![created(1), Event::Note(NoteEvent::Deleted { lane: LANE, note: note(1), gone: false })];
        given([at_step(2), history].concat()).when(member(2), edit(1, update)).then_rejected(&Rejection::NoteDeleted);
    }

    #[test]
    fn a_note_moves_to_another_column_after_the_one_pointed_at() {
        let there = Event::Note(NoteEvent::Created { lane: LANE, note: note(2), column: ColumnId(1), after: None });
        let command = NoteCommand::Move { board: StepId(2), note: note(1), column: ColumnId(1), after: Some(note(2)) };
        let history = [at_step(2), vec![created(1), there]].concat();
        let moved = given(history.clone()).when(member(2), Command::Note(command)).events();
        let state = given([history, moved].concat()).state();
        let column: Vec<_> = state.boards.lane(LANE).unwrap().column(ColumnId(1)).map(|(id, _)| id).collect();
        assert_eq!(column, [note(2), note(1)]);
    }
}
