//! Where the account is signed in, and ending that; other devices in the network.

mod network;

use crate::prelude::*;
use hearth_api::session::{ListSessions, RevokeOtherSessions, RevokeSession, SessionInfo};

fn icon(device: &str) -> IconName {
    if device.contains("iPhone") || device.contains("Android") {
        IconName::Smartphone
    } else if device.starts_with("Hearth") {
        IconName::Monitor
    } else {
        IconName::Laptop
    }
}

/// Sessions.
#[component]
pub(super) fn DevicesSection() -> Html {
    let sessions = use_query(ListSessions {}, vec![Topic::Account]);
    let end_others = use_mutation::<RevokeOtherSessions>();
    let revoke = {
        let sessions = sessions.clone();
        Callback::from(move |session: SessionInfo| {
            let old = sessions.change(|all| all.retain(|s| s.id != session.id));
            let (set, refetch) = (sessions.set.clone(), sessions.refetch.clone());
            optimistic(
                RevokeSession { id: session.id },
                move || {
                    if let Some(old) = old {
                        set.emit(old);
                    }
                },
                move |_| {
                    toasts::done(t!("devices-ended", "device" => &session.device));
                    refetch.emit(());
                },
            );
        })
    };
    let others = {
        let (end_others, refetch) = (end_others.clone(), sessions.refetch.clone());
        Callback::from(move |_: MouseEvent| {
            let refetch = refetch.clone();
            end_others.run_or_toast(RevokeOtherSessions {}, move |_| {
                toasts::done(t!("devices-others-ended"));
                refetch.emit(());
            });
        })
    };
    let skeleton = html! { <div class="l-stack"><SkeletonRow /><SkeletonRow /></div> };
    sessions.view(skeleton, |all| {
        html! {
            <>
                <Section title={t!("devices-sessions")}>
                <Card pad={CardPad::None}>
                    <div class="h-settings__row">
                        { for all.iter().map(|session| html! { <Row key={session.id.to_string()} session={session.clone()} on_end={revoke.clone()} /> }) }
                    </div>
                </Card>
                if all.len() > 1 {
                    <div>
                        <Button start={IconName::LogOut} on_click={others} pending={end_others.pending()} test_id="end-others">{ t!("devices-end-others") }</Button>
                    </div>
                }
                </Section>
                <network::Network />
            </>
        }
    })
}

#[derive(Properties, PartialEq)]
struct RowProps {
    session: SessionInfo,
    on_end: Callback<SessionInfo>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let session = &props.session;
    let end = {
        let (on_end, session) = (props.on_end.clone(), session.clone());
        Callback::from(move |_: MouseEvent| on_end.emit(session.clone()))
    };
    let device = if session.device.is_empty() {
        t!("devices-unknown")
    } else {
        session.device.clone().into()
    };
    html! {
        <ListRow
            title={html! { <bdi>{ device.clone() }</bdi> }}
            text={html! {
                <span class="l-cluster u-gap-4">
                    if session.address.is_empty() { { t!("devices-here") } } else { <bdi>{ session.address.clone() }</bdi> }
                    <span aria-hidden="true">{ "·" }</span>
                    <span>{ t!("devices-last-used") }{ " " }<RelativeTime at={session.last_used_at} /></span>
                </span>
            }}
            start={html! { <span class="h-settings__icon"><Icon name={icon(&session.device)} /></span> }}
            end={html! {
                if session.current {
                    <Badge tone={Tone::Ok}>{ t!("devices-this") }</Badge>
                } else {
                    <Button size={Size::S} label={Some(t!("devices-end-one", "device" => &device))} on_click={end}>{ t!("devices-end") }</Button>
                }
            }}
            test_id="session"
        />
    }
}
