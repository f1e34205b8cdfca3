//! Writing in a note: what changed, when others' writing may come in, and the field itself.

pub mod diff;
#[cfg(target_arch = "wasm32")]
mod binding;
#[cfg(target_arch = "wasm32")]
pub(crate) mod field;
pub mod hold;
