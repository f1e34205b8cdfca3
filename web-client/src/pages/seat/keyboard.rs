//! Keeps the foot of the page above the keyboard that lies on the screen. An iPad draws the keyboard over the page and
//! tells of it only here; other tablets make the page itself shorter, and then there is nothing to make room for.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::HtmlElement;

/// How much of the page's lower edge is covered: a property of the style sheet, in pixels.
const COVERED: &str = "--covered";
/// Less than this is a browser's own bar coming or going and no keyboard, in pixels.
const LEAST: f64 = 80.0;

/// Follows the keyboard for as long as the page lives.
pub(super) fn follow() {
    let Some(seen) = window().visual_viewport() else { return };
    let look = Closure::<dyn FnMut()>::new(measure);
    for event in ["resize", "scroll"] {
        let _ = seen.add_event_listener_with_callback(event, look.as_ref().unchecked_ref());
    }
    look.forget();
}

fn measure() {
    let (Some(seen), Some(root)) = (window().visual_viewport(), document().document_element()) else { return };
    let whole = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    // Enlarged by two fingers the page is looked at through a smaller window, and nothing covers it.
    let covered = if seen.scale() > 1.0 { 0.0 } else { whole - seen.height() - seen.offset_top() };
    let covered = if covered < LEAST { 0.0 } else { covered };
    let _ = HtmlElement::style(root.unchecked_ref()).set_property(COVERED, &format!("{covered}px"));
}
