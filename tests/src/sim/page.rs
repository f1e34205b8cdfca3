//! A page as the browser runs it, without the browser: the same machine, outbox, replica and texts, put together as
//! `web-client/src/{net,store}` puts them together. What it wants done is left in [`Page::effects`].

mod answers;
mod keeping;
mod waking;

use verksted_protocol::frame::{Frame, encode_client};
use verksted_protocol::ids::{ClientId, Made, Moment, NoteId, Seq};
use verksted_protocol::message::{ClientMessage, Outcome, ServerMessage, You};
use verksted_protocol::rejection::Rejection;
use verksted_protocol::role::Actor;
use verksted_protocol::stream::Recorded;
use verksted_protocol::workshop::boards::{NoteCommand, NoteEvent};
use verksted_protocol::workshop::{Command, Event};
use verksted_web_client::net::machine::{Do, Link, Machine};
use verksted_web_client::net::outbox::{Asked, Outbox, REST, Saved, about, place};
use verksted_web_client::store::replica::Replica;
use verksted_web_client::store::texts::Texts;

use super::book::{Fate, Shared, Writer};
use super::tablet::{self, SharedTablet};
use crate::plan::Dice;
use keeping::Keep;

/// What a page wants done.
pub(crate) enum Effect {
    /// A new socket, in place of the one there may be.
    Open,
    /// The socket away.
    Drop,
    /// A frame over the socket.
    Send(Frame),
    /// [`Page::rings`] after so many milliseconds.
    Ring(u64, Bell),
    /// [`Page::write_ended`] after so many milliseconds.
    Write(u64),
}

/// What a timer is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bell {
    /// To send again after a rest.
    Rested,
    /// To write down what nobody waits for.
    Keep,
    /// To ask a tablet that refused once more.
    TryAgain,
}

/// One page load.
pub(crate) struct Page {
    pub(crate) actor: Actor,
    pub(crate) machine: Machine,
    pub(crate) you: Option<You>,
    pub(crate) replica: Replica,
    pub(crate) outbox: Outbox,
    pub(crate) texts: Texts,
    pub(crate) keep: Keep,
    pub(crate) effects: Vec<Effect>,
    pub(crate) now: i64,
    /// The note whose field is open.
    pub(crate) field: Option<NoteId>,
    pub(crate) made: u32,
    pub(crate) book: Shared,
    ready: bool,
    anew: bool,
    due: Vec<(NoteId, Seq, u32)>,
    dice: Dice,
}

impl Page {
    /// A page that is being loaded, in a tab that was `tab` before.
    pub(crate) fn load(
        actor: Actor,
        now: i64,
        (tablet, tab): (SharedTablet, Option<ClientId>),
        book: Shared,
        dice: Dice,
    ) -> Self {
        Self {
            actor,
            machine: Machine::new(now, false),
            you: None,
            replica: Replica::default(),
            outbox: Outbox::default(),
            texts: Texts::default(),
            keep: Keep::new(tablet, tab),
            effects: Vec::new(),
            now,
            field: None,
            made: 0,
            book,
            ready: false,
            anew: false,
            due: Vec::new(),
            dice,
        }
    }

    /// The page load the server knows it as.
    pub(crate) fn client(&self) -> Option<ClientId> {
        self.you.as_ref().map(|you| you.client)
    }

    /// Who writes on it.
    fn writer(&self) -> Option<Writer> {
        Some((self.actor.seat?, self.client()))
    }

    /// Whether it is connected.
    pub(crate) fn is_live(&self) -> bool {
        self.machine.link() == Link::Live
    }

    /// One step of the machine, and what it asks for.
    pub(crate) fn step(&mut self, work: impl FnOnce(&mut Machine, i64, f64) -> Do) {
        let chance = self.dice.chance();
        match work(&mut self.machine, self.now, chance) {
            Do::Nothing => {}
            Do::Open => self.effects.push(Effect::Open),
            Do::Ping => self.send(&ClientMessage::Ping),
            Do::Drop => {
                self.effects.push(Effect::Drop);
                self.outbox.disconnected();
            }
            Do::Reload => {
                self.book.open().object(format!("{:?} and the server do not understand each other", self.actor));
            }
        }
    }

    /// The socket is open.
    pub(crate) fn hello(&mut self) {
        let have = if self.anew { Seq(0) } else { self.replica.have() };
        self.send(&ClientMessage::Hello { token: String::new(), client: self.client(), have });
    }

    pub(crate) fn send(&mut self, message: &ClientMessage) {
        self.effects.push(Effect::Send(encode_client(message)));
    }

    /// A frame came.
    pub(crate) fn frame(&mut self, frame: &Frame) {
        let Some(message) = tablet::read(frame) else {
            self.book.open().object(format!("a frame is no message: {frame:?}"));
            return;
        };
        if matches!(message, ServerMessage::Welcome { .. }) {
            self.step(|machine, now, _| {
                machine.welcomed(now);
                Do::Nothing
            });
        } else {
            let _ = self.machine.heard(self.now);
        }
        self.remember(&message, frame);
        self.take(message);
        self.compare_due();
    }

    fn take(&mut self, message: ServerMessage) {
        match message {
            ServerMessage::Welcome { you, .. } => self.welcome(you),
            ServerMessage::Snapshot(snapshot) => {
                let _ = self.replica.restart(*snapshot);
                self.texts.restarted(&self.replica.workshop().boards, self.replica.have());
                self.is_ready();
            }
            ServerMessage::Events { from, to, events } => self.take_events(from, to, &events),
            ServerMessage::Answer { number, outcome } => self.answered(number, outcome),
            ServerMessage::Presence(_) => {}
            ServerMessage::Storage { writable } => {
                self.outbox.server_writes(writable);
                if writable {
                    self.flush();
                }
            }
            ServerMessage::Pong { to, .. } => {
                if to > self.replica.have() {
                    let have = self.replica.have();
                    self.book.open().object(format!("{:?} has {have} on a whole line where {to} was sent", self.actor));
                    self.step(Machine::lost);
                }
            }
        }
    }

    fn welcome(&mut self, you: You) {
        let client = you.client;
        let before = self.you.replace(you).map(|before| before.client);
        if let Some(before) = before.filter(|before| *before != client && self.actor.role.is_elected()) {
            self.disowned(before);
        }
        self.welcomed(client);
        self.outbox.server_writes(true);
        self.flush();
    }

    fn take_events(&mut self, from: Seq, to: Seq, events: &[Recorded<Event>]) {
        let mut fresh = Vec::new();
        if self.replica.take(from, to, events, |event| fresh.push(event.clone())).is_err() {
            let have = self.replica.have();
            self.book
                .open()
                .object(format!("{:?} has {have} on a whole line, and was sent {from} to {to}", self.actor));
            self.step(Machine::lost);
            return;
        }
        self.is_ready();
        for event in fresh {
            if let Event::Note(NoteEvent::Edited { note, update, .. }) = &event.event
                && self.texts.lane(*note).is_some()
            {
                self.texts.edited(*note, event.seq);
                self.texts.remote(*note, update);
            }
        }
    }

    /// Sends what has not been sent, as much as may be under way.
    pub(crate) fn flush(&mut self) {
        if self.is_live() {
            let frames = self.outbox.take_unsent();
            self.effects.extend(frames.into_iter().map(Effect::Send));
        }
    }

    /// Asks for something. It is sent when it is written down, or at once where nothing can be.
    pub(crate) fn push(&mut self, asked: Asked) -> u32 {
        let number = self.outbox.push(asked);
        self.due_to_keep();
        self.flush();
        number
    }

    /// Asks for something about a note.
    pub(crate) fn ask(&mut self, command: NoteCommand) {
        self.push(Asked::Command(Command::Note(command)));
    }
}
