//! The socket: does what the [`Machine`] says, and hands frames to the store.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use js_sys::{ArrayBuffer, Uint8Array};
use leptos::prelude::{TimeoutHandle, document, set_timeout_with_handle, window, window_event_listener_untyped};
use verksted_protocol::frame::{Frame, decode_server_binary, decode_server_text, encode_client};
use verksted_protocol::ids::Seq;
use verksted_protocol::message::{ClientMessage, SUBPROTOCOL, ServerMessage};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BinaryType, CloseEvent, Event, MessageEvent, PageTransitionEvent, Storage, WebSocket};

use super::machine::{Do, Link, Machine};
use crate::store::{receive, store, wake};

/// Where this tab remembers that it was loaded anew because the server and it did not understand each other.
const RELOADED: &str = "verksted.reloaded";
/// A write on the tablet takes milliseconds; it is waited for this often, with this between.
const MOST_LOOKS: u32 = 40;
/// See [`MOST_LOOKS`].
const LOOKS_AGAIN: Duration = Duration::from_millis(50);
/// Code of a close that nobody gave a code.
const ABNORMAL: u16 = 1006;

/// One socket and what it calls. Dropping it closes the socket and lets its calls go.
struct Line {
    socket: WebSocket,
    _opened: Closure<dyn FnMut(Event)>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut(CloseEvent)>,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}

#[derive(Default)]
struct Net {
    token: RefCell<String>,
    machine: RefCell<Option<Machine>>,
    line: RefCell<Option<Line>>,
    timer: Cell<Option<TimeoutHandle>>,
    /// Ask for the server's own state at every hello until it comes.
    anew: Cell<bool>,
}

thread_local! {
    static NET: Net = Net::default();
}

fn with<R>(work: impl FnOnce(&Net) -> R) -> R {
    NET.with(work)
}

/// Connects with the secret of a link, if it has not been done, and stays connected for as long as the page lives.
pub(crate) fn start(token: String) {
    if with(|net| net.machine.borrow().is_some()) {
        return;
    }
    with(|net| {
        net.token.replace(token);
        net.machine.replace(Some(Machine::new(now(), storage().is_some_and(|kept| reloaded(&kept)))));
    });
    for event in ["online", "offline", "focus"] {
        let _ = window_event_listener_untyped(event, |_| step(|machine| machine.woke(now(), chance())));
    }
    let _ = window_event_listener_untyped("pageshow", |event| {
        // A page that was put away whole has lost its lock, so another may be this page by now.
        if event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted) {
            reload();
        } else {
            step(|machine| machine.woke(now(), chance()));
        }
    });
    let seen = Closure::<dyn FnMut()>::new(|| {
        if document().hidden() {
            step(|machine| {
                machine.slept();
                Do::Nothing
            });
        } else {
            step(|machine| machine.woke(now(), chance()));
            wake::seen_again();
        }
    });
    let _ = document().add_event_listener_with_callback("visibilitychange", seen.as_ref().unchecked_ref());
    // It listens for as long as the page lives.
    seen.forget();
    open();
    set_timer();
}

fn storage() -> Option<Storage> {
    window().session_storage().ok()?
}

fn reloaded(kept: &Storage) -> bool {
    kept.get_item(RELOADED).is_ok_and(|mark| mark.is_some())
}

/// Loads the page anew as soon as what was typed last is written down.
fn reload_when_kept(tries: u32) {
    if tries > 0 && store().would_lose() {
        let _ = set_timeout_with_handle(move || reload_when_kept(tries - 1), LOOKS_AGAIN);
    } else {
        reload();
    }
}

fn reload() {
    let _ = window().location().reload();
}

/// What people are told about the connection.
pub(crate) fn link() -> Link {
    with(|net| net.machine.borrow().as_ref().map_or(Link::Connecting, Machine::link))
}

/// Something is missing: connect anew and ask for it.
pub(crate) fn lost() {
    step(|machine| machine.lost(now(), chance()));
}

/// What is here is not what the server has: connect anew and start from its state.
pub(crate) fn drop_and_restart() {
    // Where it is asked for already, it is on its way.
    if !with(|net| net.anew.replace(true)) {
        lost();
    }
}

/// Sends a message if the line is open; the outbox keeps what must not be lost.
pub(crate) fn send(message: &ClientMessage) {
    send_frame(encode_client(message));
}

/// Sends a frame if the line is open.
pub(crate) fn send_frame(frame: Frame) {
    with(|net| {
        let line = net.line.borrow();
        let Some(line) = line.as_ref().filter(|line| line.socket.ready_state() == WebSocket::OPEN) else { return };
        // A failure to send shows as a closed socket, and the outbox sends again.
        let _ = match frame {
            Frame::Text(text) => line.socket.send_with_str(&text),
            Frame::Binary(bytes) => line.socket.send_with_u8_array(&bytes),
        };
    });
}

/// One step of the machine, and what it asks for.
fn step(work: impl FnOnce(&mut Machine) -> Do) {
    let (before, todo) = with(|net| {
        let mut machine = net.machine.borrow_mut();
        let Some(machine) = machine.as_mut() else { return (Link::Connecting, Do::Nothing) };
        (machine.link(), work(machine))
    });
    match todo {
        Do::Nothing => {}
        Do::Open => open(),
        Do::Ping => send(&ClientMessage::Ping),
        Do::Drop => {
            let line = with(|net| net.line.take());
            drop(line);
            receive::disconnected();
        }
        Do::Reload => {
            let line = with(|net| net.line.take());
            drop(line);
            // Where the mark cannot be set nothing would stop the page from being loaded for ever.
            let marked = storage().is_some_and(|kept| kept.set_item(RELOADED, "1").is_ok());
            if marked { reload_when_kept(MOST_LOOKS) } else { step(Machine::misunderstood) }
        }
    }
    set_timer();
    if link() != before {
        receive::link_changed();
    }
}

/// One timer at most, set to the machine's deadline.
fn set_timer() {
    with(|net| {
        if let Some(timer) = net.timer.take() {
            timer.clear();
        }
        let deadline = net.machine.borrow().as_ref().and_then(Machine::deadline);
        let Some(deadline) = deadline else { return };
        let wait = Duration::from_millis(u64::try_from(deadline - now()).unwrap_or_default());
        net.timer.set(set_timeout_with_handle(|| step(|machine| machine.tick(now(), chance())), wait).ok());
    });
}

fn open() {
    let location = window().location();
    let scheme = if location.protocol().is_ok_and(|protocol| protocol == "https:") { "wss" } else { "ws" };
    let url = format!("{scheme}://{}/ws", location.host().unwrap_or_default());
    let Ok(socket) = WebSocket::new_with_str(&url, SUBPROTOCOL) else {
        step(|machine| machine.closed(now(), ABNORMAL, chance()));
        return;
    };
    socket.set_binary_type(BinaryType::Arraybuffer);
    let opened = Closure::<dyn FnMut(Event)>::new(|_| hello());
    let message = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| frame(&event));
    let closed = Closure::<dyn FnMut(CloseEvent)>::new(|event: CloseEvent| {
        step(|machine| machine.closed(now(), event.code(), chance()));
    });
    socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
    socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
    socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
    let line = Line { socket, _opened: opened, _message: message, _closed: closed };
    let before = with(|net| net.line.replace(Some(line)));
    drop(before);
}

fn hello() {
    let token = with(|net| net.token.borrow().clone());
    let (client, have) = receive::standing();
    let have = if with(|net| net.anew.get()) { Seq(0) } else { have };
    send(&ClientMessage::Hello { token, client, have });
}

/// What a frame says, if this page understands it.
pub(crate) fn read(frame: &JsValue) -> Option<ServerMessage> {
    let message = match frame.dyn_ref::<ArrayBuffer>() {
        Some(buffer) => decode_server_binary(&Uint8Array::new(buffer).to_vec()),
        None => decode_server_text(&frame.as_string().unwrap_or_default()),
    };
    message.ok()
}

fn frame(event: &MessageEvent) {
    let frame = event.data();
    let Some(message) = read(&frame) else { return step(Machine::misunderstood) };
    let welcome = matches!(message, ServerMessage::Welcome { .. });
    if matches!(message, ServerMessage::Snapshot(_)) {
        with(|net| net.anew.set(false));
    }
    if welcome {
        step(|machine| {
            machine.welcomed(now());
            Do::Nothing
        });
    } else {
        let proved = with(|net| net.machine.borrow_mut().as_mut().is_some_and(|machine| machine.heard(now())));
        if proved && let Some(kept) = storage().filter(reloaded) {
            let _ = kept.remove_item(RELOADED);
        }
    }
    receive::receive(message, frame);
}

/// Milliseconds since the page began, by a clock that nobody sets.
#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds fit")]
fn now() -> i64 {
    window().performance().map_or(0, |clock| clock.now() as i64)
}

fn chance() -> f64 {
    js_sys::Math::random()
}
