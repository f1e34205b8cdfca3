//! A workshop on a server, with a link for everybody in it.

use serde_json::json;
use verksted_protocol::ids::{ColumnId, NoteId, Seq, StepId, StreamId};
use verksted_protocol::message::Outcome;
use verksted_protocol::rejection::Rejection;
use verksted_protocol::workshop::boards::LaneId;
use verksted_protocol::workshop::meeting::MeetingCommand;
use verksted_protocol::workshop::programme::ProgrammeCommand;
use verksted_protocol::workshop::{Command, Workshop};
use verksted_server::client::{Client, Keep, Pen};

use crate::{SOON, http};

/// The council of Fjellvik.
pub const FJELLVIK: [(&str, usize); 8] =
    [("Ap", 11), ("Sp", 6), ("H", 4), ("FrP", 4), ("V", 1), ("PP", 1), ("R", 1), ("SV", 1)];
/// A council of eight: odd seats sit in group 1, even ones in group 2.
pub const SMALL: [(&str, usize); 1] = [("Ap", 8)];

/// A workshop with *mal 1* as its programme; seat 1 is the chair's.
pub struct Room {
    /// Where its server is.
    pub base: String,
    /// Its name.
    pub id: StreamId,
    /// The token of the facilitator's link.
    pub facilitator: String,
    /// The token of the wall's link.
    pub screen: String,
    /// The token of the planner's link.
    pub planner: String,
    /// The code that lets spectators in.
    pub spectator: String,
    /// The tokens of the seats' links, from seat 1.
    pub seats: Vec<String>,
}

impl Room {
    /// Makes one as an administrator does.
    ///
    /// # Panics
    /// When the server does not make it.
    pub async fn make(base: &str, admin: &str, id: &str, council: &[(&str, usize)]) -> Self {
        let parties = council.iter().flat_map(|(party, seats)| vec![*party; *seats]);
        let seat =
            |(number, party)| json!({ "name": format!("Medlem {number}"), "party": party, "chair": number == 1 });
        let seats: Vec<_> = (1..).zip(parties).map(seat).collect();
        let body = json!({
            "id": id, "municipality": "Fjellvik", "title": "Politisk verksted 1", "body": "Kommunestyret",
            "fictional": true, "seats": seats,
        });
        let made = http::post_json(base, "/api/workshops", admin, &body).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let links = made.json();
        let token = |link: &serde_json::Value| {
            let link = link.as_str().expect("a link");
            link.split_once('#').expect("a secret in the fragment").1.to_owned()
        };
        Self {
            base: base.to_owned(),
            id: id.parse().expect("a name"),
            facilitator: token(&links["facilitator"]),
            screen: token(&links["screen"]),
            planner: token(&links["planner"]),
            spectator: token(&links["spectator"]),
            seats: links["seats"].as_array().expect("links to seats").iter().map(token).collect(),
        }
    }

    /// The token of a seat's link.
    #[must_use]
    pub fn seat_token(&self, seat: u16) -> &str {
        &self.seats[usize::from(seat) - 1]
    }

    /// Somebody in a seat.
    pub async fn seat(&self, seat: u16) -> Client {
        self.come(self.seat_token(seat)).await
    }

    /// Somebody with a link, who keeps every frame.
    ///
    /// # Panics
    /// When they are not let in.
    pub async fn come(&self, token: &str) -> Client {
        let keep = Keep { frames: true, events: false };
        Client::connect_keeping(&self.base, token, keep).await.expect("the room is open")
    }

    /// The chair and the facilitator, with the meeting open and the room at `step`.
    pub async fn opened_at(&self, step: u16) -> (Client, Client) {
        let (chair, facilitator) = (self.seat(1).await, self.come(&self.facilitator).await);
        accepted(&chair, Command::Meeting(MeetingCommand::Open)).await;
        go(&facilitator, step).await;
        (chair, facilitator)
    }
}

/// Gives a command that must be accepted; the last event when it was done.
///
/// # Panics
/// When it is not.
pub async fn accepted(client: &Client, command: Command) -> Seq {
    match client.call(command.clone()).await.expect("an answer") {
        Outcome::Accepted { at, .. } => at,
        Outcome::Rejected(refusal) => panic!("{command:?}: {}", refusal.message),
    }
}

/// Gives a command that must be refused; why it was.
///
/// # Panics
/// When it is not.
pub async fn refused(client: &Client, command: Command) -> Rejection {
    match client.call(command.clone()).await.expect("an answer") {
        Outcome::Accepted { .. } => panic!("{command:?} was accepted"),
        Outcome::Rejected(refusal) => refusal.rejection,
    }
}

/// Takes the room to a step.
pub async fn go(facilitator: &Client, step: u16) {
    // What the facilitator sees may be a frame behind.
    facilitator.caught_up(SOON).await.expect("the server answers");
    let seen = facilitator.look(|workshop| workshop.programme.current.map(|current| current.step));
    accepted(facilitator, Command::Programme(ProgrammeCommand::Start { step: StepId(step), seen })).await;
}

/// Makes a note with these words, on disk when this returns.
///
/// # Panics
/// When the room does not take it.
pub async fn write(client: &Client, board: u16, column: u16, words: &str) -> Pen {
    let mut pen = Pen::new_note(client, StepId(board), ColumnId(column), None).await.expect("a note");
    pen.write(client, words).await.expect("the socket holds");
    settled(client, &mut pen).await;
    pen
}

/// Waits until the last writing is on disk.
///
/// # Panics
/// When it was refused.
pub async fn settled(client: &Client, pen: &mut Pen) {
    let outcome = pen.settle(client).await.expect("an answer");
    assert!(matches!(outcome, None | Some(Outcome::Accepted { .. })), "{outcome:?}");
}

/// The text of a note, wherever on the board this state has it.
#[must_use]
pub fn text_of(workshop: &Workshop, board: u16, note: NoteId) -> Option<String> {
    let board = StepId(board);
    let groups = workshop.boards.list.get(&board)?.lanes.keys();
    groups
        .filter_map(|group| workshop.boards.note(LaneId { board, group: *group }, note))
        .map(|note| note.text.read())
        .next()
}
