//! What the facilitator says to all: the administration's words, and never mistaken for the council's.

use leptos::prelude::*;

use super::icon;
use crate::store::{Topic, store};
use crate::t;

/// The message that stands now.
#[component]
pub(crate) fn FromTheAdministration() -> impl IntoView {
    let store = store();
    let text = Memo::new(move |_| {
        store.read(Topic::Messages, |workshop| workshop.messages.standing.as_ref().map(|message| message.text.clone()))
    });
    view! {
        <div role="status">
            {move || {
                text.get()
                    .map(|text| {
                        view! {
                            <article class="note message" data-origin="fag" data-message="">
                                <p class="origin" data-origin="fag">{icon("megaphone")} {t!("from-administration")}</p>
                                <p class="note-text">{text}</p>
                            </article>
                        }
                    })
            }}
        </div>
    }
}
