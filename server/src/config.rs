//! What can be set, with defaults that need no set-up.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Settings of one server.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The directory of the log and the ballot box; made when missing.
    pub data: PathBuf,
    /// The address people type, such as `https://verksted.kommune.no`, without a slash at the end. Links, QR codes and
    /// the check of a socket's origin use it. When absent it is `http://` and the address listened on.
    pub base: Option<String>,
}

impl Config {
    /// Defaults for a data directory: loopback and a free port.
    #[must_use]
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 0)), data: data.into(), base: None }
    }
}
