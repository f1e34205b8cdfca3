//! One websocket: checked at the door, then reading and writing side by side in one task.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN, SEC_WEBSOCKET_PROTOCOL};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use hyper::upgrade::Upgraded;
use tokio::time::{Instant, interval, timeout};
use tokio_tungstenite::tungstenite::protocol::{Message, WebSocketConfig};
use verksted_protocol::frame::{Malformed, decode_client_binary, decode_client_text, encode_server};
use verksted_protocol::ids::Seq;
use verksted_protocol::message::{ClientMessage, LARGEST_FRAME, Outcome, SUBPROTOCOL, ServerMessage, close};
use verksted_protocol::rejection::Rejection;

use crate::connection::{Aside, ConnectionId, Inbound, Outbox, Outgoing, TooSlow, connection};
use crate::error::ApiError;
use crate::http::AppState;
use crate::rate::{Allowance, COMMANDS_PER_SECOND, Pace};
use crate::stream::{Ask, Join, StreamHandle};
use crate::way_in::{self, Incoming};
use crate::way_out::{Said, TAKES_WITHIN};

/// How long a new socket may wait before it says who it is.
const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// How often the server pings; the browser answers by itself.
pub(crate) const PING_EVERY: Duration = Duration::from_secs(20);
/// A peer that has said nothing for this long, not even answered pings, is gone.
pub(crate) const SILENT_AFTER: Duration = Duration::from_secs(60);
/// How long a peer may take to answer the farewell.
pub(crate) const FAREWELL_WITHIN: Duration = Duration::from_secs(1);
/// Frames put into one flush.
pub(crate) const FRAMES_PER_FLUSH: usize = 64;
/// Read buffer of a socket, in bytes: a stroke is below a hundred, and a hall of idle tablets must cost little memory.
const READ_BUFFER: usize = 512;
/// Largest frame read at all, in bytes. One that is only larger than it may be is answered with a code that says so.
const LARGEST_READ: usize = 4 * LARGEST_FRAME;

/// What the names of all versions of the protocol begin with.
const EVERY_VERSION: &str = "verksted.";

static CONNECTIONS: AtomicU64 = AtomicU64::new(1);

/// A name that no connection of this server has had.
pub(crate) fn new_connection() -> ConnectionId {
    ConnectionId(CONNECTIONS.fetch_add(1, Ordering::Relaxed))
}

/// How frames are read.
pub(crate) fn reading() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .max_message_size(Some(LARGEST_READ))
        .max_frame_size(Some(LARGEST_READ))
}

/// `GET /ws`: the door.
pub async fn open(State(state): State<AppState>, mut request: Request) -> Response {
    let (mut accepted, upgrading) = match way_in::accept(&mut request) {
        Ok(accepted) => accepted,
        Err(refused) => return refused.into_response(),
    };
    let headers = request.headers();
    if !is_own_page(headers, &state.base) {
        return ApiError::ForeignOrigin.into_response();
    }
    let Some((version, is_ours)) = version(headers).and_then(|version| {
        let is_ours = version == SUBPROTOCOL;
        Some((HeaderValue::from_str(version).ok()?, is_ours))
    }) else {
        return ApiError::OtherVersion.into_response();
    };
    accepted.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, version);
    let sockets = state.sockets.clone();
    tokio::spawn(sockets.track_future(async move {
        // Whoever goes before the answer is sent has no socket.
        if let Ok(upgraded) = upgrading.await {
            serve(upgraded, state, is_ours).await;
        }
    }));
    accepted
}

/// The version of the protocol the page speaks: this one if it can, or else another. To a page a refused request looks
/// like a server that is away, so a page of another version gets a socket, and is told over it.
fn version(headers: &HeaderMap) -> Option<&str> {
    let offers = headers.get_all(SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|offer| offer.to_str().ok());
    let offers = offers.flat_map(|offer| offer.split(',')).map(str::trim);
    offers.filter(|offer| offer.starts_with(EVERY_VERSION)).max_by_key(|offer| *offer == SUBPROTOCOL)
}

/// A socket carries what its page knows, so a page from elsewhere must not open one: the origin is the configured base,
/// or exactly the host that was asked.
pub(crate) fn is_own_page(headers: &HeaderMap, base: &str) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(ORIGIN) else { return false };
    let host = origin.split_once("://").map(|(_, host)| host);
    origin == base || (host.is_some() && host == text(HOST))
}

async fn serve(upgraded: Upgraded, state: AppState, is_ours: bool) {
    let (outbox, inbound) = connection();
    let way = Arc::clone(&inbound.way);
    let Some(mut stream) = way_in::listen(upgraded, &way, reading()).await else { return };
    if !is_ours {
        outbox.close(close::MALFORMED);
        write(inbound).await;
        farewell_answered(&mut stream).await;
        return way.close();
    }
    let id = new_connection();
    let metrics = Arc::clone(&state.registry.services().metrics);
    metrics.connections.inc();
    let greeted = tokio::select! {
        // In a box, to be given back once it is done: the socket lives for hours.
        greeted = Box::pin(greet(&mut stream, &state, id, outbox)) => greeted,
        // Whoever has not said who they are holds up no stop.
        () = state.stop.cancelled() => None,
    };
    let writing = write(inbound);
    tokio::pin!(writing);
    if let Some(Entrant { handle, pace, aside }) = greeted {
        let ended = tokio::select! {
            () = &mut writing => Ended::LetGo,
            ended = read(&mut stream, &state, &handle, id, &pace, &aside) => ended,
        };
        let _ = handle.ask(Ask::Leave(id)).await;
        match ended {
            Ended::LetGo => farewell_answered(&mut stream).await,
            Ended::Silent => drop(timeout(TAKES_WITHIN, writing).await),
            // The library has answered their farewell as it was read.
            Ended::Left => {}
        }
    } else {
        writing.await;
    }
    way.close();
    metrics.connections.dec();
}

/// Reads until the peer has answered the farewell: closing before that, or leaving unread what it has said meanwhile, would
/// cut the farewell off.
pub(crate) async fn farewell_answered(stream: &mut Incoming) {
    let answered = async { while let Some(Ok(_)) = stream.next().await {} };
    let _ = timeout(FAREWELL_WITHIN, answered).await;
}

/// Somebody who has been let in.
struct Entrant {
    handle: StreamHandle,
    /// How fast they may speak, with all the connections of their seat.
    pace: Arc<Mutex<Pace>>,
    aside: Aside,
}

/// How a connection ended.
enum Ended {
    /// The stream has let go of it.
    LetGo,
    /// Nothing more comes from the peer.
    Silent,
    /// The peer has said farewell.
    Left,
}

/// Waits for who this is and lets them in, or closes saying why not.
async fn greet(stream: &mut Incoming, state: &AppState, id: ConnectionId, outbox: Outbox) -> Option<Entrant> {
    let first = match timeout(HELLO_WITHIN, stream.next()).await {
        Ok(Some(Ok(Message::Text(text)))) => decode_client_text(&text),
        _ => Err(Malformed),
    };
    let Ok(ClientMessage::Hello { token, client, have }) = first else {
        outbox.close(close::MALFORMED);
        return None;
    };
    let (workshop, actor) = match state.access(&token) {
        Ok(access) => access,
        Err(refused) => {
            let later = refused == ApiError::Unavailable;
            outbox.close(if later { close::UNAVAILABLE } else { close::UNKNOWN_LINK });
            return None;
        }
    };
    tracing::debug!(workshop.id = %workshop, role = %actor.role, "connected");
    let aside = outbox.aside();
    let have = if client.is_some() { have } else { Seq(0) };
    let join = Join { connection: id, actor, client, signs: true, have, outbox };
    let handle = state.registry.join(&workshop, join).await.ok()?;
    let pace = handle.pace(&actor);
    Some(Entrant { handle, pace, aside })
}

async fn read(
    stream: &mut Incoming,
    state: &AppState,
    handle: &StreamHandle,
    id: ConnectionId,
    pace: &Mutex<Pace>,
    aside: &Aside,
) -> Ended {
    let metrics = &state.registry.services().metrics;
    let mut refusals = Allowance::of_refusals(Instant::now());
    while let Ok(Some(Ok(message))) = timeout(SILENT_AFTER, stream.next()).await {
        let length = match &message {
            Message::Text(text) => text.len(),
            Message::Binary(bytes) => bytes.len(),
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => continue,
            Message::Close(_) => {
                let _ = timeout(FAREWELL_WITHIN, stream.next()).await;
                return Ended::Left;
            }
        };
        let (now, close) = (Instant::now(), |code| Ask::Close { connection: id, code });
        let in_time = pace.lock().unwrap_or_else(PoisonError::into_inner).take(now, length);
        let ask = if length > LARGEST_FRAME {
            metrics.malformed_frames.inc();
            close(close::TOO_LARGE)
        } else if !in_time && !refusals.take(now) {
            // It does not so much as cost the work of being read.
            metrics.too_many.inc();
            close(close::TOO_MANY)
        } else {
            let decoded = match message {
                Message::Text(text) => decode_client_text(&text),
                Message::Binary(bytes) => decode_client_binary(&bytes),
                _ => continue,
            };
            match decoded {
                Ok(message) if in_time => Ask::Say { connection: id, message },
                Ok(message) => {
                    metrics.too_fast.inc();
                    // Answered here: a flood is not to fill the room's inbox.
                    match too_fast(&message).map_or(Ok(()), |answer| aside.send(answer)) {
                        Ok(()) => continue,
                        Err(TooSlow) => close(close::SLOW),
                    }
                }
                Err(Malformed) => {
                    metrics.malformed_frames.inc();
                    close(close::MALFORMED)
                }
            }
        };
        let over = matches!(ask, Ask::Close { .. });
        if handle.ask(ask).await.is_err() {
            break;
        }
        if over {
            // Nothing more counts; until the farewell has been said, it is still read, or it would be cut off.
            while let Ok(Some(Ok(_))) = timeout(FAREWELL_WITHIN, stream.next()).await {}
            break;
        }
    }
    Ended::Silent
}

/// The answer to a command that came too fast; what is never answered is only dropped.
fn too_fast(message: &ClientMessage) -> Option<Outgoing> {
    let (ClientMessage::Command { number, .. } | ClientMessage::Ballot { number, .. }) = message else { return None };
    let outcome = Outcome::from(Rejection::TooFast { limit: COMMANDS_PER_SECOND });
    Some(Outgoing::Text(encode_server(&ServerMessage::Answer { number: *number, outcome }).into()))
}

/// Writes what the stream has left to this task: many frames, one flush. Ends when the stream lets go of the connection
/// or the peer is gone.
async fn write(mut inbound: Inbound) {
    let way = Arc::clone(&inbound.way);
    let mut waiting = Vec::new();
    let mut ping = interval(PING_EVERY);
    ping.reset();
    loop {
        tokio::select! {
            biased;
            count = inbound.queue.recv_many(&mut waiting, FRAMES_PER_FLUSH) => {
                if count == 0 {
                    break;
                }
                waiting.drain(..).for_each(|outgoing| way.take(Said::Message(outgoing)));
            }
            Ok(()) = inbound.presence.changed() => {
                let latest = inbound.presence.borrow_and_update().clone();
                let Some(text) = latest else { continue };
                way.take(Said::Message(Outgoing::Text((*text).clone())));
            }
            _ = ping.tick() => way.take(Said::Ping),
            () = way.stuck() => {}
        }
        let nothing_waits = || inbound.queue.is_empty();
        if way.flush(nothing_waits).await.is_err() {
            return;
        }
    }
    way.take(Said::Close(inbound.farewell()));
    let _ = way.flush(|| false).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_found_among_whatever_else_a_page_offers() {
        let speaks = |offers: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for offer in offers {
                headers.append(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(offer));
            }
            version(&headers).map(str::to_owned)
        };
        assert!(SUBPROTOCOL.starts_with(EVERY_VERSION));
        for offers in [&[SUBPROTOCOL][..], &["other, verksted.1"], &["other", SUBPROTOCOL], &["verksted.1, verksted.2"]]
        {
            assert_eq!(speaks(offers).as_deref(), Some(SUBPROTOCOL), "{offers:?}");
        }
        assert_eq!(speaks(&["verksted.10"]).as_deref(), Some("verksted.10"));
        assert_eq!(speaks(&["verksted.1x, other"]).as_deref(), Some("verksted.1x"));
        assert!(speaks(&[]).is_none() && speaks(&["other"]).is_none());
    }

    #[test]
    fn only_the_servers_own_pages_open_sockets() {
        let asks = |origin: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_static("verksted.example:8080"));
            if let Some(origin) = origin {
                headers.insert(ORIGIN, HeaderValue::from_static(origin));
            }
            is_own_page(&headers, "https://verksted.example")
        };
        assert!(asks(Some("https://verksted.example")));
        assert!(asks(Some("http://verksted.example:8080")));
        for foreign in [None, Some("https://evil.example"), Some("http://verksted.example:8081"), Some("null")] {
            assert!(!asks(foreign), "{foreign:?}");
        }
    }
}
