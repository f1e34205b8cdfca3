//! What an administrator does with a data directory from the shell, also while a server uses it: check that everything in it
//! is what was written, and copy it.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, ensure};
use verksted_protocol::ids::{Seq, StreamId};

use crate::log::reader::SqliteReader;
use crate::log::sqlite::FILE_NAME;
use crate::log::{LARGEST_PAGE, LogError};
use crate::stream::kept::{Kept, event_of};

/// Checks the log in `data`: the file itself, then of each workshop that no event was changed, moved or taken out, that each
/// can be read, and that every snapshot is what the events fold to. Says in a line each what it found; `false` if anything is
/// damaged.
///
/// # Errors
/// When there is no log, or nothing can be printed.
pub fn check(data: &Path, out: &mut impl Write) -> anyhow::Result<bool> {
    let reader = SqliteReader::open(data).with_context(|| format!("the log in {} cannot be opened", data.display()))?;
    let mut whole = true;
    let mut say = |out: &mut dyn Write, what: &str, found: Result<String, LogError>| {
        whole &= found.is_ok();
        let found = found.unwrap_or_else(|error| format!("DAMAGED: {error}"));
        writeln!(out, "{what}: {found}")
    };
    say(out, FILE_NAME, reader.check_file().map(|()| "the file is whole".to_owned()))?;
    match reader.streams() {
        Ok(streams) => {
            for stream in streams {
                // As it is at one moment: a server may be writing.
                let checked = reader.at_one_moment(|| check_stream(&reader, &stream));
                say(out, stream.as_str(), checked)?;
            }
        }
        Err(error) => say(out, "workshops", Err(error))?,
    }
    Ok(whole)
}

fn check_stream(reader: &SqliteReader, stream: &StreamId) -> Result<String, LogError> {
    let last = reader.verify(stream)?;
    let mut snapshots = Vec::new();
    let (mut damaged, mut beyond) = (None, false);
    reader.snapshots(stream, |seq, whole| {
        match whole {
            Some(_) if seq > last => beyond = true,
            Some(snapshot) => snapshots.push(snapshot),
            None => damaged = Some(seq),
        }
        true
    })?;
    if let Some(seq) = damaged {
        return Err(LogError::Corrupt { seq, why: "the snapshot up to it is not what was written" });
    }
    if beyond {
        return Err(LogError::Corrupt { seq: last.next(), why: "it is missing, and a snapshot goes beyond it" });
    }
    let (mut fold, mut seq, mut passed_over) = (Kept::default(), Seq(0), 0);
    while seq < last {
        for record in reader.read(stream, seq, LARGEST_PAGE)? {
            fold.take_in(&event_of(&record)?);
            seq = record.seq;
            let Some(snapshot) = snapshots.iter().find(|snapshot| snapshot.seq == seq) else { continue };
            match Kept::of_snapshot(snapshot) {
                Some(kept) if kept == fold => {}
                Some(_) => {
                    return Err(LogError::Corrupt { seq, why: "the snapshot up to it is not what the events lead to" });
                }
                None => passed_over += 1,
            }
        }
    }
    let agree = snapshots.len() - passed_over;
    let older =
        if passed_over == 0 { String::new() } else { format!(", {passed_over} of another version passed over") };
    Ok(format!("{last} events, every link of the chain holds; {agree} snapshots agree{older}"))
}

/// Copies the log in `data`, as it is at one moment, into the new directory `to`. Starting a server with that directory
/// restores it. Ballots are left out on purpose: a copy of them would outlive their erasure.
///
/// # Errors
/// When there is no log, when `to` holds anything already, and what the disk refuses.
pub fn backup(data: &Path, to: &Path) -> anyhow::Result<()> {
    let reader = SqliteReader::open(data).with_context(|| format!("the log in {} cannot be opened", data.display()))?;
    fs::create_dir_all(to).with_context(|| format!("{} cannot be made", to.display()))?;
    let empty = fs::read_dir(to).and_then(|mut entries| entries.next().transpose()).map(|entry| entry.is_none());
    ensure!(empty.unwrap_or(false), "{} is not an empty directory", to.display());
    #[cfg(unix)]
    {
        // It holds what people wrote, as the original does.
        let only_owner = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o700);
        fs::set_permissions(to, only_owner).with_context(|| format!("{} cannot be closed to others", to.display()))?;
    }
    reader.backup(&to.join(FILE_NAME)).context("the log cannot be copied")?;
    Ok(())
}
