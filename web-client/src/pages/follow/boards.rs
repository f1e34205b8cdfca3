//! The board one looks at, group by group.

use leptos::prelude::*;
use verksted_protocol::ids::{ColumnId, GroupId, NoteId, StepId};
use verksted_protocol::workshop::boards::{Lane, LaneId};

use super::heading;
use crate::components::icon;
use crate::room;
use crate::store::{Topic, store};
use crate::t;

/// All groups' notes on the board.
#[component]
pub(super) fn Groups() -> impl IntoView {
    let board = Memo::new(|_| {
        store().track(Topic::Meeting);
        let board = store().read(Topic::Programme, room::board)?;
        // Where the notes stand as proposals already, they are not shown once more.
        store().track(Topic::Proposals);
        store().peek(|workshop| {
            let found = workshop.boards.list.get(&board)?;
            let shown_above = room::proposals_board(workshop) == Some(board) && found.shared;
            (!shown_above).then_some(board)
        })
    });
    let groups = Memo::new(|_| {
        store().read(Topic::Meeting, |workshop| workshop.groups.list.keys().copied().collect::<Vec<_>>())
    });
    let title = |board: StepId| {
        store().read(Topic::Programme, |workshop| workshop.programme.step(board).map(|step| step.title.clone()))
    };
    move || {
        let board = board.get()?;
        let groups = groups.get().into_iter().map(|group| view! { <Group board group /> });
        Some(view! {
            <section class="follow-part" aria-labelledby="boards" data-board=board.0>
                <h2 class="ds-heading" data-size="xs" id="boards">
                    {move || title(board)}
                </h2>
                <div class="follow-groups">{groups.collect_view()}</div>
            </section>
        })
    }
}

#[component]
fn Group(board: StepId, group: GroupId) -> impl IntoView {
    let lane = LaneId { board, group };
    let titles = store().peek(|workshop| workshop.boards.list.get(&board).map(|board| board.columns.clone()));
    let titles = titles.unwrap_or_default();
    let one = titles.len() == 1;
    let standing = Memo::new(move |_| {
        store().read(Topic::Board(board), |workshop| workshop.boards.lane(lane).map_or(0, Lane::standing))
    });
    let columns = (0..).map(ColumnId).zip(titles).map(|(column, title)| {
        let notes = Memo::new(move |_| store().column(lane, column));
        let note = move |note: NoteId| {
            let text = move || store().text(lane, note);
            view! {
                <li class="note" data-origin="politikk" data-note=note.to_string() hidden=move || text().trim().is_empty()>
                    <p class="note-text">{text}</p>
                </li>
            }
        };
        view! {
            <div class="follow-column" hidden=move || notes.with(Vec::is_empty)>
                {(!one).then(|| view! { <h4>{title}</h4> })}
                <ul class="notes">
                    <For each=move || notes.get() key=|note| *note let:id>
                        {note(id)}
                    </For>
                </ul>
            </div>
        }
    });
    let columns = columns.collect_view();
    view! {
        <section class="follow-group" data-group=group.0>
            {heading(group)}
            <p class="quiet" hidden=move || { standing.get() > 0 }>
                {icon("pencil")}
                " "
                {t!("follow-column-empty")}
            </p>
            {columns}
        </section>
    }
}
