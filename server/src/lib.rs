//! The real-time server of Verksted.
