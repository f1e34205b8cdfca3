//! The time that is left of the step.

use std::time::Duration;

use leptos::prelude::*;

use super::icon;
use crate::store::{Topic, store};
use crate::t;

/// From here on the time grows heavier, in seconds.
const LAST: i64 = 120;

/// The time left, ticking only while there is any.
#[component]
pub(crate) fn Countdown() -> impl IntoView {
    let store = store();
    let ends =
        Memo::new(move |_| store.read(Topic::Programme, |workshop| workshop.programme.current.map(|now| now.ends)));
    let seconds = RwSignal::new(None::<i64>);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(timer)) = timer.try_update_value(Option::take) {
            timer.clear();
        }
    };
    Effect::new(move |_| {
        let ends = ends.get();
        stop();
        tick(ends.map(|ends| ends.0), seconds, timer);
    });
    on_cleanup(stop);

    let state = Memo::new(move |_| match seconds.get() {
        None => "none",
        Some(left) if left <= 0 => "over",
        Some(left) if left <= LAST => "last",
        Some(_) => "running",
    });
    let figure = move || seconds.get().map(|left| format!("{}:{:02}", left / 60, left % 60));
    view! {
        <Show when=move || state.get() != "none">
            // The role keeps a screen reader from reading every second; it is asked, and answers.
            <span class="timer" role="timer" data-state=move || state.get() aria-label=t!("time-label")>
                {icon("clock")}
                {move || {
                    if state.get() == "over" {
                        view! { <span>{t!("time-over")}</span> }.into_any()
                    } else {
                        view! {
                            <span class="timer-figure">{figure}</span>
                            <span>{t!("time-left")}</span>
                        }
                            .into_any()
                    }
                }}
            </span>
        </Show>
    }
}

/// Shows what is left, and comes back at the next whole second of it.
fn tick(ends: Option<i64>, seconds: RwSignal<Option<i64>>, timer: StoredValue<Option<TimeoutHandle>>) {
    let left = ends.map(|ends| ends - store().now().0);
    let shown = left.map(|left| ((left + 999) / 1000).max(0));
    if seconds.try_get_untracked().is_some_and(|before| before != shown) {
        seconds.set(shown);
    }
    let Some(left) = left.filter(|left| *left > 0) else { return };
    let rest = u64::try_from(left % 1000).unwrap_or_default();
    // A little past the second, so that rounding never shows the same one twice.
    let wait = Duration::from_millis(if rest == 0 { 1_005 } else { rest + 5 });
    let again = set_timeout_with_handle(move || tick(ends, seconds, timer), wait).ok();
    timer.try_set_value(again);
}
