//! Work that takes longer than a second says what and how much.

use crate::kit::dom::use_vars;
use crate::t;
use yew::prelude::*;

/// Properties of [`ProgressBar`].
#[derive(Properties, PartialEq)]
pub struct ProgressBarProps {
    /// What is going on.
    pub label: AttrValue,
    /// The share done, 0-1; `None` when nobody knows.
    #[prop_or_default]
    pub value: Option<f64>,
    /// Whether the label is only for screen readers.
    #[prop_or_default]
    pub quiet_label: bool,
}

/// A bar.
#[component]
pub fn ProgressBar(props: &ProgressBarProps) -> Html {
    let node = use_node_ref();
    let percent = props.value.map(|v| (v.clamp(0.0, 1.0) * 100.0).round());
    use_vars(
        &node,
        vec![(
            "--done",
            percent.map_or_else(|| "30%".to_owned(), |p| format!("{p}%")),
        )],
    );
    html! {
        <div class="h-progress" data-unknown={percent.is_none().then_some("true")}>
            if !props.quiet_label {
                <div class="h-progress__words">
                    <span>{ props.label.clone() }</span>
                    if let Some(percent) = percent { <span class="u-tabular">{ format!("{percent} %") }</span> }
                </div>
            }
            <div
                ref={node}
                class="h-progress__bar"
                role="progressbar"
                aria-label={props.label.clone()}
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow={percent.map(|p| p.to_string())}
            ><span class="h-progress__done" /></div>
        </div>
    }
}

/// A turning ring for short waits of unknown length.
#[component]
pub fn Spinner() -> Html {
    html! { <span class="h-spinner" role="status"><span class="u-hidden-visually">{ t!("loading") }</span></span> }
}
