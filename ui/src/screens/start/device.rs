//! Connecting this device to the home: by the code that a QR code brought along, or one that is pasted.

use super::join::invite_in;
use super::sign_in::device;
use super::{StartLayout, known};
use crate::kit::dom;
use crate::prelude::*;
use crate::state::session;
use hearth_api::access::ClaimDevice;

/// The code in what was pasted: the whole link or the code alone.
fn code_in(text: &str) -> &str {
    let text = text.trim();
    text.rsplit_once('#').map_or(text, |(_, code)| code)
}

/// The code behind `#` of the address.
fn code_of_place() -> String {
    let hash = dom::window()
        .and_then(|w| w.location().hash().ok())
        .unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

/// Connecting this device.
#[component]
pub fn ConnectDevicePage() -> Html {
    let status = use_session();
    let known_home = status.status().is_some_and(|s| !s.unknown_device);
    let code = use_state_eq(code_of_place);
    let from_link = use_state_eq(|| !code_of_place().is_empty());
    let name = use_state_eq(device);
    let tried = use_state_eq(|| false);
    let claim = use_mutation::<ClaimDevice>();
    let form_ref = use_node_ref();
    let go = use_go();
    let empty = |value: &str| (*tried && value.trim().is_empty()).then(|| t!("start-error-empty"));
    let onsubmit = {
        let (code, name, claim, tried, form_ref) = (
            code.clone(),
            name.clone(),
            claim.clone(),
            tried.setter(),
            form_ref.clone(),
        );
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            // An invite to live here connects the device as well, for whoever moves in.
            if let Some(code) = invite_in(&code) {
                go.to(&Route::JoinCode { code });
                return;
            }
            if code_in(&code).is_empty() || name.trim().is_empty() {
                tried.set(true);
                focus::first_invalid(&form_ref);
                return;
            }
            let request = ClaimDevice {
                code: code_in(&code).to_owned(),
                name: name.trim().to_owned(),
            };
            let form_ref = form_ref.clone();
            claim.run(request, move |answer| match answer {
                Ok(me) => {
                    known::remember(&me.username, &me.person.name);
                    wasm_bindgen_futures::spawn_local(async { session::signed_in().await });
                }
                Err(_) => focus::first_invalid(&form_ref),
            });
        })
    };
    let set = |state: &UseStateHandle<String>| {
        let state = state.setter();
        Callback::from(move |value: String| state.set(value))
    };
    let other = {
        let (from_link, code, claim) = (from_link.setter(), code.setter(), claim.clone());
        Callback::from(move |_: MouseEvent| {
            code.set(String::new());
            claim.clear();
            from_link.set(false);
        })
    };
    let text = if *from_link {
        t!("device-text")
    } else {
        t!("device-text-no-code")
    };
    html! {
        <StartLayout title={t!("device-title")} text={Some(text)} back={known_home.then_some(Route::SignIn)}>
            <form class="l-stack u-gap-20" ref={form_ref} {onsubmit} novalidate=true>
                if !*from_link {
                    <ol class="h-steps">
                        <li>{ t!("device-step-1") }</li>
                        <li>{ t!("device-step-2") }</li>
                        <li>{ t!("device-step-3") }</li>
                    </ol>
                    <TextField
                        label={t!("device-code")}
                        hint={Some(t!("device-code-hint"))}
                        value={(*code).clone()}
                        on_input={set(&code)}
                        error={empty(code_in(&code)).or_else(|| claim.error_on("code"))}
                        literal={true}
                        required={true}
                        test_id="device-code"
                    />
                }
                <TextField
                    label={t!("device-name")}
                    hint={Some(t!("device-name-hint"))}
                    value={(*name).clone()}
                    on_input={set(&name)}
                    error={empty(&name).or_else(|| claim.error_on("name"))}
                    required={true}
                    test_id="device-name"
                />
                if let Some(error) = claim.error_beside(&["code", "name"]) {
                    <Banner tone={Tone::Danger} alert={true}>{ error }</Banner>
                }
                <div class="l-stack u-gap-8">
                    <Button kind={ButtonKind::Submit} variant={Variant::Filled} size={Size::L} full={true} pending={claim.pending()} test_id="device-connect">
                        { t!("device-connect") }
                    </Button>
                    if *from_link && claim.error().is_some() {
                        <Button variant={Variant::Quiet} full={true} on_click={other} test_id="device-other">{ t!("device-other-code") }</Button>
                    }
                </div>
            </form>
            <div class="l-cluster u-gap-4">
                <ButtonLink to={Route::Join} variant={Variant::Quiet} start={IconName::Ticket} test_id="to-join">{ t!("signin-have-invite") }</ButtonLink>
            </div>
        </StartLayout>
    }
}

#[cfg(test)]
mod tests {
    use super::code_in;

    #[test]
    fn a_link_and_a_code_mean_the_same() {
        assert_eq!(code_in(" https://192.168.1.5:7347/device#AbC-_1 "), "AbC-_1");
        assert_eq!(code_in("AbC-_1"), "AbC-_1");
        assert_eq!(code_in("  "), "");
    }
}
