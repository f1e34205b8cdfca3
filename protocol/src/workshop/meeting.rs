//! The meeting itself: what it is, and the clock that the chair starts and stops (kommuneloven § 11-2).

use serde::{Deserialize, Serialize};

use crate::ids::Moment;
use crate::rejection::Rejection;
use crate::workshop::groups::Group;
use crate::workshop::programme::Step;
use crate::workshop::seats::NewSeat;
use crate::workshop::{Event, Workshop};

/// Whether the meeting is held now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingStatus {
    /// Not yet: the room can be prepared, nobody writes.
    #[default]
    Planned,
    /// *Møtet er satt.*
    Open,
    /// *Møtet er hevet*: frozen, corrections are added elsewhere.
    Closed,
}

/// What kind of thing in the plan an item is (seed section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanItemKind {
    /// *Visjon.*
    Vision,
    /// *Hovedmål.*
    MainGoal,
    /// *Arealstrategi.*
    LandUseStrategy,
    /// *Satsingsområde.*
    PriorityArea,
}

/// One item of the plan in force, which the council discusses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanItem {
    /// What it is.
    pub kind: PlanItemKind,
    /// Its text, as adopted.
    pub text: String,
    /// What it means in short, one line each.
    #[serde(default)]
    pub details: Vec<String>,
}

/// What a workshop is, decided before it begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The municipality's name.
    pub municipality: String,
    /// The workshop's title.
    pub title: String,
    /// The body that meets.
    pub body: String,
    /// Whether the municipality is composed for demonstration, which every page then says.
    pub fictional: bool,
    /// The plan in force.
    pub plan: Vec<PlanItem>,
}

/// The meeting's state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// What it is.
    pub about: About,
    /// Whether it is held now.
    pub status: MeetingStatus,
    /// When it was opened.
    pub opened: Option<Moment>,
    /// When it was closed.
    pub closed: Option<Moment>,
}

/// What the chair says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingCommand {
    /// *Møtet er satt.*
    Open,
    /// *Møtet er hevet.* Cannot be taken back, and waits for an open round to be closed.
    Close,
}

/// What happened to the meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingEvent {
    /// The workshop was made, with everything decided beforehand. Always the first event of a stream.
    Prepared {
        /// What it is.
        about: About,
        /// The running order.
        steps: Vec<Step>,
        /// The council.
        seats: Vec<NewSeat>,
        /// The groups.
        groups: Vec<Group>,
    },
    /// The chair opened the meeting.
    Opened,
    /// The chair closed it.
    Closed,
}

impl Workshop {
    pub(super) fn decide_meeting(&self, command: &MeetingCommand) -> Result<Vec<Event>, Rejection> {
        // Saying it twice is no error: the chair's second tap after a slow answer changes nothing.
        match (command, self.meeting.status) {
            (MeetingCommand::Open, MeetingStatus::Planned) => Ok(vec![Event::Meeting(MeetingEvent::Opened)]),
            // In a closed meeting nobody could close the round, and its ballots would never be erased.
            (MeetingCommand::Close, MeetingStatus::Open) if self.dots.open_round().is_some() => {
                Err(Rejection::RoundStillOpen)
            }
            (MeetingCommand::Close, MeetingStatus::Open) => Ok(vec![Event::Meeting(MeetingEvent::Closed)]),
            _ => Ok(vec![]),
        }
    }

    pub(super) fn apply_meeting(&mut self, at: Moment, event: &MeetingEvent) {
        match event {
            MeetingEvent::Prepared { about, steps, seats, groups } => {
                self.meeting.about = about.clone();
                self.boards.prepare(steps);
                self.programme.prepare(steps);
                self.seats.prepare(seats);
                self.groups.prepare(groups);
            }
            MeetingEvent::Opened => {
                self.meeting.status = MeetingStatus::Open;
                self.meeting.opened = Some(at);
            }
            MeetingEvent::Closed => {
                self.meeting.status = MeetingStatus::Closed;
                self.meeting.closed = Some(at);
                self.programme.end();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::Right;
    use crate::workshop::Command;
    use crate::workshop::testing::*;

    #[test]
    fn the_chair_opens_and_closes_and_nobody_else() {
        given(prepared())
            .when(chair(), Command::Meeting(MeetingCommand::Open))
            .then(&[Event::Meeting(MeetingEvent::Opened)]);
        for actor in [facilitator(), member(2), spectator()] {
            given(prepared())
                .when(actor, Command::Meeting(MeetingCommand::Open))
                .then_rejected(&Rejection::NotAllowed { right: Right::HoldMeeting });
        }
    }

    #[test]
    fn opening_twice_changes_nothing() {
        given(opened()).when(chair(), Command::Meeting(MeetingCommand::Open)).then(&[]);
    }

    #[test]
    fn a_closed_meeting_takes_no_more_writing_and_is_not_opened_again() {
        let mut closed = opened();
        closed.push(Event::Meeting(MeetingEvent::Closed));
        given(closed.clone()).when(member(2), create_note(1)).then_rejected(&Rejection::MeetingClosed);
        given(closed).when(chair(), Command::Meeting(MeetingCommand::Open)).then_rejected(&Rejection::MeetingClosed);
    }

    #[test]
    fn a_meeting_is_not_closed_over_an_open_round() {
        given(round_open())
            .when(chair(), Command::Meeting(MeetingCommand::Close))
            .then_rejected(&Rejection::RoundStillOpen);
    }

    #[test]
    fn nobody_writes_before_the_meeting_is_open() {
        given(prepared()).when(member(2), create_note(1)).then_rejected(&Rejection::MeetingNotOpen);
    }
}
