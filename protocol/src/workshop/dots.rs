//! The priority round (*veiledende prioritering*, domain 5.3): everyone places dots at the same time, nobody sees any
//! until the round is closed, and what is then shown is sums.
//!
//! A ballot is no command and leads to no event: it goes to the ballot box, and the log learns only how many have
//! answered. When the round is closed the opened ballots are given to `decide`, which writes their sums, and the box is
//! erased (domain 2.6).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{NoteId, RoundId, StepId};
use crate::rejection::Rejection;
use crate::role::{Actor, Right};
use crate::stream::Given;
use crate::tally::dots::{Sum, tally};
use crate::workshop::plenary::Proposal;
use crate::workshop::programme::StepKind;
use crate::workshop::{Event, Workshop};

/// Dots each member has (rule of thumb in domain 5.2: a quarter to a third of the options, often three).
pub const DOTS_EACH: u8 = 3;
/// Most of them on one option.
pub const MOST_ON_ONE: u8 = 2;
/// With fewer ballots than this the sums would show what somebody chose, so they are not shown.
pub const FEWEST_BALLOTS: u32 = 3;

/// Most options of one round: more than anybody reads, and few enough that the round fits in one event.
pub const MOST_OPTIONS: u16 = 300;
/// Longest text of an option, in letters; the note itself has the rest.
pub const LONGEST_OPTION: usize = 300;

/// One member's answer: dots by option. An empty one is an answer too: one abstains.
pub type Ballot = BTreeMap<NoteId, u8>;

/// Something one can place dots on, as it read when the round opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The proposal it comes from.
    pub id: NoteId,
    /// Its text; the beginning of it, if it is longer than [`LONGEST_OPTION`].
    pub text: String,
}

/// Where a round stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundStatus {
    /// Dots can be placed and changed.
    Open,
    /// The sums, by option.
    Closed(BTreeMap<NoteId, Sum>),
    /// Closed with fewer than [`FEWEST_BALLOTS`] answers: erased uncounted.
    TooFew,
}

/// A priority round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// The step it belongs to.
    pub step: StepId,
    /// What one can choose.
    pub options: Vec<Choice>,
    /// Dots each member has.
    pub dots: u8,
    /// Most of them on one option.
    pub most_on_one: u8,
    /// How many have answered. Never who.
    pub voted: u32,
    /// Where it stands.
    pub status: RoundStatus,
}

/// All rounds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dots {
    /// By number.
    pub rounds: BTreeMap<RoundId, Round>,
}

/// What one can do about rounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundCommand {
    /// Open a round on the gathered proposals.
    Open,
    /// Close it and show the sums.
    Close {
        /// Which, so that a late tap does not close the next one.
        round: RoundId,
    },
}

/// What happened to rounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundEvent {
    /// A round was opened.
    Opened {
        /// Its number.
        round: RoundId,
        /// The step it belongs to.
        step: StepId,
        /// What one can choose.
        options: Vec<Choice>,
        /// Dots each member has.
        dots: u8,
        /// Most of them on one option.
        most_on_one: u8,
    },
    /// One more has answered.
    Answered {
        /// The round.
        round: RoundId,
        /// How many have, in all.
        voted: u32,
    },
    /// The round was closed.
    Closed {
        /// The round.
        round: RoundId,
        /// The sums, unless there were too few ballots to show any.
        sums: Option<BTreeMap<NoteId, Sum>>,
    },
}

impl Round {
    /// Whether the ballot keeps to the rules of the round.
    pub fn check(&self, ballot: &Ballot) -> Result<(), Rejection> {
        let known = |option: &NoteId| self.options.iter().any(|choice| choice.id == *option);
        if !ballot.keys().all(known) {
            return Err(Rejection::NoSuchOption);
        }
        if ballot.values().any(|dots| *dots > self.most_on_one) {
            return Err(Rejection::TooManyOnOne { limit: self.most_on_one });
        }
        if ballot.values().map(|dots| u32::from(*dots)).sum::<u32>() > u32::from(self.dots) {
            return Err(Rejection::TooManyDots { limit: self.dots });
        }
        Ok(())
    }
}

impl Dots {
    /// The round that is open, if any.
    #[must_use]
    pub fn open_round(&self) -> Option<(RoundId, &Round)> {
        self.rounds.iter().find(|(_, round)| round.status == RoundStatus::Open).map(|(id, round)| (*id, round))
    }

    /// The latest round, open or closed.
    #[must_use]
    pub fn latest(&self) -> Option<(RoundId, &Round)> {
        self.rounds.last_key_value().map(|(id, round)| (*id, round))
    }

    pub(super) fn apply(&mut self, event: &RoundEvent) {
        match event {
            RoundEvent::Opened { round, step, options, dots, most_on_one } => {
                let (dots, most_on_one) = (*dots, *most_on_one);
                let options = options.clone();
                let opened = Round { step: *step, options, dots, most_on_one, voted: 0, status: RoundStatus::Open };
                self.rounds.insert(*round, opened);
            }
            RoundEvent::Answered { round, voted } => {
                if let Some(round) = self.rounds.get_mut(round) {
                    round.voted = *voted;
                }
            }
            RoundEvent::Closed { round, sums } => {
                if let Some(round) = self.rounds.get_mut(round) {
                    round.status = sums.clone().map_or(RoundStatus::TooFew, RoundStatus::Closed);
                }
            }
        }
    }
}

/// As much of a text as an option shows.
fn beginning(text: &str) -> String {
    match text.char_indices().nth(LONGEST_OPTION) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

impl Workshop {
    /// Whether this ballot may go into the box. Changes nothing; putting it there is the server's part.
    pub fn check_ballot(&self, actor: &Actor, round: RoundId, ballot: &Ballot) -> Result<(), Rejection> {
        if !actor.role.may(Right::CastBallot) {
            return Err(Rejection::NotAllowed { right: Right::CastBallot });
        }
        // The turnout is told as a share of those present, so nobody else may add to it.
        if !self.present().any(|seat| actor.seat == Some(seat)) {
            return Err(Rejection::NotPresent);
        }
        let open = self.dots.open_round().filter(|(id, _)| *id == round);
        open.ok_or(Rejection::RoundNotOpen)?.1.check(ballot)
    }

    /// The event to write when the box holds `voted` ballots, if that is news.
    #[must_use]
    pub fn answered(&self, round: RoundId, voted: u32) -> Option<Event> {
        let known = self.dots.rounds.get(&round)?.voted;
        (known != voted).then_some(Event::Round(RoundEvent::Answered { round, voted }))
    }

    pub(super) fn decide_round(&self, given: &Given<Ballot>, command: &RoundCommand) -> Result<Vec<Event>, Rejection> {
        let event = match *command {
            RoundCommand::Open => {
                if self.dots.open_round().is_some() {
                    return Err(Rejection::RoundStillOpen);
                }
                let step = self.programme.current_step().filter(|step| step.kind == StepKind::Priority);
                let step = step.ok_or(Rejection::NothingToPrioritise)?;
                // What the plenary has not seen is not put before it as an option.
                let seen = |board: &StepId| self.boards.list.get(board).is_some_and(|board| board.shared);
                let proposals = step.board.filter(seen).map(|board| self.proposals(board)).unwrap_or_default();
                if proposals.is_empty() {
                    return Err(Rejection::NothingToPrioritise);
                }
                if proposals.len() > usize::from(MOST_OPTIONS) {
                    return Err(Rejection::TooManyOptions { limit: MOST_OPTIONS });
                }
                let option = |lead: &Proposal<'_>| Choice { id: lead.id, text: beginning(&lead.note.text.read()) };
                let number = self.dots.rounds.len() + 1;
                RoundEvent::Opened {
                    round: RoundId(u16::try_from(number).unwrap_or(u16::MAX)),
                    step: step.id,
                    options: proposals.iter().map(option).collect(),
                    dots: DOTS_EACH,
                    most_on_one: MOST_ON_ONE,
                }
            }
            RoundCommand::Close { round } => {
                let (open, found) = self.dots.open_round().ok_or(Rejection::RoundNotOpen)?;
                let ballots = given.ballots.as_ref().filter(|_| open == round).ok_or(Rejection::RoundNotOpen)?;
                let enough = ballots.len() >= FEWEST_BALLOTS as usize;
                let sums = enough.then(|| tally(found.options.iter().map(|choice| choice.id), ballots));
                RoundEvent::Closed { round, sums }
            }
        };
        Ok(vec![Event::Round(event)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ColumnId, GroupId};
    use crate::text::NoteText;
    use crate::workshop::Command;
    use crate::workshop::boards::{LaneId, NoteEvent};
    use crate::workshop::testing::*;

    const ROUND: RoundId = RoundId(1);

    fn ballot(dots: &[(u32, u8)]) -> Ballot {
        dots.iter().map(|(option, dots)| (proposal(*option), *dots)).collect()
    }

    fn close() -> Command {
        Command::Round(RoundCommand::Close { round: ROUND })
    }

    #[test]
    fn the_options_are_what_the_plenary_gathered_as_it_read_then() {
        let opened = given([with_proposals(), vec![started(5)]].concat())
            .when(facilitator(), Command::Round(RoundCommand::Open))
            .events();
        let [Event::Round(RoundEvent::Opened { options, dots: 3, most_on_one: 2, .. })] = opened.as_slice() else {
            panic!("{opened:?}");
        };
        let texts: Vec<_> = options.iter().map(|choice| choice.text.as_str()).collect();
        assert_eq!(texts, ["forslag 1", "forslag 2", "forslag 3"]);
    }

    #[test]
    fn what_the_plenary_has_not_seen_is_no_option() {
        let unseen =
            with_proposals().into_iter().filter(|event| !matches!(event, Event::Note(NoteEvent::BoardShared { .. })));
        given([unseen.collect(), vec![started(5)]].concat())
            .when(facilitator(), Command::Round(RoundCommand::Open))
            .then_rejected(&Rejection::NothingToPrioritise);
    }

    #[test]
    fn an_option_shows_the_beginning_of_a_long_proposal() {
        assert_eq!(beginning("kort"), "kort");
        let long = beginning(&"å ".repeat(LONGEST_OPTION));
        assert_eq!((long.chars().count(), long.ends_with("å…")), (LONGEST_OPTION, true));
    }

    #[test]
    fn a_round_has_only_so_many_options() {
        let lane = LaneId { board: StepId(2), group: GroupId(1) };
        let many = (4..=u32::from(MOST_OPTIONS) + 1).flat_map(|number| {
            let update = NoteText::written_by(page_of(2)).splice(0, 0, "forslag");
            let (note, column) = (proposal(number), ColumnId(0));
            [NoteEvent::Created { lane, note, column, after: None }, NoteEvent::Edited { lane, note, update }]
        });
        let history = [with_proposals(), many.map(Event::Note).collect(), vec![started(5)]].concat();
        given(history)
            .when(facilitator(), Command::Round(RoundCommand::Open))
            .then_rejected(&Rejection::TooManyOptions { limit: MOST_OPTIONS });
    }

    #[test]
    fn a_ballot_beyond_the_rules_is_refused_in_words() {
        let state = given([round_open(), vec![arrived(2)]].concat()).state();
        let check = |dots: &[(u32, u8)]| state.check_ballot(&member(2), ROUND, &ballot(dots));
        assert_eq!(check(&[(1, 2), (2, 1)]), Ok(()));
        assert_eq!(check(&[]), Ok(()));
        assert_eq!(check(&[(1, 3)]), Err(Rejection::TooManyOnOne { limit: 2 }));
        assert_eq!(check(&[(1, 2), (2, 2)]), Err(Rejection::TooManyDots { limit: 3 }));
        assert_eq!(check(&[(9, 1)]), Err(Rejection::NoSuchOption));
        let denied = Rejection::NotAllowed { right: Right::CastBallot };
        assert_eq!(state.check_ballot(&facilitator(), ROUND, &ballot(&[])), Err(denied));
        assert_eq!(state.check_ballot(&member(2), RoundId(2), &ballot(&[])), Err(Rejection::RoundNotOpen));
    }

    #[test]
    fn whoever_is_not_registered_as_present_has_no_ballot() {
        let state = given([round_open(), vec![arrived(2)]].concat()).state();
        assert_eq!(state.check_ballot(&member(3), ROUND, &ballot(&[])), Err(Rejection::NotPresent));
    }

    #[test]
    fn closing_writes_sums_and_nothing_about_anyone() {
        let ballots = vec![ballot(&[(1, 2), (2, 1)]), ballot(&[(1, 1)]), ballot(&[])];
        let closed = given(round_open()).with_ballots(ballots).when(facilitator(), close()).events();
        let [Event::Round(RoundEvent::Closed { sums: Some(sums), .. })] = closed.as_slice() else {
            panic!("{closed:?}");
        };
        assert_eq!(sums[&proposal(1)], Sum { dots: 3, people: 2 });
        assert_eq!(sums[&proposal(3)], Sum::default());
    }

    #[test]
    fn too_few_ballots_are_not_counted() {
        given(round_open())
            .with_ballots(vec![ballot(&[(1, 2)]), ballot(&[])])
            .when(facilitator(), close())
            .then(&[Event::Round(RoundEvent::Closed { round: ROUND, sums: None })]);
    }

    #[test]
    fn a_round_closes_once() {
        let closed = Event::Round(RoundEvent::Closed { round: ROUND, sums: None });
        given([round_open(), vec![closed]].concat())
            .when(facilitator(), close())
            .then_rejected(&Rejection::RoundNotOpen);
    }
}
