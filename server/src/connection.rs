//! One client's way out: written to at once while it is free, and otherwise a bounded queue that nobody ever waits for.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use axum::body::Bytes;
use axum::extract::ws::Utf8Bytes;
use tokio::sync::{mpsc, watch};
use verksted_protocol::frame::Frame;
use verksted_protocol::message::close;

use crate::way_out::WayOut;

/// Frames a client may be behind. A frame holds a whole batch, so this is many seconds of a busy room; and it is more than
/// the answers to a burst ([`crate::rate::BURST`]), so that a tablet which sends all it kept while offline is not cut off.
pub const LONGEST_QUEUE: usize = 1024;

/// What a connection sends. Cloning shares the bytes, so each is encoded once however many get it.
#[derive(Clone, Debug)]
pub enum Outgoing {
    /// JSON.
    Text(Utf8Bytes),
    /// Writing in notes.
    Binary(Bytes),
}

impl From<Frame> for Outgoing {
    fn from(frame: Frame) -> Self {
        match frame {
            Frame::Text(text) => Self::Text(text.into()),
            Frame::Binary(bytes) => Self::Binary(bytes.into()),
        }
    }
}

/// Names a connection within its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId(pub u64);

/// The stream's end of a connection.
#[derive(Debug)]
pub struct Outbox {
    queue: mpsc::Sender<Outgoing>,
    presence: watch::Sender<Option<Arc<Utf8Bytes>>>,
    farewell: Arc<AtomicU16>,
    way: Arc<WayOut>,
}

/// A way to answer over a connection that does not keep it open: the socket's own, for what the stream has no part in.
#[derive(Clone, Debug)]
pub struct Aside {
    queue: mpsc::WeakSender<Outgoing>,
    way: Arc<WayOut>,
}

/// The socket's end.
#[derive(Debug)]
pub struct Inbound {
    /// What to send, in order.
    pub queue: mpsc::Receiver<Outgoing>,
    /// Who is here: only the latest counts, so it does not queue.
    pub presence: watch::Receiver<Option<Arc<Utf8Bytes>>>,
    farewell: Arc<AtomicU16>,
    /// Where to write, also for the stream while nothing waits. Without a socket everything queues.
    pub(crate) way: Arc<WayOut>,
}

/// The client reads slower than the room writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooSlow;

/// A new connection's two ends.
#[must_use]
pub fn connection() -> (Outbox, Inbound) {
    connection_of(LONGEST_QUEUE)
}

/// The same with room for another number of frames, for a simulation in which a reader stalls.
#[must_use]
pub fn connection_of(frames: usize) -> (Outbox, Inbound) {
    let (queue, incoming) = mpsc::channel(frames);
    let (presence, latest) = watch::channel(None);
    // Unless somebody says otherwise, a stream that lets go has ended.
    let farewell = Arc::new(AtomicU16::new(close::UNAVAILABLE));
    let way = Arc::new(WayOut::default());
    let inbound = Inbound { queue: incoming, presence: latest, farewell: Arc::clone(&farewell), way: Arc::clone(&way) };
    (Outbox { queue, presence, farewell, way }, inbound)
}

impl Aside {
    /// As [`Outbox::send`].
    pub fn send(&self, outgoing: Outgoing) -> Result<(), TooSlow> {
        match self.way.leave(|| self.queue.upgrade().map(|queue| queue.try_send(outgoing))) {
            Some(Err(mpsc::error::TrySendError::Full(_))) => Err(TooSlow),
            _ => Ok(()),
        }
    }
}

impl Outbox {
    /// A way beside the stream's.
    #[must_use]
    pub fn aside(&self) -> Aside {
        Aside { queue: self.queue.downgrade(), way: Arc::clone(&self.way) }
    }

    /// Queues a frame. A full queue is an error and not a wait; a client that is gone is neither.
    pub fn send(&self, outgoing: Outgoing) -> Result<(), TooSlow> {
        self.way.leave(|| self.enqueue(outgoing))
    }

    /// Sends all that is held: at once if nothing waits, without waking the socket's task; otherwise as [`Outbox::send`].
    pub fn send_at_once(&self, held: &mut VecDeque<Outgoing>) -> Result<(), TooSlow> {
        self.way.try_write(held);
        self.send_all(held)
    }

    /// As [`Outbox::send`], for all that is held.
    pub fn send_all(&self, held: &mut VecDeque<Outgoing>) -> Result<(), TooSlow> {
        if held.is_empty() {
            return Ok(());
        }
        self.way.leave(|| held.drain(..).try_for_each(|outgoing| self.enqueue(outgoing)))
    }

    fn enqueue(&self, outgoing: Outgoing) -> Result<(), TooSlow> {
        match self.queue.try_send(outgoing) {
            Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => Ok(()),
            Err(mpsc::error::TrySendError::Full(_)) => Err(TooSlow),
        }
    }

    /// Lets go: what is queued is still sent, then the socket is closed with `code`.
    pub fn close(self, code: u16) {
        self.farewell.store(code, Ordering::Relaxed);
    }

    /// Replaces what the client is to know about who is here.
    pub fn set_presence(&self, presence: Arc<Utf8Bytes>) {
        self.presence.send_replace(Some(presence));
    }
}

impl Inbound {
    /// The code to close with, once the queue has ended.
    #[must_use]
    pub fn farewell(&self) -> u16 {
        self.farewell.load(Ordering::Relaxed)
    }
}
