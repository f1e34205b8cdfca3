//! The simulated members: one task each, over real sockets.

use std::sync::Arc;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::hand::LETTERS_PER_SECOND;
use super::links::{DemoLinks, token};
use super::person::{Character, attend};
use super::room::Lead;
use super::seating::Seating;
use super::tables::Tables;

/// All have come by then, in seconds, at the usual pace.
const ARRIVAL_WITHIN: f64 = 20.0;
/// The chair is early.
const CHAIR_WITHIN: f64 = 2.0;
/// When the chair opens the meeting, in seconds.
const OPENS_AFTER: f64 = 16.0;
/// Seeds differ from seat to seat and are the same each time.
const SEED: u64 = 0x5652_4b53;

/// Seats everyone in `seating` who is simulated. `hurry` shortens the waiting before the meeting, 1 for none.
pub(super) fn start(
    dial: &str,
    links: &DemoLinks,
    seating: &Seating,
    hurry: f64,
    lead: &watch::Receiver<Lead>,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) {
    let tables = Arc::new(Tables::default());
    let begins = Instant::now();
    for link in links.seats.iter().filter(|link| seating.bots.contains(&link.seat)) {
        let mut rng = StdRng::seed_from_u64(SEED + u64::from(link.seat.0));
        let chair = link.url == links.chair;
        let within = if chair { CHAIR_WITHIN } else { ARRIVAL_WITHIN };
        let character = Character {
            base: dial.to_owned(),
            token: token(&link.url).to_owned(),
            chair,
            arrives: Duration::from_secs_f64(rng.random_range(0.3..within) * hurry),
            opens: begins + Duration::from_secs_f64(OPENS_AFTER * hurry),
            speed: rng.random_range(LETTERS_PER_SECOND),
            rng,
        };
        let person = attend(character, Arc::clone(&tables), lead.clone());
        let stop = stop.clone();
        tasks.spawn(async move { stop.run_until_cancelled(person).await });
    }
}
