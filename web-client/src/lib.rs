//! The browser client of Verksted.
