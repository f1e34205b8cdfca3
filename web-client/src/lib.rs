//! The browser client of Verksted.
//!
//! What decides is plain Rust and is tested on the host; what touches the page exists only in the browser.

pub mod activity;
#[cfg(target_arch = "wasm32")]
pub mod app;
#[cfg(target_arch = "wasm32")]
mod awake;
#[cfg(target_arch = "wasm32")]
#[expect(unreachable_pub, reason = "what the component macro writes is public, also in here")]
mod components;
pub mod editor;
pub mod flow;
#[cfg(target_arch = "wasm32")]
mod http;
pub mod i18n;
#[cfg(target_arch = "wasm32")]
mod identity;
pub mod net;
#[cfg(target_arch = "wasm32")]
#[expect(unreachable_pub, reason = "what the component macro writes is public, also in here")]
mod pages;
pub mod replay;
pub mod room;
pub mod store;
