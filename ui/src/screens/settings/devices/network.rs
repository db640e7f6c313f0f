//! Phones and other computers in the network: switching that on, connecting one, disconnecting it.

use crate::kit::dom::copy_text;
use crate::prelude::*;
use hearth_api::access::{
    Access, CreateDeviceCode, Device, DeviceCode, GetAccess, ListDevices, RevokeDevice, SetAccess,
};

/// Where browsers get the certificate.
const CERTIFICATE: &str = "/hearth-home.crt";

/// Other devices.
#[component]
pub(super) fn Network() -> Html {
    let session = use_session();
    let here = session.status().is_some_and(|s| s.this_machine);
    let may = here && session.me().is_some_and(|m| m.role.is_admin());
    let access = use_query(GetAccess {}, vec![]);
    let devices = use_query(ListDevices {}, vec![Topic::Account]);
    let set = use_mutation::<SetAccess>();
    let change = {
        let (set, refetch) = (set.clone(), access.refetch.clone());
        Callback::from(move |request: SetAccess| {
            let refetch = refetch.clone();
            set.run(request, move |answer| {
                if answer.is_ok() {
                    refetch.emit(());
                }
            });
        })
    };
    let skeleton = html! { <SkeletonRow /> };
    access.view(skeleton, |access| {
        html! {
            <Section title={t!("network-title")} hint={t!("network-hint")}>
                <Card>
                    <div class="l-stack u-gap-16">
                        if may {
                            <Switch
                                label={t!("network-on")}
                                hint={t!("network-on-hint")}
                                on={access.on}
                                on_change={change.reform(|on| SetAccess { on, port: None })}
                                test_id="network-on"
                            />
                        } else if !access.on {
                            <p class="u-text-2" data-test="network-off">{ t!("network-off") }</p>
                        }
                        if access.on {
                            <Reached key={access.port.to_string()} access={(**access).clone()} {may} {change} refused={set.error_on("port")} pending={set.pending()} />
                        }
                        if let Some(error) = set.error_beside(&["port"]) {
                            <Banner tone={Tone::Danger} alert={true}>{ error }</Banner>
                        }
                    </div>
                </Card>
                // A code that was used is gone: the list has grown by its device.
                if access.on && access.problem.is_none() {
                    <Connect key={devices.data.as_deref().map_or(0, Vec::len).to_string()} />
                }
                if let Some(all) = devices.data.as_deref().filter(|all| !all.is_empty()) {
                    <Card pad={CardPad::None}>
                        <div class="h-settings__row">
                            { for all.iter().map(|device| html! {
                                <Row key={device.id.to_string()} device={device.clone()} on_gone={devices.refetch.clone()} />
                            }) }
                        </div>
                    </Card>
                }
            </Section>
        }
    })
}

#[derive(Properties, PartialEq)]
struct ReachedProps {
    access: Access,
    may: bool,
    change: Callback<SetAccess>,
    refused: Option<AttrValue>,
    pending: bool,
}

/// Where the home is reached, what stands in the way, and its certificate.
#[component]
fn Reached(props: &ReachedProps) -> Html {
    let access = &props.access;
    let port = use_state_eq(|| access.port.to_string());
    let wrong = use_state_eq(|| false);
    let on_port = {
        let (port, wrong) = (port.setter(), wrong.setter());
        Callback::from(move |text: String| {
            wrong.set(false);
            port.set(text);
        })
    };
    let onsubmit = {
        let (port, wrong, change) = (port.clone(), wrong.setter(), props.change.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match port.trim().parse::<u16>() {
                Ok(port) => change.emit(SetAccess {
                    on: true,
                    port: Some(port),
                }),
                Err(_) => wrong.set(true),
            }
        })
    };
    let error = (*wrong)
        .then(|| t!("network-port-wrong"))
        .or_else(|| props.refused.clone());
    html! {
        <>
            if let Some(problem) = &access.problem {
                <Banner tone={Tone::Warn} test_id="network-problem">
                    { t!("network-problem", "port" => access.port.to_string()) }
                    <span class="u-sm u-text-2">{ " " }{ problem.clone() }</span>
                </Banner>
            } else {
                <div class="l-stack u-gap-4">
                    <span class="u-medium">{ t!("network-at") }</span>
                    <ul class="h-addresses" data-test="network-addresses">
                        { for access.addresses.iter().map(|address| html! { <li key={address.clone()}><bdi>{ address.clone() }</bdi></li> }) }
                    </ul>
                </div>
            }
            if props.may {
                <details class="h-limits" open={access.problem.is_some()}>
                    <summary class="h-limits__head">
                        { t!("network-more") }
                        <Icon name={IconName::ChevronDown} size={IconSize::S} class="h-limits__arrow" />
                    </summary>
                    <div class="h-limits__body">
                        <form class="h-network__port" {onsubmit} novalidate=true>
                            <TextField
                                label={t!("network-port")}
                                hint={t!("network-port-hint")}
                                inputmode="numeric"
                                value={(*port).clone()}
                                on_input={on_port}
                                {error}
                                test_id="network-port"
                            />
                            <Button kind={ButtonKind::Submit} pending={props.pending} test_id="network-port-save">{ t!("action-save") }</Button>
                        </form>
                        <Certificate fingerprint={access.fingerprint.clone()} />
                    </div>
                </details>
            } else {
                <Certificate fingerprint={access.fingerprint.clone()} />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct CertificateProps {
    fingerprint: Option<String>,
}

/// The certificate that a device may trust, so that its browser warns no more.
#[component]
fn Certificate(props: &CertificateProps) -> Html {
    let Some(fingerprint) = &props.fingerprint else {
        return Html::default();
    };
    html! {
        <div class="l-stack u-gap-4">
            <p class="u-sm u-text-2">{ t!("network-certificate") }</p>
            <p class="u-sm h-fingerprint" data-test="network-fingerprint">
                <span class="u-text-2">{ t!("network-fingerprint") }{ " " }</span><bdi>{ fingerprint.clone() }</bdi>
            </p>
            // The app has no page of its own to load it from; the device has.
            if !backend::is_desktop() {
                <a class="h-link" href={CERTIFICATE} download="hearth-home.crt" data-test="network-certificate">{ t!("network-certificate-save") }</a>
            }
        </div>
    }
}

/// A code for one device.
#[component]
fn Connect() -> Html {
    let made = use_state_eq(|| None::<DeviceCode>);
    let create = use_mutation::<CreateDeviceCode>();
    let make = {
        let (create, made) = (create.clone(), made.setter());
        Callback::from(move |_: MouseEvent| {
            let made = made.clone();
            create.run(CreateDeviceCode {}, move |answer| {
                if let Ok(code) = answer {
                    announce::polite(t!("network-code-made"));
                    made.set(Some(code));
                }
            });
        })
    };
    let on_end = {
        let made = made.setter();
        Callback::from(move |()| made.set(None))
    };
    let copy = {
        let link = made.as_ref().and_then(|code| code.links.first().cloned());
        Callback::from(move |_: MouseEvent| {
            let Some(link) = link.clone() else { return };
            wasm_bindgen_futures::spawn_local(async move {
                if copy_text(&link).await {
                    toasts::done(t!("copied"));
                } else {
                    toasts::error(t!("copy-refused"));
                }
            });
        })
    };
    html! {
        <>
            if let Some(code) = &*made {
                <Card pad={CardPad::Roomy} test_id="device-code">
                    <div class="h-invite">
                        <div class="h-invite__qr"><QrCode svg={code.qr_svg.clone()} label={t!("network-qr")} /></div>
                        <div class="l-stack l-grow u-gap-16">
                            <p class="h-invite__time">
                                <Icon name={IconName::Clock} />
                                <span>{ t!("invite-valid") }{ " " }<strong><Countdown until={code.expires_at} {on_end} /></strong></span>
                            </p>
                            <p class="u-text-2">{ t!("network-how") }</p>
                            <p class="u-text-2 u-sm">{ t!("network-warning") }</p>
                            <div class="h-invite__link">
                                <TextField label={t!("network-link")} value={code.links.first().cloned().unwrap_or_default()} on_input={Callback::noop()} literal={true} test_id="device-link" />
                            </div>
                            <p class="u-print-only u-mono" dir="ltr">{ code.links.first().cloned().unwrap_or_default() }</p>
                            <div class="l-cluster u-gap-8">
                                <Button start={IconName::Copy} on_click={copy}>{ t!("invite-copy") }</Button>
                            </div>
                        </div>
                    </div>
                    <Banner tone={Tone::Warn}>{ t!("network-once") }</Banner>
                </Card>
            } else {
                <div>
                    <Button variant={Variant::Filled} start={IconName::Smartphone} pending={create.pending()} on_click={make} test_id="device-add">{ t!("network-add") }</Button>
                </div>
            }
            if let Some(error) = create.error() { <Banner tone={Tone::Danger} alert={true}>{ error_text(error) }</Banner> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    device: Device,
    on_gone: Callback<()>,
}

/// A connected device.
#[component]
fn Row(props: &RowProps) -> Html {
    let device = &props.device;
    let me = use_me();
    let of_other = me.is_some_and(|me| me.person.id != device.person);
    let revoke = use_mutation::<RevokeDevice>();
    let end = {
        let (revoke, device, on_gone) = (revoke.clone(), device.clone(), props.on_gone.clone());
        Callback::from(move |_: MouseEvent| {
            let (name, on_gone) = (device.name.clone(), on_gone.clone());
            revoke.run_or_toast(RevokeDevice { id: device.id }, move |_| {
                toasts::done(t!("network-gone", "device" => &name));
                on_gone.emit(());
            });
        })
    };
    html! {
        <ListRow
            title={html! { <bdi>{ device.name.clone() }</bdi> }}
            text={html! {
                <span class="l-cluster u-gap-4">
                    if of_other { <bdi>{ device.person_name.clone() }</bdi><span aria-hidden="true">{ "·" }</span> }
                    <span>{ t!("devices-last-used") }{ " " }<RelativeTime at={device.last_used_at} /></span>
                </span>
            }}
            start={html! { <span class="h-settings__icon"><Icon name={super::icon(&device.name)} /></span> }}
            end={html! {
                <span class="l-cluster u-gap-8">
                    if device.current { <Badge tone={Tone::Ok}>{ t!("devices-this") }</Badge> }
                    <Button size={Size::S} pending={revoke.pending()} label={Some(t!("network-end-one", "device" => &device.name))} on_click={end} test_id="device-end">{ t!("network-end") }</Button>
                </span>
            }}
            test_id="device"
        />
    }
}
