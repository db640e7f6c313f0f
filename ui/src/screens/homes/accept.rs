//! Taking up an invite: read it, see who it is from before anything is sent, pair, compare the words.

use super::words::CompareWords;
use crate::components::home_card::home_name;
use crate::kit::qr::{self, Unread};
use crate::prelude::*;
use hearth_api::homes::{
    AcceptInvite, Home, HomeState, InvitePreview, InviteScope, ListHomes, PreviewInvite,
};
use hearth_api::{ApiError, Code};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// Longer than any invite.
const LONGEST: f64 = 16_384.0;

/// Pairing with another home: the two ways.
#[component]
pub fn PairPage() -> Html {
    let me = use_me();
    let admin = me.as_ref().is_some_and(|m| m.role.is_admin());
    let homes = use_query(ListHomes::default(), vec![Topic::Homes]);
    let link = use_state_eq(String::new);
    let wrong = use_state_eq(|| None::<AttrValue>);
    let chosen = use_state_eq(|| None::<AttrValue>);
    let over = use_state_eq(|| false);
    let drop_node = use_node_ref();

    let open = {
        let (chosen, wrong) = (chosen.setter(), wrong.setter());
        Callback::from(move |text: String| {
            let text = text.trim().to_owned();
            if text.is_empty() {
                wrong.set(Some(t!("pair-link-missing")));
            } else {
                wrong.set(None);
                chosen.set(Some(text.into()));
            }
        })
    };
    let read = {
        let (open, wrong) = (open.clone(), wrong.setter());
        Callback::from(move |file: web_sys::File| {
            let (open, wrong) = (open.clone(), wrong.clone());
            if qr::is_picture(&file) {
                wrong.set(None);
                wasm_bindgen_futures::spawn_local(async move {
                    match qr::read(&file).await {
                        Ok(text) => open.emit(text),
                        Err(Unread::NoCode) => wrong.set(Some(t!("pair-picture-no-code"))),
                        Err(Unread::NoPicture) => wrong.set(Some(t!("pair-picture-unread"))),
                    }
                });
                return;
            }
            if file.size() > LONGEST {
                wrong.set(Some(t!("error-invite-invalid")));
                return;
            }
            wasm_bindgen_futures::spawn_local(async move {
                let text = JsFuture::from(file.text()).await.ok().and_then(|t| t.as_string());
                match text {
                    Some(text) => open.emit(text),
                    None => wrong.set(Some(t!("error-bad-file"))),
                }
            });
        })
    };
    let on_files = {
        let read = read.clone();
        Callback::from(move |files: Vec<web_sys::File>| {
            if let Some(file) = files.into_iter().next() {
                read.emit(file);
            }
        })
    };
    let ondragover = {
        let over = over.setter();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(true);
        })
    };
    let ondragleave = {
        let over = over.setter();
        Callback::from(move |_: DragEvent| over.set(false))
    };
    let ondrop = {
        let (over, read, open) = (over.setter(), read.clone(), open.clone());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(false);
            let Some(data) = event.data_transfer() else { return };
            if let Some(file) = data.files().and_then(|f| f.get(0)) {
                read.emit(file);
            } else if let Ok(text) = data.get_data("text/plain") {
                open.emit(text);
            }
        })
    };
    // A picture or an invite file from the clipboard; pasted words go into the field by themselves.
    let chosen_one = chosen.is_some();
    let pasted = link.setter();
    let on_paste = use_callback(chosen_one, move |event: Event, chosen_one| {
        let data = event
            .dyn_ref::<web_sys::ClipboardEvent>()
            .and_then(web_sys::ClipboardEvent::clipboard_data);
        let Some(data) = data.filter(|_| !chosen_one) else {
            return;
        };
        if let Some(file) = data.files().and_then(|files| files.get(0)) {
            event.prevent_default();
            read.emit(file);
        } else if let Ok(text) = data.get_data("text/plain")
            && text.trim().contains('\n')
        {
            // A field of one line would join what stands on two: the words of a message with the link in it.
            event.prevent_default();
            pasted.set(text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    });
    use_window_event("paste", on_paste);
    let onsubmit = {
        let (open, link) = (open.clone(), link.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            open.emit((*link).clone());
        })
    };
    let on_input = {
        let (link, wrong) = (link.setter(), wrong.setter());
        Callback::from(move |text: String| {
            wrong.set(None);
            link.set(text);
        })
    };
    let again = {
        let chosen = chosen.setter();
        Callback::from(move |()| chosen.set(None))
    };
    let waiting: Vec<Home> = homes
        .data
        .iter()
        .flat_map(|list| list.iter())
        .filter(|h| h.state == HomeState::Pending && h.words.is_some())
        .cloned()
        .collect();
    html! {
        <Page title={t!("command-pair")} back={Route::Health} width={PageWidth::Medium} test_id="pair">
            <div class="l-stack u-gap-24">
                if !admin {
                    <EmptyState icon={IconName::Handshake} title={t!("pair-admins-only")} text={t!("pair-admins-only-text")}>
                        <ButtonLink to={Route::PairInvite} variant={Variant::Filled} test_id="pair-to-invite">{ t!("pair-invite-self") }</ButtonLink>
                    </EmptyState>
                } else if let Some(link) = &*chosen {
                    <Accept link={link.clone()} on_back={again} />
                } else {
                    { for waiting.into_iter().map(|home| html! {
                        <Banner key={home.id.to_string()} tone={Tone::Warn} icon={IconName::ShieldCheck} actions={html! {
                            <ButtonLink to={Route::Health} size={Size::S}>{ t!("pair-compare") }</ButtonLink>
                        }}>{ t!("pair-pending", "home" => home_name(&home)) }</Banner>
                    }) }
                    <p class="u-lg u-text-2">{ t!("pair-intro") }</p>
                    <div class="h-ways">
                        <Card pad={CardPad::Roomy}>
                            <div class="l-stack u-gap-16">
                                <span class="h-ways__mark"><Icon name={IconName::HousePlus} size={IconSize::L} /></span>
                                <h2 class="h-ways__title">{ t!("pair-invite-title") }</h2>
                                <p class="u-text-2">{ t!("pair-invite-text") }</p>
                                <ButtonLink to={Route::PairInvite} variant={Variant::Filled} full={true} test_id="pair-to-invite">{ t!("pair-invite-do") }</ButtonLink>
                            </div>
                        </Card>
                        <Card pad={CardPad::Roomy}>
                            <form class="l-stack u-gap-16" {onsubmit}>
                                <span class="h-ways__mark"><Icon name={IconName::Inbox} size={IconSize::L} /></span>
                                <h2 class="h-ways__title">{ t!("pair-accept-title") }</h2>
                                <TextField label={t!("pair-link")} value={(*link).clone()} {on_input} placeholder="hearth://i/…" literal={true}
                                    error={(*wrong).clone()} hint={t!("pair-link-hint")} test_id="pair-link" />
                                <Button variant={Variant::Filled} kind={ButtonKind::Submit} full={true} test_id="pair-open">{ t!("pair-open") }</Button>
                                <div class="h-drop" ref={drop_node} data-over={over.then_some("true")} {ondragover} {ondragleave} {ondrop} data-test="pair-drop">
                                    <FilePick label={t!("pair-choose-file")} {on_files} accept=".hearth-invite,text/plain,image/*" icon={IconName::QrCode} variant={Variant::Quiet} test_id="pair-file" />
                                    <span class="u-sm u-text-2 u-wide-only">{ t!("pair-drop") }</span>
                                </div>
                            </form>
                        </Card>
                    </div>
                }
            </div>
        </Page>
    }
}

/// Properties of [`InvitePage`].
#[derive(Properties, PartialEq)]
pub struct InvitePageProps {
    /// The code of the link.
    pub code: String,
}

/// An invite that was opened by its link.
#[component]
pub fn InvitePage(props: &InvitePageProps) -> Html {
    let go = use_go();
    let back = Callback::from(move |()| go.replace(&Route::Pair));
    html! {
        <Page title={t!("pair-invite-opened")} back={Route::Pair} width={PageWidth::Medium} test_id="invite">
            <Accept link={AttrValue::from(format!("hearth://i/{}", props.code))} on_back={back} />
        </Page>
    }
}

#[derive(Properties, PartialEq)]
struct AcceptProps {
    link: AttrValue,
    on_back: Callback<()>,
}

/// An invite: who it is from, then the pairing.
#[component]
fn Accept(props: &AcceptProps) -> Html {
    let me = use_me();
    let admin = me.as_ref().is_some_and(|m| m.role.is_admin());
    let preview = use_query(
        PreviewInvite {
            link: props.link.to_string(),
        },
        vec![],
    );
    let accept = use_mutation::<AcceptInvite>();
    let home = use_state_eq(|| None::<Home>);
    let same = use_state_eq(|| false);
    let on_same = {
        let same = same.setter();
        Callback::from(move |()| same.set(true))
    };
    let run = {
        let (accept, home, link) = (accept.clone(), home.setter(), props.link.to_string());
        Callback::from(move |()| {
            let home = home.clone();
            accept.run(AcceptInvite { link: link.clone() }, move |answer| match answer {
                Ok(paired) => home.set(Some(paired)),
                Err(error) => announce::assertive(error_text(&error)),
            });
        })
    };
    let back = props.on_back.reform(|_: MouseEvent| ());
    let current = usize::from(home.is_some()) + usize::from(*same);
    let body = match (&*home, &preview.data, &preview.error) {
        (Some(home), _, _) => html! { <CompareWords home={home.clone()} {on_same} /> },
        (None, Some(invite), _) => {
            let addresses = &invite.addresses;
            let stop = if invite.own {
                Some((t!("error-invite-own"), t!("pair-next-own")))
            } else if invite.expired {
                Some((t!("error-invite-expired"), t!("pair-next-expired")))
            } else if !admin {
                Some((t!("pair-admins-only"), t!("pair-admins-only-text")))
            } else {
                None
            };
            html! {
                <Card pad={CardPad::Roomy} test_id="invite-preview">
                    <div class="l-stack u-gap-20">
                        <div class="h-preview__head">
                            <Avatar name={invite.home_shown.clone()} kind={AvatarKind::Home} size={AvatarSize::L} />
                            <div>
                                <h2 class="h-ways__title">{ t!("pair-preview-title") }</h2>
                                <p class="u-text-2">{ t!("pair-preview-text") }</p>
                            </div>
                        </div>
                        { facts(invite) }
                        if invite.known { <Banner tone={Tone::Neutral}>{ t!("pair-preview-known") }</Banner> }
                        if let Some((what, next)) = stop {
                            <Banner tone={Tone::Danger} test_id="invite-stop"><p>{ what }</p><p class="u-sm">{ next }</p></Banner>
                            <div class="l-cluster u-gap-8"><Button on_click={back}>{ t!("pair-other-invite") }</Button></div>
                        } else {
                            if let Some(error) = accept.error() { { problem(error, addresses) } }
                            <p class="u-sm u-text-2">{ t!("pair-preview-nothing") }</p>
                            <div class="l-cluster u-gap-8">
                                <Button variant={Variant::Filled} start={IconName::Handshake} pending={accept.pending()} on_click={run.reform(|_: MouseEvent| ())} test_id="invite-accept">
                                    { if accept.pending() { t!("pair-connecting") } else if accept.error().is_some() { t!("action-try-again") } else { t!("pair-connect") } }
                                </Button>
                                <Button variant={Variant::Quiet} on_click={back}>{ t!("pair-not-now") }</Button>
                            </div>
                        }
                    </div>
                </Card>
            }
        }
        (None, None, Some(error)) => html! {
            <Card pad={CardPad::Roomy}>
                <div class="l-stack u-gap-16">
                    { problem(error, &[]) }
                    <div class="l-cluster u-gap-8"><Button on_click={back}>{ t!("pair-other-invite") }</Button></div>
                </div>
            </Card>
        },
        (None, None, None) => html! { <Skeleton><SkeletonCard /></Skeleton> },
    };
    html! {
        <div class="l-stack u-gap-24">
            <Stepper steps={vec![t!("pair-step-look"), t!("pair-step-compare"), t!("pair-step-done")]} {current} />
            { body }
        </div>
    }
}

fn facts(invite: &InvitePreview) -> Html {
    html! {
        <dl class="h-facts">
            <div class="h-facts__row"><dt>{ t!("home-id") }</dt><dd class="u-mono u-sm" dir="ltr">{ invite.home_shown.clone() }</dd></div>
            <div class="h-facts__row">
                <dt>{ t!("home-addresses") }</dt>
                <dd dir="ltr">{ for invite.addresses.iter().map(|address| html! { <div>{ address.clone() }</div> }) }</dd>
            </div>
            <div class="h-facts__row">
                <dt>{ t!("pair-preview-until") }</dt>
                <dd>{ when::absolute(invite.expires_at) }</dd>
            </div>
            <div class="h-facts__row"><dt>{ t!("pair-preview-shared") }</dt><dd>
                { if invite.scope == InviteScope::Full { t!("pair-preview-shared-text") } else { t!("pair-preview-limited-text") } }
            </dd></div>
        </dl>
    }
}

/// What went wrong and the next step for exactly that.
fn problem(error: &ApiError, addresses: &[String]) -> Html {
    let next = match error.code {
        Code::InviteExpired => Some(t!("pair-next-expired")),
        Code::InviteUsed => Some(t!("pair-next-used")),
        Code::InviteOwn => Some(t!("pair-next-own")),
        Code::InviteInvalid => Some(t!("pair-next-invalid")),
        Code::HomeUnreachable | Code::Timeout => {
            Some(t!("pair-next-unreachable", "addresses" => addresses.join(", ")))
        }
        Code::ClockSkew => Some(t!("pair-next-clock", "time" => when::absolute(when::now()))),
        Code::VersionMismatch => Some(t!("pair-next-version")),
        Code::BadSignature | Code::WrongDestination => Some(t!("pair-next-identity")),
        _ => None,
    };
    html! {
        <Banner tone={Tone::Danger} alert={true} test_id="pair-error">
            <p>{ error_text(error) }</p>
            if let Some(next) = next { <p class="u-sm">{ next }</p> }
        </Banner>
    }
}
