//! The five doors.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;

use super::Demo;
use crate::components::icon;
use crate::http::{self, Failure};
use crate::t;

/// A free seat.
#[derive(Deserialize)]
struct Free {
    url: String,
}

/// Whether a seat is being found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seating {
    No,
    Asked,
    Full,
    Failed,
}

/// All doors.
#[component]
pub(super) fn Doors(demo: Demo) -> impl IntoView {
    let seating = RwSignal::new(Seating::No);
    let sit = move |_| {
        if seating.get_untracked() == Seating::Asked {
            return;
        }
        seating.set(Seating::Asked);
        spawn_local(async move {
            match http::post::<Free>("/api/demo/seat").await {
                Ok(free) => {
                    // A page that cannot be left says so itself.
                    let _ = window().location().set_href(&free.url);
                }
                Err(Failure::Refused(404 | 409)) => seating.set(Seating::Full),
                Err(_) => seating.set(Seating::Failed),
            }
        });
    };
    let seat_more = move || match seating.get() {
        Seating::No => t!("start-seat-more"),
        Seating::Asked => t!("start-seating"),
        Seating::Full => t!("start-no-seat"),
        Seating::Failed => t!("start-seat-failed"),
    };
    view! {
        <nav aria-label=t!("start-doors")>
            <ul class="doors">
                <li>
                    <button class="door" type="button" data-first="" data-action="sit-down" on:click=sit>
                        {icon("pencil")}
                        <span>
                            <span class="door-name">{t!("start-seat")}</span>
                            <span class="door-more" role="status">
                                {seat_more}
                            </span>
                        </span>
                        {icon("arrow-right")}
                    </button>
                </li>
                {door("facilitator", "facilitator", demo.facilitator, "start-lead-door", "start-lead-more")}
                {door("wall", "wall", demo.screen, "start-wall", "start-wall-more")}
                {door("spectator", "eye", demo.spectator, "start-follow", "start-follow-more")}
                {door("replay", "replay", demo.planner, "start-replay", "start-replay-more")}
            </ul>
            <p class="start-chair">
                {icon("gavel")}
                <a class="ds-link" href=demo.chair data-action="open-chair">
                    {t!("start-chair")}
                </a>
            </p>
        </nav>
    }
}

fn door(hook: &'static str, sign: &'static str, href: String, name: &'static str, more: &'static str) -> impl IntoView {
    view! {
        <li>
            <a class="door" href=href data-action=format!("open-{hook}")>
                {icon(sign)}
                <span>
                    <span class="door-name">{t!(name)}</span>
                    <span class="door-more">{t!(more)}</span>
                </span>
                {icon("arrow-right")}
            </a>
        </li>
    }
}
