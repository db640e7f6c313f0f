//! Inviting a person to this home: the invite, and how it comes to their own phone or computer.

use super::super::account::{bind, form_buttons};
use crate::kit::dom;
use crate::prelude::*;
use hearth_api::access::{GetAccess, SetAccess};
use hearth_api::account::{AccountInvite, CreateAccountInvite, Role};

#[derive(Properties, PartialEq)]
pub(super) struct InviteDialogProps {
    pub(super) on_close: Callback<()>,
}

#[component]
pub(super) fn InviteDialog(props: &InviteDialogProps) -> Html {
    let note = use_state_eq(String::new);
    let role = use_state_eq(|| AttrValue::from("member"));
    let days = use_state_eq(|| 7_u8);
    let made = use_state(|| None::<AccountInvite>);
    let create = use_mutation::<CreateAccountInvite>();
    let onsubmit = {
        let (note, role, days, create, made) = (
            note.clone(),
            role.clone(),
            days.clone(),
            create.clone(),
            made.setter(),
        );
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let request = CreateAccountInvite {
                days: *days,
                role: if role.as_str() == "admin" {
                    Role::Admin
                } else {
                    Role::Member
                },
                note: note.trim().to_owned(),
            };
            let made = made.clone();
            create.run(request, move |answer| {
                if let Ok(invite) = answer {
                    made.set(Some(invite));
                }
            });
        })
    };
    let on_role = {
        let role = role.setter();
        Callback::from(move |value| role.set(value))
    };
    let on_days = {
        let days = days.setter();
        Callback::from(move |value: String| {
            if let Ok(value) = value.parse() {
                days.set(value);
            }
        })
    };
    if let Some(invite) = &*made {
        return html! { <MadeDialog invite={invite.clone()} on_close={props.on_close.clone()} /> };
    }
    let cards = vec![
        RadioCard {
            value: "member".into(),
            label: t!("role-member"),
            hint: Some(t!("role-member-hint")),
            icon: Some(IconName::User),
        },
        RadioCard {
            value: "admin".into(),
            label: t!("role-admin"),
            hint: Some(t!("role-admin-hint")),
            icon: Some(IconName::ShieldCheck),
        },
    ];
    let choices = [1_u8, 7, 14, 30]
        .into_iter()
        .map(|n| SelectOption::new(n.to_string(), t!("days-count", "count" => n)))
        .collect::<Vec<_>>();
    html! {
        <Dialog title={t!("people-invite-title")} on_close={props.on_close.clone()} light_dismiss={false}>
            <form class="l-stack u-gap-20" {onsubmit} novalidate=true>
                <TextField
                    label={t!("people-invite-note")}
                    hint={Some(t!("people-invite-note-hint"))}
                    value={(*note).clone()}
                    on_input={bind(&note)}
                    error={create.error_on("note")}
                    max={Some(80)}
                    autofocus={true}
                    test_id="note"
                />
                <RadioCards legend={t!("people-invite-role")} value={(*role).clone()} {cards} on_change={on_role} />
                <Select label={t!("people-invite-days")} value={days.to_string()} options={choices} on_change={on_days} />
                <Reach />
                if let Some(error) = create.error_beside(&["note"]) { <Banner tone={Tone::Danger} alert={true}>{ error }</Banner> }
                { form_buttons(&props.on_close, create.pending(), t!("people-invite-make")) }
            </form>
        </Dialog>
    }
}

/// Whether the invite can be used on another device, and what to do if not.
#[component]
fn Reach() -> Html {
    let session = use_session();
    let here = session.status().is_some_and(|status| status.this_machine);
    let access = use_query(GetAccess {}, vec![]);
    let set = use_mutation::<SetAccess>();
    let Some(now) = access.data.as_deref() else {
        return Html::default();
    };
    // A home behind a proxy is reached by the proxy's name.
    if !now.addresses.is_empty() || own_address().is_some() {
        return Html::default();
    }
    let open = {
        let (set, refetch) = (set.clone(), access.refetch.clone());
        Callback::from(move |_: MouseEvent| {
            let refetch = refetch.clone();
            set.run(SetAccess { on: true, port: None }, move |answer| {
                if answer.is_ok() {
                    refetch.emit(());
                }
            });
        })
    };
    html! {
        <Banner tone={Tone::Warn} icon={IconName::Smartphone} test_id="invite-closed">
            <div class="l-stack u-gap-8">
                <p>{ t!("people-invite-closed") }</p>
                if now.on {
                    <p>{ t!("people-invite-closed-problem") }</p>
                } else if here {
                    <div><Button size={Size::S} on_click={open} pending={set.pending()} test_id="invite-open-home">{ t!("people-invite-open") }</Button></div>
                } else {
                    <p>{ t!("people-invite-closed-elsewhere") }</p>
                }
                if let Some(error) = set.error() { <p>{ error_text(error) }</p> }
            </div>
        </Banner>
    }
}

/// The address of this page, where others can open it, too: not in the desktop window, nor at an address of this computer alone.
fn own_address() -> Option<String> {
    if backend::is_desktop() {
        return None;
    }
    (!dom::at_loopback())
        .then(|| dom::window()?.location().origin().ok())
        .flatten()
}

#[derive(Properties, PartialEq)]
struct MadeDialogProps {
    invite: AccountInvite,
    on_close: Callback<()>,
}

/// The code, shown once, and the ways to use it.
#[component]
fn MadeDialog(props: &MadeDialogProps) -> Html {
    let invite = &props.invite;
    let in_network = invite.links.first().cloned();
    let link = in_network
        .clone()
        .or_else(|| own_address().map(|origin| format!("{origin}/join/{}", invite.code)));
    let copy = {
        let text = link.clone().unwrap_or_else(|| invite.code.clone());
        Callback::from(move |_: MouseEvent| {
            let text = text.clone();
            wasm_bindgen_futures::spawn_local(async move {
                if dom::copy_text(&text).await {
                    toasts::done(t!("copied"));
                } else {
                    toasts::error(t!("copy-refused"));
                }
            });
        })
    };
    html! {
        <Dialog title={t!("people-invite-made")} on_close={props.on_close.clone()} light_dismiss={false}>
            <div class="l-stack u-gap-20">
                <p class="u-text-2">{ t!("people-invite-made-text") }</p>
                if let Some(svg) = &invite.qr_svg {
                    <div class="h-invite__qr"><QrCode svg={svg.clone()} label={t!("people-invite-qr")} /></div>
                }
                <div class="h-settings__invite">
                    if let Some(link) = &link { <span class="u-sm u-text-2 h-settings__secret" data-test="invite-link">{ link.clone() }</span> }
                    <span class="h-settings__big-code" data-test="invite-code">{ invite.code.clone() }</span>
                    <div class="l-cluster">
                        <Button start={IconName::Copy} size={Size::S} on_click={copy}>
                            { if link.is_some() { t!("action-copy-link") } else { t!("action-copy") } }
                        </Button>
                    </div>
                </div>
                if in_network.is_some() {
                    <p class="u-text-2">{ t!("people-invite-how") }</p>
                } else if link.is_none() {
                    <Banner tone={Tone::Warn} icon={IconName::Smartphone} test_id="invite-here-only">{ t!("people-invite-here-only") }</Banner>
                }
                <p class="u-text-2">{ t!("people-invite-where") }</p>
                <p class="u-sm u-text-2">{ t!("people-invite-until", "date" => when::format(invite.info.expires_at, &[("weekday", "long"), ("day", "numeric"), ("month", "long")])) }</p>
                <div class="h-dialog__buttons">
                    <Button variant={Variant::Filled} on_click={props.on_close.reform(|_| ())} test_id="invite-done">{ t!("action-done") }</Button>
                </div>
            </div>
        </Dialog>
    }
}
