//! Which seats simulated members take, and which are left for people.

use std::collections::{BTreeMap, BTreeSet};

use verksted_protocol::ids::{GroupId, SeatId};
use verksted_protocol::workshop::Workshop;

/// Seats by who sits in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Seating {
    /// Taken by simulated members.
    pub(super) bots: BTreeSet<SeatId>,
    /// Free, in the order they are offered: one from each group in turn. The chair's is never among them.
    pub(super) free: Vec<SeatId>,
}

/// Shares the seats out: so many simulated members, the chair among them, and the free seats spread over the groups. At
/// least one seat stays free.
pub(super) fn seating(workshop: &Workshop, bots: u16) -> Seating {
    let chair = workshop.seats.list.iter().find(|(_, seat)| seat.chair).map(|(id, _)| *id);
    let others = workshop.seats.list.iter().filter(|(id, _)| Some(**id) != chair);
    let mut groups: BTreeMap<Option<GroupId>, Vec<SeatId>> = BTreeMap::new();
    for (id, seat) in others {
        groups.entry(seat.group).or_default().push(*id);
    }
    let members = workshop.seats.list.len();
    let free = members.saturating_sub(usize::from(bots)).max(1);
    let mut offered = Vec::new();
    while offered.len() < free && groups.values().any(|group| !group.is_empty()) {
        // The largest parties come first in each group; taking from alternate ends mixes what is offered.
        let turn = offered.len();
        for (place, group) in groups.values_mut().filter(|group| !group.is_empty()).enumerate() {
            if offered.len() < free {
                let from = if (turn + place) % 2 == 0 { group.len() - 1 } else { 0 };
                offered.push(group.remove(from));
            }
        }
    }
    let mut bots: BTreeSet<SeatId> = groups.into_values().flatten().collect();
    bots.extend(chair.filter(|_| free < members));
    Seating { bots, free: offered }
}

#[cfg(test)]
mod tests {
    use verksted_protocol::ids::{Moment, Seq};
    use verksted_protocol::role::Actor;
    use verksted_protocol::stream::{Aggregate, Recorded};
    use verksted_protocol::workshop::Event;

    use super::super::fjellvik::{MEMBERS, prepared};
    use super::*;

    fn fjellvik() -> Workshop {
        let mut workshop = Workshop::default();
        let event = Event::Meeting(prepared(MEMBERS));
        workshop.apply(&Recorded { seq: Seq(1), at: Moment(0), by: Actor::SERVER, cause: None, event });
        workshop
    }

    fn groups(workshop: &Workshop, seats: impl IntoIterator<Item = SeatId>) -> Vec<usize> {
        let seats: Vec<SeatId> = seats.into_iter().collect();
        let here = |group: &GroupId| seats.iter().filter(|id| workshop.seats.list[id].group == Some(*group)).count();
        workshop.groups.list.keys().map(here).collect()
    }

    #[test]
    fn twenty_four_leave_a_free_seat_in_each_group() {
        let workshop = fjellvik();
        let seating = seating(&workshop, 24);
        assert_eq!(seating.bots.len(), 24);
        assert_eq!(groups(&workshop, seating.free.clone()), [1, 1, 1, 1, 1]);
        let offered: Vec<_> = seating.free.iter().map(|id| workshop.seats.list[id].group.unwrap().0).collect();
        assert_eq!(offered, [1, 2, 3, 4, 5]);
    }

    #[test]
    fn few_are_spread_over_all_groups() {
        let workshop = fjellvik();
        assert_eq!(groups(&workshop, seating(&workshop, 5).bots), [1, 1, 1, 1, 1]);
    }

    #[test]
    fn however_many_there_are_the_chair_is_one_and_somebody_can_still_sit_down() {
        let workshop = fjellvik();
        for bots in [1, 2, 10, 28, 29, 500] {
            let seating = seating(&workshop, bots);
            assert!(seating.bots.contains(&SeatId(1)), "{bots}");
            assert_eq!(seating.bots.len(), usize::from(bots).min(28), "{bots}");
            assert_eq!(seating.bots.len() + seating.free.len(), 29, "{bots}");
        }
    }

    #[test]
    fn without_simulated_members_the_chair_is_a_person_with_a_door_of_their_own() {
        let seating = seating(&fjellvik(), 0);
        assert!(seating.bots.is_empty());
        assert_eq!(seating.free.len(), 28);
        assert!(!seating.free.contains(&SeatId(1)));
    }
}
