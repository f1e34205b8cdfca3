//! The property the whole product rests on: nobody is shown what their seat may not see, and what they are shown adds up
//! to exactly their part of the room.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use proptest::prelude::*;
use serde_json::Value;
use verksted_protocol::frame::{Frame, decode_server_binary, decode_server_text, encode_events, encode_server};
use verksted_protocol::message::ServerMessage;
use verksted_protocol::snapshot::Snapshot;
use verksted_protocol::stream::Aggregate;
use verksted_protocol::visibility::View;
use verksted_protocol::workshop::Workshop;
use verksted_protocol::workshop::boards::LaneId;

use crate::common::{BOARDS, GROUPS, Room, VIEWS, mark, turns};

/// Lanes this view may not see anything of, in this state.
fn hidden(state: &Workshop, view: View) -> Vec<LaneId> {
    let View::Member(own) = view else { return vec![] };
    let lanes = BOARDS.iter().flat_map(|board| GROUPS.map(|group| LaneId { board: *board, group }));
    lanes.filter(|lane| own != Some(lane.group) && !state.boards.list[&lane.board].shared).collect()
}

fn holds(bytes: &[u8], lane: LaneId) -> bool {
    let mark = mark(lane);
    bytes.windows(mark.len()).any(|window| window == mark)
}

/// Everything a text frame holds, as bytes that can be searched: its strings, also those that are base64 of something.
fn contents(value: &Value, found: &mut Vec<Vec<u8>>) {
    match value {
        Value::String(text) => {
            found.push(text.as_bytes().to_vec());
            found.extend(STANDARD_NO_PAD.decode(text));
        }
        Value::Array(values) => values.iter().for_each(|value| contents(value, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                found.push(name.as_bytes().to_vec());
                contents(value, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Why this frame must not go out to `view`, if so.
fn betrays(frame: &Frame, view: View, hidden: &[LaneId]) -> Option<String> {
    let pieces = match frame {
        Frame::Binary(bytes) => vec![bytes.clone()],
        Frame::Text(text) => {
            let value: Value = serde_json::from_str(text).expect("a text frame is JSON");
            let mut found = Vec::new();
            contents(&value, &mut found);
            let words = found.iter().filter_map(|piece| std::str::from_utf8(piece).ok());
            for word in words {
                if matches!(word, "page_opened" | "pages" | "cause" | "ballot" | "ballots") {
                    return Some(format!("{view:?} is told of {word}: {text}"));
                }
            }
            if seat_in_by(&value) {
                return Some(format!("{view:?} is told who did it: {text}"));
            }
            found
        }
    };
    let lane = hidden.iter().find(|lane| pieces.iter().any(|piece| holds(piece, **lane)))?;
    Some(format!("{view:?} is shown writing from {lane:?}"))
}

fn seat_in_by(value: &Value) -> bool {
    match value {
        Value::Object(fields) => {
            fields.get("by").is_some_and(|by| by.get("seat").is_some()) || fields.values().any(seat_in_by)
        }
        Value::Array(values) => values.iter().any(seat_in_by),
        _ => false,
    }
}

fn read(frame: &Frame) -> ServerMessage {
    let message = match frame {
        Frame::Text(text) => decode_server_text(text),
        Frame::Binary(bytes) => decode_server_binary(bytes),
    };
    message.expect("what is sent is read")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_view_adds_up_to_its_own_part_of_the_room_and_holds_nothing_else(turns in turns()) {
        let room = Room::after(&turns);
        let mut full = Workshop::default();
        let mut seen: BTreeMap<View, Workshop> = VIEWS.map(|view| (view, Workshop::default())).into();
        for event in &room.log {
            full.apply(event);
            for (view, own) in &mut seen {
                let hidden = hidden(&full, *view);
                let shown = full.shown(*view, event);
                for frame in encode_events(event.seq, event.seq, shown.into_iter().collect()) {
                    prop_assert_eq!(betrays(&frame, *view, &hidden), None);
                    let ServerMessage::Events { events, .. } = read(&frame) else { panic!("an event frame") };
                    events.iter().for_each(|event| own.apply(event));
                }
                prop_assert_eq!(&*own, &full.seen_by(*view), "{:?} after {:?}", view, event);
            }
        }
    }

    #[test]
    fn no_snapshot_holds_what_its_view_may_not_see(turns in turns(), at in any::<prop::sample::Index>()) {
        let room = Room::after(&turns);
        let upto = at.index(room.log.len()) + 1;
        let mut full = Workshop::default();
        room.log[..upto].iter().for_each(|event| full.apply(event));
        for view in VIEWS {
            let snapshot = Snapshot::new(room.log[upto - 1].seq, full.seen_by(view));
            let frame = Frame::Text(encode_server(&ServerMessage::Snapshot(Box::new(snapshot.clone()))));
            prop_assert_eq!(betrays(&frame, view, &hidden(&full, view)), None);
            prop_assert_eq!(read(&frame), ServerMessage::Snapshot(Box::new(snapshot)));
        }
    }
}

#[test]
fn the_search_finds_what_is_planted() {
    use verksted_protocol::ids::{GroupId, StepId};
    use verksted_protocol::text::NoteText;

    let lane = LaneId { board: StepId(3), group: GroupId(2) };
    let letter = std::str::from_utf8(&[mark(lane).as_slice(), &[0x80]].concat()).expect("a letter").to_owned();
    let state = NoteText::written_by(crate::common::page_of(3)).splice(0, 0, &format!("før {letter} etter"));
    let member = View::Member(Some(GroupId(1)));
    let text = Frame::Text(serde_json::json!({ "deep": [{ "text": state }] }).to_string());
    assert!(betrays(&text, member, &[lane]).is_some());
    assert!(betrays(&Frame::Binary(state.0), member, &[lane]).is_some());
    for told in [r#"{"event":{"seat":{"page_opened":{}}}}"#, r#"{"events":[{"by":{"role":"member","seat":2}}]}"#] {
        assert!(betrays(&Frame::Text(told.into()), View::Staff, &[]).is_some(), "{told}");
    }
}
