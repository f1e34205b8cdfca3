//! Why something one asked for was not done, in words, until it is put away.

use leptos::prelude::*;

use crate::components::icon;
use crate::store::store;
use crate::t;

/// The words, where something was refused.
#[component]
pub(crate) fn Refused() -> impl IntoView {
    let refused = store().last_rejection();
    let words = move || {
        let code = refused.get()?.code();
        let words = t!(&format!("rejection-{code}"));
        let put_away = refused.clone();
        Some(view! {
            <div class="ds-alert lead-refused" data-color="warning" data-refused=code>
                <p>{words}</p>
                <button
                    class="ds-button"
                    data-variant="tertiary"
                    data-icon=""
                    type="button"
                    aria-label=t!("close")
                    on:click=move |_| put_away.set(None)
                >
                    {icon("close")}
                </button>
            </div>
        })
    };
    view! { <div role="status">{words}</div> }
}
