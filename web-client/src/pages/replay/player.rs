//! The player: one place in the meeting, and the ways to move it. It uses time only while it plays.

use std::time::Duration;

use leptos::prelude::*;
use verksted_protocol::ids::Moment;
use verksted_protocol::workshop::Workshop;

use crate::components::icon;
use crate::replay::playhead::{Playhead, Speed};
use crate::replay::recording::Recording;
use crate::replay::timeline::Timeline;
use crate::t;

/// Between two pictures while it plays.
const TICK: Duration = Duration::from_millis(100);

/// A place in the meeting; a handle that weighs nothing.
#[derive(Clone, Copy)]
pub(super) struct Player {
    recording: StoredValue<Recording, LocalStorage>,
    line: StoredValue<Timeline>,
    head: StoredValue<Playhead>,
    timer: StoredValue<Option<IntervalHandle>>,
    at: RwSignal<Moment>,
    place: RwSignal<usize>,
    plays: RwSignal<bool>,
    speed: RwSignal<Speed>,
}

impl Player {
    /// At the end: what came of the meeting is seen first, and playing begins at the beginning.
    pub(super) fn new(line: Timeline, recording: Recording) -> Self {
        let mut head = Playhead::new(line.start, line.end);
        head.go(now(), line.end);
        Self {
            at: RwSignal::new(line.end),
            place: RwSignal::new(recording.place()),
            plays: RwSignal::new(false),
            speed: RwSignal::new(head.speed()),
            recording: StoredValue::new_local(recording),
            line: StoredValue::new(line),
            head: StoredValue::new(head),
            timer: StoredValue::new(None),
        }
    }

    /// Reads the workshop as it was; the view is drawn anew when that changes.
    pub(super) fn read<R>(self, view: impl FnOnce(&Workshop) -> R) -> R {
        self.place.track();
        self.recording.with_value(|recording| view(recording.state()))
    }

    /// Reads the axis.
    pub(super) fn line<R>(self, view: impl FnOnce(&Timeline) -> R) -> R {
        self.line.with_value(view)
    }

    /// The moment shown. Followed.
    pub(super) fn at(self) -> Moment {
        self.at.get()
    }

    /// How many events have happened. Followed.
    pub(super) fn place(self) -> usize {
        self.place.get()
    }

    /// To a moment.
    pub(super) fn go(self, at: Moment) {
        self.head.update_value(|head| head.go(now(), at));
        self.follow();
    }

    /// So many milliseconds on or back.
    pub(super) fn go_by(self, milliseconds: i64) {
        self.go(Moment(self.at.get_untracked().0 + milliseconds));
    }

    /// One event on or back. Those that happened in the same millisecond are still told apart.
    pub(super) fn go_event(self, forward: bool) {
        self.pause();
        let place = self.place.get_untracked();
        let to = if forward { place + 1 } else { place.saturating_sub(1) };
        let at = self.recording.try_update_value(|recording| {
            recording.seek(to);
            (recording.place(), recording.moment())
        });
        if let Some((place, at)) = at {
            let at = at.unwrap_or_else(|| self.line(|line| line.start));
            self.head.update_value(|head| head.go(now(), at));
            self.at.set(self.head.with_value(|head| head.at(now())));
            self.place.set(place);
        }
    }

    /// To the beginning of the next step or the one before.
    pub(super) fn go_step(self, forward: bool) {
        let at = self.at.get_untracked();
        let (mark, edge) = self
            .line(|line| if forward { (line.next_step(at), line.end) } else { (line.previous_step(at), line.start) });
        self.go(mark.map_or(edge, |mark| mark.at));
    }

    /// To the beginning or the end.
    pub(super) fn go_edge(self, end: bool) {
        self.go(self.line(|line| if end { line.end } else { line.start }));
    }

    /// Plays or pauses.
    pub(super) fn toggle(self) {
        if self.plays.get_untracked() {
            self.pause();
            return;
        }
        self.head.update_value(|head| head.play(now()));
        self.stop();
        let tick = set_interval_with_handle(move || self.follow(), TICK);
        self.timer.set_value(tick.ok());
        self.follow();
    }

    /// Puts the timer away.
    pub(super) fn stop(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    fn pause(self) {
        self.head.update_value(|head| head.pause(now()));
        self.follow();
    }

    fn set_speed(self, speed: Speed) {
        self.head.update_value(|head| head.set_speed(now(), speed));
        self.speed.set(speed);
    }

    /// Shows what the hand on the axis points at.
    fn follow(self) {
        let now = now();
        let Some((at, plays)) = self.head.try_with_value(|head| (head.at(now), head.plays(now))) else { return };
        let place = self.recording.try_update_value(|recording| {
            recording.seek_moment(at);
            recording.place()
        });
        if !plays {
            self.stop();
        }
        if self.plays.get_untracked() != plays {
            self.plays.set(plays);
        }
        if self.at.get_untracked() != at {
            self.at.set(at);
        }
        if let Some(place) = place.filter(|place| *place != self.place.get_untracked()) {
            self.place.set(place);
        }
    }
}

fn now() -> f64 {
    js_sys::Date::now()
}

/// Play, step and speed.
#[component]
pub(super) fn Controls(player: Player) -> impl IntoView {
    let words = move || if player.plays.get() { t!("replay-pause") } else { t!("replay-play") };
    let sign = move || if player.plays.get() { icon("pause").into_any() } else { icon("play").into_any() };
    let small = |hook: &'static str, words: String, sign: AnyView, act: Callback<()>| {
        view! {
            <button
                class="ds-button"
                data-variant="tertiary"
                data-icon=""
                type="button"
                data-action=hook
                aria-label=words.clone()
                title=words
                on:click=move |_| act.run(())
            >
                {sign}
            </button>
        }
    };
    let act = |act: fn(Player)| Callback::new(move |()| act(player));
    let speeds = Speed::ALL.map(|speed| {
        let times = speed.times();
        view! {
            <button
                class="speed"
                type="button"
                data-action=format!("speed-{times}")
                aria-label=t!("replay-times", times = times)
                aria-pressed=move || if player.speed.get() == speed { "true" } else { "false" }
                on:click=move |_| player.set_speed(speed)
            >
                {times}
                "×"
            </button>
        }
    });
    let step = move || {
        let mark = player.line(|line| line.step_at(player.at()));
        player.read(|workshop| {
            let step = mark.and_then(|mark| workshop.programme.step(mark.step));
            step.map_or_else(
                || t!("replay-before-steps"),
                |step| t!("step", number = step.id.0, title = step.title.as_str()),
            )
        })
    };
    view! {
        <div class="player">
            <button
                class="ds-button"
                type="button"
                data-action="play"
                data-playing=move || player.plays.get().then_some("")
                on:click=move |_| player.toggle()
            >
                {sign}
                <span>{words}</span>
            </button>
            <div class="row player-steps">
                {small("step-back", t!("replay-step-back"), view! { <span aria-hidden="true">"⇤"</span> }.into_any(), act(|player| player.go_step(false)))}
                {small("event-back", t!("replay-event-back"), icon("chevron-left").into_any(), act(|player| player.go_event(false)))}
                {small("event-forward", t!("replay-event-forward"), icon("chevron-right").into_any(), act(|player| player.go_event(true)))}
                {small("step-forward", t!("replay-step-forward"), view! { <span aria-hidden="true">"⇥"</span> }.into_any(), act(|player| player.go_step(true)))}
            </div>
            <div class="speeds" role="group" aria-label=t!("replay-speed")>
                {speeds.collect_view()}
            </div>
            <p class="player-step" data-at=move || player.at().0 data-events=move || player.place()>
                {step}
            </p>
        </div>
    }
}
