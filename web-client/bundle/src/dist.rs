//! The directory the server embeds.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// Hexadecimal digits of the content hash in a file name; 48 bits are plenty to tell two builds apart.
const HASH_DIGITS: usize = 12;
/// A twin that saves less than this share of the file is not worth its place.
const LEAST_GAIN: f64 = 0.05;

/// When a browser fetches a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Load {
    /// Before a member sees the first page; counts towards the limit.
    First,
    /// Only when something on a page asks for it.
    Later,
}

/// One file with the sizes of what travels.
pub(crate) struct Packed {
    pub(crate) name: String,
    pub(crate) load: Load,
    pub(crate) raw: u64,
    pub(crate) gzip: u64,
    pub(crate) brotli: u64,
}

/// The directory while it is being filled.
pub(crate) struct Dist {
    dir: PathBuf,
    files: Vec<Packed>,
}

impl Dist {
    pub(crate) fn open(dir: PathBuf) -> Result<Self> {
        fs::create_dir_all(dir.join("assets")).with_context(|| format!("cannot create {}", dir.display()))?;
        Ok(Self { dir, files: Vec::new() })
    }

    /// Puts a file under `assets/` with its hash in the name, and answers that name.
    pub(crate) fn asset(&mut self, stem: &str, extension: &str, content: &[u8], load: Load) -> Result<String> {
        let name = format!("{stem}-{}.{extension}", &hash(content)[..HASH_DIGITS]);
        self.put(&format!("assets/{name}"), content, load)?;
        Ok(name)
    }

    /// Puts a file under the name that browsers ask for. A file that is there already is left untouched, so the server
    /// is not compiled again for nothing.
    pub(crate) fn put(&mut self, name: &str, content: &[u8], load: Load) -> Result<()> {
        let path = self.dir.join(name);
        if self.files.iter().any(|file| file.name == name) {
            return Ok(());
        }
        let fresh = fs::read(&path).is_ok_and(|old| old == content);
        if !fresh {
            for twin in [twin(&path, "gz"), twin(&path, "br")] {
                remove(&twin)?;
            }
            if worth_compressing(name) {
                keep_if_smaller(&twin(&path, "gz"), &gzip(content)?, content.len())?;
                keep_if_smaller(&twin(&path, "br"), &brotli(content)?, content.len())?;
            }
            // Last, so that a build cut short leaves no file that looks finished.
            fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
        }
        let raw = size(&path).unwrap_or_default();
        self.files.push(Packed {
            name: name.to_owned(),
            load,
            raw,
            gzip: size(&twin(&path, "gz")).unwrap_or(raw),
            brotli: size(&twin(&path, "br")).unwrap_or(raw),
        });
        Ok(())
    }

    /// What has been put there so far.
    pub(crate) fn files(&self) -> &[Packed] {
        &self.files
    }

    /// Removes what earlier builds left, and answers what this one holds.
    pub(crate) fn finish(self) -> Result<Vec<Packed>> {
        for dir in [self.dir.clone(), self.dir.join("assets")] {
            for entry in fs::read_dir(&dir)? {
                let path = entry?.path();
                if path.is_file() && !self.holds(&path) {
                    remove(&path)?;
                }
            }
        }
        Ok(self.files)
    }

    fn holds(&self, path: &Path) -> bool {
        self.files.iter().any(|file| {
            let whole = self.dir.join(&file.name);
            path == twin(&whole, "gz") || path == twin(&whole, "br") || path == whole
        })
    }
}

/// The hash that names a file.
pub(crate) fn hash(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Fonts are compressed inside.
fn worth_compressing(name: &str) -> bool {
    !name.ends_with(".woff2")
}

fn twin(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}

fn keep_if_smaller(path: &Path, content: &[u8], original: usize) -> Result<()> {
    if content.len() as f64 > original as f64 * (1.0 - LEAST_GAIN) {
        return Ok(());
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    let params = BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: content.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &*content, &mut packed, &params)?;
    Ok(packed)
}

fn remove(path: &Path) -> Result<()> {
    if path.exists() {
        fs::remove_file(path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    Ok(())
}

fn size(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().map(|meta| meta.len())
}
