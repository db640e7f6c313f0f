//! The keys that work here and now.

use crate::components::dialog::{Dialog, DialogSize};
use crate::components::kbd::Kbd;
use crate::kit::{i18n, keys};
use crate::t;
use yew::prelude::*;

/// Properties of [`ShortcutHelp`].
#[derive(Properties, PartialEq)]
pub struct ShortcutHelpProps {
    /// Asks to close.
    pub on_close: Callback<()>,
}

/// A list of the shortcuts on offer.
#[component]
pub fn ShortcutHelp(props: &ShortcutHelpProps) -> Html {
    html! {
        <Dialog title={t!("shortcuts-title")} on_close={props.on_close.clone()} size={DialogSize::L} read_only={true} test_id="shortcuts">
            <KeyList />
        </Dialog>
    }
}

/// The shortcuts on offer here and now: those of this place first, each command once with all its keys.
#[component]
pub fn KeyList() -> Html {
    let mut all: Vec<(&'static str, Vec<String>)> = Vec::new();
    let mut seen: Vec<keys::Key> = Vec::new();
    for command in keys::offered() {
        // What a screen offers in its own way stands before what the frame offers.
        let Some(key) = command.key.filter(|key| !seen.contains(key)) else {
            continue;
        };
        seen.push(key);
        let own = command.keys();
        if !own.is_empty() {
            all.push((command.label, own));
        }
    }
    html! {
        <dl class="h-keys">
            { for all.into_iter().map(|(label, keys)| html! {
                <div class="h-keys__line" key={label}>
                    <dt>{ i18n::translate(label, &[]) }</dt>
                    <dd class="h-keys__caps">{ for keys.into_iter().map(|keys| html! { <Kbd {keys} /> }) }</dd>
                </div>
            }) }
        </dl>
    }
}
