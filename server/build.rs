//! Makes sure that there is a web client to embed, so that the server builds and tests without one.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

const DIST: &str = "../web-client/dist";
const STUB: &str = "<!doctype html>\n<html lang=\"nb\"><meta charset=\"utf-8\"><title>Verksted</title>\
    <p>Nettklienten er ikke bygd; kjør <code>make demo</code>.</p></html>\n";

fn main() -> io::Result<()> {
    writeln!(io::stdout().lock(), "cargo::rerun-if-changed=build.rs\ncargo::rerun-if-changed={DIST}")?;
    for page in ["seat.html", "room.html"] {
        let page = Path::new(DIST).join(page);
        if !page.exists() {
            fs::create_dir_all(DIST)?;
            fs::write(page, STUB)?;
        }
    }
    Ok(())
}
