//! The first page. In a demonstration: five doors, and the room behind them, alive. Otherwise: use the link you got.

mod doors;
mod plain;
mod room;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;

use crate::components::icon;
use crate::http::{self, Failure};
use crate::store::{Topic, store};
use crate::{net, t};

/// Status of a server that is no demonstration.
const NO_DEMO: u16 = 404;

/// The doors of a demonstration, as addresses.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Demo {
    facilitator: String,
    chair: String,
    screen: String,
    spectator: String,
    planner: String,
}

/// What the server has said about itself.
#[derive(Clone, Debug, PartialEq)]
enum Answer {
    Demo(Demo),
    Plain,
    Failed,
}

/// The page.
#[component]
pub(crate) fn Start() -> impl IntoView {
    let answer = RwSignal::new(None::<Answer>);
    let ask = move || {
        answer.set(None);
        spawn_local(async move {
            let found = match http::get::<Demo>("/api/demo", None).await {
                Ok(demo) => Answer::Demo(demo),
                Err(Failure::Refused(NO_DEMO)) => Answer::Plain,
                Err(_) => Answer::Failed,
            };
            if let Answer::Demo(demo) = &found {
                // The room is seen with a spectator's eyes: nothing here that is not shared with all.
                if let Some((_, code)) = demo.spectator.split_once('#') {
                    net::start(code.to_owned());
                }
            }
            answer.set(Some(found));
        });
    };
    ask();
    move || match answer.get() {
        None => view! {
            <main class="state" data-kind="loading" aria-busy="true">
                {icon("cloud")}
                <h1>{t!("product")}</h1>
            </main>
        }
        .into_any(),
        Some(Answer::Demo(demo)) => view! { <Rooms demo /> }.into_any(),
        Some(Answer::Plain) => view! { <plain::Plain /> }.into_any(),
        Some(Answer::Failed) => view! {
            <main class="state" data-kind="failed">
                {icon("offline")}
                <h1>{t!("start-failed")}</h1>
                <p>{t!("start-failed-more")}</p>
                <button class="ds-button" type="button" data-action="retry" on:click=move |_| ask()>
                    {t!("start-retry")}
                </button>
            </main>
        }
        .into_any(),
    }
}

/// The demonstration.
#[component]
fn Rooms(demo: Demo) -> impl IntoView {
    let made_up = || {
        let about = store().read(Topic::Meeting, |workshop| workshop.meeting.about.clone());
        about.fictional.then(|| t!("start-made-up", name = about.municipality))
    };
    view! {
        <div class="start" data-page="start">
            <header class="start-head">
                <h1>{t!("product")}</h1>
                <p class="start-lead">{t!("start-lead")}</p>
                <p class="made-up">{icon("info")} <span>{made_up}</span></p>
            </header>
            <room::Drawing />
            <main class="start-main">
                <doors::Doors demo />
                <room::Lines />
            </main>
            <footer class="start-foot">
                <span>{t!("start-foot-what")}</span>
                <span>{t!("start-foot-licence")}</span>
            </footer>
        </div>
    }
}
