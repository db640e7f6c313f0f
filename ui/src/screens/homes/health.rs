//! Whether everything works and has arrived: one sentence, the parts, a card for each paired home.

use super::aside::WhatWaits;
use super::copies::Copies;
use super::end::{EndLimited, Remove};
use super::kept::KeptCopies;
use super::pause::{PauseButton, Paused};
use super::update::UpdateRow;
use super::verdict::{part, verdict};
use super::words::CompareWords;
use crate::components::home_card::{HomeAct, home_name};
use crate::prelude::*;
use hearth_api::HomeId;
use hearth_api::health::GetHealth;
use hearth_api::homes::{ChangeHome, Home, HomeAction, RenewKeys, SetAddresses, SetNickname, TryNow};
use hearth_api::people::PersonCard;

#[derive(Clone, PartialEq)]
enum Over {
    Nothing,
    Rename(Home),
    Block(Home),
    Remove(Home),
    End(Home, PersonCard),
    Compare(Home),
    Aside(Home),
}

/// Whether everything works and has arrived.
#[component]
pub fn HealthPage() -> Html {
    let me = use_me();
    let admin = me.as_ref().is_some_and(|m| m.role.is_admin());
    let health = use_query(GetHealth::default(), vec![Topic::Homes, Topic::Providers]);
    let over = use_state_eq(|| Over::Nothing);
    let trying = use_state_eq(Vec::<HomeId>::new);
    let try_all = use_mutation::<TryNow>();
    // Times and counts go stale by themselves.
    {
        let refetch = health.refetch.clone();
        use_effect_with((), move |()| {
            let timer = gloo_timers::callback::Interval::new(30_000, move || refetch.emit(()));
            move || drop(timer)
        });
    }
    let close = {
        let over = over.setter();
        Callback::from(move |()| over.set(Over::Nothing))
    };
    let on_act = {
        let (over, trying, refetch) = (over.setter(), trying.clone(), health.refetch.clone());
        Callback::from(move |(home, act): (Home, HomeAct)| match act {
            HomeAct::RenewKeys => renew_keys(home, refetch.clone()),
            HomeAct::Rename => over.set(Over::Rename(home)),
            HomeAct::Block => over.set(Over::Block(home)),
            HomeAct::Remove => over.set(Over::Remove(home)),
            HomeAct::End(person) => over.set(Over::End(home, person)),
            HomeAct::Compare => over.set(Over::Compare(home)),
            HomeAct::Aside => over.set(Over::Aside(home)),
            HomeAct::Unblock => {
                let refetch = refetch.clone();
                let name = home_name(&home);
                optimistic(
                    ChangeHome {
                        home: home.id,
                        action: HomeAction::Unblock,
                        password: None,
                    },
                    || (),
                    move |_| {
                        toasts::done(t!("home-unblocked", "name" => name));
                        refetch.emit(());
                    },
                );
            }
            HomeAct::TryNow => {
                let mut now = (*trying).clone();
                now.push(home.id.clone());
                trying.set(now);
                let (trying, refetch, id) = (trying.setter(), refetch.clone(), home.id.clone());
                wasm_bindgen_futures::spawn_local(async move {
                    let answer = ask(TryNow { home: Some(id) }).await;
                    trying.set(Vec::new());
                    match answer {
                        Ok(_) => announce::polite(t!("home-tried")),
                        Err(error) => toasts::failed(&error),
                    }
                    refetch.emit(());
                });
            }
        })
    };
    let try_everything = {
        let (try_all, refetch) = (try_all.clone(), health.refetch.clone());
        Callback::from(move |_: MouseEvent| {
            let refetch = refetch.clone();
            try_all.run_or_toast(TryNow { home: None }, move |_| refetch.emit(()));
        })
    };
    let body = health.view(
        html! { <div class="l-stack u-gap-24"><SkeletonBox height="88px" /><SkeletonCard /><SkeletonCard /></div> },
        |data| {
            let (sentence, text) = verdict(data);
            let any = !data.homes.is_empty();
            html! {
                <>
                    <HealthVerdict level={data.level} {sentence} {text}>
                        if data.waiting > 0 && any {
                            <Button start={IconName::RefreshCw} pending={try_all.pending()} on_click={try_everything.clone()} test_id="try-all">{ t!("home-try-now") }</Button>
                        }
                    </HealthVerdict>
                    if let Some(until) = data.paused_until {
                        <Paused {until} {admin} on_changed={health.refetch.clone()} />
                    }
                    <Section title={t!("health-homes")} end={html! {
                        if any {
                            <div class="l-cluster u-gap-8">
                                if admin && data.paused_until.is_none() { <PauseButton on_changed={health.refetch.clone()} /> }
                                <ButtonLink to={Route::Pair} start={IconName::Handshake}>{ t!("health-connect") }</ButtonLink>
                            </div>
                        }
                    }}>
                        if any {
                            { for data.homes.iter().map(|home| html! {
                                <Card key={home.id.to_string()}>
                                    <HomeCard home={home.clone()} {admin} me={me.as_ref().map(|m| m.person.id)} trying={trying.contains(&home.id)} on_act={on_act.clone()} />
                                </Card>
                            }) }
                        } else {
                            <Card>
                                <EmptyState icon={IconName::Handshake} title={t!("health-no-homes")} text={t!("health-no-homes-text")} test_id="no-homes">
                                    <ButtonLink to={Route::Pair} variant={Variant::Filled}>{ t!("health-connect") }</ButtonLink>
                                </EmptyState>
                            </Card>
                        }
                    </Section>
                    <Section title={t!("health-parts")}>
                        <Card>
                            <ul class="h-parts">{ for data.parts.iter().map(part) }<UpdateRow /></ul>
                        </Card>
                    </Section>
                    if admin { <Copies /> <KeptCopies /> }
                    if admin { <Addresses addresses={data.addresses.clone()} id_shown={data.id_shown.clone()} on_saved={health.refetch.clone()} /> }
                </>
            }
        },
    );
    let over_view = match &*over {
        Over::Nothing => Html::default(),
        Over::Rename(home) => {
            html! { <Rename home={home.clone()} on_close={close} on_saved={health.refetch.clone()} /> }
        }
        Over::Block(home) => {
            html! { <Block home={home.clone()} on_close={close} on_saved={health.refetch.clone()} /> }
        }
        Over::Remove(home) => {
            html! { <Remove home={home.clone()} on_close={close} on_saved={health.refetch.clone()} /> }
        }
        Over::End(home, person) => {
            html! { <EndLimited home={home.clone()} person={person.clone()} on_close={close} on_saved={health.refetch.clone()} /> }
        }
        Over::Aside(home) => {
            html! { <WhatWaits home={home.clone()} on_close={close} on_saved={health.refetch.clone()} /> }
        }
        Over::Compare(home) => html! {
            <Dialog title={t!("pair-compare")} quiet_title={true} on_close={close.clone()} size={DialogSize::L} light_dismiss={false}>
                <CompareWords home={home.clone()} on_done={close} />
            </Dialog>
        },
    };
    html! {
        <Page title={t!("nav-health")} width={PageWidth::Medium} test_id="health">
            <div class="l-stack u-gap-32">{ body }</div>
            { over_view }
        </Page>
    }
}

/// Agrees with a home on new keys, and says how that went.
fn renew_keys(home: Home, refetch: Callback<()>) {
    let name = home_name(&home);
    announce::polite(t!("home-keys-renewing", "name" => &name));
    wasm_bindgen_futures::spawn_local(async move {
        match ask(RenewKeys { home: home.id }).await {
            Ok(_) => toasts::done(t!("home-keys-renewed", "name" => name)),
            Err(error) => toasts::failed(&error),
        }
        refetch.emit(());
    });
}

#[derive(Properties, PartialEq)]
struct AddressesProps {
    addresses: Vec<String>,
    id_shown: String,
    on_saved: Callback<()>,
}

/// Where other homes reach this one; changed in place.
#[component]
fn Addresses(props: &AddressesProps) -> Html {
    let editing = use_state_eq(|| None::<String>);
    let save = use_mutation::<SetAddresses>();
    let begin = {
        let (editing, text) = (editing.setter(), props.addresses.join("\n"));
        Callback::from(move |_: MouseEvent| editing.set(Some(text.clone())))
    };
    let stop = {
        let editing = editing.setter();
        Callback::from(move |_: MouseEvent| editing.set(None))
    };
    let on_input = {
        let editing = editing.setter();
        Callback::from(move |text: String| editing.set(Some(text)))
    };
    let onsubmit = {
        let (editing, save, on_saved) = (editing.clone(), save.clone(), props.on_saved.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let addresses = (*editing).as_deref().unwrap_or_default();
            let addresses: Vec<String> = addresses
                .split(['\n', ',', ' '])
                .map(str::trim)
                .filter(|a| !a.is_empty())
                .map(str::to_owned)
                .collect();
            let (editing, on_saved) = (editing.setter(), on_saved.clone());
            save.run(SetAddresses { addresses }, move |answer| {
                if answer.is_ok() {
                    editing.set(None);
                    toasts::done(t!("health-addresses-saved"));
                    on_saved.emit(());
                }
            });
        })
    };
    html! {
        <Section title={t!("health-reach")} hint={t!("health-reach-hint")}>
            <Card>
                if let Some(text) = &*editing {
                    <form class="l-stack u-gap-16" {onsubmit}>
                        <TextArea label={t!("health-addresses")} value={text.clone()} {on_input} rows={3} max_rows={8} hint={t!("health-addresses-hint")}
                            error={save.error().map(error_text)} autofocus={true} test_id="addresses" />
                        <div class="l-cluster u-gap-8">
                            <Button variant={Variant::Filled} kind={ButtonKind::Submit} pending={save.pending()} test_id="addresses-save">{ t!("action-save") }</Button>
                            <Button variant={Variant::Quiet} on_click={stop}>{ t!("action-cancel") }</Button>
                        </div>
                    </form>
                } else {
                    <div class="l-stack u-gap-16">
                        if props.addresses.is_empty() {
                            <Banner tone={Tone::Warn}>{ t!("health-no-address") }</Banner>
                        } else {
                            <ul class="h-addresses">{ for props.addresses.iter().map(|a| html! { <li class="u-mono" dir="ltr">{ a.clone() }</li> }) }</ul>
                        }
                        <div class="l-split u-gap-12">
                            <span class="u-xs u-text-3 h-own-id">{ t!("home-id") }{ " " }<bdi class="u-mono" dir="ltr">{ props.id_shown.clone() }</bdi></span>
                            <Button start={IconName::Pencil} on_click={begin} test_id="addresses-edit">{ t!("health-addresses-edit") }</Button>
                        </div>
                    </div>
                }
            </Card>
        </Section>
    }
}

/// Properties of the dialogs about a home.
#[derive(Properties, PartialEq)]
pub(super) struct OverProps {
    /// The home that it is about.
    pub(super) home: Home,
    /// Closes the dialog.
    pub(super) on_close: Callback<()>,
    /// It was done.
    pub(super) on_saved: Callback<()>,
}

/// A nickname for a home.
#[component]
fn Rename(props: &OverProps) -> Html {
    let name = use_state_eq(|| props.home.nickname.clone());
    let save = use_mutation::<SetNickname>();
    let on_input = {
        let name = name.setter();
        Callback::from(move |text: String| name.set(text))
    };
    let onsubmit = {
        let (save, name, home) = (save.clone(), name.clone(), props.home.id.clone());
        let (on_close, on_saved) = (props.on_close.clone(), props.on_saved.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (on_close, on_saved) = (on_close.clone(), on_saved.clone());
            save.run(
                SetNickname {
                    home: home.clone(),
                    nickname: name.trim().to_owned(),
                },
                move |answer| {
                    if answer.is_ok() {
                        on_close.emit(());
                        on_saved.emit(());
                    }
                },
            );
        })
    };
    html! {
        <Dialog title={t!("home-rename")} on_close={props.on_close.clone()} size={DialogSize::S}>
            <form class="l-stack u-gap-16" {onsubmit}>
                <TextField label={t!("home-nickname")} value={(*name).clone()} {on_input} max={80} placeholder={props.home.name.clone()}
                    hint={t!("home-nickname-hint")} error={save.error().map(error_text)} autofocus={true} test_id="nickname" />
                <div class="h-dialog__buttons">
                    <Button variant={Variant::Quiet} on_click={props.on_close.reform(|_: MouseEvent| ())}>{ t!("action-cancel") }</Button>
                    <Button variant={Variant::Filled} kind={ButtonKind::Submit} pending={save.pending()}>{ t!("action-save") }</Button>
                </div>
            </form>
        </Dialog>
    }
}

/// What blocking means, before it is done.
#[component]
fn Block(props: &OverProps) -> Html {
    let change = use_mutation::<ChangeHome>();
    let run = {
        let (change, home, name) = (change.clone(), props.home.id.clone(), home_name(&props.home));
        let (on_close, on_saved) = (props.on_close.clone(), props.on_saved.clone());
        Callback::from(move |_: MouseEvent| {
            let (on_close, on_saved, name, home) =
                (on_close.clone(), on_saved.clone(), name.clone(), home.clone());
            change.run_or_toast(
                ChangeHome {
                    home: home.clone(),
                    action: HomeAction::Block,
                    password: None,
                },
                move |_| {
                    on_close.emit(());
                    on_saved.emit(());
                    let undo = Callback::from(move |()| {
                        let on_saved = on_saved.clone();
                        optimistic(
                            ChangeHome {
                                home: home.clone(),
                                action: HomeAction::Unblock,
                                password: None,
                            },
                            || (),
                            move |_| on_saved.emit(()),
                        );
                    });
                    toasts::undo(t!("home-blocked", "name" => name), undo);
                },
            );
        })
    };
    html! {
        <Dialog title={t!("home-block-title", "name" => home_name(&props.home))} on_close={props.on_close.clone()} size={DialogSize::S} footer={html! {
            <>
                <Button variant={Variant::Quiet} on_click={props.on_close.reform(|_: MouseEvent| ())}>{ t!("action-cancel") }</Button>
                <Button variant={Variant::Danger} pending={change.pending()} on_click={run} test_id="block-do">{ t!("home-block") }</Button>
            </>
        }}>
            <ul class="h-tips"><li>{ t!("home-block-1") }</li><li>{ t!("home-block-2") }</li><li>{ t!("home-block-3") }</li></ul>
        </Dialog>
    }
}
