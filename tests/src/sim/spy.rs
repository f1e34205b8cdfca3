//! Looks at every frame the server sends: that nobody is shown what they may not see, or told of what is not on disk.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use verksted_protocol::frame::{Frame, decode_server_binary, decode_server_text};
use verksted_protocol::ids::Seq;
use verksted_protocol::message::{Outcome, ServerMessage};
use verksted_protocol::role::Actor;

use super::book::Book;
use super::room::is_letter;

/// Names of what no frame may hold.
const SECRETS: [&str; 5] = ["\"page_opened\"", "\"pages\"", "\"cause\"", "\"ballot\"", "\"ballots\""];
/// Letters of the room are four bytes long and begin with one of these or the next three.
const FIRST_BYTE: u8 = 0xf0;

/// Whether a frame tells only who is here, which is not the same in every run.
pub(super) fn is_presence(frame: &Frame) -> bool {
    matches!(frame, Frame::Text(text) if text.starts_with("{\"presence\""))
}

/// Objects to what a frame for `actor` must not hold.
pub(super) fn look(book: &mut Book, frame: &Frame, actor: &Actor) {
    let message = match frame {
        Frame::Text(text) => decode_server_text(text),
        Frame::Binary(bytes) => decode_server_binary(bytes),
    };
    let Ok(message) = message else { return book.object(format!("{frame:?} is no message")) };
    let head = book.head;
    // It may tell of what was before whoever gets it came where they sit: what they may see now, they may see in it.
    let told = match &message {
        ServerMessage::Events { to, .. } => *to,
        ServerMessage::Snapshot(snapshot) => snapshot.seq,
        ServerMessage::Answer { outcome: Outcome::Accepted { at, .. }, .. } => *at,
        ServerMessage::Pong { to, .. } => *to,
        _ => Seq(0),
    };
    book.hold(told <= head, || format!("{actor:?} is told of event {told}, and only {head} is on disk"));
    if let ServerMessage::Events { events, .. } = &message {
        let tells = events.iter().any(|event| event.by.seat.is_some() || event.cause.is_some());
        book.hold(!tells, || format!("{actor:?} is told who did it: {frame:?}"));
    }
    if let Frame::Text(text) = frame {
        for secret in SECRETS {
            book.hold(!text.contains(secret), || format!("{actor:?} is told of {secret}: {text}"));
        }
    }
    for letter in letters(frame) {
        let Some(lane) = book.placed.get(&letter).copied() else {
            book.object(format!("{actor:?} is shown a letter that is not on disk: {frame:?}"));
            continue;
        };
        // A reader that stalls reads late what was theirs to read, and a snapshot may be a little older than the move that
        // made it theirs.
        let may_see = (told.0..=head.0).any(|at| book.may_see(lane, Seq(at), actor));
        book.hold(may_see, || format!("{actor:?} is shown writing from {lane:?} at {told} of {head}: {frame:?}"));
    }
}

/// The room's letters in a frame, also those inside base64.
fn letters(frame: &Frame) -> Vec<char> {
    let mut found = Vec::new();
    match frame {
        Frame::Binary(bytes) => search(bytes, &mut found),
        Frame::Text(text) => {
            search(text.as_bytes(), &mut found);
            for piece in text.split('"').filter(|piece| piece.len() > 8) {
                if let Ok(bytes) = STANDARD_NO_PAD.decode(piece) {
                    search(&bytes, &mut found);
                }
            }
        }
    }
    found
}

fn search(bytes: &[u8], found: &mut Vec<char>) {
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| (FIRST_BYTE..FIRST_BYTE + 4).contains(*byte)) {
        let letter = bytes.get(at..at + 4).and_then(|four| std::str::from_utf8(four).ok());
        found.extend(letter.and_then(|letter| letter.chars().next()).filter(|letter| is_letter(*letter)));
    }
}

#[cfg(test)]
mod tests {
    use verksted_protocol::ids::{ClientId, SeatId};
    use verksted_protocol::text::NoteText;

    use super::super::room::letter;
    use super::*;

    #[test]
    fn what_is_planted_is_found() {
        let planted = letter(77);
        let state = NoteText::written_by(ClientId(3)).splice(0, 0, &format!("før {planted} etter"));
        let text = serde_json::json!({ "deep": [{ "text": state }] }).to_string();
        for frame in [Frame::Text(text), Frame::Binary(state.0)] {
            assert_eq!(letters(&frame), [planted]);
        }
    }

    #[test]
    fn a_frame_that_tells_too_much_is_objected_to() {
        let objects = |frame: String| {
            let mut book = Book::default();
            look(&mut book, &Frame::Text(frame), &Actor::member(SeatId(1)));
            book.wrong.is_some()
        };
        let events = |by: &str| {
            format!(
                r#"{{"events":{{"from":0,"to":0,"events":[{{"seq":0,"at":0,"by":{by},"event":{{"meeting":"opened"}}}}]}}}}"#
            )
        };
        assert!(!objects(events(r#"{"role":"member"}"#)));
        assert!(objects(events(r#"{"role":"member","seat":2}"#)));
        assert!(objects(r#"{"pong":{"to":1,"now":0}}"#.to_owned()));
    }
}
