//! The two regions that screen readers listen to; see `kit::announce`.

use crate::kit::announce::{ASSERTIVE, POLITE};
use yew::prelude::*;

/// The regions, drawn once by the frame.
#[component]
pub fn LiveRegion() -> Html {
    html! {
        <>
            <div id={POLITE} class="u-hidden-visually" role="status" aria-live="polite" />
            <div id={ASSERTIVE} class="u-hidden-visually" role="alert" aria-live="assertive" />
        </>
    }
}
