//! The socket: one task that reads into the state and writes what is queued.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::Error;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::{ORIGIN, SEC_WEBSOCKET_PROTOCOL};
use tokio_tungstenite::tungstenite::protocol::{Message, WebSocketConfig};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use tokio_util::task::AbortOnDropHandle;
use verksted_protocol::frame::{Frame, encode_client};
use verksted_protocol::message::{ClientMessage, PING_EVERY_MS, SUBPROTOCOL};

use super::replica::{Ended, State};
use super::{ANSWER_WITHIN, ClientError};

/// Frames that may wait to be written.
const LONGEST_QUEUE: usize = 256;
/// Read buffer, in bytes: a test has hundreds of clients, and the default would be 128 KiB for each.
const READ_BUFFER: usize = 8 * 1024;
/// Largest frame taken, in bytes: a snapshot of a long meeting is a single one.
const LARGEST_FRAME: usize = 64 << 20;

/// A way to the server. Dropping it drops the socket.
pub(super) struct Line {
    frames: mpsc::Sender<Frame>,
    task: AbortOnDropHandle<()>,
}

impl Line {
    pub(super) async fn send(&self, frame: Frame) -> Result<(), ()> {
        self.frames.send(frame).await.map_err(|_| ())
    }

    pub(super) fn cut(&self) {
        self.task.abort();
    }
}

/// Connects, says who this is (the page load of `state` if it has been here before) and waits until the room is here.
pub(super) async fn open(base: &str, token: &str, state: &Arc<watch::Sender<State>>) -> Result<Line, ClientError> {
    let socket = timeout(ANSWER_WITHIN, dial(base)).await.map_err(|_| ClientError::Late(ANSWER_WITHIN))??;
    let hello = {
        let state = state.borrow();
        ClientMessage::Hello { token: token.to_owned(), client: state.page, have: state.have }
    };
    // What is told from here on belongs to the new socket.
    state.send_modify(|state| {
        state.ended = None;
        state.you = None;
    });
    let (frames, queue) = mpsc::channel(LONGEST_QUEUE);
    let _ = frames.try_send(encode_client(&hello));
    let task = AbortOnDropHandle::new(tokio::spawn(carry(socket, queue, Arc::clone(state))));
    let mut changes = state.subscribe();
    let here = |state: &State| state.you.is_some() && state.have.0 > 0;
    let arrived = timeout(ANSWER_WITHIN, changes.wait_for(|state| here(state) || state.ended.is_some())).await;
    let arrived = arrived.map_err(|_| ClientError::Late(ANSWER_WITHIN))?;
    match arrived.ok().and_then(|state| state.ended) {
        Some(ended) => Err(ClientError::Ended(ended)),
        None => Ok(Line { frames, task }),
    }
}

async fn dial(base: &str) -> Result<WebSocketStream<TcpStream>, ClientError> {
    let refused = |error: Error| ClientError::Refused(Arc::new(error));
    let host = base.strip_prefix("http://").ok_or(ClientError::Address)?;
    let mut request = format!("ws://{host}/ws").into_client_request().map_err(refused)?;
    let origin = HeaderValue::from_str(base).map_err(|_| ClientError::Address)?;
    request.headers_mut().insert(ORIGIN, origin);
    request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    let stream = TcpStream::connect(host).await.map_err(|error| refused(error.into()))?;
    stream.set_nodelay(true).map_err(|error| refused(error.into()))?;
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .max_frame_size(Some(LARGEST_FRAME))
        .max_message_size(Some(LARGEST_FRAME));
    let (socket, _) = client_async_with_config(request, stream, Some(config)).await.map_err(refused)?;
    Ok(socket)
}

async fn carry(
    mut socket: WebSocketStream<TcpStream>,
    mut queue: mpsc::Receiver<Frame>,
    state: Arc<watch::Sender<State>>,
) {
    let mut ping = interval(Duration::from_millis(PING_EVERY_MS));
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ping.reset();
    let ended = loop {
        tokio::select! {
            message = socket.next() => match heard(message) {
                Ok(Some(frame)) => {
                    let mut taken = Ok(());
                    state.send_modify(|state| taken = state.take(frame));
                    if let Err(ended) = taken {
                        break ended;
                    }
                }
                Ok(None) => {}
                Err(ended) => break ended,
            },
            frame = queue.recv() => {
                let Some(frame) = frame else { break Ended::HungUp };
                if socket.send(written(frame)).await.is_err() {
                    break Ended::HungUp;
                }
            }
            _ = ping.tick() => {
                if socket.send(written(encode_client(&ClientMessage::Ping))).await.is_err() {
                    break Ended::HungUp;
                }
            }
        }
    };
    state.send_modify(|state| state.ended = Some(ended));
}

fn heard(message: Option<Result<Message, Error>>) -> Result<Option<Frame>, Ended> {
    match message {
        Some(Ok(Message::Text(text))) => Ok(Some(Frame::Text(text.as_str().to_owned()))),
        Some(Ok(Message::Binary(bytes))) => Ok(Some(Frame::Binary(bytes.to_vec()))),
        Some(Ok(Message::Close(Some(close)))) => Err(Ended::Closed(close.code.into())),
        Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Ok(None),
        Some(Ok(Message::Close(None)) | Err(_)) | None => Err(Ended::HungUp),
    }
}

fn written(frame: Frame) -> Message {
    match frame {
        Frame::Text(text) => Message::Text(text.into()),
        Frame::Binary(bytes) => Message::Binary(bytes.into()),
    }
}
