//! The ballot box: who has voted, and sealed ballots, in a file of its own that no backup, log or replay contains.
//!
//! A ballot lies in a slot whose name can be computed from its seat only with the round's key. So a seat can
//! replace its own ballot while the round is open, and is counted once. No ballot is ever shown to anybody. The box keeps
//! no order and no time. When the sums are in the log, [`BallotBox::erase`] destroys key and ballots, and nothing links a
//! seat to a choice any more.
//!
//! One thread writes, and ballots that wait share a flush, whatever streams they are of. The file has a rollback journal
//! that is cut to nothing after each flush, which costs more than a write-ahead log would: but that would hold old keys and
//! ballots long after they were erased. What a disk keeps in blocks it has freed is beyond a program; that is what disk encryption is for.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rand::seq::SliceRandom;
use rusqlite::{Connection, OptionalExtension, params};
use verksted_protocol::ids::{RoundId, SeatId, StreamId};

use crate::log::stats::LogStats;
use crate::log::writer::Writer;
use crate::log::{LogError, file};

mod seal;
mod sweeper;

pub use seal::LONGEST_CHOICE;
use seal::{Key, Place, SealError};
use sweeper::Sweeper;

/// The file in the data directory.
pub const FILE_NAME: &str = "ballots.db";

/// How long an erasure that failed waits before it is tried again.
const ERASE_AGAIN: Duration = Duration::from_secs(10);
/// Bytes a probe writes: some ballots' worth.
const PROBE_BYTES: usize = 16 << 10;

/// The primary key of a ballot is its slot, so the order of the rows is that of the slots and not of the votes.
const SCHEMA: &[&str] = &[
    "CREATE TABLE round (
         id INTEGER PRIMARY KEY, stream TEXT NOT NULL, round INTEGER NOT NULL, key BLOB NOT NULL,
         UNIQUE (stream, round)) STRICT;
     CREATE TABLE ballot (
         round INTEGER NOT NULL REFERENCES round (id) ON DELETE CASCADE, slot BLOB NOT NULL, sealed BLOB NOT NULL,
         PRIMARY KEY (round, slot)) STRICT, WITHOUT ROWID;",
    "CREATE TABLE probe (id INTEGER PRIMARY KEY, filler BLOB NOT NULL) STRICT;",
];

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
    sweeper: Arc<Sweeper>,
    stats: Arc<LogStats>,
}

/// A checked ballot on its way into the box.
pub struct Cast {
    /// The round it is for.
    pub round: RoundId,
    /// Whose it is.
    pub seat: SeatId,
    /// At most [`LONGEST_CHOICE`] bytes.
    pub choice: Vec<u8>,
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
        // What was deleted before a crash is swept away here; a full disk does not keep the council out. What was to be
        // deleted and is still there goes when its stream is opened.
        if let Err(error) = conn.execute_batch("VACUUM") {
            tracing::warn!(%error, "the ballot box could not be swept; tried again after the next erasure");
        }
        let stats = Arc::new(LogStats::default());
        let writer = Writer::start("ballot-box", conn, Arc::clone(&stats), ())?;
        Ok(Self { writer, sweeper: Arc::default(), stats })
    }

    /// A box without a file or a thread of its own, which lives in the runtime it is made in; for simulations.
    ///
    /// # Errors
    /// What the storage refuses.
    pub fn in_memory() -> Result<Self, BallotError> {
        let mut conn = file::open_in_memory()?;
        file::migrate(&mut conn, SCHEMA)?;
        Ok(Self { writer: Writer::start_as_task(conn), sweeper: Arc::default(), stats: Arc::default() })
    }

    /// What its writer has done since it started.
    #[must_use]
    pub fn stats(&self) -> Arc<LogStats> {
        Arc::clone(&self.stats)
    }

    /// Puts ballots in, all of them with one flush, which other streams' ballots share; a seat's ballot takes the place of
    /// the one it has put in before. Rounds that have no box yet get one. Answers how many seats have voted in each.
    ///
    /// # Errors
    /// [`BallotError::TooLong`] beyond [`LONGEST_CHOICE`] bytes; [`BallotError::Storage`]. None is put in then.
    pub async fn put_all(&self, stream: &StreamId, ballots: Vec<Cast>) -> Result<BTreeMap<RoundId, u32>, BallotError> {
        let stream = stream.clone();
        self.run(move |conn| {
            let mut rounds = BTreeMap::new();
            let mut sealed = Vec::with_capacity(ballots.len());
            for Cast { round, seat, choice } in &ballots {
                if !rounds.contains_key(round) {
                    open(conn, &stream, *round)?;
                    rounds.insert(*round, Round::find(conn, &stream, *round)?);
                }
                let open = &rounds[round];
                let slot = open.key.slot(*seat);
                sealed.push((open.id, slot, open.key.seal(open.place(&slot), choice)?));
            }
            let sql = "INSERT INTO ballot (round, slot, sealed) VALUES (?1, ?2, ?3) \
                       ON CONFLICT DO UPDATE SET sealed = excluded.sealed";
            let mut put = conn.prepare_cached(sql)?;
            for ballot in sealed {
                put.execute(ballot)?;
            }
            rounds.iter().map(|(round, open)| Ok((*round, open.turnout(conn)?))).collect()
        })
        .await
    }

    /// How many seats have voted.
    ///
    /// # Errors
    /// [`BallotError::NotOpen`]; [`BallotError::Storage`].
    pub async fn turnout(&self, stream: &StreamId, round: RoundId) -> Result<u32, BallotError> {
        let stream = stream.clone();
        self.look(move |conn| Round::find(conn, &stream, round)?.turnout(conn)).await
    }

    /// The streams that have a round in the box.
    ///
    /// # Errors
    /// [`BallotError::Storage`].
    pub async fn streams(&self) -> Result<Vec<StreamId>, BallotError> {
        self.look(|conn| {
            let mut query = conn.prepare_cached("SELECT DISTINCT stream FROM round ORDER BY stream")?;
            let names = query.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
            // A name that is none was not written here, and no stream has it.
            Ok(names.into_iter().filter_map(|name| StreamId::try_from(name).ok()).collect())
        })
        .await
    }

    /// The rounds of a stream that are in the box.
    ///
    /// # Errors
    /// [`BallotError::Storage`].
    pub async fn rounds(&self, stream: &StreamId) -> Result<Vec<RoundId>, BallotError> {
        let stream = stream.clone();
        self.look(move |conn| {
            let mut query = conn.prepare_cached("SELECT round FROM round WHERE stream = ?1")?;
            let rounds = query.query_map([stream.as_str()], |row| row.get(0).map(RoundId))?;
            Ok(rounds.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// All choices of a round, opened, in random order. They stay in the box until [`erase`](Self::erase), so that a crash
    /// before the sums are in the log loses nothing.
    ///
    /// # Errors
    /// [`BallotError::NotOpen`]; [`BallotError::Damaged`]; [`BallotError::Storage`].
    pub async fn open_all(&self, stream: &StreamId, round: RoundId) -> Result<Vec<Vec<u8>>, BallotError> {
        let stream = stream.clone();
        self.look(move |conn| {
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

    /// Destroys the keys and ballots of rounds, and returns when the file has been swept, too: until then copies of them may be
    /// left where its pages were split. Erasing what is not there is fine.
    ///
    /// # Errors
    /// [`BallotError::Storage`]; erase again then.
    pub async fn erase(&self, stream: &StreamId, rounds: Vec<RoundId>) -> Result<(), BallotError> {
        let stream = stream.clone();
        let erased = self.run(move |conn| {
            let mut delete = conn.prepare_cached("DELETE FROM round WHERE stream = ?1 AND round = ?2")?;
            let erased = rounds.iter().map(|round| delete.execute(params![stream.as_str(), round.0]));
            Ok(erased.sum::<Result<usize, _>>()?)
        });
        if erased.await? > 0 {
            self.sweeper.erased();
        }
        let sweep = || async {
            // Deleting overwrites with zeros; writing the file anew takes care of copies in pages that were once split.
            Ok(self.writer.run_alone(|conn, ()| Ok(conn.execute_batch("VACUUM")?)).await?)
        };
        self.sweeper.sweep(sweep).await
    }

    /// Erases rounds beside what goes on, again and again until it is done or the box is closed.
    pub fn erase_soon(&self, stream: &StreamId, rounds: Vec<RoundId>) {
        let (ballots, stream) = (self.clone(), stream.clone());
        self.sweeper.tasks.spawn(async move {
            while let Err(error) = ballots.erase(&stream, rounds.clone()).await {
                tracing::error!(workshop.id = %stream, %error, "ballots not erased; tried again soon, and at the next start");
                if ballots.sweeper.rest(ERASE_AGAIN).await {
                    return;
                }
            }
        });
    }

    /// Writes something that is no ballot, and returns when it is durable: whether ballots can be taken again.
    ///
    /// # Errors
    /// [`BallotError::Storage`].
    pub async fn probe(&self) -> Result<(), BallotError> {
        self.run(|conn| {
            let mut write =
                conn.prepare_cached("INSERT OR REPLACE INTO probe (id, filler) VALUES (1, randomblob(?1))")?;
            write.execute([PROBE_BYTES as i64])?;
            Ok(())
        })
        .await
    }

    /// From now on, until told otherwise, nothing can be written: as on a disk that is full or read-only. For tests.
    ///
    /// # Errors
    /// [`BallotError::Storage`].
    pub async fn refuse_writes(&self, refuse: bool) -> Result<(), BallotError> {
        let set = self.writer.run_alone(move |conn, ()| Ok(conn.pragma_update(None, "query_only", refuse)?));
        Ok(set.await?)
    }

    /// Finishes what waits, erasures among it, and closes the file.
    pub async fn close(&self) {
        self.sweeper.finish().await;
        self.writer.close().await;
    }

    /// Runs `work`, which only reads, after what waits, and without a flush.
    async fn look<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, BallotError> + Send + 'static,
    ) -> Result<T, BallotError> {
        self.writer.run_alone(move |conn, ()| Ok(work(conn))).await?
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

fn open(conn: &Connection, stream: &StreamId, round: RoundId) -> Result<(), BallotError> {
    let sql = "INSERT OR IGNORE INTO round (stream, round, key) VALUES (?1, ?2, ?3)";
    conn.prepare_cached(sql)?.execute(params![stream.as_str(), round.0, Key::random().bytes()])?;
    Ok(())
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
