//! Dot voting (*prikkmetoden*): how many dots each option got, and from how many people.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What one option got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// All dots on it: how strongly.
    pub dots: u32,
    /// People who gave it at least one: how broadly.
    pub people: u32,
}

/// Sums over all ballots, for every option, also those nobody chose.
#[must_use]
pub fn tally<K: Ord + Copy>(options: impl IntoIterator<Item = K>, ballots: &[BTreeMap<K, u8>]) -> BTreeMap<K, Sum> {
    let mut sums: BTreeMap<K, Sum> = options.into_iter().map(|option| (option, Sum::default())).collect();
    for (option, dots) in ballots.iter().flatten().filter(|(_, dots)| **dots > 0) {
        if let Some(sum) = sums.get_mut(option) {
            sum.dots += u32::from(*dots);
            sum.people += 1;
        }
    }
    sums
}

/// The options with the most dots first; those with the same number share a place, shown as a tie. Within a place they
/// keep the order they were proposed in.
#[must_use]
pub fn ranked<K: Copy>(options: &[K], sum: impl Fn(&K) -> Sum) -> Vec<(usize, K, Sum)> {
    let mut order: Vec<(K, Sum)> = options.iter().map(|option| (*option, sum(option))).collect();
    order.sort_by_key(|(_, sum)| std::cmp::Reverse(sum.dots));
    let place = |dots: u32| 1 + order.iter().filter(|(_, other)| other.dots > dots).count();
    order.iter().map(|(option, sum)| (place(sum.dots), *option, *sum)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn breadth_and_strength_are_counted_apart() {
        let ballots = [BTreeMap::from([("buss", 2), ("skole", 1)]), BTreeMap::from([("buss", 1)])];
        let sums = tally(["buss", "skole", "vei"], &ballots);
        assert_eq!(sums["buss"], Sum { dots: 3, people: 2 });
        assert_eq!(sums["skole"], Sum { dots: 1, people: 1 });
        assert_eq!(sums["vei"], Sum::default());
    }

    #[test]
    fn equals_share_a_place() {
        let sums = BTreeMap::from([(1, 4), (2, 6), (3, 4), (4, 0)]);
        let places = ranked(&[1, 2, 3, 4], |option| Sum { dots: sums[option], people: 0 });
        let places: Vec<_> = places.iter().map(|(place, option, _)| (*place, *option)).collect();
        assert_eq!(places, [(1, 2), (2, 1), (2, 3), (4, 4)]);
    }

    proptest! {
        /// No dot appears or disappears between the ballots and the sums.
        #[test]
        fn dots_are_conserved(ballots in proptest::collection::vec(proptest::collection::btree_map(0_u8..6, 0_u8..3, 0..4), 0..40)) {
            let given: u32 = ballots.iter().flat_map(BTreeMap::values).map(|dots| u32::from(*dots)).sum();
            let counted: u32 = tally(0..6, &ballots).values().map(|sum| sum.dots).sum();
            prop_assert_eq!(given, counted);
        }
    }
}
