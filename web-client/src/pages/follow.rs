//! Spectators: what is shared, read-only, on their own telephone.

mod boards;

use leptos::prelude::*;
use verksted_protocol::workshop::dots::RoundStatus;
use verksted_protocol::workshop::meeting::MeetingStatus;

use crate::components::connection::{Gate, LinkSign, OfflineStrip};
use crate::components::countdown::Countdown;
use crate::components::proposals::Proposals;
use crate::components::scene::{outside_the_steps, result};
use crate::components::{icon, signs};
use crate::room;
use crate::store::{Topic, store};
use crate::t;

/// Most options on a small screen before the rest is told in words.
const MOST: usize = 20;

/// The page.
#[component]
pub(crate) fn Follow() -> impl IntoView {
    document().set_title(&t!("follow-title"));
    view! { <Gate room=|_: &str| view! { <Room /> }.into_any() /> <OfflineStrip writes=false /> }
}

#[component]
fn Room() -> impl IntoView {
    let about = || store().read(Topic::Meeting, |workshop| workshop.meeting.about.clone());
    let made_up = move || {
        let about = about();
        about
            .fictional
            .then(|| view! { <p class="made-up-line">{t!("made-up", municipality = about.municipality)}</p> })
    };
    let step = || {
        store().track(Topic::Meeting);
        store().read(Topic::Programme, |workshop| {
            let step = workshop.programme.current_step()?;
            Some(t!("step", number = step.id.0, title = step.title.as_str()))
        })
    };
    view! {
        <div class="follow" data-page="follow">
            <header class="follow-head">
                <div class="row" data-spread="">
                    <span class="follow-step">{move || step().unwrap_or_else(|| about().title)}</span>
                    <Countdown />
                    <LinkSign />
                </div>
            </header>
            <main class="follow-main">
                <Now />
                <RoundNow />
                <ProposalsNow />
                <boards::Groups />
            </main>
            <footer class="follow-foot">
                <p class="trust">{icon("eye")} <span>{t!("follow-trust")}</span></p>
                {made_up}
            </footer>
        </div>
    }
}

/// What the room is asked.
#[component]
fn Now() -> impl IntoView {
    let words = || {
        store().track(Topic::Meeting);
        store().read(Topic::Programme, |workshop| match workshop.programme.current_step() {
            Some(step) if step.prompt.is_empty() => (step.title.clone(), String::new()),
            Some(step) => (step.prompt.clone(), String::new()),
            None => match workshop.meeting.status {
                MeetingStatus::Planned => (t!("wall-waiting"), t!("follow-waiting-more")),
                status => outside_the_steps(status),
            },
        })
    };
    view! {
        <section class="follow-now">
            <h1 class="prompt">{move || words().0}</h1>
            <p class="quiet">{move || words().1}</p>
        </section>
    }
}

/// The latest round, as soon as there is one.
#[component]
fn RoundNow() -> impl IntoView {
    let round = Memo::new(|_| result::latest());
    move || {
        let (round, present) = round.get()?;
        let body = match &round.status {
            RoundStatus::Open => view! {
                <p class="follow-voted" role="status" data-voted=round.voted>
                    {t!("wall-voted", voted = round.voted, present = present)}
                </p>
                <p class="quiet">{t!("wall-voted-hidden")}</p>
            }
            .into_any(),
            RoundStatus::TooFew => view! { <p>{t!("result-too-few")}</p> }.into_any(),
            RoundStatus::Closed(_) => {
                result::bars(&room::placed(&round).unwrap_or_default(), round.voted, MOST).into_any()
            }
        };
        Some(view! {
            <section class="follow-part" aria-labelledby="result">
                <h2 class="ds-heading" data-size="xs" id="result">
                    {t!("wall-result")}
                </h2>
                {body}
                <p class="standing">{icon("info")} {t!("not-a-decision")}</p>
            </section>
        })
    }
}

/// The proposals, from when the plenary gathers them.
#[component]
fn ProposalsNow() -> impl IntoView {
    let board = Memo::new(|_| {
        store().track(Topic::Proposals);
        store().read(Topic::Programme, |workshop| {
            let board = room::proposals_board(workshop)?;
            workshop.boards.list.get(&board).is_some_and(|board| board.shared).then_some(board)
        })
    });
    move || {
        board.get().map(|board| {
            view! {
                <section class="follow-part" aria-labelledby="proposals">
                    <h2 class="ds-heading" data-size="xs" id="proposals">
                        {t!("follow-proposals")}
                    </h2>
                    <Proposals board merging=Signal::stored(false) />
                </section>
            }
        })
    }
}

/// The mark of a group as a heading.
fn heading(group: verksted_protocol::ids::GroupId) -> impl IntoView {
    view! { <h3>{signs::group_mark(group)}</h3> }
}
