//! *Vi trenger hjelp*: a group calls the facilitator.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{GroupId, Moment};
use crate::rejection::Rejection;
use crate::role::Actor;
use crate::workshop::{Event, Workshop};

/// Groups that wait.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Help {
    /// Since when each waits.
    pub waiting: BTreeMap<GroupId, Moment>,
}

/// What one can do about help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HelpCommand {
    /// A member asks for their group.
    Ask,
    /// The facilitator has been there.
    Answer {
        /// The group.
        group: GroupId,
    },
}

/// What happened about help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HelpEvent {
    /// A group asked.
    Asked {
        /// The group.
        group: GroupId,
    },
    /// It got an answer.
    Answered {
        /// The group.
        group: GroupId,
    },
}

impl HelpEvent {
    /// The group it is about.
    #[must_use]
    pub fn group(&self) -> GroupId {
        match self {
            Self::Asked { group } | Self::Answered { group } => *group,
        }
    }
}

impl Help {
    pub(super) fn apply(&mut self, at: Moment, event: &HelpEvent) {
        match event {
            HelpEvent::Asked { group } => {
                self.waiting.insert(*group, at);
            }
            HelpEvent::Answered { group } => {
                self.waiting.remove(group);
            }
        }
    }
}

impl Workshop {
    pub(super) fn decide_help(&self, actor: &Actor, command: &HelpCommand) -> Result<Vec<Event>, Rejection> {
        let (group, waits, event) = match *command {
            HelpCommand::Ask => {
                let group = self.group_of(actor)?;
                (group, false, HelpEvent::Asked { group })
            }
            HelpCommand::Answer { group } => (group, true, HelpEvent::Answered { group }),
        };
        // Asking twice, or answering what nobody asks any more, changes nothing.
        let news = self.help.waiting.contains_key(&group) == waits;
        Ok(news.then_some(Event::Help(event)).into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workshop::Command;
    use crate::workshop::testing::*;

    #[test]
    fn a_group_asks_once_and_is_answered() {
        let ask = Command::Help(HelpCommand::Ask);
        let asked = Event::Help(HelpEvent::Asked { group: GroupId(1) });
        given(opened()).when(member(2), ask.clone()).then(std::slice::from_ref(&asked));
        let waiting = [opened(), vec![asked]].concat();
        given(waiting.clone()).when(member(3), ask).then(&[]);
        given(waiting)
            .when(facilitator(), Command::Help(HelpCommand::Answer { group: GroupId(1) }))
            .then(&[Event::Help(HelpEvent::Answered { group: GroupId(1) })]);
    }
}
