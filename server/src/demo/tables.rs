//! What has been said around each table, so that two simulated members of a group do not write the same point. People
//! at a table hear each other; this is how the simulated ones do.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rand::Rng;
use verksted_protocol::ids::{ColumnId, GroupId, NoteId, StepId};

use super::phrases::{AREAS, additions, area_of, of_column};

/// Areas a group may raise.
const MOST_AREAS: usize = 3;
/// Phrases one chooses between, so that neighbours in the list do not always come together.
const IN_MIND: usize = 3;

/// All tables.
#[derive(Default)]
pub(super) struct Tables {
    said: Mutex<HashMap<(GroupId, StepId), Said>>,
}

#[derive(Default)]
struct Said {
    phrases: HashSet<&'static str>,
    areas: HashSet<usize>,
    answered: HashSet<NoteId>,
}

impl Tables {
    /// A point for a column that nobody at the table has made and that is not on the board.
    pub(super) fn point(
        &self,
        group: GroupId,
        board: StepId,
        column: ColumnId,
        written: &[String],
        rng: &mut impl Rng,
    ) -> Option<&'static str> {
        let phrases = of_column(board, column);
        // Each group begins elsewhere in the list, so the boards differ.
        let first = (usize::from(group.0).wrapping_sub(1) * phrases.len()) / 5;
        let mut said = self.said();
        let said = said.entry((group, board)).or_default();
        let fresh = |phrase: &&&'static str| {
            !said.phrases.contains(**phrase) && !written.iter().any(|text| text.starts_with(**phrase))
        };
        let in_mind: Vec<&'static str> =
            phrases.iter().cycle().skip(first).take(phrases.len()).filter(fresh).take(IN_MIND).copied().collect();
        let chosen = *in_mind.get(rng.random_range(0..in_mind.len().max(1)))?;
        said.phrases.insert(chosen);
        Some(chosen)
    }

    /// One of the few areas the group will raise, in the group's own words. Never one that is on the board already.
    pub(super) fn area(
        &self,
        group: GroupId,
        board: StepId,
        written: &[String],
        rng: &mut impl Rng,
    ) -> Option<&'static str> {
        let mut said = self.said();
        let said = said.entry((group, board)).or_default();
        let by_others: HashSet<usize> = written.iter().filter_map(|text| area_of(text)).collect();
        let taken: HashSet<usize> = said.areas.union(&by_others).copied().collect();
        if taken.len() >= MOST_AREAS || written.len() >= MOST_AREAS {
            return None;
        }
        let free: Vec<usize> = (0..AREAS.len()).filter(|area| !taken.contains(area)).collect();
        let chosen = weighted(&free, |area| AREAS[*area].weight, rng)?;
        said.areas.insert(chosen);
        let wordings = &AREAS[chosen].wordings;
        Some(wordings[usize::from(group.0) % wordings.len()])
    }

    /// How many areas the group's simulated members have settled on.
    pub(super) fn areas_chosen(&self, group: GroupId, board: StepId) -> usize {
        self.said().get(&(group, board)).map_or(0, |said| said.areas.len())
    }

    /// Something to add to a note; one addition for each note, and each only once on a board.
    pub(super) fn addition(
        &self,
        group: GroupId,
        board: StepId,
        (note, column): (NoteId, ColumnId),
        rng: &mut impl Rng,
    ) -> Option<&'static str> {
        let mut said = self.said();
        let said = said.entry((group, board)).or_default();
        let fresh: Vec<&'static str> =
            additions(board, column).iter().filter(|words| !said.phrases.contains(**words)).copied().collect();
        let chosen = *fresh.get(rng.random_range(0..fresh.len().max(1)))?;
        if !said.answered.insert(note) {
            return None;
        }
        said.phrases.insert(chosen);
        Some(chosen)
    }

    fn said(&self) -> MutexGuard<'_, HashMap<(GroupId, StepId), Said>> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of `choices`, the heavier the likelier. `None` when there is nothing to choose.
pub(super) fn weighted<T: Copy>(choices: &[T], weight: impl Fn(&T) -> u32, rng: &mut impl Rng) -> Option<T> {
    let total: u32 = choices.iter().map(&weight).sum();
    let mut left = rng.random_range(0..total.max(1));
    for choice in choices {
        let weight = weight(choice);
        if left < weight {
            return Some(*choice);
        }
        left -= weight;
    }
    None
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;
    use verksted_protocol::ids::{ClientId, Made};

    use super::*;

    const GROUP: GroupId = GroupId(2);
    const BOARD: StepId = StepId(4);

    #[test]
    fn a_point_is_made_once_at_a_table() {
        let (tables, mut rng) = (Tables::default(), StdRng::seed_from_u64(1));
        let there = of_column(BOARD, ColumnId(0))[0].to_owned() + ". Enig.";
        let mut made = HashSet::new();
        while let Some(point) = tables.point(GROUP, BOARD, ColumnId(0), std::slice::from_ref(&there), &mut rng) {
            assert!(made.insert(point));
        }
        assert_eq!(made.len(), of_column(BOARD, ColumnId(0)).len() - 1);
    }

    #[test]
    fn a_group_settles_on_three_areas_and_counts_what_others_wrote() {
        let mut rng = StdRng::seed_from_u64(1);
        let theirs = [AREAS[0].wordings[0].to_owned()];
        for (written, expected) in [(&[][..], 3), (&theirs[..], 2)] {
            let tables = Tables::default();
            let chosen: Vec<_> =
                std::iter::from_fn(|| tables.area(GROUP, StepId(11), written, &mut rng)).filter_map(area_of).collect();
            assert_eq!(chosen.len(), expected);
            assert!(written.is_empty() || !chosen.contains(&0));
        }
    }

    #[test]
    fn a_note_is_answered_once() {
        let (tables, mut rng) = (Tables::default(), StdRng::seed_from_u64(1));
        let note = Made { by: ClientId(1), number: 1 };
        assert!(tables.addition(GROUP, BOARD, (note, ColumnId(1)), &mut rng).is_some());
        assert!(tables.addition(GROUP, BOARD, (note, ColumnId(1)), &mut rng).is_none());
    }
}
