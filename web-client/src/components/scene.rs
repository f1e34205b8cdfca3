//! What the wall shows. The same component is the whole screen on the wall and the small picture at the facilitator.

mod groups;
mod joining;
mod proposals;
pub(crate) mod result;
mod step;

use std::time::Duration;

use leptos::prelude::*;
use verksted_protocol::workshop::meeting::MeetingStatus;
use verksted_protocol::workshop::screen::Scene;

use crate::components::countdown::Countdown;
use crate::components::qr::Join;
use crate::components::signs::icon;
use crate::room::scene_name;
use crate::store::{Topic, store};
use crate::t;

/// How long the former view lies under the new one: a little longer than the new one takes to appear.
const UNDER: Duration = Duration::from_millis(400);

/// A view that is shown or about to be; the newest lies on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Layer {
    number: u32,
    scene: Scene,
}

/// The wall: head, view and foot. It fills the box it is put in.
#[component]
pub(crate) fn Wall(
    /// What to show.
    #[prop(into)]
    scene: Signal<Scene>,
    /// How one follows along.
    join: RwSignal<Option<Join>>,
    /// Whether to say that the line is broken: on the wall itself, not in a picture of it.
    #[prop(optional, into)]
    lost: Signal<bool>,
) -> impl IntoView {
    let layers = RwSignal::new(vec![Layer { number: 0, scene: scene.get_untracked() }]);
    let shown = RwSignal::new(0);
    Effect::new(move |_| {
        let next = scene.get();
        let Some(top) = layers.with_untracked(|layers| layers.last().copied()) else { return };
        if top.scene == next {
            return;
        }
        let number = top.number + 1;
        layers.update(|layers| layers.push(Layer { number, scene: next }));
        // The next view is complete and measured before it is seen, and the former goes after that: never a blank.
        request_animation_frame(move || {
            request_animation_frame(move || {
                let _ = shown.try_set(number);
            });
        });
        let bury = move || {
            let _ = layers.try_update(|layers| layers.retain(|layer| layer.number >= number));
        };
        set_timeout(bury, UNDER);
    });
    view! {
        <div class="wall-frame" data-scene=move || scene_name(scene.get())>
            <div class="wall">
                <Head />
                <div class="wall-stage">
                    <For each=move || layers.get() key=|layer| layer.number let:layer>
                        <section class="wall-view" data-coming=move || (layer.number > shown.get()).then_some("")>
                            {view_of(layer.scene, join)}
                        </section>
                    </For>
                </div>
                <footer class="wall-foot">
                    <span>{about}</span>
                    {move || lost.get().then(|| view! { <span class="wall-lost" role="status">{icon("offline")} {t!("wall-link-lost")}</span> })}
                </footer>
            </div>
        </div>
    }
}

fn view_of(scene: Scene, join: RwSignal<Option<Join>>) -> AnyView {
    match scene {
        Scene::Joining => joining::view(join).into_any(),
        Scene::Step => step::view().into_any(),
        Scene::Groups => groups::view().into_any(),
        Scene::Proposals => proposals::view().into_any(),
        Scene::Result => result::view().into_any(),
    }
}

/// The step and its time.
#[component]
fn Head() -> impl IntoView {
    let title = move || {
        store().read(Topic::Programme, |workshop| {
            let step = workshop.programme.current_step()?;
            Some(format!("{} · {}", step.id, step.title))
        })
    };
    let meeting = || store().read(Topic::Meeting, |workshop| workshop.meeting.about.title.clone());
    view! {
        <header class="wall-head">
            <span class="wall-step">{move || title().unwrap_or_else(meeting)}</span>
            <Countdown />
        </header>
    }
}

/// Whose meeting it is, and whether it is made up.
fn about() -> String {
    store().read(Topic::Meeting, |workshop| {
        let about = &workshop.meeting.about;
        let municipality = about.municipality.as_str();
        if about.fictional { t!("made-up-short", municipality = municipality) } else { municipality.to_owned() }
    })
}

/// What stands where a step would, when there is none.
pub(crate) fn outside_the_steps(status: MeetingStatus) -> (String, String) {
    match status {
        MeetingStatus::Planned => (t!("wall-waiting"), String::new()),
        MeetingStatus::Open => (t!("wall-not-begun"), String::new()),
        MeetingStatus::Closed => (t!("wall-over"), t!("wall-over-more")),
    }
}
