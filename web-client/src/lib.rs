//! The browser client of Verksted.
//!
//! What decides is plain Rust and is tested on the host; what touches the page exists only in the browser.

#[cfg(target_arch = "wasm32")]
mod app;
