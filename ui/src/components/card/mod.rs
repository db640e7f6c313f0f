//! Surfaces that hold things together.

use crate::kit::dom::use_unique;
use yew::prelude::*;

choices! {
    /// The space inside a card.
    CardPad {
        /// 16 px, 20 px on wide screens.
        #[default]
        Normal => "normal",
        /// None: the content reaches the edge.
        None => "none",
        /// 24-32 px.
        Roomy => "roomy",
    }
}

/// Properties of [`Card`].
#[derive(Properties, PartialEq)]
pub struct CardProps {
    /// What it holds.
    #[prop_or_default]
    pub children: Html,
    /// The space inside.
    #[prop_or_default]
    pub pad: CardPad,
    /// More classes.
    #[prop_or_default]
    pub class: Classes,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// A surface on the page.
#[component]
pub fn Card(props: &CardProps) -> Html {
    html! {
        <div class={classes!("h-card", props.class.clone())} data-pad={props.pad.as_str()} data-test={props.test_id.clone()}>
            { props.children.clone() }
        </div>
    }
}

/// Properties of [`Section`].
#[derive(Properties, PartialEq)]
pub struct SectionProps {
    /// The heading.
    pub title: AttrValue,
    /// A sentence under the heading.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What belongs to the heading, at its end.
    #[prop_or_default]
    pub end: Html,
    /// The content.
    #[prop_or_default]
    pub children: Html,
    /// A place to link to.
    #[prop_or_default]
    pub id: Option<AttrValue>,
}

/// A part of a page with its heading.
#[component]
pub fn Section(props: &SectionProps) -> Html {
    let heading = use_unique("section");
    html! {
        <section class="h-section" aria-labelledby={heading.clone()} id={props.id.clone()}>
            <div class="h-section__head">
                <div>
                    <h2 id={heading}>{ props.title.clone() }</h2>
                    if let Some(hint) = &props.hint { <p class="u-text-2 u-sm">{ hint.clone() }</p> }
                </div>
                { props.end.clone() }
            </div>
            { props.children.clone() }
        </section>
    }
}

/// Properties of [`FieldGroup`].
#[derive(Properties, PartialEq)]
pub struct FieldGroupProps {
    /// What the fields are about; a screen reader says it with each.
    pub legend: AttrValue,
    /// Whether the legend is only for screen readers.
    #[prop_or_default]
    pub quiet: bool,
    /// The fields.
    #[prop_or_default]
    pub children: Html,
}

/// Fields that belong together.
#[component]
pub fn FieldGroup(props: &FieldGroupProps) -> Html {
    html! {
        <fieldset class="h-field-group">
            <legend class={if props.quiet { "u-hidden-visually" } else { "h-field-group__legend" }}>{ props.legend.clone() }</legend>
            <div class="h-field-group__fields">{ props.children.clone() }</div>
        </fieldset>
    }
}
