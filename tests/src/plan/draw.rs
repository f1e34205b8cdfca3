//! Plans from seeds.

use super::{Act, Cut, Death, Dice, Fault, Plan, Step, Who};

/// Seats of the room, the chair's among them.
pub const SEATS: u16 = 8;
/// Frames a connection may be behind: in some meetings so few that a tablet which stalls for a moment is let go, but always
/// more than what comes at once to a tablet that has been away.
const QUEUES: [usize; 4] = [1024, 256, 64, 40];

/// What a meeting is mostly about.
#[derive(Clone, Copy)]
enum Mood {
    /// Everybody writes.
    Writing,
    /// Everybody writes as fast as they can, so that whoever reads nothing for a while is far behind.
    Rush,
    /// The room moves on, and people to other groups.
    Moving,
    /// Dots are placed.
    Voting,
}

impl Plan {
    /// A short meeting with everything that can go wrong.
    #[must_use]
    pub fn drawn(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let pages = pages(&mut dice);
        let queue = QUEUES[index(dice.below(4))];
        let mood = match dice.below(12) {
            0..5 => Mood::Writing,
            5 => Mood::Rush,
            6..9 => Mood::Moving,
            _ => Mood::Voting,
        };
        let rushes = matches!(mood, Mood::Rush);
        let count = if rushes { 300 } else { 40 + dice.below(80) };
        // Some meetings have quiet lines, so that what people do is seen through; in some nearly everything breaks.
        let trouble = dice.below(4) * 6;
        let pace = if rushes { 50 } else { 40 + dice.below(360) };
        let mut steps = if matches!(mood, Mood::Voting) { proposals(&mut dice, &pages) } else { Vec::new() };
        let mut at = steps.last().map_or(400, |step: &Step| step.at);
        for _ in 0..count {
            at += dice.below(pace);
            let act = if dice.below(100) < trouble { fault(&mut dice, &pages) } else { deed(&mut dice, &pages, mood) };
            steps.push(Step { at, act });
        }
        Self { seed, pages, queue, steps }
    }
}

/// The second board is opened, some notes are written there, and a round is opened on them.
fn proposals(dice: &mut Dice, pages: &[Who]) -> Vec<Step> {
    let go = |at, step: u32| Step { at, act: Act::Go { pick: (step - 1) << 8 } };
    let mut steps = vec![go(600, 3)];
    for number in 0..6 {
        let (page, pick) = (elected(dice, pages), dice.pick());
        steps.push(Step { at: 900 + number * 40, act: Act::Share { page, pick } });
    }
    steps.extend([go(1_500, 5), Step { at: 2_000, act: Act::Round {} }]);
    steps
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or_default()
}

/// The facilitator, three to eight of the elected, of whom some have two pages, and some who only look.
fn pages(dice: &mut Dice) -> Vec<Who> {
    let mut pages = vec![Who::Facilitator];
    for _ in 0..3 + dice.below(6) {
        let seat = 1 + u16::try_from(dice.below(u64::from(SEATS))).unwrap_or_default();
        let who = if seat == 1 { Who::Chair } else { Who::Member(seat) };
        // More would come up against the sockets that one seat may have, each of them twice after a cut.
        if pages.iter().filter(|other| **other == who).count() < 3 {
            pages.push(who);
        }
    }
    for looker in [Who::Screen, Who::Spectator, Who::Planner] {
        if dice.below(3) == 0 || pages.len() < 5 {
            pages.push(looker);
        }
    }
    pages
}

fn elected(dice: &mut Dice, pages: &[Who]) -> usize {
    let elected: Vec<usize> =
        (0..pages.len()).filter(|page| matches!(pages[*page], Who::Chair | Who::Member(_))).collect();
    elected[index(dice.below(elected.len() as u64))]
}

fn deed(dice: &mut Dice, pages: &[Who], mood: Mood) -> Act {
    let page = elected(dice, pages);
    let pick = dice.pick();
    let seldom = match mood {
        Mood::Writing | Mood::Rush => 2,
        Mood::Moving => 16,
        Mood::Voting => 50,
    };
    if dice.below(100) < seldom {
        return match (mood, dice.below(16)) {
            (Mood::Voting, 0..13) => Act::Vote { page, pick },
            (Mood::Voting, 13..15) => Act::Round {},
            (_, 0..7) => Act::Go { pick },
            (_, 7..13) => Act::Reseat { pick },
            _ => Act::Round {},
        };
    }
    match dice.below(100) {
        0..56 => Act::Type { page, pick },
        56..66 => Act::Erase { page, pick },
        66..72 => Act::Leave { page },
        72..79 => Act::Make { page, pick },
        79..83 => Act::Share { page, pick },
        83..86 => Act::Place { page, pick },
        86..90 => Act::Remove { page, pick },
        90..94 => Act::Restore { page, pick },
        94..97 => Act::Merge { page, pick },
        97..98 => Act::Help { page },
        _ => Act::Arrive { page },
    }
}

fn fault(dice: &mut Dice, pages: &[Who]) -> Act {
    let page = index(dice.below(pages.len() as u64));
    let down_ms = 50 + dice.below(3_000);
    match dice.below(100) {
        0..14 => Act::Cut { page, how: Cut::Both },
        14..22 => Act::Cut { page, how: Cut::Tablet },
        22..30 => Act::Cut { page, how: Cut::Silent },
        30..42 => Act::Cut { page, how: Cut::Late(dice.below(9_000)) },
        42..52 => Act::Sleep { page },
        52..58 => Act::Wake { page },
        58..62 => Act::Reload { page },
        62..67 => Act::Kill { page },
        67..69 => Act::Refuse { page, ms: dice.below(15_000) },
        69..76 => Act::Stall { page, ms: dice.below(20_000) },
        76..79 => Act::Crash { when: Death::BeforeFlush, down_ms },
        79..83 => Act::Crash { when: Death::AfterFlush, down_ms },
        83..85 => Act::Crash { when: Death::Torn(index(dice.below(3))), down_ms },
        85..89 => Act::Restart { down_ms },
        89..92 => Act::Disk { fault: Fault::Full(dice.below(6_000)) },
        92..95 => Act::Disk { fault: Fault::Stall(dice.below(3_000)) },
        95..97 => Act::Disk { fault: Fault::Fail },
        97..99 => Act::Disk { fault: Fault::Lie },
        _ => Act::Disk { fault: Fault::Tear(index(dice.below(3))) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_always_gives_the_same_plan_and_it_reads_as_written() {
        for seed in 0..50 {
            let plan = Plan::drawn(seed);
            assert_eq!(plan, Plan::drawn(seed));
            assert_eq!(Plan::read(&plan.write()).unwrap(), plan);
            assert!((5..=12).contains(&plan.pages.len()), "{:?}", plan.pages);
            assert!(plan.steps.is_sorted_by_key(|step| step.at));
        }
    }
}
