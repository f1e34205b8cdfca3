//! Who people are in the room, and the one table of who may do what.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::SeatId;

/// What somebody is in the room; fixed by the link they came with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// *Folkevalgt* or attending deputy.
    Member,
    /// *Møteleder*, usually the mayor; is also a member.
    Chair,
    /// *Fasilitator*: administration; runs the room, has no pen.
    Facilitator,
    /// *Storskjerm*: the wall.
    Screen,
    /// *Tilhører*: anyone in the room.
    Spectator,
    /// *Planlegger*: administration; replays and interprets.
    Planner,
    /// The server itself: turnout, tallies, the first event. No link carries it.
    Server,
}

impl Role {
    /// All roles a link can carry.
    pub const LINKED: [Self; 6] =
        [Self::Member, Self::Chair, Self::Facilitator, Self::Screen, Self::Spectator, Self::Planner];

    /// The name in links, logs and addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Chair => "chair",
            Self::Facilitator => "facilitator",
            Self::Screen => "screen",
            Self::Spectator => "spectator",
            Self::Planner => "planner",
            Self::Server => "server",
        }
    }

    /// The role of this name, if a link can carry it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::LINKED.into_iter().find(|role| role.name() == name)
    }

    /// Whether the role comes with a seat in the council.
    #[must_use]
    pub fn is_elected(self) -> bool {
        matches!(self, Self::Member | Self::Chair)
    }

    /// Whether the one table grants `right` to this role.
    #[must_use]
    pub fn may(self, right: Right) -> bool {
        right.holders().contains(&self)
    }

    /// Whether the table grants anything at all to this role: if not, its pages can change nothing.
    #[must_use]
    pub fn may_act(self) -> bool {
        Right::ALL.iter().any(|right| self.may(*right))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One thing somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Set and adjourn the meeting (kommuneloven § 11-2, the chair's task).
    HoldMeeting,
    /// Be registered as present.
    Attend,
    /// Start steps and give more time.
    RunProgramme,
    /// Seat people in groups.
    ArrangeGroups,
    /// Choose what the wall shows.
    SteerScreen,
    /// Send a message to all.
    Announce,
    /// Write, move, delete and restore notes (seed section 6: the elected take the notes themselves).
    WriteNotes,
    /// Say which proposals are the same (domain 5.3 rule 1: members, never the administration).
    MergeProposals,
    /// Ask the facilitator to come.
    AskHelp,
    /// Tick off a group's call for help.
    AnswerHelp,
    /// Open and close a priority round.
    RunRounds,
    /// Place one's own dots.
    CastBallot,
}

impl Right {
    /// Every right, in the order of the table.
    pub const ALL: [Self; 12] = [
        Self::HoldMeeting,
        Self::Attend,
        Self::RunProgramme,
        Self::ArrangeGroups,
        Self::SteerScreen,
        Self::Announce,
        Self::WriteNotes,
        Self::MergeProposals,
        Self::AskHelp,
        Self::AnswerHelp,
        Self::RunRounds,
        Self::CastBallot,
    ];

    /// The one table of who may do what.
    #[must_use]
    pub fn holders(self) -> &'static [Role] {
        const ELECTED: &[Role] = &[Role::Member, Role::Chair];
        match self {
            Self::HoldMeeting => &[Role::Chair],
            Self::Attend | Self::WriteNotes | Self::MergeProposals | Self::AskHelp | Self::CastBallot => ELECTED,
            Self::RunProgramme | Self::ArrangeGroups | Self::SteerScreen | Self::Announce | Self::AnswerHelp => {
                &[Role::Facilitator]
            }
            Self::RunRounds => &[Role::Facilitator, Role::Chair],
        }
    }
}

/// Who does something: a role, and for the elected their seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// What they are in the room.
    pub role: Role,
    /// Their seat; the elected have one, nobody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<SeatId>,
}

impl Actor {
    /// The server itself.
    pub const SERVER: Self = Self { role: Role::Server, seat: None };

    /// Somebody without a seat.
    #[must_use]
    pub fn staff(role: Role) -> Self {
        Self { role, seat: None }
    }

    /// A member in their seat.
    #[must_use]
    pub fn member(seat: SeatId) -> Self {
        Self { role: Role::Member, seat: Some(seat) }
    }

    /// The chair in their seat.
    #[must_use]
    pub fn chair(seat: SeatId) -> Self {
        Self { role: Role::Chair, seat: Some(seat) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_administration_has_no_pen_and_no_dots() {
        for role in [Role::Facilitator, Role::Planner, Role::Screen, Role::Spectator] {
            for right in [Right::WriteNotes, Right::MergeProposals, Right::CastBallot] {
                assert!(!role.may(right), "{role} {right:?}");
            }
        }
    }

    #[test]
    fn only_watching_is_left_to_the_wall_the_spectator_and_the_planner() {
        for role in [Role::Screen, Role::Spectator, Role::Planner] {
            assert!(Right::ALL.iter().all(|right| !role.may(*right)), "{role}");
        }
    }

    #[test]
    fn every_linked_role_is_found_by_its_name_and_the_server_is_not() {
        for role in Role::LINKED {
            assert_eq!(Role::named(role.name()), Some(role));
        }
        assert_eq!(Role::named("server"), None);
    }
}
