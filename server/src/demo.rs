//! A made-up municipality with simulated members.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use crate::Server;

/// How the demonstration is set up.
#[derive(Args, Clone, Debug)]
pub struct DemoOptions {
    /// Seats in the council.
    #[arg(long, default_value_t = 29)]
    pub members: u16,
    /// Simulated members; the rest of the seats are free.
    #[arg(long, default_value_t = 24)]
    pub bots: u16,
    /// Write the links to this file as JSON.
    #[arg(long)]
    pub links: Option<PathBuf>,
    /// Run the programme by itself until somebody leads it by hand.
    #[arg(long)]
    pub autopilot: bool,
    /// Seconds each planned minute lasts under the autopilot.
    #[arg(long, default_value_t = 4.0)]
    pub pace: f64,
}

/// The addresses the start page offers.
#[derive(Clone, Debug, Serialize)]
pub struct Doors {}

/// A seat nobody sits in yet.
#[derive(Clone, Debug, Serialize)]
pub struct FreeSeat {}

/// The doors of a demonstration.
pub struct DemoDoors {}

impl DemoDoors {
    /// The addresses by role.
    #[must_use]
    pub fn doors(&self) -> Doors {
        Doors {}
    }

    /// The next free seat, round and round.
    #[must_use]
    pub fn next_free_seat(&self) -> Option<FreeSeat> {
        None
    }
}

/// A running demonstration.
pub struct Demo {}

impl Demo {
    /// What to print when everything runs: the links.
    #[must_use]
    pub fn welcome(&self) -> String {
        String::new()
    }

    /// Waits until all simulated members have left.
    pub async fn stopped(self) {}
}

/// Seeds the municipality and starts the simulated members, which connect once the server serves.
///
/// # Errors
/// What the storage refuses.
pub async fn start(_server: &mut Server, _options: DemoOptions, _stop: CancellationToken) -> anyhow::Result<Demo> {
    Ok(Demo {})
}
