//! `GET /yjs/{workshop}/{note}`: one note for other people's Yjs editors, in the plain y-websocket protocol
//! ([`verksted_protocol::ysync`]), under the same links and the same log as everything else.
//!
//! The token of the link comes as `?token=` (`params` of y-websocket) or as `Authorization: Bearer`. A browser's origin
//! must be the server's own, as at `/ws`; a program names none, and its token is enough. The editor binds to the text
//! `t` of its document (`doc.getText('t')`), plain and without formatting. A member edits the notes of their own group;
//! whoever else sees the note may follow. The editor's own client id becomes a page of the seat with the first writing
//! signed by it. Writing that is refused is answered with *permission denied*, the reason, and close code 4403: the
//! editor's document then holds what the room does not have, and must be thrown away.

mod bridge;
pub mod people;

use std::time::Instant;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::ORIGIN;
use axum::response::{IntoResponse, Response};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use tokio::time::{interval, sleep_until, timeout};
use verksted_protocol::message::{LARGEST_FRAME, close};
use verksted_protocol::ysync::YMessage;

use crate::connection::Inbound;
use crate::error::ApiError;
use crate::http::{AppState, bearer};
use crate::socket::{
    FAREWELL_WITHIN, FLUSH_WITHIN, FRAMES_PER_FLUSH, PING_EVERY, READ_BUFFER, SILENT_AFTER, WRITE_BUFFER, is_own_page,
};

use bridge::{Bridge, Closing};

/// Bytes a peer may leave unread: the document of one note, what was written since, and room to spare.
const LARGEST_WRITE_BUFFER: usize = 1 << 20;

/// What stands after the `?`.
#[derive(Deserialize)]
pub struct Asked {
    /// The secret of the link.
    #[serde(default)]
    token: Option<String>,
}

/// The door. Whoever may not come in is told by a close code, which editors understand better than a refused upgrade.
pub async fn open(
    State(state): State<AppState>,
    Path((workshop, note)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if headers.contains_key(ORIGIN) && !is_own_page(&headers, &state.base) {
        return ApiError::ForeignOrigin.into_response();
    }
    let token = asked.token.or_else(|| bearer(&headers).map(str::to_owned)).unwrap_or_default();
    let upgrade = upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(LARGEST_WRITE_BUFFER)
        .max_message_size(LARGEST_FRAME)
        .max_frame_size(LARGEST_FRAME);
    let sockets = state.sockets.clone();
    upgrade.on_upgrade(move |socket| {
        sockets.track_future(async move {
            let connections = state.registry.services().metrics.connections.clone();
            connections.inc();
            serve(socket, &state, &token, &workshop, &note).await;
            connections.dec();
        })
    })
}

async fn serve(socket: WebSocket, state: &AppState, token: &str, workshop: &str, note: &str) {
    let (mut sink, mut stream) = socket.split();
    let ended = match Bridge::open(state, token, workshop, note).await {
        Ok((mut bridge, inbound)) => {
            let ended = carry(&mut sink, &mut stream, &mut bridge, inbound).await;
            bridge.leave().await;
            ended
        }
        Err(code) => Ended::Closed(code),
    };
    let Ended::Closed(code) = ended else { return };
    let farewell = Message::Close(Some(CloseFrame { code, reason: "".into() }));
    if timeout(FLUSH_WITHIN, sink.send(farewell)).await.is_ok() {
        // Until the peer has answered the farewell, closing would cut it off.
        let answered = async { while let Some(Ok(_)) = stream.next().await {} };
        let _ = timeout(FAREWELL_WITHIN, answered).await;
    }
}

/// How it ended.
enum Ended {
    /// The peer is gone.
    Gone,
    /// The peer is to be told, by this code.
    Closed(u16),
}

/// Carries messages both ways until one side has had enough.
async fn carry(
    sink: &mut SplitSink<WebSocket, Message>,
    stream: &mut SplitStream<WebSocket>,
    bridge: &mut Bridge<'_>,
    mut inbound: Inbound,
) -> Ended {
    let mut waiting = Vec::with_capacity(FRAMES_PER_FLUSH);
    let mut beat = interval(PING_EVERY);
    beat.reset();
    let mut heard = Instant::now();
    let mut people_due = None;
    let mut step = Ok(());
    loop {
        if !bridge.out.is_empty() {
            for bytes in bridge.out.drain(..) {
                if !fed(sink.feed(Message::Binary(bytes.into()))).await {
                    return Ended::Gone;
                }
            }
            if !fed(sink.flush()).await {
                return Ended::Gone;
            }
        }
        if let Err(Closing(code)) = step {
            return Ended::Closed(code);
        }
        let people = async {
            match people_due {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        step = tokio::select! {
            // What the room answers comes before what the editor says next.
            biased;
            count = inbound.queue.recv_many(&mut waiting, FRAMES_PER_FLUSH) => {
                if count == 0 {
                    Err(Closing(inbound.farewell()))
                } else {
                    bridge.tell_all(&mut waiting).await
                }
            }
            message = stream.next() => {
                heard = Instant::now();
                match message {
                    Some(Ok(Message::Binary(bytes))) => bridge.hear(&bytes).await,
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
                    Some(Ok(Message::Text(_))) => Err(bridge.malformed()),
                    // Too large a frame, or a broken line, to which the farewell does no harm.
                    Some(Err(_)) => return Ended::Closed(close::MALFORMED),
                    Some(Ok(Message::Close(_))) | None => return Ended::Gone,
                }
            }
            () = bridge.people_changed(), if people_due.is_none() => {
                people_due = Some(people::next_tick());
                Ok(())
            }
            () = people => {
                people_due = None;
                bridge.tell_people();
                Ok(())
            }
            _ = beat.tick() => {
                if heard.elapsed() > SILENT_AFTER {
                    return Ended::Gone;
                }
                // Editors that hear no message for half a minute think the line is dead; pings are hidden from them.
                bridge.out.push(YMessage::Awareness(vec![]).encode());
                if !fed(sink.feed(Message::Ping(axum::body::Bytes::new()))).await {
                    return Ended::Gone;
                }
                Ok(())
            }
        };
    }
}

/// Whether the peer took it in time.
async fn fed(sending: impl Future<Output = Result<(), axum::Error>>) -> bool {
    matches!(timeout(FLUSH_WITHIN, sending).await, Ok(Ok(())))
}

/// The stream is gone, or what was asked of it makes no sense any more.
const UNAVAILABLE: Closing = Closing(close::UNAVAILABLE);
