//! A councillor's tablet. The page follows the room: one step, one thing to do, nothing to navigate.

mod announcer;
mod chair;
mod foot;
mod head;
mod keyboard;
mod steps;

use leptos::prelude::*;
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::meeting::MeetingStatus;
use verksted_protocol::workshop::seats::SeatCommand;

use crate::components::connection::Gate;
use crate::net::machine::Link;
use crate::store::{Topic, store};
use crate::{awake, t};

/// The page.
#[component]
pub(crate) fn Seat() -> impl IntoView {
    view! { <Gate keeps=true room=|_: &str| view! { <Room /> }.into_any() /> }
}

#[component]
fn Room() -> impl IntoView {
    let store = store();
    let status = Memo::new(move |_| store.read(Topic::Meeting, |workshop| workshop.meeting.status));
    let step =
        Memo::new(move |_| store.read(Topic::Programme, |workshop| workshop.programme.current.map(|now| now.step)));
    arrive();
    guard_unsaved();
    keyboard::follow();
    Effect::new(move |_| match status.get() {
        // A tablet that sleeps while its owner listens is a tablet that has to be woken to write.
        MeetingStatus::Open => awake::stay(),
        MeetingStatus::Closed => store.erase_drafts(),
        MeetingStatus::Planned => {}
    });
    let fictional = store.peek(|workshop| workshop.meeting.about.clone());
    let banner = fictional.fictional.then(|| t!("made-up", municipality = fictional.municipality.clone()));
    document().set_title(&store.peek(|workshop| workshop.meeting.about.title.clone()));
    let pad = RwSignal::new(false);
    view! {
        <div class="seat" data-step=move || step.get().map(|step| step.0)>
            {banner.map(|words| view! { <aside class="made-up" aria-label=t!("made-up-label")>{words}</aside> })}
            <head::Head />
            <main class="seat-main" data-narrow=move || steps::is_narrow().then_some("")>
                {move || steps::step(status.get(), step.get())}
            </main>
            <foot::Foot pad />
            <announcer::Announcer />
        </div>
    }
}

/// Opening the page is coming: the seat is registered as present.
fn arrive() {
    let store = store();
    let absent = Memo::new(move |_| {
        let seat = store.seat()?;
        let closed = store.read(Topic::Meeting, |workshop| workshop.meeting.status == MeetingStatus::Closed);
        store.read(Topic::Seats, |workshop| Some(!closed && workshop.seats.list.get(&seat)?.arrived.is_none()))
    });
    let command = Command::Seat(SeatCommand::Arrive);
    Effect::new(move |_| {
        // A refusal is no reason to stay absent: each time the line is back it is tried again.
        let live = store.link() == Link::Live;
        if live && absent.get() == Some(true) && !store.asks(&command) {
            store.send(command.clone());
        }
    });
}

/// Closing the page asks first when something on it is nowhere else.
fn guard_unsaved() {
    let guard = window_event_listener(leptos::ev::beforeunload, |event| {
        if store().would_lose() {
            event.prevent_default();
        }
    });
    let leaving = ["pagehide", "freeze"].map(|event| window_event_listener_untyped(event, |_| store().keep_now()));
    on_cleanup(move || {
        guard.remove();
        leaving.into_iter().for_each(WindowListenerHandle::remove);
    });
}
