//! Parts that pages are made of.

pub(crate) mod connection;
pub(crate) mod countdown;
pub(crate) mod proposals;
pub(crate) mod result;
pub(crate) mod signs;

pub(crate) use signs::{group_mark, icon};
