//! Reads the outline of a Yjs v1 update without building it: who wrote, what it builds on, how much it inserts.
//! Anything but plain text and deletions in the one root is refused, which keeps hostile structure away from the merge;
//! so is what no honest writer sends: one writer's structs in two groups, a struct that stands beside a later one, or
//! deletions out of order, which cost the merge the square of their number.
//!
//! The format is Yjs' own (`UpdateEncoderV1`): structs grouped by client, then the set of deletions.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::ids::ClientId;
use crate::lib0::Reader;

use super::TextRefusal;

/// Most structs in one update. Typing makes one or two; taking back a long deletion, one for each piece it was written in.
const MOST_STRUCTS: u32 = 4_096;
/// Most page loads that sign one update which is to be applied: those of one seat that waited for the network together.
const MOST_WRITERS: usize = 64;
/// Most runs of letters that one update may delete: each may cut a letter out of a piece.
const MOST_DELETIONS: usize = 4_096;

const HAS_ORIGIN: u8 = 0x80;
const HAS_RIGHT_ORIGIN: u8 = 0x40;
const HAS_PARENT_KEY: u8 = 0x20;
const CONTENT: u8 = 0x1f;
const CONTENT_DELETED: u8 = 1;
const CONTENT_STRING: u8 = 4;

/// A point in one client's writing.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Id {
    client: ClientId,
    clock: u32,
}

/// A run of writing, and what it stands beside in others' writing.
struct Struct {
    end: u32,
    beside: [Option<Id>; 2],
}

/// One client's part of an update.
pub(super) struct Group {
    /// The first clock.
    pub(super) start: u32,
    /// The clock after the last.
    pub(super) end: u32,
    /// Where its bytes are in the update.
    pub(super) bytes: Range<usize>,
    structs: Vec<Struct>,
}

/// What an update does, in outline.
pub(super) struct Outline {
    /// What each client wrote.
    pub(super) groups: BTreeMap<ClientId, Group>,
    /// Whose writing is deleted, and which clocks of it.
    pub(super) deleted: Vec<(ClientId, Range<u32>)>,
    /// UTF-16 units inserted.
    pub(super) inserted: u32,
    /// Structs.
    pub(super) structs: usize,
    /// Structs that do not go on from the one before, so that the merge has to look for their place.
    pub(super) loose: usize,
}

impl Outline {
    /// Every insertion must be signed by an author.
    pub(super) fn check_authors(&self, is_author: impl Fn(ClientId) -> bool) -> Result<(), TextRefusal> {
        let own = self.groups.keys().all(|client| is_author(*client));
        if own { Ok(()) } else { Err(TextRefusal::Forged) }
    }

    /// Whether anything is deleted.
    pub(super) fn deletes(&self) -> bool {
        !self.deleted.is_empty()
    }

    /// Nothing may be left waiting: given how far each client's writing is known here, all of it must fit on, in some
    /// order.
    pub(super) fn check_continuity(&self, known: impl Fn(ClientId) -> u32) -> Result<(), TextRefusal> {
        if self.groups.len() > MOST_WRITERS || self.deleted.len() > MOST_DELETIONS {
            return Err(TextRefusal::Malformed);
        }
        if !self.groups.iter().all(|(client, group)| group.start <= known(*client)) {
            return Err(TextRefusal::Gap);
        }
        let mut reached: BTreeMap<ClientId, u32> = self.groups.keys().map(|client| (*client, known(*client))).collect();
        let mut waiting: Vec<_> =
            self.groups.iter().map(|(client, group)| (*client, group.structs.iter().peekable())).collect();
        loop {
            let mut moved = false;
            for (client, structs) in &mut waiting {
                let there = |id: &Id| id.clock < reached.get(&id.client).copied().unwrap_or_else(|| known(id.client));
                let mut end = 0;
                while let Some(next) = structs.next_if(|next| next.beside.iter().flatten().all(there)) {
                    (end, moved) = (next.end, true);
                }
                reached.entry(*client).and_modify(|reached| *reached = end.max(*reached));
            }
            waiting.retain_mut(|(_, structs)| structs.peek().is_some());
            if waiting.is_empty() {
                break;
            }
            if !moved {
                return Err(TextRefusal::Gap);
            }
        }
        let reach = |client| reached.get(&client).copied().unwrap_or_else(|| known(client));
        if self.deleted.iter().all(|(client, clocks)| clocks.end <= reach(*client)) {
            Ok(())
        } else {
            Err(TextRefusal::Gap)
        }
    }
}

/// The outline of `update`, or `None` when it is anything but plain text in `root`.
pub(super) fn inspect(update: &[u8], root: &str) -> Option<Outline> {
    outline(update, root, MOST_STRUCTS)
}

/// How many pieces a document of plain text is stored in.
pub(super) fn pieces(state: &[u8], root: &str) -> Option<usize> {
    outline(state, root, u32::MAX).map(|found| found.structs)
}

fn outline(update: &[u8], root: &str, most_structs: u32) -> Option<Outline> {
    let mut bytes = Reader::new(update);
    let mut outline = Outline { groups: BTreeMap::new(), deleted: Vec::new(), inserted: 0, structs: 0, loose: 0 };
    let mut structs_left = most_structs;
    for _ in 0..bytes.number()? {
        let from = update.len() - bytes.rest.len();
        let count = bytes.number()?;
        structs_left = structs_left.checked_sub(count).filter(|_| count > 0)?;
        let client = bytes.client()?;
        let start = bytes.number()?;
        let mut group = Group { start, end: start, bytes: 0..0, structs: Vec::new() };
        for _ in 0..count {
            let at = Id { client, clock: group.end };
            let found = read_struct(&mut bytes, root, at, &mut outline.inserted)?;
            group.end = group.end.checked_add(found.length)?;
            outline.loose += usize::from(group.structs.is_empty() || !found.goes_on);
            group.structs.push(Struct { end: group.end, beside: found.beside });
        }
        outline.structs += group.structs.len();
        group.bytes = from..update.len() - bytes.rest.len();
        if outline.groups.insert(client, group).is_some() {
            return None;
        }
    }
    let mut losers = BTreeSet::new();
    for _ in 0..bytes.number()? {
        let client = bytes.client()?;
        // Of two sets of one client's deletions, one would be lost.
        if !losers.insert(client) {
            return None;
        }
        let mut before = 0;
        for _ in 0..bytes.number()? {
            let start = bytes.number().filter(|start| *start >= before)?;
            let length = bytes.number().filter(|length| *length > 0)?;
            before = start.checked_add(length)?;
            outline.deleted.push((client, start..before));
        }
    }
    bytes.rest.is_empty().then_some(outline)
}

/// A struct as it is written.
struct Found {
    /// In clock units.
    length: u32,
    beside: [Option<Id>; 2],
    /// It stands right of its own writer's latest letter.
    goes_on: bool,
}

/// The struct that begins at `at`.
fn read_struct(bytes: &mut Reader<'_>, root: &str, at: Id, inserted: &mut u32) -> Option<Found> {
    let info = bytes.byte()?;
    if info & CONTENT != CONTENT_STRING && info & CONTENT != CONTENT_DELETED {
        return None;
    }
    let mut beside = [None; 2];
    let mut left = None;
    let mut goes_on = false;
    for (flag, beside) in [HAS_ORIGIN, HAS_RIGHT_ORIGIN].into_iter().zip(&mut beside) {
        if info & flag != 0 {
            let id = Id { client: bytes.client()?, clock: bytes.number()? };
            if left.replace(id) == Some(id) {
                return None;
            }
            goes_on |= flag == HAS_ORIGIN && id.client == at.client && id.clock.checked_add(1) == Some(at.clock);
            if id.client != at.client {
                *beside = Some(id);
            } else if id.clock >= at.clock {
                return None;
            }
        }
    }
    if info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN) == 0 {
        let named = bytes.number()? == 1;
        if !named || bytes.string()? != root || info & HAS_PARENT_KEY != 0 {
            return None;
        }
    }
    let length = if info & CONTENT == CONTENT_STRING {
        let units = u32::try_from(bytes.string()?.encode_utf16().count()).ok()?;
        *inserted = inserted.checked_add(units)?;
        units
    } else {
        bytes.number()?
    };
    (length > 0).then_some(Found { length, beside, goes_on })
}
