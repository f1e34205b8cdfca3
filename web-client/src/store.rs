//! What the page knows: its copy of the workshop, what it has asked for, and what it writes. Views read it by topic and
//! are drawn anew when their topic changes; nothing else is kept anywhere.

pub mod drafts;
pub mod inherited;
pub mod order;
pub mod record;
pub mod replica;
pub mod scope;
pub mod texts;
pub mod topic;

#[cfg(target_arch = "wasm32")]
mod alive;
#[cfg(target_arch = "wasm32")]
mod keep;
#[cfg(target_arch = "wasm32")]
mod live;
#[cfg(target_arch = "wasm32")]
mod own_ballot;
#[cfg(target_arch = "wasm32")]
mod pad;
#[cfg(target_arch = "wasm32")]
pub(crate) mod receive;
#[cfg(target_arch = "wasm32")]
mod settle;
#[cfg(target_arch = "wasm32")]
mod shelf;
#[cfg(target_arch = "wasm32")]
mod undo;
#[cfg(target_arch = "wasm32")]
pub(crate) mod wake;
#[cfg(target_arch = "wasm32")]
mod write;

#[cfg(target_arch = "wasm32")]
pub(crate) use live::store;
pub use topic::Topic;
#[cfg(target_arch = "wasm32")]
pub(crate) use write::words;
