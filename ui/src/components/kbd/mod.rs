//! Keycaps.

use crate::kit::keys::caps;
use yew::prelude::*;

/// Properties of [`Kbd`].
#[derive(Properties, PartialEq)]
pub struct KbdProps {
    /// The shortcut, as in `kit::keys`.
    pub keys: AttrValue,
}

/// A shortcut as keycaps.
#[component]
pub fn Kbd(props: &KbdProps) -> Html {
    html! {
        <span class="h-kbd">
            { for caps(&props.keys).into_iter().map(|stroke| html! {
                <span class="h-kbd__stroke">
                    { for stroke.into_iter().map(|cap| html! { <kbd>{ cap.to_string() }</kbd> }) }
                </span>
            }) }
        </span>
    }
}
