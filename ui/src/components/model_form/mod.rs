//! What a person says about a model otherwise than its server does: its context, what it can.

use crate::components::model_row::capability;
use crate::components::{Banner, Button, ButtonKind, Checkbox, FieldGroup, TextField, Tone, Variant};
use crate::kit::entry;
use crate::kit::focus;
use crate::kit::time as when;
use crate::t;
use hearth_api::provider::{CAPABILITIES, Model, ModelFacts};
use yew::prelude::*;

/// What was said: tokens of context, and what it can; `None` is as the server tells.
pub type Said = (Option<u32>, Option<Vec<String>>);

/// Properties of [`ModelForm`].
#[derive(Properties, PartialEq)]
pub struct ModelFormProps {
    /// The model.
    pub model: Model,
    /// Whether it is being saved.
    #[prop_or_default]
    pub pending: bool,
    /// Why it was refused: the field and the words.
    #[prop_or_default]
    pub error: Option<(AttrValue, AttrValue)>,
    /// Saves it.
    pub on_save: Callback<Said>,
    /// Leaves it as it is.
    pub on_close: Callback<()>,
}

/// What the server tells of a model.
fn told(model: &Model) -> ModelFacts {
    model.told.clone().unwrap_or_else(|| ModelFacts {
        context: model.context,
        capabilities: model.capabilities.clone(),
    })
}

/// What a model can; one of which nothing is told is taken to hold conversations.
fn presumed(capabilities: &[String]) -> Vec<String> {
    if capabilities.is_empty() {
        vec!["chat".to_owned()]
    } else {
        capabilities.to_vec()
    }
}

fn label(word: &str) -> AttrValue {
    if word == "embedding" {
        t!("model-form-embedding")
    } else {
        capability(word)
    }
}

/// The form about a model.
#[component]
pub fn ModelForm(props: &ModelFormProps) -> Html {
    let told = told(&props.model);
    let context = use_state_eq(|| {
        let said = props
            .model
            .told
            .as_ref()
            .filter(|t| t.context != props.model.context);
        said.and(props.model.context)
            .map(|n| n.to_string())
            .unwrap_or_default()
    });
    let can = use_state_eq(|| presumed(&props.model.capabilities));
    let tried = use_state_eq(|| false);
    let form = use_node_ref();
    {
        let form = form.clone();
        use_effect_with((props.error.clone(), *tried), move |(error, tried)| {
            if error.is_some() || *tried {
                focus::first_invalid(&form);
            }
        });
    }
    let read = entry::whole(&context);
    let refused = props.error.as_ref();
    let context_error = (*tried && read.is_err())
        .then(|| t!("entry-no-whole"))
        .or_else(|| {
            refused
                .filter(|(on, _)| on == "context")
                .map(|(_, words)| words.clone())
        });
    let other = refused
        .filter(|(on, _)| on != "context")
        .map(|(_, words)| words.clone());
    let onsubmit = {
        let (can, tried, on_save, told) = (
            (*can).clone(),
            tried.setter(),
            props.on_save.clone(),
            presumed(&told.capabilities),
        );
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(read.is_err());
            if let Ok(context) = read {
                let same = CAPABILITIES
                    .iter()
                    .all(|c| can.iter().any(|w| w == c) == told.iter().any(|w| w == c));
                on_save.emit((context, (!same).then(|| can.clone())));
            }
        })
    };
    let on_context = {
        let (context, tried) = (context.setter(), tried.setter());
        Callback::from(move |text: String| {
            tried.set(false);
            context.set(text);
        })
    };
    let toggle = |word: &'static str| {
        let can = can.clone();
        Callback::from(move |on: bool| {
            let mut next: Vec<String> = can.iter().filter(|w| *w != word).cloned().collect();
            if on {
                next.push(word.to_owned());
            }
            can.set(next);
        })
    };
    let reset = props.on_save.reform(|_: MouseEvent| (None, None));
    html! {
        <form class="l-stack u-gap-20" ref={form} {onsubmit} novalidate=true data-test="model-form">
            <TextField label={t!("parameters-context")} inputmode="numeric" literal={true} hint={t!("model-form-context-hint")}
                placeholder={told.context.map_or_else(|| t!("model-form-untold"), |n| t!("model-form-told", "value" => when::number(n.into())))}
                value={(*context).clone()} on_input={on_context} error={context_error} test_id="model-context" />
            <FieldGroup legend={t!("model-form-can")}>
                { for CAPABILITIES.iter().map(|word| html! {
                    <Checkbox key={*word} label={label(word)} checked={can.iter().any(|w| w == word)} on_change={toggle(word)} test_id={format!("can-{word}")} />
                }) }
            </FieldGroup>
            if let Some(words) = other { <Banner tone={Tone::Danger} alert={true}>{ words }</Banner> }
            <div class="h-dialog__buttons">
                if props.model.told.is_some() {
                    <Button variant={Variant::Quiet} pending={props.pending} on_click={reset} test_id="model-reset">{ t!("model-form-reset") }</Button>
                }
                <span class="l-end" />
                <Button variant={Variant::Quiet} on_click={props.on_close.reform(|_: MouseEvent| ())}>{ t!("action-cancel") }</Button>
                <Button variant={Variant::Filled} kind={ButtonKind::Submit} pending={props.pending} test_id="model-save">{ t!("action-save") }</Button>
            </div>
        </form>
    }
}
