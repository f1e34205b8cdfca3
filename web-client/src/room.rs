//! What those who look on are looking at: which board, which proposals, which result. The wall, the spectators, the
//! facilitator and replay all ask here, so that they show the same.

use verksted_protocol::ids::{NoteId, StepId};
use verksted_protocol::tally::dots::{Sum, ranked};
use verksted_protocol::workshop::Workshop;
use verksted_protocol::workshop::dots::{Round, RoundStatus};
use verksted_protocol::workshop::meeting::MeetingStatus;
use verksted_protocol::workshop::programme::{Step, StepKind};
use verksted_protocol::workshop::screen::Scene;

/// All scenes of the wall, in the order of a meeting.
pub const SCENES: [Scene; 5] = [Scene::Joining, Scene::Step, Scene::Groups, Scene::Proposals, Scene::Result];

/// The name of a scene in addresses of texts and in the hooks of tests.
#[must_use]
pub fn scene_name(scene: Scene) -> &'static str {
    match scene {
        Scene::Joining => "joining",
        Scene::Step => "step",
        Scene::Groups => "groups",
        Scene::Proposals => "proposals",
        Scene::Result => "result",
    }
}

/// The scene that fits the step the room is at: what is prepared for the wall.
#[must_use]
pub fn fitting_scene(workshop: &Workshop) -> Scene {
    let Some(step) = workshop.programme.current_step() else {
        // Afterwards people want to see what came of it; before it, how to come in.
        let over = workshop.meeting.status == MeetingStatus::Closed && workshop.dots.latest().is_some();
        return if over { Scene::Result } else { Scene::Joining };
    };
    match step.kind {
        StepKind::Group => Scene::Groups,
        StepKind::Plenary if gathers(workshop, step) => Scene::Proposals,
        StepKind::Plenary => Scene::Groups,
        StepKind::Priority => Scene::Result,
        StepKind::Opening | StepKind::Presentation | StepKind::Individual | StepKind::Break => Scene::Step,
    }
}

/// Whether a plenary gathers the proposals that a later step takes its options from.
fn gathers(workshop: &Workshop, plenary: &Step) -> bool {
    let mut steps = workshop.programme.steps.iter();
    steps.any(|step| step.kind == StepKind::Priority && step.board == plenary.board)
}

/// The board one looks at now: the one the step works on, or else the latest that has been worked on.
#[must_use]
pub fn board(workshop: &Workshop) -> Option<StepId> {
    let programme = &workshop.programme;
    let own = |step: &Step| if step.kind == StepKind::Group { Some(step.id) } else { step.board };
    if let Some(board) = programme.current_step().and_then(own) {
        return Some(board);
    }
    let here = programme.current.map(|current| current.step);
    let before = programme.steps.iter().take_while(|step| Some(step.id) != here).filter(|step| {
        // After the meeting there is no current step, and everything that was done counts.
        programme.done.contains(&step.id)
    });
    before.filter_map(own).last()
}

/// The board whose notes are the proposals: the one being gathered or prioritised, or else the one a priority step names.
#[must_use]
pub fn proposals_board(workshop: &Workshop) -> Option<StepId> {
    let here = workshop.programme.current_step();
    let here = here.filter(|step| matches!(step.kind, StepKind::Plenary | StepKind::Priority));
    let priority = || workshop.programme.steps.iter().find(|step| step.kind == StepKind::Priority);
    here.or_else(priority)?.board
}

/// An option of a closed round with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its place; equals share one.
    pub place: usize,
    /// Whether another has the same place.
    pub tied: bool,
    /// The proposal.
    pub id: NoteId,
    /// Its text when the round opened.
    pub text: String,
    /// What it got.
    pub sum: Sum,
}

/// The options of a closed round, most dots first; `None` while it is open or when too few answered.
#[must_use]
pub fn placed(round: &Round) -> Option<Vec<Placed>> {
    let RoundStatus::Closed(sums) = &round.status else { return None };
    let options: Vec<usize> = (0..round.options.len()).collect();
    let sum = |option: &usize| sums.get(&round.options[*option].id).copied().unwrap_or_default();
    let order = ranked(&options, sum);
    let shared = |place: usize| order.iter().filter(|(other, ..)| *other == place).count() > 1;
    let placed = order.iter().map(|(place, option, sum)| {
        let choice = &round.options[*option];
        Placed { place: *place, tied: shared(*place), id: choice.id, text: choice.text.clone(), sum: *sum }
    });
    Some(placed.collect())
}

/// How many of `places` to show when there is room for `most`: never so that only some of those with equal places are
/// seen, unless those alone are more than there is room for.
#[must_use]
pub fn cut(places: &[usize], most: usize) -> usize {
    if places.len() <= most {
        return places.len();
    }
    (1..=most).rev().find(|shown| places[*shown] != places[*shown - 1]).unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use verksted_protocol::stream::Aggregate;

    use super::*;
    use crate::replay::testing::meeting;

    /// The meeting as far as the step that has this number, when it begins.
    fn at_step(step: u16) -> Workshop {
        let mut workshop = Workshop::default();
        for event in meeting() {
            workshop.apply(&event);
            if workshop.programme.current.is_some_and(|current| current.step == StepId(step)) {
                break;
            }
        }
        workshop
    }

    fn at_the_end() -> Workshop {
        let mut workshop = Workshop::default();
        meeting().iter().for_each(|event| workshop.apply(event));
        workshop
    }

    #[test]
    fn one_looks_at_the_board_the_step_works_on_or_the_latest() {
        assert_eq!(board(&Workshop::default()), None);
        assert_eq!(board(&at_step(4)), Some(StepId(4)));
        assert_eq!(board(&at_step(12)), Some(StepId(11)));
        let mut pause = at_step(11);
        if let Some(current) = &mut pause.programme.current {
            current.step = StepId(6);
        }
        assert_eq!(board(&pause), Some(StepId(4)));
    }

    #[test]
    fn the_proposals_are_those_the_priority_step_takes_its_options_from() {
        assert_eq!(proposals_board(&at_step(4)), Some(StepId(11)));
        assert_eq!(proposals_board(&at_step(12)), Some(StepId(11)));
        assert_eq!(proposals_board(&at_step(13)), Some(StepId(11)));
    }

    #[test]
    fn the_wall_is_prepared_for_the_step() {
        let scenes = [4, 12, 13].map(|step| fitting_scene(&at_step(step)));
        assert_eq!(scenes, [Scene::Groups, Scene::Proposals, Scene::Result]);
        assert_eq!(fitting_scene(&Workshop::default()), Scene::Joining);
        let mut over = at_the_end();
        over.programme.current = None;
        over.meeting.status = MeetingStatus::Closed;
        assert_eq!(fitting_scene(&over), Scene::Result);
    }

    #[test]
    fn a_result_is_placed_only_when_it_is_there() {
        let end = at_the_end();
        let (_, round) = end.dots.latest().unwrap();
        let placed_now = placed(round).unwrap();
        assert_eq!((placed_now[0].place, placed_now[0].tied, placed_now[0].sum.dots), (1, false, 9));
        let open = Round { status: RoundStatus::Open, ..round.clone() };
        assert_eq!(placed(&open), None);
    }

    #[test]
    fn equals_are_seen_together_or_not_at_all() {
        assert_eq!(cut(&[1, 2, 3], 5), 3);
        assert_eq!(cut(&[1, 2, 3, 3, 5], 3), 2);
        assert_eq!(cut(&[1, 2, 2, 4, 5], 3), 3);
        assert_eq!(cut(&[1, 1, 1, 1, 1], 3), 3);
    }
}
