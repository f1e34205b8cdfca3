//! A stream's history as its task keeps it: the state with its receipts, the latest events for those who resume, and
//! the way to and from the log.

use std::collections::VecDeque;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use verksted_protocol::ids::{Moment, Seq, StreamId};
use verksted_protocol::snapshot::Snapshot;
use verksted_protocol::stream::{Aggregate, Recorded, decode_stored, encode_stored};
use verksted_protocol::workshop::{Event, Workshop};

use super::receipts::Receipts;
use crate::log::{EventLog, LARGEST_PAGE, LogError, Record, StoredSnapshot};

/// Events kept in memory for clients that were away for a moment; who lacks more gets a snapshot.
const RECENT_EVENTS: usize = 2_000;
/// Events between stored snapshots. A start folds at most this many, which takes some tens of milliseconds.
const SNAPSHOT_EVERY: u64 = 1_000;

/// What the stored snapshot holds.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
struct Kept {
    workshop: Workshop,
    receipts: Receipts,
}

/// The history of one stream.
pub(super) struct Journal {
    log: Arc<dyn EventLog>,
    stream: StreamId,
    kept: Kept,
    head: Seq,
    saved: Seq,
    recent: VecDeque<Recorded<Event>>,
    /// Applied but not yet on disk; nobody has been told.
    fresh: Vec<Recorded<Event>>,
}

impl Journal {
    /// Reads the stream from the log: the latest snapshot that can be read, then every event after it.
    ///
    /// # Errors
    /// What the log answers; [`LogError::Corrupt`] for an event that cannot be read. Never an empty room instead.
    pub(super) async fn open(log: Arc<dyn EventLog>, stream: StreamId) -> Result<Self, LogError> {
        let stored = log.latest_snapshot(&stream).await?;
        let snapshot = stored.and_then(|stored| Snapshot::<Kept>::decode(&stored.payload));
        let (kept, head) = snapshot.map_or_else(Default::default, |snapshot| (snapshot.state, snapshot.seq));
        let (recent, fresh) = Default::default();
        let mut journal = Self { log, stream, kept, head, saved: head, recent, fresh };
        loop {
            let page = journal.log.read(&journal.stream, journal.head, LARGEST_PAGE).await?;
            if page.is_empty() {
                return Ok(journal);
            }
            for record in page {
                let event = decode_stored(record.seq, record.at, &record.payload)
                    .map_err(|_| LogError::Corrupt { seq: record.seq, why: "it is no event of any known version" })?;
                journal.take_in(event);
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

    /// Gives an event its place and applies it. Nobody may be told before [`Journal::flush`].
    pub(super) fn add(&mut self, at: Moment, unplaced: Recorded<Event>) -> &Recorded<Event> {
        let recorded = Recorded { seq: self.head.next(), at, ..unplaced };
        self.fresh.push(recorded.clone());
        self.take_in(recorded);
        &self.fresh[self.fresh.len() - 1]
    }

    /// Puts what was added on disk, and now and then a snapshot beside it.
    ///
    /// # Errors
    /// What the log answers. The state is then ahead of the disk and must be read anew.
    pub(super) async fn flush(&mut self) -> Result<(), LogError> {
        let Some(first) = self.fresh.first() else { return Ok(()) };
        let expected = Seq(first.seq.0 - 1);
        let record = |event: &Recorded<Event>| Record { seq: event.seq, at: event.at, payload: encode_stored(event) };
        let records = self.fresh.drain(..).map(|event| record(&event)).collect();
        self.log.append(&self.stream, expected, records).await
    }

    /// Stores a snapshot if enough has happened since the last, or at once when `now`.
    pub(super) async fn save(&mut self, now: bool) {
        let since = self.head.0 - self.saved.0;
        if since == 0 || (!now && since < SNAPSHOT_EVERY) {
            return;
        }
        self.saved = self.head;
        let payload = Snapshot::new(self.head, self.kept.clone()).encode();
        if let Err(error) = self.log.save_snapshot(&self.stream, StoredSnapshot { seq: self.head, payload }).await {
            // Only a cache: the next start folds more events.
            tracing::warn!(workshop.id = %self.stream, %error, "snapshot not stored");
        }
    }

    /// The events after `have`, if they are still in memory.
    pub(super) fn since(&self, have: Seq) -> Option<impl Iterator<Item = &Recorded<Event>>> {
        let oldest = self.head.0 - self.recent.len() as u64;
        let skip = have.0.checked_sub(oldest).filter(|_| have <= self.head)?;
        Some(self.recent.iter().skip(usize::try_from(skip).ok()?))
    }

    fn take_in(&mut self, recorded: Recorded<Event>) {
        self.kept.workshop.apply(&recorded);
        if let Some(cause) = recorded.cause {
            self.kept.receipts.note(cause, recorded.seq);
        }
        self.head = recorded.seq;
        self.recent.push_back(recorded);
        if self.recent.len() > RECENT_EVENTS {
            self.recent.pop_front();
        }
    }
}
