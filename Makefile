# Verksted: `make demo` shows it, `make test` proves it. Each prepares what it lacks.

# Rows of the table to measure, all when empty; what else the load takes: `make bench ROWS=1,3 LOAD=--quick`.
ROWS :=
LOAD :=

.PHONY: demo test bench client wasm-target oracle browser browser-tests

WASM := wasm32-unknown-unknown

demo: client
	cargo run -p verksted-server -- demo --autopilot

test: client oracle browser
	cargo test --workspace
	$(MAKE) --no-print-directory browser-tests

# The other servers come from npm; ours and the floor are built as they would be for a council.
bench:
	npm ci --prefix tests/load/peers --no-audit --no-fund
	cargo build --release -p verksted-load
	target/release/verksted-load $(if $(ROWS),--rows $(ROWS)) $(LOAD)

# Styles, icons and the optimiser are fetched by the bundle itself when they are missing.
client: wasm-target
	cargo run -p verksted-bundle

# rustup is asked only when the target is missing: other ways to install Rust bring their targets with them.
wasm-target:
	@test -d "$$(rustc --print sysroot)/lib/rustlib/$(WASM)" || rustup target add $(WASM) || \
	  { echo "Rust lacks the target $(WASM); install it, with rustup: rustup target add $(WASM)." >&2; exit 1; }

# The real Yjs and its websocket client, against which text and `/yjs` are checked. Fetched again when the lock file changes.
oracle: tests/oracle/node_modules/.package-lock.json

tests/oracle/node_modules/.package-lock.json: tests/oracle/package-lock.json
	npm ci --prefix tests/oracle --prefer-offline --no-audit --no-fund
	@touch $@

# The browser tests drive the system's Chromium.
browser:
	@test -x /usr/bin/chromium || { test "$$(id -u)" = 0 && apt-get update && apt-get install --yes chromium; } || \
	  { echo "The browser tests need /usr/bin/chromium; on Debian: sudo apt-get install chromium." >&2; exit 1; }

browser-tests:
	npm ci --prefix tests/browser --no-audit --no-fund
	cargo build -p verksted-server
	node tests/browser/run.mjs
