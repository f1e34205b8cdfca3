//! Looking back: the log of a meeting, folded in the browser with the same rules the server used.
//!
//! Nothing here knows of a page. [`recording`] holds the events and finds the state at any of them quickly,
//! [`timeline`] is what the axis shows, [`playhead`] is where one is and how fast it moves, [`find`] searches the notes.

pub mod find;
pub mod page;
pub mod playhead;
pub mod recording;
#[cfg(test)]
pub(crate) mod testing;
pub mod timeline;
