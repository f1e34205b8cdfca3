//! The head of the seat page: the step, my group and who is there, the time, the connection.

use leptos::prelude::*;

use crate::components::connection::LinkSign;
use crate::components::countdown::Countdown;
use crate::components::group_mark;
use crate::store::{Topic, store};
use crate::t;

/// One line.
#[component]
pub(super) fn Head() -> impl IntoView {
    let store = store();
    let step = Memo::new(move |_| {
        store.read(Topic::Programme, |workshop| {
            let step = workshop.programme.current_step()?;
            Some((step.id.0, step.title.clone()))
        })
    });
    let title = Memo::new(move |_| store.read(Topic::Meeting, |workshop| workshop.meeting.about.title.clone()));
    let group = Memo::new(move |_| {
        let seat = store.seat()?;
        store.read(Topic::Groups, |workshop| workshop.seats.list.get(&seat)?.group)
    });
    let here = Memo::new(move |_| {
        let group = group.get()?;
        store.read(Topic::Seats, |workshop| {
            let members = workshop.seats.list.values().filter(|seat| seat.group == Some(group));
            let arrived = members.clone().filter(|seat| seat.arrived.is_some()).count();
            Some((arrived, members.count()))
        })
    });
    view! {
        <header class="seat-head">
            <p class="seat-step">
                {move || match step.get() {
                    Some((number, title)) => t!("step", number = number, title = title),
                    None => title.get(),
                }}
            </p>
            <div class="row">
                {move || group.get().map(group_mark)}
                {move || {
                    here.get()
                        .map(|(here, all)| {
                            view! {
                                <span class="presence">
                                    <span aria-hidden="true">{t!("group-here", here = here, all = all)}</span>
                                    <span class="ds-sr-only">{t!("group-here-long", here = here, all = all)}</span>
                                </span>
                            }
                        })
                }}
                <Countdown />
                <LinkSign />
            </div>
        </header>
    }
}
