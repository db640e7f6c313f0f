//! The shell's own few words, in the language of the account or of the system.
//!
//! The page has its own, larger files; these are only for what the system shows: tray and notifications.

use std::sync::atomic::{AtomicUsize, Ordering};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

/// The languages that there are files for; the first fills the gaps of the others.
const LANGUAGES: [(&str, &str); 2] = [
    ("en", include_str!("../locales/en.ftl")),
    ("de", include_str!("../locales/de.ftl")),
];

/// The words in the language that is spoken now.
pub(crate) struct Language {
    bundles: Vec<FluentBundle<FluentResource>>,
    system: usize,
    spoken: AtomicUsize,
}

impl Language {
    /// The language of the system, or English.
    pub(crate) fn of_system() -> Self {
        Self::new(sys_locale::get_locale().as_deref())
    }

    /// English, whatever the system speaks.
    #[cfg(test)]
    pub(crate) fn in_english() -> Self {
        Self::new(None)
    }

    fn new(system: Option<&str>) -> Self {
        let bundles = LANGUAGES
            .into_iter()
            .map(|(language, text)| {
                let mut bundle = FluentBundle::new_concurrent(language.parse().into_iter().collect());
                bundle.set_use_isolating(false);
                // What can be read of a damaged file is used; that ours are sound is tested.
                let resource =
                    FluentResource::try_new(text.to_owned()).unwrap_or_else(|(readable, _)| readable);
                bundle.add_resource_overriding(resource);
                bundle
            })
            .collect();
        let system = system.and_then(index_of).unwrap_or(0);
        Self {
            bundles,
            system,
            spoken: AtomicUsize::new(system),
        }
    }

    /// Speaks the language with this tag; `auto` and unknown ones mean the system's. Returns whether it changed.
    pub(crate) fn speak(&self, tag: &str) -> bool {
        let index = index_of(tag).unwrap_or(self.system);
        self.spoken.swap(index, Ordering::Relaxed) != index
    }

    /// The tag of the language that is spoken.
    pub(crate) fn tag(&self) -> String {
        let spoken = LANGUAGES.get(self.spoken.load(Ordering::Relaxed));
        spoken.map_or_else(|| "en".to_owned(), |(tag, _)| (*tag).to_owned())
    }

    /// A message without arguments.
    pub(crate) fn text(&self, id: &str) -> String {
        self.format(id, &FluentArgs::new())
    }

    /// A message about a number of things.
    pub(crate) fn count(&self, id: &str, count: u64) -> String {
        let mut args = FluentArgs::new();
        args.set("count", count);
        self.format(id, &args)
    }

    /// A message with arguments; English fills a gap, and the id is the last resort.
    pub(crate) fn format(&self, id: &str, args: &FluentArgs<'_>) -> String {
        let spoken = self.bundles.get(self.spoken.load(Ordering::Relaxed));
        spoken
            .into_iter()
            .chain(self.bundles.first())
            .find_map(|bundle| {
                let pattern = bundle.get_message(id)?.value()?;
                let mut errors = Vec::new();
                let text = bundle.format_pattern(pattern, Some(args), &mut errors);
                errors.is_empty().then(|| text.into_owned())
            })
            .unwrap_or_else(|| id.to_owned())
    }
}

/// The file for `tag`, by its language alone: `de-AT` is German.
fn index_of(tag: &str) -> Option<usize> {
    // A system may say `de_AT.UTF-8`.
    let tag = tag.split(['.', '@']).next()?;
    let wanted: LanguageIdentifier = tag.parse().ok()?;
    LANGUAGES
        .iter()
        .position(|(language, _)| *language == wanted.language.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_are_sound() {
        // That they have the same messages is checked by `cargo xtask tidy`.
        for (language, text) in LANGUAGES {
            assert!(FluentResource::try_new(text.to_owned()).is_ok(), "{language}");
        }
    }

    #[test]
    fn the_language_follows_the_account_then_the_system() {
        let words = Language::new(Some("de_AT.UTF-8"));
        assert_eq!(words.text("tray-quit"), "Beenden");
        assert!(words.speak("en"));
        assert_eq!(words.text("tray-quit"), "Quit");
        assert!(!words.speak("en-GB"), "the same language in another country");
        assert!(words.speak("auto"));
        assert_eq!(words.text("tray-quit"), "Beenden");
    }

    #[test]
    fn numbers_choose_the_form() {
        let words = Language::new(None);
        assert_eq!(words.count("tray-unread", 0), "Nothing unread");
        assert_eq!(
            words.count("tray-status-waiting", 1),
            "1 thing waits to be delivered"
        );
        assert_eq!(
            words.count("tray-status-waiting", 3),
            "3 things wait to be delivered"
        );
    }

    #[test]
    fn an_unknown_message_shows_its_id() {
        assert_eq!(Language::new(None).text("no-such-message"), "no-such-message");
    }
}
