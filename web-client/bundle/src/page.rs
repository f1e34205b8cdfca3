//! `index.html` and the script that starts the client.

use std::fs;

use anyhow::{Context, Result};

use crate::dist::{Dist, Load};
use crate::style::Style;
use crate::template::fill;
use crate::wasm::Program;
use crate::{Sources, sprite};

/// A file of its own: the content security policy lets no script stand in the page.
const START: &str = include_str!("start.js");

/// Packs the program and the page that loads it.
pub(crate) fn pack(sources: &Sources, dist: &mut Dist, program: &Program, style: &Style) -> Result<()> {
    let wasm = dist.asset("client", "wasm", &program.module, Load::First)?;
    let glue = dist.asset("client", "js", program.glue.as_bytes(), Load::First)?;
    let start = fill(START, &[("glue", &glue), ("wasm", &wasm)])?;
    let start = dist.asset("start", "js", start.as_bytes(), Load::First)?;
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
            ("sprite", &sprite::draw(sources)?),
        ],
    )?;
    dist.put("index.html", page.as_bytes(), Load::First)
}
