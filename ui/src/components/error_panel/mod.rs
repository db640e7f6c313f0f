//! A view that could not be had: what happened, what is safe, what to do.

use crate::components::Size;
use crate::components::button::{Button, Variant};
use crate::components::icon::{Icon, IconName, IconSize};
use crate::kit::dom::copy_text;
use crate::kit::keys::{self, Key};
use crate::state::toasts::error_text;
use crate::t;
use hearth_api::{ApiError, Code};
use yew::prelude::*;

/// Properties of [`ErrorPanel`].
#[derive(Properties, PartialEq)]
pub struct ErrorPanelProps {
    /// What went wrong.
    pub error: ApiError,
    /// Tries again.
    #[prop_or_default]
    pub on_retry: Option<Callback<()>>,
}

/// A view that could not be had.
#[component]
pub fn ErrorPanel(props: &ErrorPanelProps) -> Html {
    let error = &props.error;
    let gone = matches!(error.code, Code::NotFound | Code::Forbidden);
    let (icon, title) = match error.code {
        Code::NotFound | Code::Forbidden => (IconName::Search, t!("not-found-title")),
        Code::Unavailable => (IconName::WifiOff, t!("error-title-offline")),
        _ => (IconName::TriangleAlert, t!("error-title")),
    };
    let details = format!(
        "{}{}",
        error.name(),
        error
            .request_id
            .as_ref()
            .map(|id| format!(" · {id}"))
            .unwrap_or_default()
    );
    let copy = {
        let details = details.clone();
        Callback::from(move |_: MouseEvent| {
            let details = details.clone();
            wasm_bindgen_futures::spawn_local(async move {
                if copy_text(&details).await {
                    crate::state::toasts::done(t!("copied"));
                }
            });
        })
    };
    html! {
        <div class="h-error" role="alert" data-test="error-panel">
            <span class="h-error__icon"><Icon name={icon} size={IconSize::Xl} /></span>
            <h2 class="h-error__title">{ title }</h2>
            <p class="u-text-2">{ if gone { t!("not-found-text") } else { error_text(error) } }</p>
            if gone {
                <Button start={IconName::Search} on_click={Callback::from(|_: MouseEvent| keys::run(Key::Palette))} test_id="not-found-search">{ t!("nav-search") }</Button>
            } else {
                if let Some(on_retry) = &props.on_retry {
                    <Button start={IconName::RotateCw} on_click={on_retry.reform(|_| ())}>{ t!("action-try-again") }</Button>
                }
                <details class="h-error__details">
                    <summary>{ t!("error-details") }</summary>
                    <code>{ details }</code>
                    <Button size={Size::S} variant={Variant::Quiet} start={IconName::Copy} on_click={copy}>{ t!("action-copy") }</Button>
                </details>
            }
        </div>
    }
}
