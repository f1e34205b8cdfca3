//! Everybody in the hall, and what they do in each kind of step.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use verksted_protocol::ids::{ColumnId, Moment, NoteId, StepId};
use verksted_protocol::message::Outcome;
use verksted_protocol::rejection::Rejection;
use verksted_protocol::workshop::boards::NoteCommand;
use verksted_protocol::workshop::dots::Ballot;
use verksted_protocol::workshop::meeting::{MeetingCommand, MeetingStatus};
use verksted_protocol::workshop::plenary::ProposalCommand;
use verksted_protocol::workshop::programme::{ProgrammeCommand, Step};
use verksted_protocol::workshop::{Command, Workshop};
use verksted_server::client::{Client, Pen};
use verksted_tests::SOON;
use verksted_tests::room::{Room, accepted, refused, settled, text_of, write};

use crate::ballots::ROUND;
use crate::caught_up;

/// Seats in the council.
const SEATS: u16 = 29;
/// Notes each member writes on a board that takes them all, and words in each.
const NOTES_EACH: usize = 2;
const WORDS: [&str; 5] = ["flere ", "bussavganger ", "mellom ", "bygdene ", "våre"];

/// A note as a tablet showed it at a moment.
pub(crate) struct Shown {
    pub(crate) at: Moment,
    pub(crate) board: u16,
    pub(crate) note: NoteId,
    pub(crate) showed: String,
}

/// Everybody in the hall.
pub(crate) struct Council {
    pub(crate) seats: Vec<Client>,
    pub(crate) facilitator: Client,
    pub(crate) planner: Client,
    screen: Client,
    spectator: Client,
}

impl Council {
    pub(crate) async fn gather(room: &Room) -> Self {
        let facilitator = room.come(&room.facilitator).await;
        let council = Self {
            seats: join_all((1..=SEATS).map(|seat| room.seat(seat))).await,
            planner: room.come(&room.planner).await,
            screen: room.come(&room.screen).await,
            spectator: room.come(&room.spectator).await,
            facilitator,
        };
        let all_here = council.facilitator.until_presence(|presence| presence.connected == SEATS, SOON);
        all_here.await.expect("the facilitator sees that all have come");
        council
    }

    pub(crate) fn chair(&self) -> &Client {
        &self.seats[0]
    }

    pub(crate) fn everyone(&self) -> impl Iterator<Item = &Client> {
        self.seats.iter().chain([&self.facilitator, &self.planner, &self.screen, &self.spectator])
    }

    pub(crate) async fn all_caught_up(&self) {
        join_all(self.everyone().map(caught_up)).await;
    }

    /// Everybody's page has followed the room to `step`.
    pub(crate) async fn all_at(&self, step: StepId) {
        let there = |workshop: &Workshop| workshop.programme.current.is_some_and(|current| current.step == step);
        let all = join_all(self.everyone().map(|client| client.until(there, SOON))).await;
        assert!(all.iter().all(Result::is_ok), "{all:?}");
    }

    /// Everybody writes at once, as much as the board takes; what the chair's tablet showed in the middle of it.
    pub(crate) async fn hold_group_step(&self, step: &Step) -> Shown {
        let mut left: BTreeMap<_, u16> = BTreeMap::new();
        // Where the method sets a limit, members have one note each for as long as there are any, and one is left over: in
        // the chair's group that is the chair's own.
        let mut has_room = |seat: &&Client| {
            let left = left.entry(seat.group()).or_insert(step.most_notes.unwrap_or(u16::MAX));
            *left = left.saturating_sub(1);
            *left > 0
        };
        let writers: Vec<&Client> = self.seats[1..].iter().filter(|seat| has_room(seat)).collect();
        let notes = if step.most_notes.is_some() { 1 } else { NOTES_EACH };
        let columns = u16::try_from(step.columns.len()).expect("a few columns");
        let writing = writers.iter().zip(0..).map(async |(seat, number)| {
            for _ in 0..notes {
                write_note(seat, step.id.0, number % columns).await;
            }
        });
        let (recorded, _) = tokio::join!(record(self.chair(), step.id.0), join_all(writing));
        recorded
    }

    /// Members say which proposals are the same, and that two are not after all.
    pub(crate) async fn gather_proposals(&self, board: StepId) {
        let leads =
            |workshop: &Workshop| -> Vec<NoteId> { workshop.proposals(board).iter().map(|lead| lead.id).collect() };
        self.all_caught_up().await;
        let before = self.chair().look(leads);
        assert!(before.len() >= 10, "{before:?}");
        let merge = |from: usize, into: usize| {
            Command::Proposal(ProposalCommand::Merge { from: before[from], into: before[into] })
        };
        accepted(&self.seats[3], merge(1, 0)).await;
        accepted(&self.seats[9], merge(2, 0)).await;
        accepted(&self.seats[9], merge(4, 3)).await;
        accepted(self.chair(), Command::Proposal(ProposalCommand::Split { proposal: before[2] })).await;
        self.all_caught_up().await;
        let gone = [before[1], before[4]];
        let expected: Vec<NoteId> = before.iter().filter(|lead| !gone.contains(lead)).copied().collect();
        for client in self.everyone() {
            assert_eq!(client.look(leads), expected, "{:?}", client.you());
        }
    }

    /// *Møtet er hevet*: nothing more is written, by anyone.
    pub(crate) async fn close_meeting(&self) {
        accepted(self.chair(), Command::Meeting(MeetingCommand::Close)).await;
        let closed = |workshop: &Workshop| workshop.meeting.status == MeetingStatus::Closed;
        let all = join_all(self.everyone().map(|client| client.until(closed, SOON))).await;
        assert!(all.iter().all(Result::is_ok), "{all:?}");

        let (member, board) = (&self.seats[6], StepId(10));
        let note = member.look(|workshop| {
            workshop.boards.list[&board].lanes.values().find_map(|lane| lane.notes.keys().next().copied())
        });
        let note = note.expect("something was written");
        let update = verksted_protocol::text::NoteText::written_by(member.id()).splice(0, 0, "for sent");
        let writing = [
            NoteCommand::Create { note: member.new_note(), board, column: ColumnId(0), after: None },
            NoteCommand::Edit { board, note, update },
            NoteCommand::Move { board, note, column: ColumnId(1), after: None },
            NoteCommand::Delete { board, note, if_blank: false },
            NoteCommand::Restore { board, note },
        ];
        for command in writing {
            assert_eq!(refused(member, Command::Note(command)).await, Rejection::MeetingClosed);
        }
        let split = Command::Proposal(ProposalCommand::Split { proposal: note });
        assert_eq!(refused(member, split).await, Rejection::MeetingClosed);
        let step = ProgrammeCommand::Start { step: board, seen: None };
        assert_eq!(refused(&self.facilitator, Command::Programme(step)).await, Rejection::MeetingClosed);
        assert_eq!(refused(self.chair(), Command::Meeting(MeetingCommand::Open)).await, Rejection::MeetingClosed);
        let late = member.ballot(ROUND, Ballot::new()).await.expect("an answer");
        assert_eq!(late, Outcome::from(Rejection::RoundNotOpen));
        self.all_caught_up().await;
    }
}

/// A note, word by word.
async fn write_note(seat: &Client, board: u16, column: u16) {
    let mut pen = Pen::new_note(seat, StepId(board), ColumnId(column), None).await.expect("a note");
    for words in WORDS {
        pen.write(seat, words).await.expect("the socket holds");
    }
    settled(seat, &mut pen).await;
    let shown = seat.look(|workshop| text_of(workshop, board, pen.note()));
    assert_eq!(shown, Some(WORDS.concat()));
}

/// Writes a note and goes on writing; what the tablet showed in between, by the server's clock.
async fn record(tablet: &Client, board: u16) -> Shown {
    let mut pen = write(tablet, board, 0, "Halvveis").await;
    caught_up(tablet).await;
    let showed = tablet.look(|workshop| text_of(workshop, board, pen.note())).expect("the tablet shows the note");
    let at = tablet.now();
    // What comes next must be later, also when it comes within the same millisecond.
    while tablet.now() <= at {
        caught_up(tablet).await;
    }
    pen.write(tablet, " og helt fram").await.expect("the socket holds");
    settled(tablet, &mut pen).await;
    Shown { at, board, note: pen.note(), showed }
}
