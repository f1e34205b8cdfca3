//! A workshop of four hours is opened: how long that takes from its snapshot, and what its snapshot costs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use verksted_protocol::ids::{Seq, StreamId};
use verksted_server::auth::Links;
use verksted_server::ballots::BallotBox;
use verksted_server::log::sqlite::SqliteLog;
use verksted_server::log::{EventLog, LARGEST_APPEND};
use verksted_server::metrics::Metrics;
use verksted_server::outside::Outside;
use verksted_server::registry::{Registry, Services};
use verksted_tests::long::meeting;
use verksted_tests::tell;

/// Events of four hours of a council of 29 (the demonstration's whole *mal 1* has 7,778).
const EVENTS: u64 = 30_000;
/// Events after the last snapshot, at most.
const TAIL: u64 = 999;
const GROUPS: u16 = 5;
const SEATS: u16 = 29;

struct Host {
    data: tempfile::TempDir,
    log: Arc<SqliteLog>,
    registry: Registry,
}

impl Host {
    fn on(data: tempfile::TempDir) -> Self {
        let log = Arc::new(SqliteLog::open(data.path()).expect("a log"));
        let ballots = BallotBox::load(data.path()).expect("a ballot box");
        let links = Links::in_memory().expect("links");
        let (metrics, outside) = (Metrics::new(None), Outside::default());
        let services = Services { log: Arc::clone(&log) as _, links, ballots, metrics, outside };
        Self { data, log, registry: Registry::new(Arc::new(services)) }
    }

    /// Opens the stream; how long until it answers, its last event and its notes.
    async fn open(&self, stream: &StreamId) -> (Duration, Seq, usize) {
        let began = Instant::now();
        let handle = self.registry.stream(stream);
        let look = handle.look(|seq, workshop| {
            let lanes = workshop.boards.list.values().flat_map(|board| board.lanes.values());
            (seq, lanes.map(|lane| lane.notes.len()).sum())
        });
        let (seq, notes) = look.await.expect("the stream runs");
        (began.elapsed(), seq, notes)
    }

    async fn stop(self) -> tempfile::TempDir {
        self.registry.stop().await;
        self.log.close().await;
        self.data
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn given_four_hours_of_writing_when_the_workshop_is_opened_then_it_starts_from_its_snapshot() {
    let stream: StreamId = "lenge".parse().expect("a name");
    let history = meeting(EVENTS, SEATS, GROUPS);
    let (before, tail) = history.split_at((EVENTS - TAIL) as usize);
    let host = Host::on(tempfile::tempdir().expect("a directory"));
    for page in before.chunks(LARGEST_APPEND) {
        host.log.append(&stream, Seq(page[0].seq.0 - 1), page.to_vec()).await.expect("the log");
    }
    let (from_the_first, ..) = host.open(&stream).await;
    let began = Instant::now();
    let data = host.stop().await;
    let stopped = began.elapsed();

    let host = Host::on(data);
    host.log.append(&stream, Seq(EVENTS - TAIL), tail.to_vec()).await.expect("the log");
    let snapshot = host.log.latest_snapshot(&stream).await.expect("the log").expect("a stop stores a snapshot");
    assert_eq!(snapshot.seq, Seq(EVENTS - TAIL));
    let (took, seq, notes) = host.open(&stream).await;
    assert_eq!(seq, Seq(EVENTS));
    tell(&format!(
        "opening: {EVENTS} events, {notes} notes: {took:.1?} from a snapshot of {} kB and {TAIL} events, \
         {from_the_first:.1?} from the first event; stopped, with a snapshot, in {stopped:.1?}",
        snapshot.payload.len() / 1000,
    ));
    assert!(took * 2 < from_the_first, "the snapshot is of use: {took:?} of {from_the_first:?}");
    host.stop().await;
}
