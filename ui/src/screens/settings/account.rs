//! Name, picture, sign-in name, password, second step.

use super::{Line, totp};
use crate::backend::upload::Upload;
use crate::prelude::*;
use crate::state::session;
use hearth_api::account::{ChangePassword, ChangeUsername};
use hearth_api::profile::{SetPicture, UpdateProfile};
use web_sys::File;

#[derive(Clone, Copy, PartialEq)]
enum Open {
    Nothing,
    Name,
    Username,
    Password,
    TotpOn,
    TotpOff,
    TotpCodes,
}

/// The account.
#[component]
pub(super) fn AccountSection() -> Html {
    let me = use_me();
    let open = use_state_eq(|| Open::Nothing);
    let Some(me) = me else { return Html::default() };
    let show = |what: Open| {
        let open = open.setter();
        Callback::from(move |_: MouseEvent| open.set(what))
    };
    let on_close = {
        let open = open.setter();
        Callback::from(move |()| open.set(Open::Nothing))
    };
    let change = t!("action-change");
    let sign_out = Callback::from(|_: MouseEvent| wasm_bindgen_futures::spawn_local(session::sign_out()));
    html! {
        <>
            <Card pad={CardPad::None} class="h-settings__lines">
                <Line label={t!("account-picture")} value={html! { { t!("account-picture-hint") } }}>
                    <PictureChange me={me.clone()} />
                </Line>
                <Line label={t!("account-name")} value={html! { <bdi>{ me.person.name.clone() }</bdi> }}>
                    <Button size={Size::S} on_click={show(Open::Name)} test_id="change-name">{ change.clone() }</Button>
                </Line>
                <Line label={t!("start-username")} value={html! { { me.username.clone() } }}>
                    <Button size={Size::S} on_click={show(Open::Username)} test_id="change-username">{ change.clone() }</Button>
                </Line>
                <Line label={t!("start-password")} value={html! { { t!("account-password-hint") } }}>
                    <Button size={Size::S} on_click={show(Open::Password)} test_id="change-password">{ change }</Button>
                </Line>
            </Card>
            <Section title={t!("totp-title")} hint={Some(t!("totp-hint"))}>
                <Card pad={CardPad::None} class="h-settings__lines">
                    <Line
                        label={t!("totp-app")}
                        value={html! {
                            if me.totp {
                                <Badge tone={Tone::Ok} icon={IconName::ShieldCheck}>{ t!("totp-on") }</Badge>
                            } else {
                                <Badge icon={IconName::Shield}>{ t!("totp-off") }</Badge>
                            }
                        }}
                    >
                        if me.totp {
                            <Button size={Size::S} on_click={show(Open::TotpCodes)}>{ t!("totp-new-codes") }</Button>
                            <Button size={Size::S} on_click={show(Open::TotpOff)} test_id="totp-off">{ t!("totp-switch-off") }</Button>
                        } else {
                            <Button size={Size::S} variant={Variant::Filled} on_click={show(Open::TotpOn)} test_id="totp-on">{ t!("totp-set-up") }</Button>
                        }
                    </Line>
                </Card>
            </Section>
            <div>
                <Button start={IconName::LogOut} on_click={sign_out} test_id="sign-out">{ t!("command-sign-out") }</Button>
            </div>
            { match *open {
                Open::Nothing => Html::default(),
                Open::Name => html! { <NameDialog name={me.person.name.clone()} {on_close} /> },
                Open::Username => html! { <UsernameDialog username={me.username.clone()} {on_close} /> },
                Open::Password => html! { <PasswordDialog {on_close} /> },
                Open::TotpOn => html! { <totp::SetUpDialog {on_close} /> },
                Open::TotpOff => html! { <totp::SwitchOffDialog {on_close} /> },
                Open::TotpCodes => html! { <totp::NewCodesDialog {on_close} /> },
            } }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct PictureChangeProps {
    me: hearth_api::session::Me,
}

/// The picture with the ways to change it.
#[component]
fn PictureChange(props: &PictureChangeProps) -> Html {
    let progress = use_state_eq(|| None::<f64>);
    let person = &props.me.person;
    let on_files = {
        let progress = progress.setter();
        Callback::from(move |files: Vec<File>| {
            let Some(file) = files.into_iter().next() else {
                return;
            };
            let progress = progress.clone();
            wasm_bindgen_futures::spawn_local(async move {
                let report = {
                    let progress = progress.clone();
                    Callback::from(move |share: f64| progress.set(Some(share)))
                };
                progress.set(Some(0.0));
                let sent = Upload::new().send(backend::current(), &file, report).await;
                let set = match sent {
                    Ok(item) => call(SetPicture {
                        image: Some(item.hash),
                        crop: None,
                    })
                    .await
                    .map(|_| ()),
                    Err(error) => Err(error),
                };
                progress.set(None);
                match set {
                    Ok(()) => {
                        session::refresh().await;
                    }
                    Err(error) => toasts::failed(&error),
                }
            });
        })
    };
    let remove = Callback::from(|_: MouseEvent| {
        wasm_bindgen_futures::spawn_local(async {
            match call(SetPicture {
                image: None,
                crop: None,
            })
            .await
            {
                Ok(_) => {
                    session::refresh().await;
                }
                Err(error) => toasts::failed(&error),
            }
        });
    });
    html! {
        <>
            <PersonAvatar person={person.clone()} size={AvatarSize::L} />
            if let Some(share) = *progress {
                <ProgressBar label={t!("uploading")} value={Some(share)} />
            } else {
                <FilePick
                    label={if person.picture.is_some() { t!("start-picture-other") } else { t!("start-picture") }}
                    accept="image/jpeg,image/png,image/gif,image/webp"
                    icon={IconName::Camera}
                    size={Size::S}
                    {on_files}
                    test_id="picture"
                />
                if person.picture.is_some() {
                    <Button size={Size::S} variant={Variant::Quiet} on_click={remove}>{ t!("start-picture-remove") }</Button>
                }
            }
        </>
    }
}

/// The buttons under a small form.
pub(super) fn form_buttons(on_close: &Callback<()>, pending: bool, verb: AttrValue) -> Html {
    html! {
        <div class="h-dialog__buttons">
            <Button variant={Variant::Quiet} on_click={on_close.reform(|_| ())}>{ t!("action-cancel") }</Button>
            <Button variant={Variant::Filled} kind={ButtonKind::Submit} {pending} test_id="dialog-save">{ verb }</Button>
        </div>
    }
}

/// A state of text and the callback that sets it.
pub(super) fn bind(state: &UseStateHandle<String>) -> Callback<String> {
    let setter = state.setter();
    Callback::from(move |value| setter.set(value))
}

#[derive(Properties, PartialEq)]
struct NameDialogProps {
    name: AttrValue,
    on_close: Callback<()>,
}

#[component]
fn NameDialog(props: &NameDialogProps) -> Html {
    let name = {
        let before = props.name.clone();
        use_state_eq(move || before.to_string())
    };
    let save = use_mutation::<UpdateProfile>();
    let onsubmit = {
        let (name, save, on_close) = (name.clone(), save.clone(), props.on_close.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let request = UpdateProfile {
                name: Some(name.trim().to_owned()),
                ..UpdateProfile::default()
            };
            let on_close = on_close.clone();
            save.run(request, move |answer| {
                if answer.is_ok() {
                    on_close.emit(());
                    wasm_bindgen_futures::spawn_local(async {
                        session::refresh().await;
                    });
                }
            });
        })
    };
    html! {
        <Dialog title={t!("account-name")} on_close={props.on_close.clone()} size={DialogSize::S} light_dismiss={false}>
            <form class="l-stack u-gap-20" {onsubmit} novalidate=true>
                <TextField
                    label={t!("start-your-name")}
                    hint={Some(t!("start-your-name-hint"))}
                    value={(*name).clone()}
                    on_input={bind(&name)}
                    error={save.error().map(error_text)}
                    max={Some(80)}
                    autocomplete="name"
                    autofocus={true}
                    test_id="name"
                />
                { form_buttons(&props.on_close, save.pending(), t!("action-save")) }
            </form>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct UsernameDialogProps {
    username: AttrValue,
    on_close: Callback<()>,
}

#[component]
fn UsernameDialog(props: &UsernameDialogProps) -> Html {
    let username = {
        let before = props.username.clone();
        use_state_eq(move || before.to_string())
    };
    let password = use_state_eq(String::new);
    let save = use_mutation::<ChangeUsername>();
    let onsubmit = {
        let (username, password, save, on_close) = (
            username.clone(),
            password.clone(),
            save.clone(),
            props.on_close.clone(),
        );
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let request = ChangeUsername {
                username: username.trim().to_owned(),
                password: (*password).clone(),
            };
            let on_close = on_close.clone();
            save.run(request, move |answer| {
                if answer.is_ok() {
                    on_close.emit(());
                    toasts::done(t!("account-username-changed"));
                    wasm_bindgen_futures::spawn_local(async {
                        session::refresh().await;
                    });
                }
            });
        })
    };
    let name_error = save.error_on("username").or_else(|| {
        save.error()
            .filter(|e| e.code == hearth_api::Code::UsernameTaken)
            .map(error_text)
    });
    let other = if name_error.is_some() {
        None
    } else {
        save.error().map(error_text)
    };
    html! {
        <Dialog title={t!("start-username")} on_close={props.on_close.clone()} size={DialogSize::S} light_dismiss={false}>
            <form class="l-stack u-gap-20" {onsubmit} novalidate=true>
                <TextField
                    label={t!("start-username")}
                    hint={Some(t!("start-username-hint"))}
                    value={(*username).clone()}
                    on_input={bind(&username)}
                    error={name_error}
                    autocomplete="username"
                    literal={true}
                    autofocus={true}
                    test_id="username"
                />
                <PasswordField
                    label={t!("password-again")}
                    value={(*password).clone()}
                    on_input={bind(&password)}
                    error={other}
                    test_id="password"
                />
                { form_buttons(&props.on_close, save.pending(), t!("action-save")) }
            </form>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct PasswordDialogProps {
    on_close: Callback<()>,
}

#[component]
fn PasswordDialog(props: &PasswordDialogProps) -> Html {
    let (current, new) = (use_state_eq(String::new), use_state_eq(String::new));
    let save = use_mutation::<ChangePassword>();
    let onsubmit = {
        let (current, new, save, on_close) =
            (current.clone(), new.clone(), save.clone(), props.on_close.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let request = ChangePassword {
                current: (*current).clone(),
                new: (*new).clone(),
            };
            let on_close = on_close.clone();
            save.run(request, move |answer| {
                if answer.is_ok() {
                    on_close.emit(());
                    toasts::done(t!("account-password-changed"));
                }
            });
        })
    };
    let new_error = save.error_on("new").or_else(|| {
        save.error()
            .filter(|e| e.code == hearth_api::Code::WeakPassword)
            .map(error_text)
    });
    let current_error = if new_error.is_some() {
        None
    } else {
        save.error().map(error_text)
    };
    html! {
        <Dialog title={t!("account-password-title")} on_close={props.on_close.clone()} light_dismiss={false}>
            <form class="l-stack u-gap-20" {onsubmit} novalidate=true>
                <PasswordField
                    label={t!("account-password-current")}
                    value={(*current).clone()}
                    on_input={bind(&current)}
                    error={current_error}
                    autofocus={true}
                    test_id="current"
                />
                <PasswordField
                    label={t!("account-password-new")}
                    value={(*new).clone()}
                    on_input={bind(&new)}
                    new={true}
                    error={new_error}
                    test_id="new"
                />
                <p class="u-sm u-text-2">{ t!("account-ends-sessions") }</p>
                { form_buttons(&props.on_close, save.pending(), t!("action-save")) }
            </form>
        </Dialog>
    }
}
