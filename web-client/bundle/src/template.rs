//! Text with `{{holes}}`.

use anyhow::{Result, ensure};

/// Fills each hole. A name without a hole, or a hole without a name, is a mistake in the template.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> Result<String> {
    let mut text = template.to_owned();
    for (name, value) in values {
        let hole = format!("{{{{{name}}}}}");
        ensure!(text.contains(&hole), "the template has no {hole}");
        text = text.replace(&hole, value);
    }
    ensure!(!text.contains("{{"), "the template has a hole that nothing fills");
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn every_hole_is_filled_and_every_value_used() {
        assert_eq!(fill("a {{b}} c {{b}}", &[("b", "x")]).unwrap(), "a x c x");
        assert!(fill("a {{b}}", &[]).is_err());
        assert!(fill("a", &[("b", "x")]).is_err());
    }
}
