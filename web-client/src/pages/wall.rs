//! To come.

use leptos::prelude::*;

/// The page.
#[component]
pub(crate) fn Wall() -> impl IntoView {
    view! { <main class="page"></main> }
}
