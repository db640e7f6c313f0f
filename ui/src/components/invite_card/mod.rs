//! An invite to pair with this home: to be scanned, sent or saved; how long it is good; taken back.

use crate::components::{
    Banner, Button, Card, CardPad, Countdown, IconName, QrCode, TextField, Tone, Variant,
};
use crate::kit::dom::{copy_text, save_text};
use crate::t;
use gloo_timers::callback::Timeout;
use hearth_api::homes::HomeInvite;
use yew::prelude::*;

/// Properties of [`InviteCard`].
#[derive(Properties, PartialEq)]
pub struct InviteCardProps {
    /// The invite.
    pub invite: HomeInvite,
    /// What the saved file is called, without its ending.
    pub file_name: AttrValue,
    /// Whether it is being taken back.
    #[prop_or_default]
    pub pending: bool,
    /// Takes it back.
    pub on_cancel: Callback<()>,
    /// Its time is over.
    #[prop_or_default]
    pub on_expired: Callback<()>,
}

/// An invite.
#[component]
pub fn InviteCard(props: &InviteCardProps) -> Html {
    let copied = use_state_eq(|| false);
    let timer = use_mut_ref(|| None::<Timeout>);
    let expired = use_state_eq(|| false);
    let copy = {
        let (link, copied) = (props.invite.link.clone(), copied.setter());
        Callback::from(move |_: MouseEvent| {
            let (link, copied, timer) = (link.clone(), copied.clone(), std::rc::Rc::clone(&timer));
            wasm_bindgen_futures::spawn_local(async move {
                if copy_text(&link).await {
                    copied.set(true);
                    crate::kit::announce::polite(t!("copied"));
                    timer.replace(Some(Timeout::new(2_000, move || copied.set(false))));
                } else {
                    crate::state::toasts::error(t!("copy-refused"));
                }
            });
        })
    };
    let save = {
        let (link, name) = (props.invite.link.clone(), props.file_name.clone());
        Callback::from(move |_: MouseEvent| save_text(&format!("{name}.hearth-invite"), "text/plain", &link))
    };
    let on_end = {
        let (expired, on_expired) = (expired.setter(), props.on_expired.clone());
        Callback::from(move |()| {
            expired.set(true);
            on_expired.emit(());
        })
    };
    html! {
        <Card pad={CardPad::Roomy} test_id="invite-card">
            <div class="h-invite" data-expired={expired.then_some("true")}>
                <div class="h-invite__qr"><QrCode svg={props.invite.qr_svg.clone()} label={t!("invite-qr")} /></div>
                <div class="l-stack l-grow u-gap-16">
                    <p class="h-invite__time">
                        <crate::components::Icon name={IconName::Clock} />
                        if *expired { { t!("invite-over") } } else {
                            <span>{ t!("invite-valid") }{ " " }<strong><Countdown until={props.invite.info.expires_at} on_end={on_end} /></strong></span>
                        }
                    </p>
                    <p class="u-text-2">{ t!("invite-how") }</p>
                    <div class="h-invite__link">
                        <TextField label={t!("invite-link")} value={props.invite.link.clone()} on_input={Callback::noop()} literal={true} test_id="invite-link" />
                    </div>
                    <p class="u-print-only u-mono" dir="ltr">{ props.invite.link.clone() }</p>
                    <div class="l-cluster u-gap-8">
                        <Button variant={Variant::Filled} start={if *copied { IconName::Check } else { IconName::Copy }} on_click={copy} test_id="invite-copy">
                            { if *copied { t!("copied") } else { t!("invite-copy") } }
                        </Button>
                        <Button start={IconName::Download} on_click={save} test_id="invite-save">{ t!("invite-save") }</Button>
                        <Button variant={Variant::Quiet} pending={props.pending} on_click={props.on_cancel.reform(|_: MouseEvent| ())} test_id="invite-cancel">{ t!("invite-cancel") }</Button>
                    </div>
                </div>
            </div>
            <Banner tone={Tone::Neutral}>{ t!("invite-once") }</Banner>
        </Card>
    }
}
