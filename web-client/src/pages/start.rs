//! To come.

use leptos::prelude::*;

/// The page.
#[component]
pub(crate) fn Start() -> impl IntoView {
    view! { <main class="page"></main> }
}
