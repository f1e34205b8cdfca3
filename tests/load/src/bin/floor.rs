//! The floor: what it costs to pass a frame on to the others of a room and do nothing else. No decoding, no state but
//! the first whole text that somebody sends, no disk; one bounded queue and one task for each client, one send for each frame.

use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::any;
use axum::serve::ListenerExt;
use dashmap::DashMap;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpSocket;
use tokio::sync::mpsc;

/// Read buffer of a socket, in bytes; axum's own 128 KiB would make the floor slower and larger than it need be.
const READ_BUFFER: usize = 4 * 1024;
/// Connections that may wait to be accepted.
const WAITING_AT_THE_DOOR: u32 = 4096;
/// Frames a client may be behind before it misses some.
const LONGEST_QUEUE: usize = 1024;
/// A frame of at least so many bytes is a whole text, and newcomers get it.
const WHOLE_TEXT: usize = 1024;
/// y-websocket: what do you have; and the answer that it is nothing.
const ASKED: [u8; 2] = [0, 0];
const NOTHING: [u8; 5] = [0, 1, 2, 0, 0];

#[derive(Default)]
struct Room {
    clients: RwLock<Vec<(u64, mpsc::Sender<Bytes>)>>,
    whole: RwLock<Option<Bytes>>,
}

type Rooms = Arc<DashMap<String, Arc<Room>>>;

static CLIENTS: AtomicU64 = AtomicU64::new(1);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(([127, 0, 0, 1], 0).into())?;
    let listener = socket.listen(WAITING_AT_THE_DOOR)?;
    writeln!(std::io::stdout(), "The floor listens on http://{}", listener.local_addr()?)?;
    let listener = listener.tap_io(|socket| drop(socket.set_nodelay(true)));
    let router = Router::new().route("/{room}", any(open)).with_state(Rooms::default());
    Ok(axum::serve(listener, router).await?)
}

async fn open(State(rooms): State<Rooms>, Path(room): Path<String>, upgrade: WebSocketUpgrade) -> Response {
    let room = Arc::clone(&rooms.entry(room).or_default());
    upgrade.read_buffer_size(READ_BUFFER).on_upgrade(move |socket| serve(socket, room))
}

async fn serve(socket: WebSocket, room: Arc<Room>) {
    let (mut sink, mut stream) = socket.split();
    let (queue, mut queued) = mpsc::channel(LONGEST_QUEUE);
    let id = CLIENTS.fetch_add(1, Ordering::Relaxed);
    room.clients.write().unwrap_or_else(PoisonError::into_inner).push((id, queue.clone()));
    let writing = tokio::spawn(async move {
        while let Some(frame) = queued.recv().await {
            if sink.send(Message::Binary(frame)).await.is_err() {
                return;
            }
        }
    });
    while let Some(Ok(message)) = stream.next().await {
        let Message::Binary(frame) = message else { continue };
        if frame.starts_with(&ASKED) {
            let whole = room.whole.read().unwrap_or_else(PoisonError::into_inner).clone();
            let _ = queue.try_send(whole.unwrap_or(Bytes::from_static(&NOTHING)));
            continue;
        }
        if frame.len() >= WHOLE_TEXT {
            // The same bytes as the answer to a newcomer: only the kind of the message differs.
            let mut whole = frame.to_vec();
            whole[1] = NOTHING[1];
            *room.whole.write().unwrap_or_else(PoisonError::into_inner) = Some(whole.into());
        }
        for (other, queue) in room.clients.read().unwrap_or_else(PoisonError::into_inner).iter() {
            if *other != id {
                let _ = queue.try_send(frame.clone());
            }
        }
    }
    room.clients.write().unwrap_or_else(PoisonError::into_inner).retain(|(other, _)| *other != id);
    writing.abort();
}
