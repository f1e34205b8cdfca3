//! Activity as bars: one small drawing with one path, so that a busy room costs one attribute for each group.

use std::fmt::Write;

use leptos::prelude::*;

/// Height of the drawing, in its own units.
const HIGH: f64 = 100.0;
/// Where nothing happened a line is left, so that silence reads as silence and not as a picture that is missing.
const LINE: f64 = 5.0;

/// Bars of these levels, each 0 to 1.
#[component]
pub(crate) fn Bars(
    /// From the left.
    #[prop(into)]
    levels: Signal<Vec<f64>>,
    /// What they show, in words.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let wide = move || levels.with(Vec::len).max(1);
    view! {
        <svg
            class="activity"
            role="img"
            aria-label=label
            viewBox=move || format!("0 0 {} {HIGH}", wide())
            preserveAspectRatio="none"
        >
            <path d=move || levels.with(|levels| outline(levels)) />
        </svg>
    }
}

fn outline(levels: &[f64]) -> String {
    let mut path = String::with_capacity(levels.len() * 24);
    for (place, level) in levels.iter().enumerate() {
        let top = HIGH - (level * HIGH).max(LINE);
        // Writing to a string cannot fail.
        let _ = write!(path, "M{place}.1 {HIGH}V{top:.0}H{place}.9V{HIGH}z");
    }
    path
}
