//! A new password by a code, for somebody who forgot theirs.

use super::StartLayout;
use super::account_form::password_error;
use crate::prelude::*;
use hearth_api::account::ResetPassword;

/// Properties of [`ResetForm`].
#[derive(Properties, PartialEq)]
pub(super) struct ResetFormProps {
    /// Back to signing in.
    pub(super) on_back: Callback<()>,
    /// The password is set: the sign-in name, and the password that was chosen.
    pub(super) on_done: Callback<(String, String)>,
}

/// The code and the new password.
#[component]
pub(super) fn ResetForm(props: &ResetFormProps) -> Html {
    let (code, password) = (use_state_eq(String::new), use_state_eq(String::new));
    let tried = use_state_eq(|| false);
    let reset = use_mutation::<ResetPassword>();
    let form_ref = use_node_ref();
    let set = |state: &UseStateHandle<String>| {
        let state = state.setter();
        Callback::from(move |value: String| state.set(value))
    };
    let onsubmit = {
        let (code, password, reset) = (code.clone(), password.clone(), reset.clone());
        let (tried, form_ref, on_done) = (tried.setter(), form_ref.clone(), props.on_done.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if code.trim().is_empty() || password_error(&password).is_some() {
                tried.set(true);
                focus::first_invalid(&form_ref);
                return;
            }
            let request = ResetPassword {
                code: code.trim().to_owned(),
                password: (*password).clone(),
            };
            let (on_done, form_ref, chosen) = (on_done.clone(), form_ref.clone(), request.password.clone());
            reset.run(request, move |answer| match answer {
                Ok(done) => on_done.emit((done.username, chosen)),
                Err(_) => focus::first_invalid(&form_ref),
            });
        })
    };
    let empty = (*tried && code.trim().is_empty()).then(|| t!("start-error-empty"));
    html! {
        <StartLayout title={t!("reset-title")} text={Some(t!("reset-text"))} on_back={Some(props.on_back.clone())}>
            <form class="l-stack u-gap-20" ref={form_ref} {onsubmit} novalidate=true>
                <TextField
                    label={t!("reset-code")}
                    hint={Some(t!("reset-code-hint"))}
                    value={(*code).clone()}
                    on_input={set(&code)}
                    error={empty.or_else(|| reset.error_on("code"))}
                    autocomplete="one-time-code"
                    literal={true}
                    required={true}
                    autofocus={true}
                    test_id="reset-code"
                />
                <PasswordField
                    label={t!("account-password-new")}
                    value={(*password).clone()}
                    on_input={set(&password)}
                    new={true}
                    error={password_error(&password).filter(|_| *tried).or_else(|| reset.error_on("password"))}
                    test_id="password"
                />
                if let Some(error) = reset.error_beside(&["code", "password"]) {
                    <Banner tone={Tone::Danger} alert={true} test_id="reset-error">{ error }</Banner>
                }
                <Button kind={ButtonKind::Submit} variant={Variant::Filled} size={Size::L} full={true} pending={reset.pending()} test_id="reset">
                    { t!("reset-do") }
                </Button>
            </form>
        </StartLayout>
    }
}
