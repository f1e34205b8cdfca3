//! What people do with their pages. A pick chooses among what their page shows them.

use verksted_protocol::ids::{ColumnId, GroupId, Made, NoteId, SeatId, StepId};
use verksted_protocol::text::TextUpdate;
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::boards::{LaneId, NoteCommand};
use verksted_protocol::workshop::dots::{Ballot, RoundCommand};
use verksted_protocol::workshop::groups::GroupCommand;
use verksted_protocol::workshop::help::HelpCommand;
use verksted_protocol::workshop::plenary::ProposalCommand;
use verksted_protocol::workshop::programme::ProgrammeCommand;
use verksted_protocol::workshop::seats::SeatCommand;
use verksted_web_client::net::outbox::Asked;
use verksted_web_client::store::order::order;

use super::book::{Edit, Fate};
use super::page::Page;
use super::room::{GROUPS, STEPS};
use crate::plan::Act;
use crate::plan::draw::SEATS;

/// Columns of a board.
const COLUMNS: u32 = 2;

fn chosen<T: Copy>(among: &[T], pick: u32) -> Option<T> {
    among.get(pick as usize % among.len().max(1)).copied()
}

fn column(pick: u32) -> ColumnId {
    ColumnId(if pick.is_multiple_of(COLUMNS) { 0 } else { 1 })
}

fn number(pick: u32, end: u16) -> u16 {
    u16::try_from(pick % u32::from(end)).unwrap_or_default()
}

impl Page {
    /// Does it, if there is anything to do it with.
    pub(crate) fn act(&mut self, act: Act) {
        let done = match act {
            Act::Type { pick, .. } => self.type_letter(pick),
            Act::Erase { pick, .. } => self.erase(pick),
            Act::Leave { .. } => self.leave_field(),
            Act::Make { pick, .. } => self.make(pick).map(drop),
            Act::Share { pick, .. } => self.share(pick),
            Act::Place { pick, .. } => self.place(pick),
            Act::Remove { pick, .. } => self.remove(pick),
            Act::Restore { pick, .. } => self.restore(pick),
            Act::Vote { pick, .. } => self.vote(pick),
            _ => self.give(act),
        };
        // With nothing there to do it with, nothing is done.
        let _ = done;
    }

    fn give(&mut self, act: Act) -> Option<()> {
        let command = self.command(act)?;
        self.push(Asked::Command(command));
        Some(())
    }

    fn command(&self, act: Act) -> Option<Command> {
        let workshop = self.replica.workshop();
        let current = workshop.programme.current.map(|current| current.step);
        Some(match act {
            Act::Merge { pick, .. } => {
                let proposals = workshop.proposals(workshop.programme.current_step()?.board?);
                let ids: Vec<NoteId> = proposals.iter().map(|proposal| proposal.id).collect();
                let (from, into) = (chosen(&ids, pick)?, chosen(&ids, pick >> 8)?);
                let split =
                    ProposalCommand::Split { proposal: *workshop.plenary.merged.keys().next().unwrap_or(&from) };
                Command::Proposal(if from == into { split } else { ProposalCommand::Merge { from, into } })
            }
            Act::Help { .. } => Command::Help(HelpCommand::Ask),
            Act::Arrive { .. } => Command::Seat(SeatCommand::Arrive),
            Act::Go { pick } => {
                let any = StepId(number(pick >> 8, STEPS) + 1);
                let next = workshop.programme.next_step().map(|step| step.id).filter(|_| !pick.is_multiple_of(4));
                Command::Programme(ProgrammeCommand::Start { step: next.unwrap_or(any), seen: current })
            }
            Act::Round {} => Command::Round(match workshop.dots.open_round() {
                Some((round, _)) => RoundCommand::Close { round },
                None => RoundCommand::Open,
            }),
            Act::Reseat { pick } => {
                let (seat, group) = (SeatId(number(pick, SEATS) + 1), GroupId(number(pick >> 8, GROUPS) + 1));
                Command::Group(GroupCommand::Move { seat, group })
            }
            _ => return None,
        })
    }

    /// One's own group's lane on the open board.
    fn lane(&self) -> Option<LaneId> {
        let workshop = self.replica.workshop();
        self.client()?;
        let group = workshop.group_of(&self.actor).ok()?;
        Some(LaneId { board: workshop.programme.writable_board()?, group })
    }

    fn notes(&self, lane: LaneId) -> Vec<NoteId> {
        let under_way = self.keep.record.lacking(&self.outbox, self.replica.have());
        let shown = order(lane.board, self.replica.workshop().boards.lane(lane), under_way.into_iter());
        shown.into_values().flatten().collect()
    }

    /// Opens the field of a note, if it can be opened now, in place of the one that is open.
    fn open(&mut self, lane: LaneId, note: NoteId) -> Option<()> {
        let client = self.client().filter(|_| !self.outbox.is_giving_up(note))?;
        if self.field != Some(note) {
            self.leave_field();
        }
        let base = self.replica.workshop().boards.note(lane, note).map(|note| note.text.clone()).unwrap_or_default();
        if !self.texts.open(note, lane, &base, client, self.replica.have()) {
            return None;
        }
        self.field = Some(note);
        Some(())
    }

    fn leave_field(&mut self) -> Option<()> {
        self.texts.close(self.field.take()?);
        Some(())
    }

    /// The note one writes in: the open one, mostly.
    fn opened(&mut self, pick: u32) -> Option<(LaneId, NoteId)> {
        let lane = self.lane()?;
        let open = self.field.filter(|note| self.texts.lane(*note) == Some(lane) && !pick.is_multiple_of(4));
        let note = open.or_else(|| chosen(&self.notes(lane), pick >> 2))?;
        self.open(lane, note)?;
        if pick.is_multiple_of(3) {
            self.texts.take_in(note, (0, 0));
        }
        Some((self.texts.lane(note)?, note))
    }

    fn type_letter(&mut self, pick: u32) -> Option<()> {
        let Some((lane, note)) = self.opened(pick) else { return self.share(pick) };
        let at = (pick >> 8) % (self.texts.text(note)?.len() + 1);
        self.write(lane, note, at, 0, true)
    }

    fn erase(&mut self, pick: u32) -> Option<()> {
        let (lane, note) = self.opened(pick)?;
        let at = (pick >> 8) % self.texts.text(note)?.len().max(1);
        // Now and then a letter is written over.
        self.write(lane, note, at, 1 + (pick >> 4) % 6, pick.is_multiple_of(5))
    }

    /// Writes in an open note, and in the book.
    fn write(&mut self, lane: LaneId, note: NoteId, at: u32, delete: u32, insert: bool) -> Option<()> {
        let inserted: Vec<char> = insert.then(|| self.book.open().new_letter()).into_iter().collect();
        let before = self.texts.read(note)?;
        let words: String = inserted.iter().collect();
        let update = self.texts.splice(note, self.moment(), at, delete, &words)?;
        let after = self.texts.read(note)?;
        let erased: Vec<char> = before.chars().filter(|letter| !after.contains(*letter)).collect();
        if inserted.is_empty() && erased.is_empty() {
            return None;
        }
        self.edit(lane.board, note, inserted, erased, update)
    }

    fn edit(
        &mut self,
        board: StepId,
        note: NoteId,
        inserted: Vec<char>,
        erased: Vec<char>,
        update: TextUpdate,
    ) -> Option<()> {
        let (seat, page) = (self.actor.seat?, self.client());
        let edit = Edit { note, seat, page, inserted, erased, durable: false, again: false, fate: Fate::Open };
        self.book.open().wrote(&update, edit);
        self.ask(NoteCommand::Edit { board, note, update });
        Some(())
    }

    fn make(&mut self, pick: u32) -> Option<(LaneId, NoteId)> {
        let lane = self.lane()?;
        let after = chosen(&self.notes(lane), pick >> 4);
        self.made += 1;
        let note = Made { by: self.client()?, number: self.made };
        self.ask(NoteCommand::Create { note, board: lane.board, column: column(pick), after });
        Some((lane, note))
    }

    fn share(&mut self, pick: u32) -> Option<()> {
        let (lane, note) = self.make(pick)?;
        self.open(lane, note)?;
        self.write(lane, note, 0, 0, true)?;
        self.leave_field()
    }

    fn place(&mut self, pick: u32) -> Option<()> {
        let lane = self.lane()?;
        let notes = self.notes(lane);
        let (note, after) = (chosen(&notes, pick)?, chosen(&notes, pick >> 8));
        self.ask(NoteCommand::Move { board: lane.board, note, column: column(pick >> 16), after });
        Some(())
    }

    fn remove(&mut self, pick: u32) -> Option<()> {
        let lane = self.lane()?;
        let note = chosen(&self.notes(lane), pick)?;
        self.ask(NoteCommand::Delete { board: lane.board, note, if_blank: pick.is_multiple_of(3) });
        Some(())
    }

    fn restore(&mut self, pick: u32) -> Option<()> {
        let lane = self.lane()?;
        let notes = &self.replica.workshop().boards.lane(lane)?.notes;
        let gone: Vec<NoteId> = notes.iter().filter(|(_, note)| note.deleted).map(|(id, _)| *id).collect();
        let note = chosen(&gone, pick)?;
        self.ask(NoteCommand::Restore { board: lane.board, note });
        Some(())
    }

    /// Places dots, if a round is open.
    fn vote(&mut self, pick: u32) -> Option<()> {
        let (seat, page) = (self.actor.seat?, self.client()?);
        let (round, open) = self.replica.workshop().dots.open_round()?;
        let options: Vec<NoteId> = open.options.iter().map(|choice| choice.id).collect();
        let few = |pick: u32, end: u32| u8::try_from(pick % end).unwrap_or_default();
        let mut ballot = Ballot::from([(chosen(&options, pick >> 8)?, few(pick, 3))]);
        ballot.insert(chosen(&options, pick >> 16)?, few(pick >> 4, 2));
        let number = self.push(Asked::Ballot { round, ballot: ballot.clone() });
        self.book.open().voted(round, seat, page, number, ballot);
        Some(())
    }
}
