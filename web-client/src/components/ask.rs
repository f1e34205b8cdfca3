//! Asks once, in words, before what everybody sees or nobody can take back.

use leptos::html::Dialog;
use leptos::prelude::*;
use verksted_protocol::workshop::Command;

use crate::net::machine::Link;
use crate::store::store;
use crate::t;

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Question {
    /// The question itself.
    pub(crate) heading: String,
    /// What the room will be asked, to look at beforehand.
    pub(crate) prompt: String,
    /// What happens on yes.
    pub(crate) more: Vec<String>,
    /// The words of yes, the hook of its button, and what it does; nothing when there is nothing to say yes to.
    pub(crate) yes: Option<(String, &'static str, Command)>,
}

/// The dialog of a page; open while there is a question.
#[component]
pub(crate) fn Ask(
    /// The question there is.
    question: RwSignal<Option<Question>>,
) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        let asked = question.with(Option::is_some);
        let Some(dialog) = dialog.get() else { return };
        if asked && !dialog.open() {
            // It can only fail when it is open already.
            let _ = dialog.show_modal();
        } else if !asked && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog class="ds-dialog" node_ref=dialog aria-labelledby="ask-heading" on:close=move |_| question.set(None)>
            {move || question.get().map(|asked| words(asked, question))}
        </dialog>
    }
}

/// Whether there is no line: what cannot be taken back is not to be done later, unseen.
pub(crate) fn waits() -> bool {
    store().link() != Link::Live
}

/// Why yes cannot be said, where it cannot.
pub(crate) fn needs_link() -> Option<String> {
    waits().then(|| t!("link-needed"))
}

fn words(asked: Question, question: RwSignal<Option<Question>>) -> impl IntoView {
    let Question { heading, prompt, more, yes } = asked;
    let prompt = (!prompt.is_empty()).then(|| view! { <blockquote class="ask-prompt">{prompt}</blockquote> });
    let cancel = if yes.is_some() { t!("cancel") } else { t!("close") };
    let yes = yes.map(|(words, hook, command)| {
        let go = move |_| {
            store().send(command.clone());
            question.set(None);
        };
        view! {
            <button class="ds-button" data-action=hook data-confirm="" disabled=waits on:click=go>
                {words}
            </button>
        }
    });
    view! {
        <div class="ask">
            <h2 class="ds-heading" data-size="xs" id="ask-heading">
                {heading}
            </h2>
            {prompt}
            {more.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
            <p role="status">{needs_link}</p>
            <div class="ask-actions">
                <button
                    class="ds-button"
                    data-variant="secondary"
                    data-action="cancel"
                    on:click=move |_| question.set(None)
                >
                    {cancel}
                </button>
                {yes}
            </div>
        </div>
    }
}
