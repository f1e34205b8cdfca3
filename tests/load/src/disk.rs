//! The price of one flush of this disk: what everyone waits for who promises that nothing is lost.

use std::io::Write;
use std::time::{Duration, Instant};

/// Bytes of one append.
const APPEND: usize = 4 * 1024;
/// Appends.
const FLUSHES: usize = 400;

/// What a flush costs here.
#[derive(Clone, Copy, Debug)]
pub struct Flush {
    /// Half of them take no longer.
    pub median: Duration,
    /// One in a hundred takes longer.
    pub p99: Duration,
}

/// Appends to a file and flushes, again and again.
///
/// # Errors
/// What the disk answers.
pub fn flush() -> std::io::Result<Flush> {
    let dir = tempfile::tempdir()?;
    let mut file = std::fs::File::create(dir.path().join("flush"))?;
    let mut times = Vec::with_capacity(FLUSHES);
    for _ in 0..FLUSHES {
        let start = Instant::now();
        file.write_all(&[0; APPEND])?;
        file.sync_data()?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Ok(Flush { median: times[FLUSHES / 2], p99: times[FLUSHES * 99 / 100] })
}
