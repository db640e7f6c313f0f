//! The second step at sign-in: an authenticator app, and the codes for the day it is lost.

use super::account::{bind, form_buttons};
use crate::kit::dom;
use crate::prelude::*;
use crate::state::session;
use hearth_api::account::{BeginTotp, ConfirmTotp, DisableTotp, RenewRecoveryCodes, TotpSetup};

/// Properties of the dialogs.
#[derive(Properties, PartialEq)]
pub(super) struct DialogProps {
    pub(super) on_close: Callback<()>,
}

fn refresh() {
    wasm_bindgen_futures::spawn_local(async {
        session::refresh().await;
    });
}

/// Sets the second step up: password, QR code and first code, recovery codes.
#[component]
pub(super) fn SetUpDialog(props: &DialogProps) -> Html {
    let (password, code) = (use_state_eq(String::new), use_state_eq(String::new));
    let setup = use_state_eq(|| None::<Rc<Wrap>>);
    let codes = use_state_eq(|| None::<Vec<String>>);
    let (begin, confirm) = (use_mutation::<BeginTotp>(), use_mutation::<ConfirmTotp>());
    let on_close = {
        // The codes were seen: now the account shows the second step as on.
        let (on_close, has_codes) = (props.on_close.clone(), codes.is_some());
        Callback::from(move |()| {
            on_close.emit(());
            if has_codes {
                refresh();
            }
        })
    };
    let start = {
        let (begin, password, setup) = (begin.clone(), password.clone(), setup.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let setup = setup.clone();
            begin.run(
                BeginTotp {
                    password: (*password).clone(),
                },
                move |answer| {
                    if let Ok(answer) = answer {
                        setup.set(Some(Rc::new(Wrap(answer))));
                    }
                },
            );
        })
    };
    let finish = {
        let (confirm, codes, code) = (confirm.clone(), codes.setter(), code.clone());
        Callback::from(move |digits: String| {
            let (codes, code) = (codes.clone(), code.clone());
            confirm.run(ConfirmTotp { code: digits }, move |answer| match answer {
                Ok(answer) => codes.set(Some(answer.codes)),
                Err(_) => code.set(String::new()),
            });
        })
    };
    let onsubmit = {
        let (finish, code) = (finish.clone(), code.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            finish.emit((*code).clone());
        })
    };
    let body = if let Some(codes) = &*codes {
        html! { <Codes codes={codes.clone()} on_close={on_close.clone()} /> }
    } else if let Some(setup) = &*setup {
        html! {
            <form class="l-stack u-gap-20" {onsubmit} novalidate=true>
                <p class="u-text-2">{ t!("totp-scan") }</p>
                <div class="l-centre"><QrCode svg={setup.0.qr_svg.clone()} label={t!("totp-qr")} /></div>
                <div class="l-stack u-gap-4">
                    <span class="u-sm u-text-2">{ t!("totp-secret") }</span>
                    <span class="h-settings__secret">{ spaced(&setup.0.secret) }</span>
                </div>
                <CodeField
                    label={t!("totp-first-code")}
                    value={(*code).clone()}
                    on_input={bind(&code)}
                    on_complete={finish}
                    error={confirm.error().map(error_text)}
                    autofocus={true}
                    test_id="code"
                />
                { form_buttons(&on_close, confirm.pending(), t!("action-continue")) }
            </form>
        }
    } else {
        html! {
            <form class="l-stack u-gap-20" onsubmit={start} novalidate=true>
                <p class="u-text-2">{ t!("totp-explain") }</p>
                <PasswordField
                    label={t!("password-again")}
                    value={(*password).clone()}
                    on_input={bind(&password)}
                    error={begin.error().map(error_text)}
                    autofocus={true}
                    test_id="password"
                />
                { form_buttons(&on_close, begin.pending(), t!("action-continue")) }
            </form>
        }
    };
    let title = if codes.is_some() {
        t!("totp-codes-title")
    } else {
        t!("totp-title")
    };
    html! { <Dialog {title} {on_close} light_dismiss={false}>{ body }</Dialog> }
}

/// The set-up is secret: no `Debug`, compared by value.
#[derive(PartialEq)]
struct Wrap(TotpSetup);

/// A secret in groups of four, to be typed.
fn spaced(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters
        .chunks(4)
        .map(|c| c.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

#[derive(Properties, PartialEq)]
struct CodesProps {
    codes: Vec<String>,
    on_close: Callback<()>,
}

/// Recovery codes, shown once: copied, saved, printed.
#[component]
fn Codes(props: &CodesProps) -> Html {
    let text = props.codes.join("\n");
    let copy = {
        let text = text.clone();
        Callback::from(move |_: MouseEvent| {
            let text = text.clone();
            wasm_bindgen_futures::spawn_local(async move {
                if dom::copy_text(&text).await {
                    toasts::done(t!("copied"));
                }
            });
        })
    };
    let save = Callback::from(move |_: MouseEvent| dom::save_text("hearth-codes.txt", "text/plain", &text));
    html! {
        <div class="l-stack u-gap-20">
            <p class="u-text-2">{ t!("totp-codes-text") }</p>
            <ol class="h-settings__codes" data-test="recovery-codes">{ for props.codes.iter().map(|code| html! { <li>{ code.clone() }</li> }) }</ol>
            <div class="l-cluster">
                <Button start={IconName::Copy} on_click={copy}>{ t!("action-copy") }</Button>
                <Button start={IconName::Download} on_click={save}>{ t!("action-save-file") }</Button>
            </div>
            <div class="h-dialog__buttons">
                <Button variant={Variant::Filled} on_click={props.on_close.reform(|_| ())} test_id="codes-kept">{ t!("totp-codes-kept") }</Button>
            </div>
        </div>
    }
}

/// Switches the second step off.
#[component]
pub(super) fn SwitchOffDialog(props: &DialogProps) -> Html {
    let (password, code) = (use_state_eq(String::new), use_state_eq(String::new));
    let off = use_mutation::<DisableTotp>();
    let onsubmit = {
        let (off, password, code, on_close) = (
            off.clone(),
            password.clone(),
            code.clone(),
            props.on_close.clone(),
        );
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let request = DisableTotp {
                password: (*password).clone(),
                code: code.trim().to_owned(),
            };
            let on_close = on_close.clone();
            off.run(request, move |answer| {
                if answer.is_ok() {
                    on_close.emit(());
                    toasts::done(t!("totp-switched-off"));
                    refresh();
                }
            });
        })
    };
    html! {
        <Dialog title={t!("totp-switch-off-title")} on_close={props.on_close.clone()} size={DialogSize::S} light_dismiss={false}>
            <form class="l-stack u-gap-20" {onsubmit} novalidate=true>
                <p class="u-text-2">{ t!("totp-switch-off-text") }</p>
                <PasswordField label={t!("password-again")} value={(*password).clone()} on_input={bind(&password)} autofocus={true} test_id="password" />
                <TextField label={t!("totp-code-or-recovery")} value={(*code).clone()} on_input={bind(&code)} literal={true} autocomplete="one-time-code" test_id="code" />
                if let Some(error) = off.error() { <Banner tone={Tone::Danger} alert={true}>{ error_text(error) }</Banner> }
                { form_buttons(&props.on_close, off.pending(), t!("totp-switch-off")) }
            </form>
        </Dialog>
    }
}

/// Makes new recovery codes.
#[component]
pub(super) fn NewCodesDialog(props: &DialogProps) -> Html {
    let (password, code) = (use_state_eq(String::new), use_state_eq(String::new));
    let codes = use_state_eq(|| None::<Vec<String>>);
    let renew = use_mutation::<RenewRecoveryCodes>();
    let onsubmit = {
        let (renew, password, code, codes) = (renew.clone(), password.clone(), code.clone(), codes.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let request = RenewRecoveryCodes {
                password: (*password).clone(),
                code: code.trim().to_owned(),
            };
            let codes = codes.clone();
            renew.run(request, move |answer| {
                if let Ok(answer) = answer {
                    codes.set(Some(answer.codes));
                }
            });
        })
    };
    html! {
        <Dialog title={t!("totp-codes-title")} on_close={props.on_close.clone()} light_dismiss={false}>
            if let Some(codes) = &*codes {
                <Codes codes={codes.clone()} on_close={props.on_close.clone()} />
            } else {
                <form class="l-stack u-gap-20" {onsubmit} novalidate=true>
                    <p class="u-text-2">{ t!("totp-new-codes-text") }</p>
                    <PasswordField label={t!("password-again")} value={(*password).clone()} on_input={bind(&password)} autofocus={true} test_id="password" />
                    <TextField label={t!("totp-code-from-app")} value={(*code).clone()} on_input={bind(&code)} literal={true} autocomplete="one-time-code" inputmode="numeric" test_id="code" />
                    if let Some(error) = renew.error() { <Banner tone={Tone::Danger} alert={true}>{ error_text(error) }</Banner> }
                    { form_buttons(&props.on_close, renew.pending(), t!("totp-new-codes")) }
                </form>
            }
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn secrets_are_typed_in_groups() {
        assert_eq!(super::spaced("JBSWY3DPEH"), "JBSW Y3DP EH");
    }
}
