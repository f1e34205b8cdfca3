//! The ordered, durable log of events: the truth that every state, tally, replay and report is folded from.
//!
//! A backend passes the whole suite in `log/conformance.rs`. [`sqlite`] is the default; [`memory`] is for tests.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use verksted_protocol::ids::{Moment, Seq, StreamId};

mod chain;
#[cfg(test)]
mod conformance;
pub(crate) mod file;
pub mod memory;
pub mod reader;
pub mod sqlite;
pub mod stats;
pub(crate) mod writer;

/// Most bytes in one event. A command is one frame of at most
/// [`LARGEST_FRAME`](verksted_protocol::message::LARGEST_FRAME); its event also carries what the server adds.
pub const LARGEST_PAYLOAD: usize = 1 << 20;
/// Most records in one append: one inbox drained by one stream's task.
pub const LARGEST_APPEND: usize = 4096;
/// Most bytes in one snapshot; a workshop of a thousand full notes stays well under it.
pub const LARGEST_SNAPSHOT: usize = 64 << 20;
/// Most records in one answer from [`EventLog::read`].
pub const LARGEST_PAGE: usize = 1000;
/// A page from [`EventLog::read`] ends after the record that passes this many bytes.
pub const FULL_PAGE_BYTES: usize = 4 << 20;
/// Bytes one probe writes: as much as a busy batch, so that a disk with room for nothing more does not pass for a sound one.
/// They stay where they are, and the next probe writes over them.
pub const PROBE_BYTES: usize = 64 << 10;
/// Snapshots kept per stream. Two, so that a damaged newest one costs time and not the start.
pub const SNAPSHOTS_KEPT: usize = 2;

/// One event as the log sees it: its place, its moment, and bytes that only the protocol crate can read.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// Its place in its stream, from 1.
    pub seq: Seq,
    /// When it was decided.
    pub at: Moment,
    /// The event, encoded with its version. At most [`LARGEST_PAYLOAD`] bytes.
    pub payload: Vec<u8>,
}

/// A state folded up to and including `seq`. A cache: when it disagrees with the log, the log is right.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredSnapshot {
    /// The last event in it.
    pub seq: Seq,
    /// The state, encoded with its version. At most [`LARGEST_SNAPSHOT`] bytes.
    pub payload: Vec<u8>,
}

/// Payloads hold what people wrote, so they never reach a log line by way of `{:?}`.
impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({} at {}, {} bytes)", self.seq, self.at, self.payload.len())
    }
}

impl fmt::Debug for StoredSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredSnapshot({}, {} bytes)", self.seq, self.payload.len())
    }
}

/// What the storage itself said; shared, because one refused flush answers many appends.
pub type Cause = Arc<dyn Error + Send + Sync>;

/// Why the log did not do as asked.
///
/// After [`Conflict`](Self::Conflict) and [`Malformed`](Self::Malformed) nothing was stored. After any other error an
/// append may or may not be on disk: ask [`EventLog::last`] before deciding anything more.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LogError {
    /// Another writer came first.
    #[error("the stream is at {actual}")]
    Conflict {
        /// The last sequence number the stream really has.
        actual: Seq,
    },
    /// The caller broke a rule of the log: order, or one of the limits above.
    #[error("record {seq} cannot be stored: {why}")]
    Malformed {
        /// The offending record or snapshot.
        seq: Seq,
        /// The rule that was broken.
        why: &'static str,
    },
    /// The disk is full.
    #[error("the disk is full")]
    Full(#[source] Cause),
    /// The disk or the file takes no writes.
    #[error("the storage is read-only")]
    ReadOnly(#[source] Cause),
    /// Anything else the storage refused.
    #[error("the storage failed: {0}")]
    Io(#[source] Cause),
    /// What is stored is not what was written.
    #[error("record {seq} is damaged: {why}")]
    Corrupt {
        /// The first record that is wrong.
        seq: Seq,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The log has been closed.
    #[error("the log is closed")]
    Closed,
}

impl LogError {
    /// Wraps what the storage said as [`Io`](Self::Io).
    pub(crate) fn io(source: impl Error + Send + Sync + 'static) -> Self {
        Self::Io(Arc::new(source))
    }
}

impl From<rusqlite::Error> for LogError {
    fn from(source: rusqlite::Error) -> Self {
        let code = source.sqlite_error_code();
        let cause: Cause = Arc::new(source);
        match code {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full(cause),
            Some(rusqlite::ErrorCode::ReadOnly) => Self::ReadOnly(cause),
            _ => Self::Io(cause),
        }
    }
}

/// The answer of a log, to be awaited.
pub type LogFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, LogError>> + Send + 'a>>;

/// A log of many streams. Shared as `Arc<dyn EventLog>`.
pub trait EventLog: Send + Sync + 'static {
    /// Adds `records` to `stream`, all or none, and returns when they are durable. Dropping the future does not take
    /// the append back. An empty append only checks `expected`.
    ///
    /// # Errors
    /// [`LogError::Conflict`] unless the stream's last sequence number is `expected`; [`LogError::Malformed`] unless
    /// the records follow `expected` without a gap and keep within [`LARGEST_PAYLOAD`] and [`LARGEST_APPEND`].
    fn append<'a>(&'a self, stream: &'a StreamId, expected: Seq, records: Vec<Record>) -> LogFuture<'a, ()>;

    /// The records that follow `after`, in order: at most `limit`, at most [`LARGEST_PAGE`], and about
    /// [`FULL_PAGE_BYTES`]. Only an empty answer means that there are no more.
    ///
    /// # Errors
    /// [`LogError::Corrupt`] when a record is missing or not what was written.
    fn read<'a>(&'a self, stream: &'a StreamId, after: Seq, limit: usize) -> LogFuture<'a, Vec<Record>>;

    /// The last sequence number of `stream`; 0 when it has no events.
    fn last<'a>(&'a self, stream: &'a StreamId) -> LogFuture<'a, Seq>;

    /// Every stream that has an event, by name.
    fn streams(&self) -> LogFuture<'_, Vec<StreamId>>;

    /// Keeps a snapshot, and of older ones only so many that there are [`SNAPSHOTS_KEPT`].
    ///
    /// # Errors
    /// [`LogError::Malformed`] for a snapshot of events that are not in the log, or larger than [`LARGEST_SNAPSHOT`].
    fn save_snapshot<'a>(&'a self, stream: &'a StreamId, snapshot: StoredSnapshot) -> LogFuture<'a, ()>;

    /// Writes something that belongs to no stream, and returns when it is durable: after a refused append it tells whether
    /// others can be hoped for again.
    fn probe(&self) -> LogFuture<'_, ()>;

    /// The newest snapshot that is whole.
    fn latest_snapshot<'a>(&'a self, stream: &'a StreamId) -> LogFuture<'a, Option<StoredSnapshot>>;
}

/// The rules every backend holds an append to before it looks at its storage.
fn check_append(expected: Seq, records: &[Record]) -> Result<(), LogError> {
    if records.len() > LARGEST_APPEND {
        return Err(LogError::Malformed { seq: expected, why: "too many records in one append" });
    }
    let mut last = expected;
    for record in records {
        let seq = record.seq;
        if last.0 == u64::MAX || seq != last.next() {
            return Err(LogError::Malformed { seq, why: "it does not follow the record before it" });
        }
        if record.payload.len() > LARGEST_PAYLOAD {
            return Err(LogError::Malformed { seq, why: "it is larger than an event may be" });
        }
        last = seq;
    }
    Ok(())
}

/// The same for a snapshot, given the stream's last sequence number.
fn check_snapshot(snapshot: &StoredSnapshot, last: Seq) -> Result<(), LogError> {
    let seq = snapshot.seq;
    if seq.0 == 0 || seq > last {
        return Err(LogError::Malformed { seq, why: "a snapshot of events that are not in the log" });
    }
    if snapshot.payload.len() > LARGEST_SNAPSHOT {
        return Err(LogError::Malformed { seq, why: "it is larger than a snapshot may be" });
    }
    Ok(())
}
