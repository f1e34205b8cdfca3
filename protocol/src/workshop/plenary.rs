//! Gathering proposals in plenary: members say which ones are the same (domain 5.3 rule 1). Nothing is rewritten; a
//! merged proposal stands in small under the one it was merged into, and can be taken out again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{GroupId, NoteId, StepId};
use crate::rejection::Rejection;
use crate::workshop::boards::Note;
use crate::workshop::programme::StepKind;
use crate::workshop::{Event, Workshop};

/// Which proposals are the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plenary {
    /// From a proposal to the one that stands for it. Never a chain: what stands for another is merged into nothing.
    pub merged: BTreeMap<NoteId, NoteId>,
}

/// A proposal as the plenary sees it.
#[derive(Clone, Debug)]
pub struct Proposal<'a> {
    /// The note that stands for it.
    pub id: NoteId,
    /// The group that wrote it.
    pub group: GroupId,
    /// The note.
    pub note: &'a Note,
    /// What was merged into it, with the group that wrote each.
    pub sources: Vec<(NoteId, GroupId, &'a Note)>,
}

/// What a member can do with the proposals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposalCommand {
    /// These are the same.
    Merge {
        /// The one that will stand under the other.
        from: NoteId,
        /// The one that stands for both.
        into: NoteId,
    },
    /// They are not the same after all.
    Split {
        /// The one to take out.
        proposal: NoteId,
    },
}

/// What happened to the proposals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposalEvent {
    /// One stands for both now.
    Merged {
        /// The one that stands under the other.
        from: NoteId,
        /// The one that stands for both.
        into: NoteId,
    },
    /// A proposal stands for itself again.
    Split {
        /// Which.
        proposal: NoteId,
    },
}

impl Plenary {
    pub(super) fn apply(&mut self, event: &ProposalEvent) {
        match event {
            ProposalEvent::Merged { from, into } => {
                for stands in self.merged.values_mut().filter(|stands| *stands == from) {
                    *stands = *into;
                }
                self.merged.insert(*from, *into);
            }
            ProposalEvent::Split { proposal } => {
                self.merged.remove(proposal);
            }
        }
    }
}

impl Workshop {
    /// The proposals on a board, in the order of groups, columns and notes. Empty notes propose nothing.
    #[must_use]
    pub fn proposals(&self, board: StepId) -> Vec<Proposal<'_>> {
        let written = self.written(board);
        // What was merged into a proposal that has since been taken away stands for itself again.
        let stands = |proposal: &NoteId| written.iter().any(|(id, ..)| id == proposal);
        let leads = written.iter().filter(|(id, ..)| !self.plenary.merged.get(id).is_some_and(stands));
        leads
            .map(|&(id, group, note)| {
                let under = |(source, ..): &&(NoteId, GroupId, _)| self.plenary.merged.get(source) == Some(&id);
                Proposal { id, group, note, sources: written.iter().filter(under).copied().collect() }
            })
            .collect()
    }

    fn written(&self, board: StepId) -> Vec<(NoteId, GroupId, &Note)> {
        let lanes = self.boards.list.get(&board).into_iter().flat_map(|board| &board.lanes);
        let notes = lanes.flat_map(|(group, lane)| {
            lane.columns.keys().flat_map(|column| lane.column(*column)).map(|(id, note)| (id, *group, note))
        });
        notes.filter(|(_, _, note)| !note.text.is_empty()).collect()
    }

    pub(super) fn decide_proposal(&self, command: &ProposalCommand) -> Result<Vec<Event>, Rejection> {
        let step = self.programme.current_step().filter(|step| step.kind == StepKind::Plenary);
        let board = step.and_then(|step| step.board).ok_or(Rejection::NoSuchProposal)?;
        let written = self.written(board);
        let known = |proposal: &NoteId| written.iter().any(|(id, ..)| id == proposal);
        let event = match *command {
            ProposalCommand::Merge { from, into } if known(&from) && known(&into) => {
                // Whoever taps a merged proposal means the one that stands for it.
                let into = self.plenary.merged.get(&into).copied().filter(known).unwrap_or(into);
                if from == into {
                    return Err(Rejection::SameProposal);
                }
                ProposalEvent::Merged { from, into }
            }
            ProposalCommand::Split { proposal } if self.plenary.merged.contains_key(&proposal) => {
                ProposalEvent::Split { proposal }
            }
            _ => return Err(Rejection::NoSuchProposal),
        };
        Ok(vec![Event::Proposal(event)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workshop::Command;
    use crate::workshop::boards::{LaneId, NoteEvent};
    use crate::workshop::testing::*;

    fn merge(from: u32, into: u32) -> Command {
        Command::Proposal(ProposalCommand::Merge { from: proposal(from), into: proposal(into) })
    }

    fn leads(state: &Workshop) -> Vec<(u32, usize)> {
        state.proposals(StepId(2)).iter().map(|lead| (lead.id.number, lead.sources.len())).collect()
    }

    #[test]
    fn merging_keeps_the_sources_and_splitting_brings_them_back() {
        let merged = given(with_proposals()).when(member(2), merge(2, 1)).events();
        let history = [with_proposals(), merged].concat();
        assert_eq!(leads(&given(history.clone()).state()), [(1, 1), (3, 0)]);
        let split = Command::Proposal(ProposalCommand::Split { proposal: proposal(2) });
        let back = given(history.clone()).when(member(2), split).events();
        assert_eq!(leads(&given([history, back].concat()).state()), [(1, 0), (2, 0), (3, 0)]);
    }

    #[test]
    fn what_was_merged_follows_when_its_lead_is_merged_on() {
        let mut history = with_proposals();
        for (from, into) in [(2, 1), (1, 3)] {
            let events = given(history.clone()).when(member(2), merge(from, into)).events();
            history.extend(events);
        }
        assert_eq!(leads(&given(history).state()), [(3, 2)]);
    }

    #[test]
    fn what_was_merged_into_a_proposal_that_is_taken_away_stands_for_itself_again() {
        let merged = given(with_proposals()).when(member(2), merge(2, 1)).events();
        let lane = LaneId { board: StepId(2), group: GroupId(1) };
        let gone = Event::Note(NoteEvent::Deleted { lane, note: proposal(1), gone: false });
        let history = [with_proposals(), merged, vec![gone]].concat();
        assert_eq!(leads(&given(history.clone()).state()), [(2, 0), (3, 0)]);
        let again = given(history.clone()).when(member(2), merge(3, 2)).events();
        assert_eq!(leads(&given([history, again].concat()).state()), [(2, 1)]);
    }

    #[test]
    fn a_proposal_is_not_merged_with_itself_even_by_way_of_another() {
        given(with_proposals()).when(member(2), merge(1, 1)).then_rejected(&Rejection::SameProposal);
        let merged = Event::Proposal(ProposalEvent::Merged { from: proposal(2), into: proposal(1) });
        given([with_proposals(), vec![merged]].concat())
            .when(member(2), merge(1, 2))
            .then_rejected(&Rejection::SameProposal);
    }

    #[test]
    fn the_facilitator_merges_nothing() {
        given(with_proposals())
            .when(facilitator(), merge(1, 2))
            .then_rejected(&Rejection::NotAllowed { right: crate::role::Right::MergeProposals });
    }
}
