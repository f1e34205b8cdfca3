//! Gathering proposals, and placing dots.

use std::collections::HashSet;

use rand::Rng;
use verksted_protocol::ids::{NoteId, RoundId, StepId};
use verksted_protocol::workshop::dots::{Ballot, Round};
use verksted_protocol::workshop::plenary::ProposalCommand;
use verksted_protocol::workshop::{Command, Workshop};

use super::{LONG, Person};
use crate::client::ClientError;
use crate::demo::phrases::{AREAS, area_of};
use crate::demo::room::Place;
use crate::demo::tables::weighted;

/// The weight of a proposal that is about none of the known areas.
const UNKNOWN_AREA: u32 = 4;
/// How long one thinks before placing dots, in seconds.
const THINKS: std::ops::Range<f64> = 5.0..40.0;

impl Person {
    /// The chair says which proposals are about the same, one pair at a time.
    pub(super) async fn gather(&mut self, place: Place, board: StepId) -> Result<(), ClientError> {
        let mut reads = 5.0..8.0;
        loop {
            if !self.pause(place, reads).await? {
                return Ok(());
            }
            reads = 2.5..5.0;
            let merged = &self.merged;
            let Some((from, into)) = self.client.look(|workshop| same(workshop, board, merged)) else { continue };
            self.merged.insert(from);
            self.client.call(Command::Proposal(ProposalCommand::Merge { from, into })).await?;
        }
    }

    /// Places dots when the round is open; some think again.
    pub(super) async fn vote(&mut self, place: Place) -> Result<(), ClientError> {
        loop {
            let open_or_moved =
                |workshop: &Workshop| Place::of(workshop) != place || workshop.dots.open_round().is_some();
            match self.client.until(open_or_moved, LONG).await {
                Ok(()) => {}
                Err(ClientError::Late(_)) => continue,
                Err(error) => return Err(error),
            }
            let Some(round) = self.client.look(|workshop| workshop.dots.open_round().map(|(id, _)| id)) else {
                return Ok(());
            };
            if !self.pause(place, THINKS).await? || !self.place_dots(round).await? {
                return Ok(());
            }
            if self.rng.random_bool(0.2) && self.pause(place, 4.0..10.0).await? {
                self.place_dots(round).await?;
            }
            // A second round in the same step is answered, too.
            let over = |workshop: &Workshop| {
                Place::of(workshop) != place || workshop.dots.open_round().is_none_or(|(id, _)| id != round)
            };
            while let Err(ClientError::Late(_)) = self.client.until(over, LONG).await {}
        }
    }

    /// Sends a ballot; `false` when the round is over.
    async fn place_dots(&mut self, round: RoundId) -> Result<bool, ClientError> {
        let rng = &mut self.rng;
        let ballot = self.client.look(|workshop| {
            let (id, open) = workshop.dots.open_round()?;
            (id == round).then(|| dots(open, rng))
        });
        let Some(ballot) = ballot else { return Ok(false) };
        self.client.ballot(round, ballot).await?;
        Ok(true)
    }
}

/// Two proposals about the same that are not merged: the later, and the one it goes into.
fn same(workshop: &Workshop, board: StepId, merged_before: &HashSet<NoteId>) -> Option<(NoteId, NoteId)> {
    let leads: Vec<(NoteId, usize)> =
        workshop.proposals(board).iter().filter_map(|lead| Some((lead.id, area_of(&lead.note.text.read())?))).collect();
    leads.iter().enumerate().find_map(|(place, (from, area))| {
        let into = leads[..place].iter().find(|(_, other)| other == area)?;
        (!merged_before.contains(from)).then_some((*from, into.0))
    })
}

/// A ballot within the rules of the round, by what is dear to this council. Now and then somebody abstains.
fn dots(round: &Round, rng: &mut impl Rng) -> Ballot {
    let mut ballot = Ballot::new();
    if rng.random_bool(0.03) {
        return ballot;
    }
    let weight = |text: &str| area_of(text).map_or(UNKNOWN_AREA, |area| AREAS[area].weight);
    let options: Vec<(NoteId, u32)> = round.options.iter().map(|option| (option.id, weight(&option.text))).collect();
    for _ in 0..round.dots {
        let full = |id: &NoteId| ballot.get(id).is_some_and(|dots| *dots >= round.most_on_one);
        let open: Vec<(NoteId, u32)> = options.iter().filter(|(id, _)| !full(id)).copied().collect();
        if let Some((option, _)) = weighted(&open, |(_, weight)| *weight, rng) {
            *ballot.entry(option).or_default() += 1;
        }
    }
    ballot
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;
    use verksted_protocol::ids::{ClientId, Made};
    use verksted_protocol::workshop::dots::{Choice, DOTS_EACH, MOST_ON_ONE, RoundStatus};

    use super::*;

    #[test]
    fn every_ballot_keeps_to_the_rules_also_with_few_options() {
        for options in 1..=6_u32 {
            let option = |number: u32| Choice {
                id: Made { by: ClientId(1), number },
                text: AREAS[number as usize].wordings[0].to_owned(),
            };
            let round = Round {
                step: StepId(13),
                options: (1..=options).map(option).collect(),
                dots: DOTS_EACH,
                most_on_one: MOST_ON_ONE,
                voted: 0,
                status: RoundStatus::Open,
            };
            let mut rng = StdRng::seed_from_u64(u64::from(options));
            for _ in 0..200 {
                assert_eq!(round.check(&dots(&round, &mut rng)), Ok(()));
            }
        }
    }
}
