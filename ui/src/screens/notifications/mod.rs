//! Notifications.

use crate::prelude::*;

/// Notifications.
#[component]
pub fn NotificationsPage() -> Html {
    html! { <Page title={t!("nav-notifications")}><Skeleton><SkeletonRow /></Skeleton></Page> }
}
