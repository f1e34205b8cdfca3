//! Small signs: icons, the mark of a group, the time of day.

use js_sys::Date;
use leptos::prelude::*;
use verksted_protocol::ids::{GroupId, Moment};
use wasm_bindgen::JsValue;

use crate::t;

/// A drawing of the sprite, beside words that say the same.
pub(crate) fn icon(name: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true">
            <use href=format!("#i-{name}") />
        </svg>
    }
}

/// The drawing of a group's shape.
pub(crate) fn shape(group: GroupId) -> String {
    format!("#shape-{}", group.shape())
}

/// Number and shape of a group, never colour alone.
pub(crate) fn group_mark(group: GroupId) -> impl IntoView {
    view! {
        <span class="group" data-group=group.0>
            <svg class="group-shape" aria-hidden="true">
                <use href=shape(group) />
            </svg>
            {t!("group", number = group.0)}
        </span>
    }
}

/// The mark where there is little room: the words are for screen readers.
pub(crate) fn group_sign(group: GroupId) -> impl IntoView {
    view! {
        <span class="group" data-group=group.0>
            <svg class="group-shape" aria-hidden="true">
                <use href=shape(group) />
            </svg>
            <span aria-hidden="true">{group.0}</span>
            <span class="ds-sr-only">{t!("group", number = group.0)}</span>
        </span>
    }
}

/// A moment as the clock on the wall of the room showed it.
pub(crate) fn time_of_day(at: Moment) -> String {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
    let date = Date::new(&JsValue::from_f64(at.0 as f64));
    format!("{:02}:{:02}:{:02}", date.get_hours(), date.get_minutes(), date.get_seconds())
}
