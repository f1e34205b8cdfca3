//! Reading the log's file: beside the running server, or for `verksted check` and `verksted backup` while it runs.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use verksted_protocol::ids::{Moment, Seq, StreamId};

use super::sqlite::FILE_NAME;
use super::{FULL_PAGE_BYTES, LARGEST_PAGE, LogError, Record, StoredSnapshot, chain, file};

/// Every page of a backup in one step: stepping would start over each time the server writes between two steps.
const ALL_PAGES: i32 = -1;

/// One connection that only reads. All calls block.
#[derive(Debug)]
pub struct SqliteReader {
    conn: Connection,
}

/// `seq` as SQLite stores it; a number beyond its range is after everything.
pub(super) fn stored(seq: Seq) -> i64 {
    i64::try_from(seq.0).unwrap_or(i64::MAX)
}

pub(super) fn loaded(row: &Row<'_>, column: usize) -> Result<Seq, LogError> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map(Seq).map_err(|_| LogError::Corrupt { seq: Seq(0), why: "a negative sequence number" })
}

impl SqliteReader {
    /// Opens the log in the data directory `dir`, which must exist; a server may be using it.
    ///
    /// # Errors
    /// [`LogError::Io`] when there is no log, or SQLite is older than 3.51.3.
    pub fn open(dir: &Path) -> Result<Self, LogError> {
        let conn = file::open(&dir.join(FILE_NAME), false)?;
        conn.pragma_update(None, "query_only", true)?;
        Ok(Self { conn })
    }

    /// As [`EventLog::streams`](super::EventLog::streams).
    ///
    /// # Errors
    /// What the storage refuses.
    pub fn streams(&self) -> Result<Vec<StreamId>, LogError> {
        let mut query = self.conn.prepare_cached("SELECT name FROM stream ORDER BY name")?;
        let names = query.query_map([], |row| row.get::<_, String>(0))?;
        let unreadable = LogError::Corrupt { seq: Seq(0), why: "a stream's name" };
        names.map(|name| StreamId::try_from(name?).map_err(|_| unreadable.clone())).collect()
    }

    /// As [`EventLog::last`](super::EventLog::last).
    ///
    /// # Errors
    /// What the storage refuses.
    pub fn last(&self, stream: &StreamId) -> Result<Seq, LogError> {
        let sql = "SELECT seq FROM event WHERE stream = (SELECT id FROM stream WHERE name = ?1) \
                   ORDER BY seq DESC LIMIT 1";
        let mut query = self.conn.prepare_cached(sql)?;
        let mut rows = query.query([stream.as_str()])?;
        rows.next()?.map_or(Ok(Seq(0)), |row| loaded(row, 0))
    }

    /// As [`EventLog::read`](super::EventLog::read).
    ///
    /// # Errors
    /// [`LogError::Corrupt`] when a record is missing or not what was written, and what the storage refuses.
    pub fn read(&self, stream: &StreamId, after: Seq, limit: usize) -> Result<Vec<Record>, LogError> {
        let mut page = Vec::new();
        let mut before = None;
        self.walk(stream, after, limit, |record, hash| {
            let link = match before {
                Some(link) => link,
                None => self.link_of(stream, after)?,
            };
            before = Some(chain::follow(&link, &record, &hash)?);
            page.push(record);
            Ok(())
        })?;
        Ok(page)
    }

    /// What the record after `seq` builds on.
    fn link_of(&self, stream: &StreamId, seq: Seq) -> Result<chain::Hash, LogError> {
        if seq == Seq(0) {
            return Ok(chain::root(stream));
        }
        let sql = "SELECT hash FROM event WHERE stream = (SELECT id FROM stream WHERE name = ?1) AND seq = ?2";
        let mut query = self.conn.prepare_cached(sql)?;
        let found = query.query_row(params![stream.as_str(), stored(seq)], |row| row.get(0)).optional()?;
        found.ok_or(LogError::Corrupt { seq, why: "it is missing" })
    }

    /// As [`EventLog::latest_snapshot`](super::EventLog::latest_snapshot).
    ///
    /// # Errors
    /// What the storage refuses.
    pub fn latest_snapshot(&self, stream: &StreamId) -> Result<Option<StoredSnapshot>, LogError> {
        let mut newest = None;
        self.snapshots(stream, |seq, whole| {
            if whole.is_none() {
                tracing::warn!(workshop.id = %stream, snapshot.seq = %seq, "passed over a damaged snapshot");
            }
            newest = whole;
            newest.is_none()
        })?;
        Ok(newest)
    }

    /// Visits the snapshots of `stream` from the newest on, for as long as `visit` wants more; without its state where one
    /// is not what was written.
    ///
    /// # Errors
    /// What the storage refuses.
    pub fn snapshots(
        &self,
        stream: &StreamId,
        mut visit: impl FnMut(Seq, Option<StoredSnapshot>) -> bool,
    ) -> Result<(), LogError> {
        let sql = "SELECT seq, payload, hash FROM snapshot WHERE stream = (SELECT id FROM stream WHERE name = ?1) \
                   ORDER BY seq DESC";
        let mut query = self.conn.prepare_cached(sql)?;
        let mut rows = query.query([stream.as_str()])?;
        while let Some(row) = rows.next()? {
            let (seq, payload, hash) = (loaded(row, 0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, Vec<u8>>(2)?);
            let whole = Sha256::digest(&payload)[..] == hash[..];
            if !visit(seq, whole.then_some(StoredSnapshot { seq, payload })) {
                break;
            }
        }
        Ok(())
    }

    /// Lets SQLite check the file itself: its pages, its indexes and what refers to what.
    ///
    /// # Errors
    /// [`LogError::Io`] with the first thing that is wrong.
    pub fn check_file(&self) -> Result<(), LogError> {
        let found: String = self.conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if found == "ok" { Ok(()) } else { Err(LogError::io(io::Error::other(found))) }
    }

    /// Runs `look`, which sees the file as it is at one moment, whatever a server writes meanwhile.
    ///
    /// # Errors
    /// What `look` answers, and what the storage refuses.
    pub fn at_one_moment<T>(&self, look: impl FnOnce() -> Result<T, LogError>) -> Result<T, LogError> {
        // Given up in the end, as nothing is written.
        let _moment = self.conn.unchecked_transaction()?;
        look()
    }

    /// Walks the whole hash chain of `stream` and returns its last sequence number. A chain cut off at its end is
    /// whole in itself; compare the answer with a number known from elsewhere.
    ///
    /// # Errors
    /// [`LogError::Corrupt`] names the first record that is not what was written.
    pub fn verify(&self, stream: &StreamId) -> Result<Seq, LogError> {
        let (mut last, mut before) = (Seq(0), chain::root(stream));
        loop {
            let start = last;
            self.walk(stream, start, LARGEST_PAGE, |record, hash| {
                last = record.seq;
                before = chain::follow(&before, &record, &hash)?;
                Ok(())
            })?;
            if last == start {
                return Ok(last);
            }
        }
    }

    /// Copies the log, as it is at one moment, to the new file `to`. Ballots are in another file and never in a copy.
    ///
    /// # Errors
    /// [`LogError::Io`] when `to` exists or the copy does not pass SQLite's own check, and what the storage refuses.
    pub fn backup(&self, to: &Path) -> Result<(), LogError> {
        if to.exists() {
            return Err(LogError::io(io::Error::new(io::ErrorKind::AlreadyExists, "the backup file exists already")));
        }
        // Only a whole copy ever carries the name that was asked for.
        let partial = to.with_added_extension("partial");
        if partial.exists() {
            fs::remove_file(&partial).map_err(LogError::io)?;
        }
        let mut copy = file::open(&partial, true)?;
        let step = Backup::new(&self.conn, &mut copy)?.step(ALL_PAGES)?;
        // One file is easier to carry than a database and its journal.
        file::set_journal(&copy, "delete")?;
        let check: String = copy.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        copy.close().map_err(|(_, source)| source)?;
        if step != StepResult::Done || check != "ok" {
            return Err(LogError::io(io::Error::other("the copy is not whole")));
        }
        fs::rename(&partial, to).map_err(LogError::io)?;
        let dir = to.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(dir).and_then(|dir| dir.sync_all()).map_err(LogError::io)
    }

    /// Visits one page of records with their stored hashes.
    fn walk(
        &self,
        stream: &StreamId,
        after: Seq,
        limit: usize,
        mut visit: impl FnMut(Record, Vec<u8>) -> Result<(), LogError>,
    ) -> Result<(), LogError> {
        let sql = "SELECT seq, at, payload, hash FROM event \
                   WHERE stream = (SELECT id FROM stream WHERE name = ?1) AND seq > ?2 ORDER BY seq LIMIT ?3";
        let limit = i64::try_from(limit.min(LARGEST_PAGE)).unwrap_or(i64::MAX);
        let mut query = self.conn.prepare_cached(sql)?;
        let mut rows = query.query(params![stream.as_str(), stored(after), limit])?;
        let (mut last, mut bytes) = (after, 0);
        while bytes < FULL_PAGE_BYTES
            && let Some(row) = rows.next()?
        {
            let record = Record { seq: loaded(row, 0)?, at: Moment(row.get(1)?), payload: row.get(2)? };
            if record.seq != last.next() {
                return Err(LogError::Corrupt { seq: last.next(), why: "it is missing" });
            }
            last = record.seq;
            bytes += record.payload.len();
            visit(record, row.get(3)?)?;
        }
        Ok(())
    }
}

/// A stream's row and the end of its chain, as the writer needs it; `None` before its first event.
pub(super) fn head(conn: &Connection, stream: &StreamId) -> Result<Option<(i64, Seq, chain::Hash)>, LogError> {
    let sql = "SELECT stream.id, event.seq, event.hash FROM stream JOIN event ON event.stream = stream.id \
               WHERE stream.name = ?1 ORDER BY event.seq DESC LIMIT 1";
    let mut query = conn.prepare_cached(sql)?;
    let found = query.query_row([stream.as_str()], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?, row.get(2)?)));
    let Some((id, seq, hash)) = found.optional()? else { return Ok(None) };
    let seq = u64::try_from(seq).map(Seq).map_err(|_| LogError::Corrupt { seq: Seq(0), why: "a negative number" })?;
    Ok(Some((id, seq, hash)))
}
