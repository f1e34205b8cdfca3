//! Opening SQLite files: what every connection of the server has in common.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::LogError;

/// SQLite up to 3.51.2 can lose pages when two connections write and checkpoint at once.
const OLDEST_SQLITE: i32 = 3_051_003;
/// How long a connection waits for another one's lock.
const BUSY: Duration = Duration::from_secs(5);
/// Held by the one server that may write in a data directory. A file of its own, because closing a database file a
/// second time would give up SQLite's own locks on it.
const LOCK_FILE: &str = "verksted.lock";

fn refused(why: impl Into<String>) -> LogError {
    LogError::io(io::Error::other(why.into()))
}

/// Makes the data directory if it is missing, closes it to everyone but its owner, and takes it for this process. It holds
/// ballots and their keys while a round is open.
pub(crate) fn take_directory(dir: &Path) -> Result<File, LogError> {
    fs::create_dir_all(dir).map_err(LogError::io)?;
    #[cfg(unix)]
    {
        let only_owner = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o700);
        fs::set_permissions(dir, only_owner).map_err(LogError::io)?;
    }
    let lock = File::create(dir.join(LOCK_FILE)).map_err(LogError::io)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(refused(format!("another server uses {}", dir.display()))),
        Err(TryLockError::Error(source)) => Err(LogError::io(source)),
    }
}

/// Opens `path` for reading and writing; makes it if `create`.
pub(crate) fn open(path: &Path, create: bool) -> Result<Connection, LogError> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    flags.set(OpenFlags::SQLITE_OPEN_CREATE, create);
    prepare(Connection::open_with_flags(path, flags)?)
}

/// A database without a file, for tests.
pub(crate) fn open_in_memory() -> Result<Connection, LogError> {
    prepare(Connection::open_in_memory()?)
}

fn prepare(conn: Connection) -> Result<Connection, LogError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(refused(format!("SQLite {} is too old; 3.51.3 is the oldest that is safe", rusqlite::version())));
    }
    conn.busy_timeout(BUSY)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    Ok(conn)
}

/// Sets the journal mode and makes sure that it took: some file systems cannot do what WAL needs.
pub(crate) fn set_journal(conn: &Connection, mode: &str) -> Result<(), LogError> {
    let got: String = conn.pragma_update_and_check(None, "journal_mode", mode, |row| row.get(0))?;
    if got == mode { Ok(()) } else { Err(refused(format!("the file system cannot do {mode}"))) }
}

/// Runs the steps of `schema` that this file has not had; their number is kept in its `user_version`.
pub(crate) fn migrate(conn: &mut Connection, schema: &[&str]) -> Result<(), LogError> {
    let step = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let had: usize = step.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0))? as usize;
    let Some(missing) = schema.get(had..) else {
        return Err(refused("the file was written by a newer version of the server"));
    };
    for sql in missing {
        step.execute_batch(sql)?;
    }
    step.pragma_update(None, "user_version", schema.len() as u32)?;
    Ok(step.commit()?)
}
