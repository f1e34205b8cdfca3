//! What a view can depend on. An event touches few topics, so few views are drawn anew.

use std::collections::BTreeSet;

use verksted_protocol::ids::{NoteId, StepId};
use verksted_protocol::workshop::boards::{LaneId, NoteEvent};
use verksted_protocol::workshop::{Event, Workshop};

/// A part of what the page shows that changes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// What the meeting is, and whether it is open.
    Meeting,
    /// The running order, the step and its time.
    Programme,
    /// Who belongs here and who has come.
    Seats,
    /// Who sits in which group.
    Groups,
    /// Which notes stand where on a board, of any group. Not their words.
    Board(StepId),
    /// Anything in one group's lane, words included.
    Lane(LaneId),
    /// The words of a note, and how far they are saved.
    Note(NoteId),
    /// The gathered proposals, words included.
    Proposals,
    /// The priority rounds, and one's own dots.
    Rounds,
    /// Groups that wait for help.
    Help,
    /// The administration's message.
    Messages,
    /// What the wall shows.
    Screen,
    /// Who is here and writes where.
    Presence,
    /// The connection.
    Connection,
    /// What one can undo and redo.
    Undo,
}

/// Topics touched in one round of events.
pub type Touched = BTreeSet<Topic>;

/// Adds what `event` touches, given the state after it.
pub fn touched_by(event: &Event, state: &Workshop, touched: &mut Touched) {
    match event {
        Event::Meeting(_) => touched.extend(general(state)),
        Event::Programme(_) => {
            touched.insert(Topic::Programme);
        }
        Event::Seat(_) => {
            touched.insert(Topic::Seats);
        }
        Event::Group(_) => touched.extend([Topic::Seats, Topic::Groups]),
        Event::Note(NoteEvent::BoardShared { board, lanes }) => {
            touched.extend([Topic::Board(*board), Topic::Proposals]);
            let lane = |group| Topic::Lane(LaneId { board: *board, group });
            touched.extend(lanes.keys().map(|group| lane(*group)));
        }
        Event::Note(event) => {
            let Some(lane) = event.lane() else { return };
            touched.extend([Topic::Lane(lane), Topic::Proposals]);
            if !matches!(event, NoteEvent::Edited { .. }) {
                touched.insert(Topic::Board(lane.board));
            }
            touched.extend(note_of(event).map(Topic::Note));
        }
        Event::Proposal(_) => {
            touched.insert(Topic::Proposals);
        }
        Event::Round(_) => {
            touched.insert(Topic::Rounds);
        }
        Event::Help(_) => {
            touched.insert(Topic::Help);
        }
        Event::Message(_) => {
            touched.insert(Topic::Messages);
        }
        Event::Screen(_) => {
            touched.insert(Topic::Screen);
        }
    }
}

/// Every topic there is something about in `state`.
#[must_use]
pub fn all(state: &Workshop) -> Touched {
    let mut touched: Touched = general(state).collect();
    for (board, found) in &state.boards.list {
        for (group, lane) in &found.lanes {
            touched.insert(Topic::Lane(LaneId { board: *board, group: *group }));
            touched.extend(lane.notes.keys().map(|note| Topic::Note(*note)));
        }
    }
    touched
}

fn general(state: &Workshop) -> impl Iterator<Item = Topic> {
    let boards = state.boards.list.keys().map(|board| Topic::Board(*board));
    let rest = [
        Topic::Meeting,
        Topic::Programme,
        Topic::Seats,
        Topic::Groups,
        Topic::Proposals,
        Topic::Rounds,
        Topic::Help,
        Topic::Messages,
        Topic::Screen,
    ];
    boards.chain(rest).collect::<Vec<_>>().into_iter()
}

fn note_of(event: &NoteEvent) -> Option<NoteId> {
    match event {
        NoteEvent::Created { note, .. }
        | NoteEvent::Edited { note, .. }
        | NoteEvent::Moved { note, .. }
        | NoteEvent::Deleted { note, .. }
        | NoteEvent::Restored { note, .. } => Some(*note),
        NoteEvent::BoardShared { .. } => None,
    }
}
