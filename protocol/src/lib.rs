//! The rules, texts and messages of a political workshop, shared by the server and the browser.
//!
//! Everything here is pure: no clock, no randomness, no input or output, no async. What a rule needs from outside is an
//! argument. A [`workshop::Command`] and the state give events or a [`rejection::Rejection`]
//! ([`stream::Aggregate::decide`]); events and the state give the next state ([`stream::Aggregate::apply`]), on the
//! server, in every browser and in replay alike.
//!
//! Read on in this order: [`workshop`] and its topics, [`stream`], [`visibility`], [`text`], [`message`], [`frame`].

pub mod frame;
pub mod grouping;
pub mod ids;
mod lib0;
pub mod message;
pub mod presence;
pub mod rejection;
pub mod role;
pub mod snapshot;
pub mod stream;
pub mod tally;
pub mod template;
pub mod text;
pub mod visibility;
pub mod workshop;
pub mod ysync;
