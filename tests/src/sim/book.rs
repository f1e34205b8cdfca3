//! What is true in a simulated meeting: what is on disk, what people have written and what they were told of it. Everything
//! else is held against it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use verksted_protocol::ids::{ClientId, CommandId, GroupId, NoteId, RoundId, SeatId, Seq, StepId};
use verksted_protocol::role::Actor;
use verksted_protocol::stream::{Aggregate, decode_stored};
use verksted_protocol::text::TextUpdate;
use verksted_protocol::visibility::View;
use verksted_protocol::workshop::boards::{LaneId, NoteCommand, NoteEvent};
use verksted_protocol::workshop::dots::{Ballot, RoundEvent};
use verksted_protocol::workshop::groups::GroupEvent;
use verksted_protocol::workshop::{Event, Workshop};
use verksted_server::log::Record;

use super::room::letter;
use super::votes::Votes;

/// The book, shared by the disk that writes in it and those who read.
#[derive(Clone, Default)]
pub(crate) struct Shared(Arc<Mutex<Book>>);

impl Shared {
    pub(crate) fn open(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What became of a change of a text, as far as its writer knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Not answered.
    Open,
    /// Answered with yes.
    Accepted,
    /// Answered with no, or given up because of such an answer: the words are on the writer's pad.
    Returned,
    /// Its page was killed before the tablet kept it.
    Died,
}

/// A seat, and the page at it.
pub(crate) type Writer = (SeatId, Option<ClientId>);

/// A change of a text that somebody made.
#[derive(Clone, Debug)]
pub(crate) struct Edit {
    pub(crate) note: NoteId,
    pub(crate) seat: SeatId,
    pub(crate) page: Option<ClientId>,
    pub(crate) inserted: Vec<char>,
    pub(crate) erased: Vec<char>,
    pub(crate) durable: bool,
    /// Asked for again by a later load of its page.
    pub(crate) again: bool,
    pub(crate) fate: Fate,
}

/// All of it.
#[derive(Default)]
pub(crate) struct Book {
    /// The log's fold.
    pub(crate) full: Workshop,
    /// The last event on disk.
    pub(crate) head: Seq,
    moves: Vec<(Seq, SeatId, GroupId)>,
    shared: BTreeMap<StepId, Seq>,
    done: BTreeMap<CommandId, Seq>,
    edits: BTreeMap<(NoteId, Vec<u8>), Vec<Edit>>,
    /// In which lane each letter on disk stands. Whoever is moved while they write brings a new note along.
    pub(crate) placed: BTreeMap<char, LaneId>,
    pub(crate) votes: Votes,
    /// Pages the server has let in.
    pages: u32,
    /// Letters written.
    letters: u32,
    /// The first thing that was wrong.
    pub(crate) wrong: Option<String>,
}

impl Book {
    /// Something is not as it must be.
    pub(crate) fn object(&mut self, what: impl Into<String>) {
        if self.wrong.is_none() {
            self.wrong = Some(what.into());
        }
    }

    /// Holds that something is as it must be.
    pub(crate) fn hold(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.object(otherwise());
        }
    }

    /// A record is on disk.
    pub(crate) fn stored(&mut self, record: &Record) {
        let Ok(recorded) = decode_stored::<Event>(record.seq, record.at, &record.payload) else {
            return self.object(format!("record {} cannot be read", record.seq));
        };
        let (seq, expected) = (record.seq, self.head.next());
        self.hold(seq == expected, || format!("record {seq} was written, and not {expected}"));
        if let Some(cause) = recorded.cause {
            let before = self.done.insert(cause, seq);
            let again = before.is_some_and(|before| before.next() != seq);
            self.hold(!again, || format!("command {cause} was done at {before:?} and again at {seq}"));
        }
        match &recorded.event {
            Event::Group(GroupEvent::Moved { seat, group }) => self.moves.push((seq, *seat, *group)),
            Event::Note(NoteEvent::BoardShared { board, .. }) => drop(self.shared.entry(*board).or_insert(seq)),
            Event::Note(NoteEvent::Edited { lane, note, update }) => self.written(seq, *lane, *note, update),
            Event::Round(RoundEvent::Closed { round, sums }) => {
                if let Err(why) = self.votes.check(*round, sums.as_ref()) {
                    self.object(why);
                }
            }
            _ => {}
        }
        if self.head == Seq(0) {
            self.full.apply(&recorded);
            let seats = self.full.seats.list.iter();
            self.moves = seats.filter_map(|(seat, found)| Some((seq, *seat, found.group?))).collect();
        } else {
            self.full.apply(&recorded);
        }
        self.head = seq;
    }

    /// A change of a text is on disk.
    fn written(&mut self, seq: Seq, lane: LaneId, note: NoteId, update: &TextUpdate) {
        let Some(edits) = self.edits.get_mut(&(note, update.0.clone())) else {
            return self.object(format!("event {seq} writes in {note} what nobody wrote there"));
        };
        // One that was given back is meant only if no other looks like it: it was under way twice.
        let given_back = edits.iter().all(|edit| edit.fate == Fate::Returned);
        let last = edits.len() - 1;
        for (number, edit) in edits.iter_mut().enumerate() {
            if edit.fate == Fate::Returned && !(given_back && number == last) {
                continue;
            }
            edit.durable = true;
            self.placed.extend(edit.inserted.iter().map(|letter| (*letter, lane)));
        }
    }

    /// Whether a command is on disk.
    pub(crate) fn is_done(&self, command: CommandId) -> bool {
        self.done.contains_key(&command)
    }

    /// Somebody changed a text. Taking letters away can be the same bytes as before and mean others.
    pub(crate) fn wrote(&mut self, update: &TextUpdate, edit: Edit) {
        self.edits.entry((edit.note, update.0.clone())).or_default().push(edit);
    }

    /// What is known of a change that a page of `seat` asked for: the latest of its own that look like it, or else the
    /// latest of the seat's, for which it asks in an earlier page's place.
    pub(crate) fn edit(&mut self, by: Writer, note: NoteId, update: &TextUpdate) -> Option<&mut Edit> {
        let edits = self.edits.get_mut(&(note, update.0.clone()))?;
        // What was given back is meant only if there is no other.
        let rank = |edit: &Edit| (edit.fate != Fate::Returned, edit.page == by.1);
        let place = (0..edits.len()).filter(|at| edits[*at].seat == by.0).max_by_key(|at| (rank(&edits[*at]), *at))?;
        edits.get_mut(place)
    }

    /// These changes are given back to their writer.
    pub(crate) fn give_back<'a>(&mut self, by: Writer, commands: impl Iterator<Item = &'a NoteCommand>) {
        for command in commands {
            if let NoteCommand::Edit { note, update, .. } = command
                && let Some(edit) = self.edit(by, *note, update)
            {
                edit.fate = Fate::Returned;
            }
        }
    }

    /// Words that were given back and were not kept when their page died.
    pub(crate) fn lose(&mut self, seat: SeatId, words: &[char]) {
        let given_back =
            self.edits.values_mut().flatten().filter(|edit| edit.seat == seat && edit.fate == Fate::Returned);
        for edit in given_back.filter(|edit| edit.inserted.iter().any(|letter| words.contains(letter))) {
            edit.fate = Fate::Died;
        }
    }

    /// Of what a page gave back of a note only these words could be read.
    pub(crate) fn lose_all_but(&mut self, words: &str, by: Writer, note: NoteId) {
        let given_back = self.edits.values_mut().flatten().filter(|edit| {
            edit.note == note && (edit.seat, edit.page) == by && edit.fate == Fate::Returned && edit.again
        });
        for edit in given_back.filter(|edit| edit.inserted.iter().any(|letter| !words.contains(*letter))) {
            edit.fate = Fate::Died;
        }
    }

    /// Every change there has been.
    pub(crate) fn edits(&self) -> impl Iterator<Item = &Edit> {
        self.edits.values().flatten()
    }

    /// A letter that nobody has written.
    pub(crate) fn new_letter(&mut self) -> char {
        self.letters += 1;
        letter(self.letters)
    }

    /// A name for a page: small, so that it cannot be taken for a letter, and in no order.
    pub(crate) fn draw_page(&mut self) -> u32 {
        self.pages += 1;
        1000 + (self.pages * 7_919) % 50_000
    }

    /// How somebody saw the room after event `seq`.
    fn view_at(&self, seq: Seq, actor: &Actor) -> View {
        match View::of(&self.full, actor) {
            View::Member(_) => {
                let then = self.moves.iter().rev().find(|(at, seat, _)| *at <= seq && Some(*seat) == actor.seat);
                View::Member(then.map(|(.., group)| *group))
            }
            other => other,
        }
    }

    /// Whether somebody may see a lane as things were after event `seq`.
    pub(crate) fn may_see(&self, lane: LaneId, seq: Seq, actor: &Actor) -> bool {
        match self.view_at(seq, actor) {
            View::Member(own) => {
                own == Some(lane.group) || self.shared.get(&lane.board).is_some_and(|shared| *shared <= seq)
            }
            View::Staff | View::Public => true,
        }
    }

    /// A ballot is on its way.
    pub(crate) fn voted(&mut self, round: RoundId, seat: SeatId, page: ClientId, number: u32, ballot: Ballot) {
        self.votes.cast(round, seat, page, number, ballot);
    }
}
