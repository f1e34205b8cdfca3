//! One websocket: checked at the door, then reading and writing side by side in one task.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use futures_util::stream::SplitStream;
use tokio::time::{interval, timeout};
use verksted_protocol::frame::{Malformed, decode_client_binary, decode_client_text};
use verksted_protocol::ids::Seq;
use verksted_protocol::message::{ClientMessage, LARGEST_FRAME, Outcome, SUBPROTOCOL, ServerMessage, close};
use verksted_protocol::rejection::Rejection;

use crate::connection::{ConnectionId, Inbound, Outbox, connection};
use crate::error::ApiError;
use crate::http::AppState;
use crate::log::LARGEST_SNAPSHOT;
use crate::rate::{Allowance, COMMANDS_PER_SECOND};
use crate::stream::{Ask, Join, StreamHandle};

/// How long a new socket may wait before it says who it is.
const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// How often the server pings; the browser answers by itself.
pub(crate) const PING_EVERY: Duration = Duration::from_secs(20);
/// A peer that has said nothing for this long, not even answered pings, is gone.
pub(crate) const SILENT_AFTER: Duration = Duration::from_secs(60);
/// How long one flush to a peer may take before it is let go.
pub(crate) const FLUSH_WITHIN: Duration = Duration::from_secs(10);
/// How long a peer may take to answer the farewell.
pub(crate) const FAREWELL_WITHIN: Duration = Duration::from_secs(1);
/// Frames put into one flush.
pub(crate) const FRAMES_PER_FLUSH: usize = 64;
/// Read buffer of a socket, in bytes: axum's default of 128 KiB would cost a hall of idle tablets its memory.
pub(crate) const READ_BUFFER: usize = 4 * 1024;
/// Bytes gathered before they are handed to the network, in bytes.
pub(crate) const WRITE_BUFFER: usize = 16 * 1024;
/// Bytes a peer may leave unread: a frame larger than this cannot be sent at all, and the largest holds a whole workshop.
const LARGEST_WRITE_BUFFER: usize = LARGEST_SNAPSHOT + WRITE_BUFFER;

static CONNECTIONS: AtomicU64 = AtomicU64::new(1);

/// A name that no connection of this server has had.
pub(crate) fn new_connection() -> ConnectionId {
    ConnectionId(CONNECTIONS.fetch_add(1, Ordering::Relaxed))
}

/// `GET /ws`: the door.
pub async fn open(State(state): State<AppState>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    if !is_own_page(&headers, &state.base) {
        return ApiError::ForeignOrigin.into_response();
    }
    let mut upgrade = upgrade.protocols([SUBPROTOCOL]);
    if upgrade.selected_protocol().is_none() {
        return ApiError::OtherVersion.into_response();
    }
    upgrade = upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(LARGEST_WRITE_BUFFER)
        .max_message_size(LARGEST_FRAME)
        .max_frame_size(LARGEST_FRAME);
    let sockets = state.sockets.clone();
    upgrade.on_upgrade(move |socket| sockets.track_future(serve(socket, state)))
}

/// A socket carries what its page knows, so a page from elsewhere must not open one: the origin is the configured base,
/// or exactly the host that was asked.
pub(crate) fn is_own_page(headers: &HeaderMap, base: &str) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(ORIGIN) else { return false };
    let host = origin.split_once("://").map(|(_, host)| host);
    origin == base || (host.is_some() && host == text(HOST))
}

async fn serve(socket: WebSocket, state: AppState) {
    let (sink, mut stream) = socket.split();
    let (outbox, inbound) = connection();
    inbound.way.open(Box::new(sink));
    let id = new_connection();
    let metrics = Arc::clone(&state.registry.services().metrics);
    metrics.connections.inc();
    let greeted = tokio::select! {
        greeted = greet(&mut stream, &state, id, outbox) => greeted,
        // Whoever has not said who they are holds up no stop.
        () = state.stop.cancelled() => None,
    };
    let writing = write(inbound);
    tokio::pin!(writing);
    if let Some(handle) = greeted {
        let let_go = tokio::select! {
            () = &mut writing => true,
            () = read(&mut stream, &state, &handle, id) => false,
        };
        let _ = handle.ask(Ask::Leave(id)).await;
        if let_go {
            // Until the peer has answered the farewell, closing would cut it off.
            let answered = async { while let Some(Ok(_)) = stream.next().await {} };
            let _ = timeout(FAREWELL_WITHIN, answered).await;
        } else {
            let _ = timeout(FLUSH_WITHIN, writing).await;
        }
    } else {
        writing.await;
    }
    metrics.connections.dec();
}

/// Waits for who this is and lets them in, or closes saying why not.
async fn greet(
    stream: &mut SplitStream<WebSocket>,
    state: &AppState,
    id: ConnectionId,
    outbox: Outbox,
) -> Option<StreamHandle> {
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
        Err(ApiError::Unavailable) => {
            outbox.close(close::UNAVAILABLE);
            return None;
        }
        Err(_) => {
            outbox.close(close::UNKNOWN_LINK);
            return None;
        }
    };
    tracing::debug!(workshop.id = %workshop, role = %actor.role, "connected");
    let handle = state.registry.stream(&workshop);
    let join = Join { connection: id, actor, client, have: if client.is_some() { have } else { Seq(0) }, outbox };
    handle.ask(Ask::Join(join)).await.ok()?;
    Some(handle)
}

async fn read(stream: &mut SplitStream<WebSocket>, state: &AppState, handle: &StreamHandle, id: ConnectionId) {
    let metrics = &state.registry.services().metrics;
    let mut allowance = Allowance::new(Instant::now());
    while let Ok(Some(Ok(message))) = timeout(SILENT_AFTER, stream.next()).await {
        let decoded = match message {
            Message::Text(text) => decode_client_text(&text),
            Message::Binary(bytes) => decode_client_binary(&bytes),
            Message::Ping(_) | Message::Pong(_) => continue,
            Message::Close(_) => break,
        };
        let ask = match decoded {
            Ok(message) if !allowance.take(Instant::now()) => {
                metrics.too_fast.inc();
                let Some(answer) = too_fast(&message) else { continue };
                Ask::Tell { connection: id, message: answer }
            }
            Ok(message) => Ask::Say { connection: id, message },
            Err(Malformed) => {
                metrics.malformed_frames.inc();
                Ask::Close { connection: id, code: close::MALFORMED }
            }
        };
        if handle.ask(ask).await.is_err() {
            break;
        }
    }
}

/// The answer to a command that came too fast; what is never answered is only dropped.
fn too_fast(message: &ClientMessage) -> Option<ServerMessage> {
    let (ClientMessage::Command { number, .. } | ClientMessage::Ballot { number, .. }) = message else { return None };
    let outcome = Outcome::from(Rejection::TooFast { limit: COMMANDS_PER_SECOND });
    Some(ServerMessage::Answer { number: *number, outcome })
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
                for outgoing in waiting.drain(..) {
                    if !fed(way.feed(outgoing.into())).await {
                        return;
                    }
                }
            }
            Ok(()) = inbound.presence.changed() => {
                let latest = inbound.presence.borrow_and_update().clone();
                let Some(text) = latest else { continue };
                if !fed(way.feed(Message::Text((*text).clone()))).await {
                    return;
                }
            }
            _ = ping.tick() => {
                if !fed(way.feed(Message::Ping(axum::body::Bytes::new()))).await {
                    return;
                }
            }
            () = way.stuck() => {}
        }
        let nothing_waits = || inbound.queue.is_empty();
        if !fed(way.flush(nothing_waits)).await {
            return;
        }
    }
    let farewell = Message::Close(Some(CloseFrame { code: inbound.farewell(), reason: "".into() }));
    if fed(way.feed(farewell)).await {
        fed(way.flush(|| false)).await;
    }
}

/// Whether the peer took it in time.
async fn fed(sending: impl Future<Output = Result<(), axum::Error>>) -> bool {
    matches!(timeout(FLUSH_WITHIN, sending).await, Ok(Ok(())))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

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
