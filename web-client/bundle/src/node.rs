//! The npm packages that styles, icons and font come from.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};

use crate::Sources;

/// Installs the packages when they are missing, or older than the lock file that lists them.
pub(crate) fn prepare(sources: &Sources) -> Result<()> {
    let installed = changed(&sources.modules.join(".package-lock.json"));
    let wanted = changed(&sources.client.join("package-lock.json"));
    if installed.is_some() && installed >= wanted {
        return Ok(());
    }
    let status = Command::new("npm")
        .arg("ci")
        .current_dir(&sources.client)
        .status()
        .context("npm could not be started; Verksted needs Node.js with npm to fetch styles and icons")?;
    ensure!(status.success(), "npm ci failed in web-client");
    Ok(())
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|meta| meta.modified()).ok()
}
