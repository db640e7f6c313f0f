//! The data of a new account: what is asked, and what can be said about it before the node is asked.

use crate::prelude::*;
use hearth_api::Date;
use hearth_api::app::{ADULT_ACCOUNT, NewAccount};

/// What was entered. The password is never kept outside the page.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) username: String,
    /// Whether the username was typed; until then it follows the name.
    pub(super) own_username: bool,
    pub(super) birth: String,
    pub(super) password: String,
}

impl Draft {
    /// The account to ask for, when everything could be right.
    pub(super) fn account(&self) -> Option<NewAccount> {
        Some(NewAccount {
            name: self.name.trim().to_owned(),
            username: self.username.trim().to_owned(),
            password: self.password.clone(),
            birth_date: self.birth.parse::<Date>().ok()?,
            language: Some(crate::kit::i18n::lang().tag().to_owned()),
        })
    }

    pub(super) fn set_name(&mut self, name: String) {
        if !self.own_username {
            self.username = suggest(&name);
        }
        self.name = name;
    }
}

/// A username from a display name: its first word in plain letters.
fn suggest(name: &str) -> String {
    let first = name.split_whitespace().next().unwrap_or_default().to_lowercase();
    let mut plain = String::new();
    for letter in first.chars() {
        match letter {
            'ä' => plain.push_str("ae"),
            'ö' => plain.push_str("oe"),
            'ü' => plain.push_str("ue"),
            'ß' => plain.push_str("ss"),
            'é' | 'è' | 'ê' | 'ë' => plain.push('e'),
            'á' | 'à' | 'â' => plain.push('a'),
            c if c.is_ascii_alphanumeric() || c == '-' => plain.push(c),
            _ => {}
        }
    }
    plain.chars().take(64).collect()
}

fn length_error(
    text: &str,
    least: usize,
    most: usize,
    id: fn(usize, usize) -> AttrValue,
) -> Option<AttrValue> {
    let count = text.trim().chars().count();
    (count < least || count > most).then(|| id(least, most))
}

fn length_words(least: usize, most: usize) -> AttrValue {
    t!("start-error-length", "least" => least, "most" => most)
}

/// What is wrong with a display name or home name.
pub(super) fn name_error(text: &str) -> Option<AttrValue> {
    if text.trim().is_empty() {
        return Some(t!("start-error-empty"));
    }
    length_error(text, 1, 80, length_words)
}

/// What is wrong with a username.
pub(super) fn username_error(text: &str) -> Option<AttrValue> {
    if text.trim().is_empty() {
        return Some(t!("start-error-empty"));
    }
    length_error(text, 3, 64, length_words)
}

/// What is wrong with a birth date.
pub(super) fn birth_error(text: &str) -> Option<AttrValue> {
    birth_error_on(text, Date::of(when::now()))
}

fn birth_error_on(text: &str, today: Date) -> Option<AttrValue> {
    match text.parse::<Date>() {
        Ok(date) if date <= today && date.year >= 1900 => {
            (date.age_on(today) < ADULT_ACCOUNT).then(|| t!("error-guardian-required"))
        }
        Ok(_) => Some(t!("start-error-birth-range")),
        Err(_) => Some(t!("start-error-birth")),
    }
}

/// What is wrong with a new password, apart from being common, which only the node knows.
pub(super) fn password_error(text: &str) -> Option<AttrValue> {
    match text.chars().count() {
        0..8 => Some(t!("password-too-short")),
        8..=128 => None,
        _ => Some(t!("start-error-length", "least" => 8_u32, "most" => 128_u32)),
    }
}

/// The fields about the person. `first` takes the focus when they appear.
pub(super) fn person_fields(
    draft: &UseStateHandle<Draft>,
    tried: bool,
    first: bool,
    server: impl Fn(&str) -> Option<AttrValue>,
) -> Html {
    let change = |apply: fn(&mut Draft, String)| {
        let draft = draft.clone();
        Callback::from(move |value: String| {
            let mut next = (*draft).clone();
            apply(&mut next, value);
            draft.set(next);
        })
    };
    let show = |error: Option<AttrValue>, field: &str| error.filter(|_| tried).or_else(|| server(field));
    html! {
        <>
            <TextField
                label={t!("start-your-name")}
                hint={Some(t!("start-your-name-hint"))}
                value={draft.name.clone()}
                on_input={change(Draft::set_name)}
                error={show(name_error(&draft.name), "name")}
                autocomplete="name"
                autofocus={first}
                required={true}
                max={Some(80)}
                test_id="name"
            />
            <TextField
                label={t!("start-username")}
                hint={Some(t!("start-username-hint"))}
                value={draft.username.clone()}
                on_input={change(|d, value| { d.own_username = !value.is_empty(); d.username = value; })}
                error={show(username_error(&draft.username), "username")}
                autocomplete="username"
                literal={true}
                required={true}
                test_id="username"
            />
            <DateField
                label={t!("start-birth")}
                hint={Some(t!("start-birth-hint"))}
                value={draft.birth.clone()}
                on_input={change(|d, value| d.birth = value)}
                error={show(birth_error(&draft.birth), "birth_date")}
                birthday={true}
                required={true}
                test_id="birth"
            />
        </>
    }
}

/// The field of the new password. `first` takes the focus when it appears.
pub(super) fn password_field(
    draft: &UseStateHandle<Draft>,
    tried: bool,
    first: bool,
    server: Option<AttrValue>,
) -> Html {
    let on_input = {
        let draft = draft.clone();
        Callback::from(move |value: String| {
            draft.set(Draft {
                password: value,
                ..(*draft).clone()
            })
        })
    };
    html! {
        <PasswordField
            label={t!("start-password")}
            value={draft.password.clone()}
            {on_input}
            new={true}
            autofocus={first}
            error={password_error(&draft.password).filter(|_| tried).or(server)}
            test_id="password"
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_are_suggested_until_one_is_typed() {
        let mut draft = Draft::default();
        draft.set_name("Jürgen Groß".into());
        assert_eq!(draft.username, "juergen");
        draft.own_username = true;
        draft.set_name("Anna".into());
        assert_eq!(draft.username, "juergen");
        assert_eq!(suggest("Éva Neumann"), "eva");
    }

    /// The form promises what a fresh profile does.
    #[test]
    fn the_form_says_who_sees_a_birth_date_at_first() {
        use crate::kit::i18n::{Lang, translate_exactly};
        use hearth_api::feed::Audience;
        use hearth_api::profile::ProfileField;
        assert_eq!(ProfileField::Birthday.default_audience(), Audience::Friends);
        assert_eq!(ProfileField::BirthYear.default_audience(), Audience::Me);
        let says = |lang| translate_exactly(lang, "start-birth-hint").unwrap();
        assert!(says(Lang::En).contains("Friends see the day and month, only you the year."));
        assert!(says(Lang::De).contains("Freunde sehen Tag und Monat, das Jahr nur du."));
    }

    #[test]
    fn what_can_be_told_here_is_told_here() {
        assert!(name_error("  ").is_some());
        assert!(name_error(&"x".repeat(81)).is_some());
        assert!(username_error("ab").is_some());
        assert!(username_error("abc").is_none());
        assert!(password_error("1234567").is_some());
        assert!(password_error("12345678").is_none());
        assert!(password_error(&"x".repeat(129)).is_some());
        // Who is too young for an account learns it beside the date, before a password is thought up.
        let today = Date::new(2026, 11, 29).unwrap();
        assert_eq!(
            birth_error_on("2010-11-30", today),
            Some(t!("error-guardian-required"))
        );
        assert_eq!(birth_error_on("2010-11-29", today), None, "sixteen today");
        assert_eq!(
            birth_error_on("2026-11-30", today),
            Some(t!("start-error-birth-range"))
        );
    }
}
