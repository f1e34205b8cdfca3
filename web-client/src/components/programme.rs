//! The running order, and what is asked before the room moves.

use leptos::prelude::*;
use verksted_protocol::workshop::meeting::MeetingStatus;
use verksted_protocol::workshop::programme::{Programme, ProgrammeCommand, Step, StepKind};
use verksted_protocol::workshop::{Command, Workshop};

use crate::components::ask::Question;
use crate::components::icon;
use crate::store::{Topic, store};
use crate::t;

/// Where a step is in the meeting, as the style names it.
pub(crate) fn place(programme: &Programme, step: &Step) -> &'static str {
    if programme.current.is_some_and(|current| current.step == step.id) {
        "now"
    } else if programme.done.contains(&step.id) {
        "done"
    } else if programme.next_step().is_some_and(|next| next.id == step.id) {
        "next"
    } else {
        "later"
    }
}

/// What is asked before the room goes to `step`, with the step itself to look at. Asks nothing when that cannot be now,
/// and says why.
pub(crate) fn going_to(workshop: &Workshop, step: &Step) -> Question {
    let programme = &workshop.programme;
    let seen = programme.current.map(|current| current.step);
    let name = |id| t!(id, number = step.id.0, title = step.title.as_str());
    let look = Question { heading: name("step"), prompt: step.prompt.clone(), ..Question::default() };
    let cannot = |why: String| Question { more: vec![why], ..look.clone() };
    if seen == Some(step.id) {
        return cannot(t!("lead-step-runs"));
    }
    match workshop.meeting.status {
        MeetingStatus::Planned => return cannot(t!("lead-waiting-more")),
        MeetingStatus::Closed => return cannot(t!("lead-over")),
        MeetingStatus::Open => {}
    }
    if workshop.dots.open_round().is_some() {
        return cannot(t!("lead-round-waits"));
    }
    let heading = match seen {
        None => name("lead-start-ask"),
        Some(_) if programme.done.contains(&step.id) => name("lead-back-ask"),
        Some(_) => name("lead-next-ask"),
    };
    let mut more = vec![t!("lead-next-ask-more", minutes = step.minutes)];
    more.extend(workshop.boards.to_share(step).map(|board| t!("lead-next-ask-shares", board = board.0)));
    let command = Command::Programme(ProgrammeCommand::Start { step: step.id, seen });
    Question { heading, more, yes: Some((t!("lead-go"), "start-step", command)), ..look }
}

/// The steps. Any of them can be looked at; going there is asked about.
#[component]
pub(crate) fn Steps(
    /// Where to ask.
    question: RwSignal<Option<Question>>,
) -> impl IntoView {
    let steps = Memo::new(|_| store().read(Topic::Meeting, |workshop| workshop.programme.steps.clone()));
    let total = move || steps.with(|steps| steps.iter().map(|step| u32::from(step.minutes)).sum::<u32>());
    view! {
        <ol class="lead-steps">
            <For each=move || steps.get() key=|step| step.id let:step>
                {row(step, question)}
            </For>
        </ol>
        <p class="quiet">{move || t!("lead-total", minutes = total())}</p>
    }
}

fn row(step: Step, question: RwSignal<Option<Question>>) -> impl IntoView {
    let id = step.id;
    let kind = kind_name(step.kind);
    let minutes = step.minutes;
    let title = step.title.clone();
    let state = Memo::new(move |_| store().read(Topic::Programme, |workshop| place(&workshop.programme, &step)));
    let look = move |_| {
        let asked = store().peek(|workshop| workshop.programme.step(id).map(|step| going_to(workshop, step)));
        question.set(asked);
    };
    let sign = move || match state.get() {
        "done" => icon("check").into_any(),
        "now" => icon("play").into_any(),
        _ => id.0.into_any(),
    };
    let said = move || match state.get() {
        "done" => Some(t!("lead-step-done")),
        "now" => Some(t!("lead-step-now")),
        "next" => Some(t!("lead-step-next")),
        _ => None,
    };
    view! {
        <li>
            <button
                class="step"
                type="button"
                data-state=move || state.get()
                data-step=id.0
                data-kind=kind
                aria-current=move || (state.get() == "now").then_some("step")
                on:click=look
            >
                <span class="step-sign">{sign}</span>
                <span>
                    {title} {move || said().map(|said| view! { <span class="ds-sr-only">" ("{said}")"</span> })}
                </span>
                <span class="step-length">{t!("lead-minutes", minutes = minutes)}</span>
            </button>
        </li>
    }
}

/// The kind of a step in the hooks of tests.
fn kind_name(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Opening => "opening",
        StepKind::Presentation => "presentation",
        StepKind::Individual => "individual",
        StepKind::Group => "group",
        StepKind::Plenary => "plenary",
        StepKind::Priority => "priority",
        StepKind::Break => "break",
    }
}
