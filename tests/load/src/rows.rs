//! The rows of the table: what each does, on which servers, and what it shows.

mod storms;
mod strain;
mod typing;

use std::time::Duration;

use crate::process::{Process, Programs, Server};
use crate::table::{Table, say};

/// How the rows are run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The programs.
    pub programs: Programs,
    /// The servers.
    pub servers: Vec<Server>,
    /// Runs of each figure, of which the middle one counts.
    pub runs: usize,
    /// A tenth of everything: shows that nothing is lost, and nothing about speed.
    pub quick: bool,
    /// The endurance rows at their full length.
    pub full: bool,
}

impl Options {
    /// So many of something, or a tenth of them.
    fn many(&self, count: usize) -> usize {
        if self.quick { (count / 10).max(1) } else { count }
    }

    /// So long, or in a quick run at most two seconds.
    fn lasts(&self, seconds: u64) -> Duration {
        Duration::from_secs(if self.quick { seconds.min(2) } else { seconds })
    }

    /// Starts a server, or says why it is left out.
    fn start(&self, server: Server) -> Option<Process> {
        match Process::start(server, &self.programs) {
            Ok(process) => Some(process),
            Err(error) => {
                say(&format!("{} is left out: {error:#}", server.name()));
                None
            }
        }
    }
}

/// The numbers of all rows.
pub const ALL: [u8; 12] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/// Runs a row and adds its lines. `false` when something was lost, doubled or different.
///
/// # Errors
/// When a server does not do as it is asked.
pub async fn run(row: u8, options: &Options, table: &mut Table) -> anyhow::Result<bool> {
    match row {
        1 => typing::small_rooms(options, table).await,
        2 => typing::one_large_room(options, table).await,
        3 => typing::saturation(options, table).await,
        4 => storms::joins(options, table).await,
        5 => storms::idle(options, table).await,
        6 => typing::long_notes(options, table).await,
        7 => typing::five_hundred_authors(options, table).await,
        8 => strain::national_evening(options, table).await,
        9 => strain::killed(options, table).await,
        10 => strain::wifi(options, table).await,
        11 => strain::coming_and_going(options, table).await,
        12 => storms::first_joins(options, table).await,
        _ => anyhow::bail!("there is no row {row}"),
    }
}
