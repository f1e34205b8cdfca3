//! What must hold of the rules as a whole, for any history: nothing here knows how a rule is written.

mod common;
mod golden;
mod receiving;
mod replay;
mod visibility;
mod votes;
