//! Dealing a council into cross-party groups (seed section 6: *tverrpolitiske grupper*).

use crate::ids::GroupId;

/// Largest group: at a table of more than seven some fall silent (domain 1.10 suggests 5 to 7).
pub const LARGEST_GROUP: usize = 6;

/// A group for each member, in the order given. Members are dealt like cards, party by party with the largest first, so
/// every party is spread as evenly as arithmetic allows and sizes differ by at most one.
#[must_use]
pub fn deal(parties: &[&str]) -> Vec<GroupId> {
    let groups = parties.len().div_ceil(LARGEST_GROUP).max(1);
    let size = |party: &str| parties.iter().filter(|other| **other == party).count();
    let mut order: Vec<usize> = (0..parties.len()).collect();
    order.sort_by_key(|&member| (std::cmp::Reverse(size(parties[member])), parties[member]));
    let mut dealt = vec![GroupId(1); parties.len()];
    for (turn, member) in order.into_iter().enumerate() {
        dealt[member] = GroupId(u16::try_from(turn % groups).unwrap_or_default() + 1);
    }
    dealt
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn fjellvik_becomes_five_mixed_groups() {
        let council = [("Ap", 11), ("Sp", 6), ("H", 4), ("FrP", 4), ("V", 1), ("PP", 1), ("R", 1), ("SV", 1)];
        let parties: Vec<&str> = council.iter().flat_map(|(party, seats)| vec![*party; *seats]).collect();
        let dealt = deal(&parties);
        let mut tables: BTreeMap<GroupId, Vec<&str>> = BTreeMap::new();
        for (party, group) in parties.iter().zip(dealt) {
            tables.entry(group).or_default().push(party);
        }
        let sizes: Vec<usize> = tables.values().map(Vec::len).collect();
        assert_eq!(sizes, [6, 6, 6, 6, 5]);
        for table in tables.values() {
            for (party, seats) in council {
                let here = table.iter().filter(|other| **other == party).count();
                assert!((seats / 5..=seats.div_ceil(5)).contains(&here), "{party} {table:?}");
            }
        }
    }
}
