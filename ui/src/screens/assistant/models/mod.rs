//! Models and providers: where answers come from, what is sent there, who agreed to it, which model is used.

mod entry;
mod provider;

use super::parameters::{ParametersSheet, summary};
use crate::components::provider_form::ProviderDraft;
use crate::kit::dom;
use crate::prelude::*;
use gloo_timers::callback::Timeout;
use hearth_api::parameters::{GetParameters, Parameters, ParametersOf};
use hearth_api::provider::{
    CheckProvider, CheckReport, DefaultModels, GetDefaultModels, ListProviders, Locality, ModelRef, Provider,
    ProviderKind, ProviderOwner, SaveProvider, SetDefaultModel,
};
use hearth_api::{ApiError, ProviderId};
use provider::{ProviderCard, Report, card_id};
use std::collections::HashMap;

/// Models and providers.
#[component]
pub fn ModelsPage() -> Html {
    let me = use_me();
    let admin = me.as_ref().is_some_and(|m| m.role.is_admin());
    let providers = use_query(ListProviders::default(), vec![Topic::Providers]);
    let defaults = use_query(GetDefaultModels::default(), vec![Topic::Providers]);
    let form = use_state_eq(|| None::<ProviderDraft>);
    let reports = use_state(HashMap::<ProviderId, Result<CheckReport, ApiError>>::new);
    let checking = use_state_eq(Vec::<ProviderId>::new);
    let shared = use_mut_ref(|| {
        (
            HashMap::<ProviderId, Result<CheckReport, ApiError>>::new(),
            Vec::<ProviderId>::new(),
        )
    });

    let check = {
        let (reports, checking, shared, refetch) = (
            reports.setter(),
            checking.setter(),
            Rc::clone(&shared),
            providers.refetch.clone(),
        );
        use_callback((), move |id: ProviderId, ()| {
            {
                let mut shared = shared.borrow_mut();
                if shared.1.contains(&id) {
                    return;
                }
                shared.1.push(id);
                checking.set(shared.1.clone());
            }
            let (reports, checking, shared, refetch) = (
                reports.clone(),
                checking.clone(),
                Rc::clone(&shared),
                refetch.clone(),
            );
            wasm_bindgen_futures::spawn_local(async move {
                let answer = ask(CheckProvider { id }).await;
                announce::polite(match &answer {
                    Ok(report) if report.error.is_none() => t!("check-good"),
                    _ => t!("check-bad"),
                });
                let mut shared = shared.borrow_mut();
                shared.1.retain(|other| *other != id);
                shared.0.insert(id, answer);
                checking.set(shared.1.clone());
                reports.set(shared.0.clone());
                refetch.emit(());
            });
        })
    };
    // What was just saved is gone to, as soon as its card is there and the form is away.
    let saved = use_state_eq(|| None::<ProviderId>);
    {
        let there = providers
            .data
            .as_ref()
            .is_some_and(|all| all.iter().any(|p| Some(p.id) == *saved));
        let clear = saved.setter();
        use_effect_with(saved.filter(|_| there), move |id| {
            let timer = id.map(|id| {
                Timeout::new(30, move || {
                    if let Some(card) = dom::by_id(&card_id(id)) {
                        card.scroll_into_view();
                        let _focused = card.focus();
                    }
                    clear.set(None);
                })
            });
            move || drop(timer)
        });
    }
    let set_form = {
        let form = form.setter();
        Callback::from(move |draft: Option<ProviderDraft>| form.set(draft))
    };
    let add = {
        let set_form = set_form.clone();
        Callback::from(move |_: MouseEvent| set_form.emit(Some(ProviderDraft::New(ProviderKind::Ollama))))
    };
    let on_default = {
        let defaults = defaults.clone();
        Callback::from(move |(owner, model): (ProviderOwner, Option<ModelRef>)| {
            let chosen = model.clone();
            let old = defaults.change(|d| match owner {
                ProviderOwner::Me => d.me = chosen,
                ProviderOwner::Home => d.home = chosen,
            });
            let set = defaults.set.clone();
            let back = move || {
                if let Some(old) = old {
                    set.emit(old);
                }
            };
            optimistic(SetDefaultModel { owner, model }, back, |_| ());
        })
    };
    let parameters = use_query(GetParameters::default(), vec![Topic::Chats]);
    let setting = use_state_eq(|| false);
    let set_setting = {
        let setting = setting.setter();
        Callback::from(move |on: bool| setting.set(on))
    };
    let known = defaults.data.clone().unwrap_or_default();
    let body = providers.view(html! { <><SkeletonCard /><SkeletonCard /></> }, |list| {
        if list.is_empty() {
            return empty(&set_form);
        }
        html! {
            <>
                <Defaults providers={Rc::clone(list)} defaults={Rc::clone(&known)} {admin} on_default={on_default.clone()}
                    parameters={parameters.data.as_ref().map(|p| p.defaults.clone())} on_parameters={set_setting.reform(|()| true)} />
                <Section title={t!("providers-title")} hint={t!("providers-hint")} end={html! {
                    <Button start={IconName::Plus} on_click={add.clone()} test_id="provider-add">{ t!("provider-add") }</Button>
                }}>
                    { for list.iter().map(|provider| html! {
                        <ProviderCard
                            key={provider.id.to_string()}
                            provider={provider.clone()}
                            defaults={Rc::clone(&known)}
                            {admin}
                            report={Report(reports.get(&provider.id).cloned())}
                            checking={checking.contains(&provider.id)}
                            on_check={check.clone()}
                            on_edit={set_form.reform(|p: Provider| Some(ProviderDraft::Edit(Box::new(p))))}
                            on_default={on_default.clone()}
                        />
                    }) }
                </Section>
            </>
        }
    });
    html! {
        <Page title={t!("nav-models")} back={Route::Chats} width={PageWidth::Medium} test_id="models">
            <div class="l-stack u-gap-32">{ body }</div>
            if *setting {
                <ParametersSheet of={ParametersOf::Account} ollama={false} set={parameters} on_close={set_setting.reform(|()| false)} />
            }
            if let Some(draft) = &*form {
                <FormDialog draft={draft.clone()} {admin} on_close={set_form.reform(|()| None)} on_saved={{
                    let (set_form, check, refetch, saved) = (set_form.clone(), check.clone(), providers.refetch.clone(), saved.setter());
                    Callback::from(move |provider: Provider| {
                        set_form.emit(None);
                        saved.set(Some(provider.id));
                        refetch.emit(());
                        // Elsewhere, nothing goes out before the person has agreed.
                        if !provider.consent_needed && provider.locality != Locality::Unknown {
                            check.emit(provider.id);
                        }
                    })
                }} />
            }
        </Page>
    }
}

/// Nothing is set up: the two ways to begin.
fn empty(set_form: &Callback<Option<ProviderDraft>>) -> Html {
    let begin = |kind: ProviderKind| {
        let set_form = set_form.clone();
        Callback::from(move |_: MouseEvent| set_form.emit(Some(ProviderDraft::New(kind))))
    };
    html! {
        <div class="l-stack u-gap-24" data-test="models-empty">
            <EmptyState icon={IconName::Cpu} tone={Tone::Ai} title={t!("models-empty-title")} text={t!("models-empty-text")} />
            <div class="h-begin">
                <Card class="h-begin__card">
                    <Icon name={IconName::House} size={IconSize::L} />
                    <h3 class="h-begin__title">{ t!("models-begin-here") }</h3>
                    <p class="u-text-2">{ t!("models-begin-here-text") }</p>
                    <ol class="h-begin__steps">
                        <li>{ crate::kit::links::view("https://ollama.com/download", "ollama.com/download", html! { { t!("models-step-install") } }) }</li>
                        <li>{ t!("models-step-pull") }{ " " }<code>{ "ollama pull llama3.2" }</code></li>
                        <li>{ t!("models-step-connect") }</li>
                    </ol>
                    <LocalityBadge place={Where::Here} />
                    <Button variant={Variant::Ai} full={true} on_click={begin(ProviderKind::Ollama)} test_id="begin-ollama">{ t!("models-begin-here-do") }</Button>
                </Card>
                <Card class="h-begin__card">
                    <Icon name={IconName::Server} size={IconSize::L} />
                    <h3 class="h-begin__title">{ t!("models-begin-server") }</h3>
                    <p class="u-text-2">{ t!("models-begin-server-text") }</p>
                    <p class="u-sm u-text-2">{ t!("models-begin-server-note") }</p>
                    <Button full={true} on_click={begin(ProviderKind::OpenAi)} test_id="begin-openai">{ t!("models-begin-server-do") }</Button>
                </Card>
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct DefaultsProps {
    providers: Rc<Vec<Provider>>,
    defaults: Rc<DefaultModels>,
    admin: bool,
    on_default: Callback<(ProviderOwner, Option<ModelRef>)>,
    parameters: Option<Parameters>,
    on_parameters: Callback<()>,
}

/// Which model a new conversation uses, and how models answer.
#[component]
fn Defaults(props: &DefaultsProps) -> Html {
    let row = |owner: ProviderOwner,
               title: AttrValue,
               hint: AttrValue,
               current: &Option<ModelRef>,
               providers: Rc<Vec<Provider>>| {
        let choose = {
            let on_default = props.on_default.clone();
            Callback::from(move |model: ModelRef| on_default.emit((owner, Some(model))))
        };
        let clear = {
            let on_default = props.on_default.clone();
            Callback::from(move |_: MouseEvent| on_default.emit((owner, None)))
        };
        html! {
            <div class="h-default-row">
                <div class="h-default-row__words"><span class="u-medium">{ title.clone() }</span><span class="u-sm u-text-2">{ hint }</span></div>
                <div class="l-row u-gap-4">
                    <ModelPicker {providers} current={current.clone()} on_choose={choose} label={title.clone()} />
                    if current.is_some() { <IconButton icon={IconName::X} label={t!("models-default-clear", "what" => &title)} size={Size::S} on_click={clear} /> }
                </div>
            </div>
        }
    };
    let of_home: Vec<Provider> = props
        .providers
        .iter()
        .filter(|p| p.owner == ProviderOwner::Home)
        .cloned()
        .collect();
    html! {
        <Section title={t!("models-default-title")} hint={t!("models-default-hint")}>
            <Card>
                { row(ProviderOwner::Me, t!("models-for-me"), t!("models-for-me-hint"), &props.defaults.me, Rc::clone(&props.providers)) }
                if props.admin && !of_home.is_empty() {
                    { row(ProviderOwner::Home, t!("models-for-home"), t!("models-for-home-hint"), &props.defaults.home, Rc::new(of_home)) }
                }
                <div class="h-default-row">
                    <div class="h-default-row__words">
                        <span class="u-medium">{ t!("parameters-title-account") }</span>
                        <span class="u-sm u-text-2">{ props.parameters.as_ref().map(summary).unwrap_or_default() }</span>
                    </div>
                    <Button start={IconName::SlidersHorizontal} on_click={props.on_parameters.reform(|_: MouseEvent| ())} test_id="parameters-account">
                        { t!("parameters-change") }
                    </Button>
                </div>
            </Card>
        </Section>
    }
}

#[derive(Properties, PartialEq)]
struct FormDialogProps {
    draft: ProviderDraft,
    admin: bool,
    on_close: Callback<()>,
    on_saved: Callback<Provider>,
}

/// The form of a provider over the page.
#[component]
fn FormDialog(props: &FormDialogProps) -> Html {
    let save = use_mutation::<SaveProvider>();
    let on_save = {
        let (save, on_saved) = (save.clone(), props.on_saved.clone());
        Callback::from(move |request: SaveProvider| {
            let on_saved = on_saved.clone();
            save.run(request, move |answer| {
                if let Ok(provider) = answer {
                    on_saved.emit(provider);
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
    let title = match &props.draft {
        ProviderDraft::New(_) => t!("provider-add"),
        ProviderDraft::Edit(_) => t!("provider-edit"),
    };
    html! {
        <Dialog {title} on_close={props.on_close.clone()} light_dismiss={false} test_id="provider-dialog">
            <ProviderForm draft={props.draft.clone()} admin={props.admin} pending={save.pending()} {error} {on_save} on_close={props.on_close.clone()} />
        </Dialog>
    }
}
