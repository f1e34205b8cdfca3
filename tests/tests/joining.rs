//! A whole hall comes back at once into a long meeting: everybody is let in, and those who write do not wait for it.

use std::time::{Duration, Instant};

use verksted_protocol::ids::{SeatId, Seq, StreamId};
use verksted_protocol::role::Actor;
use verksted_server::log::{EventLog, LARGEST_APPEND};
use verksted_tests::bare::{Bare, Tablet};
use verksted_tests::long::meeting;
use verksted_tests::tell;

const SEATS: u16 = 200;
/// Of six or seven: each sees another snapshot.
const GROUPS: u16 = 30;
const EVENTS: u64 = 30_000;
/// Pages of each seat that come.
const PAGES: u16 = 5;

#[tokio::test(flavor = "multi_thread")]
async fn given_a_thousand_pages_that_come_at_once_then_who_says_something_meanwhile_is_answered_soon() {
    let bare = Bare::new();
    let stream: StreamId = "hallen".parse().expect("a name");
    for page in meeting(EVENTS, SEATS, GROUPS).chunks(LARGEST_APPEND) {
        bare.log.append(&stream, Seq(page[0].seq.0 - 1), page.to_vec()).await.expect("the log");
    }
    let mut early = Tablet::come(&bare.registry, &stream, Actor::member(SeatId(1))).await;
    early.caught_up().await;

    let began = Instant::now();
    let seats = (0..PAGES).flat_map(|_| 1..=SEATS);
    let coming: Vec<_> = seats
        .map(|seat| {
            let (registry, stream) = (std::sync::Arc::clone(&bare.registry), stream.clone());
            tokio::spawn(async move {
                let tablet = Tablet::come(&registry, &stream, Actor::member(SeatId(seat))).await;
                (began.elapsed(), tablet)
            })
        })
        .collect();
    let mut waited = Vec::new();
    while !coming.iter().all(tokio::task::JoinHandle::is_finished) {
        let asked = Instant::now();
        early.caught_up().await;
        waited.push(asked.elapsed());
    }
    let mut took = Vec::new();
    for coming in coming {
        took.push(coming.await.expect("a newcomer").0);
    }
    took.sort();
    waited.sort();
    let longest = waited.last().copied().unwrap_or_default();
    tell(&format!(
        "joining: {} pages into {EVENTS} events and {GROUPS} groups: half of them in {:.1?}, all in {:.1?}; meanwhile \
         {} asked and waited at most {longest:.1?}, half of them {:.1?}",
        took.len(),
        took[took.len() / 2],
        took[took.len() - 1],
        waited.len(),
        waited[waited.len() / 2],
    ));
    assert!(longest < Duration::from_millis(250), "{longest:?}");
}
