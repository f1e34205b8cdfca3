//! Private drafts. They are on this tablet only, nothing about them is ever sent, and they are erased when the meeting is
//! closed, as the page promises. Two pages of one seat share them: each writes down what changed on it, and takes in what
//! the other wrote down.

use verksted_protocol::ids::NoteId;

/// Most drafts one may begin: a pad, not an archive. Words that come back from a board always have room.
pub const MOST_DRAFTS: usize = 50;

/// A draft as it is stored, under its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// What it says.
    pub text: String,
    /// The note it is becoming. It stays here until the server has the note.
    pub shared: Option<NoteId>,
}

impl Stored {
    /// As it is stored: the note on the first line, what it says on the rest.
    #[must_use]
    pub fn written(&self) -> String {
        let note = self.shared.map(|note| note.to_string()).unwrap_or_default();
        format!("{note}\n{}", self.text)
    }

    /// Reads what [`Stored::written`] wrote.
    #[must_use]
    pub fn read(written: &str) -> Option<Self> {
        let (note, text) = written.split_once('\n')?;
        Some(Self { text: text.to_owned(), shared: note.parse().ok() })
    }
}

/// Whether what stands here holds words that are not there.
#[must_use]
pub fn lacks(there: &str, here: &str) -> bool {
    here.split_whitespace().any(|word| !there.contains(word))
}

#[derive(Debug)]
struct Draft {
    /// Its number on this page.
    id: u32,
    /// Its name on the tablet.
    name: String,
    text: String,
    shared: Option<NoteId>,
    /// It lies on the tablet.
    stored: bool,
    /// What lies there is not what is here.
    changed: bool,
}

/// The pad.
#[derive(Debug, Default)]
pub struct Drafts {
    list: Vec<Draft>,
    last: u32,
    /// Names to be taken away from the tablet.
    dropped: Vec<String>,
}

impl Drafts {
    /// A new draft; its number. `name` must be one no page of the seat has used.
    pub fn add(&mut self, name: String, text: String) -> u32 {
        let changed = !text.is_empty();
        self.push(Draft { id: 0, name, text, shared: None, stored: false, changed })
    }

    fn push(&mut self, draft: Draft) -> u32 {
        self.last += 1;
        self.list.push(Draft { id: self.last, ..draft });
        self.last
    }

    /// Whether one more may be begun.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.list.len() < MOST_DRAFTS
    }

    /// Numbers of the drafts to be shown, oldest first.
    #[must_use]
    pub fn shown(&self) -> Vec<u32> {
        self.list.iter().filter(|draft| draft.shared.is_none()).map(|draft| draft.id).collect()
    }

    /// How many of them say something.
    #[must_use]
    pub fn filled(&self) -> usize {
        self.list.iter().filter(|draft| draft.shared.is_none() && !draft.text.trim().is_empty()).count()
    }

    /// What a draft says.
    #[must_use]
    pub fn text(&self, id: u32) -> &str {
        self.list.iter().find(|draft| draft.id == id).map_or("", |draft| &draft.text)
    }

    /// Writing in a draft.
    pub fn write(&mut self, id: u32, text: String) {
        self.change(id, |draft| draft.text = text);
    }

    /// A draft becomes a note. It is no longer shown, and kept until the note is.
    pub fn share(&mut self, id: u32, note: NoteId) {
        self.change(id, |draft| draft.shared = Some(note));
    }

    fn change(&mut self, id: u32, change: impl FnOnce(&mut Draft)) {
        if let Some(draft) = self.list.iter_mut().find(|draft| draft.id == id) {
            change(draft);
            draft.changed = true;
        }
    }

    /// A draft is thrown away.
    pub fn drop(&mut self, id: u32) {
        let (gone, stay) = std::mem::take(&mut self.list).into_iter().partition(|draft| draft.id == id);
        self.list = stay;
        let gone: Vec<Draft> = gone;
        self.dropped.extend(gone.into_iter().map(|draft| draft.name));
    }

    /// The server has the note a draft became. Whether there was one.
    pub fn shared(&mut self, note: NoteId) -> bool {
        let found = self.list.iter().find(|draft| draft.shared == Some(note)).map(|draft| draft.id);
        if let Some(id) = found {
            self.drop(id);
        }
        found.is_some()
    }

    /// The note of these words was refused: they are a draft again, or one more. Never too many: nobody's words are lost.
    pub fn rescue(&mut self, name: String, note: NoteId, words: String) {
        let found = self.list.iter().find(|draft| draft.shared == Some(note)).map(|draft| draft.id);
        match found {
            Some(id) => self.change(id, |draft| (draft.text, draft.shared) = (words, None)),
            None => drop(self.add(name, words)),
        }
    }

    /// Drafts whose note nobody sends any more are drafts again.
    pub fn unshare(&mut self, under_way: impl Fn(NoteId) -> bool) {
        let left = |draft: &Draft| draft.shared.is_some_and(|note| !under_way(note));
        for draft in self.list.iter_mut().filter(|draft| left(draft)) {
            draft.shared = None;
            draft.changed = true;
        }
    }

    /// Takes in what lies on the tablet, by name. Whether anything here changed.
    pub fn merge(&mut self, stored: Vec<(String, Stored)>) -> bool {
        let gone =
            |draft: &Draft| draft.stored && !draft.changed && !stored.iter().any(|(name, _)| *name == draft.name);
        let before = self.list.len();
        self.list.retain(|draft| !gone(draft));
        let mut changed = self.list.len() != before;
        for (name, Stored { text, shared }) in stored {
            match self.list.iter_mut().find(|draft| draft.name == name) {
                // What is written here is later than what was written down.
                Some(draft) if draft.changed => draft.stored = true,
                Some(draft) => {
                    changed |= draft.text != text || draft.shared != shared;
                    (draft.text, draft.shared, draft.stored) = (text, shared, true);
                }
                None if self.dropped.contains(&name) => {}
                None => {
                    self.push(Draft { id: 0, name, text, shared, stored: true, changed: false });
                    changed = true;
                }
            }
        }
        changed
    }

    /// What must change on the tablet: by name, with what it says or to be taken away. Counts as done; what could not be
    /// done is told to [`Drafts::failed`].
    pub fn changes(&mut self) -> Vec<(String, Option<Stored>)> {
        let mut changes: Vec<_> = self.dropped.drain(..).map(|name| (name, None)).collect();
        for draft in self.list.iter_mut().filter(|draft| draft.changed) {
            draft.changed = false;
            // One that says nothing is not kept.
            draft.stored = !draft.text.trim().is_empty();
            let stored = draft.stored.then(|| Stored { text: draft.text.clone(), shared: draft.shared });
            changes.push((draft.name.clone(), stored));
        }
        changes
    }

    /// Changes that are not on the tablet after all.
    pub fn failed(&mut self, changes: Vec<(String, Option<Stored>)>) {
        for (name, _) in changes {
            match self.list.iter_mut().find(|draft| draft.name == name) {
                Some(draft) => draft.changed = true,
                None => self.dropped.push(name),
            }
        }
    }

    /// Whether all that is written is on the tablet.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.list.iter().all(|draft| !draft.changed)
    }

    /// The meeting is closed.
    pub fn erase(&mut self) {
        self.list.clear();
        self.dropped.clear();
    }
}

#[cfg(test)]
mod tests {
    use verksted_protocol::ids::{ClientId, Made};

    use super::*;

    const NOTE: NoteId = Made { by: ClientId(1), number: 1 };

    fn stored(text: &str) -> Stored {
        Stored { text: text.into(), shared: None }
    }

    /// What lies on the tablet after `changes`.
    fn write(tablet: &mut Vec<(String, Stored)>, changes: Vec<(String, Option<Stored>)>) {
        for (name, stored) in changes {
            tablet.retain(|(other, _)| *other != name);
            tablet.extend(stored.map(|stored| (name, stored)));
        }
    }

    #[test]
    fn two_pages_of_one_seat_keep_each_others_drafts() {
        let (mut tablet, mut one, mut two) = (vec![], Drafts::default(), Drafts::default());
        one.add("1".into(), "Buss".into());
        let skole = two.add("2".into(), "Skole".into());
        write(&mut tablet, one.changes());
        write(&mut tablet, two.changes());
        assert!(one.merge(tablet.clone()) && two.merge(tablet.clone()));
        assert_eq!(one.filled(), 2);
        two.drop(skole);
        write(&mut tablet, two.changes());
        assert!(one.merge(tablet.clone()));
        assert_eq!((one.filled(), tablet), (1, vec![("1".into(), stored("Buss"))]));
    }

    #[test]
    fn what_is_being_written_here_is_not_written_over() {
        let mut drafts = Drafts::default();
        drafts.merge(vec![("1".into(), stored("Buss"))]);
        let id = drafts.shown()[0];
        drafts.write(id, "Buss til fjellet".into());
        drafts.merge(vec![("1".into(), stored("Bus"))]);
        assert_eq!(drafts.text(id), "Buss til fjellet");
    }

    #[test]
    fn a_shared_draft_is_kept_until_the_server_has_the_note() {
        let mut drafts = Drafts::default();
        let id = drafts.add("1".into(), "Buss".into());
        drafts.share(id, NOTE);
        assert!(drafts.shown().is_empty());
        assert_eq!(drafts.changes(), [("1".into(), Some(Stored { text: "Buss".into(), shared: Some(NOTE) }))]);
        assert!(drafts.shared(NOTE));
        assert_eq!(drafts.changes(), [("1".into(), None)]);
    }

    #[test]
    fn a_refused_note_is_its_draft_again_and_not_two() {
        let mut drafts = Drafts::default();
        let id = drafts.add("1".into(), "Buss".into());
        drafts.share(id, NOTE);
        drafts.rescue("2".into(), NOTE, "Buss til fjellet".into());
        assert_eq!((drafts.shown(), drafts.text(id)), (vec![id], "Buss til fjellet"));
        drafts.share(id, NOTE);
        drafts.unshare(|note| note == NOTE);
        assert!(drafts.shown().is_empty());
        drafts.unshare(|_| false);
        assert_eq!(drafts.shown(), [id]);
    }

    #[test]
    fn a_full_pad_takes_no_new_draft_but_every_rescued_word() {
        let mut drafts = Drafts::default();
        for number in 0..MOST_DRAFTS {
            assert!(drafts.has_room());
            drafts.add(number.to_string(), "Buss".into());
        }
        assert!(!drafts.has_room());
        drafts.rescue("rescued".into(), NOTE, "Skole".into());
        assert_eq!(drafts.changes().len(), MOST_DRAFTS + 1);
    }

    #[test]
    fn what_could_not_be_written_down_is_tried_again() {
        let mut drafts = Drafts::default();
        let id = drafts.add("1".into(), "Buss".into());
        let changes = drafts.changes();
        assert!(drafts.is_kept());
        drafts.failed(changes);
        assert!(!drafts.is_kept());
        assert_eq!(drafts.changes(), [("1".into(), Some(stored("Buss")))]);
        drafts.drop(id);
        let changes = drafts.changes();
        drafts.failed(changes);
        assert_eq!(drafts.changes(), [("1".into(), None)]);
    }

    #[test]
    fn a_draft_reads_back_as_written() {
        for shared in [None, Some(NOTE)] {
            let draft = Stored { text: "Skole\n\nog vei".into(), shared };
            assert_eq!(Stored::read(&draft.written()), Some(draft));
        }
    }

    #[test]
    fn words_that_stand_in_the_note_need_not_be_rescued() {
        assert!(!lacks("Buss til Indre Fjell", "Buss  Fjell"));
        assert!(lacks("Buss til Indre Fjell", "Buss til byen"));
    }

    #[test]
    fn a_draft_that_says_nothing_is_not_kept() {
        let mut drafts = Drafts::default();
        let id = drafts.add("1".into(), String::new());
        assert!(drafts.changes().is_empty());
        drafts.write(id, "Buss".into());
        drafts.changes();
        drafts.write(id, " ".into());
        assert_eq!(drafts.changes(), [("1".into(), None)]);
    }
}
