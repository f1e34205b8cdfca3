//! Bytes that have been written once are read for ever, and mean the same. The files in `tests/golden` hold every kind of
//! event as it is stored and every kind of message as it is sent. A new kind of anything needs its line there, and its
//! sample in [`samples`]; a line that is there is never changed.

mod kinds;
mod samples;

use std::collections::BTreeSet;
use std::fmt::Debug;

use verksted_protocol::frame::{
    Frame, decode_client_binary, decode_client_text, decode_server_binary, decode_server_text, encode_client,
    encode_events, encode_server,
};
use verksted_protocol::ids::Seq;
use verksted_protocol::message::{ClientMessage, ServerMessage};
use verksted_protocol::stream::{Recorded, decode_stored, encode_stored};
use verksted_protocol::workshop::{Command, Event};

pub(crate) use kinds::{EVENT_KINDS, event_kind};

const EVENTS: &str = include_str!("../golden/events.jsonl");
const COMMANDS: &str = include_str!("../golden/commands.jsonl");
const REJECTIONS: &str = include_str!("../golden/rejections.jsonl");
const CLIENT: &str = include_str!("../golden/client.jsonl");
const SERVER: &str = include_str!("../golden/server.jsonl");

/// Holds each line against the sample of the same place, in both directions.
fn hold<T: Debug + PartialEq>(lines: &str, samples: &[T], encode: impl Fn(&T) -> String, decode: impl Fn(&str) -> T) {
    let lines: Vec<&str> = lines.lines().collect();
    for (place, sample) in samples.iter().enumerate() {
        let encoded = encode(sample);
        let Some(line) = lines.get(place) else { panic!("no golden line {} for {sample:?}:\n{encoded}", place + 1) };
        assert_eq!(encoded, *line, "line {} is written otherwise now", place + 1);
        assert_eq!(decode(line), *sample, "line {} means something else now", place + 1);
    }
    assert_eq!(lines.len(), samples.len(), "golden lines without a sample");
}

fn all_kinds<'a>(known: &[&'static str], found: impl IntoIterator<Item = &'a str>) {
    let found: BTreeSet<&str> = found.into_iter().collect();
    let missing: Vec<_> = known.iter().filter(|kind| !found.contains(*kind)).collect();
    assert!(missing.is_empty(), "no golden line for {missing:?}");
}

const BINARY: &str = r#"{"binary":""#;

/// A binary frame in hexadecimal digits, a text frame as it is.
fn line_of(frame: &Frame) -> String {
    match frame {
        Frame::Text(text) => text.clone(),
        Frame::Binary(bytes) => {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{BINARY}{digits}\"}}")
        }
    }
}

fn frame_of(line: &str) -> Frame {
    let Some(digits) = line.strip_prefix(BINARY).and_then(|rest| rest.strip_suffix("\"}")) else {
        return Frame::Text(line.to_owned());
    };
    let byte = |pair: &[u8]| {
        let pair = std::str::from_utf8(pair).expect("digits");
        u8::from_str_radix(pair, 16).expect("hexadecimal")
    };
    Frame::Binary(digits.as_bytes().chunks(2).map(byte).collect())
}

#[test]
fn stored_events_are_read_as_they_were_meant() {
    let samples = samples::events();
    all_kinds(EVENT_KINDS, samples.iter().map(|sample| event_kind(&sample.event)));
    hold(
        EVENTS,
        &samples,
        |sample| String::from_utf8(encode_stored(sample)).expect("JSON is text"),
        |line| {
            let place = EVENTS.lines().position(|other| other == line).expect("a line of the file");
            let (seq, at) = samples::place(place);
            decode_stored::<Event>(seq, at, line.as_bytes()).expect("stored bytes are read")
        },
    );
}

#[test]
fn commands_are_read_as_they_were_meant() {
    let samples = samples::commands();
    all_kinds(kinds::COMMAND_KINDS, samples.iter().map(kinds::command_kind));
    let encode = |sample: &Command| serde_json::to_string(sample).expect("JSON");
    hold(COMMANDS, &samples, encode, |line| serde_json::from_str(line).expect("a command"));
}

#[test]
fn rejections_are_read_as_they_were_meant() {
    let samples = samples::rejections();
    all_kinds(kinds::REJECTION_KINDS, samples.iter().map(kinds::rejection_kind));
    // The name in the code is the code on the wire, which the Fluent files know.
    assert!(samples.iter().all(|sample| sample.code() == kinds::rejection_kind(sample)));
    let encode = |sample: &_| serde_json::to_string(sample).expect("JSON");
    hold(REJECTIONS, &samples, encode, |line| serde_json::from_str(line).expect("a rejection"));
}

#[test]
fn a_clients_frames_are_read_as_they_were_meant() {
    let samples = samples::client_messages();
    all_kinds(kinds::CLIENT_KINDS, samples.iter().map(kinds::client_kind));
    let decode = |line: &str| -> ClientMessage {
        match frame_of(line) {
            Frame::Text(text) => decode_client_text(&text),
            Frame::Binary(bytes) => decode_client_binary(&bytes),
        }
        .expect("a client's frame")
    };
    hold(CLIENT, &samples, |sample| line_of(&encode_client(sample)), decode);
}

#[test]
fn the_servers_frames_are_read_as_they_were_meant() {
    let samples = samples::server_messages();
    all_kinds(kinds::SERVER_KINDS, samples.iter().map(kinds::server_kind));
    let encode = |sample: &ServerMessage| match sample {
        ServerMessage::Events { from, to, events } => {
            let frames = encode_events(*from, *to, events.clone());
            assert_eq!(frames.len(), 1, "a golden range is one frame");
            line_of(&frames[0])
        }
        other => encode_server(other),
    };
    let decode = |line: &str| -> ServerMessage {
        match frame_of(line) {
            Frame::Text(text) => decode_server_text(&text),
            Frame::Binary(bytes) => decode_server_binary(&bytes),
        }
        .expect("a server's frame")
    };
    hold(SERVER, &samples, encode, decode);
}

#[test]
fn bytes_that_nobody_wrote_are_refused() {
    for bytes in ["", "{}", r#"{"v":1,"by":{"role":"member"},"event":{"note":"eaten"}}"#, "\u{0}\u{1}"] {
        assert!(decode_stored::<Event>(Seq(1), samples::place(0).1, bytes.as_bytes()).is_err(), "{bytes:?}");
    }
}

#[test]
fn a_later_field_does_not_stop_an_older_reader() {
    let line = EVENTS.lines().next().expect("a golden line");
    let extended = line.replacen("{\"v\":1", "{\"v\":1,\"later\":true", 1);
    assert_ne!(extended, line);
    let (seq, at) = samples::place(0);
    let read: Recorded<Event> = decode_stored(seq, at, extended.as_bytes()).expect("stored bytes are read");
    assert_eq!(read, samples::events()[0]);
}
