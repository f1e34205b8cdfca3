//! The step: what the room is asked, as large as it goes.

use leptos::prelude::*;

use super::outside_the_steps;
use crate::store::{Topic, store};

/// Longer prompts than this, in characters, are set smaller.
const LONG: usize = 150;

/// The view.
pub(super) fn view() -> impl IntoView {
    let words = Memo::new(|_| {
        store().track(Topic::Meeting);
        store().read(Topic::Programme, |workshop| match workshop.programme.current_step() {
            Some(step) if step.prompt.is_empty() => (step.title.clone(), String::new(), step.columns.clone()),
            Some(step) => (step.prompt.clone(), String::new(), step.columns.clone()),
            None => {
                let (heading, more) = outside_the_steps(workshop.meeting.status);
                (heading, more, Vec::new())
            }
        })
    });
    let long = move || words.with(|(heading, ..)| heading.chars().count() > LONG).then_some("");
    let columns = move || {
        let columns = words.with(|(.., columns)| columns.clone());
        (columns.len() > 1).then(|| {
            let columns = columns.into_iter().map(|column| view! { <li>{column}</li> });
            view! { <ul class="wall-step-columns">{columns.collect_view()}</ul> }
        })
    };
    view! {
        <h1 class="wall-prompt" data-alone="" data-long=long>
            {move || words.with(|(heading, ..)| heading.clone())}
        </h1>
        <div class="wall-step-more">
            <p>{move || words.with(|(_, more, _)| more.clone())}</p>
            {columns}
        </div>
    }
}
