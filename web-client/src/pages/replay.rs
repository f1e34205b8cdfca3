//! The planner looks back: the log of the meeting, folded here with the rules the server used, at any second of it.

mod axis;
mod boards;
mod fetch;
mod player;
mod side;

use leptos::prelude::*;
use verksted_protocol::ids::Moment;

use crate::components::connection::{NoEntry, OfflineStrip, stopped};
use crate::components::icon;
use crate::replay::page::LogPage;
use crate::replay::recording::Recording;
use crate::replay::timeline::Timeline;
use crate::store::store;
use crate::{identity, net, t};

use fetch::Fetched;
use player::Player;

/// The page.
#[component]
pub(crate) fn Replay() -> impl IntoView {
    document().set_title(&t!("replay-title"));
    let Some(token) = identity::token() else { return view! { <NoEntry /> }.into_any() };
    net::start(token.clone());
    let fetched = RwSignal::new_local(Fetched::Reading(0));
    let workshop = Memo::new(|_| store().you().map(|you| you.workshop));
    let load = {
        let token = token.clone();
        move || {
            if let Some(workshop) = workshop.get() {
                fetch::read(workshop.to_string(), token.clone(), fetched);
            }
        }
    };
    let first = load.clone();
    Effect::new(move |_| first());
    let stopped = stopped();
    let page = move || {
        if let Some(code) = stopped.get() {
            return view! { <NoEntry code /> }.into_any();
        }
        let again = load.clone();
        match fetched.get() {
            Fetched::Reading(count) => reading(count).into_any(),
            Fetched::Refused => message("replay-refused", "replay-refused-more").into_any(),
            Fetched::Failed => view! {
                <main class="state" data-kind="failed">
                    {icon("offline")}
                    <h1>{t!("replay-failed")}</h1>
                    <p>{t!("replay-failed-more")}</p>
                    <button class="ds-button" type="button" data-action="retry" on:click=move |_| again()>
                        {t!("replay-retry")}
                    </button>
                </main>
            }
            .into_any(),
            Fetched::Log(events) if events.is_empty() => message("replay-empty", "replay-empty-more").into_any(),
            Fetched::Log(events) => {
                let line = Timeline::new(&events);
                let recording = Recording::new(events.to_vec());
                view! { <Room line recording again=Callback::new(move |()| again()) /> }.into_any()
            }
        }
    };
    view! { {page} <OfflineStrip writes=false /> }.into_any()
}

fn reading(count: usize) -> impl IntoView {
    view! {
        <main class="state" data-kind="loading" aria-busy="true">
            {icon("replay")}
            <h1>{t!("replay-loading")}</h1>
            <p class="figures">{t!("replay-loading-more", count = count)}</p>
        </main>
    }
}

fn message(heading: &'static str, more: &'static str) -> impl IntoView {
    view! {
        <main class="state" data-kind="empty">
            {icon("replay")}
            <h1>{t!(heading)}</h1>
            <p>{t!(more)}</p>
        </main>
    }
}

/// The meeting, once it is here.
#[component]
fn Room(line: Timeline, recording: Recording, again: Callback<()>) -> impl IntoView {
    let player = Player::new(line, recording);
    let filter = boards::Filter::new();
    on_cleanup(move || player.stop());
    view! {
        <div class="replay" data-size="sm" data-page="replay">
            <header class="replay-top">
                <side::Head player again />
                <axis::Axis player filter />
                <player::Controls player />
            </header>
            <main class="replay-body">
                <boards::Boards player filter />
                <side::Then player />
            </main>
        </div>
    }
}

/// The time on the axis as the hall's clock showed it.
fn clock(at: Moment) -> String {
    crate::components::signs::time_of_day(at)
}
