//! The property the whole product rests on: nobody is shown what their seat may not see, and what they are shown adds up
//! to exactly their part of the room.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use proptest::prelude::*;
use serde_json::Value;
use verksted_protocol::frame::{Frame, decode_server_binary, decode_server_text, encode_events, encode_server};
use verksted_protocol::ids::{ColumnId, GroupId, Made, Moment, Seq, StepId};
use verksted_protocol::message::ServerMessage;
use verksted_protocol::role::Actor;
use verksted_protocol::snapshot::Snapshot;
use verksted_protocol::stream::{Aggregate, Recorded};
use verksted_protocol::text::NoteText;
use verksted_protocol::visibility::View;
use verksted_protocol::workshop::boards::{LaneId, NoteEvent};
use verksted_protocol::workshop::meeting::MeetingEvent;
use verksted_protocol::workshop::{Event, Workshop};

use crate::common::{BOARDS, GROUPS, Room, VIEWS, mark, page_of, prepared, turns};

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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whoever was away is told what happened as seen from where the room is now, and comes to the same.
    #[test]
    fn catching_up_later_adds_up_as_well(turns in turns(), at in any::<prop::sample::Index>()) {
        let room = Room::after(&turns);
        let (before, missed) = room.log.split_at(at.index(room.log.len()));
        // Over these one begins anew from a snapshot instead.
        let parts = |event: &Recorded<Event>| {
            let reveals = NoteEvent::is_revealing;
            matches!(&event.event, Event::Note(event) if reveals(event)) || matches!(event.event, Event::Group(_))
        };
        prop_assume!(!missed.iter().any(parts));
        let mut then = Workshop::default();
        before.iter().for_each(|event| then.apply(event));
        for view in VIEWS {
            let mut own = then.seen_by(view);
            for event in missed.iter().filter_map(|event| room.state.shown(view, event)) {
                own.apply(&event);
            }
            prop_assert_eq!(own, room.state.seen_by(view), "{:?}", view);
        }
    }
}

/// A group writes, takes it away, and the plenary opens the board; at the end it is put back.
#[test]
fn what_a_group_took_away_is_not_shown_to_those_who_never_could_put_it_back() {
    let lane = LaneId { board: BOARDS[0], group: GROUPS[0] };
    let note = Made { by: page_of(1), number: 1 };
    let update = NoteText::written_by(page_of(1)).splice(0, 0, "angret ord");
    let events = [
        prepared(),
        Event::Meeting(MeetingEvent::Opened),
        Event::Note(NoteEvent::Created { lane, note, column: ColumnId(0), after: None }),
        Event::Note(NoteEvent::Edited { lane, note, update }),
        Event::Note(NoteEvent::Deleted { lane, note, gone: false }),
        Event::Note(NoteEvent::BoardShared { board: BOARDS[0], lanes: BTreeMap::new() }),
        Event::Note(NoteEvent::Restored { lane, note, found: None }),
    ];
    let log: Vec<_> = (1..)
        .map(Seq)
        .zip(events)
        .map(|(seq, event)| Recorded { seq, at: Moment(1), by: Actor::SERVER, cause: None, event })
        .collect();
    let says = |state: &Workshop| state.boards.note(lane, note).map(|note| note.text.read());
    let words = Some("angret ord".to_owned());
    for (view, keeps) in [
        (View::Member(Some(GROUPS[0])), true),
        (View::Staff, true),
        (View::Member(Some(GROUPS[1])), false),
        (View::Member(None), false),
        (View::Public, false),
    ] {
        let (mut full, mut own) = (Workshop::default(), Workshop::default());
        for event in &log[..6] {
            full.apply(event);
            if let Some(shown) = full.shown(view, event) {
                own.apply(&shown);
            }
        }
        let expected = keeps.then(|| words.clone()).flatten();
        assert_eq!(says(&own), expected, "{view:?} followed it");
        assert_eq!(says(&full.seen_by(view)), expected, "{view:?} came later");
        let late = full.shown(view, &log[3]);
        assert_eq!(late.is_some(), keeps, "{view:?} catches up on what was written");
        full.apply(&log[6]);
        own.apply(&full.shown(view, &log[6]).expect("putting back is shown"));
        assert_eq!(says(&own), words, "{view:?} sees it put back");
    }
}

#[test]
fn the_search_finds_what_is_planted() {
    let lane = LaneId { board: StepId(3), group: GroupId(2) };
    let letter = std::str::from_utf8(&[mark(lane).as_slice(), &[0x80]].concat()).expect("a letter").to_owned();
    let state = NoteText::written_by(page_of(3)).splice(0, 0, &format!("før {letter} etter"));
    let member = View::Member(Some(GroupId(1)));
    let text = Frame::Text(serde_json::json!({ "deep": [{ "text": state }] }).to_string());
    assert!(betrays(&text, member, &[lane]).is_some());
    assert!(betrays(&Frame::Binary(state.0), member, &[lane]).is_some());
    for told in [r#"{"event":{"seat":{"page_opened":{}}}}"#, r#"{"events":[{"by":{"role":"member","seat":2}}]}"#] {
        assert!(betrays(&Frame::Text(told.into()), View::Staff, &[]).is_some(), "{told}");
    }
}
