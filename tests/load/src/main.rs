//! `make bench`: runs the rows and prints the table.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use verksted_load::process::{Programs, Server};
use verksted_load::rows::{self, Options};
use verksted_load::table::{Table, say};

/// Measures Verksted beside a server that only passes frames on, and beside the servers others would choose.
#[derive(Parser)]
struct Cli {
    /// Rows to run, by their numbers; all of them when absent
    #[arg(long, value_delimiter = ',')]
    rows: Vec<u8>,
    /// Servers to measure; all of them when absent
    #[arg(long, value_delimiter = ',')]
    servers: Vec<String>,
    /// Runs of each figure, of which the middle one counts
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// A tenth of everything, once: shows that nothing is lost, and nothing about speed
    #[arg(long)]
    quick: bool,
    /// The endurance rows at full length: five minutes of killing, half an hour of coming and going
    #[arg(long)]
    full: bool,
    /// Directory of the other servers, with their packages installed
    #[arg(long, default_value = "tests/load/peers")]
    peers: PathBuf,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Cli { rows, servers, runs, quick, full, peers } = Cli::parse();
    // Twelve thousand sockets are more files than a process may have open unless it asks.
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })?;
    let here = std::env::current_exe()?;
    let here = here.parent().context("a directory")?;
    let programs = Programs { verksted: here.join("verksted-under-load"), floor: here.join("verksted-floor"), peers };
    let wanted = |server: &Server| servers.is_empty() || servers.iter().any(|name| name == server.name());
    let servers = Server::ALL.into_iter().filter(wanted).collect();
    let options = Options { programs, servers, runs: if quick { 1 } else { runs }, quick, full };
    let flush = verksted_load::disk::flush()?;
    say(&format!("one flush of this disk: median {:.2?}, p99 {:.2?}", flush.median, flush.p99));
    let (mut table, mut whole) = (Table::default(), true);
    for row in if rows.is_empty() { rows::ALL.to_vec() } else { rows } {
        match rows::run(row, &options, &mut table).await {
            Ok(row_is_whole) => whole &= row_is_whole,
            Err(error) => {
                whole = false;
                say(&format!("row {row}: {error:#}"));
            }
        }
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "One flush of this disk: median {:.2?}, p99 {:.2?}.\n", flush.median, flush.p99)?;
    if quick {
        writeln!(out, "A quick run: a tenth of the work that the rows name.\n")?;
    }
    write!(out, "{}", table.markdown())?;
    anyhow::ensure!(whole, "something was lost, doubled or different; the table says where");
    Ok(())
}
