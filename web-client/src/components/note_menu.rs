//! What can be done with a note besides writing in it. Buttons, because dragging asks for steady hands.

use leptos::html::Div;
use leptos::prelude::*;
use verksted_protocol::ids::{ColumnId, NoteId};

use super::icon;
use super::note::Place;
use crate::editor::bring_into_view;
use crate::store::store;
use crate::t;

/// The choices of a note, under its words.
pub(crate) fn menu(place: Place, note: NoteId) -> impl IntoView {
    let notes = place.notes();
    let at = notes.iter().position(|id| *id == note).unwrap_or_default();
    let before = at.checked_sub(1).and_then(|at| notes.get(at)).copied();
    // Up is after the note before the one before; down is after the next one.
    let up = before.map(|_| at.checked_sub(2).and_then(|at| notes.get(at)).copied());
    let down = notes.get(at + 1).copied();
    let go = move |column: ColumnId, after: Option<NoteId>| {
        store().move_note(place.lane.board, note, (column, after), (place.column, before));
        place.menu.set(None);
    };
    let other_columns: Vec<ColumnId> = place.titles.with_value(|titles| {
        (0..titles.len())
            .filter_map(|at| u16::try_from(at).ok())
            .map(ColumnId)
            .filter(|id| *id != place.column)
            .collect()
    });
    let delete = move |_| {
        store().delete_note(place.lane.board, note);
        place.menu.set(None);
    };
    let keys = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            place.menu.set(None);
        }
    };
    let here = NodeRef::<Div>::new();
    Effect::new(move |_| {
        if let Some(here) = here.get() {
            bring_into_view(&here);
        }
    });
    view! {
        <div class="note-menu" node_ref=here on:keydown=keys>
            {up.map(|after| choice("arrow-up", t!("note-up"), "move-up", move |_| go(place.column, after)))}
            {down.map(|after| choice("arrow-down", t!("note-down"), "move-down", move |_| go(place.column, Some(after))))}
            {other_columns
                .into_iter()
                .map(|column| {
                    let words = t!("note-move", column = place.title(column));
                    choice("arrow-right", words, "move-note", move |_| {
                        let last = untrack(|| store().own_order(place.lane)).get(&column).and_then(|notes| notes.last().copied());
                        go(column, last);
                    })
                })
                .collect_view()}
            {choice("trash", t!("note-delete"), "delete-note", delete)}
        </div>
    }
}

fn choice(
    drawing: &'static str,
    words: String,
    action: &'static str,
    act: impl Fn(leptos::ev::MouseEvent) + 'static,
) -> impl IntoView {
    view! {
        <button type="button" class="ds-button" data-variant="tertiary" data-size="sm" data-action=action on:click=act>
            {icon(drawing)}
            {words}
        </button>
    }
}
