//! How one follows from one's own phone: address, code and drawing, fetched once.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;

use crate::http;
use crate::identity;
use crate::store::store;
use crate::t;

/// What the room is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Join {
    /// The address.
    pub(crate) url: String,
    /// The code, for those who type.
    pub(crate) code: String,
    /// The drawing, for those who point a camera: SVG from our own server.
    pub(crate) qr: String,
}

impl Join {
    /// The address as one says it: no scheme, and no code in it.
    pub(crate) fn spoken(&self) -> String {
        let bare = self.url.trim_start_matches("https://").trim_start_matches("http://");
        bare.split('#').next().unwrap_or_default().to_owned()
    }
}

/// Fetches it as soon as the server has said which workshop this is.
pub(crate) fn join() -> RwSignal<Option<Join>> {
    let join = RwSignal::new(None);
    let asked = StoredValue::new(false);
    Effect::new(move |_| {
        let Some(you) = store().you().filter(|_| !asked.get_value()) else { return };
        asked.set_value(true);
        spawn_local(async move {
            let path = format!("/api/workshops/{}/join", you.workshop);
            match http::get(&path, identity::token().as_deref()).await {
                Ok(found) => join.set(Some(found)),
                // Asked again when the connection changes next, as when the server comes back.
                Err(_) => asked.set_value(false),
            }
        });
    });
    join
}

/// The drawing.
pub(crate) fn qr(join: &Join) -> impl IntoView + use<> {
    view! { <div class="wall-qr" role="img" aria-label=t!("wall-qr-label") inner_html=join.qr.clone()></div> }
}
