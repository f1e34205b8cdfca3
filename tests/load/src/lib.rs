//! Thousands of tablets in one process, and what a server does with them: how long a stroke takes to everyone else,
//! what it costs, and whether anything is lost, doubled or different in the end. `make bench` prints one table of it.

pub mod council;
pub mod diary;
pub mod disk;
pub mod evening;
pub mod histogram;
pub mod keys;
pub mod matching;
pub mod process;
pub mod rooms;
pub mod rows;
pub mod socket;
pub mod speech;
pub mod table;
pub mod tablet;
pub mod typing;
pub mod wifi;

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

/// How long anything may take that has no limit of its own.
pub const SOON: Duration = Duration::from_secs(30);
/// How often a condition is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Waits until a condition holds; whether it did in time.
pub async fn until(holds: impl Fn() -> bool, within: Duration) -> bool {
    let deadline = Instant::now() + within;
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !holds() {
        if looks.tick().await > deadline {
            return holds();
        }
    }
    true
}
