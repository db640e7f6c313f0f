//! A code for somebody of this home who forgot their password.

use super::super::account::{bind, form_buttons};
use crate::kit::dom;
use crate::prelude::*;
use hearth_api::account::{AccountInfo, CreateResetCode, ResetCode};

#[derive(Properties, PartialEq)]
pub(super) struct ResetCodeDialogProps {
    pub(super) account: AccountInfo,
    pub(super) on_close: Callback<()>,
}

/// Asks for the own password, then shows the code, once.
#[component]
pub(super) fn ResetCodeDialog(props: &ResetCodeDialogProps) -> Html {
    let password = use_state_eq(String::new);
    let made = use_state(|| None::<ResetCode>);
    let create = use_mutation::<CreateResetCode>();
    let name = &props.account.person.name;
    let onsubmit = {
        let (create, password, made) = (create.clone(), password.clone(), made.setter());
        let person = props.account.person.id;
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let made = made.clone();
            let request = CreateResetCode {
                person,
                password: (*password).clone(),
            };
            create.run(request, move |answer| {
                if let Ok(code) = answer {
                    made.set(Some(code));
                }
            });
        })
    };
    if let Some(made) = &*made {
        return shown(made, &props.on_close);
    }
    html! {
        <Dialog title={t!("people-reset-title", "name" => name)} on_close={props.on_close.clone()} size={DialogSize::S} light_dismiss={false}>
            <form class="l-stack u-gap-20" {onsubmit} novalidate=true>
                <p class="u-text-2">{ t!("people-reset-text") }</p>
                if props.account.totp { <p class="u-text-2">{ t!("people-reset-totp") }</p> }
                <PasswordField
                    label={t!("password-yours")}
                    value={(*password).clone()}
                    on_input={bind(&password)}
                    error={create.error().map(error_text)}
                    autofocus={true}
                    test_id="password"
                />
                { form_buttons(&props.on_close, create.pending(), t!("people-reset-make")) }
            </form>
        </Dialog>
    }
}

fn shown(made: &ResetCode, on_close: &Callback<()>) -> Html {
    let copy = {
        let code = made.code.clone();
        Callback::from(move |_: MouseEvent| {
            let code = code.clone();
            wasm_bindgen_futures::spawn_local(async move {
                if dom::copy_text(&code).await {
                    toasts::done(t!("copied"));
                } else {
                    toasts::error(t!("copy-refused"));
                }
            });
        })
    };
    let until = when::format(
        made.expires_at,
        &[("weekday", "long"), ("hour", "numeric"), ("minute", "2-digit")],
    );
    html! {
        <Dialog title={t!("people-reset-made", "name" => &made.name)} on_close={on_close.clone()} light_dismiss={false}>
            <div class="l-stack u-gap-20">
                <p class="u-text-2">{ t!("people-reset-made-text", "name" => &made.name) }</p>
                <div class="h-settings__invite">
                    <span class="h-settings__big-code" data-test="reset-code">{ made.code.clone() }</span>
                    <div class="l-cluster">
                        <Button start={IconName::Copy} size={Size::S} on_click={copy}>{ t!("action-copy") }</Button>
                    </div>
                </div>
                <p class="u-sm u-text-2">{ t!("people-reset-username", "username" => &made.username) }</p>
                <p class="u-sm u-text-2">{ t!("people-invite-until", "date" => until) }</p>
                <div class="h-dialog__buttons">
                    <Button variant={Variant::Filled} on_click={on_close.reform(|_| ())} test_id="reset-done">{ t!("action-done") }</Button>
                </div>
            </div>
        </Dialog>
    }
}
