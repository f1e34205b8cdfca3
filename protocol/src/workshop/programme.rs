//! The running order (*kjøreplan*), where the room is in it, and the timer.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::{Moment, StepId};
use crate::rejection::Rejection;
use crate::stream::Given;
use crate::workshop::boards::NoteEvent;
use crate::workshop::dots::Ballot;
use crate::workshop::{Event, Workshop};

/// Most minutes that can be added at once; more is a new plan, not more time.
pub const MOST_EXTRA_MINUTES: u16 = 60;

/// What kind of work a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// *Åpning* or *avslutning*.
    Opening,
    /// *Innledning* from the administration.
    Presentation,
    /// *Individ*: private drafts, which stay on the tablet until shared.
    Individual,
    /// *Gruppe*: the group's board is open.
    Group,
    /// *Plenum*: everybody sees every group's notes of one board.
    Plenary,
    /// *Veiledende prioritering*.
    Priority,
    /// *Pause*.
    Break,
}

/// Whether a step widens, narrows or weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// *Åpne.*
    Widen,
    /// *Lukke.*
    Narrow,
    /// *Reflektere.*
    Reflect,
}

/// One step of the running order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its number.
    pub id: StepId,
    /// What kind of work it is.
    pub kind: StepKind,
    /// Its mode, where it has one.
    #[serde(default)]
    pub mode: Option<Mode>,
    /// Planned length in minutes.
    pub minutes: u16,
    /// Its name.
    pub title: String,
    /// What the room is asked, read aloud.
    pub prompt: String,
    /// Columns of the board; only group steps have them.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Most notes each group may have on the board, where the method sets one.
    #[serde(default)]
    pub most_notes: Option<u16>,
    /// The board this step works on: the one a draft is shared to, a plenary looks at, or a round takes its options from.
    #[serde(default)]
    pub board: Option<StepId>,
    /// Whether the plan in force is shown beside the work.
    #[serde(default)]
    pub shows_plan: bool,
}

/// Where the room is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Current {
    /// The step.
    pub step: StepId,
    /// When it began.
    pub started: Moment,
    /// When its time is up. Nothing happens then by itself: people decide.
    pub ends: Moment,
}

/// The programme's state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programme {
    /// The running order.
    pub steps: Vec<Step>,
    /// Where the room is, once begun and until the meeting is closed.
    pub current: Option<Current>,
    /// Steps that have been left.
    pub done: BTreeSet<StepId>,
}

/// What the facilitator asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProgrammeCommand {
    /// Begin a step; `seen` is the step the sender saw, so that two taps do not skip one.
    Start {
        /// Where to go.
        step: StepId,
        /// Where the sender thinks the room is.
        seen: Option<StepId>,
    },
    /// Give the current step more time, 1 to [`MOST_EXTRA_MINUTES`]; counted from now if the time is already up.
    Extend {
        /// How many minutes more.
        minutes: u16,
    },
}

/// What happened in the programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProgrammeEvent {
    /// A step began.
    Started {
        /// Which.
        step: StepId,
        /// When its time is up.
        ends: Moment,
    },
    /// The current step got a new end.
    Extended {
        /// The new end.
        ends: Moment,
    },
}

impl Programme {
    /// The step of this number.
    #[must_use]
    pub fn step(&self, id: StepId) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// The step the room is at.
    #[must_use]
    pub fn current_step(&self) -> Option<&Step> {
        self.step(self.current?.step)
    }

    /// The step that follows the current one, or the first.
    #[must_use]
    pub fn next_step(&self) -> Option<&Step> {
        let Some(current) = self.current else { return self.steps.first() };
        let here = self.steps.iter().position(|step| step.id == current.step)?;
        self.steps.get(here + 1)
    }

    /// The board open for writing now: a group step's own, or the one an individual step feeds.
    #[must_use]
    pub fn writable_board(&self) -> Option<StepId> {
        let step = self.current_step()?;
        match step.kind {
            StepKind::Group => Some(step.id),
            StepKind::Individual => step.board,
            _ => None,
        }
    }

    pub(super) fn prepare(&mut self, steps: &[Step]) {
        self.steps = steps.to_vec();
    }

    pub(super) fn end(&mut self) {
        self.done.extend(self.current.take().map(|current| current.step));
    }

    pub(super) fn apply(&mut self, at: Moment, event: &ProgrammeEvent) {
        match event {
            ProgrammeEvent::Started { step, ends } => {
                self.end();
                self.done.remove(step);
                self.current = Some(Current { step: *step, started: at, ends: *ends });
            }
            ProgrammeEvent::Extended { ends } => {
                if let Some(current) = &mut self.current {
                    current.ends = *ends;
                }
            }
        }
    }
}

impl Workshop {
    pub(super) fn decide_programme(
        &self,
        given: &Given<Ballot>,
        command: &ProgrammeCommand,
    ) -> Result<Vec<Event>, Rejection> {
        let programme = &self.programme;
        match command {
            ProgrammeCommand::Start { step, seen } => {
                let current = programme.current.map(|current| current.step);
                if *seen != current {
                    return Err(Rejection::StepMoved { current });
                }
                if self.dots.open_round().is_some() {
                    return Err(Rejection::RoundStillOpen);
                }
                let step = programme.step(*step).ok_or(Rejection::NoSuchStep)?;
                let ends = given.now.plus_minutes(step.minutes);
                let mut events = vec![Event::Programme(ProgrammeEvent::Started { step: step.id, ends })];
                if let Some(board) = self.boards.to_share(step) {
                    events
                        .push(Event::Note(NoteEvent::BoardShared { board, lanes: std::collections::BTreeMap::new() }));
                }
                Ok(events)
            }
            ProgrammeCommand::Extend { minutes } => {
                let current = programme.current.ok_or(Rejection::NoSuchStep)?;
                let minutes = (*minutes).clamp(1, MOST_EXTRA_MINUTES);
                let ends = current.ends.max(given.now).plus_minutes(minutes);
                Ok(vec![Event::Programme(ProgrammeEvent::Extended { ends })])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workshop::Command;
    use crate::workshop::testing::*;

    fn start(step: u16, seen: Option<u16>) -> Command {
        Command::Programme(ProgrammeCommand::Start { step: StepId(step), seen: seen.map(StepId) })
    }

    #[test]
    fn a_step_ends_its_planned_minutes_after_it_begins() {
        given(opened())
            .when(facilitator(), start(1, None))
            .then(&[Event::Programme(ProgrammeEvent::Started { step: StepId(1), ends: NOW.plus_minutes(5) })]);
    }

    #[test]
    fn a_second_tap_does_not_skip_a_step() {
        given(at_step(1))
            .when(facilitator(), start(2, None))
            .then_rejected(&Rejection::StepMoved { current: Some(StepId(1)) });
    }

    #[test]
    fn more_time_counts_from_now_when_the_time_is_up() {
        let late = vec![Event::Programme(ProgrammeEvent::Started { step: StepId(2), ends: Moment(1) })];
        given([opened(), late].concat())
            .when(facilitator(), Command::Programme(ProgrammeCommand::Extend { minutes: 5 }))
            .then(&[Event::Programme(ProgrammeEvent::Extended { ends: NOW.plus_minutes(5) })]);
    }

    #[test]
    fn a_plenary_shares_its_board_once() {
        let shared = given(at_step(2)).when(facilitator(), start(3, Some(2))).events();
        assert!(matches!(shared[1], Event::Note(NoteEvent::BoardShared { board: StepId(2), .. })));
        let back = [at_step(2), shared, vec![started(2)]].concat();
        assert_eq!(given(back).when(facilitator(), start(3, Some(2))).events().len(), 1);
    }

    #[test]
    fn the_room_stays_while_a_round_is_open() {
        given(round_open()).when(facilitator(), start(6, Some(5))).then_rejected(&Rejection::RoundStillOpen);
    }
}
