//! The server's process: started on what is on disk, stopped in good order, or dead from one moment to the next.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::Instant;
use verksted_protocol::ids::Moment;
use verksted_server::auth::Links;
use verksted_server::ballots::BallotBox;
use verksted_server::metrics::Metrics;
use verksted_server::outside::Outside;
use verksted_server::registry::{Registry, Services};
use verksted_server::stream::StreamHandle;

use super::book::Shared;
use super::disk::{Disk, Drive};
use super::room::{BEGINS, stream};

/// The running process, if there is one, and what outlives it.
pub(crate) struct Process {
    disk: Arc<Disk>,
    ballots: BallotBox,
    links: Links,
    book: Shared,
    begun: Instant,
    running: Option<(Arc<Registry>, Arc<AtomicBool>)>,
    /// Set when the process that was told to stop has done so: until then no other has the disk.
    stopped: Arc<AtomicBool>,
}

impl Process {
    pub(crate) fn new(disk: Arc<Disk>, links: Links, book: Shared, begun: Instant) -> Self {
        let ballots = BallotBox::in_memory().expect("a ballot box");
        Self { disk, ballots, links, book, begun, running: None, stopped: Arc::new(AtomicBool::new(true)) }
    }

    /// Starts it, unless it runs. False when the one before still has the disk.
    pub(crate) fn start(&mut self) -> bool {
        if self.running.is_some() {
            return true;
        }
        if !self.stopped.load(Ordering::Relaxed) {
            return false;
        }
        let (drive, dead) = Drive::new(Arc::clone(&self.disk));
        let (begun, book) = (self.begun, self.book.clone());
        let services = Services {
            log: Arc::new(drive),
            links: self.links.clone(),
            ballots: self.ballots.clone(),
            metrics: Metrics::new(None),
            outside: Outside::new(
                move || Moment(BEGINS.0 + i64::try_from(begun.elapsed().as_millis()).unwrap_or_default()),
                move || book.open().draw_page(),
            ),
        };
        self.running = Some((Arc::new(Registry::new(Arc::new(services))), dead));
        true
    }

    /// The stream, if the process runs.
    pub(crate) fn stream(&self) -> Option<StreamHandle> {
        self.running.as_ref().map(|(registry, _)| registry.stream(&stream()))
    }

    /// The process is no more. What it was about to do it never does.
    pub(crate) fn die(&mut self) {
        if let Some((_, dead)) = self.running.take() {
            dead.store(true, Ordering::Relaxed);
        }
    }

    /// Stops it in good order, as far as it comes within the time an orderly stop is given.
    pub(crate) fn stop(&mut self, within: Duration) {
        let Some((registry, dead)) = self.running.take() else { return };
        self.stopped = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&self.stopped);
        tokio::spawn(async move {
            let _ = tokio::time::timeout(within, registry.stop()).await;
            dead.store(true, Ordering::Relaxed);
            stopped.store(true, Ordering::Relaxed);
        });
    }
}
