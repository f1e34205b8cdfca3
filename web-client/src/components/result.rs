//! What a priority round gave.

use leptos::prelude::*;
use verksted_protocol::tally::dots::{Sum, ranked};
use verksted_protocol::workshop::dots::{Round, RoundStatus};

use super::icon;
use crate::t;

/// The sums of a closed round, most dots first. Says every time that it is no decision.
#[component]
#[expect(clippy::needless_pass_by_value, reason = "a component owns what it is given")]
pub(crate) fn RoundResult(round: Round) -> impl IntoView {
    let RoundStatus::Closed(sums) = &round.status else {
        return view! { <p class="quiet" role="status">{t!("result-too-few")}</p> }.into_any();
    };
    let ids: Vec<_> = round.options.iter().map(|choice| choice.id).collect();
    let order = ranked(&ids, |id| sums.get(id).copied().unwrap_or_default());
    let most = order.iter().map(|(_, _, sum)| sum.dots).max().unwrap_or_default().max(1);
    let rows: Vec<_> = order
        .into_iter()
        .map(|(place, id, sum)| {
            let choice = round.options.iter().find(|choice| choice.id == id);
            let label = choice.map(|choice| choice.text.clone()).unwrap_or_default();
            row(place, label, sum, f64::from(sum.dots) / f64::from(most), round.voted)
        })
        .collect();
    view! {
        <ol class="results">{rows}</ol>
        <p class="standing">{icon("info")} {t!("not-a-decision")}</p>
    }
    .into_any()
}

fn row(place: usize, label: String, sum: Sum, share: f64, voted: u32) -> impl IntoView {
    view! {
        <li class="result" value=place.to_string() style:--share=share.to_string()>
            <span class="result-label">{label}</span>
            <span class="result-figure">{t!("dots", count = sum.dots)}</span>
            <span class="result-bar" aria-hidden="true"></span>
            <span class="result-breadth">{t!("support", people = sum.people, all = voted)}</span>
        </li>
    }
}
