//! To come.

use leptos::prelude::*;

/// The page.
#[component]
pub(crate) fn Replay() -> impl IntoView {
    view! { <main class="page"></main> }
}
