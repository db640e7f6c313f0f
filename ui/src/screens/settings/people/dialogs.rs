//! Inviting a person to this home, and what an admin does with an account.

use super::super::account::{bind, form_buttons};
use crate::kit::dom;
use crate::prelude::*;
use hearth_api::account::{
    AccountAction, AccountInfo, AccountInvite, ChangeAccount, CreateAccountInvite, Role,
};

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
        return html! { <MadeDialog code={invite.code.clone()} until={invite.info.expires_at} on_close={props.on_close.clone()} /> };
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
                if let Some(error) = create.error_beside(&["note"]) { <Banner tone={Tone::Danger} alert={true}>{ error }</Banner> }
                { form_buttons(&props.on_close, create.pending(), t!("people-invite-make")) }
            </form>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct MadeDialogProps {
    code: AttrValue,
    until: hearth_api::Timestamp,
    pub(super) on_close: Callback<()>,
}

/// The code, shown once.
#[component]
fn MadeDialog(props: &MadeDialogProps) -> Html {
    // The desktop window has no address that others could open.
    let link = (!backend::is_desktop())
        .then(|| dom::window().and_then(|w| w.location().origin().ok()))
        .flatten()
        .map(|origin| format!("{origin}/join/{}", props.code));
    let copy = {
        let text = link.clone().unwrap_or_else(|| props.code.to_string());
        Callback::from(move |_: MouseEvent| {
            let text = text.clone();
            wasm_bindgen_futures::spawn_local(async move {
                if dom::copy_text(&text).await {
                    toasts::done(t!("copied"));
                }
            });
        })
    };
    html! {
        <Dialog title={t!("people-invite-made")} on_close={props.on_close.clone()} light_dismiss={false}>
            <div class="l-stack u-gap-20">
                <p class="u-text-2">{ t!("people-invite-made-text") }</p>
                <div class="h-settings__invite">
                    <span class="h-settings__big-code" data-test="invite-code">{ props.code.clone() }</span>
                    if let Some(link) = &link { <span class="u-sm u-text-2 h-settings__secret">{ link.clone() }</span> }
                    <div class="l-cluster">
                        <Button start={IconName::Copy} size={Size::S} on_click={copy}>
                            { if link.is_some() { t!("action-copy-link") } else { t!("action-copy") } }
                        </Button>
                    </div>
                </div>
                <p class="u-sm u-text-2">{ t!("people-invite-until", "date" => when::format(props.until, &[("weekday", "long"), ("day", "numeric"), ("month", "long")])) }</p>
                <div class="h-dialog__buttons">
                    <Button variant={Variant::Filled} on_click={props.on_close.reform(|_| ())}>{ t!("action-done") }</Button>
                </div>
            </div>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct ActionDialogProps {
    pub(super) account: AccountInfo,
    pub(super) action: AccountAction,
    pub(super) on_close: Callback<bool>,
}

/// Asks for the own password; for a deletion also for the name.
#[component]
pub(super) fn ActionDialog(props: &ActionDialogProps) -> Html {
    let password = use_state_eq(String::new);
    let change = use_mutation::<ChangeAccount>();
    let name = &props.account.person.name;
    let (title, text, verb) = match props.action {
        AccountAction::Suspend => (
            t!("people-suspend-title", "name" => name),
            t!("people-suspend-text"),
            t!("people-suspend"),
        ),
        AccountAction::Reinstate => (
            t!("people-reinstate-title", "name" => name),
            t!("people-reinstate-text"),
            t!("people-reinstate"),
        ),
        AccountAction::Delete => (
            t!("people-delete-title", "name" => name),
            t!("people-delete-text"),
            t!("people-delete"),
        ),
        AccountAction::Restore => (
            t!("people-restore-title", "name" => name),
            t!("people-restore-text"),
            t!("people-restore"),
        ),
        AccountAction::MakeAdmin => (
            t!("people-make-admin-title", "name" => name),
            t!("role-admin-hint"),
            t!("people-make-admin"),
        ),
        AccountAction::MakeOwner => (
            t!("people-make-owner-title", "name" => name),
            t!("people-make-owner-text"),
            t!("people-make-owner"),
        ),
        AccountAction::MakeMember => (
            t!("people-make-member-title", "name" => name),
            t!("role-member-hint"),
            t!("people-make-member"),
        ),
        AccountAction::RemoveTotp => (
            t!("people-remove-totp-title", "name" => name),
            t!("people-remove-totp-text"),
            t!("people-remove-totp"),
        ),
    };
    let run = {
        let (change, password, on_close) = (change.clone(), password.clone(), props.on_close.clone());
        let (person, action) = (props.account.person.id, props.action);
        Callback::from(move |()| {
            let on_close = on_close.clone();
            change.run(
                ChangeAccount {
                    person,
                    action,
                    password: (*password).clone(),
                },
                move |answer| {
                    if answer.is_ok() {
                        on_close.emit(true);
                    }
                },
            );
        })
    };
    let close = props.on_close.reform(|()| false);
    let field = html! {
        <PasswordField
            label={t!("password-yours")}
            value={(*password).clone()}
            on_input={bind(&password)}
            error={change.error().map(error_text)}
            autofocus={true}
            test_id="password"
        />
    };
    if props.action == AccountAction::Delete {
        return html! {
            <ConfirmTyped {title} {text} word={name.clone()} {verb} pending={change.pending()} on_confirm={run} on_close={close}>
                { field }
            </ConfirmTyped>
        };
    }
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        run.emit(());
    });
    html! {
        <Dialog {title} on_close={close.clone()} size={DialogSize::S} light_dismiss={false}>
            <form class="l-stack u-gap-20" {onsubmit} novalidate=true>
                <p class="u-text-2">{ text }</p>
                { field }
                { form_buttons(&close, change.pending(), verb) }
            </form>
        </Dialog>
    }
}
