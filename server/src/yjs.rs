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

use std::sync::Arc;

use axum::extract::{Path, Query, Request, State};
use axum::http::header::ORIGIN;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use hyper::upgrade::Upgraded;
use serde::Deserialize;
use tokio::time::{Instant, interval, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::protocol::Message;
use verksted_protocol::message::close;
use verksted_protocol::ysync::YMessage;

use crate::connection::{Inbound, Outgoing};
use crate::error::ApiError;
use crate::http::{AppState, bearer};
use crate::socket::{
    FAREWELL_WITHIN, FRAMES_PER_FLUSH, PING_EVERY, SILENT_AFTER, farewell_answered, is_own_page, reading,
};
use crate::way_in::{self, Incoming};
use crate::way_out::{Said, WayOut};

use bridge::{Bridge, Closing};

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
    mut request: Request,
) -> Response {
    let (accepted, upgrading) = match way_in::accept(&mut request) {
        Ok(accepted) => accepted,
        Err(refused) => return refused.into_response(),
    };
    let headers = request.headers();
    if headers.contains_key(ORIGIN) && !is_own_page(headers, &state.base) {
        return ApiError::ForeignOrigin.into_response();
    }
    let token = asked.token.or_else(|| bearer(headers).map(str::to_owned)).unwrap_or_default();
    let sockets = state.sockets.clone();
    tokio::spawn(sockets.track_future(async move {
        // Whoever goes before the answer is sent has no socket.
        let Ok(upgraded) = upgrading.await else { return };
        let connections = state.registry.services().metrics.connections.clone();
        connections.inc();
        serve(upgraded, &state, &token, &workshop, &note).await;
        connections.dec();
    }));
    accepted
}

async fn serve(upgraded: Upgraded, state: &AppState, token: &str, workshop: &str, note: &str) {
    // The editor's own way out. The stream writes to the bridge instead, which turns it into what editors understand.
    let way = Arc::new(WayOut::default());
    let Some(mut stream) = way_in::listen(upgraded, &way, reading()).await else { return };
    let ended = match Bridge::open(state, token, workshop, note).await {
        Ok((mut bridge, inbound)) => {
            let ended = carry(&way, &mut stream, &mut bridge, inbound).await;
            bridge.leave().await;
            ended
        }
        Err(code) => Ended::Closed(code),
    };
    match ended {
        Ended::Gone => {}
        Ended::Left => drop(timeout(FAREWELL_WITHIN, stream.next()).await),
        Ended::Closed(code) => {
            way.take(Said::Close(code));
            if way.flush(|| false).await.is_ok() {
                farewell_answered(&mut stream).await;
            }
        }
    }
    way.close();
}

/// How it ended.
enum Ended {
    /// The peer is gone, or takes nothing more.
    Gone,
    /// The peer has said farewell, which the library answers when it is read on.
    Left,
    /// The peer is to be told, by this code.
    Closed(u16),
}

/// Carries messages both ways until one side has had enough. Nothing is read while the peer does not take what it is sent,
/// so it can make no more wait than one answer; what the room says meanwhile has its own bounded queue.
async fn carry(way: &WayOut, stream: &mut Incoming, bridge: &mut Bridge<'_>, mut inbound: Inbound) -> Ended {
    let mut waiting = Vec::with_capacity(FRAMES_PER_FLUSH);
    let mut beat = interval(PING_EVERY);
    beat.reset();
    let mut heard = Instant::now();
    let mut people_due = None;
    let mut step = Ok(());
    loop {
        for bytes in bridge.out.drain(..) {
            way.take(Said::Message(Outgoing::Binary(bytes.into())));
        }
        if way.flush(|| false).await.is_err() {
            return Ended::Gone;
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
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Ok(()),
                    Some(Ok(Message::Text(_))) => Err(bridge.malformed()),
                    Some(Err(Error::Capacity(_))) => Err(bridge.too_large()),
                    // A broken line, to which the farewell does no harm, or no frame at all.
                    Some(Err(_)) => return Ended::Closed(close::MALFORMED),
                    Some(Ok(Message::Close(_))) => return Ended::Left,
                    None => return Ended::Gone,
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
                way.take(Said::Ping);
                Ok(())
            }
            // An answer to a ping did not get through at once.
            () = way.stuck() => Ok(()),
        };
    }
}

/// The stream is gone, or what was asked of it makes no sense any more.
const UNAVAILABLE: Closing = Closing(close::UNAVAILABLE);
