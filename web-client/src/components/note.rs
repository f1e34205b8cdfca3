//! A note on one's own group's board: its words, who writes in it, how far it is saved, and what can be done with it.

use leptos::prelude::*;
use verksted_protocol::ids::{ColumnId, NoteId};
use verksted_protocol::workshop::boards::LaneId;

use super::icon;
use crate::editor::diff::{length, shortened};
use crate::editor::field::NoteField;
use crate::net::outbox::Saved;
use crate::store::{Topic, store};
use crate::t;

/// What a note needs to know of the board it stands on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// The group's lane.
    pub(crate) lane: LaneId,
    /// The column.
    pub(crate) column: ColumnId,
    /// Titles of all columns.
    pub(crate) titles: StoredValue<Vec<String>>,
    /// The one note that is open.
    pub(crate) open: RwSignal<Option<NoteId>>,
    /// The one note whose choices are shown.
    pub(crate) menu: RwSignal<Option<NoteId>>,
    /// Whether the board takes writing now.
    pub(crate) writable: Signal<bool>,
}

impl Place {
    pub(crate) fn title(self, column: ColumnId) -> String {
        self.titles.with_value(|titles| titles.get(usize::from(column.0)).cloned().unwrap_or_default())
    }

    /// The notes of this column, in order.
    pub(crate) fn notes(self) -> Vec<NoteId> {
        untrack(|| store().own_order(self.lane).remove(&self.column).unwrap_or_default())
    }

    /// Opens a note for writing.
    pub(crate) fn write(self, note: NoteId) {
        if self.writable.get_untracked() && store().open_note(self.lane, note) {
            self.menu.set(None);
            self.open.set(Some(note));
        }
    }

    /// A new note after another, or last, open for writing.
    pub(crate) fn add(self, after: Option<NoteId>) {
        let after = after.or_else(|| self.notes().last().copied());
        if let Some(note) = store().new_note(self.lane, self.column, after) {
            self.write(note);
        }
    }

    fn left(self, note: NoteId, blank: bool) {
        if self.open.get_untracked() == Some(note) {
            self.open.set(None);
        }
        // A point nobody wrote anything in is no point; only the page that made it takes it away.
        let ours = store().you().is_some_and(|you| you.client == note.by);
        if blank && ours && store().text(self.lane, note).trim().is_empty() {
            store().drop_blank(self.lane.board, note);
        }
    }
}

/// Names of those in the group who write in this note now.
pub(crate) fn writers(note: NoteId) -> String {
    let store = store();
    let own = store.seat();
    let presence = store.presence();
    let writing = presence.writing.iter().filter(|(seat, writing)| writing.note == Some(note) && Some(**seat) != own);
    let seats: Vec<_> = writing.map(|(seat, _)| *seat).collect();
    let names = store.peek(|workshop| {
        let name = |seat| workshop.seats.list.get(seat).map(|seat| first_name(&seat.name).to_owned());
        seats.iter().filter_map(name).collect::<Vec<_>>()
    });
    names.join(", ")
}

/// In the group one is on first names.
pub(crate) fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}

/// One note.
#[component]
pub(crate) fn NoteCard(place: Place, note: NoteId) -> impl IntoView {
    let store = store();
    let is_open = Memo::new(move |_| place.open.get() == Some(note));
    let has_menu = Memo::new(move |_| place.menu.get() == Some(note));
    let others = Memo::new(move |_| writers(note));
    let text = Memo::new(move |_| store.text(place.lane, note));
    view! {
        <li>
            <article
                class="note"
                data-origin="politikk"
                data-note=note.to_string()
                data-open=move || is_open.get().then_some("")
                data-busy=move || others.with(|others| !others.is_empty()).then_some("")
            >
                {move || {
                    if is_open.get() {
                        open_note(place, note, text).into_any()
                    } else {
                        closed_note(place, note, text).into_any()
                    }
                }}
                {move || has_menu.get().then(|| super::note_menu::menu(place, note))}
                <Show when=move || others.with(|others| !others.is_empty())>
                    // Seen, not heard: the page's one live region says it, and not at every letter.
                    <span class="writer" aria-hidden="true">{move || t!("writes", name = others.get())}</span>
                </Show>
            </article>
        </li>
    }
}

fn open_note(place: Place, note: NoteId, text: Memo<String>) -> impl IntoView {
    let label = t!("note-field", column = place.title(place.column));
    let next = Callback::new(move |blank: bool| {
        if blank {
            place.left(note, true);
        } else {
            place.add(Some(note));
        }
    });
    let leave = Callback::new(move |blank: bool| place.left(note, blank));
    view! {
        <div class="note-sheet">
            <NoteField note label on_next=next on_leave=leave />
            {carets_over(place, note, text)}
        </div>
        <div class="note-foot">
            <span class="trust">{t!("trust-shared")}</span>
            <SaveSign note />
        </div>
    }
}

/// Others' carets over the open field. The same words, unseen, in the same box as the field's: that puts each caret
/// where it belongs, and nothing has to be measured.
fn carets_over(place: Place, note: NoteId, text: Memo<String>) -> impl IntoView {
    let carets = Memo::new(move |_| store().carets(place.lane, note));
    move || {
        carets.with(|carets| {
            (!carets.is_empty()).then(|| {
                let words = text.with(|text| with_carets(text, carets));
                view! { <div class="note-field note-carets" aria-hidden="true">{words}</div> }
            })
        })
    }
}

fn closed_note(place: Place, note: NoteId, text: Memo<String>) -> impl IntoView {
    let carets = Memo::new(move |_| store().carets(place.lane, note));
    let shown = move || {
        if text.with(|text| text.trim().is_empty()) {
            return t!("note-empty").into_any();
        }
        text.with(|text| carets.with(|carets| with_carets(text, carets))).into_any()
    };
    let writable = place.writable;
    view! {
        {move || {
            if writable.get() {
                view! {
                    <button type="button" class="note-text" data-action="edit-note" on:click=move |_| place.write(note)>
                        {shown}
                    </button>
                }
                    .into_any()
            } else {
                view! { <p class="note-text">{shown}</p> }.into_any()
            }
        }}
        <span class="note-side">
            <SaveSign note />
            <Show when=move || writable.get()>
                <button
                    type="button"
                    class="note-more"
                    data-action="note-menu"
                    aria-expanded=move || (place.menu.get() == Some(note)).to_string()
                    aria-label=t!("note-more")
                    on:click=move |_| place.menu.update(|open| *open = (*open != Some(note)).then_some(note))
                >
                    {icon("menu")}
                </button>
            </Show>
        </span>
    }
}

/// The words of a note with a mark where others have their carets.
fn with_carets(text: &str, carets: &[u32]) -> impl IntoView + use<> {
    let mut rest = text;
    let mut passed = 0;
    let mut parts = Vec::new();
    for caret in carets {
        let before = shortened(rest, caret.saturating_sub(passed));
        passed += length(before);
        rest = &rest[before.len()..];
        parts.push(view! { {before.to_owned()} <span class="caret" aria-hidden="true"></span> });
    }
    view! { {parts} {rest.to_owned()} }
}

/// *På nettbrettet → sendt → lagret*, for what this page has written. Where the tablet keeps nothing it says so.
#[component]
fn SaveSign(note: NoteId) -> impl IntoView {
    let store = store();
    let state = Memo::new(move |_| {
        store.track(Topic::Note(note));
        store.wrote(note).then(|| store.saved(note))
    });
    move || {
        let (name, drawing, words) = match state.get()? {
            Saved::Typed => ("typed", "clock", t!("saved-typed")),
            Saved::Here => ("device", "device", t!("saved-device")),
            Saved::Sent => ("sent", "cloud", t!("saved-sent")),
            Saved::Stored => ("saved", "check", t!("saved-saved")),
        };
        Some(view! {
            <span class="save" data-state=name>
                {icon(drawing)}
                <span class="save-words">{words}</span>
            </span>
        })
    }
}
