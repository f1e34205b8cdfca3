//! The command line of Verksted.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;
use verksted_server::Server;
use verksted_server::config::Config;
use verksted_server::demo::{self, DemoOptions};
use verksted_server::upkeep;

/// Political workshops: the council writes, the administration facilitates.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the workshops in a data directory.
    Serve(Listening),
    /// A made-up municipality with simulated members, to try everything on.
    Demo {
        #[command(flatten)]
        listening: Listening,
        #[command(flatten)]
        options: DemoOptions,
    },
    /// Check that everything in a data directory is what was written, also while a server uses it.
    ///
    /// Checks the file, the hash chain of each workshop's events, that every event can be read, and that every snapshot is
    /// what the events lead to. Prints a line for each workshop; ends with 1 if anything is damaged.
    Check {
        /// Directory of the log.
        #[arg(long, default_value = "data")]
        data: PathBuf,
    },
    /// Copy the log to a new directory, also while a server uses it.
    ///
    /// To restore, start a server with that directory. Sealed ballots are left out on purpose, so that no copy outlives
    /// their erasure: a round that was open must be voted in again.
    Backup {
        /// Directory of the log.
        #[arg(long, default_value = "data")]
        data: PathBuf,
        /// The new directory, which is made if it is missing.
        to: PathBuf,
    },
}

#[derive(Args)]
struct Listening {
    /// Address and port to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Directory of the log and the ballot box.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// The address people type, if another server stands in front, such as `https://verksted.kommune.no`
    #[arg(long)]
    base: Option<String>,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let quiet = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // A log line that a full disk refuses is let go: complaining of it in the same place would be a panic.
    let lines = tracing_subscriber::fmt().with_env_filter(quiet).with_writer(std::io::stderr);
    lines.log_internal_errors(false).init();
    let (listening, options) = match Cli::parse().command {
        Command::Serve(listening) => (listening, None),
        Command::Demo { listening, options } => (listening, Some(options)),
        Command::Check { data } => {
            let whole = upkeep::check(&data, &mut std::io::stdout().lock())?;
            return Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Command::Backup { data, to } => {
            upkeep::backup(&data, &to)?;
            return Ok(ExitCode::SUCCESS);
        }
    };
    serve(listening, options).await?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(listening: Listening, options: Option<DemoOptions>) -> anyhow::Result<()> {
    let Listening { listen, data, base } = listening;
    let base = base.map(|base| base.trim_end_matches('/').to_owned());
    let mut server = Server::open(&Config { listen, data, base }).await?;
    let stop = CancellationToken::new();
    stop_on_signal(stop.clone())?;
    let running = match options {
        Some(options) => Some(demo::start(&mut server, options, stop.clone()).await?),
        None => None,
    };
    let mut out = std::io::stdout();
    match &running {
        Some(demo) => out.write_all(demo.welcome().as_bytes())?,
        None => writeln!(out, "Verksted listens on {}", server.base())?,
    }
    out.flush()?;
    server.serve(stop).await?;
    if let Some(demo) = running {
        demo.stopped().await;
    }
    Ok(())
}

/// Ctrl-C and a polite kill both mean: stop in good order.
fn stop_on_signal(stop: CancellationToken) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt()).context("signals cannot be heard")?;
    let mut terminate = signal(SignalKind::terminate()).context("signals cannot be heard")?;
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        stop.cancel();
    });
    Ok(())
}
