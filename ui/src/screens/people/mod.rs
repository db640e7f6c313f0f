//! Profiles, friends and requests.

use crate::prelude::*;
use hearth_api::PersonId;

/// Properties of [`ProfilePage`].
#[derive(Properties, PartialEq)]
pub struct ProfilePageProps {
    /// Whose.
    pub person: PersonId,
    /// Whether the part "About" is shown.
    #[prop_or_default]
    pub about: bool,
}

/// A person.
#[component]
pub fn ProfilePage(_props: &ProfilePageProps) -> Html {
    html! { <Page title={t!("nav-friends")} back={Route::Friends}><Skeleton><SkeletonCard /></Skeleton></Page> }
}

/// Properties of [`FriendsPage`].
#[derive(Properties, PartialEq)]
pub struct FriendsPageProps {
    /// Whether the requests are shown.
    #[prop_or_default]
    pub requests: bool,
}

/// Friends and requests.
#[component]
pub fn FriendsPage(_props: &FriendsPageProps) -> Html {
    html! { <Page title={t!("nav-friends")}><Skeleton><SkeletonRow /></Skeleton></Page> }
}
