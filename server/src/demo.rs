//! A made-up municipality with simulated members, to try everything on. The simulated members and the autopilot are
//! ordinary clients on ordinary links ([`crate::client`]): they can do nothing that a person in their seat cannot.

mod autopilot;
mod bots;
pub mod fjellvik;
mod hand;
mod links;
mod names;
mod person;
mod phrases;
mod room;
mod seating;
mod tables;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use verksted_protocol::ids::StreamId;

use crate::Server;
use crate::log::LogError;
use crate::registry::Registry;

pub use links::{DemoDoors, DemoLinks, Doors, SeatLink};

/// The pace at which arrivals and the opening of the meeting take their usual time, in seconds for a planned minute.
const USUAL_PACE: f64 = 4.0;
/// Slowest pace, in seconds for a planned minute: the plan's own.
const SLOWEST_PACE: f64 = 60.0;
/// Fastest pace: below it nobody has time to write anything.
const FASTEST_PACE: f64 = 0.1;

/// How the demonstration is set up.
#[derive(Args, Clone, Debug)]
pub struct DemoOptions {
    /// Seats in the council, 11 to 87.
    #[arg(long, default_value_t = fjellvik::MEMBERS)]
    pub members: u16,
    /// Simulated members, the chair among them; the rest of the seats are free.
    #[arg(long, default_value_t = 24)]
    pub bots: u16,
    /// Write the links to this file as JSON.
    #[arg(long)]
    pub links: Option<PathBuf>,
    /// Run the programme by itself until somebody leads it by hand.
    #[arg(long)]
    pub autopilot: bool,
    /// Seconds each planned minute lasts under the autopilot.
    #[arg(long, default_value_t = USUAL_PACE)]
    pub pace: f64,
}

/// A running demonstration.
pub struct Demo {
    links: DemoLinks,
    tasks: TaskTracker,
}

impl Demo {
    /// All links.
    #[must_use]
    pub fn links(&self) -> &DemoLinks {
        &self.links
    }

    /// What to print when everything runs: the links.
    #[must_use]
    pub fn welcome(&self) -> String {
        let DemoLinks { base, facilitator, chair, screen, spectator, planner, .. } = &self.links;
        format!(
            "Fjellvik kommune (oppdiktet) er klar på {base}\n\n  \
             Led verkstedet     {facilitator}\n  \
             Møteleder          {chair}\n  \
             Storskjerm         {screen}\n  \
             Følg som tilhører  {spectator}\n  \
             Se tilbake         {planner}\n\n\
             Åpne {base} og velg «Sett deg som folkevalgt» for en ledig plass. Ctrl-C stopper.\n"
        )
    }

    /// Waits until all simulated members have left.
    pub async fn stopped(self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// Seeds the municipality and starts the simulated members, which connect once the server serves.
///
/// # Errors
/// What the storage refuses, or the file of links.
pub async fn start(server: &mut Server, options: DemoOptions, stop: CancellationToken) -> anyhow::Result<Demo> {
    let stream: StreamId = fjellvik::WORKSHOP.parse().map_err(anyhow::Error::msg)?;
    let registry = Arc::clone(server.registry());
    create(&registry, &stream, options.members).await?;
    let workshop = registry.stream(&stream).look(|_, workshop| workshop.clone()).await?;
    let (base, admin) = (server.base(), server.admin_token());
    let links = DemoLinks::issue(registry.services(), base, &stream, &workshop, admin).await?;
    if let Some(path) = &options.links {
        let written = serde_json::to_vec_pretty(&links)?;
        crate::write_private(path, &written).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    let seating = seating::seating(&workshop, options.bots);
    server.show_doors(Arc::new(DemoDoors::new(&links, &seating.free)));

    let pace = options.pace.clamp(FASTEST_PACE, SLOWEST_PACE);
    let dial = dial_address(server.address());
    let tasks = TaskTracker::new();
    let driven = options.autopilot;
    let (lead, led) = watch::channel(room::Lead { driven, over: false });
    let hurry = if driven { (pace / USUAL_PACE).min(1.0) } else { 1.0 };
    bots::start(&dial, &links, &seating, hurry, &led, &tasks, &stop);
    if driven {
        let token = links::token(&links.facilitator).to_owned();
        let driving = autopilot::drive(dial, token, Duration::from_secs_f64(pace), lead);
        tasks.spawn(async move { stop.run_until_cancelled(driving).await });
    }
    Ok(Demo { links, tasks })
}

/// Makes the workshop, unless the data directory holds it from an earlier run.
async fn create(registry: &Registry, stream: &StreamId, members: u16) -> Result<(), LogError> {
    match registry.create(stream, fjellvik::prepared(members)).await {
        Err(LogError::Conflict { .. }) => Ok(()),
        other => other,
    }
}

/// Where simulated members find the server: where it listens, not what people type, which may lead through a proxy.
fn dial_address(listens: SocketAddr) -> String {
    let host = match listens.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(host, listens.port()))
}

#[cfg(test)]
mod tests;
