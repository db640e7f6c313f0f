//! Who may see something: always shown, always in words.

use crate::components::badge::Chip;
use crate::components::icon::{Icon, IconName, IconSize};
use crate::components::menu::{Menu, MenuItem};
use crate::t;
use hearth_api::feed::Audience;
use yew::prelude::*;

/// Every audience, from narrow to wide.
pub const ALL: [Audience; 4] = [Audience::Me, Audience::Local, Audience::Friends, Audience::Public];

/// The name of an audience.
#[must_use]
pub fn audience_name(audience: Audience) -> AttrValue {
    match audience {
        Audience::Me => t!("audience-me"),
        Audience::Local => t!("audience-local"),
        Audience::Friends => t!("audience-friends"),
        Audience::Public => t!("audience-public"),
    }
}

/// Who exactly that is.
#[must_use]
pub fn audience_hint(audience: Audience) -> AttrValue {
    match audience {
        Audience::Me => t!("audience-me-hint"),
        Audience::Local => t!("audience-local-hint"),
        Audience::Friends => t!("audience-friends-hint"),
        Audience::Public => t!("audience-public-hint"),
    }
}

/// The icon of an audience.
#[must_use]
pub fn audience_icon(audience: Audience) -> IconName {
    match audience {
        Audience::Me => IconName::Lock,
        Audience::Local => IconName::House,
        Audience::Friends => IconName::Users,
        Audience::Public => IconName::Globe,
    }
}

/// Properties of [`AudienceChip`].
#[derive(Properties, PartialEq)]
pub struct AudienceChipProps {
    /// Who.
    pub audience: Audience,
    /// Whether only the icon is drawn, with the words for hover and screen readers.
    #[prop_or_default]
    pub compact: bool,
    /// Pressed, when it can be changed or opened.
    #[prop_or_default]
    pub on_click: Option<Callback<MouseEvent>>,
}

/// The audience of a thing.
#[component]
pub fn AudienceChip(props: &AudienceChipProps) -> Html {
    let name = audience_name(props.audience);
    if props.compact {
        return html! {
            <span class="h-audience" data-tip={name.clone()}>
                <Icon name={audience_icon(props.audience)} size={IconSize::S} />
                <span class="u-hidden-visually">{ t!("audience-label", "audience" => name) }</span>
            </span>
        };
    }
    html! { <Chip icon={audience_icon(props.audience)} on_click={props.on_click.clone()}>{ name }</Chip> }
}

/// Properties of [`AudienceSelect`].
#[derive(Properties, PartialEq)]
pub struct AudienceSelectProps {
    /// Who.
    pub audience: Audience,
    /// Hears the new audience.
    pub on_change: Callback<Audience>,
    /// The audiences on offer; all when empty.
    #[prop_or_default]
    pub among: Vec<Audience>,
    /// What it is for ("Who may see your birthday").
    #[prop_or_else(|| t!("audience-choose"))]
    pub label: AttrValue,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// A chip that opens the choice of audience.
#[component]
pub fn AudienceSelect(props: &AudienceSelectProps) -> Html {
    let among: &[Audience] = if props.among.is_empty() {
        &ALL
    } else {
        &props.among
    };
    let items = among
        .iter()
        .map(|audience| {
            let (on_change, audience) = (props.on_change.clone(), *audience);
            MenuItem::Check {
                label: audience_name(audience),
                checked: audience == props.audience,
                run: Callback::from(move |()| on_change.emit(audience)),
            }
        })
        .collect::<Vec<_>>();
    let trigger = html! {
        <span class="h-chip h-audience-trigger" data-tone="neutral">
            <Icon name={audience_icon(props.audience)} size={IconSize::S} />
            <span>{ audience_name(props.audience) }</span>
            <Icon name={IconName::ChevronDown} size={IconSize::S} />
        </span>
    };
    let label =
        t!("audience-choose-now", "label" => &props.label, "audience" => audience_name(props.audience));
    html! { <Menu {label} {items} trigger={Some(trigger)} from_start={true} test_id={props.test_id.clone()} /> }
}
