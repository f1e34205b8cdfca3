//! The simulated lines between pages and the server, in place of websockets: each carries frames in order, both ways, and
//! takes time. The server's end does what `server/src/socket.rs` does.

use std::sync::{Arc, Mutex};

use tokio::time::Instant;
use verksted_protocol::frame::{Frame, Malformed, decode_client_binary, decode_client_text, encode_server};
use verksted_protocol::ids::Seq;
use verksted_protocol::message::{ClientMessage, Outcome, ServerMessage, close};
use verksted_protocol::rejection::Rejection;
use verksted_protocol::role::Actor;
use verksted_server::connection::{Aside, ConnectionId, Inbound, Outbox, Outgoing, connection_of};
use verksted_server::rate::{Allowance, COMMANDS_PER_SECOND, Pace};
use verksted_server::stream::{Ask, Join, StreamHandle};

use crate::plan::Dice;

/// One line.
pub(crate) struct Line {
    pub(crate) id: ConnectionId,
    /// Whose.
    pub(crate) page: usize,
    pub(crate) actor: Actor,
    /// Whether the page still reads from it and writes to it.
    pub(crate) held: bool,
    /// Whether what the server sends still arrives.
    pub(crate) carries_down: bool,
    /// Whether what the page sends still arrives.
    pub(crate) carries_up: bool,
    /// When what was sent last arrives, each way.
    pub(crate) last: [u64; 2],
    /// How long frames take.
    pub(crate) dice: Dice,
    end: End,
}

/// The server's end.
enum End {
    /// Nobody has said who it is.
    Fresh(Outbox, Inbound),
    /// Let in.
    Met(StreamHandle, Inbound, Arc<Mutex<Pace>>, Box<Allowance>, Aside),
    /// Gone.
    Gone,
}

/// What comes out of the server's end.
pub(crate) enum Out {
    Frame(Frame),
    Closed(u16),
}

impl Line {
    pub(crate) fn new(id: u64, page: usize, actor: Actor, queue: usize, dice: Dice) -> Self {
        let (outbox, inbound) = connection_of(queue);
        let end = End::Fresh(outbox, inbound);
        let id = ConnectionId(id);
        Self { id, page, actor, held: true, carries_down: true, carries_up: true, last: [0; 2], dice, end }
    }

    /// A frame from the page is here. `stream` is asked for when it is the first.
    pub(crate) async fn hear(&mut self, frame: Frame, stream: impl FnOnce() -> StreamHandle) {
        let decoded = match &frame {
            Frame::Text(text) => decode_client_text(text),
            Frame::Binary(bytes) => decode_client_binary(bytes),
        };
        let connection = self.id;
        match std::mem::replace(&mut self.end, End::Gone) {
            End::Fresh(outbox, inbound) => {
                let Ok(ClientMessage::Hello { client, have, .. }) = decoded else {
                    outbox.close(close::MALFORMED);
                    return;
                };
                let (handle, aside) = (stream(), outbox.aside());
                let have = if client.is_some() { have } else { Seq(0) };
                let join = Join { connection, actor: self.actor, client, signs: true, have, outbox };
                // A stream that has just ended closes the queue, which shows at the page.
                let _ = handle.ask(Ask::Join(join)).await;
                let pace = handle.pace(&self.actor);
                self.end = End::Met(handle, inbound, pace, Box::new(Allowance::of_refusals(Instant::now())), aside);
            }
            End::Met(handle, inbound, pace, mut refusals, aside) => {
                let length = match &frame {
                    Frame::Text(text) => text.len(),
                    Frame::Binary(bytes) => bytes.len(),
                };
                let now = Instant::now();
                let in_time = pace.lock().expect("a pace").take(now, length);
                let ask = match decoded {
                    _ if !in_time && !refusals.take(now) => Some(Ask::Close { connection, code: close::TOO_MANY }),
                    Ok(message) if !in_time => {
                        let told = too_fast(&message).map_or(Ok(()), |answer| aside.send(answer));
                        told.is_err().then_some(Ask::Close { connection, code: close::SLOW })
                    }
                    Ok(message) => Some(Ask::Say { connection, message }),
                    Err(Malformed) => Some(Ask::Close { connection, code: close::MALFORMED }),
                };
                if let Some(ask) = ask {
                    let _ = handle.ask(ask).await;
                }
                self.end = End::Met(handle, inbound, pace, refusals, aside);
            }
            End::Gone => {}
        }
    }

    /// What the server has put into the queue.
    pub(crate) fn drain(&mut self) -> Vec<Out> {
        let mut out = Vec::new();
        let End::Met(_, inbound, ..) = &mut self.end else { return out };
        loop {
            match inbound.queue.try_recv() {
                Ok(Outgoing::Text(text)) => out.push(Out::Frame(Frame::Text(text.as_str().to_owned()))),
                Ok(Outgoing::Binary(bytes)) => out.push(Out::Frame(Frame::Binary(bytes.to_vec()))),
                Err(tokio::sync::mpsc::error::TryRecvError::Empty) => break,
                Err(tokio::sync::mpsc::error::TryRecvError::Disconnected) => {
                    out.push(Out::Closed(inbound.farewell()));
                    break;
                }
            }
        }
        out
    }

    /// The server learns that the other end is gone, or has itself let go.
    pub(crate) async fn leave(&mut self) {
        if let End::Met(handle, ..) = std::mem::replace(&mut self.end, End::Gone) {
            let _ = handle.ask(Ask::Leave(self.id)).await;
        }
    }

    /// The server's process is no more.
    pub(crate) fn die(&mut self) {
        self.end = End::Gone;
        self.carries_up = false;
    }

    /// Whether it carries both ways.
    pub(crate) fn is_whole(&self) -> bool {
        self.carries_up && self.carries_down && self.is_met()
    }

    /// Whether the server still has its end.
    pub(crate) fn is_met(&self) -> bool {
        !matches!(self.end, End::Gone)
    }
}

fn too_fast(message: &ClientMessage) -> Option<Outgoing> {
    let (ClientMessage::Command { number, .. } | ClientMessage::Ballot { number, .. }) = message else { return None };
    let outcome = Outcome::from(Rejection::TooFast { limit: COMMANDS_PER_SECOND });
    Some(Outgoing::Text(encode_server(&ServerMessage::Answer { number: *number, outcome }).into()))
}
