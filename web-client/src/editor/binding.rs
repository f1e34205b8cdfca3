//! Between one open `<textarea>` and its note's document. Nothing but this writes in the field, and only to let in what
//! others wrote, what was taken back, or what did not fit.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use verksted_protocol::ids::NoteId;
use verksted_protocol::text::LONGEST_TEXT;
use web_sys::{
    Element, HtmlElement, HtmlTextAreaElement, InputEvent, KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition,
};

use super::diff::{clean, diff, length, shortened};
use super::hold::Hold;
use crate::store::store;

/// The own group is told of the caret at most this often, in milliseconds.
const TELL_EVERY: i64 = 200;

/// What a key means in a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// On to the next note.
    Next,
    /// Out of the field.
    Leave,
    /// Nothing but itself.
    Plain,
}

/// One open field.
pub(super) struct Binding {
    note: NoteId,
    element: HtmlTextAreaElement,
    /// What the field holds, as far as the document knows.
    shown: RefCell<String>,
    hold: RefCell<Hold>,
    waiting: Cell<Option<TimeoutHandle>>,
    told: Cell<i64>,
    telling: Cell<bool>,
    /// Set when the note has no room for more.
    full: RwSignal<bool>,
    /// Called when the document is gone and there is nothing to write in.
    lost: Callback<()>,
}

impl Binding {
    /// Fills the field, puts the caret last in it, and listens for others' writing.
    pub(super) fn open(
        note: NoteId,
        element: HtmlTextAreaElement,
        full: RwSignal<bool>,
        lost: Callback<()>,
    ) -> Rc<Self> {
        let text = store().written(note).unwrap_or_default();
        element.set_value(&text);
        // Safari's own attribute, which the framework does not know.
        let _ = element.set_attribute("autocorrect", "on");
        let end = length(&text);
        let _ = element.focus();
        let _ = element.set_selection_range(end, end);
        let binding = Rc::new(Self {
            note,
            element,
            shown: RefCell::new(text),
            hold: RefCell::default(),
            waiting: Cell::default(),
            told: Cell::default(),
            telling: Cell::default(),
            full,
            lost,
        });
        let weak = Rc::downgrade(&binding);
        store().listen(note, move || {
            if let Some(binding) = weak.upgrade() {
                binding.news();
            }
        });
        binding.fit();
        bring_into_view(&binding.element);
        binding.tell();
        binding
    }

    /// Something was put in or taken out by hand, voice or pen.
    pub(super) fn input(self: &Rc<Self>, event: &InputEvent) {
        self.hold.borrow_mut().input(now(), &event.input_type(), event.is_composing());
        self.read();
        self.fit();
        self.tell();
        if store().queued(self.note) > 0 {
            self.news();
        }
    }

    /// A composition began.
    pub(super) fn composition_started(&self) {
        self.hold.borrow_mut().composition_started();
    }

    /// A composition ended.
    pub(super) fn composition_ended(self: &Rc<Self>) {
        self.hold.borrow_mut().composition_ended(now());
        self.read();
        if store().queued(self.note) > 0 {
            self.news();
        }
    }

    /// The browser's own undo would take back others' words too: ours is used instead. True when it was that.
    pub(super) fn undo_by_kind(&self, kind: &str) -> bool {
        match kind {
            "historyUndo" => store().undo_in(self.note),
            "historyRedo" => store().redo_in(self.note),
            _ => return false,
        };
        true
    }

    /// What a key means here.
    pub(super) fn key(&self, event: &KeyboardEvent) -> Key {
        let command = event.ctrl_key() || event.meta_key();
        let kind = match event.key().as_str() {
            // Keys in a composition have the code 229, also where the event does not say so.
            "Enter" if event.shift_key() || event.is_composing() || event.key_code() == 229 => return Key::Plain,
            "Enter" if self.hold.borrow().swallows_enter(now()) => return Key::Plain,
            "Enter" => return Key::Next,
            "Escape" if !event.is_composing() => return Key::Leave,
            "z" | "Z" if command && event.shift_key() => "historyRedo",
            "z" | "Z" if command => "historyUndo",
            "y" | "Y" if command => "historyRedo",
            _ => return Key::Plain,
        };
        event.prevent_default();
        self.undo_by_kind(kind);
        Key::Plain
    }

    /// Whether nothing is written.
    pub(super) fn is_blank(&self) -> bool {
        self.shown.borrow().trim().is_empty()
    }

    /// Tells the own group where the caret is, at most so often.
    pub(super) fn tell(self: &Rc<Self>) {
        if self.telling.get() {
            return;
        }
        let since = now() - self.told.get();
        if since >= TELL_EVERY {
            self.told.set(now());
            store().writing(Some(self.note), self.element.selection_start().ok().flatten());
            return;
        }
        self.telling.set(true);
        let weak = Rc::downgrade(self);
        let wait = Duration::from_millis(u64::try_from(TELL_EVERY - since).unwrap_or_default());
        set_timeout(
            move || {
                if let Some(binding) = weak.upgrade() {
                    binding.telling.set(false);
                    binding.tell();
                }
            },
            wait,
        );
    }

    /// Lets the timer go.
    pub(super) fn close(&self) {
        if let Some(timer) = self.waiting.take() {
            timer.clear();
        }
        store().stop_listening(self.note);
        store().writing(None, None);
        store().close_note(self.note);
    }

    /// Finds what changed in the field and writes it in the document.
    fn read(&self) {
        let value = self.element.value();
        let caret = self.element.selection_end().ok().flatten();
        let before = self.shown.borrow().clone();
        let Some(change) = diff(&before, &value, caret) else { return };
        let cleaned = clean(&change.insert);
        let room = LONGEST_TEXT.saturating_sub(length(&before).saturating_sub(change.delete));
        let kept = shortened(&cleaned, room);
        self.full.set(kept.len() < cleaned.len());
        store().splice(self.note, change.at, change.delete, kept);
        self.shown.replace(store().written(self.note).unwrap_or_default());
        if *self.shown.borrow() != value && self.hold.borrow_mut().wait(now(), usize::MAX).is_none() {
            let caret = change.at + length(kept);
            self.show(&value, Some((caret, caret)));
        }
    }

    /// The document changed under the field, or something waits to come in.
    fn news(self: &Rc<Self>) {
        let Some(text) = store().written(self.note) else {
            let _ = self.lost.try_run(());
            return;
        };
        let before = self.shown.borrow().clone();
        if text != before {
            // Undone or redone by the person: shown at once, with the caret where it happened.
            let at = diff(&before, &text, None).map(|change| change.at + length(&change.insert));
            self.shown.replace(text);
            self.show(&before, at.map(|at| (at, at)));
        }
        let queued = store().queued(self.note);
        if queued == 0 {
            return;
        }
        match self.hold.borrow_mut().wait(now(), queued) {
            None => {}
            Some(None) => return,
            Some(Some(wait)) => return self.wait(wait),
        }
        let selection = (
            self.element.selection_start().ok().flatten().unwrap_or_default(),
            self.element.selection_end().ok().flatten().unwrap_or_default(),
        );
        let selection = store().take_in(self.note, selection);
        let before = self.shown.replace(store().written(self.note).unwrap_or_default());
        self.show(&before, Some(selection));
    }

    fn wait(self: &Rc<Self>, wait: i64) {
        let weak = Rc::downgrade(self);
        let wait = Duration::from_millis(u64::try_from(wait).unwrap_or_default());
        let again = move || {
            if let Some(binding) = weak.upgrade() {
                binding.news();
            }
        };
        let timer = set_timeout_with_handle(again, wait).ok();
        if let Some(before) = self.waiting.replace(timer) {
            before.clear();
        }
    }

    /// Changes as little as can be of a field that holds `before`, so that it holds what is to be shown.
    fn show(&self, before: &str, selection: Option<(u32, u32)>) {
        let shown = self.shown.borrow();
        let Some(change) = diff(before, &shown, None) else { return };
        let end = change.at + change.delete;
        let _ = self.element.set_range_text_with_start_and_end(&change.insert, change.at, end);
        // Setting a selection in a field without focus pulls the page to it on some tablets.
        let focused = document().active_element().is_some_and(|active| active == **self.element);
        if let Some((start, end)) = selection.filter(|_| focused) {
            let _ = self.element.set_selection_range(start, end);
        }
        drop(shown);
        self.fit();
    }

    /// As tall as what it holds, in browsers that do not do that by themselves.
    fn fit(&self) {
        if web_sys::css::supports_with_value("field-sizing", "content").unwrap_or_default() {
            return;
        }
        let style = HtmlElement::style(&self.element);
        let _ = style.set_property("height", "auto");
        let _ = style.set_property("height", &format!("{}px", self.element.scroll_height()));
    }
}

/// Brings the card around an element into view, if it is not.
pub(crate) fn bring_into_view(element: &Element) {
    if let Ok(Some(card)) = element.closest(".note") {
        let nearest = ScrollIntoViewOptions::new();
        nearest.set_block(ScrollLogicalPosition::Nearest);
        card.scroll_into_view_with_scroll_into_view_options(&nearest);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds since 1970 fit")]
fn now() -> i64 {
    js_sys::Date::now() as i64
}
