//! To come.

use leptos::prelude::*;

/// The page.
#[component]
pub(crate) fn Follow() -> impl IntoView {
    view! { <main class="page"></main> }
}
