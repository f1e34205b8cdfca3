//! What this page has asked for and not been answered. Commands are numbered once per page, written down on the tablet
//! before they are sent, sent in order, and sent again in order after a break: the server answers a number it has seen
//! with the answer it gave then.

use std::collections::VecDeque;
use std::time::Duration;

use verksted_protocol::frame::{Frame, encode_client};
use verksted_protocol::ids::{NoteId, RoundId, StepId};
use verksted_protocol::message::ClientMessage;
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::boards::NoteCommand;
use verksted_protocol::workshop::dots::Ballot;

/// Most messages under way at once. A tablet that comes back with a long silence to tell does so in portions, which the
/// server's limit per seat allows.
const MOST_UNDER_WAY: usize = 24;
/// How long nothing is sent when the server was asked too fast, or could not write anything down. What is under way when
/// it begins may be refused as well: once a second that is far less than the server lets go of a page for.
pub const REST: Duration = Duration::from_secs(1);

/// What waits for its answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// A command.
    Command(Command),
    /// Dots.
    Ballot {
        /// The round.
        round: RoundId,
        /// The dots.
        ballot: Ballot,
    },
}

/// How far one note's writing has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Saved {
    /// *Lagret*: on the server's disk.
    Stored,
    /// *Sendt.*
    Sent,
    /// *På nettbrettet*: written down here, so that neither a reload nor an empty battery loses it.
    Here,
    /// Only in the open page.
    Typed,
}

#[derive(Clone, Debug)]
struct Waiting {
    number: u32,
    asked: Asked,
    kept: bool,
    sent: bool,
    given_up: bool,
}

/// The unanswered.
#[derive(Debug, Default)]
pub struct Outbox {
    last: u32,
    waiting: VecDeque<Waiting>,
    /// Nothing is sent before it is written down.
    ahead: bool,
    /// Nothing is sent for a moment.
    resting: bool,
    /// The server cannot write anything down: it is asked by one thing at a time.
    unwritable: bool,
}

impl Outbox {
    /// What an earlier load of the same page left: all of it is written down, none of it counts as sent.
    #[must_use]
    pub fn restored(last: u32, left: impl Iterator<Item = (u32, Asked)>) -> Self {
        let waiting = left.map(|(number, asked)| Waiting { number, asked, kept: true, sent: false, given_up: false });
        Self { last, waiting: waiting.collect(), ahead: true, ..Self::default() }
    }

    /// Whether things are to be written down before they are sent. Where nothing can be, they are sent as they are.
    pub fn write_ahead(&mut self, ahead: bool) {
        self.ahead = ahead;
    }

    /// Everything up to number `last` is written down.
    pub fn kept(&mut self, last: u32) {
        for waiting in self.waiting.iter_mut().take_while(|waiting| waiting.number <= last) {
            waiting.kept = true;
        }
    }

    /// The number given last.
    #[must_use]
    pub fn last(&self) -> u32 {
        self.last
    }

    /// Puts something last in line and gives it its number.
    pub fn push(&mut self, asked: Asked) -> u32 {
        self.last += 1;
        // Only the latest dots count, and an answer for older ones would be shown for these.
        if matches!(asked, Asked::Ballot { .. }) {
            self.waiting.retain(|waiting| waiting.sent || !matches!(waiting.asked, Asked::Ballot { .. }));
        }
        self.waiting.push_back(Waiting { number: self.last, asked, kept: false, sent: false, given_up: false });
        self.last
    }

    /// What is to be sent now, in order. It counts as sent.
    pub fn take_unsent(&mut self) -> Vec<Frame> {
        if self.resting {
            return Vec::new();
        }
        let most = if self.unwritable { 1 } else { MOST_UNDER_WAY };
        let room = most.saturating_sub(self.waiting.iter().filter(|waiting| waiting.sent).count());
        let ahead = self.ahead;
        let ready = self.waiting.iter_mut().take_while(|waiting| waiting.kept || !ahead);
        ready
            .filter(|waiting| !waiting.sent)
            .take(room)
            .map(|waiting| {
                waiting.sent = true;
                frame(waiting.number, &waiting.asked)
            })
            .collect()
    }

    /// The connection broke: everything unanswered is to be sent again.
    pub fn disconnected(&mut self) {
        for waiting in &mut self.waiting {
            waiting.sent = false;
        }
    }

    /// This one was not taken now, and is to be sent again. What is under way after it gets an answer of its own: sent once
    /// more before that, it could be refused and done.
    pub fn held_back(&mut self, number: u32) {
        for waiting in self.waiting.iter_mut().filter(|waiting| waiting.number == number) {
            waiting.sent = false;
        }
    }

    /// This one was not taken now, and nor would the next be: nothing is sent until [`Outbox::rested`]. True when the rest
    /// begins with it, so that there is one timer however much is refused.
    #[must_use]
    pub fn refused_for_now(&mut self, number: u32) -> bool {
        self.held_back(number);
        !std::mem::replace(&mut self.resting, true)
    }

    /// [`REST`] is over.
    pub fn rested(&mut self) {
        self.resting = false;
    }

    /// The server has said whether it can write things down.
    pub fn server_writes(&mut self, writable: bool) {
        self.unwritable = !writable;
    }

    /// The answer to `number` came; what it answered.
    pub fn answered(&mut self, number: u32) -> Option<Asked> {
        let place = self.waiting.iter().position(|waiting| waiting.number == number)?;
        let asked = self.waiting.remove(place).map(|waiting| waiting.asked);
        if matches!(asked, Some(Asked::Ballot { .. })) {
            // Dots that were held back before these were sent must not come after them.
            self.waiting.retain(|waiting| waiting.number > number || !matches!(waiting.asked, Asked::Ballot { .. }));
        }
        asked
    }

    /// Gives up everything about a note, because what it builds on was refused. What is under way the server may do all the
    /// same: it stays, unseen, until it is answered, so that nothing new is signed with numbers it may have used.
    pub fn forget(&mut self, note: NoteId) {
        self.waiting.retain(|waiting| waiting.sent || about(&waiting.asked) != Some(note));
        for waiting in self.waiting.iter_mut().filter(|waiting| about(&waiting.asked) == Some(note)) {
            waiting.given_up = true;
        }
    }

    /// The answer to `number` came, which was given up; what it answered.
    pub fn answered_too_late(&mut self, number: u32) -> Option<Asked> {
        let is_it = |waiting: &Waiting| waiting.number == number && waiting.given_up;
        let place = self.waiting.iter().position(is_it)?;
        self.waiting.remove(place).map(|waiting| waiting.asked)
    }

    /// Whether something about `note` is given up and not answered.
    #[must_use]
    pub fn is_giving_up(&self, note: NoteId) -> bool {
        self.waiting.iter().any(|waiting| waiting.given_up && about(&waiting.asked) == Some(note))
    }

    /// Whether something about the same note from before `number` is unanswered, so that `number` could not fit.
    #[must_use]
    pub fn builds_on_unanswered(&self, number: u32) -> bool {
        let asked = self.waiting.iter().find(|waiting| waiting.number == number);
        let Some(note) = asked.and_then(|waiting| about(&waiting.asked)) else { return false };
        self.waiting.iter().any(|waiting| waiting.number < number && about(&waiting.asked) == Some(note))
    }

    /// Whether nothing about `note` waits for an answer.
    #[must_use]
    pub fn is_settled(&self, note: NoteId) -> bool {
        self.saved(note) == Saved::Stored
    }

    /// How far the writing in `note` has come.
    #[must_use]
    pub fn saved(&self, note: NoteId) -> Saved {
        let states = self.standing().filter(|waiting| about(&waiting.asked) == Some(note));
        let state = |waiting: &Waiting| match (waiting.sent, waiting.kept) {
            (true, _) => Saved::Sent,
            (false, true) => Saved::Here,
            (false, false) => Saved::Typed,
        };
        states.map(state).max().unwrap_or(Saved::Stored)
    }

    fn standing(&self) -> impl Iterator<Item = &Waiting> {
        self.waiting.iter().filter(|waiting| !waiting.given_up)
    }

    /// Everything that is unanswered and not given up with its number, in order.
    pub fn asked(&self) -> impl Iterator<Item = (u32, &Asked)> {
        self.standing().map(|waiting| (waiting.number, &waiting.asked))
    }

    /// Everything unanswered with its number, in order.
    pub fn waiting(&self) -> impl Iterator<Item = (u32, &Asked)> {
        self.waiting.iter().map(|waiting| (waiting.number, &waiting.asked))
    }

    /// What is not written down yet.
    pub fn unkept(&self) -> impl Iterator<Item = (u32, &Asked)> {
        let unkept = self.waiting.iter().filter(|waiting| !waiting.kept);
        unkept.map(|waiting| (waiting.number, &waiting.asked))
    }

    /// Whether all that is unanswered is written down.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.waiting.iter().all(|waiting| waiting.kept)
    }

    /// Unanswered commands about notes, in order.
    pub fn notes(&self) -> impl Iterator<Item = &NoteCommand> {
        self.standing().filter_map(|waiting| match &waiting.asked {
            Asked::Command(Command::Note(command)) => Some(command),
            _ => None,
        })
    }

    /// Whether everything is answered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

/// The note something is about.
#[must_use]
pub fn about(asked: &Asked) -> Option<NoteId> {
    match asked {
        Asked::Command(Command::Note(command)) => Some(place(command).1),
        _ => None,
    }
}

/// The board and the note a command is about.
#[must_use]
pub fn place(command: &NoteCommand) -> (StepId, NoteId) {
    match command {
        NoteCommand::Create { board, note, .. }
        | NoteCommand::Edit { board, note, .. }
        | NoteCommand::Move { board, note, .. }
        | NoteCommand::Delete { board, note, .. }
        | NoteCommand::Restore { board, note } => (*board, *note),
    }
}

/// What goes over the wire.
#[must_use]
pub fn frame(number: u32, asked: &Asked) -> Frame {
    encode_client(&match asked {
        Asked::Command(command) => ClientMessage::Command { number, command: command.clone() },
        Asked::Ballot { round, ballot } => ClientMessage::Ballot { number, round: *round, ballot: ballot.clone() },
    })
}

#[cfg(test)]
mod tests;
