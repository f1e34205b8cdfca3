//! A workshop of four hours is opened: how long that takes from its snapshot, and what its snapshot costs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use verksted_protocol::ids::{
    ClientId, ColumnId, CommandId, GroupId, Made, Moment, NoteId, SeatId, Seq, StepId, StreamId,
};
use verksted_protocol::role::Actor;
use verksted_protocol::stream::{Recorded, encode_stored};
use verksted_protocol::template::first_workshop;
use verksted_protocol::text::NoteText;
use verksted_protocol::workshop::Event;
use verksted_protocol::workshop::boards::{LaneId, NoteEvent};
use verksted_protocol::workshop::groups::Group;
use verksted_protocol::workshop::meeting::{About, MeetingEvent};
use verksted_protocol::workshop::seats::{NewSeat, SeatEvent};
use verksted_server::auth::Links;
use verksted_server::ballots::BallotBox;
use verksted_server::log::sqlite::SqliteLog;
use verksted_server::log::{EventLog, LARGEST_APPEND, Record};
use verksted_server::metrics::Metrics;
use verksted_server::outside::Outside;
use verksted_server::registry::{Registry, Services};
use verksted_tests::tell;

/// Events of four hours of a council of 29 (the demonstration's whole *mal 1* has 7,778).
const EVENTS: u64 = 30_000;
/// Events after the last snapshot, at most.
const TAIL: u64 = 999;
const GROUPS: u16 = 5;
const SEATS: u16 = 29;
/// Letters in a note, of which some are written, taken back and written again.
const LETTERS: u32 = 140;
/// Letters sent together: a fast typist's fifth of a second.
const TOGETHER: u32 = 2;
const BOARDS: [u16; 4] = [4, 7, 9, 11];

/// The events of a long meeting, one after another.
struct Meeting {
    records: Vec<Record>,
    numbers: u32,
}

impl Meeting {
    fn add(&mut self, by: Actor, cause: Option<CommandId>, event: Event) {
        let seq = Seq(self.records.len() as u64 + 1);
        let at = Moment(1_790_000_000_000 + seq.0 as i64 * 480);
        let payload = encode_stored(&Recorded { seq, at, by, cause, event });
        self.records.push(Record { seq, at, payload });
    }

    fn note(&mut self, seat: u16, board: u16) {
        let (page, by) = (ClientId(2_000 + u32::from(seat)), Actor::member(SeatId(seat)));
        let lane = LaneId { board: StepId(board), group: GroupId(1 + seat % GROUPS) };
        let mut number = || {
            self.numbers += 1;
            Made { by: page, number: self.numbers }
        };
        let note: NoteId = number();
        let mut causes: Vec<CommandId> = Vec::new();
        let mut text = NoteText::written_by(page);
        let mut events = vec![NoteEvent::Created { lane, note, column: ColumnId(seat % 3), after: None }];
        while text.len() < LETTERS {
            let at = text.len();
            let update = match at % 40 {
                38 => text.splice(at - 6, 6, ""),
                _ => text.splice(at, 0, if at % 14 < TOGETHER { ". " } else { "åb" }),
            };
            events.push(NoteEvent::Edited { lane, note, update });
            // Past the place where it was taken back, so that it ends.
            if at % 40 == 38 {
                let update = text.splice(at - 6, 0, "på nytt. ");
                events.push(NoteEvent::Edited { lane, note, update });
            }
        }
        events.iter().for_each(|_| causes.push(number()));
        for (event, cause) in events.into_iter().zip(causes) {
            self.add(by, Some(cause), Event::Note(event));
        }
    }
}

fn four_hours() -> Vec<Record> {
    let seat = |id| NewSeat {
        id: SeatId(id),
        name: format!("Medlem {id}"),
        party: "Ap".into(),
        chair: id == 1,
        group: Some(GroupId(1 + id % GROUPS)),
    };
    let prepared = MeetingEvent::Prepared {
        about: About::default(),
        steps: first_workshop().steps,
        seats: (1..=SEATS).map(seat).collect(),
        groups: (1..=GROUPS).map(|id| Group { id: GroupId(id) }).collect(),
    };
    let mut meeting = Meeting { records: Vec::new(), numbers: 0 };
    meeting.add(Actor::SERVER, None, Event::Meeting(prepared));
    meeting.add(Actor::chair(SeatId(1)), None, Event::Meeting(MeetingEvent::Opened));
    for seat in 1..=SEATS {
        let (client, actor) = (ClientId(2_000 + u32::from(seat)), Actor::member(SeatId(seat)));
        meeting.add(actor, None, Event::Seat(SeatEvent::PageOpened { client, actor }));
    }
    let mut turn = 0;
    while (meeting.records.len() as u64) < EVENTS {
        meeting.note(1 + turn % SEATS, BOARDS[usize::from(turn / SEATS) % BOARDS.len()]);
        turn += 1;
    }
    meeting.records.truncate(EVENTS as usize);
    meeting.records
}

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
    let history = four_hours();
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
