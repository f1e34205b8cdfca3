//! What the groups write, side by side. Newest last; when a group's place is full its oldest notes leave it, whole.

use std::time::Duration;

use leptos::ev::resize;
use leptos::html::Ul;
use leptos::prelude::*;
use verksted_protocol::ids::{GroupId, NoteId, StepId};
use verksted_protocol::workshop::boards::{Lane, LaneId};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::components::signs::group_mark;
use crate::flow::{Flow, HOLD_MS};
use crate::room;
use crate::store::{Topic, store};
use crate::t;

/// The view.
pub(super) fn view() -> impl IntoView {
    let board = Memo::new(|_| store().read(Topic::Programme, room::board));
    let groups = Memo::new(|_| {
        store().read(Topic::Meeting, |workshop| workshop.groups.list.keys().copied().collect::<Vec<_>>())
    });
    let title = |board: StepId| {
        store().read(Topic::Programme, |workshop| workshop.programme.step(board).map(|step| step.title.clone()))
    };
    let heading = move || board.get().and_then(title).unwrap_or_else(|| t!("wall-no-board"));
    let prompt =
        || store().read(Topic::Programme, |workshop| workshop.programme.current_step().map(|step| step.prompt.clone()));
    let columns = move || {
        let board = board.get()?;
        Some(groups.get().into_iter().map(|group| view! { <Column board group /> }).collect_view())
    };
    view! {
        <h1 class="ds-sr-only">
            {heading}
        </h1>
        <div class="wall-columns" data-groups=move || groups.with(Vec::len)>
            {columns} <p class="wall-ask">{prompt}</p>
        </div>
    }
}

/// One group's place.
#[component]
fn Column(board: StepId, group: GroupId) -> impl IntoView {
    let lane = LaneId { board, group };
    let column = Place::new(lane);
    Effect::new(move |_| column.take());
    let resized = window_event_listener(resize, move |_| column.resized());
    on_cleanup(move || resized.remove());
    let none = move || {
        let empty = column.shown.with(Vec::is_empty);
        empty.then(|| view! { <p class="wall-empty">{t!("wall-notes-none")}</p> })
    };
    view! {
        <section class="wall-column" data-group=group.0>
            <header>
                <h2>{group_mark(group)}</h2>
            </header>
            <ul class="wall-notes" node_ref=column.list>
                <For each=move || column.shown.get() key=|note| *note let:note>
                    {note_view(lane, note)}
                </For>
            </ul>
            {none}
        </section>
    }
}

fn note_view(lane: LaneId, note: NoteId) -> impl IntoView {
    // Which column of the board it stands in; with one column there is nothing to tell apart.
    let column = move || {
        store().read(Topic::Board(lane.board), |workshop| {
            let board = workshop.boards.list.get(&lane.board).filter(|board| board.columns.len() > 1)?;
            let column = board.lanes.get(&lane.group)?.notes.get(&note)?.column;
            board.columns.get(usize::from(column.0)).cloned()
        })
    };
    view! {
        <li class="note" data-origin="politikk" data-note=note.to_string()>
            <p class="note-text">
                {move || column().map(|column| view! { <span class="wall-note-column">{column}": "</span> })}
                {move || store().text(lane, note)}
            </p>
        </li>
    }
}

/// What a group's place knows about itself.
#[derive(Clone, Copy)]
struct Place {
    lane: LaneId,
    list: NodeRef<Ul>,
    flow: StoredValue<Flow>,
    shown: RwSignal<Vec<NoteId>>,
    /// Somebody will look whether everything has room.
    looking: StoredValue<bool>,
    /// When notes last left, on the page's clock.
    left_at: StoredValue<f64>,
}

impl Place {
    fn new(lane: LaneId) -> Self {
        Self {
            lane,
            list: NodeRef::new(),
            flow: StoredValue::new(Flow::default()),
            shown: RwSignal::new(Vec::new()),
            looking: StoredValue::new(false),
            left_at: StoredValue::new(0.0),
        }
    }

    /// The group wrote.
    fn take(self) {
        let standing = store().read(Topic::Lane(self.lane), |workshop| standing(workshop.boards.lane(self.lane)));
        self.flow.update_value(|flow| flow.take(&standing));
        self.show();
        self.look_soon();
    }

    fn resized(self) {
        self.flow.update_value(Flow::reset);
        self.left_at.set_value(0.0);
        self.show();
        self.look_soon();
    }

    fn show(self) {
        let now = self.flow.with_value(|flow| flow.shown().to_vec());
        if self.shown.with_untracked(|shown| *shown != now) {
            self.shown.set(now);
        }
    }

    fn look_soon(self) {
        if !self.looking.get_value() {
            self.looking.set_value(true);
            request_animation_frame(move || self.look());
        }
    }

    /// Whether everything has room; if not the oldest leave, unless some left just now.
    fn look(self) {
        // The view may have gone since somebody was to look.
        if self.looking.try_set_value(false).is_some() {
            return;
        }
        let Some(list) = self.list.get_untracked() else { return };
        if list.scroll_height() <= list.client_height() {
            return;
        }
        let now = js_sys::Date::now();
        let wait = self.left_at.get_value() + HOLD_MS - now;
        if wait > 0.0 {
            self.looking.set_value(true);
            set_timeout(move || self.look(), Duration::from_secs_f64(wait / 1_000.0));
            return;
        }
        let room = f64::from(list.client_height());
        if self.flow.try_update_value(|flow| flow.fit(&heights(&list), room)).unwrap_or_default() {
            self.left_at.set_value(now);
            self.show();
        }
    }
}

/// Notes with words in them. An empty one says nothing to the hall.
fn standing(lane: Option<&Lane>) -> Vec<NoteId> {
    let Some(lane) = lane else { return Vec::new() };
    let notes = lane.columns.keys().flat_map(|column| lane.column(*column));
    notes.filter(|(_, note)| !note.text.is_empty()).map(|(id, _)| id).collect()
}

/// How much room each note takes, the space after it included.
fn heights(list: &HtmlElement) -> Vec<f64> {
    let children = list.children();
    let notes = (0..children.length()).filter_map(|place| children.item(place)?.dyn_into::<HtmlElement>().ok());
    let edges: Vec<(i32, i32)> = notes.map(|note| (note.offset_top(), note.offset_height())).collect();
    let space = edges.first().zip(edges.get(1)).map_or(0, |(first, second)| second.0 - first.0 - first.1);
    edges.iter().map(|(_, height)| f64::from(height + space)).collect()
}
