//! The priority round, seen from the one who opens and closes it: how many have answered, and nothing more.

use leptos::prelude::*;
use verksted_protocol::ids::RoundId;
use verksted_protocol::workshop::dots::{DOTS_EACH, FEWEST_BALLOTS, MOST_ON_ONE, Round, RoundCommand, RoundStatus};
use verksted_protocol::workshop::meeting::MeetingStatus;
use verksted_protocol::workshop::programme::StepKind;
use verksted_protocol::workshop::{Command, Workshop};

use crate::components::ask::Question;
use crate::room;
use crate::store::{Topic, store};
use crate::t;

/// The panel of the priority step.
#[component]
pub(super) fn Panel(question: RwSignal<Option<Question>>) -> impl IntoView {
    let here = Memo::new(|_| {
        store().track(Topic::Meeting);
        store().read(Topic::Programme, |workshop| {
            let step = workshop.programme.current_step().filter(|step| step.kind == StepKind::Priority)?;
            (workshop.meeting.status == MeetingStatus::Open).then_some(step.id)
        })
    });
    let latest = Memo::new(move |_| {
        let step = here.get()?;
        store().read(Topic::Rounds, |workshop| {
            let (id, round) = workshop.dots.latest().filter(|(_, round)| round.step == step)?;
            Some((id, round.clone()))
        })
    });
    let body = move || match latest.get() {
        None => unopened(question).into_any(),
        Some((id, round)) if round.status == RoundStatus::Open => open(id, &round, question).into_any(),
        Some((_, round)) => closed(&round, question).into_any(),
    };
    move || {
        here.get().map(|_| {
            view! {
                <section class="lead-round" aria-labelledby="round">
                    <h2 class="ds-heading" data-size="2xs" id="round">
                        {t!("lead-round")}
                    </h2>
                    {body}
                </section>
            }
        })
    }
}

fn unopened(question: RwSignal<Option<Question>>) -> impl IntoView {
    let options = Memo::new(|_| store().read(Topic::Proposals, options));
    let nothing = move || (options.get() == 0).then(|| view! { <p>{t!("lead-round-nothing")}</p> });
    view! {
        {nothing}
        <p>
            <button
                class="ds-button"
                type="button"
                data-action="open-round"
                disabled=move || options.get() == 0
                on:click=move |_| question.set(Some(opening(options.get_untracked())))
            >
                {t!("lead-round-open")}
            </button>
        </p>
    }
}

fn open(id: RoundId, round: &Round, question: RwSignal<Option<Question>>) -> impl IntoView {
    let voted = round.voted;
    let present = || store().read(Topic::Seats, |workshop| workshop.present().count());
    let share = move || f64::from(voted) / f64::from(u32::try_from(present()).unwrap_or(u32::MAX).max(1));
    view! {
        <p class="lead-voted" data-voted=voted role="status">
            {move || t!("lead-round-voted", voted = voted, present = present())}
        </p>
        <div class="result" data-chosen="" aria-hidden="true" style:--share=move || share().min(1.0).to_string()>
            <div class="result-bar"></div>
        </div>
        <p class="quiet">{t!("lead-round-hidden")} " " {t!("lead-round-waits")}</p>
        <p>
            <button
                class="ds-button"
                type="button"
                data-action="close-round"
                on:click=move |_| question.set(Some(closing(id, voted, present())))
            >
                {t!("lead-round-close")}
            </button>
        </p>
    }
}

fn closed(round: &Round, question: RwSignal<Option<Question>>) -> impl IntoView {
    let words = if round.status == RoundStatus::TooFew { t!("result-too-few") } else { t!("lead-round-result") };
    let again = move |_| question.set(Some(opening(store().peek(options))));
    view! {
        <p>
            <strong>{t!("lead-round-closed")}</strong>
            " "
            {words}
        </p>
        <p>
            <button class="ds-button" data-variant="secondary" type="button" data-action="open-round" on:click=again>
                {t!("lead-round-again")}
            </button>
        </p>
    }
}

fn options(workshop: &Workshop) -> usize {
    room::proposals_board(workshop).map_or(0, |board| workshop.proposals(board).len())
}

fn opening(options: usize) -> Question {
    Question {
        heading: t!("lead-round-open-ask"),
        more: vec![t!("lead-round-open-more", options = options, dots = DOTS_EACH, most = MOST_ON_ONE)],
        yes: Some((t!("lead-round-open"), "confirm-open-round", Command::Round(RoundCommand::Open))),
        ..Question::default()
    }
}

fn closing(round: RoundId, voted: u32, present: usize) -> Question {
    let mut more = vec![t!("lead-round-close-more", voted = voted, present = present)];
    if voted < FEWEST_BALLOTS {
        more.push(t!("lead-round-close-few", fewest = FEWEST_BALLOTS));
    }
    Question {
        heading: t!("lead-round-close-ask"),
        more,
        yes: Some((t!("lead-round-close"), "confirm-close-round", Command::Round(RoundCommand::Close { round }))),
        ..Question::default()
    }
}
