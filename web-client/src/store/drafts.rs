//! Private drafts. They are on this tablet only, nothing about them is ever sent, and they are erased when the meeting is
//! closed, as the page promises.

/// Most drafts kept: a pad, not an archive.
pub const MOST_DRAFTS: usize = 50;

/// Where the drafts of a seat lie on the tablet.
#[must_use]
pub fn key(workshop: &str, seat: u16) -> String {
    format!("verksted.drafts.{workshop}.{seat}")
}

/// Drafts as they are stored; unreadable ones are none.
#[must_use]
pub fn read(stored: &str) -> Vec<String> {
    serde_json::from_str(stored).unwrap_or_default()
}

/// Drafts for storing. Empty ones are not kept.
#[must_use]
pub fn written<'a>(drafts: impl Iterator<Item = &'a str>) -> String {
    let kept: Vec<&str> = drafts.filter(|draft| !draft.trim().is_empty()).take(MOST_DRAFTS).collect();
    serde_json::to_string(&kept).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_read_back_as_written() {
        let drafts = ["Buss «til» fjellet", " ", "Skole\nog vei"];
        assert_eq!(read(&written(drafts.into_iter())), ["Buss «til» fjellet", "Skole\nog vei"]);
        assert!(read("{").is_empty());
    }

    #[test]
    fn each_seat_has_its_own_pad() {
        assert_ne!(key("fjellvik-1", 2), key("fjellvik-1", 3));
        assert_ne!(key("fjellvik-1", 2), key("fjellvik-2", 2));
    }
}
