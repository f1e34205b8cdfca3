//! The projector. It shows what the facilitator chooses and does nothing by itself.

mod awake;

use std::time::Duration;

use leptos::prelude::*;

use crate::components::connection::{Loading, NoEntry};
use crate::components::qr;
use crate::components::scene::Wall as View;
use crate::net::machine::Link;
use crate::store::{Topic, store};
use crate::{identity, net, t};

/// A break that is over within this is nobody's business in the hall.
const SHORT: Duration = Duration::from_secs(3);

/// The page.
#[component]
pub(crate) fn Wall() -> impl IntoView {
    let Some(token) = identity::token() else { return view! { <NoEntry /> }.into_any() };
    net::start(token);
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
    let shut = Memo::new(|_| match store().link() {
        Link::Stopped(code) => Some(code),
        _ => None,
    });
    // A memo: the page is drawn once when the room is here, not anew whenever the meeting changes.
    let ready = Memo::new(|_| store().ready());
    let page = move || {
        if let Some(code) = shut.get() {
            return view! { <NoEntry code /> }.into_any();
        }
        if !ready.get() {
            return view! { <Loading /> }.into_any();
        }
        view! {
            <main class="wall-page" data-page="wall" aria-label=t!("lead-screen")>
                <View scene join lost />
            </main>
        }
        .into_any()
    };
    page.into_any()
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
