//! Pairing with other homes, and whether everything works and has arrived.

use crate::prelude::*;

/// Pairing with another home.
#[component]
pub fn PairPage() -> Html {
    html! { <Page title={t!("command-pair")}><Skeleton><SkeletonCard /></Skeleton></Page> }
}

/// Inviting a home.
#[component]
pub fn PairInvitePage() -> Html {
    html! { <Page title={t!("command-pair")} back={Route::Pair}><Skeleton><SkeletonCard /></Skeleton></Page> }
}

/// Properties of [`InvitePage`].
#[derive(Properties, PartialEq)]
pub struct InvitePageProps {
    /// The code that was opened.
    pub code: AttrValue,
}

/// An invite that was opened.
#[component]
pub fn InvitePage(_props: &InvitePageProps) -> Html {
    html! { <Page title={t!("command-pair")} back={Route::Pair}><Skeleton><SkeletonCard /></Skeleton></Page> }
}

/// Whether everything works and has arrived.
#[component]
pub fn HealthPage() -> Html {
    html! { <Page title={t!("nav-health")}><Skeleton><SkeletonCard /></Skeleton></Page> }
}
