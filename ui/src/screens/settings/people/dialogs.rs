//! What an admin does with an account.

use super::super::account::{bind, form_buttons};
use crate::prelude::*;
use hearth_api::account::{AccountAction, AccountInfo, ChangeAccount};

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
