//! Writing in a note: what changed, when others' writing may come in, and the field itself.

#[cfg(target_arch = "wasm32")]
mod binding;
pub mod diff;
#[cfg(target_arch = "wasm32")]
#[expect(unreachable_pub, reason = "what the component macro writes is public, also in here")]
pub(crate) mod field;
pub mod hold;

#[cfg(target_arch = "wasm32")]
pub(crate) use binding::bring_into_view;
