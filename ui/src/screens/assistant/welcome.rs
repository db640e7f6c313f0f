//! A conversation that has not begun, and why one cannot go on.

use crate::prelude::*;
use hearth_api::{ApiError, Code};

/// Above the composer: why nothing can be sent and what to do, or what went wrong.
pub(super) fn notice(blocked: Option<&str>, provider: &str, error: Option<&ApiError>) -> Html {
    let to_models =
        || html! { <ButtonLink to={Route::Models} size={Size::S}>{ t!("chat-to-models") }</ButtonLink> };
    let said = error.filter(|e| !matches!(e.code, Code::EmptyInput | Code::TooLarge));
    let fix = said.is_some_and(|e| {
        matches!(
            e.code,
            Code::ConsentRequired
                | Code::NoProvider
                | Code::ModelNotFound
                | Code::ProviderAuth
                | Code::LocalityChanged
                | Code::ProviderUnreachable
        )
    });
    let stopped = match blocked {
        Some("no_provider") => Some((t!("chat-blocked-no-provider"), Tone::Ai)),
        Some("model_not_found") => Some((t!("chat-blocked-model"), Tone::Warn)),
        Some("consent_required") => Some((t!("chat-blocked-consent", "provider" => provider), Tone::Warn)),
        Some("provider_unreachable") => {
            Some((t!("chat-blocked-unreachable", "provider" => provider), Tone::Warn))
        }
        _ => None,
    };
    html! {
        <>
            if let Some(error) = said {
                <Banner tone={Tone::Danger} test_id="send-error" actions={if fix { to_models() } else { Html::default() }}>
                    <p>{ error_text(error) }</p>
                    <p class="u-sm">{ t!("chat-kept") }</p>
                </Banner>
            } else if let Some((words, tone)) = stopped {
                <Banner {tone} test_id="chat-blocked" actions={to_models()}>{ words }</Banner>
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct WelcomeProps {
    pub(super) blocked: Option<String>,
    pub(super) known: bool,
    pub(super) on_starter: Callback<AttrValue>,
}

/// A conversation that has not begun: what it is for, and three ways to begin.
#[component]
pub(super) fn Welcome(props: &WelcomeProps) -> Html {
    if props.blocked.as_deref() == Some("no_provider") {
        return html! {
            <div class="h-chat-welcome">
                <EmptyState icon={IconName::Sparkles} tone={Tone::Ai} title={t!("chat-no-model-title")} text={t!("chat-no-model-text")} test_id="chat-no-model">
                    <ButtonLink to={Route::Models} variant={Variant::Ai} start={IconName::Plus}>{ t!("chat-no-model-do") }</ButtonLink>
                </EmptyState>
            </div>
        };
    }
    let starters = [
        (
            IconName::Calendar,
            t!("chat-starter-1"),
            t!("chat-starter-1-text"),
        ),
        (
            IconName::FileText,
            t!("chat-starter-2"),
            t!("chat-starter-2-text"),
        ),
        (IconName::Coffee, t!("chat-starter-3"), t!("chat-starter-3-text")),
    ];
    html! {
        <div class="h-chat-welcome" data-test="chat-welcome">
            <span class="h-chat-welcome__mark"><Icon name={IconName::Sparkles} size={IconSize::Xl} /></span>
            <p class="u-display">{ t!("chat-welcome") }</p>
            <p class="u-text-2 u-measure u-centre">{ t!("chat-welcome-text") }</p>
            <div class="h-chat-welcome__starters" role="group" aria-label={t!("chat-starters")}>
                { for starters.into_iter().map(|(icon, label, text)| {
                    let on_starter = props.on_starter.clone();
                    let onclick = Callback::from(move |_: MouseEvent| on_starter.emit(text.clone()));
                    html! {
                        <button type="button" class="h-starter" {onclick} data-test="starter">
                            <Icon name={icon} /><span>{ label }</span>
                        </button>
                    }
                }) }
            </div>
        </div>
    }
}
