//! Writing in a note.

pub mod diff;
