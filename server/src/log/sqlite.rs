//! The default log: one SQLite file, one thread that writes, a few connections that read.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use verksted_protocol::ids::{Seq, StreamId};

use super::reader::{self, SqliteReader};
use super::stats::LogStats;
use super::writer::Writer;
use super::{EventLog, LogError, LogFuture, PROBE_BYTES, Record, SNAPSHOTS_KEPT, StoredSnapshot};
use super::{chain, check_append, check_snapshot, file};

/// The file in the data directory.
pub const FILE_NAME: &str = "verksted.db";
/// Reads that may run at once; more wait, so that a storm of joins cannot fill the runtime's blocking threads.
const READERS: u32 = 2;

/// Steps that only ever get longer: a released step is never edited.
const SCHEMA: &[&str] = &[
    "CREATE TABLE stream (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
     CREATE TABLE event (
         stream INTEGER NOT NULL REFERENCES stream (id), seq INTEGER NOT NULL, at INTEGER NOT NULL,
         payload BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (stream, seq)) STRICT;
     CREATE TABLE snapshot (
         stream INTEGER NOT NULL REFERENCES stream (id), seq INTEGER NOT NULL,
         payload BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (stream, seq)) STRICT;",
    crate::auth::SCHEMA,
    "CREATE TABLE probe (id INTEGER PRIMARY KEY, filler BLOB NOT NULL) STRICT;",
];

/// The ends of the streams that were written to, so that an append need not look them up.
pub(crate) type Heads = HashMap<StreamId, Head>;

/// The end of one stream.
#[derive(Clone, Copy)]
pub(crate) struct Head {
    id: i64,
    seq: Seq,
    hash: chain::Hash,
}

/// The log in one SQLite file. Only one may be open per data directory.
pub struct SqliteLog {
    writer: Writer<Heads>,
    readers: Arc<Readers>,
    stats: Arc<LogStats>,
}

struct Readers {
    dir: PathBuf,
    idle: Mutex<Vec<SqliteReader>>,
    gate: Arc<Semaphore>,
}

impl SqliteLog {
    /// Opens the log in `dir`, making both when they are missing. Blocks; meant for the start of the server.
    ///
    /// # Errors
    /// [`LogError::Io`] when another server has the directory, the file system cannot do what SQLite's WAL needs, the
    /// file is from a newer server, or SQLite is older than 3.51.3.
    pub fn open(dir: &Path) -> Result<Self, LogError> {
        let lock = file::take_directory(dir)?;
        let mut conn = file::open(&dir.join(FILE_NAME), true)?;
        file::set_journal(&conn, "wal")?;
        file::migrate(&mut conn, SCHEMA)?;
        let stats = Arc::new(LogStats::default());
        let writer = Writer::start("log-writer", conn, stats.clone(), lock)?;
        let gate = Arc::new(Semaphore::new(READERS as usize));
        let readers = Arc::new(Readers { dir: dir.to_owned(), idle: Mutex::default(), gate });
        Ok(Self { writer, readers, stats })
    }

    /// What the writer has done since it started.
    #[must_use]
    pub fn stats(&self) -> Arc<LogStats> {
        self.stats.clone()
    }

    /// Finishes what waits, closes the file and lets go of the directory. Everything after it is [`LogError::Closed`].
    pub async fn close(&self) {
        if let Ok(all) = self.readers.gate.acquire_many(READERS).await {
            self.readers.gate.close();
            self.readers.idle().clear();
            drop(all);
        }
        self.writer.close().await;
    }

    pub(crate) fn writer(&self) -> Writer<Heads> {
        self.writer.clone()
    }

    /// Runs `work` with a reader on a thread that may block. The reader comes back also when the caller stops waiting.
    async fn reading<T: Send + 'static>(
        &self,
        work: impl FnOnce(&SqliteReader) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, LogError> {
        let readers = self.readers.clone();
        let permit = readers.gate.clone().acquire_owned().await.map_err(|_| LogError::Closed)?;
        let task = tokio::task::spawn_blocking(move || {
            let idle = readers.idle().pop();
            let reader = idle.map_or_else(|| SqliteReader::open(&readers.dir), Ok)?;
            let answer = work(&reader);
            readers.idle().push(reader);
            drop(permit);
            answer
        });
        task.await.map_err(LogError::io)?
    }
}

impl Readers {
    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<SqliteReader>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn append(
    conn: &Connection,
    heads: &mut Heads,
    stream: StreamId,
    expected: Seq,
    batch: &[Record],
) -> Result<(), LogError> {
    let head = match heads.get(&stream) {
        Some(head) => Some(*head),
        None => find_head(conn, &stream)?,
    };
    let actual = head.map_or(Seq(0), |head| head.seq);
    if actual != expected {
        return Err(LogError::Conflict { actual });
    }
    if batch.is_empty() {
        return Ok(());
    }
    let mut head = match head {
        Some(head) => head,
        None => begin(conn, &stream)?,
    };
    let sql = "INSERT INTO event (stream, seq, at, payload, hash) VALUES (?1, ?2, ?3, ?4, ?5)";
    let mut insert = conn.prepare_cached(sql)?;
    for record in batch {
        head.hash = chain::link(&head.hash, record);
        head.seq = record.seq;
        insert.execute(params![head.id, reader::stored(head.seq), record.at.0, record.payload, head.hash])?;
    }
    heads.insert(stream, head);
    Ok(())
}

/// The end of a stream as it is in the file. A snapshot that goes beyond it holds what was lost, and is not to be taken for
/// one of what is written now.
fn find_head(conn: &Connection, stream: &StreamId) -> Result<Option<Head>, LogError> {
    let Some((id, seq, hash)) = reader::head(conn, stream)? else { return Ok(None) };
    let sql = "DELETE FROM snapshot WHERE stream = ?1 AND seq > ?2";
    conn.prepare_cached(sql)?.execute(params![id, reader::stored(seq)])?;
    Ok(Some(Head { id, seq, hash }))
}

fn begin(conn: &Connection, stream: &StreamId) -> Result<Head, LogError> {
    conn.prepare_cached("INSERT INTO stream (name) VALUES (?1)")?.execute([stream.as_str()])?;
    Ok(Head { id: conn.last_insert_rowid(), seq: Seq(0), hash: chain::root(stream) })
}

fn save(conn: &Connection, stream: &StreamId, snapshot: &StoredSnapshot) -> Result<(), LogError> {
    let head = reader::head(conn, stream)?;
    let (id, last) = head.map_or((0, Seq(0)), |(id, seq, _)| (id, seq));
    check_snapshot(snapshot, last)?;
    let hash: chain::Hash = Sha256::digest(&snapshot.payload).into();
    let sql = "INSERT OR REPLACE INTO snapshot (stream, seq, payload, hash) VALUES (?1, ?2, ?3, ?4)";
    conn.prepare_cached(sql)?.execute(params![id, reader::stored(snapshot.seq), snapshot.payload, hash])?;
    let sql = "DELETE FROM snapshot WHERE stream = ?1 AND seq NOT IN \
               (SELECT seq FROM snapshot WHERE stream = ?1 ORDER BY seq DESC LIMIT ?2)";
    conn.prepare_cached(sql)?.execute(params![id, SNAPSHOTS_KEPT as i64])?;
    Ok(())
}

impl EventLog for SqliteLog {
    fn append<'a>(&'a self, stream: &'a StreamId, expected: Seq, records: Vec<Record>) -> LogFuture<'a, ()> {
        Box::pin(async move {
            check_append(expected, &records)?;
            let (count, bytes) = (records.len(), records.iter().map(|record| record.payload.len()).sum());
            let stream = stream.clone();
            self.writer.run(move |conn, heads| append(conn, heads, stream, expected, &records)).await?;
            self.stats.appended(count, bytes);
            Ok(())
        })
    }

    fn read<'a>(&'a self, stream: &'a StreamId, after: Seq, limit: usize) -> LogFuture<'a, Vec<Record>> {
        let stream = stream.clone();
        Box::pin(self.reading(move |reader| reader.read(&stream, after, limit)))
    }

    fn last<'a>(&'a self, stream: &'a StreamId) -> LogFuture<'a, Seq> {
        let stream = stream.clone();
        Box::pin(self.reading(move |reader| reader.last(&stream)))
    }

    fn streams(&self) -> LogFuture<'_, Vec<StreamId>> {
        Box::pin(self.reading(SqliteReader::streams))
    }

    fn save_snapshot<'a>(&'a self, stream: &'a StreamId, snapshot: StoredSnapshot) -> LogFuture<'a, ()> {
        let stream = stream.clone();
        Box::pin(self.writer.run_apart(move |conn, _| save(conn, &stream, &snapshot)))
    }

    fn probe(&self) -> LogFuture<'_, ()> {
        Box::pin(self.writer.run(|conn, _| {
            let mut write =
                conn.prepare_cached("INSERT OR REPLACE INTO probe (id, filler) VALUES (1, randomblob(?1))")?;
            write.execute([PROBE_BYTES as i64])?;
            Ok(())
        }))
    }

    fn latest_snapshot<'a>(&'a self, stream: &'a StreamId) -> LogFuture<'a, Option<StoredSnapshot>> {
        let stream = stream.clone();
        Box::pin(self.reading(move |reader| reader.latest_snapshot(&stream)))
    }
}

#[cfg(test)]
mod tests;
