//! Telling one's own steering from that of others. Events say only which role was behind them, so the autopilot knows
//! its own by having asked for exactly that change.

use verksted_protocol::ids::{RoundId, StepId};
use verksted_protocol::stream::Recorded;
use verksted_protocol::workshop::dots::{RoundCommand, RoundEvent};
use verksted_protocol::workshop::programme::{ProgrammeCommand, ProgrammeEvent};
use verksted_protocol::workshop::screen::{Scene, ScreenCommand, ScreenEvent};
use verksted_protocol::workshop::{Command, Event};

/// A change of the kind the autopilot makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Step(StepId),
    Time,
    RoundOpened,
    RoundClosed(RoundId),
    Scene(Scene),
}

/// What the autopilot has asked for and not yet seen happen.
#[derive(Debug, Default)]
pub(super) struct Steering {
    asked: Option<Change>,
}

impl Steering {
    /// Notes what a command is about to change.
    pub(super) fn expect(&mut self, command: &Command) {
        self.asked = match command {
            Command::Programme(ProgrammeCommand::Start { step, .. }) => Some(Change::Step(*step)),
            Command::Programme(ProgrammeCommand::Extend { .. }) => Some(Change::Time),
            Command::Round(RoundCommand::Open) => Some(Change::RoundOpened),
            Command::Round(RoundCommand::Close { round }) => Some(Change::RoundClosed(*round)),
            Command::Screen(ScreenCommand::Show(scene)) => Some(Change::Scene(*scene)),
            _ => None,
        };
    }

    /// The command has been answered and what came of it has been seen; it may have changed nothing.
    pub(super) fn settle(&mut self) {
        self.asked = None;
    }

    /// Whether an event is no steering at all, or the one that was asked for.
    pub(super) fn is_own(&mut self, recorded: &Recorded<Event>) -> bool {
        let change = match &recorded.event {
            Event::Programme(ProgrammeEvent::Started { step, .. }) => Change::Step(*step),
            Event::Programme(ProgrammeEvent::Extended { .. }) => Change::Time,
            Event::Round(RoundEvent::Opened { .. }) => Change::RoundOpened,
            Event::Round(RoundEvent::Closed { round, .. }) => Change::RoundClosed(*round),
            Event::Screen(ScreenEvent::Shown(scene)) => Change::Scene(*scene),
            _ => return true,
        };
        self.asked.take_if(|asked| *asked == change).is_some()
    }
}

#[cfg(test)]
mod tests {
    use verksted_protocol::ids::{Moment, Seq};
    use verksted_protocol::role::{Actor, Role};
    use verksted_protocol::workshop::meeting::MeetingEvent;

    use super::*;

    fn recorded(event: Event) -> Recorded<Event> {
        Recorded { seq: Seq(1), at: Moment(0), by: Actor::staff(Role::Facilitator), cause: None, event }
    }

    fn shown(scene: Scene) -> Recorded<Event> {
        recorded(Event::Screen(ScreenEvent::Shown(scene)))
    }

    fn show(scene: Scene) -> Command {
        Command::Screen(ScreenCommand::Show(scene))
    }

    #[test]
    fn what_was_asked_for_is_ones_own_once() {
        let mut steering = Steering::default();
        steering.expect(&show(Scene::Groups));
        assert!(steering.is_own(&shown(Scene::Groups)));
        assert!(!steering.is_own(&shown(Scene::Groups)));
    }

    #[test]
    fn anothers_change_is_not_even_while_one_waits_for_ones_own() {
        let mut steering = Steering::default();
        steering.expect(&show(Scene::Groups));
        assert!(!steering.is_own(&shown(Scene::Result)));
        steering.settle();
        assert!(!steering.is_own(&shown(Scene::Groups)));
    }

    #[test]
    fn opening_the_meeting_and_turnout_are_nobodys_steering() {
        let mut steering = Steering::default();
        assert!(steering.is_own(&recorded(Event::Meeting(MeetingEvent::Opened))));
        assert!(steering.is_own(&recorded(Event::Round(RoundEvent::Answered { round: RoundId(1), voted: 4 }))));
    }
}
