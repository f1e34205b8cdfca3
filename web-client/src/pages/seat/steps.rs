//! What each kind of step shows.

use leptos::html::Textarea;
use leptos::prelude::*;
use verksted_protocol::ids::StepId;
use verksted_protocol::workshop::Workshop;
use verksted_protocol::workshop::meeting::MeetingStatus;
use verksted_protocol::workshop::programme::{Step, StepKind};
use wasm_bindgen::JsCast;
use web_sys::HtmlDocument;

use super::chair::ChairButtons;
use crate::components::ballot::PriorityWork;
use crate::components::board::{GroupBoard, SharedBoard};
use crate::components::draft::DraftPad;
use crate::components::message::FromTheAdministration;
use crate::components::plan::PlanInForce;
use crate::components::proposals::Proposals;
use crate::components::{group_mark, icon};
use crate::store::{Topic, store};
use crate::t;

/// Whether the step is one column in the middle.
pub(super) fn is_narrow() -> bool {
    store().read(Topic::Programme, |workshop| {
        let kind = workshop.programme.current_step().map(|step| step.kind);
        !matches!(kind, Some(StepKind::Group))
            && !kind.is_some_and(|kind| kind == StepKind::Plenary && !gathers(workshop))
    })
}

/// Whether the plenary gathers proposals: the next round takes its options from the board it looks at.
fn gathers(workshop: &Workshop) -> bool {
    let Some(step) = workshop.programme.current_step().filter(|step| step.board.is_some()) else { return false };
    let after = workshop.programme.steps.iter().skip_while(|other| other.id != step.id).skip(1);
    after.take_while(|other| other.board == step.board).any(|other| other.kind == StepKind::Priority)
}

/// The page at this step, or between and around the steps.
pub(super) fn step(status: MeetingStatus, current: Option<StepId>) -> AnyView {
    let step = current.and_then(|id| store().peek(|workshop| workshop.programme.step(id).cloned()));
    match (status, step) {
        (MeetingStatus::Open, Some(step)) => at_step(&step),
        (MeetingStatus::Open, None) => view! { <Welcome more=t!("open-wait") /> }.into_any(),
        (MeetingStatus::Planned, _) => view! { <Welcome more=t!("planned-wait") /> }.into_any(),
        (MeetingStatus::Closed, _) => closed(),
    }
}

fn at_step(step: &Step) -> AnyView {
    let plan = step.shows_plan.then(|| view! { <PlanInForce /> });
    let prompt = step.prompt.clone();
    let heading = view! { <h1 class="prompt">{if prompt.is_empty() { step.title.clone() } else { prompt }}</h1> };
    let work = match (step.kind, step.board) {
        (StepKind::Opening, _) => view! { <Opening last=is_last(step.id) /> }.into_any(),
        (StepKind::Presentation, _) => aside("presentation", t!("listen")),
        (StepKind::Break, _) => aside("pause", t!("break-back")),
        (StepKind::Individual, _) => view! { <div class="alone"><DraftPad /></div> }.into_any(),
        (StepKind::Group, _) => group_work(step.id),
        (StepKind::Plenary, Some(board)) => plenary(board),
        (StepKind::Plenary, None) => aside("persons", t!("listen")),
        (StepKind::Priority, _) => view! { <PriorityWork step=step.id /> }.into_any(),
    };
    view! { <FromTheAdministration /> {heading} {plan} {work} }.into_any()
}

fn aside(drawing: &'static str, words: String) -> AnyView {
    view! { <div class="state" data-kind="empty">{icon(drawing)} <p>{words}</p></div> }.into_any()
}

fn group_work(board: StepId) -> AnyView {
    let store = store();
    let lane = Memo::new(move |_| store.own_lane(board));
    // Offline the board stays open: what is written lies on the tablet until it can be sent.
    let writable = Signal::derive(move || {
        let open = store.read(Topic::Programme, |workshop| workshop.programme.writable_board() == Some(board));
        open && !store.is_stopped()
    });
    (move || match lane.get() {
        Some(lane) => view! { <GroupBoard lane writable /> }.into_any(),
        None => aside("persons", t!("rejection-no_group")),
    })
    .into_any()
}

fn plenary(board: StepId) -> AnyView {
    let store = store();
    if store.peek(gathers) {
        let merging = Signal::derive(move || !store.is_stopped());
        return view! { <Proposals board merging /> }.into_any();
    }
    let empty = Memo::new(move |_| {
        store.read(Topic::Board(board), |workshop| {
            workshop.boards.list.get(&board).is_none_or(|board| board.lanes.values().all(|lane| lane.standing() == 0))
        })
    });
    (move || if empty.get() { aside("board", t!("plenary-empty")) } else { view! { <SharedBoard board /> }.into_any() })
        .into_any()
}

fn is_last(step: StepId) -> bool {
    store().peek(|workshop| workshop.programme.steps.last().is_some_and(|last| last.id == step))
}

/// The first step: who one is, where one sits, and how we work. The last one needs none of it.
#[component]
fn Opening(last: bool) -> impl IntoView {
    view! {
        {(!last).then(|| view! { <Presence /> <Rules /> })}
        {last.then(|| view! { <ChairButtons closes=true /> })}
    }
}

/// Before the first step.
#[component]
fn Welcome(more: String) -> impl IntoView {
    let store = store();
    let name = store.seat().and_then(|seat| store.peek(|workshop| Some(workshop.seats.list.get(&seat)?.name.clone())));
    let title = store.peek(|workshop| workshop.meeting.about.title.clone());
    view! {
        <FromTheAdministration />
        <div>
            <h1 class="prompt">{t!("welcome", name = name.unwrap_or_default())}</h1>
            <p class="prompt-more">{title} ". " {more}</p>
        </div>
        <Presence />
        <ChairButtons closes=false />
        <Rules />
    }
}

#[component]
fn Presence() -> impl IntoView {
    let store = store();
    let seat = move || {
        let id = store.seat()?;
        store.track(Topic::Groups);
        store.read(Topic::Seats, |workshop| {
            workshop.seats.list.get(&id).map(|seat| (seat.arrived.is_some(), seat.group))
        })
    };
    view! {
        <ul class="arrival">
            {move || {
                let (arrived, group) = seat()?;
                let done = if arrived {
                    view! { <li data-arrived="">{icon("check-circle")} <span>{t!("present-done")}</span></li> }.into_any()
                } else {
                    view! { <li>{icon("clock")} <span>{t!("present-soon")}</span></li> }.into_any()
                };
                let group = match group {
                    Some(group) => view! { <li>{icon("persons")} <span>{t!("your-group")} " " {group_mark(group)}</span></li> }.into_any(),
                    None => view! { <li>{icon("persons")} <span>{t!("no-group")}</span></li> }.into_any(),
                };
                Some((done, group))
            }}
        </ul>
    }
}

#[component]
fn Rules() -> impl IntoView {
    // One sentence a line: they are read aloud.
    let rules = t!("rules");
    let lines = rules.split_inclusive(". ").map(|line| view! { <li>{line.trim().to_owned()}</li> }).collect_view();
    view! {
        <section class="rules">
            <h2>{t!("rules-title")}</h2>
            <ul>{lines}</ul>
        </section>
        <section class="rules">
            <h2>{t!("privacy-title")}</h2>
            <p>{t!("privacy")}</p>
        </section>
    }
}

fn closed() -> AnyView {
    view! {
        <div class="state" data-kind="empty" data-closed="">
            {icon("gavel")}
            <h1>{t!("meeting-closed")}</h1>
            <p>{t!("meeting-closed-more")} " " {t!("closed-drafts")}</p>
        </div>
        <Late />
    }
    .into_any()
}

/// What came too late for the meeting: here to be copied, and nowhere else.
#[component]
fn Late() -> impl IntoView {
    let late = store().late_words();
    move || {
        late.with(|late| {
            (!late.is_empty()).then(|| {
                let words: Vec<_> = late.iter().map(|words| copied(words.clone())).collect();
                view! {
                    <section class="late" aria-labelledby="late-title">
                        <h2 id="late-title">{t!("late-title")}</h2>
                        <p>{t!("late-more")}</p>
                        {words}
                    </section>
                }
            })
        })
    }
}

/// Words with a button that copies them.
fn copied(words: String) -> impl IntoView {
    let field = NodeRef::<Textarea>::new();
    let done = RwSignal::new(false);
    let copy = move |_| {
        let Some(field) = field.get_untracked() else { return };
        field.select();
        // The way that also works where the page is not served safely.
        let page = document().unchecked_into::<HtmlDocument>();
        done.set(page.exec_command("copy").unwrap_or_default());
    };
    view! {
        <div class="late-words">
            <textarea class="note-field" node_ref=field readonly aria-label=t!("late-title")>{words}</textarea>
            <button type="button" class="ds-button" data-variant="secondary" data-action="copy-late" on:click=copy>
                {move || if done.get() { t!("late-copied") } else { t!("late-copy") }}
            </button>
        </div>
    }
}
