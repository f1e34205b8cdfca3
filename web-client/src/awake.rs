//! Keeps the projector's machine and the tablets from going to sleep in the middle of a meeting.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// Asks the browser to stay awake while the page is seen. The lock goes when the page is hidden, so it is asked for
/// again each time it is seen.
pub(crate) fn stay() {
    ask();
    let seen = Closure::<dyn FnMut()>::new(|| {
        if !document().hidden() {
            ask();
        }
    });
    let _ = document().add_event_listener_with_callback("visibilitychange", seen.as_ref().unchecked_ref());
    // It listens for as long as the page lives.
    seen.forget();
}

/// Without this browser's consent (no such thing, low battery, plain http) the machine's own settings decide.
fn ask() {
    let navigator = JsValue::from(window().navigator());
    let Ok(lock) = Reflect::get(&navigator, &"wakeLock".into()) else { return };
    if lock.is_undefined() {
        return;
    }
    let request = Reflect::get(&lock, &"request".into()).ok().and_then(|found| found.dyn_into::<Function>().ok());
    let asked = request.and_then(|request| request.call1(&lock, &"screen".into()).ok());
    if let Some(promise) = asked.and_then(|asked| asked.dyn_into::<Promise>().ok()) {
        // A refusal that nobody takes would stand in the log as a failure of the page.
        let quiet = Closure::<dyn FnMut(JsValue)>::new(|_| {});
        let _ = promise.catch(&quiet);
        quiet.forget();
    }
}
