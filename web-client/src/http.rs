//! The few questions a page asks outside its socket.

use leptos::prelude::window;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

/// Why there is no answer to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The server said no, with this status.
    Refused(u16),
    /// No server, or one that speaks differently.
    Unreachable,
}

impl From<JsValue> for Failure {
    fn from(_: JsValue) -> Self {
        Self::Unreachable
    }
}

/// Asks for something with the secret of a link, if it takes one.
pub(crate) async fn get<T: DeserializeOwned>(path: &str, token: Option<&str>) -> Result<T, Failure> {
    ask("GET", path, token).await
}

/// Asks the server to do something that only a demonstration offers.
pub(crate) async fn post<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    ask("POST", path, None).await
}

async fn ask<T: DeserializeOwned>(method: &str, path: &str, token: Option<&str>) -> Result<T, Failure> {
    let init = RequestInit::new();
    init.set_method(method);
    if let Some(token) = token {
        let headers = Headers::new()?;
        headers.set("authorization", &format!("Bearer {token}"))?;
        init.set_headers(&headers);
    }
    let response: Response = JsFuture::from(window().fetch_with_str_and_init(path, &init)).await?.unchecked_into();
    if !response.ok() {
        return Err(Failure::Refused(response.status()));
    }
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    serde_json::from_str(&text).map_err(|_| Failure::Unreachable)
}
