//! Packs the browser client into `web-client/dist`: bindings, one style sheet, fonts and icons under names that carry
//! the hash of their content, each with its brotli and gzip twin. The server embeds what lies there.

mod dist;
mod node;
mod page;
mod report;
mod sprite;
mod style;
mod template;
mod wasm;
mod worker;

use std::path::{Path, PathBuf};

use anyhow::Result;

/// Where the parts come from.
struct Sources {
    /// The workspace.
    root: PathBuf,
    /// `web-client`.
    client: PathBuf,
    /// The npm packages of `web-client/package.json`.
    modules: PathBuf,
}

fn main() -> Result<()> {
    let bundle = Path::new(env!("CARGO_MANIFEST_DIR"));
    let client = bundle.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    let root = client.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    let modules = client.join("node_modules");
    let sources = Sources { root, client, modules };

    node::prepare(&sources)?;
    let programs = wasm::build(&sources)?;
    let mut dist = dist::Dist::open(sources.client.join("dist"))?;
    for program in &programs {
        page::pack(&sources, &mut dist, program)?;
    }
    worker::pack(&sources, &mut dist)?;
    report::show(&dist.finish()?)
}
