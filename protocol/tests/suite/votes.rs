//! No dot appears or disappears between what people placed and what the room is shown.

use proptest::prelude::*;
use verksted_protocol::ids::{NoteId, RoundId, SeatId, Seq, StepId};
use verksted_protocol::rejection::Rejection;
use verksted_protocol::role::{Actor, Role};
use verksted_protocol::stream::{Aggregate, Given, Recorded};
use verksted_protocol::workshop::dots::{
    Ballot, Choice, DOTS_EACH, FEWEST_BALLOTS, MOST_ON_ONE, RoundCommand, RoundEvent,
};
use verksted_protocol::workshop::meeting::MeetingEvent;
use verksted_protocol::workshop::seats::SeatEvent;
use verksted_protocol::workshop::{Command, Event, Workshop};

use crate::common::{page_of, prepared};

const ROUND: RoundId = RoundId(1);
const OPTIONS: u32 = 6;

fn option(number: u32) -> NoteId {
    NoteId { by: page_of(2), number }
}

fn round_open() -> Workshop {
    let options =
        (1..=OPTIONS).map(|number| Choice { id: option(number), text: format!("forslag {number}") }).collect();
    let opened =
        RoundEvent::Opened { round: ROUND, step: StepId(7), options, dots: DOTS_EACH, most_on_one: MOST_ON_ONE };
    let mut state = Workshop::default();
    let came = Event::Seat(SeatEvent::Arrived { seat: SeatId(2) });
    for (seq, event) in (1..).zip([prepared(), came, Event::Meeting(MeetingEvent::Opened), Event::Round(opened)]) {
        let by = Actor::SERVER;
        state.apply(&Recorded { seq: Seq(seq), at: verksted_protocol::ids::Moment(1), by, cause: None, event });
    }
    state
}

/// Ballots as people may try them: also with too many dots, and on options that are not there.
fn tries() -> impl Strategy<Value = Vec<Ballot>> {
    let ballot = proptest::collection::btree_map((1..=OPTIONS + 1).prop_map(option), 0..=MOST_ON_ONE + 1, 0..5);
    proptest::collection::vec(ballot, 0..40)
}

proptest! {
    #[test]
    fn dots_are_conserved_from_the_box_to_the_sums(tries in tries()) {
        let state = round_open();
        let taken = |ballot: &&Ballot| state.check_ballot(&Actor::member(SeatId(2)), ROUND, ballot).is_ok();
        let ballots: Vec<Ballot> = tries.iter().filter(taken).cloned().collect();
        for ballot in &ballots {
            prop_assert!(ballot.values().map(|dots| u32::from(*dots)).sum::<u32>() <= u32::from(DOTS_EACH));
            prop_assert!(ballot.values().all(|dots| *dots <= MOST_ON_ONE));
        }
        for refused in tries.iter().filter(|ballot| !taken(ballot)) {
            let total: u32 = refused.values().map(|dots| u32::from(*dots)).sum();
            let strange = refused.contains_key(&option(OPTIONS + 1));
            let heavy = refused.values().any(|dots| *dots > MOST_ON_ONE);
            prop_assert!(strange || heavy || total > u32::from(DOTS_EACH), "refused without reason: {:?}", refused);
        }
        let given = Given { now: verksted_protocol::ids::Moment(2), ballots: Some(ballots.clone()) };
        let close = Command::Round(RoundCommand::Close { round: ROUND });
        let closed = state.decide(&Actor::staff(Role::Facilitator), given, close).expect("an open round closes");
        let [Event::Round(RoundEvent::Closed { sums, .. })] = closed.as_slice() else { panic!("{closed:?}") };
        let enough = ballots.len() >= FEWEST_BALLOTS as usize;
        prop_assert_eq!(sums.is_some(), enough);
        let Some(sums) = sums else { return Ok(()) };
        prop_assert_eq!(sums.len(), OPTIONS as usize);
        for number in 1..=OPTIONS {
            let on_it = || ballots.iter().filter_map(|ballot| ballot.get(&option(number))).filter(|dots| **dots > 0);
            prop_assert_eq!(sums[&option(number)].dots, on_it().map(|dots| u32::from(*dots)).sum::<u32>());
            prop_assert_eq!(sums[&option(number)].people as usize, on_it().count());
        }
    }
}

#[test]
fn a_box_that_was_not_opened_closes_no_round() {
    let given = Given { now: verksted_protocol::ids::Moment(2), ballots: None };
    let close = Command::Round(RoundCommand::Close { round: ROUND });
    let outcome = round_open().decide(&Actor::staff(Role::Facilitator), given, close);
    assert_eq!(outcome, Err(Rejection::RoundNotOpen));
}
