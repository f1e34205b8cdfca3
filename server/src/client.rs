//! A native client, for simulated members and for tests.
