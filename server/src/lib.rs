//! The real-time server of Verksted: all input and output, no rules.
//!
//! A frame comes in at [`socket`], goes into the inbox of its stream ([`stream`]), where the protocol crate decides what
//! it leads to; the events go to the [`log`] with one flush for a whole batch, and only then out to everyone who may see
//! them. [`http`] has everything that is not a socket, [`demo`] a municipality to try it on.
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! use verksted_server::{Server, config::Config};
//!
//! let server = Server::open(&Config::new("data")).await?;
//! let stop = tokio_util::sync::CancellationToken::new();
//! server.serve(stop).await
//! # }
//! ```

pub mod assets;
pub mod auth;
pub mod ballots;
pub mod client;
pub mod config;
pub mod connection;
pub mod demo;
pub mod error;
pub mod http;
pub mod log;
pub mod metrics;
pub mod outside;
pub mod rate;
pub mod registry;
pub mod socket;
pub mod stream;
pub mod time;
pub mod upkeep;
mod way_in;
pub mod way_out;
pub mod yjs;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::serve::ListenerExt;
use tokio::net::{TcpListener, TcpSocket};
use tokio_util::sync::CancellationToken;

use auth::Links;
use ballots::BallotBox;
use config::Config;
use demo::DemoDoors;
use http::{AppState, api};
use log::sqlite::SqliteLog;
use metrics::Metrics;
use outside::Outside;
use registry::{Registry, Services};

/// How long an orderly stop may take before the process ends anyway.
pub const STOP_WITHIN: Duration = Duration::from_secs(10);
/// Connections that may wait to be accepted: a whole hall comes back at once after a restart, and whoever finds no room
/// tries again only after a second. The system allows as many.
const WAITING_AT_THE_DOOR: u32 = 4096;
/// Bytes the system may hold for a peer that has not taken them. It tells of a peer's progress only when a third of them has
/// been taken, so with as much as it would hold by itself a slow line would look dead; a line that is fast and far away gets
/// some megabytes a second all the same.
const SEND_BUFFER: u32 = 128 * 1024;
/// The file with the administrator's token, readable by the server's own user only.
pub const ADMIN_TOKEN_FILE: &str = "admin-token";

/// A server that has its storage open and its port bound, but answers nobody yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    base: String,
    registry: Arc<Registry>,
    log: Arc<SqliteLog>,
    ballots: BallotBox,
    admin_token: String,
    demo: Option<Arc<DemoDoors>>,
}

impl Server {
    /// Opens the storage and binds the port.
    ///
    /// # Errors
    /// What the storage or the network refuses, in a sentence that says where.
    pub async fn open(config: &Config) -> anyhow::Result<Self> {
        let data = &config.data;
        let log = Arc::new(SqliteLog::open(data).context("the log cannot be opened")?);
        let ballots = BallotBox::load(data).context("the ballot box cannot be opened")?;
        let links = Links::load(&log).await.context("the links cannot be read")?;
        let listener = listen(config.listen).with_context(|| format!("{} cannot be listened on", config.listen))?;
        let address = listener.local_addr()?;
        let base = config.base.clone().unwrap_or_else(|| format!("http://{address}"));
        let admin_token = admin_token(data, &links).await?;
        let metrics = Metrics::new(Some(&log.stats()));
        metrics.watch_ballots(&ballots.stats());
        let services = Services {
            log: Arc::clone(&log) as _,
            links,
            ballots: ballots.clone(),
            metrics,
            outside: Outside::default(),
        };
        let registry = Arc::new(Registry::new(Arc::new(services)));
        Ok(Self { listener, address, base, registry, log, ballots, admin_token, demo: None })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address people type.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The streams.
    #[must_use]
    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// The token that makes workshops.
    #[must_use]
    pub fn admin_token(&self) -> &str {
        &self.admin_token
    }

    /// Opens the doors of a demonstration to everyone who finds the start page.
    pub fn show_doors(&mut self, doors: Arc<DemoDoors>) {
        self.demo = Some(doors);
    }

    /// Serves until `stop`, then closes all sockets with 1012 and lets every stream write down what it knows.
    ///
    /// # Errors
    /// What the network refuses.
    pub async fn serve(self, stop: CancellationToken) -> anyhow::Result<()> {
        let Self { listener, registry, log, ballots, base, demo, .. } = self;
        let state = AppState::new(Arc::clone(&registry), &base, demo, stop.clone());
        let sockets = state.sockets.clone();
        let router = http::router(state);
        // A letter is a small packet: held back to be sent with the next, it would be 40 ms late.
        let listener = listener.tap_io(|socket| drop(socket.set_nodelay(true)));
        let serving = axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
        let serving = tokio::spawn(serving.into_future());
        let settling = tokio::spawn(settle(Arc::clone(&registry), ballots.clone()));
        stop.cancelled().await;
        settling.abort();
        let orderly = async {
            registry.stop().await;
            sockets.close();
            sockets.wait().await;
            ballots.close().await;
            log.close().await;
        };
        if tokio::time::timeout(STOP_WITHIN, orderly).await.is_err() {
            tracing::warn!("the orderly stop took too long; what was acknowledged is on disk all the same");
        }
        // Idle keep-alive connections would hold the graceful shutdown open.
        serving.abort();
        Ok(())
    }
}

/// Opens every stream that has a round in the ballot box, one after the other, which erases what a crash left of rounds that
/// are over: else the ballots would lie there until somebody comes.
async fn settle(registry: Arc<Registry>, ballots: BallotBox) {
    let streams = match ballots.streams().await {
        Ok(streams) => streams,
        Err(error) => return tracing::error!(%error, "the ballot box cannot be read; what is left in it stays for now"),
    };
    for stream in streams {
        if registry.stream(&stream).look(|_, _| ()).await.is_err() {
            tracing::error!(workshop.id = %stream, "workshop not opened; what is left of its ballots stays for now");
        }
    }
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A server that is started again must not wait until the sockets of the last one are forgotten.
    socket.set_reuseaddr(true)?;
    // Every accepted socket has what its listener has.
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(WAITING_AT_THE_DOOR)
}

/// The administrator's token: read from its file, or made and written there the first time.
async fn admin_token(data: &Path, links: &Links) -> anyhow::Result<String> {
    let path = data.join(ADMIN_TOKEN_FILE);
    if let Ok(token) = std::fs::read_to_string(&path) {
        return Ok(token.trim().to_owned());
    }
    let stream = api::ADMIN_STREAM.parse().map_err(anyhow::Error::msg)?;
    let token =
        links.issue(&stream, api::ADMIN_ROLE, None).await.context("the administrator's token cannot be made")?;
    write_private(&path, format!("{}\n", token.as_str()).as_bytes())
        .with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(token.as_str().to_owned())
}

/// Writes a file that only its owner may read; whoever waits for it finds nothing or all of it.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let unfinished = path.with_extension("unfinished");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&unfinished)?.write_all(bytes)?;
    std::fs::rename(unfinished, path)
}
