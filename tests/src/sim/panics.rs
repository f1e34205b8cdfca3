//! Panics of the server's tasks, which the runtime catches and the registry makes good: here they count as failures.

use std::cell::Cell;
use std::panic;
use std::sync::Once;

static WATCHING: Once = Once::new();

thread_local! {
    static SEEN: Cell<bool> = const { Cell::new(false) };
}

/// Notes panics from now on, besides what is done about them otherwise.
pub(super) fn watch() {
    WATCHING.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            SEEN.set(true);
            before(info);
        }));
    });
    SEEN.set(false);
}

/// Whether anything on this thread has panicked since.
pub(super) fn seen() -> bool {
    SEEN.get()
}
