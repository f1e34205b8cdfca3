//! What the wall shows in each step, and when the room is asked to finish.

use std::time::Duration;

use verksted_protocol::workshop::programme::{Mode, Step, StepKind};
use verksted_protocol::workshop::screen::Scene;

/// How long the task itself stands on the wall before the notes do, at most.
const TASK_FOR: Duration = Duration::from_secs(15);
/// How long before its end a group step is asked to finish, at most: a sentence takes that long to write.
const FINISH_IN: Duration = Duration::from_secs(18);

/// The wall's scenes in a step of this length, each with when it comes, in order.
pub(super) fn scenes(step: &Step, length: Duration) -> Vec<(Duration, Scene)> {
    let at_once = |scene| vec![(Duration::ZERO, scene)];
    match step.kind {
        StepKind::Group => vec![(Duration::ZERO, Scene::Step), (TASK_FOR.min(length / 5), Scene::Groups)],
        StepKind::Plenary if step.mode == Some(Mode::Narrow) => at_once(Scene::Proposals),
        StepKind::Plenary => at_once(Scene::Groups),
        StepKind::Priority => at_once(Scene::Result),
        StepKind::Opening | StepKind::Presentation | StepKind::Individual | StepKind::Break => at_once(Scene::Step),
    }
}

/// When to ask the groups to finish what they write.
pub(super) fn last_call(step: &Step, length: Duration) -> Option<Duration> {
    (step.kind == StepKind::Group).then(|| length - FINISH_IN.min(length / 3))
}

#[cfg(test)]
mod tests {
    use verksted_protocol::template::first_workshop;

    use super::*;

    #[test]
    fn every_step_has_a_scene_at_once_and_all_of_them_within_its_time() {
        let length = Duration::from_secs(20);
        let mut shown = Vec::new();
        for step in first_workshop().steps {
            let scenes = scenes(&step, length);
            assert_eq!(scenes[0].0, Duration::ZERO, "step {}", step.id);
            assert!(scenes.iter().all(|(after, _)| *after < length), "step {}", step.id);
            assert!(last_call(&step, length).is_none_or(|after| after > scenes[scenes.len() - 1].0 && after < length));
            shown.extend(scenes.into_iter().map(|(_, scene)| scene));
        }
        for scene in [Scene::Step, Scene::Groups, Scene::Proposals, Scene::Result] {
            assert!(shown.contains(&scene), "{scene:?}");
        }
    }
}
