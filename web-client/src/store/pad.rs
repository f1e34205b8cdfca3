//! The draft pad on this page, kept on the tablet at every keystroke.

use std::cell::{Cell, RefCell};

use leptos::prelude::*;

use super::drafts;
use super::live::{Inner, Store, with};
use crate::identity;

/// Drafts by a number that lives as long as the page.
#[derive(Default)]
pub(super) struct Pad {
    texts: RefCell<Vec<(u32, String)>>,
    last: Cell<u32>,
    loaded: Cell<bool>,
    /// Which drafts there are, for the list.
    list: ArcRwSignal<Vec<u32>>,
    /// How many of them say something, for the count on the button.
    filled: ArcRwSignal<usize>,
}

impl Pad {
    /// Puts words on the pad.
    pub(super) fn keep(&self, key: Option<&str>, text: String) -> u32 {
        self.load(key);
        self.last.set(self.last.get() + 1);
        let id = self.last.get();
        self.texts.borrow_mut().push((id, text));
        self.changed(key);
        id
    }

    fn load(&self, key: Option<&str>) {
        let Some(key) = key else { return };
        if self.loaded.replace(true) {
            return;
        }
        let stored = identity::recall(key).map(|stored| drafts::read(&stored)).unwrap_or_default();
        self.texts.replace((1..).zip(stored).collect());
        self.last.set(u32::try_from(self.texts.borrow().len()).unwrap_or_default());
        self.changed(None);
    }

    fn changed(&self, key: Option<&str>) {
        let texts = self.texts.borrow();
        if let Some(key) = key {
            let written = drafts::written(texts.iter().map(|(_, text)| text.as_str()));
            identity::keep(key, &written);
        }
        let ids: Vec<u32> = texts.iter().map(|(id, _)| *id).collect();
        let filled = texts.iter().filter(|(_, text)| !text.trim().is_empty()).count();
        drop(texts);
        if self.list.with_untracked(|list| *list != ids) {
            self.list.set(ids);
        }
        if self.filled.get_untracked() != filled {
            self.filled.set(filled);
        }
    }
}

/// Where this seat's drafts lie.
pub(super) fn key(inner: &Inner) -> Option<String> {
    let you = inner.you.borrow();
    let you = you.as_ref()?;
    Some(drafts::key(you.workshop.as_str(), you.seat?.0))
}

impl Store {
    /// The numbers of the drafts, oldest first.
    pub(crate) fn drafts(self) -> ArcRwSignal<Vec<u32>> {
        with(|inner| {
            inner.pad.load(key(inner).as_deref());
            inner.pad.list.clone()
        })
    }

    /// How many drafts say something.
    pub(crate) fn filled_drafts(self) -> ArcRwSignal<usize> {
        with(|inner| inner.pad.filled.clone())
    }

    /// What a draft says.
    pub(crate) fn draft(self, id: u32) -> String {
        with(|inner| {
            inner
                .pad
                .texts
                .borrow()
                .iter()
                .find(|(other, _)| *other == id)
                .map(|(_, text)| text.clone())
                .unwrap_or_default()
        })
    }

    /// A new draft; its number.
    pub(crate) fn new_draft(self, text: String) -> u32 {
        with(|inner| inner.pad.keep(key(inner).as_deref(), text))
    }

    /// Writing in a draft.
    pub(crate) fn write_draft(self, id: u32, text: String) {
        with(|inner| {
            if let Some((_, draft)) = inner.pad.texts.borrow_mut().iter_mut().find(|(other, _)| *other == id) {
                *draft = text;
            }
            inner.pad.changed(key(inner).as_deref());
        });
    }

    /// A draft is shared, or thrown away.
    pub(crate) fn drop_draft(self, id: u32) {
        with(|inner| {
            inner.pad.texts.borrow_mut().retain(|(other, _)| *other != id);
            inner.pad.changed(key(inner).as_deref());
        });
    }

    /// The meeting is closed: the pad is erased, as promised.
    pub(crate) fn erase_drafts(self) {
        with(|inner| {
            inner.pad.loaded.set(true);
            inner.pad.texts.borrow_mut().clear();
            inner.pad.changed(None);
            if let Some(key) = key(inner) {
                identity::forget(&key);
            }
        });
    }
}
