//! What the bundle weighs, and the limit on it.

use std::io::{self, Write};

use anyhow::{Result, ensure};

use crate::dist::{Load, Packed};

/// Bytes that reach a member's tablet over HTTPS before the first page can be used: on a shared 2 Mbit/s line one tablet
/// then waits under two seconds.
const FIRST_LOAD_LIMIT: u64 = 450_000;

/// Prints the sizes, and fails when a first load is heavier than we promise.
pub(crate) fn show(files: &[Packed]) -> Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{:<44}{:>10}{:>10}{:>10}", "first load", "raw", "gzip", "brotli")?;
    let first: Vec<_> = files.iter().filter(|file| file.load == Load::First).collect();
    for file in &first {
        writeln!(out, "{:<44}{:>10}{:>10}{:>10}", file.name, file.raw, file.gzip, file.brotli)?;
    }
    let sum = |size: fn(&Packed) -> u64| first.iter().map(|file| size(file)).sum::<u64>();
    let total = sum(|file| file.brotli);
    writeln!(out, "{:<44}{:>10}{:>10}{:>10}", "total", sum(|file| file.raw), sum(|file| file.gzip), total)?;
    let later: u64 = files.iter().filter(|file| file.load == Load::Later).map(|file| file.brotli).sum();
    writeln!(out, "{:<44}{:>30}", "fetched only when needed", later)?;
    ensure!(total <= FIRST_LOAD_LIMIT, "a first load is {total} bytes; the limit is {FIRST_LOAD_LIMIT}");
    Ok(())
}

/// Says one thing to whoever runs the bundle.
pub(crate) fn say(text: &str) -> Result<()> {
    Ok(writeln!(io::stdout().lock(), "{text}")?)
}
