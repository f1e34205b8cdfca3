//! What goes over the socket. Control messages are JSON text frames; writing in notes is binary ([`crate::frame`]).

use serde::{Deserialize, Serialize};

use crate::ids::{ClientId, Moment, RoundId, SeatId, Seq, StreamId};
use crate::presence::{Presence, Writing};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::snapshot::Snapshot;
use crate::stream::Recorded;
use crate::workshop::dots::Ballot;
use crate::workshop::{Command, Event, Workshop};

/// Name of the websocket subprotocol, and thereby the version both sides must speak.
pub const SUBPROTOCOL: &str = "verksted.1";
/// Largest frame a client may send, in bytes: a full text update and its header.
pub const LARGEST_FRAME: usize = 128 * 1024;
/// How often a client asks whether the line is alive, in milliseconds. Browsers hide protocol pings.
pub const PING_EVERY_MS: u64 = 15_000;

/// From a client. The first is always [`ClientMessage::Hello`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientMessage {
    /// Who I am, and what I have.
    Hello {
        /// The secret of the link.
        token: String,
        /// The page load this is, if it has been here before.
        #[serde(default)]
        client: Option<ClientId>,
        /// The last event I have, as the same page load; 0 for nothing.
        #[serde(default)]
        have: Seq,
    },
    /// Please do this.
    Command {
        /// Its number within the page load; a retry has the same.
        number: u32,
        /// What.
        command: Command,
    },
    /// My dots. Replaces what I sent before.
    Ballot {
        /// Its number within the page load.
        number: u32,
        /// The round.
        round: RoundId,
        /// The dots.
        ballot: Ballot,
    },
    /// Where I write. Never logged, never answered.
    Writing(Writing),
    /// Are you there?
    Ping,
}

/// Who the server takes the client for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct You {
    /// The workshop.
    pub workshop: StreamId,
    /// The role of the link.
    pub role: Role,
    /// The seat of the link.
    pub seat: Option<SeatId>,
    /// The page load: signs edits, names notes and commands.
    pub client: ClientId,
}

/// From the server. Tagged from outside: a tag inside would make serde read numbers that are keys of a map as text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerMessage {
    /// Welcome. What follows is either a snapshot or, when the client is not far behind, the events it lacks.
    Welcome {
        /// Who you are.
        you: You,
        /// The server's time, for countdowns.
        now: Moment,
    },
    /// Start from this; forget what you had.
    Snapshot(Box<Snapshot<Workshop>>),
    /// All you may see from `from` to `to`, both included. Events you have already are to be skipped; if `from` is beyond
    /// the next one you expect, something was lost and you must connect again.
    Events {
        /// First of the range.
        from: Seq,
        /// Last of the range.
        to: Seq,
        /// What of it you may see.
        events: Vec<Recorded<Event>>,
    },
    /// The one answer to a command or ballot.
    Answer {
        /// Its number.
        number: u32,
        /// How it went.
        outcome: Outcome,
    },
    /// Who is here.
    Presence(Presence),
    /// I am here.
    Pong {
        /// The last event of your view so far: if you have less, something was lost.
        to: Seq,
        /// The server's time.
        now: Moment,
    },
    /// Whether the server can write things down. While it cannot, every command and ballot is answered with
    /// [`Rejection::StorageUnavailable`] and is to be kept; when it can again, they are to be sent again, in order.
    /// Until told otherwise it can.
    Storage {
        /// It can.
        writable: bool,
    },
}

/// How a command went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done, and on disk.
    Accepted {
        /// The last event of the stream when it was done.
        at: Seq,
        /// After writing in a note: fingerprint of the text as the server has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<u32>,
    },
    /// Not done.
    Rejected(Refusal),
}

/// A rejection as it travels: the rejection for programs, the message for logs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    /// Why.
    pub rejection: Rejection,
    /// The same in English, for logs and integrators.
    pub message: String,
}

impl From<Rejection> for Outcome {
    fn from(rejection: Rejection) -> Self {
        let message = rejection.to_string();
        Self::Rejected(Refusal { rejection, message })
    }
}

/// Why the server closed a socket; each has its sentence in the Fluent files (`close-<code>`).
pub mod close {
    /// The server restarts: come back in a moment.
    pub const RESTART: u16 = 1012;
    /// The client read too slowly: come back and get what is missing.
    pub const SLOW: u16 = 1013;
    /// A frame was larger than [`LARGEST_FRAME`](super::LARGEST_FRAME).
    pub const TOO_LARGE: u16 = 1009;
    /// A frame was not understood.
    pub const MALFORMED: u16 = 4400;
    /// The link is unknown or withdrawn.
    pub const UNKNOWN_LINK: u16 = 4401;
    /// The same page is connected anew.
    pub const REPLACED: u16 = 4409;
    /// More sockets or new pages than one seat may have, or a flood that went on after it was refused.
    pub const TOO_MANY: u16 = 4429;
    /// The workshop cannot be opened now.
    pub const UNAVAILABLE: u16 = 4503;
    /// All of them.
    pub const ALL: [u16; 8] = [RESTART, SLOW, TOO_LARGE, MALFORMED, UNKNOWN_LINK, REPLACED, TOO_MANY, UNAVAILABLE];
}
