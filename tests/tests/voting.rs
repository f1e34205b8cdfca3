//! Many workshops vote at the same instant: the box takes their ballots together, so nobody queues behind the others' disk.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::sync::Barrier;
use verksted_protocol::ids::{ClientId, Made, Moment, NoteId, RoundId, SeatId, Seq, StepId, StreamId};
use verksted_protocol::message::{ClientMessage, Outcome};
use verksted_protocol::rejection::Rejection;
use verksted_protocol::role::{Actor, Role};
use verksted_protocol::stream::{Recorded, encode_stored};
use verksted_protocol::workshop::dots::{Ballot, Choice, RoundCommand, RoundEvent, RoundStatus};
use verksted_protocol::workshop::meeting::MeetingEvent;
use verksted_protocol::workshop::seats::SeatEvent;
use verksted_protocol::workshop::{Command, Event};
use verksted_server::ballots::FILE_NAME;
use verksted_server::log::{EventLog, LARGEST_PAGE, Record};
use verksted_tests::bare::{Bare, SEATS, Tablet};
use verksted_tests::{SOON, tell};

const ROUND: RoundId = RoundId(1);
const OPTION: NoteId = Made { by: ClientId(1), number: 1 };
/// Workshops that vote at once.
const WORKSHOPS: usize = 50;

/// A workshop with everybody present and a round open.
async fn voting(bare: &Bare, name: &str) -> StreamId {
    let stream = bare.workshop(name).await;
    let arrived = (1..=SEATS).map(|seat| Event::Seat(SeatEvent::Arrived { seat: SeatId(seat) }));
    let options = vec![Choice { id: OPTION, text: "Bussen".into() }];
    let opened = RoundEvent::Opened { round: ROUND, step: StepId(12), options, dots: 3, most_on_one: 2 };
    let events = std::iter::once(Event::Meeting(MeetingEvent::Opened)).chain(arrived).chain([Event::Round(opened)]);
    let records = (2..).zip(events).map(|(seq, event)| {
        let (seq, at) = (Seq(seq), Moment(1));
        let payload = encode_stored(&Recorded { seq, at, by: Actor::SERVER, cause: None, event });
        Record { seq, at, payload }
    });
    bare.log.append(&stream, Seq(1), records.collect()).await.expect("the log");
    stream
}

async fn vote(tablet: &mut Tablet, dots: u8) -> Outcome {
    let ballot = Ballot::from([(OPTION, dots)]);
    tablet.say(ClientMessage::Ballot { number: 1_000, round: ROUND, ballot }).await;
    tablet.answer(1_000).await
}

#[tokio::test(flavor = "multi_thread")]
async fn given_many_workshops_that_vote_at_once_then_their_ballots_share_flushes_and_each_counts_once() {
    let bare = Bare::new();
    let (mut tablets, mut facilitators) = (Vec::new(), Vec::new());
    for number in 0..WORKSHOPS {
        let stream = voting(&bare, &format!("stemmer-{number}")).await;
        for seat in 1..=SEATS {
            tablets.push(Tablet::come(&bare.registry, &stream, Actor::member(SeatId(seat))).await);
        }
        facilitators.push(Tablet::come(&bare.registry, &stream, Actor::staff(Role::Facilitator)).await);
    }
    let stats = bare.ballots.stats();
    assert_eq!(stats.flushes.load(Ordering::Relaxed), 0, "looking into the box writes nothing");
    let together = Arc::new(Barrier::new(tablets.len()));
    let voting: Vec<_> = tablets
        .into_iter()
        .map(|mut tablet| {
            let together = Arc::clone(&together);
            tokio::spawn(async move {
                together.wait().await;
                let began = Instant::now();
                let outcome = vote(&mut tablet, 2).await;
                assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
                began.elapsed()
            })
        })
        .collect();
    let mut took = Vec::new();
    for vote in voting {
        took.push(vote.await.expect("a vote"));
    }
    took.sort();
    let (flushes, busy) = (stats.flushes.load(Ordering::Relaxed), stats.flush_micros.load(Ordering::Relaxed));
    let votes = took.len();
    tell(&format!(
        "voting: {votes} ballots of {WORKSHOPS} workshops at once: p50 {:.1?}, p95 {:.1?}, last {:.1?}; {flushes} flushes of {:.1?}",
        took[votes / 2],
        took[votes * 95 / 100],
        took[votes - 1],
        Duration::from_micros(busy / flushes),
    ));
    assert!(flushes < votes as u64 / 10, "{flushes} flushes for {votes} ballots");

    for facilitator in &mut facilitators {
        facilitator.accepted(Command::Round(RoundCommand::Close { round: ROUND })).await;
        let round = &facilitator.workshop.dots.rounds[&ROUND];
        let RoundStatus::Closed(sums) = &round.status else { panic!("{round:?}") };
        assert_eq!((round.voted, sums[&OPTION].dots), (u32::from(SEATS), 2 * u32::from(SEATS)));
    }
    let began = Instant::now();
    bare.registry.stop().await;
    bare.ballots.close().await;
    tell(&format!("voting: {WORKSHOPS} rounds erased and swept within {:.1?} of closing them", began.elapsed()));
}

#[tokio::test]
async fn given_a_ballot_and_the_rounds_closing_in_one_batch_then_it_counts_and_what_comes_after_does_not() {
    let bare = Bare::new();
    let stream = voting(&bare, "samtidig").await;
    let mut facilitator = Tablet::come(&bare.registry, &stream, Actor::staff(Role::Facilitator)).await;
    let mut tablets = Vec::new();
    for seat in 1..=4 {
        tablets.push(Tablet::come(&bare.registry, &stream, Actor::member(SeatId(seat))).await);
    }
    let ballot = || ClientMessage::Ballot { number: 1_000, round: ROUND, ballot: Ballot::from([(OPTION, 1)]) };
    // In the inbox together: nothing here lets the stream run in between.
    for tablet in &tablets[..3] {
        tablet.say(ballot()).await;
    }
    let close = facilitator.send(Command::Round(RoundCommand::Close { round: ROUND })).await;
    tablets[3].say(ballot()).await;
    assert!(matches!(facilitator.answer(close).await, Outcome::Accepted { .. }));
    for tablet in &mut tablets[..3] {
        assert!(matches!(tablet.answer(1_000).await, Outcome::Accepted { .. }));
    }
    assert_eq!(tablets[3].answer(1_000).await, Rejection::RoundNotOpen.into());
    let round = &facilitator.workshop.dots.rounds[&ROUND];
    let RoundStatus::Closed(sums) = &round.status else { panic!("{round:?}") };
    assert_eq!(sums[&OPTION].dots, 3);
}

#[tokio::test]
async fn given_a_box_that_cannot_be_written_then_ballots_are_refused_until_it_can_and_the_turnout_is_told_right() {
    let bare = Bare::new();
    let stream = voting(&bare, "eske").await;
    let mut one = Tablet::come(&bare.registry, &stream, Actor::member(SeatId(1))).await;
    let mut other = Tablet::come(&bare.registry, &stream, Actor::member(SeatId(2))).await;
    assert!(matches!(vote(&mut one, 1).await, Outcome::Accepted { .. }));

    bare.ballots.refuse_writes(true).await.expect("the box");
    assert_eq!(vote(&mut other, 1).await, Rejection::StorageUnavailable.into());
    one.until_writable(false).await;
    other.until_writable(false).await;
    bare.ballots.refuse_writes(false).await.expect("the box");
    one.until_writable(true).await;
    other.until_writable(true).await;
    assert!(matches!(vote(&mut other, 2).await, Outcome::Accepted { .. }));
    one.caught_up().await;
    assert_eq!(one.workshop.dots.rounds[&ROUND].voted, 2);

    // The ballot is in the box, which is what its answer says; the log takes the turnout as soon as it can.
    let mut third = Tablet::come(&bare.registry, &stream, Actor::member(SeatId(3))).await;
    bare.log.fill(true);
    assert!(matches!(vote(&mut third, 1).await, Outcome::Accepted { .. }));
    bare.log.fill(false);
    one.until_writable(false).await;
    one.until_writable(true).await;
    one.caught_up().await;
    assert_eq!(one.workshop.dots.rounds[&ROUND].voted, 3);
}

#[tokio::test]
async fn given_a_ballot_that_the_box_refuses_and_the_rounds_closing_in_one_batch_then_the_round_stays_open() {
    let bare = Bare::new();
    let stream = voting(&bare, "avvist").await;
    let mut facilitator = Tablet::come(&bare.registry, &stream, Actor::staff(Role::Facilitator)).await;
    let mut tablets = Vec::new();
    for seat in 1..=4 {
        tablets.push(Tablet::come(&bare.registry, &stream, Actor::member(SeatId(seat))).await);
    }
    for tablet in &mut tablets[..3] {
        assert!(matches!(vote(tablet, 1).await, Outcome::Accepted { .. }));
    }
    bare.ballots.refuse_writes(true).await.expect("the box");
    tablets[3].say(ClientMessage::Ballot { number: 1_000, round: ROUND, ballot: Ballot::from([(OPTION, 1)]) }).await;
    let close = facilitator.send(Command::Round(RoundCommand::Close { round: ROUND })).await;
    assert_eq!(tablets[3].answer(1_000).await, Rejection::StorageUnavailable.into());
    assert_eq!(facilitator.answer(close).await, Rejection::StorageUnavailable.into());

    bare.ballots.refuse_writes(false).await.expect("the box");
    facilitator.until_writable(true).await;
    tablets[3].until_writable(true).await;
    assert!(matches!(vote_again(&mut tablets[3]).await, Outcome::Accepted { .. }));
    facilitator.accepted(Command::Round(RoundCommand::Close { round: ROUND })).await;
    let RoundStatus::Closed(sums) = &facilitator.workshop.dots.rounds[&ROUND].status else { panic!("it is open") };
    assert_eq!(sums[&OPTION].dots, 4);
}

/// Makes the box impossible to read, or whole again, behind the server's back.
fn hide(bare: &Bare, hidden: bool) {
    let conn = rusqlite::Connection::open(bare.data().join(FILE_NAME)).expect("the box");
    let (from, to) = if hidden { ("ballot", "hidden") } else { ("hidden", "ballot") };
    conn.execute_batch(&format!("ALTER TABLE {from} RENAME TO {to}")).expect("a change");
}

#[tokio::test]
async fn given_a_box_that_cannot_be_read_when_a_workshop_is_opened_then_it_can_be_read_and_takes_votes_later() {
    let bare = Bare::new();
    let stream = voting(&bare, "lukket").await;
    let cast = verksted_server::ballots::Cast { round: ROUND, seat: SeatId(1), choice: b"{}".to_vec() };
    bare.ballots.put_all(&stream, vec![cast]).await.expect("a ballot");
    hide(&bare, true);
    let mut one = Tablet::come(&bare.registry, &stream, Actor::member(SeatId(2))).await;
    one.until_writable(false).await;
    assert_eq!(vote(&mut one, 1).await, Rejection::StorageUnavailable.into());
    assert_eq!(one.workshop.dots.rounds[&ROUND].voted, 0);

    // A page that came meanwhile is written down once, however often the box is tried.
    let tries = bare.ballots.stats().flushes.load(Ordering::Relaxed) + 3;
    let tried = async {
        while bare.ballots.stats().flushes.load(Ordering::Relaxed) < tries {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(SOON, tried).await.expect("it is tried again");
    hide(&bare, false);
    one.until_writable(true).await;
    one.caught_up().await;
    assert_eq!(one.workshop.dots.rounds[&ROUND].voted, 1);
    let log = bare.log.read(&stream, Seq(0), LARGEST_PAGE).await.expect("the log");
    let opened = log.iter().filter(|record| String::from_utf8_lossy(&record.payload).contains("page_opened"));
    assert_eq!(opened.count(), 1);
    assert!(matches!(vote_again(&mut one).await, Outcome::Accepted { .. }));
}

async fn vote_again(tablet: &mut Tablet) -> Outcome {
    tablet.say(ClientMessage::Ballot { number: 1_001, round: ROUND, ballot: Ballot::from([(OPTION, 1)]) }).await;
    tablet.answer(1_001).await
}
