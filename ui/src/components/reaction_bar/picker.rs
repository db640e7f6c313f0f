//! The choice of an emoji: those that families use most, and a field for any other.

use crate::components::Size;
use crate::components::button::{Button, ButtonKind, Variant};
use crate::components::field::TextField;
use crate::kit::focus::{self, Walk};
use crate::t;
use yew::prelude::*;

/// The emoji on offer, most used first.
const OFFERED: [&str; 32] = [
    "❤️", "👍", "😂", "🎉", "😮", "😢", "🙏", "👏", "🥰", "😊", "😍", "🤗", "😘", "🤣", "😉", "🙈", "😴",
    "🤔", "🥳", "😅", "💪", "🔥", "⭐", "🌈", "🌸", "☀️", "🍀", "🎂", "☕", "🏡", "🐶", "🐱",
];

/// Longest text that can be one emoji, in bytes.
const LONGEST: usize = 64;

/// Whether a text may be one emoji. The node decides; this only keeps words out.
fn may_be_emoji(text: &str) -> bool {
    let starts_as_keycap = text.contains('\u{20e3}');
    !text.is_empty()
        && text.len() <= LONGEST
        && text.chars().count() <= 12
        && (starts_as_keycap
            || text
                .chars()
                .all(|c| !c.is_ascii() && !c.is_alphanumeric() && !c.is_whitespace()))
}

/// Properties of [`EmojiPicker`].
#[derive(Properties, PartialEq)]
pub struct EmojiPickerProps {
    /// The one chosen now.
    #[prop_or_default]
    pub chosen: Option<String>,
    /// Hears the choice; the chosen one again takes it back.
    pub on_choose: Callback<String>,
}

/// The choice of an emoji. Arrow keys walk the grid.
#[component]
pub fn EmojiPicker(props: &EmojiPickerProps) -> Html {
    let grid = use_node_ref();
    let own = use_state_eq(String::new);
    let wrong = use_state_eq(|| false);
    {
        let grid = grid.clone();
        use_effect_with((), move |()| {
            let first = grid
                .cast::<web_sys::Element>()
                .and_then(|g| focus::all_in(&g, "button").into_iter().next());
            if let Some(first) = first {
                focus::focus_quietly(&first);
            }
        });
    }
    let onkeydown = {
        let grid = grid.clone();
        Callback::from(move |event: KeyboardEvent| {
            focus::rove(&event, &grid, "button", Walk::Both);
        })
    };
    let onsubmit = {
        let (own, wrong, on_choose) = (own.clone(), wrong.setter(), props.on_choose.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            event.stop_propagation();
            let text = own.trim();
            if may_be_emoji(text) {
                on_choose.emit(text.to_owned());
            } else {
                wrong.set(true);
            }
        })
    };
    let on_input = {
        let (own, wrong) = (own.setter(), wrong.setter());
        Callback::from(move |text| {
            wrong.set(false);
            own.set(text);
        })
    };
    html! {
        <div class="h-emoji">
            <div class="h-emoji__grid" ref={grid} role="group" aria-label={t!("react")} {onkeydown}>
                { for OFFERED.iter().map(|emoji| {
                    let chosen = props.chosen.as_deref() == Some(*emoji);
                    let onclick = props.on_choose.reform(move |_: MouseEvent| (*emoji).to_owned());
                    html! {
                        <button key={*emoji} type="button" class="h-emoji__one" aria-pressed={if chosen { "true" } else { "false" }} {onclick}>{ *emoji }</button>
                    }
                }) }
            </div>
            <form class="h-emoji__own" {onsubmit}>
                <TextField
                    label={t!("react-own")}
                    placeholder={t!("react-own")}
                    quiet_label={true}
                    value={(*own).clone()}
                    {on_input}
                    error={wrong.then(|| t!("react-own-error"))}
                    literal={true}
                />
                <Button kind={ButtonKind::Submit} size={Size::M} variant={Variant::Soft}>{ t!("react-do") }</Button>
            </form>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_not_emoji() {
        for emoji in OFFERED {
            assert!(may_be_emoji(emoji), "{emoji}");
        }
        assert!(may_be_emoji("👨‍👩‍👧‍👦"));
        assert!(may_be_emoji("1️⃣"));
        for text in ["", "ok", "Öl", "❤️ x", "12"] {
            assert!(!may_be_emoji(text), "{text}");
        }
    }
}
