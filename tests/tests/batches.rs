//! What happens within one batch of a stream's inbox, where a real socket would only now and then get to: the inbox is
//! filled before the stream begins to read it.

use std::sync::Arc;

use tokio::time::timeout;
use verksted_protocol::frame::decode_server_text;
use verksted_protocol::ids::{ClientId, GroupId, SeatId, Seq, StreamId};
use verksted_protocol::message::{ClientMessage, Outcome, ServerMessage, close};
use verksted_protocol::role::{Actor, Role};
use verksted_protocol::workshop::groups::{Group, GroupCommand};
use verksted_protocol::workshop::help::HelpCommand;
use verksted_protocol::workshop::meeting::{About, MeetingCommand, MeetingEvent};
use verksted_protocol::workshop::seats::{NewSeat, SeatCommand};
use verksted_protocol::workshop::{Command, Event};
use verksted_server::auth::Links;
use verksted_server::ballots::BallotBox;
use verksted_server::connection::{ConnectionId, Inbound, Outgoing, connection};
use verksted_server::log::memory::MemoryLog;
use verksted_server::metrics::Metrics;
use verksted_server::outside::Outside;
use verksted_server::registry::{Registry, Services};
use verksted_server::stream::actor::MOST_LET_IN;
use verksted_server::stream::{Ask, Join, StreamHandle, actor};
use verksted_tests::SOON;

/// A stream with two seats, that has not begun to read its inbox.
struct Quiet {
    stream: StreamId,
    handle: StreamHandle,
    services: Arc<Services>,
    inbox: tokio::sync::mpsc::Receiver<Ask>,
    _data: tempfile::TempDir,
}

impl Quiet {
    async fn new() -> Self {
        let data = tempfile::tempdir().expect("a directory");
        let services = Arc::new(Services {
            log: Arc::new(MemoryLog::default()),
            links: Links::in_memory().expect("links"),
            ballots: BallotBox::load(data.path()).expect("a ballot box"),
            metrics: Metrics::new(None),
            outside: Outside::default(),
        });
        let stream: StreamId = "stille".parse().expect("a name");
        let seat = |id: u16| NewSeat {
            id: SeatId(id),
            name: format!("Medlem {id}"),
            party: "Ap".into(),
            chair: id == 1,
            group: Some(GroupId(1)),
        };
        let prepared = MeetingEvent::Prepared {
            about: About::default(),
            steps: vec![],
            seats: vec![seat(1), seat(2)],
            groups: vec![Group { id: GroupId(1) }, Group { id: GroupId(2) }],
        };
        Registry::new(Arc::clone(&services)).create(&stream, prepared).await.expect("a workshop");
        let (handle, inbox) = StreamHandle::new();
        Self { stream, handle, services, inbox, _data: data }
    }

    async fn ask(&self, ask: Ask) {
        self.handle.ask(ask).await.expect("room in the inbox");
    }

    async fn join(&self, id: u64, actor: Actor) -> Inbound {
        let (outbox, inbound) = connection();
        let connection = ConnectionId(id);
        let join = Join { connection, actor, client: None, signs: true, have: Seq(0), outbox };
        self.ask(Ask::Join(join)).await;
        inbound
    }

    async fn say(&self, id: u64, message: ClientMessage) {
        self.ask(Ask::Say { connection: ConnectionId(id), message }).await;
    }

    /// Lets it read everything that waits, as one batch.
    fn begin(self) -> StreamHandle {
        tokio::spawn(actor::run(self.stream, self.services, self.inbox));
        self.handle
    }
}

async fn next(inbound: &mut Inbound) -> Option<ServerMessage> {
    match timeout(SOON, inbound.queue.recv()).await.expect("a message, or an end")? {
        Outgoing::Text(text) => decode_server_text(&text).ok(),
        Outgoing::Binary(_) => panic!("nobody writes here"),
    }
}

fn arrive(number: u32) -> ClientMessage {
    ClientMessage::Command { number, command: Command::Seat(SeatCommand::Arrive) }
}

#[tokio::test]
async fn given_a_command_in_the_same_batch_as_its_senders_coming_then_it_is_answered() {
    let quiet = Quiet::new().await;
    let mut inbound = quiet.join(1, Actor::member(SeatId(2))).await;
    quiet.say(1, arrive(1)).await;
    let handle = quiet.begin();
    let (_, present) = handle.look(|seq, workshop| (seq, workshop.present().count())).await.expect("the stream runs");
    assert_eq!(present, 1);
    let answer = loop {
        match next(&mut inbound).await.expect("the connection holds") {
            ServerMessage::Answer { number: 1, outcome } => break outcome,
            _ => continue,
        }
    };
    assert!(matches!(answer, Outcome::Accepted { .. }));
}

#[tokio::test]
async fn given_a_name_chosen_in_the_same_batch_as_its_owner_comes_then_it_is_theirs_unless_it_is_another_seats() {
    let quiet = Quiet::new().await;
    let (first, second, free) = (Actor::member(SeatId(1)), Actor::member(SeatId(2)), ClientId(5_000));
    // So many come before them that they have not been welcomed when the first of them chooses.
    let planner = Actor::staff(Role::Planner);
    let crowd = (100..).take(MOST_LET_IN).map(|id| (id, planner));
    let mut sockets = Vec::new();
    for (id, actor) in crowd.chain([(1, first), (2, second), (3, planner)]) {
        sockets.push(quiet.join(id, actor).await);
    }
    let [other, no_pen, too_low] = [5_001, 5_002, 7].map(ClientId);
    for (connection, client) in [(1, free), (2, free), (2, other), (2, too_low), (3, no_pen)] {
        quiet.ask(Ask::Claim { connection: ConnectionId(connection), client }).await;
    }
    let handle = quiet.begin();
    let pages = handle.look(|_, workshop| workshop.seats.pages.clone()).await.expect("the stream runs");
    let owners = [free, other, too_low, no_pen].map(|client| pages.get(&client).copied());
    assert_eq!(owners, [Some(first), Some(second), None, None]);
}

#[tokio::test]
async fn given_somebody_who_came_and_went_within_a_batch_then_nobody_is_told_that_they_are_here() {
    let quiet = Quiet::new().await;
    let facilitator = quiet.join(1, Actor::staff(Role::Facilitator)).await;
    let gone = quiet.join(2, Actor::member(SeatId(2))).await;
    quiet.ask(Ask::Leave(ConnectionId(2))).await;
    drop(gone);
    let _handle = quiet.begin();
    let mut presence = facilitator.presence;
    timeout(SOON, presence.changed()).await.expect("presence").expect("the facilitator is told who is here");
    let told = presence.borrow().clone().expect("presence");
    let Ok(ServerMessage::Presence(told)) = decode_server_text(&told) else { panic!("{told}") };
    assert_eq!((told.connected, told.seats), (0, vec![]));
}

#[tokio::test]
async fn given_a_malformed_frame_in_the_same_batch_as_its_senders_coming_then_they_are_let_go() {
    let quiet = Quiet::new().await;
    let mut inbound = quiet.join(1, Actor::member(SeatId(2))).await;
    quiet.ask(Ask::Close { connection: ConnectionId(1), code: close::MALFORMED }).await;
    let _handle = quiet.begin();
    while next(&mut inbound).await.is_some() {}
    assert_eq!(inbound.farewell(), close::MALFORMED);
}

#[tokio::test]
async fn given_a_move_and_what_the_old_group_does_next_in_one_batch_then_the_one_who_moved_has_nothing_of_it() {
    let quiet = Quiet::new().await;
    let _chair = quiet.join(1, Actor::chair(SeatId(1))).await;
    let mut moves = quiet.join(2, Actor::member(SeatId(2))).await;
    let _facilitator = quiet.join(3, Actor::staff(Role::Facilitator)).await;
    let say = |id, number, command| Ask::Say {
        connection: ConnectionId(id),
        message: ClientMessage::Command { number, command },
    };
    quiet.ask(say(1, 1, Command::Meeting(MeetingCommand::Open))).await;
    let handle = quiet.begin();
    handle.look(|_, _| ()).await.expect("the stream runs");
    // Nothing here gives the stream a chance to read until both are in its inbox.
    let away = GroupCommand::Move { seat: SeatId(2), group: GroupId(2) };
    handle.ask(say(3, 1, Command::Group(away))).await.expect("room in the inbox");
    handle.ask(say(1, 2, Command::Help(HelpCommand::Ask))).await.expect("room in the inbox");
    let waiting = handle.look(|_, workshop| workshop.help.waiting.len()).await.expect("the stream runs");
    assert_eq!(waiting, 1);
    handle.ask(Ask::Leave(ConnectionId(2))).await.expect("room in the inbox");
    let mut snapshots = 0;
    while let Some(message) = next(&mut moves).await {
        match message {
            ServerMessage::Events { events, .. } => {
                assert!(!events.iter().any(|event| matches!(event.event, Event::Help(_))), "{events:?}");
            }
            ServerMessage::Snapshot(snapshot) => {
                assert!(snapshot.state.help.waiting.is_empty());
                snapshots += 1;
            }
            _ => {}
        }
    }
    assert_eq!(snapshots, 2, "one on coming and one on moving");
}

#[tokio::test]
async fn given_more_people_coming_than_are_let_in_at_a_time_then_each_is_answered_in_order_and_who_left_is_not_there() {
    let quiet = Quiet::new().await;
    let many = 3 * MOST_LET_IN as u64;
    let mut screens = Vec::new();
    for id in 1..=many {
        screens.push(quiet.join(id, Actor::staff(Role::Screen)).await);
    }
    let mut speaks = quiet.join(many + 1, Actor::member(SeatId(2))).await;
    let (mut malformed, mut leaves) = (screens.remove(many as usize - 1), screens.remove(many as usize - 2));
    let handle = quiet.handle.clone();
    let ask = async |ask| handle.ask(ask).await.expect("room in the inbox");
    // They are behind all the others, and are heard before their turn has come.
    ask(Ask::Close { connection: ConnectionId(many), code: close::MALFORMED }).await;
    ask(Ask::Leave(ConnectionId(many - 1))).await;
    ask(Ask::Say { connection: ConnectionId(many + 1), message: arrive(1) }).await;
    let _handle = quiet.begin();
    assert!(matches!(next(&mut speaks).await, Some(ServerMessage::Welcome { .. })), "welcomed before it is answered");
    loop {
        match next(&mut speaks).await.expect("the connection holds") {
            ServerMessage::Answer { number: 1, outcome } => break assert!(matches!(outcome, Outcome::Accepted { .. })),
            ServerMessage::Welcome { .. } => panic!("welcomed twice"),
            _ => {}
        }
    }
    for screen in &mut screens {
        assert!(matches!(next(screen).await, Some(ServerMessage::Welcome { .. })));
        assert!(matches!(next(screen).await, Some(ServerMessage::Snapshot(_))));
    }
    while next(&mut malformed).await.is_some() {}
    assert_eq!(malformed.farewell(), close::MALFORMED);
    while next(&mut leaves).await.is_some() {}
}
