//! Which streams run. A stream is started once, however many first joins come at the same instant; one that panics is
//! started anew from its log, and touches no other.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use dashmap::DashMap;
use futures_util::FutureExt;
use futures_util::future::join_all;
use tokio::sync::oneshot;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;
use verksted_protocol::ids::{Seq, StreamId};
use verksted_protocol::role::Actor;
use verksted_protocol::stream::{Recorded, encode_stored};
use verksted_protocol::workshop::Event;
use verksted_protocol::workshop::meeting::MeetingEvent;

use crate::auth::Links;
use crate::ballots::BallotBox;
use crate::log::{EventLog, LogError, Record};
use crate::metrics::Metrics;
use crate::outside::Outside;
use crate::stream::{Ask, Join, StreamGone, StreamHandle, actor};

/// Streams that may run at once, each with its workshop in memory: more than there are municipalities.
pub const MOST_STREAMS: usize = 1_000;
/// How long a stream that panicked is left alone: what made it panic may be the first thing it meets again.
const REST_AFTER_PANIC: Duration = Duration::from_secs(1);

/// What every stream works with.
pub struct Services {
    /// The truth.
    pub log: Arc<dyn EventLog>,
    /// Links, codes and client ids.
    pub links: Links,
    /// Sealed ballots.
    pub ballots: BallotBox,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// The time, and chance.
    pub outside: Outside,
}

/// The streams of one server.
pub struct Registry {
    services: Arc<Services>,
    streams: DashMap<StreamId, Entry>,
    tasks: TaskTracker,
    /// Set before the streams are told to stop: none is started after that.
    stopping: AtomicBool,
}

/// A stream that runs, or has.
struct Entry {
    handle: StreamHandle,
    panicked: Arc<OnceLock<Instant>>,
}

impl Entry {
    /// Whether it has ended and may be started anew.
    fn is_over(&self) -> bool {
        let rests = || self.panicked.get().is_some_and(|at| at.elapsed() < REST_AFTER_PANIC);
        self.handle.is_gone() && !rests()
    }
}

impl Registry {
    /// None running yet.
    #[must_use]
    pub fn new(services: Arc<Services>) -> Self {
        Self { services, streams: DashMap::new(), tasks: TaskTracker::new(), stopping: AtomicBool::new(false) }
    }

    /// What the streams work with.
    #[must_use]
    pub fn services(&self) -> &Arc<Services> {
        &self.services
    }

    /// Makes a workshop: its first event, which holds everything decided beforehand.
    ///
    /// # Errors
    /// [`LogError::Conflict`] when there is one of this name already.
    pub async fn create(&self, stream: &StreamId, prepared: MeetingEvent) -> Result<(), LogError> {
        let (seq, at) = (Seq(1), self.services.outside.now());
        let event = Recorded { seq, at, by: Actor::SERVER, cause: None, event: Event::Meeting(prepared) };
        let record = Record { seq, at, payload: encode_stored(&event) };
        self.services.log.append(stream, Seq(0), vec![record]).await
    }

    /// The running stream of this name, started if need be. Links decide who may ask, so names are not checked here.
    #[must_use]
    pub fn stream(&self, stream: &StreamId) -> StreamHandle {
        let mut entry = self.streams.entry(stream.clone()).or_insert_with(|| self.start(stream));
        if entry.is_over() {
            *entry = self.start(stream);
        }
        entry.handle.clone()
    }

    /// Lets somebody into a stream; one that was just being put away is started anew.
    ///
    /// # Errors
    /// [`StreamGone`] when it cannot be started.
    pub async fn join(&self, stream: &StreamId, join: Join) -> Result<StreamHandle, StreamGone> {
        let first = self.stream(stream);
        let Err(join) = first.join(join).await else { return Ok(first) };
        let second = self.stream(stream);
        second.join(*join).await.map_err(|_| StreamGone)?;
        Ok(second)
    }

    fn start(&self, stream: &StreamId) -> Entry {
        let (handle, inbox) = StreamHandle::new();
        let panicked = Arc::new(OnceLock::new());
        let entry = Entry { handle, panicked: Arc::clone(&panicked) };
        let full = self.tasks.len() >= MOST_STREAMS;
        if full {
            tracing::error!(workshop.id = %stream, limit = MOST_STREAMS, "workshop not opened: so many are open");
        }
        if full || self.stopping.load(Ordering::SeqCst) {
            // A handle to nobody: whoever asks is told that the stream is gone.
            return entry;
        }
        let (name, services) = (stream.clone(), Arc::clone(&self.services));
        self.tasks.spawn(async move {
            let running = Running::new(Arc::clone(&services));
            // The fault is the stream's own: its sockets are let go of as it is dropped, and whoever comes starts it anew.
            let ran = AssertUnwindSafe(actor::run(name.clone(), Arc::clone(&services), inbox)).catch_unwind().await;
            if ran.is_err() {
                let _ = panicked.set(Instant::now());
                services.metrics.stream_restarts.inc();
                tracing::error!(workshop.id = %name, "the stream panicked; it is started anew from its log");
            }
            drop(running);
        });
        entry
    }

    /// Closes the sockets of every stream with 1012, lets each write down what it knows and waits for all.
    pub async fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        let handles: Vec<StreamHandle> = self.streams.iter().map(|entry| entry.handle.clone()).collect();
        // All at once: one that is held up must not keep the others from saying farewell.
        let stopping = handles.iter().map(|handle| async {
            let (stopped, stops) = oneshot::channel();
            if handle.ask(Ask::Stop(stopped)).await.is_ok() {
                let _ = stops.await;
            }
        });
        join_all(stopping).await;
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// Counts a running stream for as long as it lives, also when it ends by a panic.
struct Running(Arc<Services>);

impl Running {
    fn new(services: Arc<Services>) -> Self {
        services.metrics.streams.inc();
        Self(services)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.metrics.streams.dec();
    }
}
