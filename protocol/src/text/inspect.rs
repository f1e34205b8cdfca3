//! Reads the outline of a Yjs v1 update without building it: who wrote, what it builds on, how much it inserts.
//! Anything but plain text and deletions in the one root is refused, which keeps hostile structure away from the merge;
//! so is what no honest writer sends: one writer's structs in two groups, or a struct that stands beside a later one.
//!
//! The format is Yjs' own (`UpdateEncoderV1`): structs grouped by client, then the set of deletions.

use crate::ids::ClientId;

use super::TextRefusal;

/// Most structs in one update. Typing makes one or two; taking back a long deletion, one for each piece it was written in.
const MOST_STRUCTS: u32 = 4_096;

const HAS_ORIGIN: u8 = 0x80;
const HAS_RIGHT_ORIGIN: u8 = 0x40;
const HAS_PARENT_KEY: u8 = 0x20;
const CONTENT: u8 = 0x1f;
const CONTENT_DELETED: u8 = 1;
const CONTENT_STRING: u8 = 4;

/// A point in one client's writing.
#[derive(Clone, Copy)]
struct Id {
    client: ClientId,
    clock: u32,
}

/// What an update does, in outline.
pub(super) struct Outline {
    /// Per client: the first new clock and the one after the last.
    written: Vec<(ClientId, u32, u32)>,
    /// What the insertions stand beside in others' writing.
    beside: Vec<Id>,
    /// The last unit of each deletion.
    deleted: Vec<Id>,
    /// UTF-16 units inserted.
    pub(super) inserted: u32,
}

impl Outline {
    /// Every insertion must be signed by an author.
    pub(super) fn check_authors(&self, is_author: impl Fn(ClientId) -> bool) -> Result<(), TextRefusal> {
        let own = self.written.iter().all(|(client, ..)| is_author(*client));
        if own { Ok(()) } else { Err(TextRefusal::Forged) }
    }

    /// Whether anything is deleted.
    pub(super) fn deletes(&self) -> bool {
        !self.deleted.is_empty()
    }

    /// Nothing may be left waiting: given how far each client's writing is known here, all of it must fit on.
    pub(super) fn check_continuity(&self, known: impl Fn(ClientId) -> u32) -> Result<(), TextRefusal> {
        let joined = self.written.iter().all(|(client, start, _)| *start <= known(*client));
        let reach = |id: &Id| {
            let own = self.written.iter().filter(|(client, ..)| *client == id.client).map(|(.., end)| *end).max();
            own.unwrap_or(0).max(known(id.client))
        };
        let rooted = self.beside.iter().all(|id| id.clock < known(id.client));
        let there = self.deleted.iter().all(|id| id.clock < reach(id));
        if joined && rooted && there { Ok(()) } else { Err(TextRefusal::Gap) }
    }
}

/// The outline of `update`, or `None` when it is anything but plain text in `root`.
pub(super) fn inspect(update: &[u8], root: &str) -> Option<Outline> {
    let mut bytes = Reader { rest: update };
    let mut outline = Outline { written: Vec::new(), beside: Vec::new(), deleted: Vec::new(), inserted: 0 };
    let mut structs_left = MOST_STRUCTS;
    for _ in 0..bytes.number()? {
        let structs = bytes.number()?;
        structs_left = structs_left.checked_sub(structs)?;
        let client = bytes.client()?;
        if outline.written.iter().any(|(other, ..)| *other == client) {
            return None;
        }
        let start = bytes.number()?;
        let mut clock = start;
        for _ in 0..structs {
            clock = clock.checked_add(read_struct(&mut bytes, root, Id { client, clock }, &mut outline)?)?;
        }
        outline.written.push((client, start, clock));
    }
    for _ in 0..bytes.number()? {
        let client = bytes.client()?;
        for _ in 0..bytes.number()? {
            let start = bytes.number()?;
            let length = bytes.number()?;
            let last = start.checked_add(length.checked_sub(1)?)?;
            outline.deleted.push(Id { client, clock: last });
        }
    }
    bytes.rest.is_empty().then_some(outline)
}

/// The struct that begins at `at`; its length in clock units.
fn read_struct(bytes: &mut Reader<'_>, root: &str, at: Id, outline: &mut Outline) -> Option<u32> {
    let info = bytes.byte()?;
    if info & CONTENT != CONTENT_STRING && info & CONTENT != CONTENT_DELETED {
        return None;
    }
    for flag in [HAS_ORIGIN, HAS_RIGHT_ORIGIN] {
        if info & flag != 0 {
            let id = Id { client: bytes.client()?, clock: bytes.number()? };
            if id.client != at.client {
                outline.beside.push(id);
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
        outline.inserted = outline.inserted.checked_add(units)?;
        units
    } else {
        bytes.number()?
    };
    (length > 0).then_some(length)
}

/// Takes lib0-encoded values off the front; `None` once anything is amiss.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// A variable-length number of at most 32 bits.
    fn number(&mut self) -> Option<u32> {
        let mut value = 0_u64;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(value).ok();
            }
        }
        None
    }

    fn client(&mut self) -> Option<ClientId> {
        self.number().map(ClientId)
    }

    fn string(&mut self) -> Option<&'a str> {
        let length = self.number()? as usize;
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        std::str::from_utf8(text).ok()
    }
}
