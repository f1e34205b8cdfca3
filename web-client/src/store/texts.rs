//! The notes this page writes in: one signed document each, kept for as long as the page lives. A document must not be
//! made anew from the replica while something it wrote is under way: it would sign other letters with the same numbers.

use verksted_protocol::ids::{ClientId, Moment, NoteId, Seq};
use verksted_protocol::text::{NoteText, TextUpdate, WrittenText};
use verksted_protocol::workshop::boards::{Boards, LaneId};

/// Others' writing that may wait while somebody composes; past this the document would lag behind for good.
pub const MOST_QUEUED: usize = 64;

/// A selection: its start and end, in UTF-16 units.
pub type Selection = (u32, u32);

/// One note being written in.
struct Written {
    lane: LaneId,
    document: WrittenText,
    /// Others' writing that the open field is not ready for.
    queued: Vec<TextUpdate>,
    /// A field is open on it, which alone decides when others' writing comes in.
    open: bool,
    /// The last event of the stream when the server last accepted writing from here.
    accepted: Seq,
    /// The last event that wrote in the note.
    edited: Seq,
}

/// All of them.
#[derive(Default)]
pub struct Texts {
    /// As many as one person writes in, so a list does.
    notes: Vec<(NoteId, Written)>,
    /// Notes whose document was dropped, and how far the replica must reach before a new one may be made.
    dropped: Vec<(NoteId, Seq)>,
}

impl Texts {
    /// A field opens on `note`. False when that must wait: the replica lacks what was written here before.
    pub fn open(&mut self, note: NoteId, lane: LaneId, base: &NoteText, client: ClientId, have: Seq) -> bool {
        if self.dropped.iter().any(|(dropped, needed)| *dropped == note && *needed > have) {
            return false;
        }
        self.dropped.retain(|(dropped, _)| *dropped != note);
        if let Some(written) = self.find(note) {
            written.open = true;
            return true;
        }
        let document = WrittenText::new(base, client);
        let (queued, accepted, edited) = (Vec::new(), Seq(0), Seq(0));
        self.notes.push((note, Written { lane, document, queued, open: true, accepted, edited }));
        true
    }

    fn find(&mut self, note: NoteId) -> Option<&mut Written> {
        self.notes.iter_mut().find(|(id, _)| *id == note).map(|(_, written)| written)
    }

    fn look(&self, note: NoteId) -> Option<&Written> {
        self.notes.iter().find(|(id, _)| *id == note).map(|(_, written)| written)
    }

    /// The field is closed: what waited comes in, and what is typed next is undone by itself.
    pub fn close(&mut self, note: NoteId) {
        if let Some(written) = self.find(note) {
            written.open = false;
            written.document.pause();
            written.take_in();
        }
    }

    /// Where a note that is written in here stands.
    #[must_use]
    pub fn lane(&self, note: NoteId) -> Option<LaneId> {
        self.look(note).map(|written| written.lane)
    }

    /// The text as it stands here, if this page writes in the note.
    #[must_use]
    pub fn text(&self, note: NoteId) -> Option<&NoteText> {
        self.look(note).map(|written| &written.document.text)
    }

    /// Its words.
    #[must_use]
    pub fn read(&self, note: NoteId) -> Option<String> {
        self.text(note).map(NoteText::read)
    }

    /// How much of others' writing waits.
    #[must_use]
    pub fn queued(&self, note: NoteId) -> usize {
        self.look(note).map_or(0, |written| written.queued.len())
    }

    /// Typing. The update to send.
    pub fn splice(&mut self, note: NoteId, now: Moment, at: u32, delete: u32, insert: &str) -> Option<TextUpdate> {
        self.find(note).map(|written| written.document.splice(now, at, delete, insert))
    }

    /// Takes back, or writes again, the person's own latest writing in the note. The update to send.
    pub fn step(&mut self, note: NoteId, back: bool) -> Option<TextUpdate> {
        let document = &mut self.find(note)?.document;
        if back { document.undo() } else { document.redo() }
    }

    /// Another's writing came. Waits when a field is open on the note; true then.
    pub fn remote(&mut self, note: NoteId, update: &TextUpdate) -> bool {
        let Some(written) = self.find(note) else { return false };
        written.queued.push(update.clone());
        if !written.open {
            written.take_in();
        }
        written.open
    }

    /// Lets what waited come in under an open field. The selection as it stands after.
    pub fn take_in(&mut self, note: NoteId, selection: Selection) -> Selection {
        let Some(written) = self.find(note) else { return selection };
        let text = &written.document.text;
        let (start, end) = (text.stick(selection.0), text.stick(selection.1));
        written.take_in();
        let text = &written.document.text;
        let now = |caret: &Option<TextUpdate>, was| caret.as_ref().and_then(|caret| text.unstick(caret)).unwrap_or(was);
        (now(&start, selection.0), now(&end, selection.1))
    }

    /// Own writing from an earlier load of the page, which what is here may lack. The document is made of `base` when there
    /// is none.
    pub fn revive(&mut self, note: NoteId, lane: LaneId, base: &NoteText, client: ClientId, update: &TextUpdate) {
        if self.look(note).is_none() {
            self.open(note, lane, base, client, Seq(u64::MAX));
            self.close(note);
        }
        if let Some(written) = self.find(note) {
            written.document.text.apply(update);
        }
    }

    /// The caret as others are told of it.
    #[must_use]
    pub fn stick(&self, note: NoteId, offset: u32) -> Option<TextUpdate> {
        self.text(note)?.stick(offset)
    }

    /// The replica started over at event `seq`: everything in it comes in. A note may stand in another lane than was thought
    /// when it was made here: whoever is moved in that very moment brings it along. And a note that is not in it, because
    /// one has left its group, is not known any more.
    pub fn restarted(&mut self, boards: &Boards, seq: Seq) {
        let written: Vec<(NoteId, LaneId)> = self.notes.iter().map(|(note, written)| (*note, written.lane)).collect();
        for (note, thought) in written {
            let found = boards.find(thought.board, note);
            if let Some((_, found)) = found {
                self.remote(note, &found.text.state());
            }
            if let Some(written) = self.find(note) {
                written.lane = found.map_or(thought, |(lane, _)| lane);
                written.edited = found.map_or(Seq(u64::MAX), |_| seq);
            }
        }
    }

    /// Event `seq` wrote in `note`, here or elsewhere.
    pub fn edited(&mut self, note: NoteId, seq: Seq) {
        if let Some(written) = self.find(note) {
            written.edited = seq;
        }
    }

    /// Whether the text here differs from the one of this fingerprint, which the server had after event `at`. Only where
    /// both are known at the same point: nothing waits, and nothing was written since.
    #[must_use]
    pub fn differs(&self, note: NoteId, at: Seq, text: u32) -> bool {
        let ripe = self.look(note).filter(|written| written.queued.is_empty() && written.edited <= at);
        ripe.is_some_and(|written| written.document.text.fingerprint() != text)
    }

    /// The server accepted writing in `note`.
    pub fn accepted(&mut self, note: NoteId, at: Seq) {
        if let Some(written) = self.find(note) {
            written.accepted = written.accepted.max(at);
        }
        for (_, needed) in self.dropped.iter_mut().filter(|(dropped, _)| *dropped == note) {
            *needed = (*needed).max(at);
        }
    }

    /// Drops the document, because the server's text is another. What it said is returned, so that no words are lost.
    pub fn drop(&mut self, note: NoteId) -> Option<String> {
        let at = self.notes.iter().position(|(id, _)| *id == note)?;
        let (_, written) = self.notes.remove(at);
        self.dropped.push((note, written.accepted));
        Some(written.document.text.read())
    }
}

impl Written {
    fn take_in(&mut self) {
        for update in self.queued.drain(..) {
            self.document.text.apply(&update);
        }
    }
}

#[cfg(test)]
mod tests {
    use verksted_protocol::ids::{GroupId, Made, StepId};
    use verksted_protocol::workshop::boards::{Lane, Note};

    use super::*;

    const NOTE: NoteId = Made { by: ClientId(1), number: 1 };
    const LANE: LaneId = LaneId { board: StepId(4), group: GroupId(1) };

    fn opened(base: &NoteText) -> Texts {
        let mut texts = Texts::default();
        assert!(texts.open(NOTE, LANE, base, ClientId(1), Seq(0)));
        texts
    }

    /// A text another page wrote, and what it writes next.
    fn others() -> (NoteText, TextUpdate) {
        let mut other = NoteText::written_by(ClientId(2));
        other.splice(0, 0, "bussen");
        let base = other.clone();
        (base, other.splice(0, 0, "Elev"))
    }

    #[test]
    fn others_writing_waits_for_the_open_field_and_the_caret_keeps_its_place() {
        let (base, update) = others();
        let mut texts = opened(&base);
        assert!(texts.remote(NOTE, &update));
        assert_eq!(texts.read(NOTE).as_deref(), Some("bussen"));
        texts.splice(NOTE, Moment(1), 6, 0, " går");
        assert_eq!(texts.take_in(NOTE, (10, 10)), (14, 14));
        assert_eq!(texts.read(NOTE).as_deref(), Some("Elevbussen går"));
    }

    #[test]
    fn a_closed_field_lets_others_writing_in_at_once() {
        let (base, update) = others();
        let mut texts = opened(&base);
        texts.close(NOTE);
        assert!(!texts.remote(NOTE, &update));
        assert_eq!(texts.read(NOTE).as_deref(), Some("Elevbussen"));
    }

    #[test]
    fn one_undoes_only_ones_own() {
        let (base, update) = others();
        let mut texts = opened(&base);
        texts.splice(NOTE, Moment(1), 6, 0, " går");
        texts.remote(NOTE, &update);
        texts.take_in(NOTE, (0, 0));
        assert!(texts.step(NOTE, true).is_some());
        assert_eq!(texts.read(NOTE).as_deref(), Some("Elevbussen"));
        assert!(texts.step(NOTE, true).is_none());
        assert!(texts.step(NOTE, false).is_some());
        assert_eq!(texts.read(NOTE).as_deref(), Some("Elevbussen går"));
    }

    #[test]
    fn a_replica_that_starts_over_brings_others_writing_also_from_another_lane() {
        let (base, update) = others();
        let mut texts = opened(&base);
        texts.close(NOTE);
        let lane = LaneId { group: GroupId(2), ..LANE };
        let mut text = base.clone();
        text.apply(&update);
        let mut boards = Boards::default();
        let notes = [(NOTE, Note { text, ..Note::default() })].into();
        boards.list.entry(LANE.board).or_default().lanes.insert(lane.group, Lane { notes, ..Lane::default() });
        texts.restarted(&boards, Seq(9));
        assert_eq!(texts.read(NOTE).as_deref(), Some("Elevbussen"));
        assert_eq!(texts.lane(NOTE), Some(lane));
        // What the server had before that is not compared with what is here now.
        let other = texts.text(NOTE).unwrap().fingerprint() + 1;
        assert!(!texts.differs(NOTE, Seq(8), other) && texts.differs(NOTE, Seq(9), other));
    }

    #[test]
    fn a_note_one_has_lost_sight_of_is_not_compared() {
        let (base, _) = others();
        let mut texts = opened(&base);
        texts.restarted(&Boards::default(), Seq(9));
        assert!(!texts.differs(NOTE, Seq(10), base.fingerprint() + 1));
    }

    #[test]
    fn texts_are_compared_only_where_both_are_known() {
        let (base, update) = others();
        let mut texts = opened(&base);
        let known = base.fingerprint();
        assert!(!texts.differs(NOTE, Seq(5), known) && texts.differs(NOTE, Seq(5), known + 1));
        texts.edited(NOTE, Seq(6));
        assert!(!texts.differs(NOTE, Seq(5), known + 1));
        texts.remote(NOTE, &update);
        assert!(!texts.differs(NOTE, Seq(6), known + 1));
    }

    #[test]
    fn a_dropped_document_is_made_anew_only_when_the_replica_has_what_it_wrote() {
        let (base, _) = others();
        let mut texts = opened(&base);
        texts.splice(NOTE, Moment(1), 0, 0, "Nye ");
        texts.accepted(NOTE, Seq(8));
        assert_eq!(texts.drop(NOTE).as_deref(), Some("Nye bussen"));
        assert!(!texts.open(NOTE, LANE, &base, ClientId(1), Seq(7)));
        texts.accepted(NOTE, Seq(9));
        assert!(!texts.open(NOTE, LANE, &base, ClientId(1), Seq(8)));
        assert!(texts.open(NOTE, LANE, &base, ClientId(1), Seq(9)));
    }
}
