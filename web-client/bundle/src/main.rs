//! Packs the browser client.
fn main() {}
