//! A strip that says something about the whole view and what to do about it.

use crate::components::Tone;
use crate::components::button::IconButton;
use crate::components::icon::{Icon, IconName};
use crate::t;
use yew::prelude::*;

/// Properties of [`Banner`].
#[derive(Properties, PartialEq)]
pub struct BannerProps {
    /// What it says.
    #[prop_or_default]
    pub children: Html,
    /// What it means.
    #[prop_or_default]
    pub tone: Tone,
    /// Its icon; by tone if not given.
    #[prop_or_default]
    pub icon: Option<IconName>,
    /// What can be done.
    #[prop_or_default]
    pub actions: Html,
    /// Closed.
    #[prop_or_default]
    pub on_close: Option<Callback<MouseEvent>>,
    /// Whether it is said at once when it appears.
    #[prop_or_default]
    pub alert: bool,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// A strip with a message.
#[component]
pub fn Banner(props: &BannerProps) -> Html {
    let icon = props.icon.unwrap_or(match props.tone {
        Tone::Ok => IconName::CircleCheck,
        Tone::Warn => IconName::Clock,
        Tone::Danger => IconName::TriangleAlert,
        Tone::Ai => IconName::Sparkles,
        Tone::Neutral | Tone::Accent => IconName::Info,
    });
    html! {
        <div class="h-banner" data-tone={props.tone.as_str()} role={props.alert.then_some("alert")} data-test={props.test_id.clone()}>
            <Icon name={icon} />
            <div class="h-banner__text">{ props.children.clone() }</div>
            if props.actions != Html::default() { <div class="h-banner__actions">{ props.actions.clone() }</div> }
            if let Some(on_click) = &props.on_close {
                <IconButton icon={IconName::X} label={t!("action-close")} size={crate::components::Size::S} {on_click} />
            }
        </div>
    }
}
