//! One group as the facilitator sees it: who is there, how it goes, whether it calls, and its last lines as read-only
//! text.

use leptos::prelude::*;
use verksted_protocol::ids::{GroupId, Moment, NoteId, SeatId};
use verksted_protocol::workshop::boards::LaneId;
use verksted_protocol::workshop::groups::GroupCommand;
use verksted_protocol::workshop::help::HelpCommand;
use verksted_protocol::workshop::meeting::MeetingStatus;
use verksted_protocol::workshop::{Command, Workshop};

use crate::activity::{Activity, BAR_MS, BARS, RECENT};
use crate::components::ask::Question;
use crate::components::bars::Bars;
use crate::components::{group_mark, icon};
use crate::room;
use crate::store::{Topic, store};
use crate::t;

/// From so many minutes on a quiet group is pointed out.
const SILENT: i64 = 3;

/// What the cards share.
#[derive(Clone, Copy)]
pub(crate) struct Watch {
    /// What this page has seen the groups write.
    pub(crate) activity: RwSignal<Activity>,
    /// The time, as often as the cards need it.
    pub(crate) now: RwSignal<Moment>,
    /// When this page began to look: before that it knows of no silence.
    pub(crate) since: Moment,
}

/// The card.
#[component]
pub(crate) fn GroupCard(group: GroupId, watch: Watch, question: RwSignal<Option<Question>>) -> impl IntoView {
    let members = Memo::new(move |_| store().read(Topic::Seats, |workshop| members(workshop, group)));
    let here = Memo::new(move |_| {
        let presence = store().presence();
        members.with(|members| members.iter().filter(|(seat, _)| presence.seats.contains(seat)).count())
    });
    let waiting = Memo::new(move |_| store().read(Topic::Help, |workshop| workshop.help.waiting.get(&group).copied()));
    let silent = Memo::new(move |_| {
        let begun = store().read(Topic::Programme, |workshop| {
            workshop.programme.writable_board()?;
            Some(workshop.programme.current?.started)
        })?;
        let since = begun.max(watch.since);
        let minutes = watch.activity.with(|activity| activity.silent_minutes(group, since, watch.now.get()));
        (minutes >= SILENT).then_some(minutes)
    });
    let writing = Memo::new(move |_| {
        let now = watch.now.get();
        let last = watch.activity.with(|activity| activity.last(group));
        last.is_some_and(|last| now.0 - last.0 < 60_000)
    });
    let levels = Memo::new(move |_| watch.activity.with(|activity| activity.levels(group, watch.now.get()).to_vec()));
    let minutes = i64::try_from(BARS).unwrap_or_default() * BAR_MS / 60_000;
    let state = move || match waiting.get() {
        Some(since) => call(group, (watch.now.get().0 - since.0).max(0) / 60_000).into_any(),
        None => {
            let words = match silent.get() {
                Some(minutes) => t!("lead-silent", minutes = minutes),
                None if writing.get() => t!("lead-writing"),
                None => String::new(),
            };
            view! { <span>{words}</span> }.into_any()
        }
    };
    let heading = format!("group-{group}");
    view! {
        <article
            class="group-card"
            data-group=group.0
            data-help=move || waiting.get().map(|_| "")
            data-silent=move || silent.get().map(|_| "")
            aria-labelledby=heading.clone()
        >
            <header class="group-card-head">
                <h3 id=heading.clone()>{group_mark(group)}</h3>
                <span class="presence">
                    {move || t!("group-here", here = here.get(), all = members.with(Vec::len))}
                    <span class="ds-sr-only">" "{t!("lead-connected")}</span>
                </span>
            </header>
            <div class="group-card-state">
                {state} <Bars levels label=t!("lead-activity", minutes = minutes) />
            </div>
            <Counts group />
            <LastLines group watch />
            <details class="group-card-people">
                <summary>{icon("chevron-right")} {t!("lead-members")}</summary>
                <ul>
                    <For each=move || members.get() key=|member| member.clone() let:member>
                        {person(member, group, question)}
                    </For>
                </ul>
            </details>
        </article>
    }
}

fn call(group: GroupId, minutes: i64) -> impl IntoView {
    let answer = move |_| store().send(Command::Help(HelpCommand::Answer { group }));
    view! {
        {icon("hand")}
        <span>{t!("lead-help-since", minutes = minutes)}</span>
        <button
            class="ds-button"
            data-size="sm"
            data-variant="secondary"
            type="button"
            data-action="answer-help"
            aria-label=t!("lead-help-done-long", number = group.0)
            on:click=answer
        >
            {icon("check")}
            {t!("lead-help-done")}
        </button>
    }
}

/// Notes, in all and by column.
#[component]
fn Counts(group: GroupId) -> impl IntoView {
    let board = Memo::new(|_| store().read(Topic::Programme, room::board));
    let counts = Memo::new(move |_| {
        let board = board.get()?;
        store().read(Topic::Board(board), |workshop| {
            let found = workshop.boards.list.get(&board)?;
            let lane = found.lanes.get(&group);
            let count = |column: u16| lane.and_then(|lane| lane.columns.get(&verksted_protocol::ids::ColumnId(column)));
            let columns =
                (0..).zip(&found.columns).map(|(number, title)| (title.clone(), count(number).map_or(0, Vec::len)));
            Some(columns.collect::<Vec<_>>())
        })
    });
    let total = move || counts.get().map(|counts| counts.iter().map(|(_, count)| count).sum::<usize>());
    let rows = move || {
        let counts = counts.get().filter(|counts| counts.len() > 1).unwrap_or_default();
        counts.into_iter().map(|(title, count)| view! { <div><dt>{title}</dt><dd>{count}</dd></div> }).collect_view()
    };
    view! {
        <div class="group-card-counts">
            <p class="count" data-notes=move || total().unwrap_or_default()>
                {move || total().map(|count| t!("lead-notes", count = count))}
            </p>
            <dl>{rows}</dl>
        </div>
    }
}

/// What was written last, newest first. It is text and nothing else: there is no field here that could reach a note.
#[component]
fn LastLines(group: GroupId, watch: Watch) -> impl IntoView {
    let board = Memo::new(|_| store().read(Topic::Programme, room::board));
    let lines = Memo::new(move |_| {
        let mut lines = watch.activity.with(|activity| activity.recent(group).to_vec());
        if let Some(board) = board.get() {
            let lane = LaneId { board, group };
            lines.retain(|(seen, _)| *seen == lane);
            // What was there before this page looked, last in its column first.
            let before = store().read(Topic::Board(board), |workshop| last_standing(workshop, lane));
            lines.extend(
                before.into_iter().map(|note| (lane, note)).filter(|line| !lines.contains(line)).collect::<Vec<_>>(),
            );
        }
        lines.retain(|(lane, note)| {
            store().peek(|workshop| workshop.boards.note(*lane, *note).is_some_and(|note| !note.deleted))
        });
        lines.truncate(RECENT);
        lines
    });
    let line = |(lane, note): (LaneId, NoteId)| {
        let text = move || store().text(lane, note);
        view! { <li data-note=note.to_string() hidden=move || text().trim().is_empty()>{text}</li> }
    };
    view! {
        <ul class="last-lines" aria-label=t!("lead-last-lines")>
            <For each=move || lines.get() key=|line| *line let:found>
                {line(found)}
            </For>
        </ul>
    }
}

/// The notes that stand last in their columns, then those before them.
fn last_standing(workshop: &Workshop, lane: LaneId) -> Vec<NoteId> {
    let Some(lane) = workshop.boards.lane(lane) else { return Vec::new() };
    let at_depth = |depth| lane.columns.values().filter_map(move |notes| notes.iter().nth_back(depth).copied());
    (0..RECENT).flat_map(at_depth).collect()
}

fn members(workshop: &Workshop, group: GroupId) -> Vec<(SeatId, String)> {
    let here = workshop.seats.list.iter().filter(|(_, seat)| seat.group == Some(group));
    here.map(|(id, seat)| (*id, seat.name.clone())).collect()
}

fn person((seat, name): (SeatId, String), group: GroupId, question: RwSignal<Option<Question>>) -> impl IntoView {
    let closed = || store().read(Topic::Meeting, |workshop| workshop.meeting.status == MeetingStatus::Closed);
    let away = move || !store().presence().seats.contains(&seat);
    let groups = store().peek(|workshop| workshop.groups.list.keys().copied().collect::<Vec<_>>());
    let options = groups.into_iter().map(|to| {
        view! { <option value=to.0 selected=to == group>{t!("group", number = to.0)}</option> }
    });
    let options = options.collect_view();
    let moving = name.clone();
    let choose = move |event: leptos::ev::Event| {
        let Ok(to) = event_target_value(&event).parse::<GroupId>() else { return };
        // Back to what is so, until it is so no more.
        event_target::<web_sys::HtmlSelectElement>(&event).set_value(&group.to_string());
        if to != group {
            let heading = t!("lead-person-move-ask", name = moving.as_str(), group = to.0);
            let command = Command::Group(GroupCommand::Move { seat, group: to });
            let more = vec![t!("lead-person-move-more")];
            question.set(Some(Question {
                heading,
                more,
                yes: Some((t!("lead-person-go"), "move", command)),
                ..Question::default()
            }));
        }
    };
    let label = t!("lead-person-move", name = name.as_str());
    view! {
        <li data-seat=seat.0>
            <span>
                {name}
                {move || away().then(|| view! { <span class="quiet">" "{t!("lead-person-away")}</span> })}
            </span>
            <select class="ds-input" data-size="sm" aria-label=label disabled=closed on:change=choose>
                {options}
            </select>
        </li>
    }
}
