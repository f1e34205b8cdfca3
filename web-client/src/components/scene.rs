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
use crate::room::{self, scene_name};
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
                <Head scene />
                <div class="wall-stage">
                    <For each=move || layers.get() key=|layer| layer.number let:layer>
                        <section class="wall-view" data-coming=move || (layer.number > shown.get()).then_some("")>
                            {view_of(layer.scene, join)}
                        </section>
                    </For>
                </div>
                {move || {
                    lost.get()
                        .then(|| {
                            view! {
                                <p class="wall-foot wall-lost" role="status">
                                    {icon("offline")}
                                    <span>{t!("wall-link-lost")}</span>
                                </p>
                            }
                        })
                }}
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

/// The step and its time; beside it whose meeting it is.
#[component]
fn Head(scene: Signal<Scene>) -> impl IntoView {
    let title = move || {
        let scene = scene.get();
        store().track(Topic::Meeting);
        store().read(Topic::Programme, |workshop| {
            let Some(step) = workshop.programme.current_step().filter(|_| scene != Scene::Joining) else {
                return (scene != Scene::Joining).then(|| workshop.meeting.about.title.clone());
            };
            let name = t!("step", number = step.id.0, title = step.title.as_str());
            let board = room::board(workshop).filter(|board| scene == Scene::Groups && *board != step.id);
            let board = board.and_then(|board| workshop.programme.step(board));
            Some(board.map_or_else(|| name.clone(), |board| format!("{name}: {}", board.title)))
        })
    };
    view! {
        <header class="wall-head">
            <p class="wall-step">
                {move || title().map(|title| view! { <span>{title}</span> })} <span class="wall-about">{about}</span>
            </p>
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
