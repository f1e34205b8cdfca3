//! The worker that keeps the councillor's page on the tablet, with the list of what the page is made of.

use std::fs;

use anyhow::{Context, Result};

use crate::Sources;
use crate::dist::{Dist, Load, hash};
use crate::style::DRAWING_NAME;
use crate::template::fill;

/// Digits of the hash that names a version's files on the tablet.
const VERSION_DIGITS: usize = 12;

/// Packs it, after everything else: what travels before the page can be used is on its list, and the drawings of the style
/// sheet.
pub(crate) fn pack(sources: &Sources, dist: &mut Dist) -> Result<()> {
    let source = fs::read_to_string(sources.client.join("sw.js")).context("web-client/sw.js is missing")?;
    let drawing = format!("assets/{DRAWING_NAME}-");
    let needed = dist.files().iter().filter(|file| file.load == Load::First || file.name.starts_with(&drawing));
    let files: Vec<String> =
        needed.filter(|file| file.name.starts_with("assets/")).map(|file| format!("\"/{}\"", file.name)).collect();
    let list = format!("[{}]", files.join(","));
    let version = hash([source.as_bytes(), list.as_bytes()].concat().as_slice());
    let worker = fill(&source, &[("files", &list), ("version", &version[..VERSION_DIGITS])])?;
    dist.put("sw.js", worker.as_bytes(), Load::Later)
}
