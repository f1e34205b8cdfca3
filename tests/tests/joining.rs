//! A whole hall comes back at once into a long meeting: everybody is let in, and those who write do not wait for it.

use std::time::{Duration, Instant};

use verksted_protocol::ids::{SeatId, Seq, StreamId};
use verksted_protocol::role::Actor;
use verksted_server::connection::{ConnectionId, connection};
use verksted_server::log::{EventLog, LARGEST_APPEND};
use verksted_server::stream::{Ask, Join};
use verksted_tests::bare::{Bare, Tablet};
use verksted_tests::long::meeting;
use verksted_tests::tell;

const SEATS: u16 = 200;
/// Of six or seven: each sees another snapshot.
const GROUPS: u16 = 30;
const EVENTS: u64 = 30_000;
/// Pages of each seat that come.
const PAGES: u16 = 5;
/// Messages everybody is sent first: a welcome and a snapshot.
const WELCOME: usize = 2;
/// What somebody who is in may wait, on a busy machine; on a quiet one it is a tenth of it.
const LONGEST: Duration = Duration::from_millis(100);

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
    let mut coming = Vec::new();
    for (number, seat) in (1_000_000..).zip((0..PAGES).flat_map(|_| 1..=SEATS)) {
        let (outbox, inbound) = connection();
        let (connection, actor) = (ConnectionId(number), Actor::member(SeatId(seat)));
        let join = Join { connection, actor, client: None, signs: true, have: Seq(0), outbox };
        early.handle.ask(Ask::Join(join)).await.expect("the stream runs");
        coming.push(inbound);
    }
    let pages = coming.len();
    let mut waited = Vec::new();
    // Nobody reads what they are sent before all are in, so that only the stream's own work is measured.
    while !coming.iter().all(|inbound| inbound.queue.len() >= WELCOME) {
        let asked = Instant::now();
        early.caught_up().await;
        waited.push(asked.elapsed());
    }
    let took = began.elapsed();
    waited.sort();
    let longest = waited.last().copied().unwrap_or_default();
    tell(&format!(
        "joining: {pages} pages into {EVENTS} events and {GROUPS} groups, all in after {took:.1?}; meanwhile {} asked and \
         waited at most {longest:.1?}, half of them {:.1?}",
        waited.len(),
        waited[waited.len() / 2],
    ));
    assert!(longest < LONGEST, "{longest:?}");
}
