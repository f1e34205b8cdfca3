//! What the facilitator says to all: the administration's words, and never mistaken for the council's.

use leptos::prelude::*;

use super::icon;
use crate::store::{Topic, store};
use crate::{identity, t};

/// Where the tablet remembers which message was put away, by its time.
const READ: &str = "verksted.message";

/// The message that stands now, until one has put it away.
#[component]
pub(crate) fn FromTheAdministration() -> impl IntoView {
    let store = store();
    let standing = Memo::new(move |_| store.read(Topic::Messages, |workshop| workshop.messages.standing.clone()));
    let message = move || standing.get().filter(|message| identity::recall(READ) != Some(message.at.to_string()));
    let seen = RwSignal::new(());
    view! {
        <div role="status">
            {move || {
                seen.track();
                message()
                    .map(|message| {
                        let at = message.at.to_string();
                        let put_away = move |_| {
                            identity::keep(READ, &at);
                            seen.set(());
                        };
                        view! {
                            <article class="note message" data-origin="fag" data-message="">
                                <p class="origin" data-origin="fag">{icon("megaphone")} {t!("from-administration")}</p>
                                <p class="note-text">{message.text}</p>
                                <span class="note-side">
                                    <button type="button" class="note-more" data-action="close-message" aria-label=t!("close") on:click=put_away>
                                        {icon("close")}
                                    </button>
                                </span>
                            </article>
                        }
                    })
            }}
        </div>
    }
}
