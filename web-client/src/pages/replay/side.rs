//! Beside the boards: how things stood then, the proposals, and the result.

use leptos::prelude::*;
use verksted_protocol::ids::{GroupId, NoteId};
use verksted_protocol::workshop::dots::RoundStatus;
use verksted_protocol::workshop::meeting::MeetingStatus;

use super::player::Player;
use crate::components::connection::LinkSign;
use crate::components::icon;
use crate::components::scene::result;
use crate::components::signs::group_sign;
use crate::room;
use crate::store::{Topic, store};
use crate::t;

/// Most options shown of a result; the rest is told in words.
const MOST: usize = 20;

/// The name of the meeting, and whether the log is final.
#[component]
pub(super) fn Head(player: Player, again: Callback<()>) -> impl IntoView {
    let about = player.read(|workshop| workshop.meeting.about.clone());
    let closed = move || store().read(Topic::Meeting, |workshop| workshop.meeting.status == MeetingStatus::Closed);
    let state = move || {
        if closed() {
            view! { <span class="quiet">{icon("lock")} " " {t!("replay-frozen")}</span> }.into_any()
        } else {
            view! {
                <span class="quiet">{t!("replay-running")}</span>
                <button
                    class="ds-button"
                    data-variant="tertiary"
                    type="button"
                    data-action="fetch-again"
                    on:click=move |_| again.run(())
                >
                    {t!("replay-more")}
                </button>
            }
            .into_any()
        }
    };
    let made_up = about.fictional.then(|| t!("made-up-short", municipality = about.municipality.as_str()));
    view! {
        <div class="replay-head">
            <h1>{t!("replay-title")} ": " {about.title}</h1>
            <span class="quiet">{made_up}</span>
            {state}
            <LinkSign />
        </div>
    }
}

/// How things stood.
#[component]
pub(super) fn Then(player: Player) -> impl IntoView {
    let facts = move || {
        player.read(|workshop| {
            let arrived = workshop.present().count();
            let scene = t!(&format!("lead-scene-{}", room::scene_name(workshop.screen.scene)));
            let present = t!("replay-present", arrived = arrived, seats = workshop.seats.list.len());
            (present, t!("replay-screen", scene = scene))
        })
    };
    let prompt = move || player.read(|workshop| workshop.programme.current_step().map(|step| step.prompt.clone()));
    view! {
        <aside class="replay-side" aria-labelledby="then">
            <section>
                <h2 class="ds-heading" data-size="xs" id="then">
                    {t!("replay-then")}
                </h2>
                <p>{prompt}</p>
                <p class="quiet">{move || facts().0}</p>
                <p class="quiet">{move || facts().1}</p>
            </section>
            <Proposals player />
            <Rounds player />
        </aside>
    }
}

/// A proposal as it stood: its note, who wrote it, what it said, and what was merged under it.
type Stood = (NoteId, GroupId, String, Vec<(NoteId, GroupId, String)>);

#[component]
fn Proposals(player: Player) -> impl IntoView {
    let proposals = Memo::new(move |_| {
        player.read(|workshop| {
            let board = room::proposals_board(workshop)?;
            let shared = workshop.boards.list.get(&board).is_some_and(|board| board.shared);
            let stood = workshop.proposals(board).into_iter().map(|lead| {
                let sources = lead.sources.iter().map(|(id, group, note)| (*id, *group, note.text.read()));
                (lead.id, lead.group, lead.note.text.read(), sources.collect())
            });
            shared.then(|| stood.collect::<Vec<Stood>>())
        })
    });
    let rows = move || match proposals.get() {
        None => view! { <p class="quiet">{t!("replay-proposals-none")}</p> }.into_any(),
        Some(stood) => {
            let rows = stood.into_iter().map(|(id, group, text, sources)| {
                let merged = (!sources.is_empty()).then(|| {
                    let sources = sources.into_iter().map(|(id, group, text)| {
                        view! { <li data-note=id.to_string()>{group_sign(group)} " " {text}</li> }
                    });
                    view! { <ul class="merged">{sources.collect_view()}</ul> }
                });
                view! {
                    <li class="note" data-origin="politikk" data-note=id.to_string()>
                        <p class="note-text">{group_sign(group)} " " {text}</p>
                        {merged}
                    </li>
                }
            });
            view! { <ul class="notes">{rows.collect_view()}</ul> }.into_any()
        }
    };
    view! {
        <section aria-labelledby="proposals">
            <h2 class="ds-heading" data-size="xs" id="proposals">
                {t!("replay-proposals")}
            </h2>
            {rows}
        </section>
    }
}

#[component]
fn Rounds(player: Player) -> impl IntoView {
    let round = Memo::new(move |_| player.read(|workshop| workshop.dots.latest().map(|(_, round)| round.clone())));
    let body = move || match round.get() {
        None => view! { <p class="quiet">{t!("replay-result-none")}</p> }.into_any(),
        Some(round) => match &round.status {
            RoundStatus::Open => {
                view! { <p data-voted=round.voted>{t!("replay-result-open", voted = round.voted)}</p> }.into_any()
            }
            RoundStatus::TooFew => view! { <p>{t!("result-too-few")}</p> }.into_any(),
            RoundStatus::Closed(_) => view! {
                {result::bars(&room::placed(&round).unwrap_or_default(), round.voted, MOST)}
                <p class="standing">{icon("info")} {t!("not-a-decision")}</p>
            }
            .into_any(),
        },
    };
    view! {
        <section aria-labelledby="result">
            <h2 class="ds-heading" data-size="xs" id="result">
                {t!("replay-result")}
            </h2>
            {body}
        </section>
    }
}
