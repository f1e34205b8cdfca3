//! One style sheet from Designsystemet and our own, and the fonts and drawings it names.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::Sources;
use crate::dist::{Dist, Load};

/// Later layers win, whatever the selectors weigh: ours over Designsystemet, a page over what pages share.
const LAYERS: &str =
    "@layer ds.theme,ds.base,ds.components,verksted.tokens,verksted.base,verksted.parts,verksted.pages;";

/// What every page uses of Designsystemet, in its own order. The rest would travel to every tablet for nothing.
const SYSTEM: [(&str, &[&str]); 2] = [
    ("ds.base", &["base", "heading", "paragraph"]),
    ("ds.components", &["data-size-workaround", "button", "alert", "details", "dialog", "tabs"]),
];

/// What only the pages with forms use.
const FORMS: [(&str, &[&str]); 2] =
    [("ds.base", &["label", "validation-message"]), ("ds.components", &["link", "input", "field"])];

/// Our own sheets, each in its layer.
const OWN: [(&str, &[&str]); 3] = [
    ("verksted.tokens", &["fonts", "tokens"]),
    ("verksted.base", &["base"]),
    ("verksted.parts", &["note", "group", "result", "notice"]),
];

/// The layer of what belongs to single pages.
const PAGES: &str = "verksted.pages";

/// The sheets of each program's pages.
fn pages(program: &str) -> &'static [&'static str] {
    match program {
        "seat" => &["seat", "ballot", "print"],
        _ => {
            &["start", "follow", "seat", "ballot", "facilitator", "cards", "wall", "scenes", "replay", "axis", "print"]
        }
    }
}

/// The subset every page needs, and the one with the letters of the Sámi languages.
const FONTS: [(&str, Load); 2] =
    [("inter-latin-wght-normal", Load::First), ("inter-latin-ext-wght-normal", Load::Later)];

/// What the files of its drawings are called.
pub(crate) const DRAWING_NAME: &str = "mark";

/// How Designsystemet writes the drawings inside its sheets.
const DRAWING: &str = "url(\"data:image/svg+xml;charset=utf-8,";

/// What the page links to.
pub(crate) struct Style {
    pub(crate) sheet: String,
    /// The font to fetch before the sheet has been read.
    pub(crate) font: String,
}

/// Packs the sheet of a program and what it names.
pub(crate) fn pack(sources: &Sources, dist: &mut Dist, program: &str, sheet_load: Load) -> Result<Style> {
    let system = sources.modules.join("@digdir/designsystemet-css/dist/src");
    let own = sources.client.join("style");
    let theme = sources.modules.join("@digdir/designsystemet-theme/src/themes/designsystemet.css");

    let mut css = String::from(LAYERS);
    // The theme names its own layers.
    css.push_str(&read(&theme)?.replace("@charset \"UTF-8\";", ""));
    let own_pages = [(PAGES, pages(program))];
    let forms = if program == "seat" { &[] } else { FORMS.as_slice() };
    let sheets = [(&system, SYSTEM.as_slice()), (&system, forms), (&own, &OWN), (&own, &own_pages)];
    for (dir, layers) in sheets {
        for (layer, names) in layers {
            css.push_str(&format!("@layer {layer}{{"));
            for name in *names {
                css.push_str(&read(&dir.join(name).with_extension("css"))?);
            }
            css.push('}');
        }
    }

    let mut css = move_drawings_out(&squeeze(&css), dist)?;
    let mut first = String::new();
    for (font, load) in FONTS {
        let path = sources.modules.join("@fontsource-variable/inter/files").join(font).with_extension("woff2");
        let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = dist.asset(font, "woff2", &content, load)?;
        css = css.replace(&format!("{font}.woff2"), &name);
        if load == Load::First {
            first = name;
        }
    }
    Ok(Style { sheet: dist.asset("style", "css", css.as_bytes(), sheet_load)?, font: first })
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Leaves out comments and the white space at both ends of each line.
fn squeeze(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Makes each `data:` drawing a file of its own: the content security policy admits pictures from our own address only.
fn move_drawings_out(css: &str, dist: &mut Dist) -> Result<String> {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once(DRAWING) {
        let (encoded, after) = after.split_once("\")").context("a drawing in a style sheet does not end")?;
        let name = dist.asset(DRAWING_NAME, "svg", &percent_decode(encoded)?, Load::Later)?;
        kept.push_str(before);
        kept.push_str(&format!("url(\"{name}\")"));
        rest = after;
    }
    kept.push_str(rest);
    Ok(kept)
}

fn percent_decode(text: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend(parts.next().unwrap_or_default().bytes());
    for part in parts {
        let (digits, after) = part.split_at_checked(2).context("a percent sign without two digits")?;
        bytes.push(u8::from_str_radix(digits, 16).context("a percent sign without two digits")?);
        bytes.extend(after.bytes());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{percent_decode, squeeze};

    #[test]
    fn comments_and_indentation_go() {
        assert_eq!(squeeze("a {\n  /* why\n  so */ b: c;\n\n}\n"), "a {\nb: c;\n}");
    }

    #[test]
    fn drawings_are_decoded() {
        assert_eq!(percent_decode("%3Csvg%20a%3D1").unwrap(), b"<svg a=1");
        assert!(percent_decode("%3").is_err());
    }
}
