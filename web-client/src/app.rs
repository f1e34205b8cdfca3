//! Where the browser enters: what happens when the program stops, and the first component.

use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// The element of `index.html` that says in words that the page has stopped and how to load it again.
const STOPPED: &str = "stopped";

/// Called once by the page's start script.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| {
        leptos::logging::error!("{panic}");
        if let Some(notice) = document().get_element_by_id(STOPPED) {
            // Nothing more can be done about a failure while telling of a failure.
            let _ = notice.remove_attribute("hidden");
        }
    }));
    mount_to_body(App);
}

/// The whole client.
#[component]
fn App() -> impl IntoView {
    view! { <main class="page"><h1 class="ds-heading" data-size="lg">"Verksted"</h1></main> }
}
