//! Workshops on our server, made ready to be written in: an open meeting at a group step, everybody who is to
//! write together at one table, and a note.

use verksted_protocol::ids::{ClientId, ColumnId, GroupId, NoteId, SeatId, Seq, StepId};
use verksted_protocol::message::{ClientMessage, Outcome, ServerMessage};
use verksted_protocol::stream::Aggregate;
use verksted_protocol::text::TextUpdate;
use verksted_protocol::workshop::boards::NoteCommand;
use verksted_protocol::workshop::groups::GroupCommand;
use verksted_protocol::workshop::meeting::MeetingCommand;
use verksted_protocol::workshop::programme::ProgrammeCommand;
use verksted_protocol::workshop::{Command, Workshop};
use verksted_tests::room::Room;
use verksted_tests::wire::Raw;

use crate::keys;

/// The group step of *mal 1* that the priority round takes its options from, and its board.
pub const BOARD: StepId = StepId(11);
/// That round's step.
pub const PRIORITY: StepId = StepId(13);
/// The table where everybody sits who is to write together.
const TABLE: GroupId = GroupId(1);
/// Letters of one update of history: a sentence, as a tablet sends it that was offline.
const LETTERS_PER_UPDATE: usize = 20;
/// Updates one seat writes of the history: the burst that the server grants, less what the room was made with.
const UPDATES_PER_HAND: usize = 300;

/// A member's or a facilitator's socket, with the number of its last command.
pub struct Hand {
    raw: Raw,
    /// The page.
    pub client: ClientId,
    number: u32,
}

impl Hand {
    /// Somebody with a link.
    pub async fn come(base: &str, token: &str) -> Self {
        let mut raw = Raw::hello(base, token, None, Seq(0)).await;
        let client = raw
            .hear_until(|message| match message {
                ServerMessage::Welcome { you, .. } => Some(you.client),
                _ => None,
            })
            .await;
        Self { raw, client, number: 0 }
    }

    /// Gives a command; its answer is still to come.
    pub async fn send(&mut self, command: Command) {
        self.number += 1;
        self.raw.say(&ClientMessage::Command { number: self.number, command }).await;
    }

    /// Waits until the last command is answered.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn settled(&mut self) {
        let last = self.number;
        let outcome = self
            .raw
            .hear_until(|message| match message {
                ServerMessage::Answer { number, outcome } if number == last => Some(outcome),
                ServerMessage::Answer { outcome: outcome @ Outcome::Rejected(_), .. } => Some(outcome),
                _ => None,
            })
            .await;
        assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    }

    /// Gives a command and waits for its answer.
    pub async fn call(&mut self, command: Command) {
        self.send(command).await;
        self.settled().await;
    }
}

/// A workshop made ready.
pub struct Council {
    /// Its links.
    pub room: Room,
    /// A note for each table that is to have one, from the first.
    pub notes: Vec<NoteId>,
}

/// Makes a workshop of so many seats with everybody at the first table, and a note with so many letters in it.
pub async fn together(base: &str, admin: &str, name: &str, seats: usize, history: usize) -> Council {
    let room = Room::make(base, admin, name, &[("Ap", seats)]).await;
    let (mut chair, mut facilitator) = open(&room).await;
    for seat in 1..=seats as u16 {
        facilitator.send(Command::Group(GroupCommand::Move { seat: SeatId(seat), group: TABLE })).await;
    }
    facilitator.settled().await;
    let note = create(&mut chair).await;
    write_history(&room, note, history).await;
    Council { room, notes: vec![note] }
}

/// Makes a workshop of so many seats at tables as they were dealt, and a note for each of them.
pub async fn at_tables(base: &str, admin: &str, name: &str, seats: usize) -> Council {
    let room = Room::make(base, admin, name, &[("Ap", seats)]).await;
    let _meeting = open(&room).await;
    let mut notes = Vec::new();
    // Seats of one party are dealt in turn, so the first ones sit at a table each.
    for seat in 1..=tables(seats) as u16 {
        let mut hand = Hand::come(base, room.seat_token(seat)).await;
        notes.push(create(&mut hand).await);
    }
    Council { room, notes }
}

/// How many tables so many seats are dealt to.
#[must_use]
pub fn tables(seats: usize) -> usize {
    seats.div_ceil(verksted_protocol::grouping::LARGEST_GROUP)
}

/// A workshop as somebody with this link finds it who comes now.
pub async fn workshop(base: &str, token: &str) -> Workshop {
    let mut raw = Raw::hello(base, token, None, Seq(0)).await;
    raw.say(&ClientMessage::Ping).await;
    // A snapshot may be a little older than the room; what follows it is in the frames before the answer.
    let (mut found, mut have) = (Workshop::default(), Seq(0));
    raw.hear_until(|message| {
        match message {
            ServerMessage::Snapshot(snapshot) => (found, have) = (snapshot.state, snapshot.seq),
            ServerMessage::Events { to, events, .. } => {
                events.iter().filter(|event| event.seq > have).for_each(|event| found.apply(event));
                have = have.max(to);
            }
            ServerMessage::Pong { .. } => return Some(()),
            _ => {}
        }
        None
    })
    .await;
    found
}

async fn open(room: &Room) -> (Hand, Hand) {
    let mut chair = Hand::come(&room.base, room.seat_token(1)).await;
    chair.call(Command::Meeting(MeetingCommand::Open)).await;
    let mut facilitator = Hand::come(&room.base, &room.facilitator).await;
    facilitator.call(Command::Programme(ProgrammeCommand::Start { step: BOARD, seen: None })).await;
    (chair, facilitator)
}

async fn create(hand: &mut Hand) -> NoteId {
    let note = NoteId { by: hand.client, number: 1 };
    hand.call(Command::Note(NoteCommand::Create { note, board: BOARD, column: ColumnId(0), after: None })).await;
    note
}

async fn write_history(room: &Room, note: NoteId, letters: usize) {
    let updates = letters.div_ceil(LETTERS_PER_UPDATE);
    for hand in 0..updates.div_ceil(UPDATES_PER_HAND) {
        let seat = hand % room.seats.len() + 1;
        let mut pen = Hand::come(&room.base, room.seat_token(seat as u16)).await;
        for update in history(pen.client.0, updates.min((hand + 1) * UPDATES_PER_HAND) - hand * UPDATES_PER_HAND) {
            pen.send(Command::Note(NoteCommand::Edit { board: BOARD, note, update: TextUpdate(update) })).await;
        }
        pen.settled().await;
    }
}

/// So many sentences of one pen, as updates.
#[must_use]
pub fn history(client: u32, updates: usize) -> Vec<Vec<u8>> {
    let sentence = "Skolen skal bestå. ÅÅ";
    let sentence: String = sentence.chars().take(LETTERS_PER_UPDATE).collect();
    let at = |update: usize| u32::try_from(update * LETTERS_PER_UPDATE).unwrap_or(u32::MAX);
    (0..updates).map(|update| keys::stroke(client, at(update), &sentence)).collect()
}
