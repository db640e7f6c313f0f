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
    let mut seen = std::collections::HashSet::new();
    let mut all: Vec<_> =
        keys::offered().into_iter().filter(|c| !c.keys.is_empty() && seen.insert(c.keys)).collect();
    // What belongs to this place was registered last and comes first; the rest in its own order.
    all.reverse();
    html! {
        <Dialog title={t!("shortcuts-title")} on_close={props.on_close.clone()} size={DialogSize::L} test_id="shortcuts">
            <dl class="h-keys">
                { for all.into_iter().map(|command| html! {
                    <div class="h-keys__line" key={command.keys}>
                        <dt>{ i18n::translate(command.label, &[]) }</dt>
                        <dd><Kbd keys={command.keys} /></dd>
                    </div>
                }) }
            </dl>
        </Dialog>
    }
}
