//! What the wall shows: a living picture of it, what is prepared to come next, and the choice.

use leptos::prelude::*;
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::screen::{Scene, ScreenCommand};

use crate::components::icon;
use crate::components::qr::Join;
use crate::components::scene::Wall;
use crate::room::{SCENES, fitting_scene, scene_name};
use crate::store::{Topic, store};
use crate::t;

/// The name of a scene, in words.
pub(crate) fn scene_words(scene: Scene) -> String {
    t!(&format!("lead-scene-{}", scene_name(scene)))
}

/// The column.
#[component]
pub(super) fn Column(join: RwSignal<Option<Join>>) -> impl IntoView {
    let shown = Memo::new(|_| store().read(Topic::Screen, |workshop| workshop.screen.scene));
    // What somebody points at, or else what fits the step: it lies ready, and can be looked at before it is shown.
    let pointed = RwSignal::new(None::<Scene>);
    let fitting = Memo::new(|_| store().read(Topic::Programme, fitting_scene));
    let ready =
        Memo::new(move |_| Some(pointed.get().unwrap_or_else(|| fitting.get())).filter(|scene| *scene != shown.get()));
    let words = move || t!("lead-screen-shows", scene = scene_words(shown.get()));
    let next = move || {
        ready.get().map(|scene| {
            view! {
                <div class="screen-next">
                    <p class="quiet">{t!("lead-screen-ready", scene = scene_words(scene))}</p>
                    <div class="screen-picture" role="img" aria-label=scene_words(scene) inert="">
                        <Wall scene=Signal::stored(scene) join />
                    </div>
                </div>
            }
        })
    };
    let choice = move |scene: Scene| {
        let show = move |_| {
            store().send(Command::Screen(ScreenCommand::Show(scene)));
            pointed.set(None);
        };
        view! {
            <button
                class="ds-button"
                data-variant="secondary"
                type="button"
                data-action=format!("show-{}", scene_name(scene))
                aria-pressed=move || if shown.get() == scene { "true" } else { "false" }
                on:click=show
                on:focus=move |_| pointed.set(Some(scene))
                on:blur=move |_| pointed.set(None)
                on:mouseenter=move |_| pointed.set(Some(scene))
                on:mouseleave=move |_| pointed.set(None)
            >
                {scene_words(scene)}
            </button>
        }
    };
    view! {
        <h2 class="ds-heading" data-size="2xs" id="screen">
            {icon("wall")}
            {t!("lead-screen")}
        </h2>
        <div class="screen-picture" role="img" aria-label=words inert="">
            <Wall scene=shown join />
        </div>
        <p role="status" class="screen-words">
            {words}
        </p>
        <div class="screen-choices">{SCENES.map(choice).collect_view()}</div>
        {next}
    }
}
