//! Seats: who belongs to the body, who has come, and which pages are theirs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{ClientId, GroupId, Moment, SeatId};
use crate::rejection::Rejection;
use crate::role::Actor;
use crate::workshop::{Event, Workshop};

/// A seat as decided before the meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSeat {
    /// Its number.
    pub id: SeatId,
    /// The councillor's name.
    pub name: String,
    /// Party or list, by the code people know ("Ap").
    pub party: String,
    /// Whether this is the chair's seat.
    #[serde(default)]
    pub chair: bool,
    /// The group to sit in.
    pub group: Option<GroupId>,
}

/// A seat in the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// The councillor's name.
    pub name: String,
    /// Party or list.
    pub party: String,
    /// Whether this is the chair's seat.
    #[serde(default)]
    pub chair: bool,
    /// The group they sit in.
    pub group: Option<GroupId>,
    /// When they came, if they have.
    #[serde(default)]
    pub arrived: Option<Moment>,
}

/// All seats.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seats {
    /// By number.
    pub list: BTreeMap<SeatId, Seat>,
    /// Whose page each page load is. No view sees it: it would tell who typed each letter.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pages: BTreeMap<ClientId, Actor>,
}

/// What one can do about one's own seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatCommand {
    /// *Jeg er til stede.*
    Arrive,
}

/// What happened to seats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatEvent {
    /// Somebody came.
    Arrived {
        /// Who.
        seat: SeatId,
    },
    /// A page was opened with a link; what it signs is this actor's.
    PageOpened {
        /// The page load.
        client: ClientId,
        /// Whose it is.
        actor: Actor,
    },
}

impl Seats {
    pub(super) fn prepare(&mut self, seats: &[NewSeat]) {
        self.list = seats
            .iter()
            .cloned()
            .map(|NewSeat { id, name, party, chair, group }| (id, Seat { name, party, chair, group, arrived: None }))
            .collect();
    }

    pub(super) fn apply(&mut self, at: Moment, event: &SeatEvent) {
        match event {
            SeatEvent::Arrived { seat } => {
                if let Some(seat) = self.list.get_mut(seat) {
                    seat.arrived = Some(at);
                }
            }
            SeatEvent::PageOpened { client, actor } => {
                self.pages.insert(*client, *actor);
            }
        }
    }
}

impl Workshop {
    pub(super) fn decide_seat(&self, actor: &Actor, command: &SeatCommand) -> Result<Vec<Event>, Rejection> {
        let SeatCommand::Arrive = command;
        let id = actor.seat.ok_or(Rejection::NoSuchSeat)?;
        let seat = self.seats.list.get(&id).ok_or(Rejection::NoSuchSeat)?;
        if seat.arrived.is_some() {
            return Ok(vec![]);
        }
        Ok(vec![Event::Seat(SeatEvent::Arrived { seat: id })])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workshop::Command;
    use crate::workshop::testing::*;

    #[test]
    fn one_arrives_once() {
        let arrive = Command::Seat(SeatCommand::Arrive);
        let came = given(opened()).when(member(2), arrive.clone()).events();
        assert_eq!(came, [Event::Seat(SeatEvent::Arrived { seat: SeatId(2) })]);
        given([opened(), came].concat()).when(member(2), arrive).then(&[]);
    }
}
