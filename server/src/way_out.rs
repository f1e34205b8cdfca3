//! The way out of one socket. Whoever has something to say and finds it free writes at once, without waking anybody;
//! what does not get through, and what is said while it is not free, is left to the socket's own task.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::extract::ws::Message;
use futures_util::{FutureExt, Sink, SinkExt};
use tokio::sync::Notify;
use tokio::task::unconstrained;

use crate::connection::Outgoing;

/// What a socket takes messages by.
pub type Writing = Box<dyn Sink<Message, Error = axum::Error> + Send + Unpin>;

/// See the module. Shared by the stream, which says most, and the socket's task.
#[derive(Default)]
pub struct WayOut {
    inner: Mutex<Inner>,
    stuck: Notify,
}

#[derive(Default)]
struct Inner {
    writing: Option<Writing>,
    /// Nothing waits anywhere: what is written now is next in order.
    free: bool,
}

impl fmt::Debug for WayOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WayOut").field("free", &self.inner().free).finish_non_exhaustive()
    }
}

impl WayOut {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives it the socket. It is free once the task has said so.
    pub(crate) fn open(&self, writing: Writing) {
        self.inner().writing = Some(writing);
    }

    /// Writes what is held, from the front, if the way is free; what does not get through stays held, and the task is
    /// told. Never waits.
    pub(crate) fn try_write(&self, held: &mut VecDeque<Outgoing>) {
        let mut inner = self.inner();
        let Inner { writing: Some(writing), free: free @ true } = &mut *inner else { return };
        let writes = async {
            while !held.is_empty() {
                poll_fn(|cx| writing.poll_ready_unpin(cx)).await?;
                let Some(outgoing) = held.pop_front() else { break };
                writing.start_send_unpin(outgoing.into())?;
            }
            writing.flush().await
        };
        // The caller's task has a budget of its own, which the sockets of others must not use up.
        let written = unconstrained(writes).now_or_never();
        // A line that is broken shows to the task, too.
        if !matches!(written, Some(Ok(()))) {
            *free = false;
            self.stuck.notify_one();
        }
    }

    /// Runs `enqueue` while nobody can find the way free, so that what it queues for the task stays in order.
    pub(crate) fn leave<T>(&self, enqueue: impl FnOnce() -> T) -> T {
        let mut inner = self.inner();
        inner.free = false;
        enqueue()
    }

    /// For the task: takes one message, waiting until the peer makes room.
    pub(crate) async fn feed(&self, message: Message) -> Result<(), axum::Error> {
        let mut message = Some(message);
        poll_fn(|cx| {
            let mut inner = self.inner();
            inner.free = false;
            let Some(writing) = &mut inner.writing else { return Ok(()).into() };
            std::task::ready!(writing.poll_ready_unpin(cx))?;
            message.take().map_or(Ok(()), |message| writing.start_send_unpin(message)).into()
        })
        .await
    }

    /// For the task: writes what has been taken, and frees the way if `nothing_waits`.
    pub(crate) async fn flush(&self, nothing_waits: impl Fn() -> bool) -> Result<(), axum::Error> {
        poll_fn(|cx| {
            let mut inner = self.inner();
            let Some(writing) = &mut inner.writing else { return Ok(()).into() };
            std::task::ready!(writing.poll_flush_unpin(cx))?;
            inner.free = nothing_waits();
            Ok(()).into()
        })
        .await
    }

    /// For the task: waits until somebody could not get through.
    pub(crate) async fn stuck(&self) {
        self.stuck.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::Arc;
    use std::task::{Context, Poll, Waker};

    use super::*;

    /// A peer that takes so many messages before it takes no more.
    #[derive(Default)]
    struct Peer {
        taken: Vec<Message>,
        room: usize,
        waiting: Option<Waker>,
    }

    struct Line(Arc<Mutex<Peer>>);

    impl Sink<Message> for Line {
        type Error = axum::Error;

        fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), axum::Error>> {
            let mut peer = self.0.lock().unwrap();
            if peer.taken.len() < peer.room {
                return Ok(()).into();
            }
            peer.waiting = Some(cx.waker().clone());
            Poll::Pending
        }

        fn start_send(self: Pin<&mut Self>, message: Message) -> Result<(), axum::Error> {
            self.0.lock().unwrap().taken.push(message);
            Ok(())
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), axum::Error>> {
            Ok(()).into()
        }

        fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), axum::Error>> {
            Ok(()).into()
        }
    }

    fn given(room: usize) -> (WayOut, Arc<Mutex<Peer>>) {
        let (way, peer) = (WayOut::default(), Arc::new(Mutex::new(Peer { room, ..Peer::default() })));
        way.open(Box::new(Line(Arc::clone(&peer))));
        (way, peer)
    }

    fn held(count: usize) -> VecDeque<Outgoing> {
        (0..count).map(|number| Outgoing::Text(number.to_string().into())).collect()
    }

    fn taken(peer: &Mutex<Peer>) -> Vec<String> {
        peer.lock().unwrap().taken.iter().map(|message| message.to_text().unwrap().to_owned()).collect()
    }

    #[tokio::test]
    async fn a_free_way_is_written_to_at_once() {
        let (way, peer) = given(9);
        way.flush(|| true).await.unwrap();
        let mut messages = held(3);
        way.try_write(&mut messages);
        assert!(messages.is_empty());
        assert_eq!(taken(&peer), ["0", "1", "2"]);
        assert!(way.stuck().now_or_never().is_none(), "nobody need wake");
    }

    #[tokio::test]
    async fn nothing_overtakes_what_waits_for_the_task() {
        let (way, peer) = given(9);
        let mut messages = held(2);
        way.try_write(&mut messages);
        assert_eq!(messages.len(), 2, "not free before the task says so");
        way.flush(|| true).await.unwrap();
        way.leave(|| ());
        way.try_write(&mut messages);
        assert_eq!(messages.len(), 2, "something was queued");
        way.flush(|| false).await.unwrap();
        way.try_write(&mut messages);
        assert_eq!((messages.len(), taken(&peer).len()), (2, 0), "something still waits");
    }

    #[tokio::test]
    async fn what_a_slow_peer_does_not_take_stays_held_and_the_task_is_told() {
        let (way, peer) = given(2);
        way.flush(|| true).await.unwrap();
        let mut messages = held(5);
        way.try_write(&mut messages);
        assert_eq!(taken(&peer), ["0", "1"]);
        assert_eq!(messages.len(), 3);
        way.stuck().now_or_never().expect("the task is told");
        peer.lock().unwrap().room = 9;
        way.try_write(&mut messages);
        assert_eq!(messages.len(), 3, "the rest is the task's");
        for message in messages {
            way.feed(message.into()).await.unwrap();
        }
        assert_eq!(taken(&peer), ["0", "1", "2", "3", "4"]);
    }

    #[tokio::test]
    async fn the_task_waits_for_a_peer_that_makes_room() {
        let (way, peer) = given(0);
        let way = Arc::new(way);
        let feeding = tokio::spawn({
            let way = Arc::clone(&way);
            async move { way.feed(Message::Text("late".into())).await }
        });
        let waker = loop {
            if let Some(waker) = peer.lock().unwrap().waiting.take() {
                break waker;
            }
            tokio::task::yield_now().await;
        };
        peer.lock().unwrap().room = 1;
        waker.wake();
        feeding.await.unwrap().unwrap();
        assert_eq!(taken(&peer), ["late"]);
    }
}
