//! How models are to answer, in one conversation or in all: the button that opens it, and the sheet.

use crate::prelude::*;
use hearth_api::parameters::{ChatParameters, Parameters, ParametersOf, SetParameters};

#[derive(Properties, PartialEq)]
pub(super) struct ParametersButtonProps {
    /// What is set, when that is known.
    pub(super) set: Option<Rc<ChatParameters>>,
    pub(super) on_open: Callback<()>,
}

/// Opens the parameters of a conversation; says when some are set.
#[component]
pub(super) fn ParametersButton(props: &ParametersButtonProps) -> Html {
    let own = props.set.as_ref().is_some_and(|set| !set.own.is_empty());
    html! {
        <IconButton
            icon={IconName::SlidersHorizontal}
            label={if own { t!("parameters-open-set") } else { t!("parameters-open") }}
            variant={if own { Variant::Soft } else { Variant::Quiet }}
            size={Size::S}
            popup="dialog"
            on_click={props.on_open.reform(|_: MouseEvent| ())}
            test_id="parameters"
        />
    }
}

#[derive(Properties)]
pub(super) struct ParametersSheetProps {
    /// What they are for.
    pub(super) of: ParametersOf,
    /// Whether Ollama answers there.
    pub(super) ollama: bool,
    /// What is set.
    pub(super) set: Query<ChatParameters>,
    pub(super) on_close: Callback<()>,
}

impl PartialEq for ParametersSheetProps {
    fn eq(&self, other: &Self) -> bool {
        self.of == other.of
            && self.ollama == other.ollama
            && self.set.data == other.set.data
            && self.set.error == other.set.error
    }
}

/// The parameters of a conversation or of the account.
#[component]
pub(super) fn ParametersSheet(props: &ParametersSheetProps) -> Html {
    let save = use_mutation::<SetParameters>();
    let account = props.of == ParametersOf::Account;
    let on_save = {
        let (save, of, on_close, set) = (
            save.clone(),
            props.of,
            props.on_close.clone(),
            props.set.set.clone(),
        );
        Callback::from(move |parameters: Parameters| {
            let (on_close, set) = (on_close.clone(), set.clone());
            save.run(SetParameters { of, parameters }, move |answer| {
                if let Ok(both) = answer {
                    set.emit(Rc::new(both));
                    toasts::done(t!("parameters-saved"));
                    on_close.emit(());
                }
            });
        })
    };
    let error = save.error().map(|e| {
        (
            AttrValue::from(e.field.clone().unwrap_or_default()),
            error_text(e),
        )
    });
    html! {
        <Dialog
            title={if account { t!("parameters-title-account") } else { t!("parameters-title") }}
            on_close={props.on_close.clone()}
            light_dismiss={false}
            sheet={true}
            test_id="parameters-sheet"
        >
            <div class="l-stack u-gap-20">
                <p class="u-text-2">{ if account { t!("parameters-about-account") } else { t!("parameters-about") } }</p>
                if !account {
                    <p class="u-sm"><Link to={Route::Models}>{ t!("parameters-to-account") }</Link></p>
                }
                { props.set.view(html! { <SkeletonBox height="240px" /> }, |both| html! {
                    <ParametersForm
                        parameters={if account { both.defaults.clone() } else { both.own.clone() }}
                        defaults={if account { Parameters::default() } else { both.defaults.clone() }}
                        ollama={props.ollama}
                        pending={save.pending()}
                        {error}
                        {on_save}
                        on_close={props.on_close.clone()}
                    />
                }) }
            </div>
        </Dialog>
    }
}

/// What is set, in a line.
#[must_use]
pub(super) fn summary(set: &Parameters) -> AttrValue {
    let pair = |name: AttrValue, value: Option<String>| {
        value.map(|value| t!("parameters-pair", "name" => name, "value" => value).to_string())
    };
    let number = |n: u32| when::number(n.into());
    let all: Vec<String> = [
        pair(
            t!("parameters-temperature"),
            set.temperature.map(|n| n.to_string()),
        ),
        pair(t!("parameters-top-p"), set.top_p.map(|n| n.to_string())),
        pair(t!("parameters-max-tokens"), set.max_tokens.map(number)),
        pair(
            t!("parameters-stop"),
            (!set.stop.is_empty()).then(|| set.stop.len().to_string()),
        ),
        pair(t!("parameters-context"), set.context.map(number)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if all.is_empty() {
        return t!("parameters-none");
    }
    AttrValue::from(all.join(" · "))
}
