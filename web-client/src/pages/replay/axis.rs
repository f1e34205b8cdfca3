//! The axis: when the steps began, what each group wrote when, the rounds, and the hand that is moved.

use leptos::prelude::*;
use verksted_protocol::ids::{GroupId, Moment, StepId};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::boards::Filter;
use super::clock;
use super::player::Player;
use crate::components::bars::Bars;
use crate::components::{group_mark, icon};
use crate::replay::timeline::RoundMark;
use crate::t;

/// What an arrow key moves, in milliseconds, without and with Shift.
const LITTLE: i64 = 10_000;
const MUCH: i64 = 60_000;
/// Marks of steps closer than this share of the axis take turns in two rows.
const CLOSE: f64 = 0.03;

/// The axis.
#[component]
pub(super) fn Axis(player: Player, filter: Filter) -> impl IntoView {
    let groups = player.line(|line| line.lanes.keys().copied().collect::<Vec<_>>());
    let at = move || player.line(|line| line.share(player.at())).to_string();
    let marks = player.line(|line| line.steps.iter().copied().zip(line.rows(CLOSE)).collect::<Vec<_>>());
    let rounds = player.line(|line| line.rounds.clone());
    view! {
        <div class="axis" style:--at=at>
            <div class="lane-steps" role="group" aria-label=t!("replay-steps")>
                {marks.into_iter().map(|(mark, row)| step(player, mark.step, mark.at, row)).collect_view()}
                {rounds.into_iter().map(|mark| round(player, mark)).collect_view()}
            </div>
            <div class="lanes" role="group" aria-label=t!("replay-lanes")>
                {groups.into_iter().map(|group| lane(player, filter, group)).collect_view()}
            </div>
            <Hand player />
            <span class="axis-line" aria-hidden="true"></span>
        </div>
    }
}

fn step(player: Player, id: StepId, at: Moment, row: u8) -> impl IntoView {
    let title = player.read(|workshop| workshop.programme.step(id).map(|step| step.title.clone())).unwrap_or_default();
    let words = t!("replay-step-go", number = id.0, title = title.as_str(), time = clock(at));
    let (share, wide) = player.line(|line| {
        let next = line.next_step(at).map_or(1.0, |next| line.share(next.at));
        (line.share(at), next - line.share(at))
    });
    let now = move || player.line(|line| line.step_at(player.at())).is_some_and(|mark| mark.at == at);
    view! {
        <button
            class="lane-step"
            type="button"
            data-step=id.0
            data-row=row
            aria-label=words.clone()
            title=words
            aria-current=move || now().then_some("step")
            style:--at=share.to_string()
            style:--wide=wide.to_string()
            on:click=move |_| player.go(at)
        >
            {id.0}
            " "
            <span aria-hidden="true">{title}</span>
        </button>
    }
}

fn round(player: Player, mark: RoundMark) -> impl IntoView {
    let name = if mark.opened { "replay-round-opened" } else { "replay-round-closed" };
    let words = t!(name, round = mark.round.0, time = clock(mark.at));
    let share = player.line(|line| line.share(mark.at));
    view! {
        <button
            class="lane-round"
            type="button"
            data-round=mark.round.0
            data-opened=mark.opened.then_some("")
            aria-label=words.clone()
            title=words
            style:--at=share.to_string()
            on:click=move |_| player.go(mark.at)
        >
            {icon(if mark.opened { "ballot" } else { "chart" })}
        </button>
    }
}

fn lane(player: Player, filter: Filter, group: GroupId) -> impl IntoView {
    let (levels, count) = player.line(|line| {
        let count: u32 = line.lanes.get(&group).into_iter().flatten().sum();
        (line.levels(group), count)
    });
    let chosen = move || filter.group.get() == Some(group);
    let choose = move |_| filter.group.set(if chosen() { None } else { Some(group) });
    view! {
        <div class="lane" data-group=group.0 data-dimmed=move || (filter.group.get().is_some() && !chosen()).then_some("")>
            <button
                class="lane-name"
                type="button"
                data-action="filter-group"
                aria-pressed=move || if chosen() { "true" } else { "false" }
                on:click=choose
            >
                {group_mark(group)}
            </button>
            <div class="lane-track" on:click=move |event| point(player, &event)>
                <Bars levels=Signal::stored(levels) label=t!("replay-lane", number = group.0, count = count) />
            </div>
        </div>
    }
}

/// What one moves in time.
#[component]
fn Hand(player: Player) -> impl IntoView {
    let held = RwSignal::new(false);
    let seconds = move |at: Moment| player.line(|line| (at.0 - line.start.0) / 1_000);
    let words = move || {
        let mark = player.line(|line| line.step_at(player.at()));
        let step = player.read(|workshop| {
            let step = mark.and_then(|mark| workshop.programme.step(mark.step));
            step.map_or_else(|| t!("replay-before-steps"), |step| step.title.clone())
        });
        t!("replay-place-at", time = clock(player.at()), step = step)
    };
    let down = move |event: leptos::ev::PointerEvent| {
        held.set(true);
        if let Some(track) = track(&event) {
            // Without the capture the hand is only lost at the edge.
            let _ = track.set_pointer_capture(event.pointer_id());
        }
        point(player, &event);
    };
    let drag = move |event: leptos::ev::PointerEvent| {
        if held.get_untracked() {
            point(player, &event);
        }
    };
    view! {
        <div class="lane axis-hand">
            <span class="player-clock" aria-hidden="true">
                {move || clock(player.at())}
            </span>
            <div
                class="hand"
                role="slider"
                tabindex="0"
                data-action="seek"
                aria-label=t!("replay-place")
                aria-describedby="replay-keys"
                aria-valuemin="0"
                aria-valuemax=move || seconds(player.line(|line| line.end))
                aria-valuenow=move || seconds(player.at())
                aria-valuetext=words
                on:pointerdown=down
                on:pointermove=drag
                on:pointerup=move |_| held.set(false)
                on:pointercancel=move |_| held.set(false)
                on:keydown=move |event| key(player, &event)
            >
                <span class="hand-knob" aria-hidden="true"></span>
            </div>
        </div>
        <p class="ds-sr-only" id="replay-keys">
            {t!("replay-keys")}
        </p>
    }
}

fn key(player: Player, event: &leptos::ev::KeyboardEvent) {
    let by = if event.shift_key() { MUCH } else { LITTLE };
    match event.key().as_str() {
        "ArrowRight" | "ArrowUp" => player.go_by(by),
        "ArrowLeft" | "ArrowDown" => player.go_by(-by),
        "PageUp" => player.go_step(false),
        "PageDown" => player.go_step(true),
        "Home" => player.go_edge(false),
        "End" => player.go_edge(true),
        "." => player.go_event(true),
        "," => player.go_event(false),
        " " => player.toggle(),
        _ => return,
    }
    event.prevent_default();
}

fn track(event: &leptos::ev::MouseEvent) -> Option<Element> {
    event.current_target()?.dyn_into().ok()
}

/// To the moment that lies under the pointer.
fn point(player: Player, event: &leptos::ev::MouseEvent) {
    let Some(track) = track(event) else { return };
    let bounds = track.get_bounding_client_rect();
    let share = (f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0);
    player.go(player.line(|line| line.moment(share)));
}
