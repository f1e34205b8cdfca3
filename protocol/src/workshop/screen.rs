//! What the wall shows. The facilitator chooses; the wall itself does nothing.

use serde::{Deserialize, Serialize};

use crate::rejection::Rejection;
use crate::workshop::{Event, Workshop};

/// One way of using the wall.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scene {
    /// Address, code and QR, and how many have come.
    #[default]
    Joining,
    /// The step, its prompt and the time left.
    Step,
    /// What the groups write, side by side.
    Groups,
    /// The gathered proposals.
    Proposals,
    /// The latest round: turnout while open, then the result.
    Result,
}

/// The wall's state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    /// What it shows.
    pub scene: Scene,
}

/// What the facilitator can do with the wall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScreenCommand {
    /// Show this.
    Show(Scene),
}

/// What happened on the wall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScreenEvent {
    /// It shows this now.
    Shown(Scene),
}

impl Screen {
    pub(super) fn apply(&mut self, event: &ScreenEvent) {
        let ScreenEvent::Shown(scene) = event;
        self.scene = *scene;
    }
}

impl Workshop {
    pub(super) fn decide_screen(&self, command: &ScreenCommand) -> Result<Vec<Event>, Rejection> {
        let ScreenCommand::Show(scene) = command;
        if self.screen.scene == *scene {
            return Ok(vec![]);
        }
        Ok(vec![Event::Screen(ScreenEvent::Shown(*scene))])
    }
}
