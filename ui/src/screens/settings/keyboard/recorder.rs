//! Setting keys by pressing them: what they do already is said before they are taken.

use super::{Changing, give, spoken, words};
use crate::prelude::*;
use keys::Refusal;

/// Properties of [`Recorder`].
#[derive(Properties, PartialEq)]
pub(super) struct RecorderProps {
    /// What is changed.
    pub(super) what: Changing,
    /// Asks to close.
    pub(super) on_close: Callback<()>,
}

/// A press after others: two characters make a chord, everything else begins anew.
fn pressed_after(before: &str, press: &str) -> String {
    let plain = |keys: &str| keys.chars().count() == 1;
    if plain(before) && plain(press) {
        format!("{before} {press}")
    } else {
        press.to_owned()
    }
}

/// A dialog that takes the keys that are pressed.
#[component]
pub(super) fn Recorder(props: &RecorderProps) -> Html {
    let Changing { key, place } = props.what;
    let settings = use_settings();
    let desktop = keys::is_desktop();
    let own = keys::among(key, &settings.keys, desktop);
    let taken = use_state_eq(|| place.and_then(|at| own.get(at).cloned()).unwrap_or_default());
    let fresh = use_state_eq(|| true);
    let tried = use_state_eq(|| false);

    let press = {
        let (taken, fresh, tried) = (taken.clone(), fresh.clone(), tried.setter());
        Callback::from(move |text: String| {
            let before = if *fresh { "" } else { taken.as_str() };
            taken.set(pressed_after(before, &text));
            fresh.set(false);
            tried.set(false);
        })
    };
    let on_key = {
        let (press, taken) = (press.clone(), taken.setter());
        Callback::from(move |event: KeyboardEvent| {
            // These walk on and leave, as everywhere.
            if matches!(event.key().as_str(), "Tab" | "Escape") || event.is_composing() {
                return;
            }
            event.prevent_default();
            if event.repeat() {
                return;
            }
            if event.key() == "Backspace" {
                taken.set(String::new());
            } else if let Some(text) = keys::pressed(&event) {
                press.emit(text);
            }
        })
    };
    // A keyboard on a screen tells what was typed, not which key.
    let on_input = Callback::from(move |text: String| {
        if let Some(last) = text.chars().last().filter(|c| !c.is_whitespace()) {
            press.emit(last.to_lowercase().to_string());
        }
    });

    let refused = keys::refusal(&taken, desktop).map(|why| match why {
        Refusal::Browser => t!("keys-refused-browser"),
        Refusal::Fields => t!("keys-refused-fields"),
        Refusal::Characters => t!("keys-refused-characters"),
    });
    let held = (!taken.is_empty() && refused.is_none())
        .then(|| keys::holder(&taken, key, &settings.keys, desktop))
        .flatten();
    let error = refused
        .clone()
        .or_else(|| (*tried && taken.is_empty()).then(|| t!("keys-press-first")));
    let save = {
        let (own, taken, tried, on_close) = (
            own.clone(),
            (*taken).clone(),
            tried.setter(),
            props.on_close.clone(),
        );
        let refused = refused.is_some();
        Callback::from(move |_: MouseEvent| {
            tried.set(true);
            if taken.is_empty() || refused {
                return;
            }
            let mut list = own.clone();
            if list.get(place.unwrap_or(usize::MAX)) != Some(&taken) {
                list.retain(|keys| *keys != taken);
                match place.and_then(|at| list.get_mut(at)) {
                    Some(slot) => slot.clone_from(&taken),
                    None => list.push(taken.clone()),
                }
                give(key, list);
            }
            on_close.emit(());
        })
    };
    let remove = {
        let (own, on_close) = (own, props.on_close.clone());
        Callback::from(move |_: MouseEvent| {
            let left = own
                .iter()
                .enumerate()
                .filter(|(at, _)| Some(*at) != place)
                .map(|(_, k)| k.clone());
            give(key, left.collect());
            on_close.emit(());
        })
    };
    let letters_off = !settings.letter_keys && taken.split(' ').any(|k| k.chars().count() == 1);
    let footer = html! {
        <>
            if place.is_some() {
                <Button variant={Variant::Quiet} on_click={remove} test_id="key-remove">{ t!("keys-remove") }</Button>
            }
            <Button variant={Variant::Quiet} on_click={props.on_close.reform(|_| ())}>{ t!("action-cancel") }</Button>
            <Button variant={Variant::Filled} on_click={save} test_id="key-save">
                { if held.is_some() { t!("keys-take") } else { t!("action-save") } }
            </Button>
        </>
    };
    html! {
        <Dialog title={t!("keys-dialog", "what" => words(key))} on_close={props.on_close.clone()} size={DialogSize::S} {footer} test_id="key-dialog">
            <div class="l-stack u-gap-16">
                <TextField
                    label={t!("keys-press")}
                    hint={t!("keys-press-hint")}
                    value={spoken(&taken)}
                    {on_input}
                    {on_key}
                    {error}
                    literal={true}
                    autofocus={true}
                    test_id="key-field"
                />
                if let Some(other) = held {
                    <Banner tone={Tone::Warn} icon={IconName::TriangleAlert} test_id="key-conflict">{ t!("keys-conflict", "keys" => spoken(&keys::held(&taken, other, &settings.keys, desktop).unwrap_or_default()), "what" => words(other)) }</Banner>
                }
                if letters_off { <Banner tone={Tone::Neutral} icon={IconName::Info}>{ t!("keys-letters-off") }</Banner> }
            </div>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_characters_make_a_chord_and_nothing_else_does() {
        assert_eq!(pressed_after("", "g"), "g");
        assert_eq!(pressed_after("g", "h"), "g h");
        assert_eq!(pressed_after("g h", "x"), "x");
        assert_eq!(pressed_after("g", "F6"), "F6");
        assert_eq!(pressed_after("Mod+K", "k"), "k");
    }
}
