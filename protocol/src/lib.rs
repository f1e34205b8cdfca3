//! The rules, texts and messages of a political workshop.
pub mod ids;
