//! Where the browser enters: what happens when the program stops, the language, and which page this address is.

use leptos::prelude::*;

use crate::pages::{facilitator, follow, replay, seat, start, wall};
use crate::{i18n, identity};

/// The element of `index.html` that says in words that the page has stopped and how to load it again.
const STOPPED: &str = "stopped";

/// Opens the councillor's page.
pub fn open_seat() {
    begin(i18n::seat_files);
    mount_to_body(seat::Seat);
}

/// Opens the page of this address. Nobody navigates: the page follows the room, and another page is another address.
pub fn open_room() {
    begin(i18n::room_files);
    mount_to_body(|| match identity::path().as_str() {
        "/led" => facilitator::Facilitator().into_any(),
        "/vegg" => wall::Wall().into_any(),
        "/folg" => follow::Follow().into_any(),
        "/planlegg" => replay::Replay().into_any(),
        _ => start::Start().into_any(),
    });
}

/// What every page begins with.
fn begin(words: i18n::Files) {
    std::panic::set_hook(Box::new(|panic| {
        leptos::logging::error!("{panic}");
        if let Some(notice) = document().get_element_by_id(STOPPED) {
            // Nothing more can be done about a failure while telling of a failure.
            let _ = notice.remove_attribute("hidden");
        }
    }));
    let language = identity::language();
    identity::mark(language);
    i18n::speak(language, words);
}
