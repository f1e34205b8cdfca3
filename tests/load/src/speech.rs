//! The three protocols a tablet of the load can speak, each as little of it as typing takes: ours, y-websocket's, and
//! hocuspocus's, which is y-websocket's with the document's name before every message.

use serde::Deserialize;
use serde::de::IgnoredAny;
use verksted_protocol::ids::{ClientId, NoteId, Seq, StepId};
use verksted_protocol::message::ClientMessage;

use crate::keys::{self, Reader, put_bytes, put_number};

/// The first byte of writing from a client (`protocol/src/frame.rs`).
const EDIT: u8 = 1;
/// The first byte of writing to a client.
const EDITS: u8 = 2;
/// Bytes of the header of such a frame from the server.
const EDITS_HEADER: usize = 17;
/// Bytes of each edit in it before the length of its update.
const EDIT_HEADER: usize = 29;
/// y-websocket: a message about the text, and its three kinds.
const SYNC: u32 = 0;
const STEP_1: u32 = 0;
const STEP_2: u32 = 1;
const UPDATE: u32 = 2;
/// hocuspocus: who I am.
const AUTHENTICATION: u32 = 2;

/// How a tablet speaks.
#[derive(Clone, Debug)]
pub enum Speech {
    /// Ours.
    Native {
        /// The secret of the tablet's link.
        token: String,
        /// The note it has open, unless it has none.
        note: Option<(StepId, NoteId)>,
    },
    /// y-websocket's.
    Yjs,
    /// hocuspocus's, with the document's name.
    Hocuspocus(String),
}

/// What a frame from the server says, as far as a tablet of the load cares.
#[derive(Debug, PartialEq)]
pub enum Said<'a> {
    /// Who the tablet is.
    You(ClientId),
    /// The whole state as JSON, and the last event in it.
    Snapshot(Seq),
    /// Our own events up to here; those in a binary frame are still to be read with [`edits`].
    Events(Seq, &'a [u8]),
    /// A command was done.
    Done(u32),
    /// A command was refused; why.
    Refused(u32, String),
    /// Writing as one Yjs update.
    Update(&'a [u8]),
    /// The whole text as one Yjs update.
    Whole(&'a [u8]),
    /// The server asks what the tablet has.
    Asked,
    /// Everything that was written before the tablet asked has been told.
    Here,
    /// Nothing that matters here.
    Other,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Heard {
    Welcome { you: HeardYou },
    Snapshot { seq: Seq },
    Events { to: Seq },
    Answer { number: u32, outcome: HeardOutcome },
    Presence(IgnoredAny),
    Pong(IgnoredAny),
}

#[derive(Deserialize)]
struct HeardYou {
    client: ClientId,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum HeardOutcome {
    Accepted(IgnoredAny),
    Rejected(HeardRefusal),
}

#[derive(Deserialize)]
struct HeardRefusal {
    message: String,
}

impl Speech {
    /// What to say first: for ours who this is and what it has, for the others what is asked for.
    #[must_use]
    pub fn greeting(&self, client: Option<ClientId>, have: Seq) -> Vec<Vec<u8>> {
        match self {
            Self::Native { token, .. } => {
                let hello = ClientMessage::Hello { token: token.clone(), client, have };
                vec![serde_json::to_vec(&hello).unwrap_or_default()]
            }
            Self::Yjs => vec![self.sync(STEP_1, &[0])],
            Self::Hocuspocus(name) => {
                let mut authentication = Vec::new();
                put_bytes(&mut authentication, name.as_bytes());
                put_number(&mut authentication, AUTHENTICATION);
                put_number(&mut authentication, 0);
                put_bytes(&mut authentication, b"token");
                vec![authentication, self.sync(STEP_1, &[0])]
            }
        }
    }

    /// Whether the greeting is text.
    #[must_use]
    pub fn greets_in_text(&self) -> bool {
        matches!(self, Self::Native { .. })
    }

    /// Writing as the payload of a frame; `number` is the command's.
    #[must_use]
    pub fn writing(&self, number: u32, update: &[u8]) -> Vec<u8> {
        match self {
            Self::Native { note: Some((board, note)), .. } => {
                let mut bytes = Vec::with_capacity(15 + update.len());
                bytes.push(EDIT);
                bytes.extend(number.to_le_bytes());
                bytes.extend(board.0.to_le_bytes());
                bytes.extend(note.by.0.to_le_bytes());
                bytes.extend(note.number.to_le_bytes());
                bytes.extend(update);
                bytes
            }
            Self::Native { note: None, .. } => Vec::new(),
            Self::Yjs | Self::Hocuspocus(_) => self.sync(UPDATE, update),
        }
    }

    /// The answer to [`Said::Asked`]: the tablet has nothing.
    #[must_use]
    pub fn nothing(&self) -> Vec<u8> {
        self.sync(STEP_2, &[0, 0])
    }

    fn sync(&self, kind: u32, payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(payload.len() + 24);
        if let Self::Hocuspocus(name) = self {
            put_bytes(&mut bytes, name.as_bytes());
        }
        put_number(&mut bytes, SYNC);
        put_number(&mut bytes, kind);
        put_bytes(&mut bytes, payload);
        bytes
    }

    /// What a text frame says.
    #[must_use]
    pub fn hear_text<'a>(&self, text: &'a [u8]) -> Said<'a> {
        if text.starts_with(br#"{"presence"#) {
            return Said::Other;
        }
        match serde_json::from_slice(text) {
            Ok(Heard::Welcome { you }) => Said::You(you.client),
            Ok(Heard::Snapshot { seq }) => Said::Snapshot(seq),
            Ok(Heard::Events { to }) => Said::Events(to, &[]),
            Ok(Heard::Answer { number, outcome: HeardOutcome::Accepted(_) }) => Said::Done(number),
            Ok(Heard::Answer { number, outcome: HeardOutcome::Rejected(why) }) => Said::Refused(number, why.message),
            Ok(Heard::Pong(_)) => Said::Here,
            Ok(Heard::Presence(_)) | Err(_) => Said::Other,
        }
    }

    /// What a binary frame says.
    #[must_use]
    pub fn hear_binary<'a>(&self, bytes: &'a [u8]) -> Said<'a> {
        match self {
            Self::Native { .. } => {
                let to = bytes.get(9..EDITS_HEADER).and_then(|to| to.try_into().ok()).map(u64::from_le_bytes);
                match to {
                    Some(to) if bytes[0] == EDITS => Said::Events(Seq(to), &bytes[EDITS_HEADER..]),
                    _ => Said::Other,
                }
            }
            Self::Yjs => hear_sync(Reader(bytes)),
            Self::Hocuspocus(_) => {
                let mut rest = Reader(bytes);
                rest.bytes().map_or(Said::Other, |_| hear_sync(rest))
            }
        }
    }
}

fn hear_sync(mut rest: Reader<'_>) -> Said<'_> {
    let head = (rest.number(), rest.number(), rest.bytes());
    match head {
        (Some(SYNC), Some(STEP_1), Some(_)) => Said::Asked,
        (Some(SYNC), Some(STEP_2), Some(update)) => Said::Whole(update),
        (Some(SYNC), Some(UPDATE), Some(update)) => Said::Update(update),
        _ => Said::Other,
    }
}

/// Calls `each` with the note and the update of every edit in the rest of one of our frames.
pub fn edits(mut rest: &[u8], mut each: impl FnMut(Seq, NoteId, &[u8])) {
    while let Some((head, after)) = rest.split_at_checked(EDIT_HEADER) {
        let u32_at = |at: usize| head[at..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes));
        let seq = head.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        // seq 8, at 8, role 1, board 2, group 2, then the note.
        let note = NoteId { by: ClientId(u32_at(21)), number: u32_at(25) };
        let Some((length, after)) = after.split_first_chunk::<4>() else { return };
        let Some((update, after)) = after.split_at_checked(u32::from_le_bytes(*length) as usize) else { return };
        each(Seq(seq), note, update);
        rest = after;
    }
}

/// As [`keys::inserts`], for an update that may be torn: what can be read of it.
pub fn letters(update: &[u8], each: impl FnMut(u32, u32, u32)) {
    // An update the load cannot read shows as letters that never came.
    let _ = keys::inserts(update, each);
}

#[cfg(test)]
mod tests {
    use verksted_protocol::frame::{Frame, decode_client_binary, encode_client, encode_events, encode_server};
    use verksted_protocol::ids::{GroupId, Made, Moment};
    use verksted_protocol::message::{Outcome, ServerMessage};
    use verksted_protocol::rejection::Rejection;
    use verksted_protocol::role::{Actor, Role};
    use verksted_protocol::stream::Recorded;
    use verksted_protocol::text::TextUpdate;
    use verksted_protocol::workshop::boards::{LaneId, NoteCommand, NoteEvent};
    use verksted_protocol::workshop::{Command, Event};

    use super::*;

    const NOTE: NoteId = Made { by: ClientId(70_000), number: 3 };

    fn native() -> Speech {
        Speech::Native { token: "x".into(), note: Some((StepId(4), NOTE)) }
    }

    #[test]
    fn our_writing_is_what_the_protocol_makes_of_it() {
        let command = NoteCommand::Edit { board: StepId(4), note: NOTE, update: TextUpdate(vec![7, 8]) };
        let message = ClientMessage::Command { number: 12, command: Command::Note(command) };
        let bytes = native().writing(12, &[7, 8]);
        assert_eq!(encode_client(&message), Frame::Binary(bytes.clone()));
        assert_eq!(decode_client_binary(&bytes), Ok(message));
    }

    #[test]
    fn edits_are_read_as_the_protocol_writes_them() {
        let event = |seq| {
            let lane = LaneId { board: StepId(4), group: GroupId(1) };
            let event = Event::Note(NoteEvent::Edited { lane, note: NOTE, update: TextUpdate(vec![9, seq as u8]) });
            Recorded { seq: Seq(seq), at: Moment(1), by: Actor::staff(Role::Member), cause: None, event }
        };
        let frames = encode_events(Seq(2), Seq(9), vec![event(3), event(5)]);
        let [Frame::Binary(bytes)] = &frames[..] else { panic!("{frames:?}") };
        let Said::Events(to, rest) = native().hear_binary(bytes) else { panic!("{bytes:?}") };
        assert_eq!(to, Seq(9));
        let mut found = Vec::new();
        edits(rest, |seq, note, update| found.push((seq, note, update.to_vec())));
        assert_eq!(found, [(Seq(3), NOTE, vec![9, 3]), (Seq(5), NOTE, vec![9, 5])]);
    }

    #[test]
    fn answers_are_read_as_the_protocol_writes_them() {
        let answer = |outcome| encode_server(&ServerMessage::Answer { number: 5, outcome });
        let done = answer(Outcome::Accepted { at: Seq(3), text: Some(1) });
        assert_eq!(native().hear_text(done.as_bytes()), Said::Done(5));
        let refused = answer(Rejection::BoardFull.into());
        assert_eq!(native().hear_text(refused.as_bytes()), Said::Refused(5, Rejection::BoardFull.to_string()));
        let events = encode_server(&ServerMessage::Events { from: Seq(1), to: Seq(4), events: vec![] });
        assert_eq!(native().hear_text(events.as_bytes()), Said::Events(Seq(4), &[]));
    }

    #[test]
    fn the_other_protocols_read_back_what_they_write() {
        for speech in [Speech::Yjs, Speech::Hocuspocus("rom-1".into())] {
            let update = keys::stroke(5, 0, "a");
            assert_eq!(speech.hear_binary(&speech.writing(1, &update)), Said::Update(&update));
            assert_eq!(speech.hear_binary(&speech.nothing()), Said::Whole(&[0, 0]));
            let greeting = speech.greeting(None, Seq(0));
            assert_eq!(speech.hear_binary(&greeting[greeting.len() - 1]), Said::Asked);
        }
    }
}
