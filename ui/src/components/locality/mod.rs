//! Where an assistant's work happens: on this machine, in this network, or at a company elsewhere.

use crate::components::Tone;
use crate::components::badge::Badge;
use crate::components::icon::IconName;
use crate::t;
use yew::prelude::*;

/// Where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    /// On this machine.
    Here,
    /// On another machine of this network.
    Network,
    /// At a provider, with its name or host.
    Remote(AttrValue),
}

/// Properties of [`LocalityBadge`].
#[derive(Properties, PartialEq)]
pub struct LocalityBadgeProps {
    /// Where.
    pub place: Where,
}

/// Says whether data leaves this machine: leaf when it stays, amber when it goes.
#[component]
pub fn LocalityBadge(props: &LocalityBadgeProps) -> Html {
    match &props.place {
        Where::Here => html! {
            <Badge tone={Tone::Ok} icon={IconName::House} tip={t!("locality-here-hint")}>{ t!("locality-here") }</Badge>
        },
        Where::Network => html! {
            <Badge tone={Tone::Ok} icon={IconName::Server} tip={t!("locality-network-hint")}>{ t!("locality-network") }</Badge>
        },
        Where::Remote(name) => html! {
            <Badge tone={Tone::Warn} icon={IconName::Cloud} tip={t!("locality-remote-hint", "name" => name)}>
                { t!("locality-remote", "name" => name) }
            </Badge>
        },
    }
}
