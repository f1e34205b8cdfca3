//! What comes from the server, taken in order, in portions that never hold the page for long.

use std::time::Duration;

use leptos::prelude::set_timeout;
use verksted_protocol::ids::{ClientId, NoteId, Seq};
use verksted_protocol::message::{ServerMessage, You};
use verksted_protocol::stream::Recorded;
use verksted_protocol::text::TextUpdate;
use verksted_protocol::workshop::Event;
use verksted_protocol::workshop::boards::NoteEvent;
use wasm_bindgen::JsValue;

use super::live::{Inner, with};
use super::topic::{Topic, Touched};
use super::{keep, own_ballot, wake};
use crate::net;

/// Events applied in one go; a range that is longer is taken in parts.
const PORTION: usize = 200;
/// After this many milliseconds the browser gets to draw, in the middle of a long history.
const BREATH_MS: f64 = 12.0;

/// Takes a message from the server, which came as `frame`.
pub(crate) fn receive(message: ServerMessage, frame: JsValue) {
    match &message {
        ServerMessage::Events { to, .. } => with(|inner| keep::heard(inner, *to, frame)),
        ServerMessage::Snapshot(_) => with(|inner| keep::starts_over(inner, frame)),
        ServerMessage::Welcome { .. } => with(|inner| keep::known_as(inner, frame)),
        _ => {}
    }
    with(|inner| inner.inbox.borrow_mut().push_back(message));
    if !with(|inner| inner.resting.get()) {
        drain();
    }
}

/// The page load the server knows us as, and the last event here: what the first frame says.
pub(crate) fn standing() -> (Option<ClientId>, Seq) {
    with(|inner| {
        let client = inner.you.borrow().as_ref().map(|you| you.client);
        (client, inner.replica.borrow().have())
    })
}

/// The socket is gone: nothing that was under way counts as sent, and half-read messages are void.
pub(crate) fn disconnected() {
    with(|inner| {
        inner.inbox.borrow_mut().clear();
        inner.outbox.borrow_mut().disconnected();
        connection_changed(inner);
    });
}

/// The connection's state is another now.
pub(crate) fn link_changed() {
    with(|inner| inner.touch_one(Topic::Connection));
}

fn connection_changed(inner: &Inner) {
    let mut touched = Touched::from([Topic::Connection]);
    for command in inner.outbox.borrow().notes() {
        touched.add(Topic::Note(net::outbox::place(command).1));
    }
    inner.touch(&touched);
}

fn drain() {
    with(|inner| inner.resting.set(false));
    let begun = js_sys::Date::now();
    loop {
        let Some(message) = with(|inner| inner.inbox.borrow_mut().pop_front()) else { break };
        take(message);
        if with(|inner| !inner.inbox.borrow().is_empty()) && js_sys::Date::now() - begun > BREATH_MS {
            with(|inner| inner.resting.set(true));
            set_timeout(drain, Duration::ZERO);
            return;
        }
    }
    super::settle::compare_due();
}

fn take(message: ServerMessage) {
    match message {
        ServerMessage::Welcome { you, now } => welcome(&you, now.0),
        ServerMessage::Snapshot(snapshot) => with(|inner| {
            let touched = inner.replica.borrow_mut().restart(*snapshot);
            let first = !inner.ready.replace(true);
            let replica = inner.replica.borrow();
            inner.texts.borrow_mut().restarted(&replica.workshop().boards, replica.have());
            drop(replica);
            if first {
                wake::ready(inner);
            }
            own_ballot::forget_closed(inner);
            inner.touch(&touched);
            tell_field(inner, None);
        }),
        ServerMessage::Events { from, to, events } => take_events(from, to, events),
        ServerMessage::Answer { number, outcome } => super::settle::answered(number, outcome),
        ServerMessage::Presence(presence) => with(|inner| {
            if inner.presence.replace(presence) != *inner.presence.borrow() {
                inner.touch_one(Topic::Presence);
            }
        }),
        ServerMessage::Pong { to, now } => with(|inner| {
            set_clock(inner, now.0);
            let behind = to > inner.replica.borrow().have();
            if behind {
                net::lost();
            }
        }),
        ServerMessage::Storage { writable } => storage(writable),
    }
}

/// Whether the server can write things down is another now.
fn storage(writable: bool) {
    with(|inner| {
        inner.unwritable.set(!writable);
        inner.outbox.borrow_mut().server_writes(writable);
        inner.touch_one(Topic::Connection);
    });
    if writable {
        super::write::flush();
    }
}

fn welcome(you: &You, now: i64) {
    with(|inner| {
        set_clock(inner, now);
        let before = inner.you.replace(Some(you.clone()));
        // Those without a seat write nothing, and get a new name each time they come.
        if let Some(before) = before.filter(|before| before.client != you.client && you.role.is_elected()) {
            wake::disowned(inner, &before);
        }
        wake::welcomed(inner, you);
        inner.unwritable.set(false);
        inner.outbox.borrow_mut().server_writes(true);
        inner.touch_one(Topic::Connection);
    });
    super::write::flush();
}

fn set_clock(inner: &Inner, now: i64) {
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds since 1970 fit")]
    let here = js_sys::Date::now() as i64;
    inner.ahead.set(now - here);
}

fn take_events(from: Seq, to: Seq, mut events: Vec<Recorded<Event>>) {
    let rest = (events.len() > PORTION).then(|| events.split_off(PORTION));
    let end = match (&rest, events.last()) {
        (Some(_), Some(last)) => last.seq,
        _ => to,
    };
    if let Some(rest) = rest {
        let later = ServerMessage::Events { from: end.next(), to, events: rest };
        with(|inner| inner.inbox.borrow_mut().push_front(later));
    }
    with(|inner| {
        let mut fresh = Vec::new();
        let taken = inner.replica.borrow_mut().take(from, end, &events, |event| fresh.push(event.seq));
        let Ok(mut touched) = taken else {
            net::lost();
            return;
        };
        let first = !inner.ready.replace(true);
        if first {
            touched = Touched::everything();
            wake::ready(inner);
        }
        for event in events.iter().filter(|event| fresh.first().is_some_and(|first| event.seq >= *first)) {
            if let Event::Note(NoteEvent::Edited { note, update, .. }) = &event.event {
                edited(inner, event.seq, *note, update);
            }
            let listeners = inner.listeners.borrow().clone();
            for listener in listeners {
                listener(event);
            }
        }
        own_ballot::forget_closed(inner);
        inner.touch(&touched);
    });
}

/// Somebody, perhaps this page, wrote in a note.
fn edited(inner: &Inner, seq: Seq, note: NoteId, update: &TextUpdate) {
    let written_here = inner.texts.borrow().lane(note).is_some();
    if !written_here {
        return;
    }
    inner.texts.borrow_mut().edited(note, seq);
    let waits = inner.texts.borrow_mut().remote(note, update);
    if waits {
        tell_field(inner, Some(note));
    }
}

/// Tells the open field that something waits for it; with no note, whichever field is open.
pub(super) fn tell_field(inner: &Inner, note: Option<NoteId>) {
    let listener = inner.field.borrow().as_ref().filter(|(open, _)| note.is_none_or(|note| note == *open)).cloned();
    if let Some((_, listener)) = listener {
        listener();
    }
}
