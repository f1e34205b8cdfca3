//! A stream's history as its task keeps it: the state with its receipts, the latest events for those who resume, and
//! the way to and from the log.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::task::JoinHandle;
use verksted_protocol::ids::{Moment, Seq, StreamId};
use verksted_protocol::stream::{Recorded, encode_stored};
use verksted_protocol::workshop::{Event, Workshop};

use super::kept::{Kept, event_of};
use super::receipts::Receipts;
use crate::log::{EventLog, LARGEST_PAGE, LogError, Record};

/// Events kept in memory for clients that were away for a moment; who lacks more gets a snapshot.
const RECENT_EVENTS: usize = 2_000;
/// Events between stored snapshots. A start folds at most this many, which takes some tens of milliseconds.
const SNAPSHOT_EVERY: u64 = 1_000;

/// The history of one stream.
pub(super) struct Journal {
    log: Arc<dyn EventLog>,
    stream: StreamId,
    kept: Kept,
    head: Seq,
    /// The last event known to be on disk.
    durable: Seq,
    saved: Seq,
    saving: Option<JoinHandle<()>>,
    recent: VecDeque<Recorded<Event>>,
    /// Applied but not yet given to the log; nobody has been told.
    fresh: Vec<Record>,
}

impl Journal {
    /// Reads the stream from the log: the latest snapshot that can be read, then every event after it.
    ///
    /// # Errors
    /// What the log answers; [`LogError::Corrupt`] for an event that cannot be read. Never an empty room instead.
    pub(super) async fn open(log: Arc<dyn EventLog>, stream: StreamId) -> Result<Self, LogError> {
        Self::read(log, stream, Seq(u64::MAX), |_, _| ()).await
    }

    /// Forgets everything that is not on disk, and shows `landed` each event that is although it was not known to be,
    /// with the state just after it: an append that failed may have come through.
    ///
    /// # Errors
    /// As [`Journal::open`]. The state is as it was then, and must not be shown to anybody.
    pub(super) async fn read_anew(
        &mut self,
        mut landed: impl FnMut(&Workshop, &Recorded<Event>),
    ) -> Result<(), LogError> {
        let (log, durable) = (Arc::clone(&self.log), self.durable);
        let news = |workshop: &Workshop, event: &Recorded<Event>| {
            if event.seq > durable {
                landed(workshop, event);
            }
        };
        let read = Self::read(log, self.stream.clone(), durable, news).await?;
        if read.head < durable {
            return Err(LogError::Corrupt { seq: read.head.next(), why: "it was on disk and is missing" });
        }
        let saving = self.saving.take();
        *self = Self { saving, ..read };
        Ok(())
    }

    /// Reads the stream, showing `each` event after `known`, and more.
    async fn read(
        log: Arc<dyn EventLog>,
        stream: StreamId,
        known: Seq,
        mut each: impl FnMut(&Workshop, &Recorded<Event>),
    ) -> Result<Self, LogError> {
        // One that goes beyond the last event holds what was lost: the log is right.
        let last = log.last(&stream).await?;
        let stored = log.latest_snapshot(&stream).await?.filter(|stored| stored.seq <= known.min(last));
        let snapshot = stored.and_then(|stored| Some((Kept::of_snapshot(&stored)?, stored.seq)));
        let (kept, head) = snapshot.unwrap_or_default();
        let (recent, fresh) = Default::default();
        let mut journal = Self { log, stream, kept, head, durable: head, saved: head, saving: None, recent, fresh };
        loop {
            let page = journal.log.read(&journal.stream, journal.head, LARGEST_PAGE).await?;
            if page.is_empty() {
                journal.durable = journal.head;
                return Ok(journal);
            }
            for record in page {
                let event = event_of(&record)?;
                journal.take_in(&event);
                each(&journal.kept.workshop, &event);
                journal.remember(event);
            }
        }
    }

    pub(super) fn workshop(&self) -> &Workshop {
        &self.kept.workshop
    }

    pub(super) fn receipts(&self) -> &Receipts {
        &self.kept.receipts
    }

    /// The last event, also if it is not on disk yet.
    pub(super) fn head(&self) -> Seq {
        self.head
    }

    /// Gives an event its place and applies it. Nobody may be told before it is [`Journal::flushed`].
    pub(super) fn add(&mut self, at: Moment, unplaced: Recorded<Event>) -> Recorded<Event> {
        let recorded = Recorded { seq: self.head.next(), at, ..unplaced };
        self.fresh.push(Record { seq: recorded.seq, at, payload: encode_stored(&recorded) });
        self.take_in(&recorded);
        self.remember(recorded.clone());
        recorded
    }

    /// What puts everything that was added on disk, if there is anything. When it has answered that it is,
    /// [`Journal::flushed`] must be called; after any other answer [`Journal::read_anew`].
    pub(super) fn flush(&mut self) -> Option<impl Future<Output = Result<(), LogError>> + Send + use<>> {
        let first = self.fresh.first()?;
        let expected = Seq(first.seq.0 - 1);
        let (log, stream, records) = (Arc::clone(&self.log), self.stream.clone(), std::mem::take(&mut self.fresh));
        Some(async move { log.append(&stream, expected, records).await })
    }

    /// Everything up to now is on disk.
    pub(super) fn flushed(&mut self) {
        self.durable = self.head;
    }

    /// Stores a snapshot beside what goes on, if enough has happened since the last.
    pub(super) fn save_now_and_then(&mut self) {
        let busy = self.saving.as_ref().is_some_and(|saving| !saving.is_finished());
        if self.head.0 - self.saved.0 >= SNAPSHOT_EVERY && !busy {
            self.saving = Some(tokio::spawn(self.save()));
        }
    }

    /// Stores a snapshot of everything, unless there is one.
    pub(super) async fn save_all(&mut self) {
        if let Some(saving) = self.saving.take() {
            let _ = saving.await;
        }
        if self.saved < self.head {
            self.save().await;
        }
    }

    fn save(&mut self) -> impl Future<Output = ()> + Send + use<> {
        self.saved = self.head;
        let snapshot = self.kept.to_snapshot(self.head);
        let (log, stream) = (Arc::clone(&self.log), self.stream.clone());
        async move {
            if let Err(error) = log.save_snapshot(&stream, snapshot).await {
                // Only a cache: the next start folds more events.
                tracing::warn!(workshop.id = %stream, %error, "snapshot not stored");
            }
        }
    }

    /// The events after `have`, if they are still in memory.
    pub(super) fn since(&self, have: Seq) -> Option<impl Iterator<Item = &Recorded<Event>>> {
        let oldest = self.head.0 - self.recent.len() as u64;
        let skip = have.0.checked_sub(oldest).filter(|_| have <= self.head)?;
        Some(self.recent.iter().skip(usize::try_from(skip).ok()?))
    }

    fn take_in(&mut self, recorded: &Recorded<Event>) {
        self.kept.take_in(recorded);
        self.head = recorded.seq;
    }

    fn remember(&mut self, recorded: Recorded<Event>) {
        self.recent.push_back(recorded);
        if self.recent.len() > RECENT_EVENTS {
            self.recent.pop_front();
        }
    }
}
