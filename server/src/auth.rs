//! Who may come in: personal links, and join codes on the wall.
//!
//! A link is the whole credential, so only its hash is stored. Everything is also held in memory: a join looks nothing
//! up on disk.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use verksted_protocol::ids::{SeatId, StreamId};

use crate::log::sqlite::{Heads, SqliteLog};
use crate::log::writer::Writer;
use crate::log::{LogError, file};

mod token;

pub use token::Token;

/// Most links the server holds at once: a term's workshops of the largest council, many times over.
pub const MOST_LINKS: usize = 50_000;

/// A step of the log file's schema.
pub(crate) const SCHEMA: &str = "
    CREATE TABLE link (
        hash BLOB PRIMARY KEY, stream TEXT NOT NULL, role TEXT NOT NULL, seat INTEGER) STRICT, WITHOUT ROWID;
    CREATE TABLE join_code (code TEXT PRIMARY KEY, stream TEXT NOT NULL UNIQUE) STRICT, WITHOUT ROWID;";

/// Why nobody was let in.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AuthError {
    /// There are [`MOST_LINKS`] already.
    #[error("there are too many links; revoke some")]
    TooManyLinks,
    /// The storage refused.
    #[error(transparent)]
    Storage(#[from] LogError),
}

/// What a link gives its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The stream it opens.
    pub stream: StreamId,
    /// What the holder is there, in the words of whoever issued it.
    pub role: String,
    /// The seat it opens, when the role has one.
    pub seat: Option<SeatId>,
}

type Hash = [u8; 32];

#[derive(Default)]
struct Held {
    links: HashMap<Hash, Grant>,
    codes: HashMap<String, StreamId>,
}

/// All links and join codes, in the log's file. Cheap to clone.
#[derive(Clone)]
pub struct Links {
    writer: Writer<Heads>,
    held: Arc<RwLock<Held>>,
}

impl Links {
    /// Reads what `log` holds. They write through the log's one writer.
    ///
    /// # Errors
    /// What the storage refuses.
    pub async fn load(log: &SqliteLog) -> Result<Self, AuthError> {
        let writer = log.writer();
        let held = writer.run(|conn, _| read(conn)).await?;
        Ok(Self { writer, held: Arc::new(RwLock::new(held)) })
    }

    /// Links that are forgotten when the server stops, for tests without a data directory.
    ///
    /// # Errors
    /// What the storage refuses.
    pub fn in_memory() -> Result<Self, AuthError> {
        let mut conn = file::open_in_memory()?;
        file::migrate(&mut conn, &[SCHEMA])?;
        let writer = Writer::start("links", conn, Arc::default(), ())?;
        Ok(Self { writer, held: Arc::default() })
    }

    /// Makes a link. The token cannot be shown again.
    ///
    /// # Errors
    /// [`AuthError::TooManyLinks`]; [`AuthError::Storage`].
    pub async fn issue(&self, stream: &StreamId, role: &str, seat: Option<SeatId>) -> Result<Token, AuthError> {
        if self.held().links.len() >= MOST_LINKS {
            return Err(AuthError::TooManyLinks);
        }
        let token = Token::random();
        let hash = hash(token.as_str());
        let grant = Grant { stream: stream.clone(), role: role.to_owned(), seat };
        let row = grant.clone();
        let insert = self.writer.run(move |conn, _| {
            let sql = "INSERT INTO link (hash, stream, role, seat) VALUES (?1, ?2, ?3, ?4)";
            let seat = row.seat.map(|seat| seat.0);
            conn.prepare_cached(sql)?.execute(params![hash, row.stream.as_str(), row.role, seat])?;
            Ok(())
        });
        insert.await?;
        self.held_mut().links.insert(hash, grant);
        Ok(token)
    }

    /// What `token` gives, however its letters are written; `None` when it is unknown or revoked.
    #[must_use]
    pub fn resolve(&self, token: &str) -> Option<Grant> {
        let hash = hash(Token::read(token)?.as_str());
        self.held().links.get(&hash).cloned()
    }

    /// Takes one link back. `false` when there was none. Open connections are the caller's to close.
    ///
    /// # Errors
    /// [`AuthError::Storage`].
    pub async fn revoke(&self, token: &str) -> Result<bool, AuthError> {
        let Some(token) = Token::read(token) else { return Ok(false) };
        let hash = hash(token.as_str());
        Ok(self.remove(vec![hash]).await? > 0)
    }

    /// Takes back every link to a seat, such as that of a lost tablet. Answers how many there were.
    ///
    /// # Errors
    /// [`AuthError::Storage`].
    pub async fn revoke_seat(&self, stream: &StreamId, seat: SeatId) -> Result<usize, AuthError> {
        let theirs = |grant: &Grant| grant.stream == *stream && grant.seat == Some(seat);
        let held = self.held().links.iter().filter(|(_, grant)| theirs(grant)).map(|(hash, _)| *hash).collect();
        self.remove(held).await
    }

    /// The code that lets spectators into `stream`: six characters, the same each time.
    ///
    /// # Errors
    /// [`AuthError::Storage`].
    pub async fn join_code(&self, stream: &StreamId) -> Result<String, AuthError> {
        let name = stream.clone();
        let code = self.writer.run(move |conn, _| find_or_make_code(conn, &name)).await?;
        self.held_mut().codes.insert(code.clone(), stream.clone());
        Ok(code)
    }

    /// The stream a join code stands for, however its letters are written. Six characters can be guessed by trying
    /// long enough, so the caller limits how often one may try.
    #[must_use]
    pub fn resolve_code(&self, code: &str) -> Option<StreamId> {
        self.held().codes.get(&token::read_code(code)?).cloned()
    }

    async fn remove(&self, hashes: Vec<Hash>) -> Result<usize, AuthError> {
        let rows = hashes.clone();
        let delete = self.writer.run(move |conn, _| {
            let mut delete = conn.prepare_cached("DELETE FROM link WHERE hash = ?1")?;
            rows.iter().try_for_each(|hash| delete.execute([hash]).map(drop)).map_err(LogError::from)
        });
        delete.await?;
        let mut held = self.held_mut();
        Ok(hashes.iter().filter(|hash| held.links.remove(*hash).is_some()).count())
    }

    fn held(&self) -> RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn held_mut(&self) -> RwLockWriteGuard<'_, Held> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A token has 128 random bits, so a plain hash hides it as well as a slow one would.
fn hash(token: &str) -> Hash {
    Sha256::digest(token).into()
}

fn read(conn: &Connection) -> Result<Held, LogError> {
    let mut held = Held::default();
    let mut query = conn.prepare("SELECT hash, stream, role, seat FROM link")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let seat = row.get::<_, Option<u16>>(3)?.map(SeatId);
        let grant = Grant { stream: stream(row.get(1)?)?, role: row.get(2)?, seat };
        held.links.insert(row.get(0)?, grant);
    }
    let mut query = conn.prepare("SELECT code, stream FROM join_code")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        held.codes.insert(row.get(0)?, stream(row.get(1)?)?);
    }
    Ok(held)
}

fn stream(name: String) -> Result<StreamId, LogError> {
    StreamId::try_from(name).map_err(|why| LogError::io(std::io::Error::other(why)))
}

fn find_or_make_code(conn: &Connection, stream: &StreamId) -> Result<String, LogError> {
    loop {
        let mut query = conn.prepare_cached("SELECT code FROM join_code WHERE stream = ?1")?;
        if let Some(code) = query.query_row([stream.as_str()], |row| row.get(0)).optional()? {
            return Ok(code);
        }
        // Another stream may have the code already; then nothing is inserted and another one is drawn.
        let sql = "INSERT OR IGNORE INTO join_code (code, stream) VALUES (?1, ?2)";
        conn.prepare_cached(sql)?.execute([&token::random_code(), stream.as_str()])?;
    }
}

#[cfg(test)]
mod tests;
