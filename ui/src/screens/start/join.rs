//! Taking up an invite to an account of this home.

use super::account_form::{self as form, Draft};
use super::sign_in::device;
use super::{StartLayout, known};
use crate::prelude::*;
use crate::state::session;
use hearth_api::account::AcceptAccountInvite;

/// Properties of [`JoinPage`].
#[derive(Properties, PartialEq)]
pub struct JoinPageProps {
    /// The code of the link.
    #[prop_or_default]
    pub code: AttrValue,
}

/// The code in what was pasted: the whole link or the code alone.
fn code_in(text: &str) -> &str {
    let text = text.trim().trim_end_matches('/');
    text.rsplit_once("/join/").map_or(text, |(_, code)| code)
}

/// How long a code of an invite is, in letters: 128 bits in base32.
const CODE_LETTERS: usize = 26;

/// The code of an invite in what was pasted where the code of a device belongs: its link, or the code alone.
pub(super) fn invite_in(text: &str) -> Option<String> {
    let code = code_in(text);
    if code.len() < text.trim().trim_end_matches('/').len() {
        return (!code.is_empty()).then(|| code.to_owned());
    }
    let bare: String = code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let letters = bare
        .chars()
        .all(|c| c.is_ascii_alphabetic() || ('2'..='7').contains(&c));
    (letters && bare.len() == CODE_LETTERS).then_some(bare)
}

/// Taking up an invite to an account.
#[component]
pub fn JoinPage(props: &JoinPageProps) -> Html {
    let session = use_session();
    let go = use_go();
    let joined = use_mut_ref(|| false);
    let home = session.status().map(|s| s.home_name.clone()).unwrap_or_default();
    let code = {
        let given = props.code.clone();
        use_state_eq(move || given.to_string())
    };
    let draft = use_state_eq(Draft::default);
    let tried = use_state_eq(|| false);
    let accept = use_mutation::<AcceptAccountInvite>();
    let form_ref = use_node_ref();
    let from_link = !props.code.is_empty();

    let code_error = code_in(&code).is_empty().then(|| t!("start-error-empty"));
    let fine = code_error.is_none()
        && form::name_error(&draft.name).is_none()
        && form::username_error(&draft.username).is_none()
        && form::birth_error(&draft.birth).is_none()
        && form::password_error(&draft.password).is_none();
    let onsubmit = {
        let (go, joined, tried, code, draft, accept, form_ref) = (
            go.clone(),
            Rc::clone(&joined),
            tried.setter(),
            code.clone(),
            draft.clone(),
            accept.clone(),
            form_ref.clone(),
        );
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let account = draft.account().filter(|_| fine);
            let Some(account) = account else {
                tried.set(true);
                focus::first_invalid(&form_ref);
                return;
            };
            let username = account.username.clone();
            let (go, joined, form_ref) = (go.clone(), Rc::clone(&joined), form_ref.clone());
            accept.run(
                AcceptAccountInvite {
                    code: code_in(&code).to_owned(),
                    account,
                    device: Some(device()),
                },
                move |answer| match answer {
                    Ok(me) => {
                        known::remember(&username, &me.person.name);
                        joined.replace(true);
                        wasm_bindgen_futures::spawn_local(async move {
                            session::signed_in().await;
                            go.replace(&Route::Feed);
                        });
                    }
                    Err(_) => focus::first_invalid(&form_ref),
                },
            );
        })
    };
    let on_code = {
        let code = code.setter();
        Callback::from(move |value| code.set(value))
    };
    if let Some(me) = session.me().filter(|_| from_link && !*joined.borrow()) {
        return html! { <SignedInAlready name={me.person.name.clone()} {home} /> };
    }
    let beside = accept.error_beside(&["code", "name", "username", "birth_date", "password"]);
    // A device that the home does not know is told nothing of it, and is connected by moving in.
    let unknown = session.status().is_some_and(|s| s.unknown_device);
    let title = if home.is_empty() {
        t!("join-title-plain")
    } else {
        t!("join-title", "home" => &home)
    };
    let (text, back) = if unknown {
        (t!("join-text-device"), Route::ConnectDevice)
    } else {
        (t!("join-text"), Route::SignIn)
    };
    html! {
        <StartLayout {title} text={Some(text)} back={Some(back)}>
            <form class="l-stack u-gap-20" ref={form_ref} {onsubmit} novalidate=true>
                if !from_link {
                    <TextField
                        label={t!("join-code")}
                        hint={Some(t!("join-code-hint"))}
                        value={(*code).clone()}
                        on_input={on_code}
                        error={code_error.filter(|_| *tried).or_else(|| accept.error_on("code"))}
                        literal={true}
                        required={true}
                        autofocus={true}
                        test_id="code"
                    />
                }
                { form::person_fields(&draft, *tried, false, |field| accept.error_on(field)) }
                { form::password_field(&draft, *tried, false, accept.error_on("password")) }
                if let Some(error) = beside.or_else(|| accept.error_on("code").filter(|_| from_link)) {
                    <Banner tone={Tone::Danger} alert={true}>{ error }</Banner>
                }
                <Button kind={ButtonKind::Submit} variant={Variant::Filled} size={Size::L} full={true} pending={accept.pending()} test_id="join">
                    { t!("join-do") }
                </Button>
            </form>
        </StartLayout>
    }
}

#[derive(Properties, PartialEq)]
struct SignedInAlreadyProps {
    name: AttrValue,
    home: AttrValue,
}

/// An invite that was opened where somebody is signed in. The address stays: after signing out it is taken up.
#[component]
fn SignedInAlready(props: &SignedInAlreadyProps) -> Html {
    let sign_out = Callback::from(|_: MouseEvent| {
        wasm_bindgen_futures::spawn_local(async { session::sign_out().await });
    });
    html! {
        <StartLayout title={t!("join-title", "home" => &props.home)} text={Some(t!("join-signed-in", "name" => &props.name))}>
            <div class="l-cluster u-gap-12" data-test="join-signed-in">
                <Button variant={Variant::Filled} on_click={sign_out} test_id="join-sign-out">{ t!("command-sign-out") }</Button>
                <ButtonLink to={Route::Feed}>{ t!("action-to-feed") }</ButtonLink>
            </div>
        </StartLayout>
    }
}

#[cfg(test)]
mod tests {
    use super::{code_in, invite_in};

    #[test]
    fn a_link_and_a_code_mean_the_same() {
        assert_eq!(code_in(" http://hill.local:7420/join/ABC-DEF/ "), "ABC-DEF");
        assert_eq!(code_in("ABC-DEF"), "ABC-DEF");
        assert_eq!(code_in("  "), "");
    }

    #[test]
    fn an_invite_is_told_from_the_code_of_a_device() {
        let code = "abcd efgh-ijkl-mnop-qrst-uvwx23";
        assert_eq!(invite_in(code).as_deref(), Some("abcdefghijklmnopqrstuvwx23"));
        assert_eq!(
            invite_in("https://192.168.1.5:7347/join/abc/").as_deref(),
            Some("abc")
        );
        for other in [
            "",
            "https://192.168.1.5:7347/join/",
            "https://192.168.1.5:7347/device#AbC-_1",
            "Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm8",
        ] {
            assert_eq!(invite_in(other), None, "{other}");
        }
    }
}
