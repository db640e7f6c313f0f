//! Adding a model by its id, and saying about one otherwise than its server does.

use crate::components::model_form::Said;
use crate::prelude::*;
use hearth_api::ProviderId;
use hearth_api::provider::{AddModel, DescribeModel, Model};

#[derive(Properties, PartialEq)]
pub(super) struct AddModelFormProps {
    pub(super) provider: ProviderId,
    /// Whether the field is there without being asked for.
    pub(super) open: bool,
}

/// A field for the id of a model that the server does not list.
#[component]
pub(super) fn AddModelForm(props: &AddModelFormProps) -> Html {
    let wanted = use_state_eq(|| false);
    let id = use_state_eq(String::new);
    let add = use_mutation::<AddModel>();
    let field = use_node_ref();
    let shown = *wanted || props.open || !id.is_empty();
    let ask = {
        let wanted = wanted.setter();
        Callback::from(move |_: MouseEvent| wanted.set(true))
    };
    let on_input = {
        let (id, add) = (id.setter(), add.clone());
        Callback::from(move |text: String| {
            if add.error().is_some() {
                add.clear();
            }
            id.set(text);
        })
    };
    let onsubmit = {
        let (id, add, provider, field, wanted) = (
            id.clone(),
            add.clone(),
            props.provider,
            field.clone(),
            wanted.setter(),
        );
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (typed, wanted, field) = (id.setter(), wanted.clone(), field.clone());
            let model = id.trim().to_owned();
            let request = AddModel {
                provider,
                model: model.clone(),
            };
            add.run(request, move |answer| {
                if answer.is_ok() {
                    typed.set(String::new());
                    wanted.set(false);
                    toasts::done(t!("models-added", "model" => &model));
                } else if let Some(field) = field.cast::<web_sys::HtmlElement>() {
                    let _focused = field.focus();
                }
            });
        })
    };
    if !shown {
        return html! {
            <div>
                <Button variant={Variant::Quiet} size={Size::S} start={IconName::Plus} on_click={ask} test_id="model-add">{ t!("models-add") }</Button>
            </div>
        };
    }
    html! {
        <form class="h-add-model" {onsubmit} novalidate=true data-test="model-add-form">
            <TextField label={t!("models-add-id")} hint={t!("models-add-hint")} value={(*id).clone()} {on_input} literal={true} autofocus={*wanted}
                error={add.error().map(error_text)} node={field} test_id="model-id" />
            <Button kind={ButtonKind::Submit} pending={add.pending()} test_id="model-add-do">{ t!("models-add-do") }</Button>
        </form>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct DescribeDialogProps {
    pub(super) provider: ProviderId,
    pub(super) model: Model,
    pub(super) on_close: Callback<()>,
}

/// What is said about a model, over the page.
#[component]
pub(super) fn DescribeDialog(props: &DescribeDialogProps) -> Html {
    let save = use_mutation::<DescribeModel>();
    let on_save = {
        let (save, provider, model, on_close) = (
            save.clone(),
            props.provider,
            props.model.id.clone(),
            props.on_close.clone(),
        );
        Callback::from(move |(context, capabilities): Said| {
            let on_close = on_close.clone();
            let request = DescribeModel {
                provider,
                model: model.clone(),
                context,
                capabilities,
            };
            save.run(request, move |answer| {
                if answer.is_ok() {
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
        <Dialog title={t!("model-form-title", "model" => &props.model.id)} on_close={props.on_close.clone()} light_dismiss={false} test_id="model-dialog">
            <ModelForm model={props.model.clone()} pending={save.pending()} {error} {on_save} on_close={props.on_close.clone()} />
        </Dialog>
    }
}
