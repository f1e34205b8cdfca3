//! What the writer has done, for the metrics.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// One durable flush.
#[derive(Clone, Copy, Debug)]
pub struct Flush {
    /// How long the commit took, nearly all of it waiting for the disk.
    pub took: Duration,
    /// Appends and other writes it made durable together.
    pub writes: usize,
}

/// Counters since start, all only growing. Read them as they are; each is right on its own.
#[derive(Default)]
pub struct LogStats {
    /// Flushes that succeeded.
    pub flushes: AtomicU64,
    /// Writes in them.
    pub writes: AtomicU64,
    /// Microseconds spent in them.
    pub flush_micros: AtomicU64,
    /// Flushes the storage refused.
    pub refused: AtomicU64,
    /// Events acknowledged as durable.
    pub records: AtomicU64,
    /// Bytes of payload in those events.
    pub payload_bytes: AtomicU64,
    observer: OnceLock<Box<dyn Fn(Flush) + Send + Sync>>,
}

impl LogStats {
    /// Calls `observer` after each flush, on the writer's thread, so it must be quick. Only the first one set is kept;
    /// `false` for a later one.
    pub fn on_flush(&self, observer: impl Fn(Flush) + Send + Sync + 'static) -> bool {
        self.observer.set(Box::new(observer)).is_ok()
    }

    pub(crate) fn flushed(&self, flush: Flush) {
        self.flushes.fetch_add(1, Ordering::Relaxed);
        self.writes.fetch_add(flush.writes as u64, Ordering::Relaxed);
        self.flush_micros.fetch_add(u64::try_from(flush.took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
        if let Some(observer) = self.observer.get() {
            observer(flush);
        }
    }

    pub(crate) fn refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn appended(&self, records: usize, payload_bytes: usize) {
        self.records.fetch_add(records as u64, Ordering::Relaxed);
        self.payload_bytes.fetch_add(payload_bytes as u64, Ordering::Relaxed);
    }
}

impl fmt::Debug for LogStats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogStats").field("flushes", &self.flushes).field("writes", &self.writes).finish_non_exhaustive()
    }
}
