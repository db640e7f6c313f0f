//! How far an own post or message has travelled, in ticks.

use crate::components::icon::{Icon, IconName, IconSize};
use crate::t;
use hearth_api::feed::DeliverySummary;
use yew::prelude::*;

/// How far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ticks {
    /// Saved here, on no other home yet.
    Waiting,
    /// On some homes.
    Some,
    /// On all homes.
    All,
    /// A home refused it.
    NeedsHelp,
    /// Homes that are not to have it any more have not answered to that yet.
    TakingBack,
    /// Nobody elsewhere is to have it.
    Here,
}

impl Ticks {
    /// From the counts of a post.
    #[must_use]
    pub fn of(summary: DeliverySummary) -> Self {
        match summary {
            DeliverySummary { refused: 1.., .. } => Self::NeedsHelp,
            DeliverySummary { taking_back: 1.., .. } => Self::TakingBack,
            DeliverySummary { homes: 0, .. } => Self::Here,
            DeliverySummary { homes, delivered, .. } if delivered >= homes => Self::All,
            DeliverySummary { delivered: 0, .. } => Self::Waiting,
            DeliverySummary { .. } => Self::Some,
        }
    }
}

/// Properties of [`DeliveryTicks`].
#[derive(Properties, PartialEq)]
pub struct DeliveryTicksProps {
    /// The counts; `None` while the thing is on its way to the own home.
    pub summary: Option<DeliverySummary>,
    /// Opens the sheet with every home.
    #[prop_or_default]
    pub on_click: Option<Callback<MouseEvent>>,
}

/// How far an own thing has travelled.
#[component]
pub fn DeliveryTicks(props: &DeliveryTicksProps) -> Html {
    let summary = props.summary.unwrap_or_default();
    let ticks = if props.summary.is_none() {
        Ticks::Waiting
    } else {
        Ticks::of(summary)
    };
    let (icon, state, words) = match ticks {
        Ticks::Here => return Html::default(),
        Ticks::Waiting if props.summary.is_none() => (IconName::Clock, "waiting", t!("delivery-sending")),
        Ticks::Waiting => (
            IconName::Clock,
            "waiting",
            t!("delivery-waiting", "homes" => summary.homes),
        ),
        Ticks::Some => (
            IconName::Check,
            "some",
            t!("delivery-some", "delivered" => summary.delivered, "homes" => summary.homes),
        ),
        Ticks::All => (
            IconName::CheckCheck,
            "all",
            t!("delivery-all", "homes" => summary.homes),
        ),
        Ticks::TakingBack => (
            IconName::Undo2,
            "waiting",
            t!("delivery-taking-back", "homes" => summary.taking_back),
        ),
        Ticks::NeedsHelp => (
            IconName::CircleAlert,
            "help",
            t!("delivery-refused", "refused" => summary.refused),
        ),
    };
    match &props.on_click {
        Some(onclick) => html! {
            <button type="button" class="h-ticks" data-state={state} data-tip={words.clone()} aria-label={words} data-test="ticks" {onclick}>
                <Icon name={icon} size={IconSize::S} />
            </button>
        },
        None => html! {
            <span class="h-ticks" data-state={state} data-tip={words.clone()} data-test="ticks">
                <Icon name={icon} size={IconSize::S} label={words} />
            </span>
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_follow_the_counts() {
        let of = |homes, delivered, refused| {
            Ticks::of(DeliverySummary {
                homes,
                delivered,
                refused,
                taking_back: 0,
            })
        };
        assert_eq!(of(0, 0, 0), Ticks::Here);
        assert_eq!(of(2, 0, 0), Ticks::Waiting);
        assert_eq!(of(2, 1, 0), Ticks::Some);
        assert_eq!(of(2, 2, 0), Ticks::All);
        assert_eq!(of(2, 1, 1), Ticks::NeedsHelp);
        let taking_back = DeliverySummary {
            taking_back: 1,
            ..DeliverySummary::default()
        };
        assert_eq!(Ticks::of(taking_back), Ticks::TakingBack);
    }
}
