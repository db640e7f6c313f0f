//! How everything is, in one sentence.

use crate::components::{Icon, IconName, IconSize, Tone};
use hearth_api::health::HealthLevel;
use yew::prelude::*;

/// Properties of [`HealthVerdict`].
#[derive(Properties, PartialEq)]
pub struct HealthVerdictProps {
    /// How it is.
    pub level: HealthLevel,
    /// The sentence.
    pub sentence: AttrValue,
    /// What it means for the person.
    #[prop_or_default]
    pub text: Option<AttrValue>,
    /// What to do.
    #[prop_or_default]
    pub children: Html,
}

/// How everything is.
#[component]
pub fn HealthVerdict(props: &HealthVerdictProps) -> Html {
    let (tone, icon) = match props.level {
        HealthLevel::Ok => (Tone::Ok, IconName::CircleCheck),
        HealthLevel::Waiting => (Tone::Warn, IconName::Clock),
        HealthLevel::Trouble => (Tone::Danger, IconName::TriangleAlert),
    };
    html! {
        <div class="h-verdict" data-tone={tone.as_str()} role="status" data-test="verdict">
            <span class="h-verdict__icon"><Icon name={icon} size={IconSize::L} /></span>
            <div class="h-verdict__words">
                <p class="h-verdict__sentence">{ props.sentence.clone() }</p>
                if let Some(text) = &props.text { <p class="h-verdict__text">{ text.clone() }</p> }
            </div>
            { props.children.clone() }
        </div>
    }
}
