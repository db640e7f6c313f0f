//! Where in a short sequence of steps the person is.

use crate::t;
use yew::prelude::*;

/// Properties of [`Stepper`].
#[derive(Properties, PartialEq)]
pub struct StepperProps {
    /// The names of the steps.
    pub steps: Vec<AttrValue>,
    /// The step now, from 0.
    pub current: usize,
}

/// The steps, with the one now marked.
#[component]
pub fn Stepper(props: &StepperProps) -> Html {
    html! {
        <ol class="h-stepper" aria-label={t!("stepper", "current" => props.current + 1, "count" => props.steps.len())}>
            { for props.steps.iter().enumerate().map(|(index, name)| {
                let state = match index.cmp(&props.current) {
                    std::cmp::Ordering::Less => "done",
                    std::cmp::Ordering::Equal => "now",
                    std::cmp::Ordering::Greater => "next",
                };
                html! {
                    <li key={index} class="h-stepper__step" data-state={state} aria-current={(state == "now").then_some("step")}>
                        <span class="h-stepper__name">{ name.clone() }</span>
                    </li>
                }
            }) }
        </ol>
    }
}
