//! The sections of the settings: what each is called, what it is found by, and who has it. The list of the settings and the
//! palette find them by the same words.

use crate::kit::i18n;
use crate::prelude::*;
use crate::routes::Section;

/// The ids of a section's texts: its name, then what it is about and more words that it is found by.
fn ids(section: Section) -> (&'static str, &'static [&'static str]) {
    match section {
        Section::Account => (
            "settings-account",
            &["settings-account-hint", "settings-account-words"],
        ),
        Section::Devices => (
            "settings-devices",
            &["settings-devices-hint", "settings-devices-words"],
        ),
        Section::People => (
            "settings-people",
            &["settings-people-hint", "settings-people-words"],
        ),
        Section::Backups => (
            "settings-backups",
            &["settings-backups-hint", "settings-backups-words"],
        ),
        Section::Storage => (
            "settings-storage",
            &["settings-storage-hint", "settings-storage-words"],
        ),
        Section::Appearance => (
            "settings-appearance",
            &["settings-appearance-hint", "settings-appearance-words"],
        ),
        Section::Notifications => (
            "settings-notifications",
            &["settings-notifications-hint", "settings-notifications-words"],
        ),
        Section::Privacy => (
            "settings-privacy",
            &["settings-privacy-hint", "settings-privacy-words"],
        ),
        Section::Computer => (
            "settings-computer",
            &["settings-computer-hint", "settings-computer-words"],
        ),
        Section::Keyboard => (
            "settings-keyboard",
            &["settings-keyboard-hint", "settings-keyboard-words"],
        ),
        Section::About => ("settings-about", &["settings-about-hint", "settings-about-words"]),
    }
}

/// What a section is called.
pub(super) fn name(section: Section) -> AttrValue {
    i18n::translate(ids(section).0, &[])
}

/// What a section is about.
pub(super) fn hint(section: Section) -> AttrValue {
    let (_, [hint, ..]) = ids(section) else {
        return AttrValue::default();
    };
    i18n::translate(hint, &[])
}

pub(super) fn icon(section: Section) -> IconName {
    match section {
        Section::Account => IconName::User,
        Section::Devices => IconName::Laptop,
        Section::People => IconName::Users,
        Section::Backups => IconName::Archive,
        Section::Storage => IconName::HardDrive,
        Section::Appearance => IconName::Palette,
        Section::Notifications => IconName::Bell,
        Section::Privacy => IconName::Shield,
        Section::Computer => IconName::Monitor,
        Section::Keyboard => IconName::Keyboard,
        Section::About => IconName::Info,
    }
}

/// Whether there is such a section for somebody here.
pub(super) fn is_for(section: Section, admin: bool) -> bool {
    match section {
        Section::People | Section::Backups => admin,
        Section::Computer => crate::backend::is_desktop(),
        _ => true,
    }
}

/// Whether a section's texts, in one of the languages, have every word of what is wanted.
pub(super) fn is_about(section: Section, wanted: &str) -> bool {
    let (name, more) = ids(section);
    let all: Vec<&str> = std::iter::once(name).chain(more.iter().copied()).collect();
    i18n::say(&all, wanted)
}

/// The sections that somebody has, as commands of the palette.
pub(crate) fn commands(admin: bool, to: impl Fn(Section) -> Callback<()>) -> Vec<keys::Command> {
    Section::ALL
        .into_iter()
        .filter(|section| is_for(*section, admin))
        .map(|section| {
            let (label, words) = ids(section);
            keys::Command::new(label, icon(section), to(section)).found_by(words)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_found_by_their_words_in_every_language() {
        let found = |wanted: &str| -> Vec<Section> {
            let all = Section::ALL.into_iter();
            all.filter(|section| is_about(*section, wanted)).collect()
        };
        assert!(found("sicherung").contains(&Section::Backups));
        assert!(found("backup").contains(&Section::Backups));
        assert_eq!(found("sprache englisch"), [Section::Appearance]);
        assert_eq!(found("2fa"), [Section::Account]);
        assert!(found("xyzzy").is_empty());
        for section in Section::ALL {
            let (id, more) = ids(section);
            assert!(found(&name(section)).contains(&section), "{id}");
            for id in [id].iter().chain(more) {
                assert!(i18n::try_translate(id, &[]).is_some(), "{id} has no text");
            }
            // The palette finds it by the same words.
            let command = keys::Command::new(id, icon(section), Callback::noop()).found_by(more);
            assert!(command.is_about(&hint(section)), "{id}");
        }
        assert!(!is_for(Section::Backups, false) && is_for(Section::Backups, true));
    }
}
