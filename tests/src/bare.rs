//! A stream without sockets, on a log in memory that fails, stalls and tears when it is told to.

use std::sync::Arc;

use tokio::time::timeout;
use verksted_protocol::frame::{decode_server_binary, decode_server_text};
use verksted_protocol::ids::{ClientId, ColumnId, GroupId, Made, SeatId, Seq, StepId, StreamId};
use verksted_protocol::message::{ClientMessage, Outcome, ServerMessage};
use verksted_protocol::role::{Actor, Role};
use verksted_protocol::stream::Aggregate;
use verksted_protocol::template::first_workshop;
use verksted_protocol::workshop::boards::NoteCommand;
use verksted_protocol::workshop::groups::Group;
use verksted_protocol::workshop::meeting::{About, MeetingCommand, MeetingEvent};
use verksted_protocol::workshop::programme::ProgrammeCommand;
use verksted_protocol::workshop::seats::NewSeat;
use verksted_protocol::workshop::{Command, Workshop};
use verksted_server::auth::Links;
use verksted_server::ballots::BallotBox;
use verksted_server::connection::{ConnectionId, Inbound, Outgoing, connection};
use verksted_server::log::memory::MemoryLog;
use verksted_server::metrics::Metrics;
use verksted_server::outside::Outside;
use verksted_server::registry::{Registry, Services};
use verksted_server::stream::{Ask, Join, StreamHandle};

use crate::SOON;

/// Seats in the workshop, all in one group; the first is the chair's.
pub const SEATS: u16 = 8;
/// A board of a group step of *mal 1*.
pub const BOARD: StepId = StepId(4);

/// The streams of a server, its log in memory.
pub struct Bare {
    /// What runs.
    pub registry: Arc<Registry>,
    /// What it writes to.
    pub log: Arc<MemoryLog>,
    /// Its ballot box.
    pub ballots: BallotBox,
    /// What it counts.
    pub metrics: Arc<Metrics>,
    data: tempfile::TempDir,
}

impl Bare {
    /// With nothing in it.
    ///
    /// # Panics
    /// When there is no room for a ballot box.
    #[must_use]
    pub fn new() -> Self {
        let data = tempfile::tempdir().expect("a directory");
        let ballots = BallotBox::load(data.path()).expect("a ballot box");
        Self::with(data, ballots)
    }

    /// The same with a ballot box that is a task like all else: where the clock is the test's own, it jumps while a thread is
    /// waited for.
    ///
    /// # Panics
    /// When there is no room for a ballot box.
    #[must_use]
    pub fn without_threads() -> Self {
        let data = tempfile::tempdir().expect("a directory");
        Self::with(data, BallotBox::in_memory().expect("a ballot box"))
    }

    fn with(data: tempfile::TempDir, ballots: BallotBox) -> Self {
        let log = Arc::new(MemoryLog::default());
        let metrics = Metrics::new(None);
        let services = Services {
            log: Arc::clone(&log) as _,
            links: Links::in_memory().expect("links"),
            ballots: ballots.clone(),
            metrics: Arc::clone(&metrics),
            outside: Outside::default(),
        };
        Self { registry: Arc::new(Registry::new(Arc::new(services))), log, ballots, metrics, data }
    }

    /// Where the ballot box lies.
    #[must_use]
    pub fn data(&self) -> &std::path::Path {
        self.data.path()
    }

    /// A new workshop of [`SEATS`] seats in one group, not open yet.
    ///
    /// # Panics
    /// When the log takes no event.
    pub async fn workshop(&self, name: &str) -> StreamId {
        let stream: StreamId = name.parse().expect("a name");
        let seat = |id| NewSeat {
            id: SeatId(id),
            name: format!("Medlem {id}"),
            party: "Ap".into(),
            chair: id == 1,
            group: Some(GroupId(1)),
        };
        let prepared = MeetingEvent::Prepared {
            about: About::default(),
            steps: first_workshop().steps,
            seats: (1..=SEATS).map(seat).collect(),
            groups: vec![Group { id: GroupId(1) }],
        };
        self.registry.create(&stream, prepared).await.expect("a workshop");
        stream
    }

    /// A workshop whose meeting is open, at [`BOARD`], with its chair and facilitator.
    pub async fn open_workshop(&self, name: &str) -> (StreamId, Tablet, Tablet) {
        let stream = self.workshop(name).await;
        let mut chair = Tablet::come(&self.registry, &stream, Actor::chair(SeatId(1))).await;
        let mut facilitator = Tablet::come(&self.registry, &stream, Actor::staff(Role::Facilitator)).await;
        chair.accepted(Command::Meeting(MeetingCommand::Open)).await;
        facilitator.caught_up().await;
        facilitator.accepted(Command::Programme(ProgrammeCommand::Start { step: BOARD, seen: None })).await;
        (stream, chair, facilitator)
    }

    /// A counter or gauge, as the metrics page has it.
    ///
    /// # Panics
    /// When there is none of this name.
    #[must_use]
    pub fn count(&self, name: &str) -> u64 {
        let text = self.metrics.text();
        let value = text.lines().find_map(|line| line.strip_prefix(&format!("verksted_{name} ")));
        value.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {name} in {text}"))
    }
}

impl Default for Bare {
    fn default() -> Self {
        Self::new()
    }
}

/// A client that folds what it is told, and is as slow or quick as its test.
pub struct Tablet {
    /// The way to the stream.
    pub handle: StreamHandle,
    /// Its connection.
    pub id: ConnectionId,
    /// Who it is.
    pub actor: Actor,
    /// Its page.
    pub page: ClientId,
    /// The room as it has it.
    pub workshop: Workshop,
    /// The last event it has.
    pub have: Seq,
    /// Whether the server can write things down, as it was last told.
    pub writable: bool,
    /// How often it was told either.
    pub told: Vec<bool>,
    inbound: Inbound,
    number: u32,
    answers: Vec<(u32, Outcome)>,
    pongs: usize,
}

impl Tablet {
    /// Comes into a stream as a new page.
    ///
    /// # Panics
    /// When it is not let in.
    pub async fn come(registry: &Registry, stream: &StreamId, actor: Actor) -> Self {
        Self::try_to_come(registry, stream, actor).await.unwrap_or_else(|code| panic!("closed with {code}"))
    }

    /// Comes again as a page that has been here, with nothing of the room.
    ///
    /// # Panics
    /// When it is not let in.
    pub async fn come_again(registry: &Registry, stream: &StreamId, actor: Actor, page: ClientId) -> Self {
        let came = Self::enter(registry, stream, actor, Some(page)).await;
        came.unwrap_or_else(|code| panic!("closed with {code}"))
    }

    /// A new page, or the code of the farewell.
    ///
    /// # Errors
    /// The code.
    pub async fn try_to_come(registry: &Registry, stream: &StreamId, actor: Actor) -> Result<Self, u16> {
        Self::enter(registry, stream, actor, None).await
    }

    async fn enter(
        registry: &Registry,
        stream: &StreamId,
        actor: Actor,
        client: Option<ClientId>,
    ) -> Result<Self, u16> {
        static IDS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
        let id = ConnectionId(IDS.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        let (outbox, mut inbound) = connection();
        let join = Join { connection: id, actor, client, signs: true, have: Seq(0), outbox };
        let Ok(handle) = registry.join(stream, join).await else { return Err(inbound.farewell()) };
        let Some(first) = timeout(SOON, inbound.queue.recv()).await.expect("a welcome, or an end") else {
            return Err(inbound.farewell());
        };
        let ServerMessage::Welcome { you, .. } = read(&first) else { panic!("a welcome comes first") };
        let (workshop, have) = Default::default();
        let mut tablet = Self {
            handle,
            id,
            actor,
            page: you.client,
            workshop,
            have,
            writable: true,
            told: vec![],
            inbound,
            number: 0,
            answers: vec![],
            pongs: 0,
        };
        while tablet.have == Seq(0) {
            tablet.hear().await.expect("a snapshot");
        }
        Ok(tablet)
    }

    /// Takes the next message in; the code of the farewell when there is none.
    ///
    /// # Errors
    /// The code.
    ///
    /// # Panics
    /// When nothing comes, or something was lost on the way.
    pub async fn hear(&mut self) -> Result<(), u16> {
        let next = timeout(SOON, self.inbound.queue.recv()).await.expect("a message, or an end");
        let Some(next) = next else { return Err(self.inbound.farewell()) };
        match read(&next) {
            ServerMessage::Snapshot(snapshot) => (self.workshop, self.have) = (snapshot.state, snapshot.seq),
            ServerMessage::Events { from, to, events } => {
                assert!(from <= self.have.next(), "nothing is lost");
                for event in events.iter().filter(|event| event.seq > self.have) {
                    self.workshop.apply(event);
                }
                self.have = self.have.max(to);
            }
            ServerMessage::Answer { number, outcome } => {
                assert!(!self.answers.iter().any(|(other, _)| *other == number), "{number} is answered once");
                self.answers.push((number, outcome));
            }
            ServerMessage::Storage { writable } => {
                self.writable = writable;
                self.told.push(writable);
            }
            ServerMessage::Pong { .. } => self.pongs += 1,
            ServerMessage::Welcome { .. } | ServerMessage::Presence(_) => {}
        }
        Ok(())
    }

    /// Says something.
    ///
    /// # Panics
    /// When the stream is gone.
    pub async fn say(&self, message: ClientMessage) {
        self.handle.ask(Ask::Say { connection: self.id, message }).await.expect("the stream runs");
    }

    /// Gives a command; its number.
    pub async fn send(&mut self, command: Command) -> u32 {
        self.number += 1;
        self.say(ClientMessage::Command { number: self.number, command }).await;
        self.number
    }

    /// The answer to what was sent under this number.
    ///
    /// # Panics
    /// When the stream lets go first.
    pub async fn answer(&mut self, number: u32) -> Outcome {
        loop {
            if let Some(at) = self.answers.iter().position(|(other, _)| *other == number) {
                return self.answers.remove(at).1;
            }
            self.hear().await.unwrap_or_else(|code| panic!("closed with {code} before the answer"));
        }
    }

    /// Whether an answer has come in already.
    #[must_use]
    pub fn is_answered(&self, number: u32) -> bool {
        self.answers.iter().any(|(other, _)| *other == number)
    }

    /// Gives a command and waits for its answer.
    pub async fn call(&mut self, command: Command) -> Outcome {
        let number = self.send(command).await;
        self.answer(number).await
    }

    /// Gives a command that must be accepted.
    ///
    /// # Panics
    /// When it is not.
    pub async fn accepted(&mut self, command: Command) {
        let outcome = self.call(command.clone()).await;
        assert!(matches!(outcome, Outcome::Accepted { .. }), "{command:?}: {outcome:?}");
    }

    /// A command that makes a note, and its name.
    pub fn new_note(&mut self) -> (verksted_protocol::ids::NoteId, Command) {
        let note = Made { by: self.page, number: self.number + 1 };
        (note, Command::Note(NoteCommand::Create { note, board: BOARD, column: ColumnId(0), after: None }))
    }

    /// Waits until everything the stream had told when asked is here.
    ///
    /// # Panics
    /// When the stream lets go first.
    pub async fn caught_up(&mut self) {
        let heard = self.pongs;
        self.say(ClientMessage::Ping).await;
        while self.pongs == heard {
            self.hear().await.unwrap_or_else(|code| panic!("closed with {code}"));
        }
    }

    /// Waits until it has been told that the server can, or cannot, write things down.
    ///
    /// # Panics
    /// When the stream lets go first.
    pub async fn until_writable(&mut self, writable: bool) {
        while self.writable != writable {
            self.hear().await.unwrap_or_else(|code| panic!("closed with {code}"));
        }
    }

    /// Hears until the stream lets go; the code of the farewell.
    pub async fn end(&mut self) -> u16 {
        loop {
            if let Err(code) = self.hear().await {
                return code;
            }
        }
    }

    /// Notes on the board.
    #[must_use]
    pub fn notes(&self) -> usize {
        let lanes = self.workshop.boards.list.get(&BOARD).map(|board| board.lanes.values());
        lanes.into_iter().flatten().map(|lane| lane.notes.len()).sum()
    }
}

fn read(outgoing: &Outgoing) -> ServerMessage {
    let message = match outgoing {
        Outgoing::Text(text) => decode_server_text(text),
        Outgoing::Binary(bytes) => decode_server_binary(bytes),
    };
    message.expect("a message of the server")
}
