//! Who this page is: the secret of its link, its language, and what the tablet remembers for it.

use leptos::prelude::{document, window};
use web_sys::Storage;

use crate::i18n::Language;

/// Where the chosen language lies on the tablet.
const LANGUAGE: &str = "verksted.language";
/// Where a tab remembers which page it is.
const PAGE: &str = "verksted.page";

/// The secret of the link, which stands after `#` so that it reaches no server log; reloading keeps it.
pub(crate) fn token() -> Option<String> {
    let hash = window().location().hash().ok()?;
    let token = hash.trim_start_matches('#');
    (!token.is_empty()).then(|| token.to_owned())
}

/// The page's place among the addresses, such as `/plass`.
pub(crate) fn path() -> String {
    let path = window().location().pathname().unwrap_or_default();
    path.trim_end_matches('/').to_owned()
}

/// The language of the address, or the one chosen here before, or bokmål.
pub(crate) fn language() -> Language {
    let asked = window().location().search().unwrap_or_default();
    let asked = asked.trim_start_matches('?').split('&').find_map(|part| part.strip_prefix("lang="));
    let asked = asked.and_then(Language::coded);
    if let Some(language) = asked {
        keep(LANGUAGE, language.code());
    }
    asked.or_else(|| Language::coded(&recall(LANGUAGE)?)).unwrap_or_default()
}

/// Chooses a language. The page is loaded anew, which is simpler than keeping every sentence changeable.
pub(crate) fn choose(language: Language) {
    keep(LANGUAGE, language.code());
    let location = window().location();
    // A language in the address would win over the choice.
    let path = location.pathname().unwrap_or_default() + &location.hash().unwrap_or_default();
    if location.search().is_ok_and(|search| search.is_empty()) {
        let _ = location.reload();
    } else {
        let _ = location.replace(&path);
    }
}

/// Says on the page which language it is in, for screen readers and hyphenation.
pub(crate) fn mark(language: Language) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("lang", language.code());
    }
}

/// Keeps something on the tablet. A tablet that refuses (private browsing, full) is no reason to stop.
pub(crate) fn keep(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, value);
    }
}

/// What was kept, if anything.
pub(crate) fn recall(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Erases what was kept.
pub(crate) fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

/// Remembers, in this tab only, which page it is.
pub(crate) fn remember_page(name: &str) {
    keep_here(PAGE, name);
}

/// Which page this tab was before it was loaded anew.
pub(crate) fn page_before() -> Option<String> {
    recall_here(PAGE)
}

/// Keeps something for as long as this tab lives.
pub(crate) fn keep_here(key: &str, value: &str) {
    if let Some(tab) = tab() {
        let _ = tab.set_item(key, value);
    }
}

/// What was kept for this tab, if anything.
pub(crate) fn recall_here(key: &str) -> Option<String> {
    tab()?.get_item(key).ok()?
}

/// Erases what was kept for this tab.
pub(crate) fn forget_here(key: &str) {
    if let Some(tab) = tab() {
        let _ = tab.remove_item(key);
    }
}

fn tab() -> Option<Storage> {
    window().session_storage().ok()?
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}
