//! A log in memory, for tests: able to fail, to stall and to tear on request.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use verksted_protocol::ids::{Seq, StreamId};

use super::{EventLog, LARGEST_PAGE, LogError, LogFuture, Record, SNAPSHOTS_KEPT, StoredSnapshot};
use super::{chain, check_append, check_snapshot};

/// A log that forgets everything when it is dropped. By default it never fails.
pub struct MemoryLog {
    held: Mutex<Held>,
    stalled: watch::Sender<bool>,
}

#[derive(Default)]
struct Held {
    streams: BTreeMap<StreamId, Vec<(Record, chain::Hash)>>,
    snapshots: BTreeMap<StreamId, BTreeMap<Seq, Vec<u8>>>,
    fail: usize,
    full: bool,
    unreadable: bool,
    tear: Option<usize>,
    panics: bool,
}

impl Default for MemoryLog {
    fn default() -> Self {
        Self { held: Mutex::default(), stalled: watch::Sender::new(false) }
    }
}

impl MemoryLog {
    /// From now on, until told otherwise, appends and probes fail with [`LogError::Full`] and store nothing.
    pub fn fill(&self, full: bool) {
        self.held().full = full;
    }

    /// From now on, until told otherwise, nothing can be read.
    pub fn hide(&self, unreadable: bool) {
        self.held().unreadable = unreadable;
    }

    /// Changes a bit of a stored record, as a failing disk may.
    pub fn flip(&self, stream: &StreamId, seq: Seq) {
        let mut held = self.held();
        let record = held.streams.get_mut(stream).and_then(|held| held.iter_mut().find(|(found, _)| found.seq == seq));
        if let Some(byte) = record.and_then(|(record, _)| record.payload.first_mut()) {
            *byte ^= 1;
        }
    }

    /// The next append panics, as a fault in the program would.
    pub fn panic_next(&self) {
        self.held().panics = true;
    }

    /// The next `appends` appends fail with [`LogError::Io`] and store nothing.
    pub fn fail_next(&self, appends: usize) {
        self.held().fail = appends;
    }

    /// The next append stores its first `keep` records and then fails with [`LogError::Io`]; when that is all of them,
    /// it is an append whose answer was lost.
    pub fn tear_next(&self, keep: usize) {
        self.held().tear = Some(keep);
    }

    /// Appends and snapshots wait from now on until [`release`](Self::release).
    pub fn stall(&self) {
        self.stalled.send_replace(true);
    }

    /// Lets the waiting appends go on, in no particular order between streams.
    pub fn release(&self) {
        self.stalled.send_replace(false);
    }

    async fn not_stalled(&self) -> Result<(), LogError> {
        let mut stalled = self.stalled.subscribe();
        stalled.wait_for(|stalled| !stalled).await.map(drop).map_err(|_| LogError::Closed)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn asked_to_fail() -> LogError {
    LogError::io(io::Error::other("asked to fail"))
}

impl Held {
    fn last(&self, stream: &StreamId) -> Seq {
        self.streams.get(stream).and_then(|records| records.last()).map_or(Seq(0), |(record, _)| record.seq)
    }

    /// What the disk says to a write, before it is one.
    fn write(&mut self) -> Result<(), LogError> {
        assert!(!std::mem::take(&mut self.panics), "asked to panic");
        if self.full {
            return Err(LogError::Full(Arc::new(io::Error::from(io::ErrorKind::StorageFull))));
        }
        if self.fail > 0 {
            self.fail -= 1;
            return Err(asked_to_fail());
        }
        Ok(())
    }

    fn read(&self) -> Result<(), LogError> {
        if self.unreadable { Err(asked_to_fail()) } else { Ok(()) }
    }

    fn append(&mut self, stream: &StreamId, expected: Seq, mut records: Vec<Record>) -> Result<(), LogError> {
        let actual = self.last(stream);
        if actual != expected {
            return Err(LogError::Conflict { actual });
        }
        self.write()?;
        let torn = self.tear.take();
        records.truncate(torn.unwrap_or(usize::MAX));
        if !records.is_empty() {
            let held = self.streams.entry(stream.clone()).or_default();
            let mut link = held.last().map_or_else(|| chain::root(stream), |(_, hash)| *hash);
            for record in records {
                link = chain::link(&link, &record);
                held.push((record, link));
            }
        }
        if torn.is_some() { Err(asked_to_fail()) } else { Ok(()) }
    }

    fn save(&mut self, stream: &StreamId, snapshot: StoredSnapshot) -> Result<(), LogError> {
        check_snapshot(&snapshot, self.last(stream))?;
        let kept = self.snapshots.entry(stream.clone()).or_default();
        kept.insert(snapshot.seq, snapshot.payload);
        while kept.len() > SNAPSHOTS_KEPT {
            kept.pop_first();
        }
        Ok(())
    }
}

impl EventLog for MemoryLog {
    fn append<'a>(&'a self, stream: &'a StreamId, expected: Seq, records: Vec<Record>) -> LogFuture<'a, ()> {
        Box::pin(async move {
            check_append(expected, &records)?;
            self.not_stalled().await?;
            self.held().append(stream, expected, records)
        })
    }

    fn read<'a>(&'a self, stream: &'a StreamId, after: Seq, limit: usize) -> LogFuture<'a, Vec<Record>> {
        Box::pin(async move {
            let held = self.held();
            held.read()?;
            let records = held.streams.get(stream).map_or(&[][..], Vec::as_slice);
            let start = usize::try_from(after.0).unwrap_or(usize::MAX).min(records.len());
            let mut link = records[..start].last().map_or_else(|| chain::root(stream), |(_, hash)| *hash);
            let page = records[start..].iter().take(limit.min(LARGEST_PAGE));
            page.map(|(record, hash)| {
                link = chain::follow(&link, record, hash)?;
                Ok(record.clone())
            })
            .collect()
        })
    }

    fn last<'a>(&'a self, stream: &'a StreamId) -> LogFuture<'a, Seq> {
        Box::pin(async move {
            let held = self.held();
            held.read()?;
            Ok(held.last(stream))
        })
    }

    fn streams(&self) -> LogFuture<'_, Vec<StreamId>> {
        Box::pin(async move { Ok(self.held().streams.keys().cloned().collect()) })
    }

    fn save_snapshot<'a>(&'a self, stream: &'a StreamId, snapshot: StoredSnapshot) -> LogFuture<'a, ()> {
        Box::pin(async move {
            self.not_stalled().await?;
            self.held().save(stream, snapshot)
        })
    }

    fn probe(&self) -> LogFuture<'_, ()> {
        Box::pin(async move {
            self.not_stalled().await?;
            self.held().write()
        })
    }

    fn latest_snapshot<'a>(&'a self, stream: &'a StreamId) -> LogFuture<'a, Option<StoredSnapshot>> {
        Box::pin(async move {
            let held = self.held();
            held.read()?;
            let newest = held.snapshots.get(stream).and_then(|kept| kept.last_key_value());
            Ok(newest.map(|(seq, payload)| StoredSnapshot { seq: *seq, payload: payload.clone() }))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::conformance::{self, Harm, event, name};
    use super::*;

    fn subject() -> conformance::Subject {
        let log = Arc::new(MemoryLog::default());
        conformance::Subject { log: log.clone(), harm: log, dir: None }
    }

    impl Harm for MemoryLog {
        fn refuse(&self, refuse: bool) -> LogFuture<'_, ()> {
            self.fill(refuse);
            Box::pin(async { Ok(()) })
        }

        fn flip(&self, stream: &StreamId, seq: Seq) {
            Self::flip(self, stream, seq);
        }

        /// The last append came to disk in part.
        fn cut(&self, stream: &StreamId, keep: u64) -> Arc<dyn EventLog> {
            let cut = Self::default();
            let records = self.held().streams[stream].clone();
            let keep = usize::try_from(keep).unwrap().min(records.len());
            cut.held().streams.insert(stream.clone(), records[..keep].to_vec());
            Arc::new(cut)
        }
    }

    conformance::suite!(subject);

    #[tokio::test]
    async fn a_failed_append_stores_nothing() {
        let log = MemoryLog::default();
        log.fail_next(1);
        assert!(matches!(log.append(&name("a"), Seq(0), vec![event(1)]).await, Err(LogError::Io(_))));
        assert_eq!(log.last(&name("a")).await.unwrap(), Seq(0));
        log.append(&name("a"), Seq(0), vec![event(1)]).await.unwrap();
    }

    #[tokio::test]
    async fn a_torn_append_keeps_its_beginning() {
        let log = MemoryLog::default();
        log.tear_next(1);
        assert!(log.append(&name("a"), Seq(0), vec![event(1), event(2)]).await.is_err());
        assert_eq!(log.last(&name("a")).await.unwrap(), Seq(1));
    }

    #[tokio::test]
    async fn a_stalled_append_waits_until_released() {
        let log = Arc::new(MemoryLog::default());
        log.stall();
        let waiting = tokio::spawn({
            let log = log.clone();
            async move { log.append(&name("a"), Seq(0), vec![event(1)]).await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        log.release();
        waiting.await.unwrap().unwrap();
        assert_eq!(log.last(&name("a")).await.unwrap(), Seq(1));
    }
}
