//! The beginning: welcome, creating a home, joining one, signing in, and the pages where nothing is.

mod account_form;
mod create;
mod device;
mod done;
pub(crate) mod hand_over;
mod join;
mod known;
mod layout;
mod reset;
mod restore;
mod sign_in;

pub use create::CreatePage;
pub use device::ConnectDevicePage;
pub use done::DonePage;
pub use join::{JoinPage, JoinPageProps};
pub use layout::{StartLayout, StartLayoutProps};
pub use restore::RestorePage;
pub use sign_in::SignInPage;

use crate::prelude::*;
use hearth_api::{ApiError, Code};

/// The first start.
#[component]
pub fn WelcomePage() -> Html {
    let session = use_session();
    let here = session.status().is_none_or(|s| s.this_machine);
    html! {
        <StartLayout title={t!("welcome-title")} text={Some(t!("welcome-text"))}>
            if crate::frame::nav::waiting_invite().is_some() {
                <Banner tone={Tone::Accent} icon={IconName::Handshake} test_id="invite-waits">{ t!("welcome-invite-waits") }</Banner>
            }
            if here {
                <Link to={Route::CreateHome} class="h-start__choice" test_id="welcome-create">
                    <span class="h-start__choice-icon"><Icon name={IconName::HousePlus} size={IconSize::L} /></span>
                    <span class="l-grow">
                        <span class="h-start__choice-title">{ t!("welcome-create") }</span>
                        <span class="u-text-2 u-sm">{ t!("welcome-create-hint") }</span>
                    </span>
                    <Icon name={IconName::ChevronRight} />
                </Link>
                <Link to={Route::RestoreHome} class="h-start__choice" test_id="welcome-restore">
                    <span class="h-start__choice-icon"><Icon name={IconName::HardDrive} size={IconSize::L} /></span>
                    <span class="l-grow">
                        <span class="h-start__choice-title">{ t!("welcome-restore") }</span>
                        <span class="u-text-2 u-sm">{ t!("welcome-restore-hint") }</span>
                    </span>
                    <Icon name={IconName::ChevronRight} />
                </Link>
                <ul class="h-start__promises">
                    <li><Icon name={IconName::House} /><span>{ t!("welcome-promise-home") }</span></li>
                    <li><Icon name={IconName::Handshake} /><span>{ t!("welcome-promise-friends") }</span></li>
                    <li><Icon name={IconName::Sparkles} /><span>{ t!("welcome-promise-assistant") }</span></li>
                </ul>
                <p class="u-sm u-text-2">{ t!("welcome-invited") }</p>
            } else {
                <Banner tone={Tone::Warn} icon={IconName::Monitor}>{ t!("welcome-elsewhere") }</Banner>
            }
        </StartLayout>
    }
}

/// A place that does not exist, or that this person may not know of.
#[component]
pub fn NotFoundPage() -> Html {
    html! {
        <Page title={t!("not-found-title")}>
            <EmptyState icon={IconName::Search} text={Some(t!("not-found-text"))} test_id="not-found">
                <Button start={IconName::Search} on_click={Callback::from(|_: MouseEvent| keys::run(Key::Palette))} test_id="not-found-search">{ t!("nav-search") }</Button>
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
    // Only the window at the computer itself is told so.
    let damaged = props.error.code == Code::HomeDamaged;
    html! {
        <StartLayout title={if damaged { t!("error-title-damaged") } else { t!("error-title-offline") }}>
            <p class="u-text-2" data-test="unreachable">{ if damaged { t!("error-home-damaged") } else { error_text(&props.error) } }</p>
            <div class="l-cluster">
                if damaged {
                    <ButtonLink to={Route::RestoreHome} variant={Variant::Filled} start={IconName::HardDrive} test_id="damaged-restore">{ t!("restore-do") }</ButtonLink>
                }
                <Button variant={if damaged { Variant::Soft } else { Variant::Filled }} start={IconName::RotateCw} on_click={props.on_retry.reform(|_| ())} test_id="unreachable-again">{ t!("action-try-again") }</Button>
            </div>
        </StartLayout>
    }
}
