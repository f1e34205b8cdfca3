//! When a note may be made, written in, moved and taken away.

use crate::ids::{ColumnId, GroupId, NoteId, StepId};
use crate::rejection::Rejection;
use crate::role::Actor;
use crate::text::{LONGEST_TEXT, TextRefusal};
use crate::workshop::boards::{Board, LARGEST_LANE, Lane, LaneId, MOST_NOTES_EVER, Note, NoteCommand, NoteEvent};
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
                self.check_weight(lane, update.0.len())?;
                NoteEvent::Edited { lane, note, update }
            }
            NoteCommand::Move { board, note, column, after } => {
                let lane = self.open_lane(board, group)?;
                self.standing_note(lane, note)?;
                self.check_column(lane, column)?;
                NoteEvent::Moved { lane, note, column, after: after.filter(|after| *after != note) }
            }
            NoteCommand::Delete { board, note, if_blank } => {
                let lane = self.open_lane(board, group)?;
                match self.standing_note(lane, note) {
                    Ok(found) if if_blank && !found.text.read().trim().is_empty() => return Ok(vec![]),
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
        if self.boards.lane(lane).is_some_and(|lane| lane.notes.len() >= usize::from(MOST_NOTES_EVER)) {
            return Err(Rejection::TooManyNotes { limit: MOST_NOTES_EVER });
        }
        self.check_room(lane)
    }

    fn check_weight(&self, lane: LaneId, more: usize) -> Result<(), Rejection> {
        let weight = self.boards.lane(lane).map_or(0, |lane| lane.weight(LARGEST_LANE - more));
        if weight + more <= LARGEST_LANE { Ok(()) } else { Err(Rejection::BoardFull) }
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
    fn a_board_takes_so_many_notes_in_all_also_when_they_are_taken_away_again() {
        let many = (1..=u32::from(MOST_NOTES_EVER)).flat_map(|number| {
            [created(number), Event::Note(NoteEvent::Deleted { lane: LANE, note: note(number), gone: false })]
        });
        given([at_step(2), many.collect()].concat())
            .when(member(2), create_note(9_999))
            .then_rejected(&Rejection::TooManyNotes { limit: MOST_NOTES_EVER });
    }

    #[test]
    fn a_board_takes_so_many_words_in_all() {
        let page = "ord ".repeat(7_000);
        let most = LARGEST_LANE / page.len();
        let full = (0..).zip(1..=most + 1).flat_map(|(_, number)| {
            let number = u32::try_from(number).unwrap();
            let update = NoteText::written_by(page_of(2)).splice(0, 0, &page);
            [created(number), Event::Note(NoteEvent::Edited { lane: LANE, note: note(number), update })]
        });
        let history: Vec<Event> = [at_step(2), full.collect::<Vec<_>>()].concat();
        let fits = NoteText::written_by(page_of(2)).splice(0, 0, "ett ord");
        let last = u32::try_from(most + 1).unwrap();
        let before_last = history[..history.len() - 1].to_vec();
        given(before_last.clone()).when(member(2), edit(last, fits.clone())).then(&[Event::Note(NoteEvent::Edited {
            lane: LANE,
            note: note(last),
            update: fits,
        })]);
        let more = NoteText::written_by(page_of(2)).splice(0, 0, &page);
        given(before_last).when(member(2), edit(last, more)).then_rejected(&Rejection::BoardFull);
    }

    #[test]
    fn whoever_leaves_a_note_empty_takes_away_nothing_that_another_wrote() {
        let leave = Command::Note(NoteCommand::Delete { board: StepId(2), note: note(1), if_blank: true });
        let deleted = Event::Note(NoteEvent::Deleted { lane: LANE, note: note(1), gone: false });
        given([at_step(2), vec![created(1)]].concat()).when(member(2), leave.clone()).then(&[deleted]);
        let update = NoteText::written_by(page_of(3)).splice(0, 0, "Skolen må stå");
        let written = Event::Note(NoteEvent::Edited { lane: LANE, note: note(1), update });
        given([at_step(2), vec![created(1), written]].concat()).when(member(2), leave).then(&[]);
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
