//! Frames: the bytes of messages. Text frames hold JSON. Binary frames hold writing in notes, which is most of the
//! traffic and must cost little; all numbers are little-endian.
//!
//! ```text
//! client → server   1 | number u32 | board u16 | note u32 u32 | update …
//! server → client   2 | from u64 | to u64 | { seq u64 | at i64 | role u8 | board u16 | group u16 | note u32 u32 | length u32 | update } …
//! ```

use crate::ids::{ClientId, GroupId, Made, Moment, NoteId, Seq, StepId};
use crate::message::{ClientMessage, ServerMessage};
use crate::role::{Actor, Role};
use crate::stream::Recorded;
use crate::text::TextUpdate;
use crate::workshop::boards::{LaneId, NoteCommand, NoteEvent};
use crate::workshop::{Command, Event};

const EDIT: u8 = 1;
const EDITS: u8 = 2;
const ROLES: [Role; 7] =
    [Role::Member, Role::Chair, Role::Facilitator, Role::Screen, Role::Spectator, Role::Planner, Role::Server];

/// One websocket message, either kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// JSON.
    Text(String),
    /// Writing.
    Binary(Vec<u8>),
}

/// The bytes were no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the frame is not a message of this protocol")]
pub struct Malformed;

/// A client's message as a frame.
#[must_use]
pub fn encode_client(message: &ClientMessage) -> Frame {
    if let ClientMessage::Command { number, command: Command::Note(NoteCommand::Edit { board, note, update }) } =
        message
    {
        let mut bytes = vec![EDIT];
        bytes.extend(number.to_le_bytes());
        bytes.extend(board.0.to_le_bytes());
        put_note(&mut bytes, *note);
        bytes.extend(&update.0);
        return Frame::Binary(bytes);
    }
    Frame::Text(json(message))
}

/// A text frame from a client.
pub fn decode_client_text(text: &str) -> Result<ClientMessage, Malformed> {
    serde_json::from_str(text).map_err(|_| Malformed)
}

/// A binary frame from a client: writing in a note.
pub fn decode_client_binary(bytes: &[u8]) -> Result<ClientMessage, Malformed> {
    let mut rest = Bytes(bytes);
    if rest.take::<1>()? != [EDIT] {
        return Err(Malformed);
    }
    let number = u32::from_le_bytes(rest.take()?);
    let board = StepId(u16::from_le_bytes(rest.take()?));
    let note = rest.note()?;
    let update = TextUpdate(rest.0.to_vec());
    Ok(ClientMessage::Command { number, command: Command::Note(NoteCommand::Edit { board, note, update }) })
}

/// A server's message as a text frame. [`ServerMessage::Events`] is better sent by [`encode_events`].
#[must_use]
pub fn encode_server(message: &ServerMessage) -> String {
    json(message)
}

/// The visible events of a range as frames: runs of writing as binary, the rest as JSON, in order, together covering
/// exactly `from..=to`. Nothing visible gives no frame: the next range begins at `from`.
#[must_use]
pub fn encode_events(from: Seq, to: Seq, events: Vec<Recorded<Event>>) -> Vec<Frame> {
    let mut frames = Vec::new();
    let mut run: Vec<Recorded<Event>> = Vec::new();
    let mut start = from;
    for event in events {
        if run.last().is_some_and(|last| is_edit(last) != is_edit(&event)) {
            let end = Seq(event.seq.0 - 1);
            frames.push(encode_run(start, end, std::mem::take(&mut run)));
            start = event.seq;
        }
        run.push(event);
    }
    if !run.is_empty() {
        frames.push(encode_run(start, to, run));
    }
    frames
}

/// A text frame from the server.
pub fn decode_server_text(text: &str) -> Result<ServerMessage, Malformed> {
    serde_json::from_str(text).map_err(|_| Malformed)
}

/// A binary frame from the server, as the [`ServerMessage::Events`] it stands for.
pub fn decode_server_binary(bytes: &[u8]) -> Result<ServerMessage, Malformed> {
    let mut rest = Bytes(bytes);
    if rest.take::<1>()? != [EDITS] {
        return Err(Malformed);
    }
    let from = Seq(u64::from_le_bytes(rest.take()?));
    let to = Seq(u64::from_le_bytes(rest.take()?));
    let mut events = Vec::new();
    while !rest.0.is_empty() {
        let seq = Seq(u64::from_le_bytes(rest.take()?));
        let at = Moment(i64::from_le_bytes(rest.take()?));
        let [role] = rest.take()?;
        let role = *ROLES.get(usize::from(role)).ok_or(Malformed)?;
        let board = StepId(u16::from_le_bytes(rest.take()?));
        let group = GroupId(u16::from_le_bytes(rest.take()?));
        let note = rest.note()?;
        let length = u32::from_le_bytes(rest.take()?) as usize;
        let (update, after) = rest.0.split_at_checked(length).ok_or(Malformed)?;
        rest.0 = after;
        let update = TextUpdate(update.to_vec());
        let event = Event::Note(NoteEvent::Edited { lane: LaneId { board, group }, note, update });
        events.push(Recorded { seq, at, by: Actor::staff(role), cause: None, event });
    }
    Ok(ServerMessage::Events { from, to, events })
}

fn is_edit(recorded: &Recorded<Event>) -> bool {
    matches!(recorded.event, Event::Note(NoteEvent::Edited { .. }))
}

/// A run of events that are all writing or all something else.
fn encode_run(from: Seq, to: Seq, events: Vec<Recorded<Event>>) -> Frame {
    if !events.first().is_some_and(is_edit) {
        return Frame::Text(json(&ServerMessage::Events { from, to, events }));
    }
    let mut bytes = vec![EDITS];
    bytes.extend(from.0.to_le_bytes());
    bytes.extend(to.0.to_le_bytes());
    for recorded in &events {
        let Event::Note(NoteEvent::Edited { lane, note, update }) = &recorded.event else { continue };
        bytes.extend(recorded.seq.0.to_le_bytes());
        bytes.extend(recorded.at.0.to_le_bytes());
        let role = ROLES.iter().position(|role| *role == recorded.by.role).unwrap_or_default();
        bytes.push(u8::try_from(role).unwrap_or_default());
        bytes.extend(lane.board.0.to_le_bytes());
        bytes.extend(lane.group.0.to_le_bytes());
        put_note(&mut bytes, *note);
        // Bounded by LARGEST_UPDATE when it was accepted.
        bytes.extend(u32::try_from(update.0.len()).unwrap_or_default().to_le_bytes());
        bytes.extend(&update.0);
    }
    Frame::Binary(bytes)
}

fn put_note(bytes: &mut Vec<u8>, note: NoteId) {
    bytes.extend(note.by.0.to_le_bytes());
    bytes.extend(note.number.to_le_bytes());
}

fn json(message: &impl serde::Serialize) -> String {
    // Our own types with string keys: serialising them to memory cannot fail.
    serde_json::to_string(message).unwrap_or_default()
}

struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (head, rest) = self.0.split_first_chunk::<N>().ok_or(Malformed)?;
        self.0 = rest;
        Ok(*head)
    }

    fn note(&mut self) -> Result<NoteId, Malformed> {
        let by = ClientId(u32::from_le_bytes(self.take()?));
        let number = u32::from_le_bytes(self.take()?);
        Ok(Made { by, number })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workshop::help::HelpEvent;

    const NOTE: NoteId = Made { by: ClientId(1042), number: 7 };

    fn edit(seq: u64) -> Recorded<Event> {
        let lane = LaneId { board: StepId(4), group: GroupId(2) };
        let update = TextUpdate(vec![1, 2, 3]);
        let event = Event::Note(NoteEvent::Edited { lane, note: NOTE, update });
        Recorded { seq: Seq(seq), at: Moment(99), by: Actor::staff(Role::Member), cause: None, event }
    }

    fn other(seq: u64) -> Recorded<Event> {
        Recorded { event: Event::Help(HelpEvent::Asked { group: GroupId(1) }), ..edit(seq) }
    }

    #[test]
    fn writing_reads_back_as_it_was_sent() {
        let command = NoteCommand::Edit { board: StepId(4), note: NOTE, update: TextUpdate(vec![9, 8]) };
        let message = ClientMessage::Command { number: 3, command: Command::Note(command) };
        let Frame::Binary(bytes) = encode_client(&message) else { panic!("writing is binary") };
        assert_eq!(decode_client_binary(&bytes), Ok(message));
    }

    #[test]
    fn a_mixed_range_is_covered_by_its_frames_without_holes() {
        let events = vec![other(2), edit(3), edit(5), other(6)];
        let frames = encode_events(Seq(1), Seq(8), events.clone());
        let mut expected_from = Seq(1);
        let mut seen = Vec::new();
        for frame in frames {
            let message = match frame {
                Frame::Text(text) => decode_server_text(&text),
                Frame::Binary(bytes) => decode_server_binary(&bytes),
            };
            let Ok(ServerMessage::Events { from, to, events }) = message else { panic!("{message:?}") };
            assert_eq!(from, expected_from);
            expected_from = to.next();
            seen.extend(events);
        }
        assert_eq!(expected_from, Seq(9));
        assert_eq!(seen, events);
    }

    #[test]
    fn a_snapshot_reads_back_as_it_was_sent() {
        use crate::snapshot::Snapshot;
        use crate::workshop::testing::{given, round_open};
        let state = given(round_open()).state();
        let message = ServerMessage::Snapshot(Box::new(Snapshot::new(Seq(9), state)));
        assert_eq!(decode_server_text(&encode_server(&message)), Ok(message));
    }

    #[test]
    fn a_range_with_nothing_to_see_sends_nothing() {
        assert_eq!(encode_events(Seq(1), Seq(8), vec![]), []);
    }

    #[test]
    fn a_torn_frame_is_refused() {
        let Frame::Binary(bytes) = &encode_events(Seq(1), Seq(3), vec![edit(3)])[0] else {
            panic!("writing is binary")
        };
        for cut in 0..bytes.len() {
            let torn = decode_server_binary(&bytes[..cut]);
            assert!(torn.is_err() || cut == 17, "cut at {cut}");
        }
        assert_eq!(decode_client_binary(&[EDIT, 0]), Err(Malformed));
        assert_eq!(decode_client_text("{"), Err(Malformed));
    }
}
