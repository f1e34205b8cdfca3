//! The laptop that runs the room: steps, time, groups and the wall. It sees all that is shared and has no pen: nothing
//! here can reach a note.

mod foot;
mod now;
mod round;
mod screen;

use std::time::Duration;

use leptos::prelude::*;

use crate::activity::Activity;
use crate::components::ask::{Ask, Question};
use crate::components::connection::{Gate, OfflineStrip};
use crate::components::group_card::{GroupCard, Watch};
use crate::components::icon;
use crate::components::programme::Steps;
use crate::components::qr;
use crate::components::refused::Refused;
use crate::store::{Topic, store};
use crate::t;

/// How often what depends on the time alone is looked at again: silence is counted in minutes.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// The page.
#[component]
pub(crate) fn Facilitator() -> impl IntoView {
    document().set_title(&t!("lead-title"));
    let room = |token: &str| view! { <Room token=token.to_owned() /> }.into_any();
    view! { <Gate room /> <OfflineStrip writes=false /> }
}

/// The room, once it is known.
#[component]
fn Room(token: String) -> impl IntoView {
    let question = RwSignal::new(None::<Question>);
    let watch =
        Watch { activity: RwSignal::new(Activity::default()), now: RwSignal::new(store().now()), since: store().now() };
    store().on_event(move |event| {
        // The room may have been left for a page that says why the link no longer holds.
        let _ = watch.activity.try_update(|activity| activity.take(event));
        // What is written now belongs in the newest bar, also between two looks at the clock.
        if watch.now.try_get_untracked().is_some_and(|now| now < event.at) {
            watch.now.set(event.at);
        }
    });
    look_again(watch);
    let join = qr::join();
    let groups = Memo::new(|_| {
        store().read(Topic::Meeting, |workshop| workshop.groups.list.keys().copied().collect::<Vec<_>>())
    });
    let meeting = || store().read(Topic::Meeting, |workshop| workshop.meeting.about.clone());
    let whose = move || {
        let about = meeting();
        let municipality = about.municipality;
        if about.fictional { t!("made-up-short", municipality = municipality) } else { municipality }
    };
    view! {
        <div class="lead" data-size="sm" data-page="facilitator">
            <nav class="lead-programme" aria-labelledby="programme">
                <div>
                    <p class="lead-title">{move || meeting().title}</p>
                    <p class="quiet">{whose}</p>
                </div>
                <h2 class="ds-heading" data-size="2xs" id="programme">
                    {t!("lead-programme")}
                </h2>
                <Steps question />
                <p class="trust">{icon("eye")} <span>{t!("lead-no-pen")}</span></p>
            </nav>
            <main class="lead-now">
                <now::Bar question />
                <div class="lead-work">
                    <Refused />
                    <now::Prompt />
                    <round::Panel question />
                    <section aria-labelledby="groups">
                        <h2 class="ds-sr-only" id="groups">
                            {t!("lead-groups")}
                        </h2>
                        <div class="lead-groups">
                            <For each=move || groups.get() key=|group| *group let:group>
                                <GroupCard group watch question />
                            </For>
                        </div>
                    </section>
                </div>
                <foot::Foot token />
            </main>
            <aside class="lead-screen" aria-labelledby="screen">
                <screen::Column join />
            </aside>
        </div>
        <p class="ds-sr-only" role="status">
            {calls}
        </p>
        <Ask question />
    }
}

/// Who asks for help, for those who do not see the cards.
fn calls() -> String {
    store().read(Topic::Help, |workshop| {
        let calls = workshop.help.waiting.keys().map(|group| t!("lead-help-call", number = group.0));
        calls.collect::<Vec<_>>().join(" ")
    })
}

/// Looks at the time while a step runs, and rests otherwise.
fn look_again(watch: Watch) {
    let timer = StoredValue::new(None::<IntervalHandle>);
    let stop = move || {
        if let Some(Some(timer)) = timer.try_update_value(Option::take) {
            timer.clear();
        }
    };
    let runs = Memo::new(|_| store().read(Topic::Programme, |workshop| workshop.programme.current.is_some()));
    Effect::new(move |_| {
        stop();
        if runs.get() {
            let look = move || {
                let _ = watch.now.try_set(store().now());
            };
            timer.set_value(set_interval_with_handle(look, LOOK_EVERY).ok());
        }
    });
    on_cleanup(stop);
}
