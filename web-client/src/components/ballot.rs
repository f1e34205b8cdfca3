//! The ballot. What one has half chosen lives here and nowhere else: no push from the server touches it.

use leptos::prelude::*;
use verksted_protocol::ids::{NoteId, RoundId};
use verksted_protocol::workshop::dots::{Ballot, Choice};

use super::icon;
use crate::store::{Topic, store};
use crate::t;

/// Dots left, and what may be placed.
#[derive(Clone, Copy)]
struct Rules {
    dots: u8,
    most_on_one: u8,
    chosen: RwSignal<Ballot>,
}

impl Rules {
    fn left(self) -> u8 {
        self.chosen.with(|chosen| self.dots.saturating_sub(chosen.values().sum()))
    }

    fn on(self, option: NoteId) -> u8 {
        self.chosen.with(|chosen| chosen.get(&option).copied().unwrap_or_default())
    }

    /// A tap on the dot in place `at` (from 0) of an option: off when it is on, else one more is on.
    fn tap(self, option: NoteId, at: u8) {
        let (on, left) = untrack(|| (self.on(option), self.left()));
        let now = match (at < on, left) {
            (true, _) => on - 1,
            (false, 0) => return,
            (false, _) => on + 1,
        };
        self.chosen.update(|chosen| {
            if now == 0 {
                chosen.remove(&option);
            } else {
                chosen.insert(option, now);
            }
        });
    }
}

/// The open round.
#[component]
pub(crate) fn DotBallot(round: RoundId, options: Vec<Choice>, dots: u8, most_on_one: u8) -> impl IntoView {
    let store = store();
    let delivered = Memo::new(move |_| store.own_ballot(round));
    let chosen = RwSignal::new(delivered.get_untracked().unwrap_or_default());
    let touched = RwSignal::new(false);
    let sending = RwSignal::new(None::<Ballot>);
    // What one delivered before comes from the server after a reload, and only into a ballot nobody has touched.
    Effect::new(move |_| {
        let Some(ballot) = delivered.get() else { return };
        if !touched.get_untracked() {
            chosen.set(ballot.clone());
        }
        if sending.get_untracked().as_ref() == Some(&ballot) {
            sending.set(None);
        }
    });
    let refused = store.last_rejection();
    Effect::new(move |_| {
        if refused.with(Option::is_some) {
            sending.set(None);
        }
    });
    let rules = Rules { dots, most_on_one, chosen };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let ballot = chosen.get_untracked();
        sending.set(Some(ballot.clone()));
        store.vote(round, ballot);
    };
    let same =
        move || delivered.with(|delivered| delivered.as_ref().is_some_and(|given| chosen.with(|here| here == given)));
    let words = move || {
        if sending.with(Option::is_some) {
            t!("ballot-sending")
        } else if delivered.with(Option::is_some) {
            t!("ballot-change")
        } else {
            t!("ballot-submit")
        }
    };
    let standing = move || match (delivered.with(Option::is_some), same()) {
        (true, true) => t!("ballot-delivered"),
        (true, false) => t!("ballot-changed"),
        (false, _) => t!("ballot-abstain"),
    };
    let left = move || if rules.left() == 0 { t!("ballot-none-left") } else { t!("ballot-left", count = rules.left()) };
    let rows: Vec<_> = options.into_iter().map(|choice| row(choice, rules, touched)).collect();
    view! {
        <form class="ballot" data-round=round.0 on:submit=submit>
            <p class="trust">{icon("lock")} <span>{t!("ballot-secret")}</span></p>
            <p class="ballot-left" role="status">{left}</p>
            <ul class="options">{rows}</ul>
            <div class="ballot-foot">
                <span class="quiet" role="status" data-delivered=move || same().then_some("")>{standing}</span>
                <button class="ds-button" type="submit" data-action="submit-ballot" disabled=move || same() || store.is_stopped()>{words}</button>
            </div>
        </form>
    }
}

fn row(choice: Choice, rules: Rules, touched: RwSignal<bool>) -> impl IntoView {
    let Choice { id, text } = choice;
    let label = text.clone();
    let dots: Vec<_> = (0..rules.most_on_one)
        .map(|at| {
            let pressed = move || at < rules.on(id);
            let tap = move |_| {
                touched.set(true);
                rules.tap(id, at);
            };
            view! {
                <button
                    type="button"
                    class="dot"
                    aria-pressed=move || pressed().to_string()
                    aria-label=t!("ballot-dot", number = at + 1, option = label.clone())
                    disabled=move || !pressed() && rules.left() == 0
                    on:click=tap
                ></button>
            }
        })
        .collect();
    view! {
        <li class="option" data-option=id.to_string() data-picked=move || (rules.on(id) > 0).then_some("")>
            <span class="option-text">{text}</span>
            <div class="dots">{dots}</div>
        </li>
    }
}

/// Whether the latest round belongs to this step, and is open: what the priority step shows.
#[component]
pub(crate) fn PriorityWork(step: verksted_protocol::ids::StepId) -> impl IntoView {
    use verksted_protocol::workshop::dots::{DOTS_EACH, MOST_ON_ONE, RoundStatus};

    let store = store();
    // Only the round's number and whether it is open: that one more has answered must not draw the ballot anew.
    let latest = Memo::new(move |_| {
        store.read(Topic::Rounds, |workshop| {
            let (id, round) = workshop.dots.latest().filter(|(_, round)| round.step == step)?;
            Some((id, round.status == RoundStatus::Open))
        })
    });
    move || match latest.get() {
        None => view! {
            <div class="state" data-kind="empty">
                {icon("ballot")}
                <h2>{t!("ballot-wait")}</h2>
                <p>{t!("ballot-wait-more", dots = DOTS_EACH, most = MOST_ON_ONE)}</p>
                <p>{t!("ballot-secret")}</p>
            </div>
        }
        .into_any(),
        Some((id, open)) => {
            let Some(round) = store.peek(|workshop| workshop.dots.rounds.get(&id).cloned()) else {
                return ().into_any();
            };
            if open {
                let (options, dots, most_on_one) = (round.options, round.dots, round.most_on_one);
                view! { <DotBallot round=id options dots most_on_one /> }.into_any()
            } else {
                view! {
                    <h2 class="ds-heading" data-size="sm">{t!("result")}</h2>
                    <super::result::RoundResult round />
                    <p class="quiet">{t!("about-rounds")}</p>
                }
                .into_any()
            }
        }
    }
}
