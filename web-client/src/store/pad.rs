//! The draft pad on this page, written down on the tablet at every keystroke, and shared with other pages of the seat.

use std::cell::{Cell, RefCell};

use leptos::prelude::*;
use verksted_protocol::ids::{ColumnId, NoteId};
use verksted_protocol::workshop::boards::LaneId;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::BroadcastChannel;

use super::drafts::{Drafts, Stored};
use super::keep;
use super::live::{Inner, Store, with};
use super::scope::Scope;

/// The pad as views see it.
#[derive(Default)]
pub(super) struct Pad {
    drafts: RefCell<Drafts>,
    /// How many drafts this page has named.
    named: Cell<u32>,
    /// Which drafts there are, for the list.
    list: ArcRwSignal<Vec<u32>>,
    /// How many of them say something, for the count on the button.
    filled: ArcRwSignal<usize>,
    /// Counts what came from another page, so that fields show it.
    merged: ArcRwSignal<u32>,
    /// Tells other pages of the seat.
    others: RefCell<Option<BroadcastChannel>>,
    /// Words that came back when the meeting was closed. On this page only, and written down nowhere.
    late: ArcRwSignal<Vec<String>>,
}

impl Pad {
    fn changed(&self) {
        let drafts = self.drafts.borrow();
        let (ids, filled) = (drafts.shown(), drafts.filled());
        drop(drafts);
        if self.list.with_untracked(|list| *list != ids) {
            self.list.set(ids);
        }
        if self.filled.get_untracked() != filled {
            self.filled.set(filled);
        }
    }

    /// Takes in what lies on the tablet.
    pub(super) fn merge(&self, stored: Vec<(String, Stored)>) {
        if self.drafts.borrow_mut().merge(stored) {
            self.merged.update(|count| *count += 1);
        }
        self.changed();
    }

    /// See [`Drafts::unshare`].
    pub(super) fn unshare(&self, under_way: impl Fn(NoteId) -> bool) {
        self.drafts.borrow_mut().unshare(under_way);
        self.changed();
    }

    /// The note is at the server: the draft it came from goes. Whether there was one.
    pub(super) fn shared(&self, note: NoteId) -> bool {
        let found = self.drafts.borrow_mut().shared(note);
        self.changed();
        found
    }

    /// See [`Drafts::changes`].
    pub(super) fn changes(&self) -> Vec<(String, Option<Stored>)> {
        self.drafts.borrow_mut().changes()
    }

    /// See [`Drafts::failed`].
    pub(super) fn failed(&self, changes: Vec<(String, Option<Stored>)>) {
        self.drafts.borrow_mut().failed(changes);
    }

    /// Whether all of it is on the tablet.
    pub(super) fn is_kept(&self) -> bool {
        self.drafts.borrow().is_kept()
    }

    /// Listens to other pages of the seat.
    pub(super) fn listen(&self, scope: &Scope) {
        let mut others = self.others.borrow_mut();
        if others.is_some() {
            return;
        }
        let Ok(channel) = BroadcastChannel::new(&scope.drafts()) else { return };
        let told = Closure::<dyn FnMut()>::new(keep::merge_drafts);
        channel.set_onmessage(Some(told.as_ref().unchecked_ref()));
        // It listens for as long as the page lives.
        told.forget();
        *others = Some(channel);
    }

    /// What this page wrote down is to be seen on others.
    pub(super) fn tell_others(&self) {
        if let Some(others) = self.others.borrow().as_ref() {
            // A page that is not told sees it when it is loaded again.
            let _ = others.post_message(&JsValue::NULL);
        }
    }

    /// A name that no draft of the seat has: when it was made, and by which page.
    fn name(&self, inner: &Inner) -> String {
        self.named.set(self.named.get() + 1);
        let client = inner.you.borrow().as_ref().map(|you| you.client).unwrap_or_default();
        format!("{:013}-{client}-{}", inner.now().0, self.named.get())
    }
}

/// A draft as it lies on the tablet, by its name.
pub(super) fn read(scope: &Scope, key: &str, value: &JsValue) -> Option<(String, Stored)> {
    let name = key.strip_prefix(&scope.drafts())?;
    Some((name.to_owned(), Stored::read(&value.as_string()?)?))
}

/// Nobody's words are lost because the room moved on: they go to the pad, which only their writer sees.
pub(super) fn rescue(inner: &Inner, note: NoteId, words: String) {
    let name = inner.pad.name(inner);
    inner.pad.drafts.borrow_mut().rescue(name, note, words);
    inner.pad.changed();
    keep::due();
}

/// The meeting is closed, and the pad with it: the words are shown as long as the page is open, and can be copied.
pub(super) fn came_late(inner: &Inner, words: String) {
    inner.pad.late.update(|late| {
        if !late.contains(&words) {
            late.push(words);
        }
    });
}

impl Store {
    /// The numbers of the drafts, oldest first.
    pub(crate) fn drafts(self) -> ArcRwSignal<Vec<u32>> {
        with(|inner| inner.pad.list.clone())
    }

    /// How many drafts say something.
    pub(crate) fn filled_drafts(self) -> ArcRwSignal<usize> {
        with(|inner| inner.pad.filled.clone())
    }

    /// Changes when drafts came from another page of the seat.
    pub(crate) fn merged_drafts(self) -> ArcRwSignal<u32> {
        with(|inner| inner.pad.merged.clone())
    }

    /// Words that came too late for a meeting that is closed.
    pub(crate) fn late_words(self) -> ArcRwSignal<Vec<String>> {
        with(|inner| inner.pad.late.clone())
    }

    /// What a draft says.
    pub(crate) fn draft(self, id: u32) -> String {
        with(|inner| inner.pad.drafts.borrow().text(id).to_owned())
    }

    /// Whether one more draft may be begun.
    pub(crate) fn has_room_for_draft(self) -> bool {
        with(|inner| inner.pad.drafts.borrow().has_room())
    }

    /// A new draft; its number.
    pub(crate) fn new_draft(self) -> u32 {
        with(|inner| {
            let name = inner.pad.name(inner);
            let id = inner.pad.drafts.borrow_mut().add(name, String::new());
            inner.pad.changed();
            id
        })
    }

    /// Writing in a draft.
    pub(crate) fn write_draft(self, id: u32, text: String) {
        with(|inner| {
            inner.pad.drafts.borrow_mut().write(id, text);
            inner.pad.changed();
        });
        keep::due();
    }

    /// A draft becomes a note in our lane. It stays on the tablet until the server has the note.
    pub(crate) fn share_draft(self, id: u32, lane: LaneId, column: ColumnId, text: &str) {
        if let Some(note) = self.new_note_saying(lane, column, text) {
            with(|inner| {
                inner.pad.drafts.borrow_mut().share(id, note);
                inner.pad.changed();
            });
            keep::due();
        }
    }

    /// A draft is thrown away.
    pub(crate) fn drop_draft(self, id: u32) {
        with(|inner| {
            inner.pad.drafts.borrow_mut().drop(id);
            inner.pad.changed();
        });
        keep::due();
    }

    /// The meeting is closed: the pad is erased, as promised.
    pub(crate) fn erase_drafts(self) {
        with(|inner| {
            inner.pad.drafts.borrow_mut().erase();
            inner.pad.changed();
        });
        keep::due();
    }
}
