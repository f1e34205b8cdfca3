//! Counting. Each method is one file and pure; all arithmetic is exact.

pub mod dots;
