//! The plan in force, beside the work where a step asks for it.

use leptos::prelude::*;
use verksted_protocol::workshop::meeting::{PlanItem, PlanItemKind};

use crate::store::{Topic, store};
use crate::t;

/// The items, folded together until somebody wants to read them. It is the administration's text in the council's words,
/// so it stands apart from what the council writes today.
#[component]
pub(crate) fn PlanInForce() -> impl IntoView {
    let store = store();
    let plan = Memo::new(move |_| store.read(Topic::Meeting, |workshop| workshop.meeting.about.plan.clone()));
    view! {
        <Show when=move || plan.with(|plan| !plan.is_empty())>
            <details class="ds-details plan" data-variant="tinted">
                <summary>{t!("plan-in-force")}</summary>
                <dl class="plan-items">{move || plan.get().into_iter().map(item).collect_view()}</dl>
            </details>
        </Show>
    }
}

fn item(item: PlanItem) -> impl IntoView {
    let kind = match item.kind {
        PlanItemKind::Vision => t!("plan-vision"),
        PlanItemKind::MainGoal => t!("plan-main-goal"),
        PlanItemKind::LandUseStrategy => t!("plan-land-use"),
        PlanItemKind::PriorityArea => t!("plan-priority"),
    };
    let details = item.details.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! {
        <dt class="quiet">{kind}</dt>
        <dd>{item.text} <ul class="quiet">{details}</ul></dd>
    }
}
