//! Fjellvik kommune, which does not exist: a council with the seats of a real one (Østre Toten 2023, 29), and a plan in
//! force put together from two real plans (Indre Fosen's priority areas, Sunndal's goals). Domain 4.1 and 4.3.

use std::collections::BTreeSet;

use verksted_protocol::grouping::deal;
use verksted_protocol::ids::{GroupId, SeatId};
use verksted_protocol::template::first_workshop;
use verksted_protocol::workshop::groups::Group;
use verksted_protocol::workshop::meeting::{About, MeetingEvent, PlanItem, PlanItemKind};
use verksted_protocol::workshop::seats::NewSeat;

use super::names::name;

/// The name of the workshop's stream.
pub const WORKSHOP: &str = "fjellvik-1";
/// Fewest seats the municipality can be given: the smallest council the law allows.
pub const FEWEST_MEMBERS: u16 = 11;
/// Most seats: the largest council that was looked up, with a margin.
pub const MOST_MEMBERS: u16 = 87;
/// Seats in the original.
pub const MEMBERS: u16 = 29;

/// The largest party first; its first member is the mayor, who chairs.
const COUNCIL: [(&str, u16); 8] =
    [("Ap", 11), ("Sp", 6), ("H", 4), ("FrP", 4), ("V", 1), ("PP", 1), ("R", 1), ("SV", 1)];

const GOALS: [&str; 6] = [
    "En attraktiv og mangfoldig kommune med stabilt folketall rundt 7 000 innbyggere i 2030",
    "Bærekraftig og variert næringsliv – opprettholde en høy arbeidsplassdekning og rundt 3 800 arbeidsplasser i 2030",
    "Bærekraftig forvaltning av natur og verneområder – reduserte klimagassutslipp",
    "God helse, livskvalitet og trivsel for alle",
    "Samfunnssikkerhet gjennom kompetanse og godt samarbeid",
    "Kompetent og omstillingsdyktig – sunn kommuneøkonomi i samsvar med nasjonale anbefalinger",
];

const AREAS: [(&str, &[&str]); 3] = [
    ("Inkluderende samfunn", &["Redusere utenforskap", "Involvere frivilligheten", "Varierte bomuligheter"]),
    (
        "Bærekraftig tjenestetilbud",
        &[
            "Planstyrt kommune",
            "Sikre gjennomføringskraft",
            "Attraktiv arbeidsgiver",
            "Trygge oppvekstvilkår",
            "Stabile helse- og omsorgstjenester",
            "Klima- og miljøbevisst samfunnsaktør",
        ],
    ),
    (
        "Hensiktsmessig samferdsel og infrastruktur",
        &[
            "Bedre tilpasset kollektivtilbud",
            "God samfunns- og næringsutvikling",
            "Framtidsrettet energiforsyning",
            "Framtidsrettet bredbånd",
            "Attraktive bosteder",
        ],
    ),
];

/// The first event of the workshop, for a council of so many members.
#[must_use]
pub fn prepared(members: u16) -> MeetingEvent {
    let seats = council(members);
    let groups: BTreeSet<GroupId> = seats.iter().filter_map(|seat| seat.group).collect();
    MeetingEvent::Prepared {
        about: About {
            municipality: "Fjellvik kommune".into(),
            title: "Politisk verksted 1".into(),
            body: "Kommunestyret".into(),
            fictional: true,
            plan: plan(),
        },
        steps: first_workshop().steps,
        seats,
        groups: groups.into_iter().map(|id| Group { id }).collect(),
    }
}

fn plan() -> Vec<PlanItem> {
    let item = |kind, text: &str, details: &[&str]| PlanItem {
        kind,
        text: text.into(),
        details: details.iter().map(|line| (*line).into()).collect(),
    };
    let mut plan = vec![item(PlanItemKind::Vision, "Fjellvik – nært, trygt og framtidsrettet", &[])];
    plan.extend(GOALS.iter().map(|goal| item(PlanItemKind::MainGoal, goal, &[])));
    plan.extend(AREAS.iter().map(|(area, points)| item(PlanItemKind::PriorityArea, area, points)));
    plan
}

fn council(members: u16) -> Vec<NewSeat> {
    let seats = distribution(members.clamp(FEWEST_MEMBERS, MOST_MEMBERS));
    let parties: Vec<&str> = seats.iter().flat_map(|&(party, seats)| (0..seats).map(move |_| party)).collect();
    let groups = deal(&parties);
    let numbered = parties.iter().zip(groups).zip(1_u16..);
    numbered
        .map(|((party, group), number)| NewSeat {
            id: SeatId(number),
            name: name(usize::from(number) - 1),
            party: (*party).into(),
            chair: number == 1,
            group: Some(group),
        })
        .collect()
}

/// The seats of each party in a council of `members`, by largest remainder.
fn distribution(members: u16) -> Vec<(&'static str, u16)> {
    let share = |seats: u16| u32::from(seats) * u32::from(members);
    let whole = u32::from(MEMBERS);
    let floor = |seats| u16::try_from(share(seats) / whole).unwrap_or(u16::MAX);
    let mut given: Vec<(&str, u16)> = COUNCIL.iter().map(|&(party, seats)| (party, floor(seats))).collect();
    let mut by_remainder: Vec<usize> = (0..COUNCIL.len()).collect();
    by_remainder.sort_by_key(|&party| std::cmp::Reverse(share(COUNCIL[party].1) % whole));
    let left = members - given.iter().map(|(_, seats)| seats).sum::<u16>();
    for &party in by_remainder.iter().take(usize::from(left)) {
        given[party].1 += 1;
    }
    given
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashSet};

    use super::*;

    #[test]
    fn the_council_has_the_seats_of_the_original() {
        let seats = council(MEMBERS);
        let mut parties: BTreeMap<&str, u16> = BTreeMap::new();
        for seat in &seats {
            *parties.entry(&seat.party).or_default() += 1;
        }
        assert_eq!(parties, BTreeMap::from(COUNCIL));
        assert_eq!(seats.iter().map(|seat| &seat.name).collect::<HashSet<_>>().len(), 29);
        let chairs: Vec<_> = seats.iter().filter(|seat| seat.chair).map(|seat| seat.party.as_str()).collect();
        assert_eq!(chairs, ["Ap"]);
    }

    #[test]
    fn five_groups_of_six_and_five() {
        let mut groups: BTreeMap<GroupId, usize> = BTreeMap::new();
        for seat in council(MEMBERS) {
            *groups.entry(seat.group.unwrap()).or_default() += 1;
        }
        assert_eq!(groups.into_values().collect::<Vec<_>>(), [6, 6, 6, 6, 5]);
    }

    #[test]
    fn other_councils_keep_the_proportions() {
        for members in FEWEST_MEMBERS..=MOST_MEMBERS {
            let given = distribution(members);
            assert_eq!(given.iter().map(|(_, seats)| seats).sum::<u16>(), members);
            assert!(given.iter().all(|(_, seats)| *seats <= given[0].1), "{members}: the mayor's party is the largest");
        }
        assert_eq!(distribution(58)[0], ("Ap", 22));
        assert_eq!(council(5).len(), 11);
    }

    #[test]
    fn the_plan_in_force_has_a_vision_six_goals_and_three_areas() {
        let count = |kind| plan().iter().filter(|item| item.kind == kind).count();
        let kinds = [PlanItemKind::Vision, PlanItemKind::MainGoal, PlanItemKind::PriorityArea];
        assert_eq!(kinds.map(count), [1, 6, 3]);
    }
}
