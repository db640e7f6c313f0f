//! Text for people: Fluent messages in English and German, compiled in, switched while running.
//!
//! One file per area and language under `ui/locales`. English fills what another language lacks; an unknown id shows
//! itself, and a test keeps ids, files and arguments in step. Sentences are never joined from pieces.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use unic_langid::LanguageIdentifier;
use yew::AttrValue;

/// A language that the window speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// English, which also fills the gaps of the others.
    #[default]
    En,
    /// German, with "du".
    De,
}

impl Lang {
    /// Every language, in the order offered.
    pub const ALL: [Self; 2] = [Self::En, Self::De];

    /// The language tag for `lang` attributes and `Intl`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// The language's own name for itself.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
        }
    }

    /// The language of a tag such as `de-AT`, if it is spoken here.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|lang| lang.tag().eq_ignore_ascii_case(primary))
    }
}

macro_rules! areas {
    ($($area:literal),* $(,)?) => {
        /// The English files, area by area.
        pub const ENGLISH: &[(&str, &str)] =
            &[$(($area, include_str!(concat!("../../locales/en/", $area, ".ftl")))),*];
        /// The German files, area by area.
        pub const GERMAN: &[(&str, &str)] =
            &[$(($area, include_str!(concat!("../../locales/de/", $area, ".ftl")))),*];
    };
}
areas!(
    "kit",
    "keys",
    "activity",
    "errors",
    "start",
    "people",
    "homes",
    "assistant",
    "settings"
);

struct Book {
    english: FluentBundle<FluentResource>,
    german: FluentBundle<FluentResource>,
}

thread_local! {
    static BOOK: Book = Book { english: bundle(Lang::En, ENGLISH), german: bundle(Lang::De, GERMAN) };
    static LANG: Cell<Lang> = const { Cell::new(Lang::En) };
    static LOCALE: RefCell<String> = const { RefCell::new(String::new()) };
}

fn bundle(lang: Lang, files: &[(&str, &str)]) -> FluentBundle<FluentResource> {
    let id: LanguageIdentifier = lang.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new(vec![id]);
    // Names are isolated by `<bdi>` where they stand alone; marks inside attributes would be read out.
    bundle.set_use_isolating(false);
    for (_, text) in files {
        // A damaged entry is left out by the parser; the test of the files finds it.
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(partial, _)| partial);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// The language in use.
#[must_use]
pub fn lang() -> Lang {
    LANG.get()
}

/// Switches the language; whoever draws text draws again afterwards.
pub fn set_lang(lang: Lang, locale: &str) {
    LANG.set(lang);
    LOCALE.replace(locale.to_owned());
}

/// The locale for `Intl`: the system's own variant of the language (`de-AT`, `en-GB`) when there is one.
#[must_use]
pub fn locale() -> String {
    LOCALE.with_borrow(|locale| {
        if locale.is_empty() {
            lang().tag().to_owned()
        } else {
            locale.clone()
        }
    })
}

/// A value put into a message.
#[derive(Debug, Clone)]
pub enum Arg {
    /// Text, as it is.
    Text(String),
    /// A number, which may choose a plural form.
    Number(f64),
}

macro_rules! arg_from {
    ($($kind:ty => |$value:ident| $make:expr),* $(,)?) => {$(
        impl From<$kind> for Arg {
            fn from($value: $kind) -> Self { $make }
        }
    )*};
}
arg_from! {
    &str => |v| Self::Text(v.to_owned()),
    String => |v| Self::Text(v),
    &String => |v| Self::Text(v.clone()),
    AttrValue => |v| Self::Text(v.to_string()),
    &AttrValue => |v| Self::Text(v.to_string()),
    Cow<'_, str> => |v| Self::Text(v.into_owned()),
    u8 => |v| Self::Number(f64::from(v)),
    u16 => |v| Self::Number(f64::from(v)),
    u32 => |v| Self::Number(f64::from(v)),
    i32 => |v| Self::Number(f64::from(v)),
    f64 => |v| Self::Number(v),
    usize => |v| Self::Number(u32::try_from(v).map_or(f64::from(u32::MAX), f64::from)),
    u64 => |v| Self::Number(u32::try_from(v).map_or(f64::from(u32::MAX), f64::from)),
    i64 => |v| Self::Number(i32::try_from(v).map_or(f64::from(i32::MAX), f64::from)),
}

/// The text of a message in the language in use; [`t!`](crate::t) is the short way.
#[must_use]
pub fn translate(id: &str, args: &[(&'static str, Arg)]) -> AttrValue {
    translate_in(lang(), id, args).map_or_else(|| AttrValue::from(id.to_owned()), AttrValue::from)
}

/// The text of a message whose id is made at run time, or `None` when no file has it.
#[must_use]
pub fn try_translate(id: &str, args: &[(&'static str, Arg)]) -> Option<AttrValue> {
    translate_in(lang(), id, args).map(AttrValue::from)
}

/// The text of a message in a given language, without arguments and without filling gaps: to search by.
#[must_use]
pub fn translate_exactly(lang: Lang, id: &str) -> Option<String> {
    let none = FluentArgs::new();
    BOOK.try_with(|book| match lang {
        Lang::En => format_from(&book.english, id, &none),
        Lang::De => format_from(&book.german, id, &none),
    })
    .ok()
    .flatten()
}

/// Whether some texts together, in one of the languages, have every word of what is wanted.
#[must_use]
pub fn say(ids: &[&str], wanted: &str) -> bool {
    let wanted = wanted.to_lowercase();
    Lang::ALL.into_iter().any(|lang| {
        let texts: Vec<String> = ids.iter().filter_map(|id| translate_exactly(lang, id)).collect();
        let all = texts.join(" ").to_lowercase();
        wanted.split_whitespace().all(|word| all.contains(word))
    })
}

fn translate_in(lang: Lang, id: &str, args: &[(&'static str, Arg)]) -> Option<String> {
    let mut values = FluentArgs::with_capacity(args.len());
    for (name, value) in args {
        match value {
            Arg::Text(text) => values.set(*name, FluentValue::from(text.as_str())),
            Arg::Number(number) => values.set(*name, FluentValue::from(*number)),
        }
    }
    BOOK.try_with(|book| match lang {
        Lang::En => format_from(&book.english, id, &values),
        Lang::De => {
            format_from(&book.german, id, &values).or_else(|| format_from(&book.english, id, &values))
        }
    })
    .ok()
    .flatten()
}

fn format_from(bundle: &FluentBundle<FluentResource>, id: &str, args: &FluentArgs<'_>) -> Option<String> {
    let pattern = bundle.get_message(id)?.value()?;
    let mut errors = Vec::new();
    Some(
        bundle
            .format_pattern(pattern, Some(args), &mut errors)
            .into_owned(),
    )
}

/// The text of a message: `t!("feed-empty-title")`, `t!("friends-count", "count" => 3)`.
#[macro_export]
macro_rules! t {
    ($id:literal $(, $name:literal => $value:expr)* $(,)?) => {
        $crate::kit::i18n::translate($id, &[$(($name, $crate::kit::i18n::Arg::from($value))),*])
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluent_bundle::FluentResource;
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    /// Message id to the names of its arguments, of one file; fails on what the parser could not read.
    fn messages(area: &str, text: &str) -> BTreeMap<String, BTreeSet<String>> {
        if let Err((_, errors)) = FluentResource::try_new(text.to_owned()) {
            panic!("{area}.ftl does not parse: {errors:?}");
        }
        let mut found = BTreeMap::new();
        let mut current: Option<String> = None;
        for line in text.lines() {
            if line.starts_with('#') {
                continue;
            }
            if let Some((id, _)) = line.split_once(" =")
                && line.starts_with(|c: char| c.is_ascii_alphabetic())
            {
                assert!(
                    found.insert(id.to_owned(), BTreeSet::new()).is_none(),
                    "{area}.ftl has {id} twice"
                );
                current = Some(id.to_owned());
            }
            let Some(id) = &current else { continue };
            for piece in line.split('$').skip(1) {
                let name: String = piece
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                    .collect();
                found.get_mut(id).unwrap().insert(name);
            }
        }
        found
    }

    fn rust_sources(dir: &Path, into: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                rust_sources(&path, into);
            } else if path.extension().is_some_and(|e| e == "rs") {
                into.push((
                    path.display().to_string(),
                    std::fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_messages_with_the_same_arguments() {
        for ((area, en), (_, de)) in ENGLISH.iter().zip(GERMAN) {
            let (en, de) = (messages(area, en), messages(area, de));
            for (id, args) in &en {
                let other = de.get(id).unwrap_or_else(|| panic!("de/{area}.ftl lacks {id}"));
                assert_eq!(
                    args, other,
                    "{id} in {area}.ftl takes the same arguments in both languages"
                );
            }
            for id in de.keys() {
                assert!(en.contains_key(id), "en/{area}.ftl lacks {id}");
            }
        }
    }

    #[test]
    fn every_text_asked_for_exists() {
        let mut known = BTreeSet::new();
        for (area, text) in ENGLISH {
            for id in messages(area, text).into_keys() {
                assert!(known.insert(id.clone()), "{id} is in two areas");
            }
        }
        let mut sources = Vec::new();
        rust_sources(
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
            &mut sources,
        );
        let mut missing = Vec::new();
        for (file, text) in &sources {
            let is_ours = |before: &str| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
            for (at, opening) in text
                .match_indices("t!(\"")
                .chain(text.match_indices("Command::new(\""))
                .chain(text.match_indices("Command::key(\""))
            {
                let id = text[at + opening.len()..].split('"').next().unwrap_or_default();
                if is_ours(&text[..at]) && !known.contains(id) && !file.ends_with("i18n.rs") {
                    missing.push(format!("{id} ({file})"));
                }
            }
        }
        assert!(missing.is_empty(), "ids without text: {missing:#?}");
    }

    #[test]
    fn every_error_code_has_a_sentence() {
        for code in hearth_api::Code::ALL {
            let id = format!("error-{}", code.as_str().replace('_', "-"));
            for lang in Lang::ALL {
                let files = if lang == Lang::En { ENGLISH } else { GERMAN };
                let has = files
                    .iter()
                    .any(|(_, text)| text.lines().any(|l| l.starts_with(&format!("{id} ="))));
                assert!(has, "{} has no {id}", lang.tag());
            }
        }
    }

    /// The fields that the core names as wrong: those in its sources, and those that reach it by another function.
    fn fields() -> BTreeSet<String> {
        let mut sources = Vec::new();
        rust_sources(
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../crates")),
            &mut sources,
        );
        let mut fields: BTreeSet<String> = [
            "connect_limit",
            "first_token_limit",
            "home_name",
            "idle_limit",
            "new",
            "password",
            "turn_limit",
        ]
        .map(str::to_owned)
        .into();
        for (_, text) in &sources {
            for opening in ["ApiError::invalid(", "Self::invalid("] {
                for (at, _) in text.match_indices(opening) {
                    let rest = text[at + opening.len()..].trim_start();
                    let named = rest.strip_prefix('"').and_then(|rest| rest.split('"').next());
                    fields.extend(named.map(str::to_owned));
                }
            }
        }
        let of_profile = hearth_api::profile::ProfileField::ALL.map(serde_json::to_value);
        fields.extend(
            of_profile
                .into_iter()
                .flatten()
                .filter_map(|v| v.as_str().map(str::to_owned)),
        );
        fields
    }

    #[test]
    fn every_field_that_can_be_wrong_has_a_sentence_of_its_own() {
        let fields = fields();
        assert!(fields.len() > 40, "the sources of the core were read");
        let mut missing = Vec::new();
        for (lang, files) in [("en", ENGLISH), ("de", GERMAN)] {
            for field in &fields {
                let id = format!("error-invalid-{} =", field.replace('_', "-"));
                let has = files
                    .iter()
                    .any(|(_, text)| text.lines().any(|l| l.starts_with(&id)));
                missing.extend((!has).then(|| format!("{lang}: {id}")));
            }
        }
        assert!(missing.is_empty(), "fields without a sentence: {missing:#?}");
    }

    #[test]
    fn a_german_error_says_what_the_english_one_says() {
        use crate::state::toasts::error_text;
        use hearth_api::{ApiError, Code};
        set_lang(Lang::De, "de-DE");
        let says = |error: ApiError, words: &str| {
            let text = error_text(&error);
            assert!(text.contains(words), "{}: {text}", error.name());
        };
        says(ApiError::invalid("folder", "x"), "keine Sicherungen");
        says(
            ApiError::new(Code::PasswordNeeded, "x").on("password"),
            "nicht dein Passwort",
        );
        says(
            ApiError::new(Code::WrongCredentials, "x"),
            "Name, Passwort oder Code",
        );
        says(
            ApiError::new(Code::WrongCredentials, "x").on("code"),
            "Dieser Code",
        );
        says(
            ApiError::new(Code::GuardianRequired, "x").on("birth_date"),
            "späteren",
        );
        says(ApiError::new(Code::RateLimited, "x").after_ms(45_000), "1 Min.");
        says(ApiError::new(Code::RateLimited, "x"), "Warte einen Moment");
        says(
            ApiError::invalid("from_the_future", "x"),
            "Etwas daran stimmt nicht",
        );
        set_lang(Lang::En, "en-GB");
    }

    /// The plural of "Zuhause" is "die Zuhause". Its dative reads like a mistake with an n and is one without: texts go
    /// round it.
    #[test]
    fn german_goes_round_the_dative_of_several_homes() {
        const TAKES_DATIVE: [&str; 9] = ["aus", "auf", "bei", "in", "mit", "nach", "unter", "von", "zu"];
        let mut wrong = Vec::new();
        for line in GERMAN.iter().flat_map(|(_, text)| text.lines()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let is_dative = |at: usize| {
                let mut before = words[..at].iter().rev().peekable();
                let mut several = false;
                while before
                    .next_if(|w| w.ends_with("en") || "{}".contains(**w) || w.starts_with('$'))
                    .is_some()
                {
                    several = true;
                }
                several
                    && before
                        .next()
                        .is_some_and(|w| TAKES_DATIVE.contains(&w.to_lowercase().as_str()))
            };
            let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphabetic()).to_owned();
            if words
                .iter()
                .enumerate()
                .any(|(at, word)| match bare(word).as_str() {
                    "Zuhausen" => true,
                    "Zuhause" => is_dative(at),
                    _ => false,
                })
            {
                wrong.push(line);
            }
        }
        assert!(wrong.is_empty(), "say it otherwise: {wrong:#?}");
    }

    #[test]
    fn plurals_and_names_are_filled_in() {
        set_lang(Lang::De, "de-DE");
        assert_eq!(lang(), Lang::De);
        assert_eq!(translate("no-such-message", &[]), "no-such-message");
        set_lang(Lang::En, "en-GB");
        assert_eq!(locale(), "en-GB");
        assert_eq!(Lang::of_tag("de-AT"), Some(Lang::De));
        assert_eq!(Lang::of_tag("fr"), None);
        assert_eq!(t!("toast-more", "count" => 1_u32), "1 more message");
        assert_eq!(t!("toast-more", "count" => 2_u32), "2 more messages");
    }
}
