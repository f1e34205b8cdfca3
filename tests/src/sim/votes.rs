//! The ballots of a simulated meeting, and which sums they may lead to.

use std::collections::BTreeMap;

use verksted_protocol::ids::{ClientId, NoteId, RoundId, SeatId};
use verksted_protocol::tally::dots::{Sum, tally};
use verksted_protocol::workshop::dots::{Ballot, FEWEST_BALLOTS};

/// Ways to choose among what is not known to be counted that are tried before a sum is held against its bounds only.
const MOST_WAYS: usize = 4_096;

/// A ballot somebody sent.
struct Cast {
    page: ClientId,
    number: u32,
    ballot: Ballot,
    /// How it was answered.
    accepted: Option<bool>,
}

/// All of them.
#[derive(Default)]
pub(crate) struct Votes {
    cast: BTreeMap<RoundId, BTreeMap<SeatId, Vec<Cast>>>,
    /// Rounds whose sums were held against the ballots.
    pub(crate) checked: usize,
}

impl Votes {
    pub(crate) fn cast(&mut self, round: RoundId, seat: SeatId, page: ClientId, number: u32, ballot: Ballot) {
        let cast = Cast { page, number, ballot, accepted: None };
        self.cast.entry(round).or_default().entry(seat).or_default().push(cast);
    }

    pub(crate) fn answered(&mut self, round: RoundId, seat: SeatId, page: ClientId, number: u32, accepted: bool) {
        let of_seat = self.cast.get_mut(&round).and_then(|seats| seats.get_mut(&seat));
        let cast = of_seat.into_iter().flatten().find(|cast| (cast.page, cast.number) == (page, number));
        if let Some(cast) = cast {
            cast.accepted = Some(accepted);
        }
    }

    /// Whether the sums are those of the last accepted ballot of every seat. Where a ballot has not been answered yet, it may
    /// count instead.
    pub(crate) fn check(&mut self, round: RoundId, sums: Option<&BTreeMap<NoteId, Sum>>) -> Result<(), String> {
        self.checked += 1;
        let seats: Vec<Vec<Option<&Ballot>>> =
            self.cast.get(&round).into_iter().flatten().map(|(_, cast)| possible(cast)).collect();
        let ways: usize = seats.iter().map(Vec::len).product();
        let Some(sums) = sums else {
            let least = seats.iter().filter(|possible| possible.iter().all(Option::is_some)).count();
            return if least < FEWEST_BALLOTS as usize {
                Ok(())
            } else {
                Err(format!("{round} has {least} ballots and no sums"))
            };
        };
        if ways > MOST_WAYS {
            return bounded(&seats, sums);
        }
        let is_sum = |mut way: usize| {
            let mut counted = Vec::new();
            for possible in &seats {
                counted.extend(possible[way % possible.len()].cloned());
                way /= possible.len();
            }
            tally(sums.keys().copied(), &counted) == *sums
        };
        let known: Vec<String> = seats.iter().map(|possible| format!("{possible:?}")).collect();
        if (0..ways).any(is_sum) { Ok(()) } else { Err(format!("{round} has the sums {sums:?}, of {known:?}")) }
    }
}

/// What may be counted of a seat; `None` for nothing.
fn possible(cast: &[Cast]) -> Vec<Option<&Ballot>> {
    let mut possible = Vec::new();
    let last = |page| cast.iter().rposition(|cast| cast.page == page && cast.accepted == Some(true));
    for (place, one) in cast.iter().enumerate() {
        let last = last(one.page);
        let counts = match one.accepted {
            Some(true) => last == Some(place),
            Some(false) => false,
            None => last.is_none_or(|last| last < place),
        };
        if counts {
            possible.push(Some(&one.ballot));
        }
    }
    if !cast.iter().any(|cast| cast.accepted == Some(true)) {
        possible.push(None);
    }
    possible
}

fn bounded(seats: &[Vec<Option<&Ballot>>], sums: &BTreeMap<NoteId, Sum>) -> Result<(), String> {
    for (option, sum) in sums {
        let dots =
            |ballot: &Option<&Ballot>| u32::from(ballot.and_then(|ballot| ballot.get(option)).copied().unwrap_or(0));
        let most: u32 = seats.iter().filter_map(|possible| possible.iter().map(dots).max()).sum();
        let least: u32 = seats.iter().filter_map(|possible| possible.iter().map(dots).min()).sum();
        if !(least..=most).contains(&sum.dots) {
            return Err(format!("{option} has {} dots and not {least} to {most}", sum.dots));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUND: RoundId = RoundId(1);
    const OPTION: NoteId = NoteId { by: ClientId(1), number: 1 };

    fn sums(dots: u32, people: u32) -> BTreeMap<NoteId, Sum> {
        BTreeMap::from([(OPTION, Sum { dots, people })])
    }

    fn votes() -> Votes {
        let mut votes = Votes::default();
        for seat in 1..=3 {
            votes.cast(ROUND, SeatId(seat), ClientId(1), 1, Ballot::from([(OPTION, 1)]));
            votes.answered(ROUND, SeatId(seat), ClientId(1), 1, true);
        }
        votes
    }

    #[test]
    fn the_last_accepted_ballot_counts_and_no_other() {
        let mut votes = votes();
        votes.cast(ROUND, SeatId(1), ClientId(1), 2, Ballot::from([(OPTION, 2)]));
        votes.answered(ROUND, SeatId(1), ClientId(1), 2, true);
        assert_eq!(votes.check(ROUND, Some(&sums(4, 3))), Ok(()));
        assert!(votes.check(ROUND, Some(&sums(3, 3))).is_err() && votes.check(ROUND, None).is_err());
    }

    #[test]
    fn an_unanswered_ballot_counts_or_does_not() {
        let mut votes = votes();
        votes.cast(ROUND, SeatId(1), ClientId(1), 2, Ballot::from([(OPTION, 2)]));
        assert_eq!(votes.check(ROUND, Some(&sums(4, 3))), Ok(()));
        assert_eq!(votes.check(ROUND, Some(&sums(3, 3))), Ok(()));
        assert!(votes.check(ROUND, Some(&sums(5, 3))).is_err());
    }
}
