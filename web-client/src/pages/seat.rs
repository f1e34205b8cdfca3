//! A councillor's tablet.

use leptos::prelude::*;

/// The page.
#[component]
pub(crate) fn Seat() -> impl IntoView {
    view! { <main class="page"></main> }
}
