//! How a model is to answer: temperature, top-p, length, texts that end an answer, context. What is left empty is not set.

use crate::components::{Banner, Button, ButtonKind, TextArea, TextField, Tone, Variant};
use crate::kit::entry::{self, NotANumber};
use crate::kit::focus;
use crate::kit::time as when;
use crate::t;
use hearth_api::parameters::Parameters;
use yew::prelude::*;

/// The fields that a refusal may name.
const FIELDS: [&str; 5] = ["temperature", "top_p", "max_tokens", "stop", "context"];

/// Properties of [`ParametersForm`].
#[derive(Properties, PartialEq)]
pub struct ParametersFormProps {
    /// What is set.
    pub parameters: Parameters,
    /// What holds where nothing is set.
    #[prop_or_default]
    pub defaults: Parameters,
    /// Whether they are for Ollama, which is told the context.
    #[prop_or_default]
    pub ollama: bool,
    /// Whether they are being saved.
    #[prop_or_default]
    pub pending: bool,
    /// Why they were refused: the field and the words.
    #[prop_or_default]
    pub error: Option<(AttrValue, AttrValue)>,
    /// Saves them.
    pub on_save: Callback<Parameters>,
    /// Leaves them as they are.
    pub on_close: Callback<()>,
}

#[derive(Clone, PartialEq, Default)]
struct Entered {
    temperature: String,
    top_p: String,
    max_tokens: String,
    stop: String,
    context: String,
    tried: bool,
}

fn begin(parameters: &Parameters) -> Entered {
    let text = |value: Option<String>| value.unwrap_or_default();
    Entered {
        temperature: text(parameters.temperature.map(|n| n.to_string())),
        top_p: text(parameters.top_p.map(|n| n.to_string())),
        max_tokens: text(parameters.max_tokens.map(|n| n.to_string())),
        stop: entry::lines(&parameters.stop),
        context: text(parameters.context.map(|n| n.to_string())),
        tried: false,
    }
}

impl Entered {
    fn read(&self) -> Result<Parameters, NotANumber> {
        Ok(Parameters {
            temperature: entry::decimal(&self.temperature)?,
            top_p: entry::decimal(&self.top_p)?,
            max_tokens: entry::whole(&self.max_tokens)?,
            stop: entry::texts(&self.stop),
            context: entry::whole(&self.context)?,
        })
    }
}

/// What an empty field stands for.
fn usual<T: ToString>(default: Option<T>) -> AttrValue {
    match default {
        Some(value) => t!("parameters-default", "value" => value.to_string()),
        None => t!("parameters-server"),
    }
}

/// The form of parameters.
#[component]
pub fn ParametersForm(props: &ParametersFormProps) -> Html {
    let entered = use_state_eq(|| begin(&props.parameters));
    let form = use_node_ref();
    let change = |apply: fn(&mut Entered, String)| {
        let entered = entered.clone();
        Callback::from(move |text: String| {
            let mut next = (*entered).clone();
            apply(&mut next, text);
            entered.set(next);
        })
    };
    {
        let form = form.clone();
        use_effect_with(props.error.clone(), move |error| {
            if error.is_some() {
                focus::first_invalid(&form);
            }
        });
    }
    let refused = |field: &str| {
        props
            .error
            .as_ref()
            .filter(|(on, _)| on == field)
            .map(|(_, words)| words.clone())
    };
    let decimal = |field: &str, text: &str| {
        let wrong = entered.tried && entry::decimal(text).is_err();
        wrong.then(|| t!("entry-no-number")).or_else(|| refused(field))
    };
    let whole = |field: &str, text: &str| {
        let wrong = entered.tried && entry::whole(text).is_err();
        wrong.then(|| t!("entry-no-whole")).or_else(|| refused(field))
    };
    let other = props
        .error
        .as_ref()
        .filter(|(on, _)| !FIELDS.contains(&on.as_str()))
        .map(|(_, words)| words.clone());
    let onsubmit = {
        let (entered, form, on_save) = (entered.clone(), form.clone(), props.on_save.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let read = entered.read();
            entered.set(Entered {
                tried: true,
                ..(*entered).clone()
            });
            match read {
                Ok(parameters) => on_save.emit(parameters),
                Err(NotANumber) => {
                    let form = form.clone();
                    gloo_timers::callback::Timeout::new(30, move || focus::first_invalid(&form)).forget();
                }
            }
        })
    };
    let clear = {
        let entered = entered.clone();
        Callback::from(move |_: MouseEvent| entered.set(Entered::default()))
    };
    let anything = entered.read().map_or(true, |p| !p.is_empty());
    html! {
        <form class="l-stack u-gap-20" ref={form} {onsubmit} novalidate=true data-test="parameters-form">
            <TextField label={t!("parameters-temperature")} hint={t!("parameters-temperature-hint")} inputmode="decimal" literal={true}
                placeholder={usual(props.defaults.temperature)} value={entered.temperature.clone()} on_input={change(|e, text| e.temperature = text)}
                error={decimal("temperature", &entered.temperature)} test_id="temperature" />
            <TextField label={t!("parameters-top-p")} hint={t!("parameters-top-p-hint")} inputmode="decimal" literal={true}
                placeholder={usual(props.defaults.top_p)} value={entered.top_p.clone()} on_input={change(|e, text| e.top_p = text)}
                error={decimal("top_p", &entered.top_p)} test_id="top-p" />
            <TextField label={t!("parameters-max-tokens")} hint={t!("parameters-max-tokens-hint")} inputmode="numeric" literal={true}
                placeholder={usual(props.defaults.max_tokens)} value={entered.max_tokens.clone()} on_input={change(|e, text| e.max_tokens = text)}
                error={whole("max_tokens", &entered.max_tokens)} test_id="max-tokens" />
            <TextArea label={t!("parameters-stop")} hint={t!("parameters-stop-hint")} rows={2} max_rows={6}
                placeholder={(!props.defaults.stop.is_empty()).then(|| usual(Some(entry::lines(&props.defaults.stop).replace('\n', ", "))))}
                value={entered.stop.clone()} on_input={change(|e, text| e.stop = text)} error={refused("stop")} test_id="stop-texts" />
            <TextField label={t!("parameters-context")} inputmode="numeric" literal={true}
                hint={if props.ollama { t!("parameters-context-ollama") } else { t!("parameters-context-hint") }}
                placeholder={props.defaults.context.map_or_else(|| t!("parameters-model"), |n| usual(Some(when::number(n.into()))))}
                value={entered.context.clone()} on_input={change(|e, text| e.context = text)} error={whole("context", &entered.context)} test_id="context" />
            if let Some(words) = other { <Banner tone={Tone::Danger} alert={true}>{ words }</Banner> }
            <div class="h-dialog__buttons">
                if anything {
                    <Button variant={Variant::Quiet} on_click={clear} test_id="parameters-clear">{ t!("parameters-clear") }</Button>
                }
                <span class="l-end" />
                <Button variant={Variant::Quiet} on_click={props.on_close.reform(|_: MouseEvent| ())}>{ t!("action-cancel") }</Button>
                <Button variant={Variant::Filled} kind={ButtonKind::Submit} pending={props.pending} test_id="parameters-save">{ t!("action-save") }</Button>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_shown_and_read_back() {
        let set = Parameters {
            temperature: Some(0.7),
            max_tokens: Some(512),
            stop: vec!["END".into(), "\n".into()],
            ..Parameters::default()
        };
        let entered = begin(&set);
        assert_eq!(entered.temperature, "0.7");
        assert_eq!(entered.read(), Ok(set));
        assert_eq!(Entered::default().read(), Ok(Parameters::default()));
        let wrong = Entered {
            context: "all of it".into(),
            ..Entered::default()
        };
        assert_eq!(wrong.read(), Err(NotANumber));
    }
}
