//! What of each event, and of the whole state, each kind of seat may see. Nothing else in the product decides this, and
//! everything that leaves the server passes here: sockets, snapshots, replay.
//!
//! | | own group's member | other member | facilitator, planner | wall, spectator |
//! | --- | --- | --- | --- | --- |
//! | notes of a lane | yes | once the plenary has seen the board | yes | yes |
//! | notes taken away | yes | no | yes | no |
//! | a group's call for help | yes | no | yes | no |
//! | which pages belong to whom | no | no | no | no |
//! | who did what | role only | role only | role only | role only |
//! | dots | no | no | no | no |
//! | everything else | yes | yes | yes | yes |
//!
//! A note shared in a group is a public document from that moment (domain 0.2), and an open meeting's groups may be
//! followed by anyone in the room (domain 0.7); other groups wait so that each thinks for itself first. A note that was
//! taken away stays in history, and is kept by those who may put it back and by those who look back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{GroupId, NoteId, StepId};
use crate::role::{Actor, Role};
use crate::stream::Recorded;
use crate::workshop::boards::{Board, Boards, Lane, LaneId, Note, NoteEvent};
use crate::workshop::help::Help;
use crate::workshop::seats::{SeatEvent, Seats};
use crate::workshop::{Event, Workshop};

/// A distinct way of seeing a workshop. Everyone with the same view gets the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// A member in this group, or in none yet.
    Member(Option<GroupId>),
    /// The administration.
    Staff,
    /// The wall and the spectators.
    Public,
}

impl View {
    /// The view of somebody in this workshop.
    #[must_use]
    pub fn of(workshop: &Workshop, actor: &Actor) -> Self {
        match actor.role {
            Role::Member | Role::Chair => Self::Member(workshop.group_of(actor).ok()),
            Role::Facilitator | Role::Planner => Self::Staff,
            Role::Screen | Role::Spectator | Role::Server => Self::Public,
        }
    }

    /// Whether the notes of `group` on a board are seen, given whether the plenary has seen the board.
    fn sees_lane(self, group: GroupId, shared: bool) -> bool {
        match self {
            Self::Member(own) => shared || own == Some(group),
            Self::Staff | Self::Public => true,
        }
    }

    /// Whether what this group has taken away is still here.
    fn keeps_deleted(self, group: GroupId) -> bool {
        match self {
            Self::Member(own) => own == Some(group),
            Self::Staff => true,
            Self::Public => false,
        }
    }

    fn sees_help(self, group: GroupId) -> bool {
        match self {
            Self::Member(own) => own == Some(group),
            Self::Staff => true,
            Self::Public => false,
        }
    }
}

/// The state as `view` may see it.
#[must_use]
pub fn seen_by(workshop: &Workshop, view: View) -> Workshop {
    // Field by field, so that a new one must be decided on here; and what is hidden is not so much as copied.
    let Workshop { meeting, programme, seats, groups, boards, plenary, dots, help, messages, screen } = workshop;
    let waiting = help.waiting.iter().filter(|(group, _)| view.sees_help(**group));
    Workshop {
        meeting: meeting.clone(),
        programme: programme.clone(),
        seats: Seats { list: seats.list.clone(), pages: BTreeMap::new() },
        groups: groups.clone(),
        boards: Boards { list: boards.list.iter().map(|(id, board)| (*id, board_seen_by(board, view))).collect() },
        plenary: plenary.clone(),
        dots: dots.clone(),
        help: Help { waiting: waiting.map(|(group, since)| (*group, *since)).collect() },
        messages: messages.clone(),
        screen: *screen,
    }
}

fn board_seen_by(board: &Board, view: View) -> Board {
    let Board { columns, most_notes, shared, lanes } = board;
    let seen = lanes.iter().filter(|(group, _)| view.sees_lane(**group, *shared));
    let lane = |(group, lane): (&GroupId, &Lane)| {
        (*group, if view.keeps_deleted(*group) { lane.clone() } else { lane.without_deleted() })
    };
    Board { columns: columns.clone(), most_notes: *most_notes, shared: *shared, lanes: seen.map(lane).collect() }
}

/// A note that stands where this view sees it, and its lane. Where boards have notes of one name, the board that is
/// written on now comes first.
#[must_use]
pub fn standing_note(workshop: &Workshop, view: View, note: NoteId) -> Option<(LaneId, &Note)> {
    let boards = workshop.programme.writable_board().into_iter().chain(workshop.boards.list.keys().copied());
    let lanes = boards.flat_map(|board| {
        let found = workshop.boards.list.get(&board);
        let lanes = found.into_iter().flat_map(|found| found.lanes.keys().map(|group| (*group, found.shared)));
        lanes.filter(|(group, shared)| view.sees_lane(*group, *shared)).map(move |(group, _)| LaneId { board, group })
    });
    let mut notes = lanes.filter_map(|lane| Some((lane, workshop.boards.note(lane, note)?)));
    notes.find(|(_, note)| !note.deleted)
}

/// Whether what was seen before `event` holds what whoever comes after it may not get, given the state since.
#[must_use]
pub fn withdraws(workshop: &Workshop, view: View, event: &Event) -> bool {
    let Event::Note(NoteEvent::Deleted { lane, .. }) = event else { return false };
    let shared = workshop.boards.list.get(&lane.board).is_some_and(|board| board.shared);
    view.sees_lane(lane.group, shared) && !view.keeps_deleted(lane.group)
}

/// What of `recorded` the view may see, given the state after it.
#[must_use]
pub fn shown(workshop: &Workshop, view: View, recorded: &Recorded<Event>) -> Option<Recorded<Event>> {
    let event = match &recorded.event {
        Event::Seat(SeatEvent::PageOpened { .. }) => return None,
        Event::Help(event) if !view.sees_help(event.group()) => return None,
        Event::Note(NoteEvent::BoardShared { board, .. }) => reveal(workshop, view, *board),
        Event::Note(event) => {
            let lane = event.lane()?;
            let shared = workshop.boards.list.get(&lane.board).is_some_and(|board| board.shared);
            if !view.sees_lane(lane.group, shared) {
                return None;
            }
            if view.keeps_deleted(lane.group) { recorded.event.clone() } else { standing(workshop, event)? }
        }
        other => other.clone(),
    };
    let by = Actor::staff(recorded.by.role);
    Some(Recorded { seq: recorded.seq, at: recorded.at, by, cause: None, event })
}

/// What happened to a note, for a view that keeps no deleted ones.
fn standing(workshop: &Workshop, event: &NoteEvent) -> Option<Event> {
    let found = |lane, note| workshop.boards.note(lane, note);
    let event = match *event {
        NoteEvent::Deleted { lane, note, .. } => NoteEvent::Deleted { lane, note, gone: true },
        NoteEvent::Restored { lane, note, .. } => NoteEvent::Restored { lane, note, found: found(lane, note).cloned() },
        // Whoever catches up later is not told what was written in a note that has been taken away since.
        NoteEvent::Edited { lane, note, .. } if found(lane, note).is_some_and(|note| note.deleted) => return None,
        ref other => other.clone(),
    };
    Some(Event::Note(event))
}

/// Sharing a board, with the lanes this view had not seen.
fn reveal(workshop: &Workshop, view: View, board: StepId) -> Event {
    let lanes = workshop.boards.list.get(&board).map(|board| &board.lanes).into_iter().flatten();
    let unseen = lanes.filter(|(group, _)| !view.sees_lane(**group, false));
    let lanes = unseen.map(|(group, lane)| (*group, lane.without_deleted())).collect();
    Event::Note(NoteEvent::BoardShared { board, lanes })
}
