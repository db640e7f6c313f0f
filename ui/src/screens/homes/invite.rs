//! Inviting another home: made, shown once, watched until it is used.

use super::words::{CompareWords, Cut};
use crate::prelude::*;
use hearth_api::homes::{
    CancelHomeInvite, CreateHomeInvite, Home, HomeInvite, HomeInviteInfo, InviteScope, ListHomeInvites,
    ListHomes,
};
use hearth_api::{HomeId, InviteId};

/// Inviting a home.
#[component]
pub fn PairInvitePage() -> Html {
    let me = use_me();
    let admin = me.as_ref().is_some_and(|m| m.role.is_admin());
    let invites = use_query(ListHomeInvites::default(), vec![Topic::Homes]);
    let homes = use_query(ListHomes::default(), vec![Topic::Homes]);
    let minutes = use_state_eq(|| "2880".to_owned());
    // Who does not run the home can invite for themselves only.
    let whole = use_state_eq(|| true);
    let scope = if admin && *whole {
        InviteScope::Full
    } else {
        InviteScope::Person
    };
    let made = use_state_eq(|| None::<HomeInvite>);
    let create = use_mutation::<CreateHomeInvite>();
    let cancel = use_mutation::<CancelHomeInvite>();

    let make = {
        let (create, made, minutes, refetch) = (
            create.clone(),
            made.setter(),
            minutes.clone(),
            invites.refetch.clone(),
        );
        Callback::from(move |_: MouseEvent| {
            let (made, refetch) = (made.clone(), refetch.clone());
            create.run(
                CreateHomeInvite {
                    minutes: minutes.parse().ok(),
                    scope,
                },
                move |answer| {
                    if let Ok(invite) = answer {
                        announce::polite(t!("invite-made"));
                        made.set(Some(invite));
                        refetch.emit(());
                    }
                },
            );
        })
    };
    let take_back = {
        let (cancel, made, refetch) = (cancel.clone(), made.clone(), invites.refetch.clone());
        Callback::from(move |id: InviteId| {
            let (made, refetch) = (made.clone(), refetch.clone());
            cancel.run_or_toast(CancelHomeInvite { id }, move |_| {
                if made.as_ref().is_some_and(|m| m.info.id == id) {
                    made.set(None);
                }
                toasts::done(t!("invite-cancelled"));
                refetch.emit(());
            });
        })
    };
    let on_minutes = {
        let minutes = minutes.setter();
        Callback::from(move |value: String| minutes.set(value))
    };
    let on_scope = {
        let whole = whole.setter();
        Callback::from(move |value: String| whole.set(value == "full"))
    };
    // The home that used the invite shown here: now both compare the words.
    let used: Option<HomeId> = made.as_ref().and_then(|m| {
        let list = invites.data.as_ref()?;
        list.iter().find(|i| i.id == m.info.id)?.used_by.clone()
    });
    let partner = used
        .as_ref()
        .and_then(|id| homes.data.as_ref()?.iter().find(|h| h.id == *id).cloned());
    // Kept: should it end the connection meanwhile, it is named.
    let met = use_mut_ref(|| None::<Home>);
    if partner.is_some() {
        met.borrow_mut().clone_from(&partner);
    }
    let partner = partner.or_else(|| {
        met.borrow()
            .clone()
            .filter(|home| used.as_ref() == Some(&home.id))
    });
    let again = {
        let made = made.setter();
        Callback::from(move |()| made.set(None))
    };
    let home_name = me
        .as_ref()
        .map(|m| m.person.home.name.clone())
        .unwrap_or_default();
    let others: Vec<HomeInviteInfo> = invites
        .data
        .iter()
        .flat_map(|list| list.iter())
        .filter(|i| i.used_by.is_none() && made.as_ref().is_none_or(|m| m.info.id != i.id))
        .cloned()
        .collect();
    let option = |value: &'static str, label: AttrValue| SelectOption::new(value, label);
    html! {
        <Page title={t!("pair-invite-title")} back={Route::Pair} width={PageWidth::Medium} test_id="pair-invite">
            <div class="l-stack u-gap-24">
                if let Some(home) = partner {
                    <CompareWords key={home.id.to_string()} home={home.clone()} on_again={again} />
                } else if let Some(home) = used {
                    // Connected and cut before that could be shown here, or the list is still on its way.
                    if homes.busy {
                        <p class="h-waiting" role="status"><Spinner /><span>{ t!("invite-waiting") }</span></p>
                    } else {
                        <Cut key={home.to_string()} home={home.clone()} name={t!("notice-a-home")} on_again={again} />
                    }
                } else if let Some(invite) = &*made {
                    <Stepper steps={vec![t!("pair-step-invite"), t!("pair-step-compare"), t!("pair-step-done")]} current={0} />
                    <InviteCard
                        invite={invite.clone()}
                        file_name={AttrValue::from(file_name(&home_name))}
                        pending={cancel.pending()}
                        on_cancel={take_back.reform({ let id = invite.info.id; move |()| id })}
                        on_expired={invites.refetch.clone()}
                    />
                    <p class="h-waiting" role="status"><Spinner /><span>{ t!("invite-waiting") }</span></p>
                } else {
                    <Card pad={CardPad::Roomy}>
                        <div class="l-stack u-gap-20">
                            <p>{ if admin { t!("invite-intro") } else { t!("invite-intro-limited") } }</p>
                            <ol class="h-steps">
                                <li>{ t!("invite-step-1") }</li>
                                <li>{ t!("invite-step-2") }</li>
                                <li>{ t!("invite-step-3") }</li>
                            </ol>
                            if admin {
                                <Select label={t!("invite-scope")} value={if *whole { "full" } else { "person" }} on_change={on_scope} options={vec![
                                    option("full", t!("invite-scope-full")), option("person", t!("invite-scope-person")),
                                ]} hint={if *whole { t!("invite-scope-full-text") } else { t!("invite-scope-person-text") }} test_id="invite-scope" />
                            }
                            <Select label={t!("invite-for")} value={(*minutes).clone()} on_change={on_minutes} options={vec![
                                option("15", t!("invite-15-minutes")), option("60", t!("invite-hour")), option("2880", t!("invite-two-days")), option("10080", t!("invite-week")),
                            ]} test_id="invite-minutes" />
                            if let Some(error) = create.error() { <Banner tone={Tone::Danger} alert={true}>{ error_text(error) }</Banner> }
                            <div class="l-cluster u-gap-8 h-steps-do">
                                <Button variant={Variant::Filled} start={IconName::QrCode} pending={create.pending()} on_click={make} test_id="invite-create">{ t!("invite-create") }</Button>
                            </div>
                        </div>
                    </Card>
                }
                if !others.is_empty() {
                    <Section title={t!("invite-open")} hint={t!("invite-open-hint")}>
                        <Card pad={CardPad::None}>
                            { for others.into_iter().map(|invite| html! {
                                <ListRow
                                    key={invite.id.to_string()}
                                    start={html! { <Icon name={IconName::Ticket} /> }}
                                    title={html! { <>
                                        if invite.scope != InviteScope::Full { { t!("invite-limited") }{ " · " } }
                                        { t!("invite-made-at") }{ " " }<RelativeTime at={invite.created_at} /></> }}
                                    text={html! { <>{ t!("invite-valid") }{ " " }<Countdown until={invite.expires_at} on_end={invites.refetch.clone()} /></> }}
                                    end={html! {
                                        <Button size={Size::S} pending={cancel.pending()} on_click={take_back.reform({ let id = invite.id; move |_: MouseEvent| id })}>{ t!("invite-cancel") }</Button>
                                    }}
                                />
                            }) }
                        </Card>
                    </Section>
                }
            </div>
        </Page>
    }
}

/// A name that every file system takes.
fn file_name(home: &str) -> String {
    let name: String = home
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '-' })
        .take(40)
        .collect();
    let name = name.trim_matches('-');
    if name.is_empty() {
        "home".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_plain() {
        assert_eq!(file_name("Haus am Hügel / 3"), "Haus-am-Hügel---3");
        assert_eq!(file_name("../"), "home");
    }
}
