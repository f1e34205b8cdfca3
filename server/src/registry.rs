//! Which streams run. A stream is started once, however many first joins come at the same instant.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dashmap::DashMap;
use tokio::sync::oneshot;
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
use crate::stream::{Ask, StreamHandle, actor};

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
    streams: DashMap<StreamId, StreamHandle>,
    tasks: TaskTracker,
    /// Set before the streams are told to stop: none is started after that.
    stopping: AtomicBool,
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
        if entry.is_gone() {
            *entry = self.start(stream);
        }
        entry.clone()
    }

    fn start(&self, stream: &StreamId) -> StreamHandle {
        let (handle, inbox) = StreamHandle::new();
        if self.stopping.load(Ordering::SeqCst) {
            // A handle to nobody: whoever asks is told that the stream is gone.
            return handle;
        }
        let (name, services) = (stream.clone(), Arc::clone(&self.services));
        self.tasks.spawn(async move {
            let running = Running::new(Arc::clone(&services));
            actor::run(name, services, inbox).await;
            drop(running);
        });
        handle
    }

    /// Lets every stream write down what it knows, closes its sockets with 1012 and waits for all.
    pub async fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        let handles: Vec<StreamHandle> = self.streams.iter().map(|entry| entry.value().clone()).collect();
        for handle in handles {
            let (stopped, stops) = oneshot::channel();
            if handle.ask(Ask::Stop(stopped)).await.is_ok() {
                let _ = stops.await;
            }
        }
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
