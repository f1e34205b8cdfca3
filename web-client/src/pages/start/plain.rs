//! A server that is in use: one comes with a link, or with the code from the wall.

use leptos::html::Input;
use leptos::prelude::*;

use crate::components::icon;
use crate::t;

/// The page.
#[component]
pub(super) fn Plain() -> impl IntoView {
    let field = NodeRef::<Input>::new();
    let missing = RwSignal::new(false);
    let go = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else { return };
        let code: String = field.value().split_whitespace().collect();
        if code.is_empty() {
            missing.set(true);
            let _ = field.focus();
            return;
        }
        // A page that cannot be left says so itself.
        let _ = window().location().set_href(&format!("/folg#{code}"));
    };
    let complaint = move || {
        missing.get().then(|| {
            view! {
                <p class="ds-validation-message" id="code-missing" role="alert">
                    {t!("start-code-empty")}
                </p>
            }
        })
    };
    view! {
        <main class="start start-plain" data-page="start">
            <header class="start-head">
                <p class="start-product">{t!("product")}</p>
                <h1>{t!("start-plain")}</h1>
                <p class="start-lead">{t!("start-plain-more")}</p>
            </header>
            <form class="start-code" on:submit=go>
                <div class="ds-field">
                    <label class="ds-label" for="code">
                        {t!("start-code")}
                    </label>
                    <p class="quiet" id="code-more">
                        {t!("start-code-more")}
                    </p>
                    <input
                        class="ds-input"
                        id="code"
                        node_ref=field
                        autocomplete="off"
                        autocapitalize="characters"
                        spellcheck="false"
                        aria-describedby="code-more"
                        aria-invalid=move || missing.get().then_some("true")
                        on:input=move |_| missing.set(false)
                    />
                    {complaint}
                </div>
                <button class="ds-button" type="submit" data-action="follow">
                    {icon("eye")}
                    {t!("start-code-go")}
                </button>
            </form>
            <footer class="start-foot">
                <span>{t!("start-foot-what")}</span>
                <span>{t!("start-foot-licence")}</span>
            </footer>
        </main>
    }
}
