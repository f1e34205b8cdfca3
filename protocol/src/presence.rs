//! Who is here and where they write. Presence is never logged, belongs to the connection, and goes with it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{NoteId, SeatId};
use crate::text::TextUpdate;

/// How often presence is sent on, in milliseconds; only the latest counts.
pub const PRESENCE_TICK_MS: u64 = 100;
/// Largest caret, in bytes: a Yjs relative position is under 20.
pub const LARGEST_CARET: usize = 64;

/// Where somebody writes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writing {
    /// The note that has their attention.
    pub note: Option<NoteId>,
    /// Their caret in it ([`crate::text::NoteText::stick`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caret: Option<TextUpdate>,
}

/// Who is here, as one view may see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// How many seats have a tablet connected now.
    pub connected: u16,
    /// Which: of one's own group for a member, all of them for the administration, which helps those who are not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seats: Vec<SeatId>,
    /// Where the members of one's own group write.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub writing: BTreeMap<SeatId, Writing>,
}
