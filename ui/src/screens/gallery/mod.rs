//! Every component to look at, in both themes and both directions; only in debug builds.

#[cfg(debug_assertions)]
mod composed;
#[cfg(debug_assertions)]
mod fixtures;
#[cfg(debug_assertions)]
mod parts;

use crate::prelude::*;

/// The gallery in debug builds, else "not found".
pub fn show() -> Html {
    #[cfg(debug_assertions)]
    let page = html! { <parts::Gallery /> };
    #[cfg(not(debug_assertions))]
    let page = html! { <super::start::NotFoundPage /> };
    page
}
