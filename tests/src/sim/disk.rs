//! The simulated disk: a log in memory that takes time, refuses, lies, tears, and outlives the servers that write to it.

use std::future::pending;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use verksted_protocol::ids::{Seq, StreamId};
use verksted_server::log::memory::MemoryLog;
use verksted_server::log::{EventLog, LogError, LogFuture, Record, StoredSnapshot};

use super::book::Shared;
use crate::plan::{Death, Dice, Fault};

/// Longest an undisturbed flush takes, in milliseconds.
const SLOWEST_FLUSH_MS: u64 = 9;

/// The disk.
pub(crate) struct Disk {
    held: MemoryLog,
    book: Shared,
    state: Mutex<State>,
}

struct State {
    dice: Dice,
    full_until: Instant,
    stalled_until: Instant,
    fault: Option<Fault>,
    death: Option<Death>,
    crashed: bool,
    writing: Vec<Instant>,
}

/// The disk as one server's process reaches it. A process that has died reaches nothing any more, and never learns why.
pub(crate) struct Drive {
    disk: Arc<Disk>,
    dead: Arc<AtomicBool>,
}

impl Disk {
    pub(crate) fn new(seed: u64, book: Shared) -> Arc<Self> {
        let (now, dice) = (Instant::now(), Dice::new(seed ^ 0xd15c));
        let state = State {
            dice,
            full_until: now,
            stalled_until: now,
            fault: None,
            death: None,
            crashed: false,
            writing: Vec::new(),
        };
        Arc::new(Self { held: MemoryLog::default(), book, state: Mutex::new(state) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does not do as asked from now on, or the next time.
    pub(crate) fn set(&self, fault: Fault) {
        let mut state = self.state();
        let until = |ms| Instant::now() + Duration::from_millis(ms);
        match fault {
            Fault::Full(ms) => state.full_until = until(ms),
            Fault::Stall(ms) => state.stalled_until = until(ms),
            other => state.fault = Some(other),
        }
    }

    /// The process that writes next dies of it.
    pub(crate) fn arm(&self, death: Death) {
        self.state().death = Some(death);
    }

    /// Nobody dies of the next batch any more. Whether somebody was to.
    pub(crate) fn disarm(&self) -> bool {
        self.state().death.take().is_some()
    }

    /// Does as asked.
    pub(crate) fn heal(&self) {
        let mut state = self.state();
        (state.full_until, state.stalled_until) = (Instant::now(), Instant::now());
        (state.fault, state.death) = (None, None);
    }

    /// Whether a process has died of it since this was asked last.
    pub(crate) fn has_crashed(&self) -> bool {
        std::mem::take(&mut self.state().crashed)
    }

    /// When the writes that have begun since this was asked last are done.
    pub(crate) fn begun(&self) -> Vec<Instant> {
        std::mem::take(&mut self.state().writing)
    }

    /// Everything on it.
    pub(crate) async fn records(&self, stream: &StreamId, after: Seq) -> Vec<Record> {
        let (mut records, mut last) = (Vec::new(), after);
        loop {
            let page = self.held.read(stream, last, usize::MAX).await.expect("the log in memory is read");
            let Some(newest) = page.last() else { return records };
            last = newest.seq;
            records.extend(page);
        }
    }

    /// The newest snapshot on it.
    pub(crate) async fn snapshot(&self, stream: &StreamId) -> Option<StoredSnapshot> {
        self.held.latest_snapshot(stream).await.expect("the log in memory is read")
    }

    /// Puts records on it, past all faults.
    pub(crate) async fn store(&self, stream: &StreamId, expected: Seq, records: Vec<Record>) -> Result<(), LogError> {
        self.held.append(stream, expected, records.clone()).await?;
        let mut book = self.book.open();
        records.iter().for_each(|record| book.stored(record));
        Ok(())
    }

    async fn write(
        &self,
        stream: &StreamId,
        expected: Seq,
        mut records: Vec<Record>,
        dead: &AtomicBool,
    ) -> Result<(), LogError> {
        let done = {
            let mut state = self.state();
            let took = Duration::from_millis(state.dice.below(SLOWEST_FLUSH_MS));
            let done = state.stalled_until.max(Instant::now() + took);
            state.writing.push(done);
            done
        };
        sleep_until(done).await;
        if dead.load(Ordering::Relaxed) {
            return pending().await;
        }
        let (death, fault, full) = {
            let mut state = self.state();
            let full = state.full_until > Instant::now();
            if records.is_empty() || full { (None, None, full) } else { (state.death.take(), state.fault.take(), full) }
        };
        if full {
            return Err(LogError::Full(Arc::new(io::Error::other("no room"))));
        }
        let kept = match (death, fault) {
            (Some(Death::BeforeFlush), _) | (None, Some(Fault::Fail)) => 0,
            (Some(Death::Torn(kept)), _) | (None, Some(Fault::Tear(kept))) => kept,
            _ => usize::MAX,
        };
        records.truncate(kept);
        self.store(stream, expected, records).await?;
        if death.is_some() {
            self.state().crashed = true;
            return pending().await;
        }
        if fault.is_some() { Err(LogError::Io(Arc::new(io::Error::other("no answer")))) } else { Ok(()) }
    }
}

impl Drive {
    pub(crate) fn new(disk: Arc<Disk>) -> (Self, Arc<AtomicBool>) {
        let dead = Arc::new(AtomicBool::new(false));
        (Self { disk, dead: Arc::clone(&dead) }, dead)
    }

    async fn while_alive<T>(&self, work: impl Future<Output = T>) -> T {
        if !self.dead.load(Ordering::Relaxed) {
            let done = work.await;
            if !self.dead.load(Ordering::Relaxed) {
                return done;
            }
        }
        pending().await
    }
}

impl EventLog for Drive {
    fn append<'a>(&'a self, stream: &'a StreamId, expected: Seq, records: Vec<Record>) -> LogFuture<'a, ()> {
        Box::pin(self.while_alive(self.disk.write(stream, expected, records, &self.dead)))
    }

    fn read<'a>(&'a self, stream: &'a StreamId, after: Seq, limit: usize) -> LogFuture<'a, Vec<Record>> {
        Box::pin(self.while_alive(self.disk.held.read(stream, after, limit)))
    }

    fn last<'a>(&'a self, stream: &'a StreamId) -> LogFuture<'a, Seq> {
        Box::pin(self.while_alive(self.disk.held.last(stream)))
    }

    fn streams(&self) -> LogFuture<'_, Vec<StreamId>> {
        Box::pin(self.while_alive(self.disk.held.streams()))
    }

    fn save_snapshot<'a>(&'a self, stream: &'a StreamId, snapshot: StoredSnapshot) -> LogFuture<'a, ()> {
        Box::pin(self.while_alive(self.disk.held.save_snapshot(stream, snapshot)))
    }

    fn probe(&self) -> LogFuture<'_, ()> {
        Box::pin(self.while_alive(self.disk.held.probe()))
    }

    fn latest_snapshot<'a>(&'a self, stream: &'a StreamId) -> LogFuture<'a, Option<StoredSnapshot>> {
        Box::pin(self.while_alive(self.disk.held.latest_snapshot(stream)))
    }
}
