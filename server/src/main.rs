//! The command line of Verksted.
fn main() {}
