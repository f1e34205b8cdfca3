//! The icons, drawn once in the page and used by name: `<svg class="icon"><use href="#i-add"/></svg>`.

use std::fs;

use anyhow::{Context, Result};

use crate::Sources;

/// Name in the page, and name among the Aksel icons.
const ICONS: [(&str, &str); 55] = [
    ("add", "Plus"),
    ("alert", "ExclamationmarkTriangle"),
    ("arrow-down", "ArrowDown"),
    ("arrow-right", "ArrowRight"),
    ("arrow-up", "ArrowUp"),
    ("ballot", "Tasklist"),
    ("board", "PencilBoard"),
    ("chart", "BarChart"),
    ("chat", "Chat"),
    ("check", "Checkmark"),
    ("check-circle", "CheckmarkCircle"),
    ("chevron-down", "ChevronDown"),
    ("chevron-left", "ChevronLeft"),
    ("chevron-right", "ChevronRight"),
    ("cite", "Link"),
    ("clock", "Clock"),
    ("close", "XMark"),
    ("cloud", "Cloud"),
    ("device", "Tablet"),
    ("door", "DoorOpen"),
    ("download", "Download"),
    ("draft", "NotePencilDash"),
    ("external", "ExternalLink"),
    ("eye", "Eye"),
    ("eye-off", "EyeSlash"),
    ("facilitator", "Laptop"),
    ("flag", "FlagCross"),
    ("gavel", "Gavel"),
    ("hand", "HandFinger"),
    ("help", "Lifebuoy"),
    ("history", "ClockDashed"),
    ("info", "InformationSquare"),
    ("knowledge", "OpenBook"),
    ("lock", "PadlockLocked"),
    ("megaphone", "Megaphone"),
    ("menu", "MenuElipsisHorizontal"),
    ("merge", "Branching"),
    ("minus", "Minus"),
    ("offline", "CloudSlash"),
    ("pause", "Pause"),
    ("pencil", "PencilLine"),
    ("person", "Person"),
    ("persons", "PersonGroup"),
    ("play", "Play"),
    ("presentation", "Presentation"),
    ("qr", "QrCode"),
    ("redo", "ArrowRedo"),
    ("replay", "Timeline"),
    ("search", "MagnifyingGlass"),
    ("send", "Paperplane"),
    ("share", "PersonPlus"),
    ("timer", "Timer"),
    ("trash", "Trash"),
    ("undo", "ArrowUndo"),
    ("wall", "Monitor"),
];

/// The `<symbol>` elements of all icons, and of our own shapes for the groups.
pub(crate) fn draw(sources: &Sources) -> Result<String> {
    let dir = sources.modules.join("@navikt/aksel-icons/dist/svg");
    let mut symbols = String::new();
    for (name, file) in ICONS {
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
