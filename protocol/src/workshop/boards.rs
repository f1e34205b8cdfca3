//! Boards and notes: what the groups write. Each group has its own lane on the board of a step; only its members write
//! there, and only while the room works on that board. The text of a note is a document of its own ([`crate::text`]).

mod rules;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{ColumnId, GroupId, NoteId, StepId};
use crate::text::{NoteText, TextUpdate};
use crate::workshop::programme::{Step, StepKind};

/// Most notes one group may have on one board, where the step sets no lower number: beyond it nobody reads them.
pub const MOST_NOTES: u16 = 200;

/// Most notes one group may ever have made on one board, those taken away among them: they are kept, too.
pub const MOST_NOTES_EVER: u16 = 1_000;
/// Most bytes of one group's notes on one board, as they are stored: some hundred pages. Everyone who comes is sent them.
pub const LARGEST_LANE: usize = 1 << 20;

/// One group's part of one board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LaneId {
    /// The board, named by its step.
    pub board: StepId,
    /// The group.
    pub group: GroupId,
}

/// A note: a short point in a column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Where it stands; kept when it is deleted, so that it can be put back.
    pub column: ColumnId,
    /// What it says.
    pub text: NoteText,
    /// Whether it has been taken away. It stays in history and can be restored.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// The notes of one group on one board.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lane {
    /// Every note there has been.
    pub notes: BTreeMap<NoteId, Note>,
    /// The order within each column, deleted notes left out.
    pub columns: BTreeMap<ColumnId, Vec<NoteId>>,
}

/// A board: the columns of a group step and what each group wrote in them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Board {
    /// Column titles, in order.
    pub columns: Vec<String>,
    /// Most notes each group may have.
    pub most_notes: u16,
    /// Whether the plenary has looked at it, so that all groups see all lanes from then on.
    pub shared: bool,
    /// What each group wrote.
    pub lanes: BTreeMap<GroupId, Lane>,
}

/// All boards.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Boards {
    /// By the number of the step they belong to.
    pub list: BTreeMap<StepId, Board>,
}

/// What a member can do with the notes of their own group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteCommand {
    /// A new, empty note. The sender's page names it, so that it can be written in while offline.
    Create {
        /// Its name, of the sender's own page.
        note: NoteId,
        /// The board.
        board: StepId,
        /// The column.
        column: ColumnId,
        /// The note it stands after; first in the column when absent or gone.
        after: Option<NoteId>,
    },
    /// Writing in a note.
    Edit {
        /// The board.
        board: StepId,
        /// The note.
        note: NoteId,
        /// The change.
        update: TextUpdate,
    },
    /// To another place.
    Move {
        /// The board.
        board: StepId,
        /// The note.
        note: NoteId,
        /// The column.
        column: ColumnId,
        /// The note it stands after; first in the column when absent or gone.
        after: Option<NoteId>,
    },
    /// Away, but not for ever.
    Delete {
        /// The board.
        board: StepId,
        /// The note.
        note: NoteId,
        /// Only if nothing is written in it: a page that leaves a note empty cannot know what others have written since.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        if_blank: bool,
    },
    /// Back, last in its column.
    Restore {
        /// The board.
        board: StepId,
        /// The note.
        note: NoteId,
    },
}

/// What happened to notes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteEvent {
    /// A note was made.
    Created {
        /// Where.
        lane: LaneId,
        /// Its name.
        note: NoteId,
        /// The column.
        column: ColumnId,
        /// The note it stands after.
        after: Option<NoteId>,
    },
    /// Somebody wrote in a note.
    Edited {
        /// Where.
        lane: LaneId,
        /// The note.
        note: NoteId,
        /// The change.
        update: TextUpdate,
    },
    /// A note was moved.
    Moved {
        /// Where.
        lane: LaneId,
        /// The note.
        note: NoteId,
        /// The column.
        column: ColumnId,
        /// The note it stands after.
        after: Option<NoteId>,
    },
    /// A note was taken away.
    Deleted {
        /// Where.
        lane: LaneId,
        /// The note.
        note: NoteId,
        /// Whether it is gone altogether, as it is for a view that does not keep deleted notes; never so in the log.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        gone: bool,
    },
    /// A note was put back.
    Restored {
        /// Where.
        lane: LaneId,
        /// The note.
        note: NoteId,
        /// What it says, for a view from which it was gone; absent in the log.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        found: Option<Note>,
    },
    /// The plenary opened a board to everyone. The log keeps only that it happened; a view that had not seen the lanes
    /// gets them with the event, as they stood then.
    BoardShared {
        /// Which.
        board: StepId,
        /// What the view had not seen; empty in the log.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        lanes: BTreeMap<GroupId, Lane>,
    },
}

impl NoteEvent {
    /// The lane it happened in, unless it concerns the whole board.
    #[must_use]
    pub fn lane(&self) -> Option<LaneId> {
        match self {
            Self::Created { lane, .. }
            | Self::Edited { lane, .. }
            | Self::Moved { lane, .. }
            | Self::Deleted { lane, .. }
            | Self::Restored { lane, .. } => Some(*lane),
            Self::BoardShared { .. } => None,
        }
    }

    /// Whether some views are shown with it what they had not seen, as it stands just then. Nobody can be told of it later.
    #[must_use]
    pub fn is_revealing(&self) -> bool {
        matches!(self, Self::BoardShared { .. } | Self::Restored { .. })
    }
}

impl Lane {
    /// The notes of a column, in order.
    pub fn column(&self, column: ColumnId) -> impl Iterator<Item = (NoteId, &Note)> {
        self.columns.get(&column).into_iter().flatten().filter_map(|id| Some((*id, self.notes.get(id)?)))
    }

    /// How many notes stand on the board.
    #[must_use]
    pub fn standing(&self) -> usize {
        self.columns.values().map(Vec::len).sum()
    }

    /// Bytes the notes take when they are stored, if they come to more than `limit`; an upper bound of them otherwise.
    pub(crate) fn weight(&self, limit: usize) -> usize {
        let sum = |limit| self.notes.values().map(|note| note.text.weight(limit)).sum::<usize>();
        let bound = sum(usize::MAX);
        if bound > limit { sum(0) } else { bound }
    }

    /// The same without the notes that have been taken away.
    pub(crate) fn without_deleted(&self) -> Self {
        let standing = self.notes.iter().filter(|(_, note)| !note.deleted);
        Self { notes: standing.map(|(id, note)| (*id, note.clone())).collect(), columns: self.columns.clone() }
    }

    fn put(&mut self, note: NoteId, column: ColumnId, after: Option<NoteId>) {
        self.take(note);
        let order = self.columns.entry(column).or_default();
        let place = after.and_then(|after| order.iter().position(|id| *id == after)).map_or(0, |before| before + 1);
        order.insert(place, note);
        self.notes.entry(note).or_default().column = column;
    }

    fn take(&mut self, note: NoteId) {
        for order in self.columns.values_mut() {
            order.retain(|id| *id != note);
        }
        self.columns.retain(|_, order| !order.is_empty());
    }
}

impl Boards {
    /// A group's lane, if anything has been written there.
    #[must_use]
    pub fn lane(&self, id: LaneId) -> Option<&Lane> {
        self.list.get(&id.board)?.lanes.get(&id.group)
    }

    /// A note, if it has ever stood in this lane.
    #[must_use]
    pub fn note(&self, lane: LaneId, note: NoteId) -> Option<&Note> {
        self.lane(lane)?.notes.get(&note)
    }

    /// The board that beginning `step` opens to everyone, unless it is open already.
    #[must_use]
    pub fn to_share(&self, step: &Step) -> Option<StepId> {
        let board = step.board.filter(|_| matches!(step.kind, StepKind::Plenary | StepKind::Priority))?;
        self.list.get(&board).is_some_and(|board| !board.shared).then_some(board)
    }

    /// A note of this board, in whichever lane it stands.
    #[must_use]
    pub fn find(&self, board: StepId, note: NoteId) -> Option<(LaneId, &Note)> {
        let lanes = &self.list.get(&board)?.lanes;
        lanes.iter().find_map(|(group, lane)| Some((LaneId { board, group: *group }, lane.notes.get(&note)?)))
    }

    pub(super) fn prepare(&mut self, steps: &[Step]) {
        let group_steps = steps.iter().filter(|step| step.kind == StepKind::Group);
        self.list = group_steps
            .map(|step| {
                let most_notes = step.most_notes.unwrap_or(MOST_NOTES);
                (step.id, Board { columns: step.columns.clone(), most_notes, ..Board::default() })
            })
            .collect();
    }

    pub(super) fn apply(&mut self, event: &NoteEvent) {
        if let NoteEvent::BoardShared { board, lanes } = event {
            if let Some(board) = self.list.get_mut(board) {
                board.shared = true;
                board.lanes.extend(lanes.clone());
            }
            return;
        }
        let Some(lane) = event.lane() else { return };
        let Some(board) = self.list.get_mut(&lane.board) else { return };
        let lane = board.lanes.entry(lane.group).or_default();
        match event {
            NoteEvent::Created { note, column, after, .. } | NoteEvent::Moved { note, column, after, .. } => {
                lane.put(*note, *column, *after);
            }
            NoteEvent::Edited { note, update, .. } => {
                if let Some(note) = lane.notes.get_mut(note) {
                    note.text.apply(update);
                }
            }
            NoteEvent::Deleted { note, gone, .. } => {
                lane.take(*note);
                if *gone {
                    lane.notes.remove(note);
                } else if let Some(note) = lane.notes.get_mut(note) {
                    note.deleted = true;
                }
            }
            NoteEvent::Restored { note, found, .. } => {
                if let Some(found) = found {
                    lane.notes.insert(*note, found.clone());
                }
                if let Some(found) = lane.notes.get_mut(note) {
                    found.deleted = false;
                    let column = found.column;
                    let last = lane.columns.get(&column).and_then(|order| order.last().copied());
                    lane.put(*note, column, last);
                }
            }
            NoteEvent::BoardShared { .. } => {}
        }
    }
}
