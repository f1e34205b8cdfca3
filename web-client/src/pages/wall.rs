//! The projector. It shows what the facilitator chooses and does nothing by itself.

use std::time::Duration;

use leptos::prelude::*;

use crate::components::connection::Gate;
use crate::components::qr;
use crate::components::scene::Wall as View;
use crate::net::machine::Link;
use crate::store::{Topic, store};
use crate::{awake, t};

/// A break that is over within this is nobody's business in the hall.
const SHORT: Duration = Duration::from_secs(3);

/// The page.
#[component]
pub(crate) fn Wall() -> impl IntoView {
    awake::stay();
    let join = qr::join();
    let lost = lost_for_a_while();
    let scene = Memo::new(|_| store().read(Topic::Screen, |workshop| workshop.screen.scene));
    let title = Memo::new(|_| store().read(Topic::Meeting, |workshop| workshop.meeting.about.title.clone()));
    Effect::new(move |_| {
        // Before the room is here the page keeps the name of the product.
        let title = title.get();
        if !title.is_empty() {
            document().set_title(&title);
        }
    });
    let page = move |_: &str| {
        view! {
            <main class="wall-page" data-page="wall" aria-label=t!("lead-screen")>
                <View scene join lost />
            </main>
        }
        .into_any()
    };
    view! { <Gate room=page /> }
}

/// Whether the line has been broken for longer than [`SHORT`].
fn lost_for_a_while() -> RwSignal<bool> {
    let lost = RwSignal::new(false);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let live = Memo::new(|_| store().link() == Link::Live);
    Effect::new(move |_| {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        if live.get() {
            lost.set(false);
        } else {
            timer.set_value(set_timeout_with_handle(move || lost.set(true), SHORT).ok());
        }
    });
    lost
}
