//! Signing in: known people, password, then the code of a second factor or a recovery code.

use super::StartLayout;
use super::known::{self, Known};
use super::reset::ResetForm;
use crate::kit::dom;
use crate::prelude::*;
use crate::state::session;
use hearth_api::Code;
use hearth_api::session::{SignIn, SignInOutcome};

/// What this device calls itself in the list of sessions.
pub(super) fn device() -> String {
    let agent = dom::window()
        .and_then(|w| w.navigator().user_agent().ok())
        .unwrap_or_default();
    describe(&agent, backend::is_desktop())
}

fn describe(agent: &str, desktop: bool) -> String {
    let has = |text: &str| agent.contains(text);
    let system = if has("iPhone") {
        "iPhone"
    } else if has("iPad") {
        "iPad"
    } else if has("Android") {
        "Android"
    } else if has("Windows") {
        "Windows"
    } else if has("Mac OS") {
        "Mac"
    } else if has("Linux") {
        "Linux"
    } else {
        ""
    };
    let program = if desktop {
        "Hearth"
    } else if has("Edg/") {
        "Edge"
    } else if has("Firefox/") {
        "Firefox"
    } else if has("Chrome/") {
        "Chrome"
    } else if has("Safari/") {
        "Safari"
    } else {
        "Browser"
    };
    if system.is_empty() {
        program.to_owned()
    } else {
        format!("{program}, {system}")
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Step {
    Password,
    Code,
    Recovery,
    Reset,
}

/// Signing in.
#[component]
pub fn SignInPage() -> Html {
    let status = use_session();
    let home = status.status().map(|s| s.home_name.clone()).unwrap_or_default();
    let people = use_state(known::all);
    let username = {
        let people = people.clone();
        use_state_eq(move || {
            if people.len() == 1 {
                people.first().map(|k| k.username.clone()).unwrap_or_default()
            } else {
                String::new()
            }
        })
    };
    let (password, code) = (use_state_eq(String::new), use_state_eq(String::new));
    let step = use_state_eq(|| Step::Password);
    let tried = use_state_eq(|| false);
    let forgot = use_state_eq(|| false);
    let sign_in = use_mutation::<SignIn>();
    let form_ref = use_node_ref();

    let send = {
        let (step, code, sign_in) = (step.setter(), code.setter(), sign_in.clone());
        Callback::from(move |request: SignIn| {
            let (name, step, code) = (request.username.clone(), step.clone(), code.clone());
            sign_in.run(request, move |answer| match answer {
                Ok(SignInOutcome::SignedIn { me }) => {
                    known::remember(&name, &me.person.name);
                    wasm_bindgen_futures::spawn_local(async { session::signed_in().await });
                }
                Ok(SignInOutcome::CodeNeeded) => step.set(Step::Code),
                Err(_) => code.set(String::new()),
            });
        })
    };
    let submit = {
        let (username, password, step, code_state) =
            (username.clone(), password.clone(), step.clone(), code.clone());
        let (send, tried, form_ref) = (send.clone(), tried.setter(), form_ref.clone());
        Callback::from(move |code: Option<String>| {
            let code = code.or_else(|| (*step != Step::Password).then(|| code_state.trim().to_owned()));
            let code_missing = code.as_ref().is_some_and(String::is_empty);
            if username.trim().is_empty() || password.is_empty() || code_missing {
                tried.set(true);
                focus::first_invalid(&form_ref);
                return;
            }
            tried.set(false);
            send.emit(SignIn {
                username: username.trim().to_owned(),
                password: (*password).clone(),
                code,
                device: Some(device()),
            });
        })
    };
    let onsubmit = {
        let submit = submit.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            submit.emit(None);
        })
    };
    let set = |state: &UseStateHandle<String>| {
        let state = state.setter();
        Callback::from(move |value: String| state.set(value))
    };
    let to_step = |next: Step| {
        let (step, code, sign_in) = (step.setter(), code.setter(), sign_in.clone());
        Callback::from(move |()| {
            code.set(String::new());
            sign_in.clear();
            step.set(next);
        })
    };
    let empty = |value: &str| (*tried && value.trim().is_empty()).then(|| t!("start-error-empty"));
    let wrong = sign_in.error().map(|error| match error.code {
        Code::RateLimited => {
            let minutes =
                u32::try_from(error.retry_after_ms.unwrap_or(60_000).div_ceil(60_000)).unwrap_or(15);
            t!("error-rate-limited", "minutes" => minutes)
        }
        _ => error_text(error),
    });

    if *step == Step::Reset {
        // Whoever chose a password has proved enough to try it at once; a second step is asked as always.
        let on_done = {
            let (username, password, step) = (username.setter(), password.setter(), step.setter());
            Callback::from(move |(name, chosen): (String, String)| {
                username.set(name.clone());
                password.set(chosen.clone());
                step.set(Step::Password);
                send.emit(SignIn {
                    username: name,
                    password: chosen,
                    code: None,
                    device: Some(device()),
                });
            })
        };
        return html! { <ResetForm on_back={to_step(Step::Password)} {on_done} /> };
    }
    let (title, text) = match *step {
        Step::Password if home.is_empty() => (t!("signin-title-plain"), None),
        Step::Password | Step::Reset => (t!("signin-title", "home" => &home), None),
        Step::Code => (t!("signin-code-title"), Some(t!("signin-code-text"))),
        Step::Recovery => (t!("signin-recovery-title"), Some(t!("signin-recovery-text"))),
    };
    let restored = status.status().and_then(|status| status.restored);
    let on_back = (*step != Step::Password).then(|| to_step(Step::Password));
    html! {
        <StartLayout {title} {text} {on_back}>
            if *step == Step::Password && people.len() > 1 {
                { people_row(&people, &username) }
            }
            if let Some(restored) = restored.filter(|_| *step == Step::Password) {
                <Banner tone={Tone::Ok} icon={IconName::History} test_id="restored">
                    { t!("signin-restored", "time" => when::absolute(restored.at), "state" => when::absolute(restored.state)) }
                </Banner>
            }
            <form class="l-stack u-gap-20" ref={form_ref} {onsubmit} novalidate=true>
                if *step == Step::Password {
                    <TextField
                        key="username"
                        label={t!("start-username")}
                        value={(*username).clone()}
                        on_input={set(&username)}
                        error={empty(&username)}
                        autocomplete="username"
                        literal={true}
                        required={true}
                        autofocus={username.is_empty()}
                        test_id="username"
                    />
                    <PasswordField
                        key="password"
                        label={t!("start-password")}
                        value={(*password).clone()}
                        on_input={set(&password)}
                        error={empty(&password)}
                        autofocus={!username.is_empty()}
                        test_id="password"
                    />
                } else if *step == Step::Code {
                    <CodeField
                        key="code"
                        label={t!("signin-code")}
                        value={(*code).clone()}
                        on_input={set(&code)}
                        on_complete={submit.reform(Some)}
                        error={empty(&code)}
                        autofocus={true}
                        test_id="code"
                    />
                } else {
                    <TextField
                        key="recovery"
                        label={t!("signin-recovery")}
                        value={(*code).clone()}
                        on_input={set(&code)}
                        error={empty(&code)}
                        literal={true}
                        autofocus={true}
                        test_id="recovery"
                    />
                }
                if let Some(wrong) = wrong { <Banner tone={Tone::Danger} alert={true} test_id="signin-error">{ wrong }</Banner> }
                <Button kind={ButtonKind::Submit} variant={Variant::Filled} size={Size::L} full={true} pending={sign_in.pending()} test_id="signin">
                    { t!("signin-do") }
                </Button>
            </form>
            <div class="l-cluster u-gap-4">
                if *step == Step::Code {
                    <Button variant={Variant::Quiet} start={IconName::KeyRound} on_click={to_step(Step::Recovery).reform(|_| ())} test_id="use-recovery">{ t!("signin-use-recovery") }</Button>
                } else if *step == Step::Recovery {
                    <Button variant={Variant::Quiet} on_click={to_step(Step::Code).reform(|_| ())}>{ t!("signin-use-code") }</Button>
                } else {
                    <ButtonLink to={Route::Join} variant={Variant::Quiet} start={IconName::Ticket} test_id="to-join">{ t!("signin-have-invite") }</ButtonLink>
                    <Button variant={Variant::Quiet} expanded={Some(*forgot)} on_click={{
                        let forgot = forgot.clone();
                        Callback::from(move |_| forgot.set(!*forgot))
                    }} test_id="forgot">{ t!("signin-forgot") }</Button>
                }
            </div>
            if *forgot && *step == Step::Password { { forgotten(to_step(Step::Reset)) } }
        </StartLayout>
    }
}

/// What somebody does who forgot their password.
fn forgotten(on_code: Callback<()>) -> Html {
    html! {
        <Banner icon={IconName::KeyRound} test_id="forgotten">
            <div class="l-stack u-gap-12">
                <p>{ t!("signin-forgot-text") }</p>
                <div><Button size={Size::S} on_click={on_code.reform(|_| ())} test_id="have-code">{ t!("signin-have-code") }</Button></div>
                <p>{ t!("signin-forgot-owner") }{ " " }<code>{ "hearth reset-password" }</code></p>
                if backend::is_desktop() { <p>{ t!("signin-forgot-desktop") }</p> }
            </div>
        </Banner>
    }
}

/// The people who signed in here before.
fn people_row(people: &UseStateHandle<Vec<Known>>, username: &UseStateHandle<String>) -> Html {
    html! {
        <ul class="h-start__people" aria-label={t!("signin-people")}>
            { for people.iter().map(|person| {
                let choose = {
                    let (username, name) = (username.setter(), person.username.clone());
                    Callback::from(move |_: MouseEvent| username.set(name.clone()))
                };
                let drop_one = {
                    let (people, name) = (people.setter(), person.username.clone());
                    Callback::from(move |_: MouseEvent| {
                        known::forget(&name);
                        people.set(known::all());
                    })
                };
                let chosen = **username == person.username;
                html! {
                    <li key={person.username.clone()} class="h-start__person">
                        <button type="button" class="h-start__pick" aria-pressed={if chosen { "true" } else { "false" }} onclick={choose}>
                            <Avatar name={person.name.clone()} size={AvatarSize::L} />
                            <bdi class="u-truncate">{ person.name.clone() }</bdi>
                        </button>
                        <span class="h-start__forget">
                            <IconButton icon={IconName::X} size={Size::S} label={t!("signin-forget-person", "name" => &person.name)} on_click={drop_one} />
                        </span>
                    </li>
                }
            }) }
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::describe;

    #[test]
    fn devices_have_names_people_know() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36";
        assert_eq!(describe(chrome, false), "Chrome, Linux");
        assert_eq!(describe(chrome, true), "Hearth, Linux");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17 Mobile Safari/604";
        assert_eq!(describe(phone, false), "Safari, iPhone");
        assert_eq!(describe("", false), "Browser");
    }
}
