//! Joining: address, code and drawing, and how many have come.

use leptos::prelude::*;

use crate::components::qr::{Join, qr};
use crate::components::signs::icon;
use crate::store::{Topic, store};
use crate::t;

/// The view.
pub(super) fn view(join: RwSignal<Option<Join>>) -> impl IntoView {
    let title = || store().read(Topic::Meeting, |workshop| workshop.meeting.about.title.clone());
    let seats = || store().read(Topic::Seats, |workshop| workshop.seats.list.len());
    let words = move |join: Join| {
        view! {
            <p>{t!("wall-join-scan")}</p>
            <p class="wall-address">{join.spoken()}</p>
            <p>
                <span class="wall-code-name">{t!("wall-join-code")}</span>
                <span class="wall-code">{join.code}</span>
            </p>
        }
    };
    view! {
        <h1 class="wall-prompt">{title}</h1>
        <div class="wall-join">
            <div class="wall-join-words">
                <p class="wall-join-how">{t!("wall-join-how")}</p>
                {move || join.get().map(words)}
                <p class="wall-in">
                    {icon("persons")}
                    {move || t!("wall-in", connected = store().presence().connected, seats = seats())}
                </p>
            </div>
            {move || join.get().map(|join| qr(&join))}
        </div>
    }
}
