//! The shape of what is coming. Nothing for a tenth of a second, then the final geometry.

use crate::kit::dom::use_vars;
use crate::t;
use yew::prelude::*;

/// Properties of [`Skeleton`].
#[derive(Properties, PartialEq)]
pub struct SkeletonProps {
    /// The shapes.
    #[prop_or_default]
    pub children: Html,
}

/// Holds shapes, says "Loading" once, and appears only when loading takes longer than a blink.
#[component]
pub fn Skeleton(props: &SkeletonProps) -> Html {
    html! {
        <div class="h-skeleton" role="status" data-test="skeleton">
            <span class="u-hidden-visually">{ t!("loading") }</span>
            <div aria-hidden="true">{ props.children.clone() }</div>
        </div>
    }
}

/// Properties of [`SkeletonBox`].
#[derive(Properties, PartialEq)]
pub struct SkeletonBoxProps {
    /// Width, as CSS.
    #[prop_or(AttrValue::Static("100%"))]
    pub width: AttrValue,
    /// Height, as CSS.
    #[prop_or(AttrValue::Static("1em"))]
    pub height: AttrValue,
    /// Whether it is round.
    #[prop_or_default]
    pub round: bool,
}

/// One shape.
#[component]
pub fn SkeletonBox(props: &SkeletonBoxProps) -> Html {
    let node = use_node_ref();
    use_vars(
        &node,
        vec![
            ("--w", props.width.to_string()),
            ("--h", props.height.to_string()),
        ],
    );
    html! { <span class="h-skeleton__box" ref={node} data-round={props.round.then_some("true")} /> }
}

/// The shape of a row with a picture and two lines.
#[component]
pub fn SkeletonRow() -> Html {
    html! {
        <div class="h-skeleton__row">
            <SkeletonBox width="40px" height="40px" round={true} />
            <div class="h-skeleton__lines">
                <SkeletonBox width="40%" height="0.9em" />
                <SkeletonBox width="65%" height="0.8em" />
            </div>
        </div>
    }
}

/// The shape of a card with a person, lines and a picture.
#[component]
pub fn SkeletonCard() -> Html {
    html! {
        <div class="h-card" data-pad="normal">
            <div class="l-stack">
                <SkeletonRow />
                <SkeletonBox width="92%" />
                <SkeletonBox width="70%" />
                <SkeletonBox height="180px" />
            </div>
        </div>
    }
}
