//! Which pages of a seat are open. Each holds a lock for as long as it lives, whatever ends it; what a page without its
//! lock left on the tablet is free to be taken over.

use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A page that is loaded anew is gone within this many tries.
const MOST_TRIES: u32 = 20;
/// Between two tries, in milliseconds.
const BETWEEN_TRIES: i32 = 50;

/// How it went to take a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    /// It is ours for as long as this page lives.
    Held,
    /// An open page has it.
    Taken,
    /// This browser has no locks, or gives none here.
    Unknown,
}

/// Takes the lock of this name if it is free.
pub(super) async fn hold(name: &str) -> Hold {
    match ask(name).await {
        Ok(held) if held.is_truthy() => Hold::Held,
        Ok(_) => Hold::Taken,
        Err(_) => Hold::Unknown,
    }
}

/// Takes a lock that this tab had before it was loaded anew: the page it was may not be quite gone yet.
pub(super) async fn hold_again(name: &str) -> Hold {
    for _ in 0..MOST_TRIES {
        match hold(name).await {
            Hold::Taken => pause(BETWEEN_TRIES).await,
            other => return other,
        }
    }
    Hold::Taken
}

/// Waits so many milliseconds.
pub(super) async fn pause(milliseconds: i32) {
    let paused = Promise::new(&mut |resolve, _| {
        // Without the pause the tries are only closer together.
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    let _ = JsFuture::from(paused).await;
}

async fn ask(name: &str) -> Result<JsValue, JsValue> {
    let locks = Reflect::get(&window().navigator(), &"locks".into())?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let options = js_sys::Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE)?;
    let mut asked = Ok(JsValue::UNDEFINED);
    let granted = Promise::new(&mut |resolve, _| {
        let granted = Closure::once_into_js(move |lock: JsValue| {
            let held = lock.is_truthy();
            let _ = resolve.call1(&JsValue::NULL, &held.into());
            // Held until a promise is kept that nobody keeps.
            if held { Promise::new(&mut |_, _| {}).into() } else { JsValue::UNDEFINED }
        });
        asked = request.call3(&locks, &name.into(), &options, &granted);
    });
    // What was asked is settled first only when it is refused, as where a page has no origin of its own.
    JsFuture::from(Promise::race(&Array::of2(&granted, &asked?))).await
}
