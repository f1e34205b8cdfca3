//! The one open field: a plain `<textarea>` that the framework never writes in.

use leptos::html::Textarea;
use leptos::prelude::*;
use verksted_protocol::ids::NoteId;
use wasm_bindgen::JsCast;

use super::binding::{Binding, Key};
use crate::t;

/// The field of an open note. The note must have been opened in the store.
#[component]
pub(crate) fn NoteField(
    note: NoteId,
    /// What it is called for those who do not see where it stands.
    label: String,
    /// Enter: on to the next note. Told whether this one is blank.
    on_next: Callback<bool>,
    /// Escape, or the field lost focus or its note. Told whether this one is blank.
    on_leave: Callback<bool>,
) -> impl IntoView {
    let element = NodeRef::<Textarea>::new();
    let binding = StoredValue::new_local(None);
    let full = RwSignal::new(false);
    let lost = Callback::new(move |()| tell(on_leave, false));
    let current = move || binding.try_get_value().flatten();
    Effect::new(move |_| {
        if let Some(element) = element.get() {
            binding.set_value(Some(Binding::open(note, element, full, lost)));
        }
    });
    on_cleanup(move || {
        if let Some(binding) = current() {
            binding.close();
        }
    });

    let blank = move || current().is_some_and(|binding| binding.is_blank());
    let key = move |event: leptos::ev::KeyboardEvent| {
        let Some(binding) = current() else { return };
        match binding.key(&event) {
            Key::Plain => {}
            Key::Next => {
                event.prevent_default();
                tell(on_next, blank());
            }
            Key::Leave => {
                event.prevent_default();
                tell(on_leave, blank());
            }
        }
    };
    let before = move |event: leptos::ev::InputEvent| {
        if current().is_some_and(|binding| binding.undo_by_kind(&event.input_type())) {
            event.prevent_default();
        }
    };
    let with = move |work: fn(&std::rc::Rc<Binding>)| {
        if let Some(binding) = current() {
            work(&binding);
        }
    };
    view! {
        <textarea
            class="note-field"
            node_ref=element
            lang="nb"
            autocapitalize="sentences"
            spellcheck="true"
            enterkeyhint="next"
            aria-label=label
            placeholder=t!("note-placeholder")
            on:input=move |event| {
                if let Some(binding) = current() {
                    binding.input(&event.unchecked_into());
                }
            }
            on:beforeinput=before
            on:compositionstart=move |_| with(|binding| binding.composition_started())
            on:compositionend=move |_| with(Binding::composition_ended)
            on:keydown=key
            on:keyup=move |_| with(Binding::tell)
            on:pointerup=move |_| with(Binding::tell)
            on:blur=move |_| tell(on_leave, blank())
        ></textarea>
        <Show when=move || full.get()>
            <p class="trust" role="status">{t!("note-full")}</p>
        </Show>
    }
}

/// A field that is taken away loses its focus last of all, when those who listened are gone already.
fn tell(listener: Callback<bool>, blank: bool) {
    let _ = listener.try_run(blank);
}
