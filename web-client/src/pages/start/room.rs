//! The room in small: tables with their group's shape, a seat that moves when somebody writes, the wall, and each
//! table's latest line.

use std::collections::BTreeMap;
use std::time::Duration;

use leptos::prelude::*;
use verksted_protocol::ids::{GroupId, NoteId};
use verksted_protocol::workshop::Event;
use verksted_protocol::workshop::boards::{LaneId, NoteEvent};

use crate::components::scene::outside_the_steps;
use crate::components::signs::{group_mark, shape};
use crate::room;
use crate::store::{Topic, store};
use crate::t;

/// How long a seat shows that somebody wrote.
const WRITES_FOR: Duration = Duration::from_millis(1_400);
/// Tables in one row of the drawing.
const IN_A_ROW: usize = 3;
/// Seats drawn at a table.
const SEATS: usize = 6;
/// The size of the drawing, in its own units.
const WIDE: f64 = 520.0;
const ROW: f64 = 150.0;
const WALL: f64 = 96.0;

fn groups() -> Vec<GroupId> {
    store().read(Topic::Meeting, |workshop| workshop.groups.list.keys().copied().collect())
}

fn step() -> Option<String> {
    store().track(Topic::Meeting);
    store().read(Topic::Programme, |workshop| {
        let step = workshop.programme.current_step()?;
        Some(t!("step", number = step.id.0, title = step.title.as_str()))
    })
}

/// What stands on the wall when there is no step.
fn status() -> String {
    let groups = groups();
    let status = store().read(Topic::Meeting, |workshop| workshop.meeting.status);
    if groups.is_empty() { String::new() } else { outside_the_steps(status).0 }
}

/// The drawing.
#[component]
pub(super) fn Drawing() -> impl IntoView {
    let writing = RwSignal::new(BTreeMap::<(GroupId, usize), u32>::new());
    store().on_event(move |recorded| {
        let Event::Note(NoteEvent::Edited { lane, note, .. }) = &recorded.event else { return };
        // What comes with the first load happened before anybody looked.
        if store().now().0 - recorded.at.0 > 5_000 {
            return;
        }
        let seat = (lane.group, note.by.0 as usize % SEATS);
        let begun = writing.try_update(|writing| *writing.entry(seat).and_modify(|times| *times += 1).or_insert(1));
        set_timeout(
            move || {
                let _ = writing.try_update(|writing| {
                    if writing.get(&seat) == begun.as_ref() {
                        writing.remove(&seat);
                    }
                });
            },
            WRITES_FOR,
        );
    });
    let groups = Memo::new(|_| groups());
    let rows = move || groups.with(Vec::len).div_ceil(IN_A_ROW).max(1);
    let high = move || {
        let rows = u32::try_from(rows()).unwrap_or(1);
        WALL + ROW * f64::from(rows) + 20.0
    };
    let tables = move || {
        let all = groups.get();
        let count = all.len();
        all.into_iter().enumerate().map(|(place, group)| table(group, place, count, writing)).collect_view()
    };
    view! {
        <svg class="room" viewBox=move || format!("0 0 {WIDE} {}", high()) aria-hidden="true">
            <rect class="room-floor" x="0" y="40" width=WIDE height=move || high() - 40.0 rx="18" />
            <rect class="room-wall" x="110" y="8" width="300" height="72" rx="8" />
            <text class="room-step" x="260" y="50" text-anchor="middle">
                {move || step().unwrap_or_else(status)}
            </text>
            {tables}
        </svg>
    }
}

fn table(
    group: GroupId,
    place: usize,
    count: usize,
    writing: RwSignal<BTreeMap<(GroupId, usize), u32>>,
) -> impl IntoView {
    let row = place / IN_A_ROW;
    let in_row = (count - row * IN_A_ROW).min(IN_A_ROW);
    let number = |value: usize| f64::from(u32::try_from(value).unwrap_or_default());
    let x = WIDE / number(in_row * 2) * number(2 * (place % IN_A_ROW) + 1);
    let y = WALL + ROW * (number(row) + 0.5);
    let seats = (0..SEATS).map(|seat| {
        let angle = std::f64::consts::TAU * (number(seat) + 0.5) / number(SEATS);
        let (cx, cy) = (x + 62.0 * angle.cos(), y + 50.0 * angle.sin());
        let writes = move || writing.with(|writing| writing.contains_key(&(group, seat))).then_some("");
        view! { <circle class="room-seat" cx=cx cy=cy r="8" data-writing=writes /> }
    });
    view! {
        <g data-group=group.0>
            <ellipse class="room-table" cx=x cy=y rx="44" ry="33" />
            <svg class="room-shape" x=x - 13.0 y=y - 13.0 width="26" height="26">
                <use href=shape(group) />
            </svg>
            {seats.collect_view()}
        </g>
    }
}

/// Each table's latest line.
#[component]
pub(super) fn Lines() -> impl IntoView {
    let groups = Memo::new(|_| groups());
    let latest = RwSignal::new(BTreeMap::<GroupId, (LaneId, NoteId)>::new());
    store().on_event(move |recorded| {
        let Event::Note(NoteEvent::Edited { lane, note, .. }) = &recorded.event else { return };
        let here = (*lane, *note);
        let known = latest.try_with_untracked(|latest| latest.get(&lane.group) == Some(&here));
        if known == Some(false) {
            latest.update(|latest| {
                latest.insert(lane.group, here);
            });
        }
    });
    let line = move |group: GroupId| {
        let note = Memo::new(move |_| latest.with(|latest| latest.get(&group).copied()).or_else(|| standing(group)));
        let text =
            move || note.get().map(|(lane, note)| store().text(lane, note)).filter(|text| !text.trim().is_empty());
        view! {
            <li class="room-line" data-group=group.0>
                {group_mark(group)}
                <p data-note=move || {
                    note.get().map(|(_, note)| note.to_string())
                }>{move || text().unwrap_or_else(|| t!("follow-column-empty"))}</p>
            </li>
        }
    };
    let more = move || {
        let notes: usize = store().read(Topic::Proposals, |workshop| {
            let lanes = workshop.boards.list.values().flat_map(|board| board.lanes.values());
            lanes.map(verksted_protocol::workshop::boards::Lane::standing).sum()
        });
        t!("start-room-more", groups = groups.with(Vec::len), notes = notes)
    };
    view! {
        <Show when=move || !groups.with(Vec::is_empty)>
            <section class="room-now" aria-labelledby="room-now">
                <div class="row">
                    <h2 class="ds-heading" data-size="xs" id="room-now">
                        {t!("start-room")}
                    </h2>
                    <p class="quiet">{move || step().map(|step| step + " – ")} {more}</p>
                </div>
                <ul class="room-lines">
                    <For each=move || groups.get() key=|group| *group let:group>
                        {line(group)}
                    </For>
                </ul>
            </section>
        </Show>
    }
}

/// A group's last note on the board the room looks at, before anything has been seen written.
fn standing(group: GroupId) -> Option<(LaneId, NoteId)> {
    let board = store().read(Topic::Programme, room::board)?;
    let lane = LaneId { board, group };
    store().read(Topic::Board(board), |workshop| {
        let columns = &workshop.boards.lane(lane)?.columns;
        columns.values().flat_map(|notes| notes.last()).last().map(|note| (lane, *note))
    })
}
