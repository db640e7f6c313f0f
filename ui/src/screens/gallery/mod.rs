//! Every component to look at; only in debug builds.

use crate::prelude::*;

/// The gallery in debug builds, else "not found".
#[must_use]
pub fn show() -> Html {
    html! { <super::start::NotFoundPage /> }
}
