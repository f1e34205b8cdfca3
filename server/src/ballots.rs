//! The ballot box: who has voted, and sealed ballots, in a file of its own that no backup, log or replay contains.
//!
//! A ballot lies in a slot whose name can be computed from its seat only with the round's key. So a seat can
//! replace its own ballot while the round is open, and is counted once. No ballot is ever shown to anybody. The box keeps no order and no time. When the
//! sums are in the log, [`BallotBox::erase`] destroys key and ballots, and nothing links a seat to a choice any more.
//! What a disk keeps in blocks it has freed is beyond a program; that is what disk encryption is for.

use std::path::Path;
use std::sync::Arc;

use rand::seq::SliceRandom;
use rusqlite::{Connection, OptionalExtension, params};
use verksted_protocol::ids::{RoundId, SeatId, StreamId};

use crate::log::writer::Writer;
use crate::log::{LogError, file};

mod seal;

pub use seal::LONGEST_CHOICE;
use seal::{Key, Place, SealError};

/// The file in the data directory.
pub const FILE_NAME: &str = "ballots.db";

/// The primary key of a ballot is its slot, so the order of the rows is that of the slots and not of the votes.
const SCHEMA: &[&str] = &["CREATE TABLE round (
         id INTEGER PRIMARY KEY, stream TEXT NOT NULL, round INTEGER NOT NULL, key BLOB NOT NULL,
         UNIQUE (stream, round)) STRICT;
     CREATE TABLE ballot (
         round INTEGER NOT NULL REFERENCES round (id) ON DELETE CASCADE, slot BLOB NOT NULL, sealed BLOB NOT NULL,
         PRIMARY KEY (round, slot)) STRICT, WITHOUT ROWID;"];

/// Why the box did not do as asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum BallotError {
    /// The round was never opened here, or has been erased.
    #[error("the round is not open")]
    NotOpen,
    /// The choice is longer than [`LONGEST_CHOICE`].
    #[error("the choice is longer than a ballot may be")]
    TooLong,
    /// A ballot is not what was put in. Nothing is counted then, rather than a wrong sum.
    #[error("a ballot in the box is damaged")]
    Damaged,
    /// The storage refused. Whether a ballot was put in is then unknown; putting it in again is safe.
    #[error(transparent)]
    Storage(#[from] LogError),
}

impl From<rusqlite::Error> for BallotError {
    fn from(source: rusqlite::Error) -> Self {
        Self::Storage(source.into())
    }
}

impl From<SealError> for BallotError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::TooLong => Self::TooLong,
            SealError::Damaged => Self::Damaged,
        }
    }
}

/// The ballots of all open rounds of all streams. What a call has answered is on disk. Cheap to clone.
#[derive(Clone)]
pub struct BallotBox {
    writer: Writer<()>,
}

impl BallotBox {
    /// Opens the box in the data directory `dir`, which must exist. Blocks; meant for the start of the server.
    ///
    /// # Errors
    /// What the storage refuses.
    pub fn load(dir: &Path) -> Result<Self, BallotError> {
        let mut conn = file::open(&dir.join(FILE_NAME), true)?;
        // A write-ahead log would keep what was erased until its next checkpoint; so would a temporary file.
        file::set_journal(&conn, "truncate")?;
        conn.pragma_update(None, "temp_store", "MEMORY")?;
        conn.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
        file::migrate(&mut conn, SCHEMA)?;
        // An erasure that a crash cut short is finished here.
        conn.execute_batch("VACUUM")?;
        let writer = Writer::start("ballot-box", conn, Arc::default(), ())?;
        Ok(Self { writer })
    }

    /// A box without a file or a thread of its own, which lives in the runtime it is made in; for simulations.
    ///
    /// # Errors
    /// What the storage refuses.
    pub fn in_memory() -> Result<Self, BallotError> {
        let mut conn = file::open_in_memory()?;
        file::migrate(&mut conn, SCHEMA)?;
        Ok(Self { writer: Writer::start_as_task(conn) })
    }

    /// Opens a round under a key of its own. Opening an open round again changes nothing.
    ///
    /// # Errors
    /// What the storage refuses.
    pub async fn open(&self, stream: &StreamId, round: RoundId) -> Result<(), BallotError> {
        let stream = stream.clone();
        self.run(move |conn| {
            let sql = "INSERT OR IGNORE INTO round (stream, round, key) VALUES (?1, ?2, ?3)";
            conn.prepare_cached(sql)?.execute(params![stream.as_str(), round.0, Key::random().bytes()])?;
            Ok(())
        })
        .await
    }

    /// Puts in the ballot of `seat`, in place of one it has put in before. Answers how many seats have voted.
    ///
    /// # Errors
    /// [`BallotError::TooLong`] beyond [`LONGEST_CHOICE`] bytes; [`BallotError::NotOpen`]; [`BallotError::Storage`].
    pub async fn put(
        &self,
        stream: &StreamId,
        round: RoundId,
        seat: SeatId,
        choice: &[u8],
    ) -> Result<u32, BallotError> {
        let (stream, choice) = (stream.clone(), choice.to_vec());
        self.run(move |conn| {
            let open = Round::find(conn, &stream, round)?;
            let slot = open.key.slot(seat);
            let sealed = open.key.seal(open.place(&slot), &choice)?;
            let sql = "INSERT INTO ballot (round, slot, sealed) VALUES (?1, ?2, ?3) \
                       ON CONFLICT DO UPDATE SET sealed = excluded.sealed";
            conn.prepare_cached(sql)?.execute(params![open.id, slot, sealed])?;
            open.turnout(conn)
        })
        .await
    }

    /// How many seats have voted.
    ///
    /// # Errors
    /// [`BallotError::NotOpen`]; [`BallotError::Storage`].
    pub async fn turnout(&self, stream: &StreamId, round: RoundId) -> Result<u32, BallotError> {
        let stream = stream.clone();
        self.run(move |conn| Round::find(conn, &stream, round)?.turnout(conn)).await
    }

    /// All choices, in random order. The box stays as it is until [`erase`](Self::erase), so that a crash before the
    /// sums are in the log loses nothing.
    ///
    /// # Errors
    /// [`BallotError::NotOpen`]; [`BallotError::Damaged`]; [`BallotError::Storage`].
    pub async fn empty(&self, stream: &StreamId, round: RoundId) -> Result<Vec<Vec<u8>>, BallotError> {
        let stream = stream.clone();
        self.run(move |conn| {
            let open = Round::find(conn, &stream, round)?;
            let mut query = conn.prepare_cached("SELECT slot, sealed FROM ballot WHERE round = ?1")?;
            let mut rows = query.query([open.id])?;
            let mut choices = Vec::new();
            while let Some(row) = rows.next()? {
                let (slot, sealed): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
                choices.push(open.key.unseal(open.place(&slot), &sealed)?);
            }
            choices.shuffle(&mut rand::rng());
            Ok(choices)
        })
        .await
    }

    /// Destroys the round's key and ballots, and writes the file anew without them. Erasing what is not there is fine.
    ///
    /// # Errors
    /// [`BallotError::Storage`]; erase again then.
    pub async fn erase(&self, stream: &StreamId, round: RoundId) -> Result<(), BallotError> {
        let stream = stream.clone();
        let erased = self.writer.run_alone(move |conn, ()| {
            conn.execute("DELETE FROM round WHERE stream = ?1 AND round = ?2", params![stream.as_str(), round.0])?;
            // Deleting overwrites with zeros, but remnants of pages that were once split are left to this.
            Ok(conn.execute_batch("VACUUM")?)
        });
        Ok(erased.await?)
    }

    /// Finishes what waits and closes the file.
    pub async fn close(&self) {
        self.writer.close().await;
    }

    /// Runs `work` among others in one transaction. Only the storage's own refusals roll it back, so `work` makes
    /// sure of everything else before it writes.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, BallotError> + Send + 'static,
    ) -> Result<T, BallotError> {
        let answer = self.writer.run(move |conn, ()| match work(conn) {
            Err(BallotError::Storage(error)) => Err(error),
            other => Ok(other),
        });
        answer.await?
    }
}

/// An open round.
struct Round {
    id: i64,
    key: Key,
    stream: StreamId,
    round: RoundId,
}

impl Round {
    fn find(conn: &Connection, stream: &StreamId, round: RoundId) -> Result<Self, BallotError> {
        let mut query = conn.prepare_cached("SELECT id, key FROM round WHERE stream = ?1 AND round = ?2")?;
        let found = query.query_row(params![stream.as_str(), round.0], |row| Ok((row.get(0)?, row.get(1)?)));
        let (id, key) = found.optional()?.ok_or(BallotError::NotOpen)?;
        Ok(Self { id, key: Key::from_bytes(key), stream: stream.clone(), round })
    }

    fn place<'a>(&'a self, slot: &'a [u8]) -> Place<'a> {
        Place { stream: &self.stream, round: self.round, slot }
    }

    fn turnout(&self, conn: &Connection) -> Result<u32, BallotError> {
        let mut query = conn.prepare_cached("SELECT count(*) FROM ballot WHERE round = ?1")?;
        Ok(query.query_row([self.id], |row| row.get(0))?)
    }
}

#[cfg(test)]
mod tests;
