//! The printed sheet: one card per seat with its QR code, cut apart and laid out in the council chamber.

use fast_qr::convert::svg::SvgBuilder;
use fast_qr::{ECL, QRBuilder};
use verksted_protocol::ids::GroupId;

/// The path the sheet asks for its style, because the content policy allows none in the page.
pub const SHEET_CSS_PATH: &str = "/sheet.css";

/// The style of the sheet: two cards side by side on A4, never broken across pages.
pub const SHEET_CSS: &str = include_str!("sheet.css");

/// The drawings of the groups' shapes, the same as on the screens. The symbol of a group is `shape-` and its number.
const SHAPES: &str = include_str!("../../../web-client/style/shapes.svg");

/// What one sheet is for.
#[derive(Clone, Copy, Debug)]
pub struct SheetTitle<'a> {
    /// The municipality, e.g. "Fjellvik kommune".
    pub municipality: &'a str,
    /// The workshop, as people know it.
    pub workshop: &'a str,
    /// Where the server is, e.g. `https://verksted.fjellvik.no`, without a slash at the end.
    pub base: &'a str,
}

/// One card.
pub struct SheetSeat<'a> {
    /// The councillor's name.
    pub name: &'a str,
    /// Party or list, shown small; in the room one is a councillor.
    pub party: &'a str,
    /// The group, when the groups have been made.
    pub group: Option<GroupId>,
    /// The seat's link, whole or from the root of the server. It is the seat's whole credential.
    pub url: &'a str,
}

/// The sheet as a whole HTML page. A link too long for a QR code is printed as text alone.
#[must_use]
pub fn sheet(title: SheetTitle<'_>, seats: &[SheetSeat<'_>]) -> String {
    let (municipality, workshop) = (escape(title.municipality), escape(title.workshop));
    let cards: String = seats.iter().map(|seat| card(title.base, seat)).collect();
    format!(
        r#"<!doctype html>
<html lang="nb">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>Kort til plassene – {workshop}</title>
<link rel="stylesheet" href="{SHEET_CSS_PATH}">
</head>
<body>
<svg class="shapes" aria-hidden="true">{SHAPES}</svg>
<header>
<h1>{workshop}</h1>
<p>{municipality}. Ett kort til hver plass. Kortet er personlig: den som har det, skriver som den folkevalgte.</p>
</header>
<main>
{cards}</main>
</body>
</html>
"#
    )
}

fn card(base: &str, seat: &SheetSeat<'_>) -> String {
    let url = if seat.url.starts_with('/') { format!("{base}{}", seat.url) } else { seat.url.to_owned() };
    let group = seat.group.map_or_else(String::new, |group| {
        let shape = group.shape();
        format!(
            "<p class=\"group\"><svg aria-hidden=\"true\"><use href=\"#shape-{shape}\"/></svg> Gruppe {group}</p>\n"
        )
    });
    let code = qr(&url).map_or_else(String::new, |code| {
        format!("<div class=\"code\" role=\"img\" aria-label=\"QR-kode til nettbrettet\">{code}</div>\n")
    });
    let (name, party, url) = (escape(seat.name), escape(seat.party), escape(&url));
    format!(
        "<article>\n{code}<div>\n<h2>{name}</h2>\n<p class=\"party\">{party}</p>\n{group}\
         <p class=\"how\">Skann koden med nettbrettet, eller skriv adressen:</p>\n<p class=\"url\">{url}</p>\n\
         </div>\n</article>\n"
    )
}

/// The QR code as SVG; `None` when `text` is too long for one. Level M stands a crease and a coffee stain.
#[must_use]
pub fn qr(text: &str) -> Option<String> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    Some(SvgBuilder::default().to_str(&code))
}

/// `text` as it may stand in HTML, also in an attribute.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const TITLE: SheetTitle<'_> =
        SheetTitle { municipality: "Fjellvik kommune", workshop: "Verksted 1", base: "https://v.example" };

    fn seat<'a>(name: &'a str, url: &'a str) -> SheetSeat<'a> {
        SheetSeat { name, party: "Sp", group: Some(GroupId(2)), url }
    }

    #[test]
    fn each_seat_gets_a_card_with_code_group_and_address() {
        let page = sheet(TITLE, &[seat("Åse Øvrebø", "/p/ABC"), seat("Nils", "https://other.example/p/DEF")]);
        assert_eq!(page.matches("<article>").count(), 2);
        assert_eq!(page.matches("class=\"code\"").count(), 2);
        assert!(page.contains("<h2>Åse Øvrebø</h2>"));
        assert!(page.contains("<use href=\"#shape-2\"/></svg> Gruppe 2"));
        assert!(page.contains(">https://v.example/p/ABC<"));
        assert!(page.contains(">https://other.example/p/DEF<"));
    }

    #[test]
    fn what_people_wrote_is_never_markup() {
        let title = SheetTitle { workshop: "<script>alert(1)</script>", municipality: "A & B", ..TITLE };
        let page = sheet(title, &[seat("\"<b>'", "/p/<x>")]);
        assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains("<x>"));
        assert!(page.contains("&quot;&lt;b&gt;&#39;") && page.contains("A &amp; B"));
    }

    #[test]
    fn the_page_keeps_the_content_policy() {
        let page = sheet(TITLE, &[seat("Åse", "/p/ABC")]);
        assert!(!page.contains("style=") && !page.contains("<style") && !page.contains("onload"));
        assert!(page.contains("href=\"/sheet.css\""));
    }

    #[test]
    fn a_seat_without_a_group_or_with_a_long_link_still_gets_a_card() {
        let long = format!("/p/{}", "x".repeat(4000));
        let page = sheet(TITLE, &[SheetSeat { group: None, ..seat("Åse", &long) }]);
        assert!(page.contains("<h2>Åse</h2>") && !page.contains("Gruppe") && !page.contains("class=\"code\""));
    }

    #[test]
    fn every_group_has_a_shape_that_is_drawn() {
        for group in [0, 1, 8, 16, 17, u16::MAX] {
            assert!(SHAPES.contains(&format!("id=\"shape-{}\"", GroupId(group).shape())), "{group}");
        }
    }
}
