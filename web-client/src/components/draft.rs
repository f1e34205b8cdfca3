//! The private draft pad. It lives on this tablet; sharing a draft makes it a note, and the draft is gone.

use leptos::html::Textarea;
use leptos::prelude::*;
use verksted_protocol::ids::{ColumnId, StepId};
use verksted_protocol::text::LONGEST_TEXT;

use super::icon;
use crate::editor::diff::{clean, length, shortened};
use crate::store::{Topic, store};
use crate::t;

/// The board a draft can be shared to now, with the titles of its columns.
fn target() -> Option<(StepId, Vec<String>)> {
    if store().is_stopped() {
        return None;
    }
    store().read(Topic::Programme, |workshop| {
        let board = workshop.programme.writable_board()?;
        Some((board, workshop.boards.list.get(&board)?.columns.clone()))
    })
}

/// The pad.
#[component]
pub(crate) fn DraftPad() -> impl IntoView {
    let store = store();
    let drafts = store.drafts();
    let listed = drafts.clone();
    // There is always a field to write in.
    if drafts.with_untracked(Vec::is_empty) {
        store.new_draft();
    }
    let target = Memo::new(move |_| target());
    let fresh = RwSignal::new(None::<u32>);
    let add = move |_| fresh.set(Some(store.new_draft()));
    view! {
        <div class="drafts">
            <p class="trust">{icon("lock")} <span>{t!("draft-trust")}</span></p>
            <For each=move || listed.get() key=|id| *id let:id>
                <Draft id target fresh />
            </For>
            {move || {
                drafts.track();
                if store.has_room_for_draft() {
                    view! { <button type="button" class="add-note" data-action="new-draft" on:click=add>{icon("add")} {t!("draft-new")}</button> }.into_any()
                } else {
                    view! { <p class="quiet" role="status">{t!("draft-full")}</p> }.into_any()
                }
            }}
            <Show when=move || target.with(Option::is_none)>
                <p class="quiet">{t!("draft-later")}</p>
            </Show>
        </div>
    }
}

#[component]
fn Draft(id: u32, target: Memo<Option<(StepId, Vec<String>)>>, fresh: RwSignal<Option<u32>>) -> impl IntoView {
    let store = store();
    let field = NodeRef::<Textarea>::new();
    let blank = RwSignal::new(store.draft(id).trim().is_empty());
    let choosing = RwSignal::new(false);
    Effect::new(move |_| {
        let Some(field) = field.get() else { return };
        // Written once: afterwards the field belongs to the person.
        field.set_value(&store.draft(id));
        if fresh.get_untracked() == Some(id) {
            let _ = field.focus();
        }
    });
    let merged = store.merged_drafts();
    Effect::new(move |_| {
        merged.track();
        let Some(field) = field.get_untracked() else { return };
        let text = store.draft(id);
        // Nobody writes in two pages at once: this one only follows the one that has the keyboard.
        if field.value() != text && !document().has_focus().unwrap_or_default() {
            field.set_value(&text);
            blank.set(text.trim().is_empty());
        }
    });
    let typed = move |_| {
        let Some(field) = field.get_untracked() else { return };
        let text = field.value();
        blank.set(text.trim().is_empty());
        store.write_draft(id, text);
    };
    let share = move |board: StepId, column: ColumnId| {
        let text = clean(store.draft(id).trim());
        let text = shortened(&text, LONGEST_TEXT);
        debug_assert!(length(text) <= LONGEST_TEXT);
        let lane = untrack(|| store.own_lane(board));
        if let Some(lane) = lane {
            untrack(|| store.share_draft(id, lane, column, text));
        }
    };
    let first = move |_| {
        let Some((board, columns)) = target.get_untracked() else { return };
        if columns.len() == 1 {
            share(board, ColumnId(0));
        } else {
            choosing.update(|choosing| *choosing = !*choosing);
        }
    };
    let columns = move || {
        let (board, columns) = target.get().filter(|_| choosing.get() && !blank.get())?;
        let buttons: Vec<_> = columns
            .into_iter()
            .zip(0_u16..)
            .map(|(title, at)| {
                view! {
                    <button type="button" class="ds-button" data-variant="secondary" data-size="sm" data-column=at data-action="share-in" on:click=move |_| share(board, ColumnId(at))>
                        {title}
                    </button>
                }
            })
            .collect();
        Some(view! { <div class="draft-columns"><span>{t!("draft-share-in")}</span> {buttons}</div> })
    };
    view! {
        <div class="draft" data-draft=id>
            <textarea
                class="note-field"
                node_ref=field
                lang="nb"
                autocapitalize="sentences"
                spellcheck="true"
                aria-label=t!("draft-field")
                placeholder=t!("draft-placeholder")
                on:input=typed
            ></textarea>
            <div class="draft-actions">
                <Show when=move || target.with(Option::is_some) && !blank.get()>
                    <button type="button" class="ds-button" data-action="share" aria-expanded=move || choosing.get().to_string() on:click=first>
                        {t!("draft-share")}
                    </button>
                </Show>
                <button type="button" class="note-more" data-action="delete-draft" aria-label=t!("draft-delete") on:click=move |_| store.drop_draft(id)>
                    {icon("trash")}
                </button>
            </div>
            {columns}
        </div>
    }
}
