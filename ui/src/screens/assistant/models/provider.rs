//! A provider with its state, its consent and its models.

use super::entry::{AddModelForm, DescribeDialog};
use crate::prelude::*;
use hearth_api::provider::{
    AddModel, CheckReport, DefaultModels, DeleteProvider, Locality, ModelRef, Provider, ProviderKind,
    ProviderOwner, RemoveModel, SetConsent,
};
use hearth_api::{ApiError, Code, ProviderId};

/// So many models are shown before "all".
const FEW: usize = 6;

#[derive(Clone, Default)]
pub(super) struct Report(pub(super) Option<Result<CheckReport, ApiError>>);

impl PartialEq for Report {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(Ok(a)), Some(Ok(b))) => a == b,
            (Some(Err(a)), Some(Err(b))) => a == b,
            (a, b) => a.is_none() && b.is_none(),
        }
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct ProviderCardProps {
    pub(super) provider: Provider,
    pub(super) defaults: Rc<DefaultModels>,
    pub(super) admin: bool,
    pub(super) report: Report,
    pub(super) checking: bool,
    pub(super) on_check: Callback<ProviderId>,
    pub(super) on_edit: Callback<Provider>,
    pub(super) on_default: Callback<(ProviderOwner, Option<ModelRef>)>,
}

/// The id of a provider's card in the page.
pub(super) fn card_id(provider: ProviderId) -> String {
    format!("provider-{provider}")
}

/// A provider with its state, its consent and its models.
#[component]
pub(super) fn ProviderCard(props: &ProviderCardProps) -> Html {
    let p = &props.provider;
    let id = p.id;
    let all = use_state_eq(|| false);
    let deleting = use_state_eq(|| false);
    let described = use_state_eq(|| None::<String>);
    let delete = use_mutation::<DeleteProvider>();
    let check = props.on_check.reform(move |_: MouseEvent| id);
    let edit = {
        let (on_edit, provider) = (props.on_edit.clone(), p.clone());
        Callback::from(move |()| on_edit.emit(provider.clone()))
    };
    let ask_delete = {
        let deleting = deleting.setter();
        Callback::from(move |()| deleting.set(true))
    };
    let keep = {
        let deleting = deleting.setter();
        Callback::from(move |()| deleting.set(false))
    };
    let do_delete = {
        let (delete, keep, name) = (delete.clone(), keep.clone(), p.name.clone());
        Callback::from(move |_: MouseEvent| {
            let (keep, name) = (keep.clone(), name.clone());
            delete.run_or_toast(DeleteProvider { id }, move |_| {
                keep.emit(());
                toasts::done(t!("provider-deleted", "name" => name));
            });
        })
    };
    let cloud = p.locality == Locality::Local && p.models.iter().any(|m| m.locality == Locality::Remote);
    let needs_consent = p.consent_needed || p.consent.is_some() || cloud || p.locality == Locality::Unknown;
    let (tone, icon, words) = match (p.online, p.last_error.as_deref()) {
        (_, Some("provider_auth")) => (Tone::Warn, IconName::KeyRound, t!("provider-refuses")),
        (Some(true), None) => (Tone::Ok, IconName::CircleCheck, t!("provider-online")),
        (Some(true), Some(_)) => (Tone::Warn, IconName::TriangleAlert, t!("provider-trouble")),
        (Some(false), _) => (Tone::Warn, IconName::CloudOff, t!("provider-offline")),
        (None, _) => (Tone::Neutral, IconName::CircleHelp, t!("provider-unchecked")),
    };
    let shown = if *all { p.models.len() } else { FEW };
    let toggle_all = {
        let all = all.clone();
        Callback::from(move |_: MouseEvent| all.set(!*all))
    };
    let describe = |model: &str| {
        let (described, model) = (described.setter(), model.to_owned());
        Callback::from(move |()| described.set(Some(model.clone())))
    };
    let place = place_of(p.locality, &p.name);
    html! {
        <Card test_id="provider">
            <article id={card_id(id)} class="l-stack u-gap-16" aria-label={p.name.clone()} tabindex="-1">
                <header class="h-provider__head">
                    <span class="h-provider__icon"><Icon name={if p.kind == ProviderKind::Ollama { IconName::Cpu } else { IconName::Server }} /></span>
                    <div class="h-provider__words">
                        <h3 class="h-provider__name"><bdi>{ p.name.clone() }</bdi></h3>
                        <p class="u-sm u-text-2 h-provider__address"><span>{ profile(&p.profile, p.kind) }</span>{ " · " }<bdi>{ p.base_url.clone() }</bdi></p>
                    </div>
                    if p.editable {
                        <Menu label={t!("provider-menu", "name" => &p.name)} size={Size::M} test_id="provider-menu" items={vec![
                            MenuItem::action(t!("provider-edit"), IconName::Pencil, edit).test("provider-edit"),
                            MenuItem::danger(t!("provider-delete"), IconName::Trash2, ask_delete).test("provider-delete"),
                        ]} />
                    }
                </header>
                <div class="l-cluster u-gap-8">
                    <Badge {tone} {icon}>{ words }</Badge>
                    if let Some(place) = place {
                        <LocalityBadge {place} />
                    } else {
                        <Badge tone={Tone::Warn} icon={IconName::CircleHelp} tip={t!("locality-unknown-hint")}>{ t!("locality-unknown") }</Badge>
                    }
                    <Badge icon={if p.owner == ProviderOwner::Home { IconName::Users } else { IconName::User }}>
                        { if p.owner == ProviderOwner::Home { t!("provider-owner-home") } else { t!("provider-owner-me") } }
                    </Badge>
                    if p.has_key { <Badge icon={IconName::KeyRound}>{ t!("provider-has-key") }</Badge> }
                </div>
                if needs_consent { <ConsentCard provider={p.clone()} {cloud} on_given={props.on_check.reform(move |()| id)} /> }
                if let Some(error) = p.last_error.as_ref().filter(|_| props.report.0.is_none()) {
                    <p class="u-sm u-text-2">{ code_text(error) }</p>
                }
                if let Some(report) = &props.report.0 { { report_view(report) } }
                <div class="l-split u-gap-12">
                    <Button start={IconName::Plug} pending={props.checking} on_click={check} test_id="provider-check">
                        { if props.checking { t!("provider-checking") } else { t!("provider-check") } }
                    </Button>
                    if let Some(at) = p.checked_at { <span class="u-sm u-text-3">{ t!("provider-checked") }{ " " }<RelativeTime {at} /></span> }
                </div>
                if !p.models.is_empty() {
                    <div>
                        <h4 class="h-provider__models">{ t!("provider-models", "count" => p.models.len()) }</h4>
                        { for p.models.iter().take(shown).map(|model| {
                            let this = ModelRef { provider: id, model: model.id.clone() };
                            let is = |chosen: &Option<ModelRef>| chosen.as_ref() == Some(&this);
                            let (mine, of_home) = (is(&props.defaults.me), is(&props.defaults.home));
                            let on_default = {
                                let (on_default, this) = (props.on_default.clone(), this.clone());
                                Callback::from(move |(owner, on): (ProviderOwner, bool)| on_default.emit((owner, on.then(|| this.clone()))))
                            };
                            html! {
                                <ModelRow key={model.id.clone()} model={model.clone()} provider={p.name.clone()} locality={p.locality} {mine} {of_home}
                                    admin={props.admin && p.owner == ProviderOwner::Home} editable={p.editable} {on_default}
                                    on_describe={describe(&model.id)} on_remove={remove(id, &model.id)} />
                            }
                        }) }
                        if p.models.len() > FEW {
                            <Button variant={Variant::Quiet} size={Size::S} expanded={*all} on_click={toggle_all}>
                                { if *all { t!("provider-models-less") } else { t!("provider-models-all", "count" => p.models.len()) } }
                            </Button>
                        }
                    </div>
                } else if p.online == Some(true) && p.last_error.is_none() {
                    <p class="u-sm u-text-2">{ if p.kind == ProviderKind::Ollama { t!("provider-no-models-ollama") } else { t!("provider-no-models") } }</p>
                }
                if p.editable { <AddModelForm provider={id} open={p.models.is_empty() && p.online == Some(true)} /> }
            </article>
            if let Some(model) = described.as_ref().and_then(|id| p.models.iter().find(|m| m.id == *id)) {
                <DescribeDialog provider={id} model={model.clone()} on_close={{
                    let described = described.setter();
                    Callback::from(move |()| described.set(None))
                }} />
            }
            if *deleting {
                <Dialog title={t!("provider-delete-title", "name" => &p.name)} on_close={keep.clone()} size={DialogSize::S} footer={html! {
                    <>
                        <Button variant={Variant::Quiet} on_click={keep.reform(|_: MouseEvent| ())}>{ t!("action-cancel") }</Button>
                        <Button variant={Variant::Danger} pending={delete.pending()} on_click={do_delete} test_id="provider-delete-do">{ t!("provider-delete") }</Button>
                    </>
                }}>
                    <p>{ t!("provider-delete-text") }</p>
                </Dialog>
            }
        </Card>
    }
}

/// Takes a model away whose id was typed; the toast brings it back.
fn remove(provider: ProviderId, model: &str) -> Callback<()> {
    let model = model.to_owned();
    Callback::from(move |()| {
        let model = model.clone();
        let request = RemoveModel {
            provider,
            model: model.clone(),
        };
        optimistic(
            request,
            || (),
            move |_| {
                let words = t!("models-removed", "model" => &model);
                let undo = Callback::from(move |()| {
                    let model = model.clone();
                    optimistic(AddModel { provider, model }, || (), |_| ());
                });
                toasts::undo(words, undo);
            },
        );
    })
}

/// What a server was recognised as.
fn profile(profile: &str, kind: ProviderKind) -> AttrValue {
    match profile {
        "ollama" => "Ollama".into(),
        "tabby_api" => "TabbyAPI".into(),
        "llama_cpp" => "llama.cpp".into(),
        "vllm" => "vLLM".into(),
        "lm_studio" => "LM Studio".into(),
        "open_ai" => "OpenAI".into(),
        _ if kind == ProviderKind::Ollama => "Ollama".into(),
        _ => t!("provider-kind-openai"),
    }
}

fn code_text(code: &str) -> AttrValue {
    // Here one is under Models already, and asked nothing.
    match code {
        "provider_unreachable" => return t!("check-not-reached"),
        "provider_auth" => return t!("check-key-bad"),
        _ => {}
    }
    let code: Code =
        serde_json::from_value(serde_json::Value::String(code.to_owned())).unwrap_or(Code::Unknown);
    crate::kit::i18n::try_translate(&format!("error-{}", code.as_str().replace('_', "-")), &[])
        .unwrap_or_else(|| t!("error-unknown"))
}

/// What a check found, line by line.
fn report_view(report: &Result<CheckReport, ApiError>) -> Html {
    let line = |good: Option<bool>, words: AttrValue| {
        let (icon, tone) = match good {
            Some(true) => (IconName::CircleCheck, "ok"),
            Some(false) => (IconName::CircleX, "danger"),
            None => (IconName::Info, "warn"),
        };
        html! { <li class="h-found__line" data-tone={tone}><Icon name={icon} size={IconSize::S} /><span>{ words }</span></li> }
    };
    match report {
        Err(error) => html! { <Banner tone={Tone::Danger}>{ error_text(error) }</Banner> },
        Ok(report) => html! {
            <ul class="h-found" aria-label={t!("check-title")} data-test="check-report">
                { line(Some(report.reachable), match (report.reachable, report.latency_ms) {
                    (true, Some(ms)) => t!("check-reached-in", "count" => ms),
                    (true, None) => t!("check-reached"),
                    (false, _) => t!("check-not-reached"),
                }) }
                if report.reachable { { line(Some(report.authorised), if report.authorised { t!("check-key-good") } else { t!("check-key-bad") }) } }
                if report.reachable && report.error.is_none() {
                    { line(Some(!report.provider.models.is_empty()), t!("check-models", "count" => report.provider.models.len())) }
                }
                { for report.hints.iter().map(|hint| line(None, hint_text(hint, &report.message))) }
                if let Some(code) = report.error.as_ref().filter(|code| !is_said(report, code)) {
                    { line(Some(false), error_text(&error_of(code, &report.message))) }
                }
            </ul>
        },
    }
}

/// Whether a line above says the same as the code.
fn is_said(report: &CheckReport, code: &str) -> bool {
    !report.reachable && code == "provider_unreachable"
        || report.reachable && !report.authorised && code == "provider_auth"
}

fn error_of(code: &str, message: &str) -> ApiError {
    let code: Code =
        serde_json::from_value(serde_json::Value::String(code.to_owned())).unwrap_or(Code::Unknown);
    ApiError::new(code, message)
}

/// A hint in words; the node's own sentence names the address to use.
fn hint_text(hint: &str, message: &str) -> AttrValue {
    let suggested = message
        .split_whitespace()
        .find(|w| w.starts_with("http"))
        .unwrap_or_default()
        .trim_end_matches('.');
    match hint {
        "missing_v1" => t!("check-hint-v1", "address" => suggested),
        "other_address" => t!("check-hint-address", "address" => suggested),
        "looks_like_ollama" => t!("check-hint-ollama"),
        "looks_like_open_ai" => t!("check-hint-openai"),
        "no_model_list" => t!("check-hint-no-list"),
        "not_encrypted" => t!("check-hint-not-encrypted"),
        "incomplete" => t!("check-hint-incomplete"),
        "other_profile" => t!("check-hint-profile"),
        _ => AttrValue::from(message.to_owned()),
    }
}

#[derive(Properties, PartialEq)]
struct ConsentProps {
    provider: Provider,
    cloud: bool,
    on_given: Callback<()>,
}

/// What is sent where, in plain words; agree or take back.
#[component]
fn ConsentCard(props: &ConsentProps) -> Html {
    let p = &props.provider;
    let set = use_mutation::<SetConsent>();
    let host = crate::kit::links::safe(&p.base_url).map_or_else(|| p.base_url.clone(), |l| l.host);
    let run = |given: bool| {
        let (set, id, on_given, name) = (set.clone(), p.id, props.on_given.clone(), p.name.clone());
        Callback::from(move |_: MouseEvent| {
            let (on_given, name) = (on_given.clone(), name.clone());
            set.run_or_toast(SetConsent { id, given }, move |_| {
                if given {
                    on_given.emit(());
                } else {
                    toasts::done(t!("consent-taken-back", "name" => name));
                }
            });
        })
    };
    if let Some(consent) = p.consent.as_ref().filter(|_| !p.consent_needed) {
        return html! {
            <div class="h-consent" data-given="true" data-test="consent">
                <p class="h-consent__title"><Icon name={IconName::ShieldCheck} /><span>{ t!("consent-given", "name" => &p.name) }</span></p>
                <div class="l-split u-gap-12">
                    <span class="u-sm u-text-2">{ t!("consent-since", "time" => when::absolute(consent.at), "host" => &host) }</span>
                    <Button size={Size::S} pending={set.pending()} on_click={run(false)} test_id="consent-take-back">{ t!("consent-take-back") }</Button>
                </div>
            </div>
        };
    }
    let place = match (props.cloud, p.locality) {
        (true, _) => t!("consent-where-cloud", "name" => &p.name),
        (false, Locality::Lan) => t!("consent-where-network", "host" => &host),
        (false, Locality::Unknown) => t!("consent-where-unknown", "host" => &host),
        (false, _) => t!("consent-where-internet", "host" => &host),
    };
    html! {
        <div class="h-consent" data-test="consent">
            <p class="h-consent__title"><Icon name={IconName::Shield} /><span>{ if props.cloud { t!("consent-title-cloud") } else { t!("consent-title", "name" => &p.name) } }</span></p>
            <dl class="h-consent__facts">
                <dt>{ t!("consent-what") }</dt><dd>{ t!("consent-what-text") }</dd>
                <dt>{ t!("consent-where") }</dt><dd>{ place }</dd>
                <dt>{ t!("consent-not") }</dt><dd>{ t!("consent-not-text") }</dd>
            </dl>
            <div class="l-split u-gap-12">
                <span class="u-sm">{ t!("consent-later") }</span>
                <Button variant={Variant::Filled} pending={set.pending()} on_click={run(true)} test_id="consent-agree">{ t!("consent-agree") }</Button>
            </div>
        </div>
    }
}
