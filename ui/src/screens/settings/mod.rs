//! Settings: saved at once, taken back with the reason when refused.

use crate::prelude::*;
use crate::routes::Section;

/// Properties of [`SettingsPage`].
#[derive(Properties, PartialEq)]
pub struct SettingsPageProps {
    /// Which section; the list without.
    #[prop_or_default]
    pub section: Option<Section>,
}

/// Settings.
#[component]
pub fn SettingsPage(_props: &SettingsPageProps) -> Html {
    html! { <Page title={t!("nav-settings")}><Skeleton><SkeletonRow /></Skeleton></Page> }
}
