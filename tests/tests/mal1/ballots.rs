//! The priority round: who may see what of it, and when.

use std::collections::BTreeMap;
use std::path::Path;

use futures_util::future::join_all;
use verksted_protocol::ids::{NoteId, RoundId};
use verksted_protocol::message::{Outcome, ServerMessage};
use verksted_protocol::rejection::Rejection;
use verksted_protocol::role::{Actor, Role};
use verksted_protocol::tally::dots::Sum;
use verksted_protocol::workshop::dots::{Ballot, RoundCommand, RoundEvent};
use verksted_protocol::workshop::meeting::MeetingCommand;
use verksted_protocol::workshop::programme::ProgrammeCommand;
use verksted_protocol::workshop::{Command, Event, Workshop};
use verksted_server::client::Client;
use verksted_tests::SOON;
use verksted_tests::room::{accepted, refused};
use verksted_tests::wire::{bytes_of, find, read};

use crate::council::Council;
use crate::secrets::Secrets;

/// The round of the story.
pub(crate) const ROUND: RoundId = RoundId(1);
/// How many have answered when the room is first asked how many have.
const FIRST: usize = 17;

impl Council {
    /// Everyone votes, some change their minds, nobody learns anything but the turnout until it is closed. The sums that
    /// must come of it, and what the ballot box held just before.
    pub(crate) async fn hold_round(&mut self, data: &Path) -> (BTreeMap<NoteId, Sum>, Secrets) {
        accepted(&self.facilitator, Command::Round(RoundCommand::Open)).await;
        let open = |workshop: &Workshop| workshop.dots.open_round().is_some();
        let all = join_all(self.everyone().map(|client| client.until(open, SOON))).await;
        assert!(all.iter().all(Result::is_ok), "{all:?}");
        let options = self
            .chair()
            .look(|workshop| workshop.dots.rounds[&ROUND].options.iter().map(|choice| choice.id).collect::<Vec<_>>());
        self.all_caught_up().await;
        self.everyone().for_each(|client| drop(client.take_frames()));

        let mut cast: Vec<Ballot> = (0..self.seats.len()).map(|seat| ballot(&options, seat)).collect();
        let (first, rest) = self.seats.split_at(FIRST);
        join_all(first.iter().zip(&cast).map(|(seat, ballot)| vote(seat, ballot))).await;
        self.turnout_is(FIRST).await;
        self.beyond_the_rules(&options).await;
        join_all(rest.iter().zip(&cast[FIRST..]).map(|(seat, ballot)| vote(seat, ballot))).await;
        // Every third changes everything; the turnout stays.
        for (number, seat) in self.seats.iter().enumerate().step_by(3) {
            cast[number] = ballot(&options, number + 7);
            vote(seat, &cast[number]).await;
        }
        self.turnout_is(self.seats.len()).await;
        // One tablet was away. Not even the seat itself is told what lies in the box.
        let away = 5;
        self.seats[away].hang_up();
        self.seats[away].reconnect().await.expect("back");
        self.all_caught_up().await;
        self.everyone().for_each(|client| tells_nothing(client, &options));
        let secrets = Secrets::of(data);
        assert_eq!(secrets.ballots, self.seats.len());
        assert!(!secrets.left_in(data).is_empty(), "the search finds the box while it stands");

        // Either may close it; here it is the chair.
        accepted(self.chair(), Command::Round(RoundCommand::Close { round: ROUND })).await;
        (sums(&options, &cast), secrets)
    }

    async fn turnout_is(&self, voted: usize) {
        self.all_caught_up().await;
        for client in self.everyone() {
            let told = client.look(|workshop| workshop.dots.rounds[&ROUND].voted);
            assert_eq!(told as usize, voted, "{:?}", client.you());
        }
    }

    /// What nobody can do while the round is open.
    async fn beyond_the_rules(&self, options: &[NoteId]) {
        let seat = &self.seats[FIRST];
        let tries = [
            (vec![(options[0], 3)], Rejection::TooManyOnOne { limit: 2 }),
            (vec![(options[0], 2), (options[1], 2)], Rejection::TooManyDots { limit: 3 }),
            (vec![(seat.new_note(), 1)], Rejection::NoSuchOption),
        ];
        for (dots, expected) in tries {
            let answer = seat.ballot(ROUND, dots.into_iter().collect()).await.expect("an answer");
            assert_eq!(answer, Outcome::from(expected));
        }
        self.turnout_is(FIRST).await;
        let step = self.facilitator.look(|workshop| workshop.programme.next_step().map(|step| step.id));
        let seen = self.facilitator.look(|workshop| workshop.programme.current.map(|current| current.step));
        let on = ProgrammeCommand::Start { step: step.expect("a step follows"), seen };
        assert_eq!(refused(&self.facilitator, Command::Programme(on)).await, Rejection::RoundStillOpen);
        let close = Command::Meeting(MeetingCommand::Close);
        assert_eq!(refused(self.chair(), close).await, Rejection::RoundStillOpen);
    }
}

async fn vote(seat: &Client, ballot: &Ballot) {
    let answer = seat.ballot(ROUND, ballot.clone()).await.expect("an answer");
    assert!(matches!(answer, Outcome::Accepted { .. }), "{answer:?}");
}

/// Dots that differ from seat to seat: two and one, one by one, or none at all.
fn ballot(options: &[NoteId], seat: usize) -> Ballot {
    let option = |place: usize| options[place % options.len()];
    match seat % 4 {
        0 => Ballot::from([(option(seat), 2), (option(seat + 1), 1)]),
        1 => Ballot::from([(option(seat), 1), (option(seat * 2 + 1), 1)]),
        2 => Ballot::from([(option(0), 1), (option(1), 1), (option(2), 1)]),
        _ => Ballot::new(),
    }
}

/// Counted here by other means than the server's.
fn sums(options: &[NoteId], cast: &[Ballot]) -> BTreeMap<NoteId, Sum> {
    let mut sums = BTreeMap::new();
    for option in options {
        let mut sum = Sum::default();
        for dots in cast.iter().filter_map(|ballot| ballot.get(option)) {
            sum.dots += u32::from(*dots);
            sum.people += u32::from(*dots > 0);
        }
        sums.insert(*option, sum);
    }
    sums
}

/// Nothing this client was sent since the round opened says anything about anyone's dots but how many have answered.
fn tells_nothing(client: &Client, options: &[NoteId]) {
    let (frames, you) = (client.take_frames(), client.you());
    assert!(!frames.is_empty());
    for frame in &frames {
        match read(frame) {
            ServerMessage::Events { events, .. } => {
                for event in events {
                    assert!(
                        matches!(event.event, Event::Round(RoundEvent::Answered { round: ROUND, .. })),
                        "{event:?}"
                    );
                    assert_eq!((event.by, event.cause), (Actor::staff(Role::Server), None));
                }
            }
            ServerMessage::Snapshot(_) => panic!("{you:?} begins anew"),
            ServerMessage::Welcome { .. }
            | ServerMessage::Answer { .. }
            | ServerMessage::Presence(_)
            | ServerMessage::Pong { .. }
            | ServerMessage::Storage { .. } => {}
        }
        for option in options {
            assert!(!find(bytes_of(frame), option.to_string().as_bytes()), "{you:?} is told of an option: {frame:?}");
        }
    }
}
