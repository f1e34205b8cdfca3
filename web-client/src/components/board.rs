//! The own group's board: columns beside each other, or one at a time where the page is narrow.

use leptos::prelude::*;
use verksted_protocol::ids::{ColumnId, NoteId};
use verksted_protocol::workshop::boards::LaneId;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::icon;
use super::note::{NoteCard, Place};
use crate::store::{Topic, store};
use crate::t;

/// The board of our group.
#[component]
pub(crate) fn GroupBoard(lane: LaneId, #[prop(into)] writable: Signal<bool>) -> impl IntoView {
    let store = store();
    let (titles, limit) = store.peek(|workshop| {
        let board = workshop.boards.list.get(&lane.board);
        board.map(|board| (board.columns.clone(), usize::from(board.most_notes))).unwrap_or_default()
    });
    let count = titles.len();
    let columns: Vec<ColumnId> = (0..count).filter_map(|at| u16::try_from(at).ok()).map(ColumnId).collect();
    let titles = StoredValue::new(titles);
    let open = RwSignal::new(None::<NoteId>);
    let menu = RwSignal::new(None::<NoteId>);
    let shown = RwSignal::new(ColumnId(0));
    let order = Memo::new(move |_| store.own_order(lane));
    let standing = Memo::new(move |_| order.with(|order| order.values().map(Vec::len).sum::<usize>()));
    let full = Memo::new(move |_| standing.get() >= limit);
    let notes_in = move |column: ColumnId| order.with(|order| order.get(&column).cloned().unwrap_or_default());
    Effect::new(move |_| {
        if !writable.get() {
            open.set(None);
            menu.set(None);
        }
    });
    let place = move |column| Place { lane, column, titles, open, menu, writable };

    let tabs = (count > 1).then(|| {
        let tab = move |column: ColumnId| {
            tab(place(column).title(column), column, shown, Signal::derive(move || notes_in(column).len()))
        };
        view! {
            <div class="ds-tabs board-tabs">
                <div role="tablist" aria-label=t!("columns") on:keydown=move |event| tab_keys(&event, shown, count)>
                    {columns.iter().copied().map(tab).collect_view()}
                </div>
            </div>
        }
    });
    let sections: Vec<_> = columns
        .iter()
        .map(|column| {
            let column = *column;
            let place = place(column);
            let title = place.title(column);
            let add_label = t!("new-note-in", column = title.clone());
            view! {
                <section
                    class="column"
                    id=format!("column-{column}")
                    data-column=column.0
                    data-shown=move || (shown.get() == column).then_some("")
                    aria-labelledby=format!("column-title-{column}")
                >
                    <div class="column-head">
                        <h2 id=format!("column-title-{column}")>{title}</h2>
                        <span class="quiet figures" aria-hidden="true">{move || notes_in(column).len()}</span>
                    </div>
                    <ul class="notes" on:keydown=move |event| note_keys(&event)>
                        <For each=move || notes_in(column) key=|note| *note let:note>
                            <NoteCard place note />
                        </For>
                    </ul>
                    {move || {
                        (writable.get() && !full.get())
                            .then(|| {
                                view! {
                                    <button type="button" class="add-note" data-action="new-note" aria-label=add_label.clone() on:click=move |_| place.add(None)>
                                        {icon("add")}
                                        {t!("new-note")}
                                    </button>
                                }
                            })
                    }}
                    // Last in its column, where nothing moves when it goes.
                    <Show when=move || column == ColumnId(0) && writable.get() && standing.get() == 0>
                        <div class="example">
                            <p>{t!("board-empty")}</p>
                            <p>{t!("board-example")}</p>
                        </div>
                    </Show>
                </section>
            }
        })
        .collect();
    view! {
        {tabs}
        <div class="board" style:--columns=count.to_string()>{sections}</div>
        <Show when=move || writable.get() && full.get()>
            <p class="quiet" role="status">{t!("board-full", limit = limit)}</p>
        </Show>
    }
}

fn tab(title: String, column: ColumnId, shown: RwSignal<ColumnId>, count: Signal<usize>) -> impl IntoView {
    let chosen = move || shown.get() == column;
    view! {
        <button
            type="button"
            role="tab"
            data-column=column.0
            aria-selected=move || chosen().to_string()
            aria-controls=format!("column-{column}")
            tabindex=move || if chosen() { "0" } else { "-1" }
            on:click=move |_| shown.set(column)
        >
            {title}
            " "
            <span class="figures">{move || format!("({})", count.get())}</span>
        </button>
    }
}

fn tab_keys(event: &leptos::ev::KeyboardEvent, shown: RwSignal<ColumnId>, count: usize) {
    let at = usize::from(shown.get_untracked().0);
    let to = match event.key().as_str() {
        "ArrowRight" => (at + 1) % count,
        "ArrowLeft" => (at + count - 1) % count,
        _ => return,
    };
    event.prevent_default();
    shown.set(ColumnId(u16::try_from(to).unwrap_or_default()));
    focus(event, "[role=tab]", to);
}

/// Up and down walk the notes of a column; the field keeps its own arrows.
fn note_keys(event: &leptos::ev::KeyboardEvent) {
    let step = match event.key().as_str() {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        _ => return,
    };
    let Some(target) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) else { return };
    let list = event.current_target().and_then(|list| list.dyn_into::<HtmlElement>().ok());
    let Some(list) = list.filter(|_| target.class_list().contains("note-text")) else { return };
    let Ok(notes) = list.query_selector_all("button.note-text") else { return };
    let own = (0..notes.length()).find(|at| notes.item(*at).is_some_and(|node| node == **target));
    if let Some(to) = own.and_then(|own| own.checked_add_signed(step)).filter(|to| *to < notes.length()) {
        event.prevent_default();
        focus(event, "button.note-text", to as usize);
    }
}

/// Moves the focus to the element number `at` of those that match, inside what listens.
fn focus(event: &leptos::ev::KeyboardEvent, selector: &str, at: usize) {
    let inside = event.current_target().and_then(|inside| inside.dyn_into::<HtmlElement>().ok());
    let found = inside.and_then(|inside| inside.query_selector_all(selector).ok());
    let item = found.and_then(|found| found.item(u32::try_from(at).unwrap_or_default()));
    if let Some(element) = item.and_then(|item| item.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Every group's notes on a board, read only, side by side by group.
#[component]
pub(crate) fn SharedBoard(board: verksted_protocol::ids::StepId) -> impl IntoView {
    let store = store();
    let titles =
        store.peek(|workshop| workshop.boards.list.get(&board).map(|board| board.columns.clone()).unwrap_or_default());
    let count = titles.len();
    let shown = RwSignal::new(ColumnId(0));
    let notes_in = move |column: ColumnId| {
        store.read(Topic::Board(board), |workshop| {
            let lanes = workshop.boards.list.get(&board).into_iter().flat_map(|board| &board.lanes);
            lanes
                .flat_map(|(group, lane)| {
                    let lane_id = LaneId { board, group: *group };
                    lane.columns.get(&column).into_iter().flatten().map(move |note| (lane_id, *note))
                })
                .collect::<Vec<_>>()
        })
    };
    let sections: Vec<_> = titles
        .iter()
        .zip(0_u16..)
        .map(|(title, at)| {
            let column = ColumnId(at);
            view! {
                <section class="column" id=format!("column-{at}") data-column=at data-shown=move || (shown.get() == column).then_some("")>
                    <div class="column-head"><h2>{title.clone()}</h2><span class="quiet figures">{move || notes_in(column).len()}</span></div>
                    <ul class="notes">
                        <For each=move || notes_in(column) key=|(_, note)| *note let((lane, note))>
                            <li>
                                <article class="note" data-origin="politikk" data-frozen="" data-note=note.to_string()>
                                    <p class="note-text">{move || store.text(lane, note)}</p>
                                    <div class="note-foot">{super::group_mark(lane.group)}</div>
                                </article>
                            </li>
                        </For>
                    </ul>
                </section>
            }
        })
        .collect();
    let tabs = (count > 1).then(|| {
        let tabs = titles.into_iter().zip(0_u16..).map(|(title, at)| {
            let column = ColumnId(at);
            tab(title, column, shown, Signal::derive(move || notes_in(column).len()))
        });
        view! {
            <div class="ds-tabs board-tabs">
                <div role="tablist" aria-label=t!("columns") on:keydown=move |event| tab_keys(&event, shown, count)>
                    {tabs.collect_view()}
                </div>
            </div>
        }
    });
    view! {
        {tabs}
        <div class="board" style:--columns=count.to_string()>{sections}</div>
    }
}
