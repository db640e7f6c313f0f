//! A text that shows twelve lines until it is unfolded.

use crate::components::Size;
use crate::components::button::{Button, Variant};
use crate::components::markdown::Markdown;
use crate::t;
use hearth_api::feed::Mention;
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// Shorter texts fit anyhow and are not measured.
const SURELY_SHORT: usize = 160;
/// What is hidden must be worth a press.
const WORTH_PX: i32 = 40;

/// Properties of [`FoldedText`].
#[derive(Properties, PartialEq)]
pub struct FoldedTextProps {
    /// The source.
    pub text: AttrValue,
    /// The people that `@{id}` stands for.
    #[prop_or_default]
    pub mentions: Rc<[Mention]>,
}

/// A text that folds at twelve lines.
#[component]
pub fn FoldedText(props: &FoldedTextProps) -> Html {
    let node = use_node_ref();
    let long = use_state_eq(|| false);
    let open = use_state_eq(|| false);
    {
        let (node, long) = (node.clone(), long.setter());
        use_effect_with(props.text.clone(), move |text| {
            let measured = (text.len() > SURELY_SHORT || text.lines().count() > 6)
                .then(|| node.cast::<Element>())
                .flatten()
                .is_some_and(|e| e.scroll_height() - e.client_height() > WORTH_PX);
            long.set(measured);
        });
    }
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    html! {
        <div class="h-post-card__text">
            <div class="h-folded" ref={node} data-folded={(!*open).then_some("true")} data-long={long.then_some("true")}>
                <Markdown text={props.text.clone()} mentions={Rc::clone(&props.mentions)} />
            </div>
            if *long {
                <span data-do="fold">
                    <Button variant={Variant::Quiet} size={Size::S} expanded={*open} on_click={toggle} class={classes!("h-folded__more")}>
                        { if *open { t!("text-less") } else { t!("text-more") } }
                    </Button>
                </span>
            }
        </div>
    }
}
