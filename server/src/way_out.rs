//! The way out of one socket. Whoever has something to say and finds it free writes at once, without waking anybody;
//! what does not get through, and what is said while it is not free, is left to the socket's own task. Either writes all
//! that waits in one call, from the very bytes that everyone else is sent.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use crate::connection::Outgoing;

/// How long a peer may take nothing of what waits for it before it is let go of. A slow line may need minutes for a snapshot,
/// but some kilobytes a second show within this.
pub(crate) const TAKES_WITHIN: Duration = Duration::from_secs(20);
/// Most frames of one write, in frames; each is two pieces of memory, and the system takes 1,024 of them.
const FRAMES_PER_WRITE: usize = 64;
/// What waits is copied into one piece when it is at most so many bytes: cheaper than telling the system where each lies.
const COPIED: usize = 512;
/// Frames that may wait when an answer to a ping is added, in frames. Whoever asks again and again without reading the
/// answers is owed no more.
const MOST_BEFORE_PONG: usize = 64;
/// A queue that has held more than so many frames is given back when it is empty: most sockets are idle most of the time.
const KEPT_ROOM: usize = 8;
/// Longest header of a frame from a server, in bytes.
const LONGEST_HEAD: usize = 10;
/// This frame is a whole message.
const WHOLE: u8 = 0x80;
/// The length is in the next two bytes.
const IN_TWO: u8 = 126;
/// The length is in the next eight bytes.
const IN_EIGHT: u8 = 127;

/// See the module. Shared by the stream, which says most, and the socket's task.
#[derive(Debug, Default)]
pub struct WayOut {
    inner: Mutex<Inner>,
    stuck: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    half: Option<Arc<OwnedWriteHalf>>,
    unsent: VecDeque<Wire>,
    /// Bytes the peer has taken so far.
    taken: u64,
    /// Nothing waits anywhere: what is written now is next in order.
    free: bool,
    /// The farewell is the last thing said.
    ended: bool,
}

/// What goes to a client.
#[derive(Debug)]
pub(crate) enum Said {
    /// What the stream sends.
    Message(Outgoing),
    /// Are you there?
    Ping,
    /// Farewell, with the reason.
    Close(u16),
}

/// Bytes on their way: a header and what it announces.
#[derive(Debug)]
struct Wire {
    head: [u8; LONGEST_HEAD],
    head_length: usize,
    body: Bytes,
    sent: usize,
}

impl WayOut {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives it the socket. It is free once the task has said so.
    pub(crate) fn open(&self, half: OwnedWriteHalf) {
        self.inner().half = Some(Arc::new(half));
    }

    /// Lets go of the socket.
    pub(crate) fn close(&self) {
        *self.inner() = Inner { ended: true, ..Inner::default() };
    }

    /// Takes what is held if the way is free, and writes what the peer takes of it; the rest is the task's, which is told.
    /// Never waits.
    pub(crate) fn try_write(&self, held: &mut VecDeque<Outgoing>) {
        let mut inner = self.inner();
        if inner.free {
            inner.unsent.extend(held.drain(..).map(|outgoing| Wire::new(Said::Message(outgoing))));
            self.write_or_tell(&mut inner);
        }
    }

    /// Sends bytes that are a frame already, as the answer to a ping.
    pub(crate) fn pass(&self, frame: &[u8]) {
        let mut inner = self.inner();
        if inner.ended || inner.unsent.len() >= MOST_BEFORE_PONG {
            return;
        }
        let body = Bytes::copy_from_slice(frame);
        inner.unsent.push_back(Wire { head: [0; LONGEST_HEAD], head_length: 0, body, sent: 0 });
        self.write_or_tell(&mut inner);
    }

    fn write_or_tell(&self, inner: &mut Inner) {
        // A line that is broken shows to the task, too.
        if !matches!(inner.write(), Ok(true)) {
            inner.free = false;
            self.stuck.notify_one();
        }
    }

    /// Runs `enqueue` while nobody can find the way free, so that what it queues for the task stays in order.
    pub(crate) fn leave<T>(&self, enqueue: impl FnOnce() -> T) -> T {
        let mut inner = self.inner();
        inner.free = false;
        enqueue()
    }

    /// For the task: takes something to be written by the next [`WayOut::flush`].
    pub(crate) fn take(&self, said: Said) {
        let mut inner = self.inner();
        inner.free = false;
        inner.ended |= matches!(said, Said::Close(_));
        inner.unsent.push_back(Wire::new(said));
    }

    /// For the task: writes what waits here, as fast as the peer takes it, and frees the way if `nothing_waits`.
    ///
    /// # Errors
    /// The line is broken, or the peer has taken nothing for [`TAKES_WITHIN`].
    pub(crate) async fn flush(&self, nothing_waits: impl Fn() -> bool) -> io::Result<()> {
        let (mut until, mut taken) = (Instant::now() + TAKES_WITHIN, None);
        loop {
            let half = {
                let mut inner = self.inner();
                if inner.write()? {
                    inner.free = inner.half.is_some() && nothing_waits();
                    return Ok(());
                }
                if taken.replace(inner.taken) != Some(inner.taken) {
                    until = Instant::now() + TAKES_WITHIN;
                }
                inner.half.clone()
            };
            if let Some(half) = half {
                timeout_at(until, half.writable()).await??;
            }
        }
    }

    /// For the task: waits until somebody could not get through.
    pub(crate) async fn stuck(&self) {
        self.stuck.notified().await;
    }
}

impl Inner {
    /// Writes what the peer takes; whether that was all.
    fn write(&mut self) -> io::Result<bool> {
        let Some(half) = &self.half else { return Ok(true) };
        while !self.unsent.is_empty() {
            match write_some(half, &self.unsent) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => {
                    self.taken += written as u64;
                    forget(&mut self.unsent, written);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        if self.unsent.capacity() > KEPT_ROOM {
            self.unsent = VecDeque::new();
        }
        Ok(true)
    }
}

/// Writes from the front what the peer takes in one call; how many bytes.
fn write_some(half: &OwnedWriteHalf, unsent: &VecDeque<Wire>) -> io::Result<usize> {
    if unsent.iter().try_fold(0, |sum, wire| Some(sum + wire.len()).filter(|sum| *sum <= COPIED)).is_some() {
        let (mut all, mut length) = ([0; COPIED], 0);
        for piece in unsent.iter().flat_map(Wire::unsent) {
            all[length..length + piece.len()].copy_from_slice(piece);
            length += piece.len();
        }
        return half.try_write(&all[..length]);
    }
    let (mut pieces, mut count) = ([IoSlice::new(&[]); 2 * FRAMES_PER_WRITE], 0);
    for (piece, place) in unsent.iter().flat_map(Wire::unsent).zip(&mut pieces) {
        *place = IoSlice::new(piece);
        count += 1;
    }
    half.try_write_vectored(&pieces[..count])
}

/// Forgets so many bytes from the front.
fn forget(unsent: &mut VecDeque<Wire>, mut written: usize) {
    while let Some(first) = unsent.front_mut().filter(|_| written > 0) {
        let rest = first.len() - first.sent;
        if written < rest {
            first.sent += written;
            return;
        }
        written -= rest;
        unsent.pop_front();
    }
}

impl Wire {
    fn new(said: Said) -> Self {
        let (kind, body) = match said {
            Said::Message(Outgoing::Text(text)) => (1, text.into()),
            Said::Message(Outgoing::Binary(bytes)) => (2, bytes),
            Said::Close(code) => (8, Bytes::copy_from_slice(&code.to_be_bytes())),
            Said::Ping => (9, Bytes::new()),
        };
        let mut head = [0; LONGEST_HEAD];
        head[0] = WHOLE | kind;
        let length = body.len() as u64;
        let head_length = if length < u64::from(IN_TWO) {
            head[1] = length.to_le_bytes()[0];
            2
        } else if let Ok(length) = u16::try_from(length) {
            head[1] = IN_TWO;
            head[2..4].copy_from_slice(&length.to_be_bytes());
            4
        } else {
            head[1] = IN_EIGHT;
            head[2..].copy_from_slice(&length.to_be_bytes());
            LONGEST_HEAD
        };
        Self { head, head_length, body, sent: 0 }
    }

    fn len(&self) -> usize {
        self.head_length + self.body.len()
    }

    /// What of the header and of the body is still to be sent.
    fn unsent(&self) -> [&[u8]; 2] {
        let in_head = self.sent.min(self.head_length);
        [&self.head[in_head..self.head_length], &self.body[self.sent - in_head..]]
    }
}

#[cfg(test)]
mod tests;
