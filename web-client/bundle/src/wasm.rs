//! From Rust to a module a browser loads.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::report::say;
use crate::{Sources, dist};

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "wasm-release";
/// Features that Rust's target emits and every browser we promise knows. Without the list the optimiser refuses the
/// module; with all features it may write some that older Safari does not know.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// What the optimiser does: built up anew from flat code and twice made small, and told that nothing lies at the lowest
/// addresses, where the stack would end. Two per cent less to load than the second step alone.
const PASSES: [&str; 6] = ["--flatten", "--rereloop", "-Oz", "--gufa", "-Oz", "--low-memory-unused"];

/// The programs of `web-client/src/bin`.
const PROGRAMS: [&str; 2] = ["seat", "room"];

/// One program, ready for the browser.
pub(crate) struct Program {
    pub(crate) name: &'static str,
    /// The JavaScript that loads and serves the module.
    pub(crate) glue: String,
    pub(crate) module: Vec<u8>,
}

/// Compiles, binds and optimises.
pub(crate) fn build(sources: &Sources) -> Result<Vec<Program>> {
    // Its own directory: a build for the host that runs at the same time would hold the lock.
    let target = sources.root.join("target/wasm");
    compile(&sources.root, &target)?;
    let optimiser = Optimiser::find(&sources.modules);
    PROGRAMS.into_iter().map(|name| finish(name, &target, &optimiser)).collect()
}

/// Binds and optimises one program. What was done before for the same module is taken from beside the build.
fn finish(name: &'static str, target: &Path, optimiser: &Optimiser) -> Result<Program> {
    let compiled = target.join(TARGET).join(PROFILE).join(name).with_extension("wasm");
    let bytes = fs::read(&compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
    let key = dist::hash(&[bytes.as_slice(), optimiser.version.as_bytes(), PASSES.concat().as_bytes()].concat());
    let kept = target.join("bound").join(name);
    let done = kept.join(&key[..16]);
    let (glue_path, module_path) = (done.join("glue.js"), done.join("module.wasm"));
    if !(glue_path.exists() && module_path.exists()) {
        if kept.exists() {
            fs::remove_dir_all(&kept)?;
        }
        fs::create_dir_all(&done)?;
        let bound = bind(name, &compiled)?;
        optimiser.run(&bound.module, &done, &module_path)?;
        optimiser.shorten(&bound.glue, &done, &glue_path)?;
    }
    Ok(Program { name, glue: fs::read_to_string(&glue_path)?, module: fs::read(&module_path)? })
}

fn compile(root: &Path, target: &Path) -> Result<()> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--package", "verksted-web-client", "--bins", "--target", TARGET, "--profile", PROFILE])
        .arg("--target-dir")
        .arg(target)
        .current_dir(root)
        .status()
        .context("cargo could not be started")?;
    ensure!(status.success(), "the client did not compile");
    Ok(())
}

fn bind(name: &'static str, compiled: &Path) -> Result<Program> {
    let mut output = Bindgen::new()
        .input_path(compiled)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()?;
    ensure!(
        output.snippets().values().all(Vec::is_empty) && output.local_modules().is_empty(),
        "a dependency brings JavaScript of its own, which the bundle does not pack"
    );
    let glue = output.js().to_owned();
    Ok(Program { name, glue, module: output.wasm_mut().emit_wasm() })
}

/// Binaryen and esbuild from npm, when they are installed.
struct Optimiser {
    program: PathBuf,
    shortener: PathBuf,
    /// Of those that are there.
    version: String,
}

impl Optimiser {
    fn find(modules: &Path) -> Self {
        let program = modules.join(".bin/wasm-opt");
        let shortener = modules.join(".bin/esbuild");
        let about = |name: &str| fs::read_to_string(modules.join(name).join("package.json")).unwrap_or_default();
        let version = about("binaryen") + &about("esbuild");
        Self { program, shortener, version }
    }

    fn run(&self, module: &[u8], scratch: &Path, result: &Path) -> Result<()> {
        if !self.program.exists() {
            say("wasm-opt is not installed; the module is packed as the compiler left it")?;
            return Ok(fs::write(result, module)?);
        }
        let bound = scratch.join("bound.wasm");
        fs::write(&bound, module)?;
        let status = Command::new(&self.program)
            .arg(&bound)
            .args(PASSES)
            .args(FEATURES)
            .arg("-o")
            .arg(result)
            .status()
            .context("wasm-opt could not be started")?;
        ensure!(status.success(), "wasm-opt refused the module");
        fs::remove_file(&bound)?;
        Ok(())
    }

    /// Takes comments, spaces and long names out of the glue.
    fn shorten(&self, glue: &str, scratch: &Path, result: &Path) -> Result<()> {
        if !self.shortener.exists() {
            say("esbuild is not installed; the glue is packed as it was written")?;
            return Ok(fs::write(result, glue)?);
        }
        let bound = scratch.join("bound.js");
        fs::write(&bound, glue)?;
        let mut outfile = OsString::from("--outfile=");
        outfile.push(result);
        let status = Command::new(&self.shortener)
            .arg(&bound)
            .args(["--minify", "--format=esm", "--target=es2022", "--log-level=warning"])
            .arg(outfile)
            .status()
            .context("esbuild could not be started")?;
        ensure!(status.success(), "esbuild refused the glue");
        fs::remove_file(&bound)?;
        Ok(())
    }
}
