//! The priority round: turnout while it is open, then what it gave. Always marked as guiding, not a decision.

use leptos::prelude::*;
use verksted_protocol::workshop::dots::{FEWEST_BALLOTS, Round, RoundStatus};

use crate::components::signs::icon;
use crate::room::{Placed, cut, placed};
use crate::store::{Topic, store};
use crate::t;

/// Most options read from twenty metres.
const MOST: usize = 6;

/// The latest round and how many may vote. Follows [`Topic::Rounds`] and [`Topic::Seats`].
pub(crate) fn latest() -> Option<(Round, usize)> {
    store().track(Topic::Seats);
    store().read(Topic::Rounds, |workshop| {
        let (_, round) = workshop.dots.latest()?;
        Some((round.clone(), workshop.present().count()))
    })
}

/// The view.
pub(super) fn view() -> impl IntoView {
    let round = Memo::new(|_| latest());
    view! {
        <div class="wall-result-head">
            <h1 class="wall-prompt" data-size="small">
                {t!("wall-result")}
            </h1>
            <p class="standing">{icon("info")} {t!("not-a-decision")}</p>
        </div>
        <div class="wall-result">{move || shown(round.get())}</div>
    }
}

fn shown(round: Option<(Round, usize)>) -> AnyView {
    let Some((round, present)) = round else {
        return view! { <p class="wall-empty">{t!("wall-result-none")}</p> }.into_any();
    };
    match &round.status {
        RoundStatus::Open => turnout(round.voted, present).into_any(),
        RoundStatus::TooFew => view! {
            <div class="wall-turnout">
                <p class="wall-address">{t!("wall-too-few")}</p>
                <p>{t!("wall-too-few-more", fewest = FEWEST_BALLOTS)}</p>
            </div>
        }
        .into_any(),
        RoundStatus::Closed(_) => bars(&placed(&round).unwrap_or_default(), round.voted, MOST).into_any(),
    }
}

fn turnout(voted: u32, present: usize) -> impl IntoView {
    let share = f64::from(voted) / f64::from(u32::try_from(present).unwrap_or(u32::MAX).max(1));
    view! {
        <div class="wall-turnout" data-voted=voted>
            <p class="wall-voted">{t!("wall-voted", voted = voted, present = present)}</p>
            <div class="result wall-turnout-bar" data-chosen="" aria-hidden="true" style=("--share", share.min(1.0).to_string())>
                <div class="result-bar"></div>
            </div>
            <p>{t!("wall-voted-hidden")}</p>
        </div>
    }
}

/// The result as bars from the left, at most `most` of them; the rest is told in words.
pub(crate) fn bars(options: &[Placed], voted: u32, most: usize) -> impl IntoView + use<> {
    let places: Vec<usize> = options.iter().map(|option| option.place).collect();
    let shown = cut(&places, most);
    let longest = options.first().map_or(1, |option| option.sum.dots).max(1);
    let rows = options[..shown].iter().map(|option| {
        let share = f64::from(option.sum.dots) / f64::from(longest);
        let place =
            if option.tied { t!("wall-tie", place = option.place) } else { t!("wall-place", place = option.place) };
        view! {
            <li class="result" data-note=option.id.to_string() data-place=option.place style=("--share", share.to_string())>
                <span class="result-label">
                    <span class="result-place">{place}</span>
                    {option.text.clone()}
                </span>
                <span class="result-figure">{t!("dots", count = option.sum.dots)}</span>
                <div class="result-bar" aria-hidden="true"></div>
                <span class="result-breadth">
                    {t!("wall-breadth", people = option.sum.people, voted = voted)}
                </span>
            </li>
        }
    });
    let rows = rows.collect_view();
    let rest = options.get(shown).map(|next| {
        let name = if next.sum.dots == 0 { "wall-rest-none" } else { "wall-proposals-more" };
        view! { <p class="wall-rest">{t!(name, count = options.len() - shown)}</p> }
    });
    view! {
        <ol class="results" data-count=shown data-voted=voted>
            {rows}
        </ol>
        {rest}
    }
}
