//! Mentions while writing: people are shown by name and travel as `@{id}`.

use hearth_api::PersonId;
use hearth_api::feed::Mention;
use hearth_api::people::PersonCard;
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::AttrValue;

/// A person in the text, by the words that stand for them behind the `@`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The words.
    pub label: String,
    /// Who.
    pub person: PersonId,
}

/// What is written: the text as shown, and whom its mentions stand for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Written {
    /// The text as shown.
    pub text: String,
    /// People who were put in; some may have been deleted again.
    pub named: Rc<Vec<Named>>,
}

/// How far before the caret an `@` still counts.
const REACH: usize = 40;

impl Written {
    /// From a stored text; ids nobody is known for stay as they are.
    #[must_use]
    pub fn from_wire(text: &str, mentions: &[Mention]) -> Self {
        let mut written = Self::default();
        let mut named = Vec::new();
        let mut shown = text.to_owned();
        for mention in mentions {
            let code = format!("@{{{}}}", mention.person);
            if !shown.contains(&code) {
                continue;
            }
            let label = free_label(&mention.name, "", mention.person, &named);
            shown = shown.replace(&code, &format!("@{label}"));
            if !mention.removed {
                named.push(Named {
                    label,
                    person: mention.person,
                });
            }
        }
        written.text = shown;
        written.named = Rc::new(named);
        written
    }

    /// The text as it travels.
    #[must_use]
    pub fn to_wire(&self) -> String {
        // The longest first: "Anna" must not take the beginning of "Anna Berg".
        let by_length: BTreeMap<_, _> = self
            .named
            .iter()
            .map(|n| ((usize::MAX - n.label.len(), n.label.as_str()), n.person))
            .collect();
        let mut out = String::with_capacity(self.text.len());
        let mut rest = self.text.as_str();
        while let Some((before, after)) = rest.split_once('@') {
            out.push_str(before);
            let found = by_length.iter().find_map(|((_, label), person)| {
                let tail = after.strip_prefix(*label)?;
                let ends = !tail.starts_with(|c: char| c.is_alphanumeric());
                ends.then_some((*person, tail))
            });
            match found {
                Some((person, tail)) => {
                    out.push_str(&format!("@{{{person}}}"));
                    rest = tail;
                }
                None => {
                    out.push('@');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }

    /// The people whose mentions still stand in the text.
    #[must_use]
    pub fn people(&self) -> Vec<&Named> {
        let wire = self.to_wire();
        let mut seen = Vec::new();
        self.named
            .iter()
            .filter(|n| {
                let there = wire.contains(&format!("@{{{}}}", n.person)) && !seen.contains(&n.person);
                seen.push(n.person);
                there
            })
            .collect()
    }

    /// With a person in the place of what is typed behind the `@` before the caret; and where the caret is then. Places
    /// are in UTF-16 units, as the browser counts.
    #[must_use]
    pub fn with_person(&self, caret: usize, person: &PersonCard) -> Option<(Self, usize)> {
        let (start, query) = query_at(&self.text, caret)?;
        let known = self
            .named
            .iter()
            .find(|n| n.person == person.id)
            .map(|n| n.label.clone());
        let label =
            known.unwrap_or_else(|| free_label(&person.name, &person.home.name, person.id, &self.named));
        let before = self.text.get(..start)?;
        let after = self.text.get(start + 1 + query.len()..)?;
        let gap = if after.starts_with(char::is_whitespace) {
            ""
        } else {
            " "
        };
        let text = format!("{before}@{label}{gap}{after}");
        let place = before.encode_utf16().count() + 1 + label.encode_utf16().count() + 1;
        let mut named = (*self.named).clone();
        if !named.iter().any(|n| n.person == person.id) {
            named.push(Named {
                label,
                person: person.id,
            });
        }
        Some((
            Self {
                text,
                named: Rc::new(named),
            },
            place,
        ))
    }
}

/// A label that nobody else in the text has: the name, with the home when two share it.
fn free_label(name: &str, home: &str, person: PersonId, named: &[Named]) -> String {
    let clean = |text: &str| text.replace(['@', '\n', '{', '}'], " ").trim().to_owned();
    let taken = |label: &str| named.iter().any(|n| n.label == label && n.person != person);
    let name = clean(name);
    if !taken(&name) {
        return name;
    }
    let with_home = format!("{name} ({})", clean(home));
    if !home.is_empty() && !taken(&with_home) {
        return with_home;
    }
    (2..)
        .map(|n| format!("{name} {n}"))
        .find(|label| !taken(label))
        .unwrap_or(name)
}

/// The byte place of the `@` before a caret and what is typed behind it, when a mention is being typed there.
pub(super) fn query_at(text: &str, caret: usize) -> Option<(usize, String)> {
    let end = byte_at(text, caret);
    let head = text.get(..end)?;
    let start = head.rfind('@')?;
    let query = head.get(start + 1..)?;
    let opens = head
        .get(..start)?
        .chars()
        .next_back()
        .is_none_or(|c| c.is_whitespace() || "([{„“\"'-–/".contains(c));
    let fits = query.chars().count() <= REACH
        && !query.contains(['\n', '@', '{', '}'])
        && !query.starts_with(char::is_whitespace)
        && query.split(' ').count() <= 3
        && !query.ends_with("  ");
    (opens && fits).then(|| (start, query.to_owned()))
}

/// The byte place of a place in UTF-16 units.
fn byte_at(text: &str, units: usize) -> usize {
    let mut seen = 0;
    for (at, c) in text.char_indices() {
        if seen >= units {
            return at;
        }
        seen += c.len_utf16();
    }
    text.len()
}

/// The people named in a draft whose names have to be looked up: the ids in its text.
#[must_use]
pub fn ids_in(text: &str) -> Vec<PersonId> {
    let mut found: Vec<PersonId> = Vec::new();
    for piece in text.split("@{").skip(1) {
        if let Some(id) = piece.split_once('}').and_then(|(id, _)| id.parse().ok())
            && !found.contains(&id)
        {
            found.push(id);
        }
    }
    found
}

/// The text as a value of an attribute.
impl From<&Written> for AttrValue {
    fn from(written: &Written) -> Self {
        Self::from(written.text.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_api::people::HomeRef;
    use proptest_lite::any_of;

    fn card(n: u8, name: &str) -> PersonCard {
        PersonCard {
            id: PersonId::from_bytes([n; 16]),
            name: name.into(),
            home: HomeRef {
                id: "a".repeat(52).parse().unwrap(),
                name: "Lake".into(),
                own: false,
            },
            picture: None,
        }
    }

    /// A small stand-in for random texts: every order of a few pieces.
    mod proptest_lite {
        pub(super) fn any_of(pieces: &[&str]) -> Vec<String> {
            let mut all = vec![String::new()];
            for _ in 0..3 {
                all = all
                    .iter()
                    .flat_map(|a| pieces.iter().map(move |p| format!("{a}{p}")))
                    .collect();
            }
            all
        }
    }

    #[test]
    fn a_person_takes_the_place_of_what_was_typed() {
        let written = Written {
            text: "Hi 🙂 @an!".into(),
            named: Rc::default(),
        };
        let caret = "Hi 🙂 @an".encode_utf16().count();
        let (next, caret) = written.with_person(caret, &card(1, "Anna Berg")).unwrap();
        assert_eq!(next.text, "Hi 🙂 @Anna Berg !");
        assert_eq!(caret, "Hi 🙂 @Anna Berg ".encode_utf16().count());
        let id = PersonId::from_bytes([1; 16]);
        assert_eq!(next.to_wire(), format!("Hi 🙂 @{{{id}}} !"));
        assert_eq!(next.people().len(), 1);
    }

    #[test]
    fn names_that_begin_alike_and_namesakes_are_told_apart() {
        let (one, _) = Written {
            text: "@".into(),
            named: Rc::default(),
        }
        .with_person(1, &card(1, "Anna"))
        .unwrap();
        let two = Written {
            text: format!("{}@", one.text),
            ..one
        };
        let (two, _) = two.with_person(two.text.len(), &card(2, "Anna Berg")).unwrap();
        let three = Written {
            text: format!("{}@", two.text),
            ..two
        };
        let (three, _) = three.with_person(three.text.len(), &card(3, "Anna")).unwrap();
        assert_eq!(three.text, "@Anna @Anna Berg @Anna (Lake) ");
        let ids: Vec<_> = (1..=3)
            .map(|n| format!("@{{{}}}", PersonId::from_bytes([n; 16])))
            .collect();
        assert_eq!(three.to_wire(), format!("{} {} {} ", ids[0], ids[1], ids[2]));
        assert_eq!(ids_in(&three.to_wire()).len(), 3);
    }

    #[test]
    fn addresses_and_words_with_an_at_are_no_mentions() {
        for (text, expected) in [
            ("@an", Some("an")),
            ("(@Anna B", Some("Anna B")),
            ("me@home", None),
            ("@ a", None),
            ("@a\nb", None),
            ("@one two three four", None),
            ("nothing", None),
        ] {
            let found = query_at(text, text.encode_utf16().count()).map(|(_, q)| q);
            assert_eq!(found.as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn what_was_stored_comes_back_the_same() {
        let mention = |n: u8, name: &str| Mention {
            person: PersonId::from_bytes([n; 16]),
            name: name.into(),
            removed: false,
        };
        let mentions = [mention(1, "Anna"), mention(2, "Anna Berg"), mention(3, "Anna")];
        let codes: Vec<_> = mentions.iter().map(|m| format!("@{{{}}}", m.person)).collect();
        let pieces = [
            codes[0].as_str(),
            codes[1].as_str(),
            codes[2].as_str(),
            " hello ",
            "@",
            "\n",
            "ä🙂 ",
        ];
        for text in any_of(&pieces) {
            // A name that runs into a letter or digit would read as another word; people are set apart.
            let text = text.replace("}@{", "} @{").replace("}ä", "} ä");
            let written = Written::from_wire(&text, &mentions);
            assert_eq!(written.to_wire(), text, "shown as {:?}", written.text);
        }
    }
}
