//! The pages, each with the script that starts its program.

use std::fs;

use anyhow::{Context, Result};

use crate::dist::{Dist, Load};
use crate::template::fill;
use crate::wasm::Program;
use crate::{Sources, sprite, style};

/// A file of its own: the content security policy lets no script stand in the page.
const START: &str = include_str!("start.js");

/// Packs a program and the page that loads it. Only the councillor's counts as a first load: the others are opened by
/// those who run the room, on its own network.
pub(crate) fn pack(sources: &Sources, dist: &mut Dist, program: &Program) -> Result<()> {
    let name = program.name;
    let load = if name == "seat" { Load::First } else { Load::Later };
    let style = style::pack(sources, dist, name, load)?;
    let wasm = dist.asset(name, "wasm", &program.module, load)?;
    let glue = dist.asset(name, "js", program.glue.as_bytes(), load)?;
    let start = fill(START, &[("glue", &glue), ("wasm", &wasm)])?;
    let start = dist.asset("start", "js", start.as_bytes(), load)?;
    let icon = fs::read(sources.client.join("style/icon.svg")).context("web-client/style/icon.svg is missing")?;
    let icon = dist.asset("icon", "svg", &icon, Load::First)?;

    let template = fs::read_to_string(sources.client.join("index.html")).context("web-client/index.html is missing")?;
    let page = fill(
        &template,
        &[
            ("style", &style.sheet),
            ("font", &style.font),
            ("glue", &glue),
            ("wasm", &wasm),
            ("start", &start),
            ("icon", &icon),
            ("sprite", &sprite::draw(sources, name)?),
        ],
    )?;
    dist.put(&format!("{name}.html"), page.as_bytes(), load)
}
