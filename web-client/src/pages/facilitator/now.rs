//! The step that runs, its time, and the two things one does about it.

use leptos::prelude::*;
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::meeting::MeetingStatus;
use verksted_protocol::workshop::programme::ProgrammeCommand;

use crate::components::ask::Question;
use crate::components::connection::LinkSign;
use crate::components::countdown::Countdown;
use crate::components::icon;
use crate::components::programme::going_to;
use crate::store::{Topic, store};
use crate::t;

/// Minutes one press gives.
const MORE: u16 = 5;

/// The bar that stays in view.
#[component]
pub(super) fn Bar(question: RwSignal<Option<Question>>) -> impl IntoView {
    let status = Memo::new(|_| store().read(Topic::Meeting, |workshop| workshop.meeting.status));
    let title = move || match status.get() {
        MeetingStatus::Planned => t!("lead-waiting"),
        MeetingStatus::Closed => t!("lead-over"),
        MeetingStatus::Open => {
            let step = store().read(Topic::Programme, |workshop| workshop.programme.current_step().cloned());
            step.map_or_else(|| t!("lead-ready"), |step| t!("step", number = step.id.0, title = step.title))
        }
    };
    let next = Memo::new(move |_| {
        let open = status.get() == MeetingStatus::Open;
        store().read(Topic::Programme, |workshop| workshop.programme.next_step().filter(|_| open).cloned())
    });
    let voting = Memo::new(|_| store().read(Topic::Rounds, |workshop| workshop.dots.open_round().is_some()));
    let running = Memo::new(|_| store().read(Topic::Programme, |workshop| workshop.programme.current.is_some()));
    let extend = |_| store().send(Command::Programme(ProgrammeCommand::Extend { minutes: MORE }));
    let ask = move |_| {
        let asked = next.get_untracked().map(|step| store().peek(|workshop| going_to(workshop, &step)));
        question.set(asked);
    };
    let words = move || match next.get() {
        Some(step) if !running.get() => t!("lead-start", title = step.title),
        _ => t!("lead-next"),
    };
    // The buttons stay where they are from step to step, and keep the focus.
    view! {
        <header class="lead-bar">
            <h1>{title}</h1>
            <Countdown />
            <LinkSign />
            <div class="lead-actions">
                <button
                    class="ds-button"
                    data-variant="secondary"
                    type="button"
                    data-action="extend"
                    aria-label=t!("lead-extend-long", minutes = MORE)
                    hidden=move || !running.get()
                    on:click=extend
                >
                    {t!("lead-extend", minutes = MORE)}
                </button>
                <button
                    class="ds-button"
                    type="button"
                    data-action="next-step"
                    hidden=move || next.get().is_none()
                    disabled=move || voting.get()
                    on:click=ask
                >
                    <span>{words}</span>
                    {icon("chevron-right")}
                </button>
            </div>
        </header>
    }
}

/// What the room was asked, or why nothing runs.
#[component]
pub(super) fn Prompt() -> impl IntoView {
    let words = || {
        store().track(Topic::Meeting);
        store().read(Topic::Programme, |workshop| match workshop.meeting.status {
            MeetingStatus::Planned => t!("lead-waiting-more"),
            MeetingStatus::Closed => t!("lead-over-more"),
            MeetingStatus::Open => {
                workshop.programme.current_step().map_or_else(|| t!("lead-ready-more"), |step| step.prompt.clone())
            }
        })
    };
    view! { <p class="lead-prompt">{words}</p> }
}
