//! How the page looks: theme, text size, language, applied to the document and kept in this browser, so that the next
//! start paints right before anybody is signed in.

use crate::kit::{dom, i18n, keys, time};
use hearth_api::account::AccountSettings;
use i18n::Lang;

const KEY: &str = "hearth.look";

/// Applies settings to the page and keeps what `boot.js` needs before the first paint.
pub fn apply(settings: &AccountSettings) {
    let Some(root) = dom::document().and_then(|d| d.document_element()) else {
        return;
    };
    let theme = match settings.theme.as_str() {
        theme @ ("light" | "dark") => theme,
        _ => "",
    };
    let _set = if theme.is_empty() {
        root.remove_attribute("data-theme")
    } else {
        root.set_attribute("data-theme", theme)
    };
    let size = settings.text_size.clamp(80, 140);
    if let Ok(html) = wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(root.clone()) {
        dom::set_var(
            &html,
            "--text-scale",
            &format!("{}.{:02}", size / 100, size % 100),
        );
    }
    let (lang, locale) = language(&settings.language);
    i18n::set_lang(lang, &locale);
    let _set = root.set_attribute("lang", lang.tag());
    time::set_zone(if settings.time_zone == "auto" {
        ""
    } else {
        &settings.time_zone
    });
    keys::set_letters(settings.letter_keys);
    keys::set_chosen(&settings.keys);
    dom::store(KEY, Some(&format!("{theme} {size} {}", settings.language)));
}

/// The settings as this browser kept them, for the pages before sign-in.
#[must_use]
pub fn kept() -> AccountSettings {
    parse(&dom::stored(KEY).unwrap_or_default())
}

fn parse(text: &str) -> AccountSettings {
    let mut settings = AccountSettings::default();
    // The theme is empty when the system decides, so the split keeps empty parts.
    let mut parts = text.split(' ');
    if let Some(theme @ ("light" | "dark")) = parts.next() {
        settings.theme = theme.to_owned();
    }
    if let Some(size) = parts
        .next()
        .and_then(|p| p.parse::<u8>().ok())
        .filter(|s| (80..=140).contains(s))
    {
        settings.text_size = size;
    }
    if let Some(language) = parts.next().filter(|p| *p == "auto" || Lang::of_tag(p).is_some()) {
        settings.language = language.to_owned();
    }
    settings
}

/// The language and `Intl` locale for a setting; `auto` takes the first of the system's that is spoken here.
fn language(setting: &str) -> (Lang, String) {
    let system: Vec<String> = dom::window()
        .map(|w| {
            w.navigator()
                .languages()
                .iter()
                .filter_map(|l| l.as_string())
                .collect()
        })
        .unwrap_or_default();
    choose(setting, &system)
}

fn choose(setting: &str, system: &[String]) -> (Lang, String) {
    let spoken = |tag: &String| Lang::of_tag(tag).map(|lang| (lang, tag.clone()));
    match Lang::of_tag(setting) {
        // The system's own variant of the language knows the local way of writing dates.
        Some(lang) => (
            lang,
            system
                .iter()
                .find(|tag| Lang::of_tag(tag) == Some(lang))
                .cloned()
                .unwrap_or_else(|| lang.tag().to_owned()),
        ),
        None => system
            .iter()
            .find_map(spoken)
            .unwrap_or((Lang::En, "en".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_read_back_and_nonsense_is_ignored() {
        assert_eq!(parse("dark 120 de").theme, "dark");
        assert_eq!(parse("dark 120 de").text_size, 120);
        assert_eq!(parse(" 90 auto").theme, "system");
        assert_eq!(parse(" 90 auto").text_size, 90);
        assert_eq!(parse("pink 900 xx"), AccountSettings::default());
        assert_eq!(parse(""), AccountSettings::default());
    }

    #[test]
    fn the_system_variant_of_the_language_is_preferred() {
        let system = ["fr-FR".to_owned(), "de-AT".to_owned(), "en-GB".to_owned()];
        assert_eq!(choose("auto", &system), (Lang::De, "de-AT".into()));
        assert_eq!(choose("en", &system), (Lang::En, "en-GB".into()));
        assert_eq!(choose("auto", &["fr".to_owned()]), (Lang::En, "en".into()));
    }
}
