//! Parts that pages are made of.

pub(crate) mod ask;
pub(crate) mod ballot;
pub(crate) mod bars;
pub(crate) mod board;
pub(crate) mod connection;
pub(crate) mod countdown;
pub(crate) mod draft;
pub(crate) mod group_card;
pub(crate) mod message;
pub(crate) mod note;
pub(crate) mod note_menu;
pub(crate) mod plan;
pub(crate) mod programme;
pub(crate) mod proposals;
pub(crate) mod qr;
pub(crate) mod refused;
pub(crate) mod result;
pub(crate) mod scene;
pub(crate) mod signs;

pub(crate) use signs::{group_mark, icon};
