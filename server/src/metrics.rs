//! What the server counts, for `/metrics`. No label ever names a person, a text or an address.

use std::sync::Arc;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use crate::log::stats::LogStats;

/// All counters of one server.
pub struct Metrics {
    registry: Registry,
    ballot_flushes: Flushes,
    /// Sockets connected now.
    pub connections: Gauge,
    /// Streams running now.
    pub streams: Gauge,
    /// Commands done.
    pub commands_accepted: Counter,
    /// Commands refused by a rule.
    pub commands_rejected: Counter,
    /// Frames queued to clients.
    pub frames_out: Counter,
    /// Clients let go because they read too slowly.
    pub slow_readers: Counter,
    /// Frames that were no message.
    pub malformed_frames: Counter,
    /// Commands refused for coming too fast.
    pub too_fast: Counter,
    /// Connections closed because they went on flooding, or because their seat had too many.
    pub too_many: Counter,
    /// Ballots put into the box.
    pub ballots: Counter,
    /// Commands refused because a rule panicked.
    pub faults: Counter,
    /// Streams started anew after a panic.
    pub stream_restarts: Counter,
    /// Streams that take nothing new because the disk cannot be written.
    pub read_only: Gauge,
    /// Flushes that the storage refused to a stream.
    pub storage_failures: Counter,
    /// Flushes for which the disk stood still.
    pub storage_stalls: Counter,
}

/// How long flushes take and how many writes share each.
#[derive(Clone)]
struct Flushes {
    seconds: Histogram,
    writes: Histogram,
}

impl Flushes {
    fn new(registry: &mut Registry, name: &str, of: &str) -> Self {
        let seconds = Histogram::new(exponential_buckets(0.000_25, 2.0, 14));
        let writes = Histogram::new(exponential_buckets(1.0, 2.0, 11));
        registry.register(format!("{name}_seconds"), format!("Time of one {of}"), seconds.clone());
        registry.register(format!("{name}_writes"), format!("Writes in one {of}"), writes.clone());
        Self { seconds, writes }
    }

    fn watch(self, stats: &LogStats) {
        stats.on_flush(move |done| {
            self.seconds.observe(done.took.as_secs_f64());
            self.writes.observe(f64::from(u32::try_from(done.writes).unwrap_or(u32::MAX)));
        });
    }
}

impl Metrics {
    /// Counters at zero; flushes are counted from what the log reports.
    #[must_use]
    pub fn new(log: Option<&LogStats>) -> Arc<Self> {
        let mut registry = Registry::with_prefix("verksted");
        let mut counter = |name: &str, help: &str| {
            let counter = Counter::default();
            registry.register(name, help, counter.clone());
            counter
        };
        let commands_accepted = counter("commands_accepted", "Commands done");
        let commands_rejected = counter("commands_rejected", "Commands refused by a rule");
        let frames_out = counter("frames_out", "Frames queued to clients");
        let slow_readers = counter("slow_readers", "Clients let go because they read too slowly");
        let malformed_frames = counter("malformed_frames", "Frames that were no message");
        let too_fast = counter("too_fast", "Commands refused for coming too fast");
        let too_many = counter("too_many", "Connections closed for flooding, or because their seat had too many");
        let ballots = counter("ballots", "Ballots put into the box");
        let faults = counter("faults", "Commands refused because a rule panicked");
        let stream_restarts = counter("stream_restarts", "Streams started anew after a panic");
        let storage_failures = counter("storage_failures", "Flushes that the storage refused to a stream");
        let storage_stalls = counter("storage_stalls", "Flushes for which the disk stood still");
        let (connections, streams, read_only) = (Gauge::default(), Gauge::default(), Gauge::default());
        registry.register("read_only", "Streams that take nothing new because the disk fails", read_only.clone());
        registry.register("connections", "Sockets connected now", connections.clone());
        registry.register("streams", "Streams running now", streams.clone());
        let log_flushes = Flushes::new(&mut registry, "flush", "flush of the log");
        let ballot_flushes = Flushes::new(&mut registry, "ballot_flush", "flush of the ballot box");
        if let Some(log) = log {
            log_flushes.watch(log);
        }
        Arc::new(Self {
            registry,
            ballot_flushes,
            connections,
            streams,
            commands_accepted,
            commands_rejected,
            frames_out,
            slow_readers,
            malformed_frames,
            too_fast,
            too_many,
            ballots,
            faults,
            stream_restarts,
            read_only,
            storage_failures,
            storage_stalls,
        })
    }

    /// Counts the ballot box's flushes from what it reports.
    pub fn watch_ballots(&self, stats: &LogStats) {
        self.ballot_flushes.clone().watch(stats);
    }

    /// All of them in the Prometheus text format.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
