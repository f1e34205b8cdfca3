//! What the stories in `tests/` are told with: servers to start, stop and kill, rooms to fill, plain HTTP, and a search
//! through everything that goes over the wire or onto the disk. The client itself is `verksted_server::client`, which
//! folds with the real `apply`.

pub mod bare;
pub mod chance;
pub mod http;
pub mod long;
pub mod node;
pub mod plan;
pub mod room;
pub mod scene;
pub mod server;
pub mod sim;
pub mod wire;

use std::io::Write;
use std::time::Duration;

/// How long anything may take that has no limit of its own. A story fails when it has waited this long.
pub const SOON: Duration = Duration::from_secs(30);

/// Prints a figure, also when the test passes: figures are what some stories are for.
///
/// # Panics
/// When standard output is gone.
pub fn tell(figure: &str) {
    writeln!(std::io::stdout().lock(), "{figure}").expect("standard output");
}
