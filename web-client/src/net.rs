//! The line to the server: when to connect, what waits for its answer, and the socket itself.

pub mod machine;
pub mod outbox;
#[cfg(target_arch = "wasm32")]
mod socket;

#[cfg(target_arch = "wasm32")]
pub(crate) use socket::{drop_and_restart, link, lost, read, send, send_frame, start};
