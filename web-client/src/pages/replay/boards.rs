//! What the boards looked like then, filtered and searched.

use leptos::prelude::*;
use verksted_protocol::ids::{GroupId, StepId};

use super::player::Player;
use crate::components::{group_mark, icon};
use crate::replay::find::{Found, notes};
use crate::room;
use crate::t;

/// Which board to look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Board {
    /// The one the room looked at.
    #[default]
    Followed,
    /// This one.
    One(StepId),
    /// All.
    All,
}

/// What of the notes is shown.
#[derive(Clone, Copy)]
pub(super) struct Filter {
    /// One group's, or all.
    pub(super) group: RwSignal<Option<GroupId>>,
    board: RwSignal<Board>,
    words: RwSignal<String>,
}

impl Filter {
    /// Nothing left out.
    pub(super) fn new() -> Self {
        Self { group: RwSignal::new(None), board: RwSignal::default(), words: RwSignal::default() }
    }

    fn is_set(self) -> bool {
        self.group.get().is_some() || self.board.get() != Board::Followed || self.words.with(|words| !words.is_empty())
    }

    fn clear(self) {
        self.group.set(None);
        self.board.set(Board::Followed);
        self.words.set(String::new());
    }
}

/// One column of one board.
type Column = ((StepId, String), Vec<Found>);

/// The boards.
#[component]
pub(super) fn Boards(player: Player, filter: Filter) -> impl IntoView {
    let found = Memo::new(move |_| {
        player.read(|workshop| {
            let board = match filter.board.get() {
                // A search is for the whole meeting unless one has chosen a board.
                Board::Followed if filter.words.with(|words| !words.trim().is_empty()) => None,
                Board::Followed => room::board(workshop),
                Board::One(board) => Some(board),
                Board::All => None,
            };
            filter.words.with(|words| notes(workshop, board, filter.group.get(), words))
        })
    });
    let columns = Memo::new(move |_| found.with(|found| by_column(found)));
    // With one board its name in the heading is enough.
    let several = Memo::new(move |_| columns.with(|columns| columns.windows(2).any(|pair| pair[0].0.0 != pair[1].0.0)));
    let one = move || {
        let board = columns.with(|columns| columns.first().map(|(key, _)| key.0)).filter(|_| !several.get())?;
        player.read(|workshop| {
            let step = workshop.programme.step(board)?;
            Some(t!("step", number = board.0, title = step.title.as_str()))
        })
    };
    let keys = move || columns.with(|columns| columns.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>());
    let column = move |key: (StepId, String)| {
        let wanted = key.clone();
        let in_it = Memo::new(move |_| {
            columns
                .with(|columns| columns.iter().find(|(key, _)| *key == wanted).map(|(_, notes)| notes.clone()))
                .unwrap_or_default()
        });
        let (board, title) = key;
        let step = player.read(|workshop| workshop.programme.step(board).map(|step| step.title.clone()));
        view! {
            <section class="replay-column" data-board=board.0>
                <h3>{title}</h3>
                <p class="quiet" hidden=move || !several.get()>
                {step.map(|step| t!("step", number = board.0, title = step))}
            </p>
                <ul class="replay-notes">
                    <For each=move || in_it.get() key=|note| (note.id, note.text.clone()) let:note>
                        {card(note)}
                    </For>
                </ul>
            </section>
        }
    };
    let none = move || {
        found.with(Vec::is_empty).then(|| {
            let words = if filter.is_set() { t!("replay-notes-not-found") } else { t!("replay-notes-none-yet") };
            view! {
                <div class="state" data-kind="empty">
                    {icon("board")}
                    <p>{words}</p>
                </div>
            }
        })
    };
    view! {
        <section class="replay-boards" aria-labelledby="boards">
            <h2 class="ds-heading" data-size="xs" id="boards">
                {t!("replay-boards")}
                {move || one().map(|name| view! { <span class="quiet">" "{name}</span> })}
            </h2>
            <Tools player filter />
            <p class="quiet" role="status" data-found=move || found.with(Vec::len)>
                {move || t!("replay-notes", count = found.with(Vec::len))}
            </p>
            <div class="replay-columns">
                <For each=keys key=Clone::clone let:key>
                    {column(key)}
                </For>
            </div>
            {none}
        </section>
    }
}

fn by_column(found: &[Found]) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for note in found {
        let key = (note.board, note.column.clone());
        match columns.iter_mut().find(|(known, _)| *known == key) {
            Some((_, notes)) => notes.push(note.clone()),
            None => columns.push((key, vec![note.clone()])),
        }
    }
    columns
}

fn card(note: Found) -> impl IntoView {
    view! {
        <li class="note" data-origin="politikk" data-note=note.id.to_string()>
            <p class="note-text">{note.text}</p>
            <div class="note-foot">{group_mark(note.group)}</div>
        </li>
    }
}

#[component]
fn Tools(player: Player, filter: Filter) -> impl IntoView {
    let boards = player.read(|workshop| {
        let steps = workshop.programme.steps.iter();
        let with_board = steps.filter(|step| workshop.boards.list.contains_key(&step.id));
        with_board.map(|step| (step.id, step.title.clone())).collect::<Vec<_>>()
    });
    let groups = player.line(|line| line.lanes.keys().copied().collect::<Vec<_>>());
    let choose_group = move |event| filter.group.set(event_target_value(&event).parse().ok());
    let choose_board = move |event| {
        filter.board.set(match event_target_value(&event).as_str() {
            "followed" => Board::Followed,
            "all" => Board::All,
            number => number.parse().map_or(Board::Followed, Board::One),
        });
    };
    let group_value = move || filter.group.get().map(|group| group.to_string()).unwrap_or_default();
    let board_value = move || match filter.board.get() {
        Board::Followed => "followed".to_owned(),
        Board::One(board) => board.to_string(),
        Board::All => "all".to_owned(),
    };
    let groups =
        groups.into_iter().map(|group| view! { <option value=group.0>{t!("group", number = group.0)}</option> });
    let boards = boards
        .into_iter()
        .map(|(board, title)| view! { <option value=board.0>{t!("step", number = board.0, title = title)}</option> });
    view! {
        <div class="replay-tools" role="search">
            <input
                class="ds-input"
                type="search"
                data-action="search"
                aria-label=t!("replay-search")
                placeholder=t!("replay-search")
                prop:value=move || filter.words.get()
                on:input=move |event| filter.words.set(event_target_value(&event))
            />
            <select
                class="ds-input"
                data-action="choose-board"
                aria-label=t!("replay-filter-board")
                prop:value=board_value
                on:change=choose_board
            >
                <option value="followed">{t!("replay-board-followed")}</option>
                {boards.collect_view()}
                <option value="all">{t!("replay-board-all")}</option>
            </select>
            <select
                class="ds-input"
                data-action="choose-group"
                aria-label=t!("replay-filter-group")
                prop:value=group_value
                on:change=choose_group
            >
                <option value="">{t!("replay-group-all")}</option>
                {groups.collect_view()}
            </select>
            <Show when=move || filter.is_set()>
                <button class="ds-button" data-variant="tertiary" type="button" on:click=move |_| filter.clear()>
                    {t!("replay-clear")}
                </button>
            </Show>
        </div>
    }
}
