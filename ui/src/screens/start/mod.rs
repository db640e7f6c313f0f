//! The beginning: welcome, creating a home, joining one, signing in, and the pages where nothing is.

use crate::prelude::*;
use hearth_api::ApiError;

/// The first start.
#[component]
pub fn WelcomePage() -> Html {
    html! { <Page title={t!("welcome-title")} /> }
}

/// Creating the home.
#[component]
pub fn CreatePage() -> Html {
    html! { <Page title={t!("welcome-title")} /> }
}

/// The home is created.
#[component]
pub fn DonePage() -> Html {
    html! { <Page title={t!("welcome-title")} /> }
}

/// Properties of [`JoinPage`].
#[derive(Properties, PartialEq)]
pub struct JoinPageProps {
    /// The code of the link.
    #[prop_or_default]
    pub code: AttrValue,
}

/// Taking up an invite to an account.
#[component]
pub fn JoinPage(_props: &JoinPageProps) -> Html {
    html! { <Page title={t!("welcome-title")} /> }
}

/// Signing in.
#[component]
pub fn SignInPage() -> Html {
    html! { <Page title={t!("welcome-title")} /> }
}

/// A place that does not exist, or that this person may not know of.
#[component]
pub fn NotFoundPage() -> Html {
    html! {
        <Page title={t!("not-found-title")}>
            <EmptyState icon={IconName::Search} title={t!("not-found-title")} text={Some(t!("not-found-text"))} test_id="not-found">
                <ButtonLink to={Route::Feed} variant={Variant::Filled} start={IconName::House}>{ t!("action-to-feed") }</ButtonLink>
            </EmptyState>
        </Page>
    }
}

/// Properties of [`Unreachable`].
#[derive(Properties, PartialEq)]
pub struct UnreachableProps {
    /// What went wrong.
    pub error: ApiError,
    /// Tries again.
    pub on_retry: Callback<()>,
}

/// The home does not answer.
#[component]
pub fn Unreachable(props: &UnreachableProps) -> Html {
    html! {
        <Page title={t!("error-title-offline")}>
            <ErrorPanel error={props.error.clone()} on_retry={Some(props.on_retry.clone())} />
        </Page>
    }
}
