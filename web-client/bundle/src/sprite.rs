//! The icons, drawn once in the page and used by name: `<svg class="icon"><use href="#i-add"/></svg>`.

use std::fs;

use anyhow::{Context, Result};

use crate::Sources;

/// Icons of the councillor's page: name in the page, and name among the Aksel icons.
const SEAT: [(&str, &str); 31] = [
    ("add", "Plus"),
    ("alert", "ExclamationmarkTriangle"),
    ("arrow-down", "ArrowDown"),
    ("arrow-right", "ArrowRight"),
    ("arrow-up", "ArrowUp"),
    ("ballot", "Tasklist"),
    ("board", "PencilBoard"),
    ("check", "Checkmark"),
    ("check-circle", "CheckmarkCircle"),
    ("clock", "Clock"),
    ("close", "XMark"),
    ("cloud", "Cloud"),
    ("device", "Tablet"),
    ("draft", "NotePencilDash"),
    ("gavel", "Gavel"),
    ("hand", "HandFinger"),
    ("help", "Lifebuoy"),
    ("info", "InformationSquare"),
    ("lock", "PadlockLocked"),
    ("megaphone", "Megaphone"),
    ("menu", "MenuElipsisHorizontal"),
    ("merge", "Branching"),
    ("offline", "CloudSlash"),
    ("pause", "Pause"),
    ("persons", "PersonGroup"),
    ("presentation", "Presentation"),
    ("redo", "ArrowRedo"),
    ("share", "PersonPlus"),
    ("timer", "Timer"),
    ("trash", "Trash"),
    ("undo", "ArrowUndo"),
];

/// Icons that only the other pages use.
const ROOM: [(&str, &str); 13] = [
    ("chart", "BarChart"),
    ("chevron-left", "ChevronLeft"),
    ("chevron-right", "ChevronRight"),
    ("door", "DoorOpen"),
    ("eye", "Eye"),
    ("facilitator", "Laptop"),
    ("pencil", "PencilLine"),
    ("play", "Play"),
    ("qr", "QrCode"),
    ("replay", "Timeline"),
    ("search", "MagnifyingGlass"),
    ("send", "Paperplane"),
    ("wall", "Monitor"),
];

/// The `<symbol>` elements of a program's icons, and of our own shapes for the groups.
pub(crate) fn draw(sources: &Sources, program: &str) -> Result<String> {
    let dir = sources.modules.join("@navikt/aksel-icons/dist/svg");
    let mut symbols = String::new();
    let others = ROOM.iter().filter(|_| program != "seat");
    for (name, file) in SEAT.iter().chain(others) {
        let path = dir.join(file).with_extension("svg");
        let drawing = fs::read_to_string(&path).with_context(|| format!("there is no Aksel icon {file}"))?;
        symbols.push_str(&symbol(name, &drawing).with_context(|| format!("cannot read the icon {file}"))?);
    }
    let shapes = sources.client.join("style/shapes.svg");
    symbols.push_str(fs::read_to_string(&shapes).context("web-client/style/shapes.svg is missing")?.trim());
    Ok(symbols)
}

/// Keeps what is inside the root element; the size comes from where the icon is used.
fn symbol(name: &str, drawing: &str) -> Option<String> {
    let (_, inside) = drawing.split_once('>')?;
    let (inside, _) = inside.rsplit_once("</svg>")?;
    Some(format!("<symbol id=\"i-{name}\" viewBox=\"0 0 24 24\">{}</symbol>", inside.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name that is not in the list draws nothing, which nobody sees until a button is blank.
    #[test]
    fn every_icon_a_page_names_is_drawn() {
        let mut dirs = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../src")];
        let mut named = 0;
        while let Some(dir) = dirs.pop() {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    dirs.push(path);
                    continue;
                }
                let source = fs::read_to_string(&path).unwrap();
                for name in source.split("icon(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                    named += 1;
                    assert!(SEAT.iter().chain(&ROOM).any(|(known, _)| *known == name), "{name} in {}", path.display());
                }
            }
        }
        assert!(named > 20);
    }
}
