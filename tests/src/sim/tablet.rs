//! What a tablet holds over a reload of its page: what was asked for and not answered, and the pad.

use verksted_protocol::workshop::boards::NoteCommand;

/// The storage of one tablet, as `web-client/src/store/kept.rs` uses it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tablet {
    unsent: Option<String>,
    /// What is on the pad.
    pub(crate) pad: Vec<String>,
}

impl Tablet {
    /// Keeps these, in place of what it kept.
    pub(crate) fn keep(&mut self, unsent: &[&NoteCommand]) {
        self.unsent = (!unsent.is_empty()).then(|| serde_json::to_string(unsent).expect("commands can be written"));
    }

    /// What it keeps.
    pub(crate) fn left(&self) -> Vec<NoteCommand> {
        self.unsent.as_deref().map(|text| serde_json::from_str(text).expect("as it was written")).unwrap_or_default()
    }
}
