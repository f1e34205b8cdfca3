//! The text of one note: a small Yjs-compatible document with a single root text. Nothing outside this file and its
//! folder names yrs.
//!
//! Offsets are UTF-16 code units everywhere, as in a browser's `<textarea>` and in Yjs. Live documents collect their
//! garbage; history is the log's business, which keeps every accepted update.

mod exchange;
mod inspect;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{
    Assoc, Doc, GetString, IndexedSequence, OffsetKind, Options, ReadTxn, StickyIndex, Text, TextRef, Transact, Update,
};

use crate::ids::{ClientId, Moment};

/// Longest text of one note, in UTF-16 code units. A note is a short point; the room is for pasted pages that someone
/// will want to shorten afterwards.
pub const LONGEST_TEXT: u32 = 32_000;
/// Largest single update, in bytes: one paste of a long paragraph with room to spare.
pub const LARGEST_UPDATE: usize = 96 * 1024;
/// Largest document behind one text, in bytes as it is stored: the longest text in letters of three bytes, and as much
/// again for what was written and deleted on the way.
pub const LARGEST_DOCUMENT: usize = 192 * 1024;
/// How many times its own size an update can add to a document: two bytes that delete a letter may split a run in three.
const MOST_GROWTH: usize = 16;
/// Most pieces of writing that the merge may have to look past for one update: for each run of letters that does not go on
/// from the one before, all there are. So many take a quarter of a second. A whole note in sixteen hundred pieces can be put
/// back at once, and a foreign editor that was away may bring a thousand corrections of a note in three thousand.
const MOST_LOOKED_PAST: usize = 4_000_000;
/// Fewest bytes of a piece of writing as it is stored: its kind, its neighbour, its length and a letter.
const SMALLEST_PIECE: usize = 5;
/// Typing within this many milliseconds is undone as one.
const UNDO_GROUP_MS: u64 = 1_000;
/// The one root type a note may hold.
const ROOT: &str = "t";
/// Marks what this replica's own person typed, so that undo never takes back another's words.
const LOCAL: &str = "local";
/// The client id of replicas that only read.
const READER: ClientId = ClientId(0);

/// A Yjs v1 update as bytes; base64 in JSON.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct TextUpdate(pub Vec<u8>);

impl fmt::Debug for TextUpdate {
    /// Only the size: an update holds what somebody wrote, and debug output ends in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TextUpdate({} bytes)", self.0.len())
    }
}

impl Serialize for TextUpdate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD_NO_PAD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for TextUpdate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        STANDARD_NO_PAD.decode(text.as_bytes()).map(Self).map_err(de::Error::custom)
    }
}

/// Why an update is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextRefusal {
    /// It is larger than [`LARGEST_UPDATE`], or would make the text longer than [`LONGEST_TEXT`] or its document larger
    /// than [`LARGEST_DOCUMENT`].
    #[error("the text would be longer than {LONGEST_TEXT} units")]
    TooLong,
    /// It is not a Yjs v1 update of plain text in the one root, or one that would cost the merge more than it may.
    #[error("not a plain text update")]
    Malformed,
    /// It builds on writing this document has not seen, so it would wait unapplied.
    #[error("the update builds on writing that is not here")]
    Gap,
    /// It claims to be written by a page load that is not the sender's.
    #[error("the update is signed by another page load")]
    Forged,
}

/// One note's text.
pub struct NoteText {
    doc: Doc,
    text: TextRef,
    /// At most so many bytes does the document take; what came in is added up, and counted anew when it matters.
    weight: AtomicUsize,
}

impl NoteText {
    /// An empty text that this replica only reads.
    #[must_use]
    pub fn new() -> Self {
        Self::written_by(READER)
    }

    /// An empty text whose local edits are signed `client`. Two live replicas must never share a client id.
    #[must_use]
    pub fn written_by(client: ClientId) -> Self {
        let doc = Doc::with_options(Options {
            offset_kind: OffsetKind::Utf16,
            ..Options::with_client_id(yrs::block::ClientID::new(u64::from(client.0)))
        });
        let text = doc.get_or_insert_text(ROOT);
        Self { doc, text, weight: AtomicUsize::new(0) }
    }

    /// The same text in a replica whose local edits are signed `client`.
    #[must_use]
    pub fn fork(&self, client: ClientId) -> Self {
        let mut copy = Self::written_by(client);
        copy.apply(&self.state());
        copy
    }

    /// Everything needed to rebuild this text, as one update.
    #[must_use]
    pub fn state(&self) -> TextUpdate {
        TextUpdate(self.doc.transact().encode_state_as_update_v1(&yrs::StateVector::default()))
    }

    /// The text as people read it.
    #[must_use]
    pub fn read(&self) -> String {
        self.text.get_string(&self.doc.transact())
    }

    /// Length in UTF-16 code units.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.text.len(&self.doc.transact())
    }

    /// Whether nothing is written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes the document takes when it is stored, if they come to more than `limit`; an upper bound of them otherwise.
    #[must_use]
    pub fn weight(&self, limit: usize) -> usize {
        if self.weight.load(Ordering::Relaxed) > limit {
            self.weight.store(self.state().0.len(), Ordering::Relaxed);
        }
        self.weight.load(Ordering::Relaxed)
    }

    /// Pieces the document holds, if they come to more than `limit`; an upper bound of them otherwise.
    fn pieces(&self, limit: usize) -> usize {
        let bound = self.weight(limit.saturating_mul(SMALLEST_PIECE)) / SMALLEST_PIECE;
        if bound > limit { inspect::pieces(&self.state().0, ROOT).unwrap_or(bound) } else { bound }
    }

    /// A fingerprint of the text (32-bit FNV-1a over UTF-8), by which a tablet knows that it shows what the server has.
    #[must_use]
    pub fn fingerprint(&self) -> u32 {
        self.read().bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    }

    /// Whether `update` may be applied: plain text in the one root, written only by page loads for which `is_author`
    /// holds, building only on what is here, and not longer than [`LONGEST_TEXT`]. Changes nothing.
    pub fn check(&self, update: &TextUpdate, is_author: impl Fn(ClientId) -> bool) -> Result<(), TextRefusal> {
        if update.0.len() > LARGEST_UPDATE {
            return Err(TextRefusal::TooLong);
        }
        let found = inspect::inspect(&update.0, ROOT).ok_or(TextRefusal::Malformed)?;
        let known = self.doc.transact().state_vector();
        found.check_authors(is_author)?;
        found.check_continuity(|client| known.get(&yrs::block::ClientID::new(u64::from(client.0))))?;
        // Of its own runs each finds half of them there already.
        let (most, own) = (MOST_LOOKED_PAST / found.loose.max(1), found.structs / 2);
        if self.pieces(most.saturating_sub(own)) + own > most {
            return Err(TextRefusal::Malformed);
        }
        let growth = update.0.len() * MOST_GROWTH;
        let light = self.weight(LARGEST_DOCUMENT.saturating_sub(growth)) + growth <= LARGEST_DOCUMENT;
        let short = self.len().saturating_add(found.inserted) <= LONGEST_TEXT;
        if light && short {
            return Ok(());
        }
        if !short && !found.deletes() {
            return Err(TextRefusal::TooLong);
        }
        // Close to a limit only the result tells: an update may also make room.
        let mut trial = self.fork(READER);
        trial.apply(update);
        let fits = trial.len() <= LONGEST_TEXT && trial.state().0.len() <= LARGEST_DOCUMENT;
        if fits { Ok(()) } else { Err(TextRefusal::TooLong) }
    }

    /// Merges an update that [`NoteText::check`] let through (here or on the server). Applying it again changes nothing.
    /// Bytes that are no update are ignored: `apply` cannot fail.
    pub fn apply(&mut self, update: &TextUpdate) {
        self.weight.fetch_add(update.0.len() * MOST_GROWTH, Ordering::Relaxed);
        if let Ok(update) = Update::decode_v1(&update.0) {
            // The only error is a document in use, and this replica is ours alone.
            let _ = self.doc.transact_mut().apply_update(update);
        }
    }

    /// Replaces `delete` units at `at` with `insert` and returns the update to send. Positions beyond the end are
    /// brought back to it, and a position inside a surrogate pair moves before the pair.
    pub fn splice(&mut self, at: u32, delete: u32, insert: &str) -> TextUpdate {
        let now = self.read();
        let start = snap(&now, at);
        let end = snap(&now, at.saturating_add(delete)).max(start);
        let mut transaction = self.doc.transact_mut_with(LOCAL);
        if end > start {
            self.text.remove_range(&mut transaction, start, end - start);
        }
        if !insert.is_empty() {
            self.text.insert(&mut transaction, start, insert);
        }
        let update = TextUpdate(transaction.encode_update_v1());
        self.weight.fetch_add(update.0.len() * MOST_GROWTH, Ordering::Relaxed);
        update
    }

    /// A caret at `offset` that keeps its place between the same letters while others write; as bytes for presence.
    /// `None` in an empty text, where there is nothing to hold on to.
    #[must_use]
    pub fn stick(&self, offset: u32) -> Option<TextUpdate> {
        let transaction = self.doc.transact();
        let at = offset.min(self.text.len(&transaction));
        // Held by the letter before it, so that a caret at the end stays at the end of what one wrote.
        let hold = if at == 0 { Assoc::After } else { Assoc::Before };
        self.text.sticky_index(&transaction, at, hold).map(|sticky| TextUpdate(sticky.encode_v1()))
    }

    /// Where a caret from [`NoteText::stick`] stands now, in UTF-16 units.
    #[must_use]
    pub fn unstick(&self, caret: &TextUpdate) -> Option<u32> {
        let sticky = StickyIndex::decode_v1(&caret.0).ok()?;
        sticky.get_offset(&self.doc.transact()).map(|offset| offset.index)
    }
}

/// The nearest position at or before `at` that splits no surrogate pair of `text` and is not past its end.
fn snap(text: &str, at: u32) -> u32 {
    let mut position = 0;
    for letter in text.chars() {
        let next = position + if (letter as u32) < 0x1_0000 { 1 } else { 2 };
        if next > at {
            return position;
        }
        position = next;
    }
    position
}

impl Default for NoteText {
    fn default() -> Self {
        Self::new()
    }
}

impl Clone for NoteText {
    fn clone(&self) -> Self {
        self.fork(READER)
    }
}

impl fmt::Debug for NoteText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoteText({} units, {:08x})", self.len(), self.fingerprint())
    }
}

/// Equal when they read the same and know the same writing.
impl PartialEq for NoteText {
    fn eq(&self, other: &Self) -> bool {
        self.read() == other.read() && self.doc.transact().state_vector() == other.doc.transact().state_vector()
    }
}

impl Serialize for NoteText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.state().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for NoteText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut text = Self::new();
        text.apply(&TextUpdate::deserialize(deserializer)?);
        Ok(text)
    }
}

/// A text with its writer: local edits can be undone and redone, and only one's own.
pub struct WrittenText {
    /// The replica itself.
    pub text: NoteText,
    undo: yrs::UndoManager,
    clock: Arc<AtomicU64>,
}

impl WrittenText {
    /// A replica of `base` in which `client` writes.
    #[must_use]
    pub fn new(base: &NoteText, client: ClientId) -> Self {
        let text = base.fork(client);
        let clock = Arc::new(AtomicU64::new(0));
        let reading = Arc::clone(&clock);
        let mut undo = yrs::UndoManager::with_options(yrs::undo::Options {
            capture_timeout_millis: UNDO_GROUP_MS,
            tracked_origins: [yrs::Origin::from(LOCAL)].into(),
            capture_transaction: None,
            timestamp: Arc::new(move || reading.load(Ordering::Relaxed)),
            init_undo_stack: Vec::new(),
            init_redo_stack: Vec::new(),
        });
        undo.expand_scope(&text.doc, &text.text);
        Self { text, undo, clock }
    }

    /// [`NoteText::splice`] at `now`, which groups quick typing into one undo.
    pub fn splice(&mut self, now: Moment, at: u32, delete: u32, insert: &str) -> TextUpdate {
        self.clock.store(now.0.unsigned_abs(), Ordering::Relaxed);
        self.text.splice(at, delete, insert)
    }

    /// Ends the group: what comes next is undone by itself.
    pub fn pause(&mut self) {
        self.undo.reset();
    }

    /// Takes back one's own latest writing. The update to send, or nothing to take back.
    pub fn undo(&mut self) -> Option<TextUpdate> {
        self.change(yrs::UndoManager::undo_blocking)
    }

    /// Writes again what was taken back.
    pub fn redo(&mut self) -> Option<TextUpdate> {
        self.change(yrs::UndoManager::redo_blocking)
    }

    fn change(&mut self, step: impl FnOnce(&mut yrs::UndoManager) -> bool) -> Option<TextUpdate> {
        let before = self.text.doc.transact().state_vector();
        step(&mut self.undo).then(|| TextUpdate(self.text.doc.transact().encode_diff_v1(&before)))
    }
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
