//! To come.

use leptos::prelude::*;

/// The page.
#[component]
pub(crate) fn Facilitator() -> impl IntoView {
    view! { <main class="page"></main> }
}
