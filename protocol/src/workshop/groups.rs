//! The cross-party groups (*tverrpolitiske grupper*).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{GroupId, SeatId};
use crate::rejection::Rejection;
use crate::workshop::{Event, Workshop};

/// A group; its members are the seats that name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its number, which people read and which decides its shape and colour.
    pub id: GroupId,
}

/// All groups.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Groups {
    /// By number.
    pub list: BTreeMap<GroupId, Group>,
}

/// What the facilitator can do about groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupCommand {
    /// Seat somebody in a group.
    Move {
        /// Who.
        seat: SeatId,
        /// Where.
        group: GroupId,
    },
}

/// What happened to groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupEvent {
    /// Somebody sits in a group now.
    Moved {
        /// Who.
        seat: SeatId,
        /// Where.
        group: GroupId,
    },
}

impl Groups {
    pub(super) fn prepare(&mut self, groups: &[Group]) {
        self.list = groups.iter().map(|group| (group.id, group.clone())).collect();
    }
}

impl Workshop {
    pub(super) fn decide_group(&self, command: &GroupCommand) -> Result<Vec<Event>, Rejection> {
        let GroupCommand::Move { seat, group } = *command;
        let sits = self.seats.list.get(&seat).ok_or(Rejection::NoSuchSeat)?;
        if !self.groups.list.contains_key(&group) {
            return Err(Rejection::NoSuchGroup);
        }
        if sits.group == Some(group) {
            return Ok(vec![]);
        }
        Ok(vec![Event::Group(GroupEvent::Moved { seat, group })])
    }

    pub(super) fn apply_group(&mut self, event: &GroupEvent) {
        let GroupEvent::Moved { seat, group } = event;
        if let Some(seat) = self.seats.list.get_mut(seat) {
            seat.group = Some(*group);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workshop::Command;
    use crate::workshop::testing::*;

    #[test]
    fn the_facilitator_moves_a_latecomer() {
        let moved = Event::Group(GroupEvent::Moved { seat: SeatId(2), group: GroupId(2) });
        let command = Command::Group(GroupCommand::Move { seat: SeatId(2), group: GroupId(2) });
        given(opened()).when(facilitator(), command.clone()).then(std::slice::from_ref(&moved));
        given([opened(), vec![moved]].concat()).when(facilitator(), command).then(&[]);
    }

    #[test]
    fn there_is_no_group_nine() {
        let command = Command::Group(GroupCommand::Move { seat: SeatId(2), group: GroupId(9) });
        given(opened()).when(facilitator(), command).then_rejected(&Rejection::NoSuchGroup);
    }
}
