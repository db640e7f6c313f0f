//! A paired home: whether it answers, what waits for it, what is wrong in words and what to do.

use crate::components::{
    Avatar, AvatarKind, AvatarSize, Badge, Button, Icon, IconName, IconSize, Menu, MenuItem, RelativeTime,
    Size, Tone, Variant,
};
use crate::kit::i18n::try_translate;
use crate::kit::time as when;
use crate::t;
use hearth_api::PersonId;
use hearth_api::homes::{Home, HomeScope, HomeState};
use hearth_api::people::PersonCard;
use yew::prelude::*;

/// A difference of clocks that is worth telling.
const CLOCK_MS: u64 = 60_000;

/// What a person does with a paired home.
#[derive(Debug, Clone, PartialEq)]
pub enum HomeAct {
    /// Tries to reach it now.
    TryNow,
    /// Agrees with it on new keys.
    RenewKeys,
    /// Gives it a nickname.
    Rename,
    /// Blocks it.
    Block,
    /// Takes the block back.
    Unblock,
    /// Ends the connection.
    Remove,
    /// Compares the safety words.
    Compare,
    /// Lists what waits and what was not taken.
    Aside,
    /// Ends what a limited connection covers for one person.
    End(PersonCard),
}

/// The name that a home goes by here.
#[must_use]
pub fn home_name(home: &Home) -> AttrValue {
    let name = if home.nickname.is_empty() {
        &home.name
    } else {
        &home.nickname
    };
    if name.is_empty() {
        AttrValue::from(home.id_shown.clone())
    } else {
        AttrValue::from(name.clone())
    }
}

/// An error code in words: what happened, what is safe, what to do.
#[must_use]
pub fn code_text(code: &str) -> AttrValue {
    let id = code.replace('_', "-");
    try_translate(&format!("home-error-{id}"), &[])
        .or_else(|| try_translate(&format!("error-{id}"), &[]))
        .unwrap_or_else(|| t!("home-error-unknown", "code" => code))
}

/// Properties of [`HomeCard`].
#[derive(Properties, PartialEq)]
pub struct HomeCardProps {
    /// The home.
    pub home: Home,
    /// Whether the person runs this home.
    #[prop_or_default]
    pub admin: bool,
    /// Who looks at it: may end what is about them.
    #[prop_or_default]
    pub me: Option<PersonId>,
    /// Whether it is being tried.
    #[prop_or_default]
    pub trying: bool,
    /// What the person does with it.
    pub on_act: Callback<(Home, HomeAct)>,
}

/// A paired home.
#[component]
pub fn HomeCard(props: &HomeCardProps) -> Html {
    let home = &props.home;
    let act = |what: HomeAct| {
        let (on_act, home) = (props.on_act.clone(), home.clone());
        Callback::from(move |()| on_act.emit((home.clone(), what.clone())))
    };
    let press = |what: HomeAct| act(what).reform(|_: MouseEvent| ());
    let name = home_name(home);
    let (tone, icon, state) = match home.state {
        HomeState::Pending => (Tone::Warn, IconName::Clock, t!("home-state-pending")),
        HomeState::Blocked => (Tone::Danger, IconName::Ban, t!("home-state-blocked")),
        HomeState::Removed => (Tone::Neutral, IconName::X, t!("home-state-removed")),
        HomeState::Connected if home.refused > 0 || home.cloned => {
            (Tone::Danger, IconName::TriangleAlert, t!("home-state-trouble"))
        }
        HomeState::Connected if home.reachable => (Tone::Ok, IconName::CircleCheck, t!("home-state-ok")),
        HomeState::Connected if home.fetches => (Tone::Ok, IconName::CircleCheck, t!("home-state-fetches")),
        HomeState::Connected if home.shuts_out() => (Tone::Warn, IconName::Ban, t!("home-state-shut-out")),
        HomeState::Connected => (Tone::Warn, IconName::Moon, t!("home-state-asleep")),
    };
    let connected = home.state == HomeState::Connected;
    let mut items =
        vec![MenuItem::action(t!("home-rename"), IconName::Pencil, act(HomeAct::Rename)).test("home-rename")];
    if connected {
        items.push(
            MenuItem::action(t!("home-renew-keys"), IconName::KeyRound, act(HomeAct::RenewKeys))
                .test("home-renew-keys"),
        );
    }
    if matches!(home.state, HomeState::Connected | HomeState::Blocked) {
        items.push(
            MenuItem::action(t!("home-aside"), IconName::Inbox, act(HomeAct::Aside)).test("home-aside"),
        );
    }
    if home.state == HomeState::Blocked {
        items.push(
            MenuItem::action(t!("home-unblock"), IconName::LockOpen, act(HomeAct::Unblock))
                .test("home-unblock"),
        );
    } else {
        items.push(MenuItem::action(t!("home-block"), IconName::Ban, act(HomeAct::Block)).test("home-block"));
    }
    items.push(MenuItem::Line);
    items.push(
        MenuItem::danger(t!("home-remove"), IconName::Trash2, act(HomeAct::Remove)).test("home-remove"),
    );
    let about: &[PersonCard] = match &home.scope {
        HomeScope::Full => &[],
        HomeScope::Limited { people } => people,
    };
    let is_about_me = about.iter().any(|person| Some(person.id) == props.me);
    let clock_off = home.clock_difference_ms.unsigned_abs() >= CLOCK_MS;
    html! {
        <article class="h-home" aria-label={name.clone()} data-state={if home.is_awake() { "ok" } else { "asleep" }} data-test="home-card">
            <header class="h-home__head">
                <span class="h-home__picture"><Avatar name={name.clone()} kind={AvatarKind::Home} size={AvatarSize::M} /></span>
                <div class="h-home__words">
                    <h3 class="h-home__name"><bdi>{ name }</bdi></h3>
                    if !home.nickname.is_empty() && home.nickname != home.name {
                        <p class="u-sm u-text-2">{ t!("home-own-name", "name" => &home.name) }</p>
                    } else if let Some(contact) = &home.contact {
                        <p class="u-sm u-text-2">{ t!("home-contact", "name" => &contact.name) }</p>
                    }
                </div>
                <span class="h-home__state"><Badge {tone} {icon}>{ state }</Badge></span>
                if props.admin { <span class="h-home__menu"><Menu label={t!("home-menu", "name" => home_name(home))} size={Size::M} {items} test_id="home-menu" /></span> }
            </header>
            if home.scope != HomeScope::Full {
                <div class="h-home__scope" data-test="home-scope">
                    <p class="u-sm"><Badge tone={Tone::Neutral} icon={IconName::Users}>{ t!("home-limited") }</Badge>{ " " }{ t!("home-limited-text") }</p>
                    <ul class="h-home__people">
                        { for about.iter().map(|person| html! {
                            <li key={person.id.to_string()}>
                                <Avatar name={person.name.clone()} size={AvatarSize::Xs} />
                                <bdi>{ person.name.clone() }</bdi>
                                if props.admin || Some(person.id) == props.me {
                                    <Button size={Size::S} variant={Variant::Quiet} on_click={press(HomeAct::End(person.clone()))} test_id="home-end">{ t!("home-end") }</Button>
                                }
                            </li>
                        }) }
                    </ul>
                </div>
            }
            <dl class="h-home__facts">
                if let Some(at) = home.last_contact {
                    <div><dt>{ t!("home-last-contact") }</dt><dd><RelativeTime {at} /></dd></div>
                } else if connected {
                    <div><dt>{ t!("home-last-contact") }</dt><dd>{ t!("home-never") }</dd></div>
                }
                if connected {
                    <div><dt>{ t!("home-waiting") }</dt><dd class="u-tabular">{ if home.waiting == 0 { t!("home-nothing") } else { t!("home-items", "count" => home.waiting) } }</dd></div>
                }
                if home.refused > 0 { <div data-tone="danger"><dt>{ t!("home-refused") }</dt><dd class="u-tabular">{ t!("home-items", "count" => home.refused) }</dd></div> }
                if clock_off { <div data-tone="warn"><dt>{ t!("home-clock") }</dt><dd>{ clock(home.clock_difference_ms) }</dd></div> }
                if let Some(at) = home.next_try.filter(|at| connected && !home.is_awake() && at.ms_since(when::now()) > 0) {
                    <div><dt>{ t!("home-next-try") }</dt><dd><crate::components::Countdown until={at} /></dd></div>
                }
                if props.admin && !home.version.is_empty() { <div><dt>{ t!("home-version") }</dt><dd>{ home.version.clone() }</dd></div> }
            </dl>
            if connected && home.fetches {
                <p class="u-sm u-text-2" data-test="home-fetches">{ t!("home-fetches") }</p>
            } else if let Some(code) = home.last_error.as_ref().filter(|_| connected && !home.reachable) {
                <p class="h-home__error">{ code_text(code) }</p>
            }
            if connected && home.cloned {
                <p class="h-home__error" data-test="home-cloned">{ t!("home-cloned") }</p>
            }
            if connected && home.restored.is_some_and(|restored| restored.given_up) {
                <p class="h-home__error" data-test="home-given-up">{ t!("home-given-up") }</p>
            }
            if connected && props.admin && home.restored.is_some_and(|restored| restored.alone) {
                <p class="u-sm u-text-2" data-test="home-claims">{ t!("home-claims") }</p>
            } else if let Some(restored) = home.restored.filter(|restored| connected && !restored.done) {
                <p class="u-sm u-text-2" data-test="home-restored">
                    { if restored.here { t!("home-fetching") } else { t!("home-restored") } }
                </p>
            }
            if home.state == HomeState::Pending && home.words.is_some() && props.admin {
                <div class="l-cluster u-gap-8">
                    <Button variant={Variant::Filled} start={IconName::ShieldCheck} on_click={press(HomeAct::Compare)} test_id="home-compare">{ t!("pair-compare") }</Button>
                </div>
            } else if connected && home.words.is_some() && (props.admin || is_about_me) {
                <div class="l-cluster u-gap-8">
                    <Button start={IconName::ShieldCheck} on_click={press(HomeAct::Compare)} test_id="home-compare">{ t!("pair-compare") }</Button>
                </div>
            }
            if connected && (!home.is_awake() || home.waiting > 0 || home.refused > 0) {
                <div class="l-cluster u-gap-8">
                    <Button size={Size::S} start={IconName::RefreshCw} pending={props.trying} on_click={press(HomeAct::TryNow)} test_id="home-try">{ t!("home-try-now") }</Button>
                    if props.admin && (home.waiting > 0 || home.refused > 0) {
                        <Button size={Size::S} variant={Variant::Quiet} start={IconName::Inbox} on_click={press(HomeAct::Aside)} test_id="home-aside-open">{ t!("home-aside") }</Button>
                    }
                </div>
            }
            if props.admin && (!home.addresses.is_empty() || !home.id_shown.is_empty()) {
                <details class="h-home__more">
                    <summary>{ t!("home-details") }<Icon name={IconName::ChevronDown} size={IconSize::S} class="h-fold" /></summary>
                    <dl class="h-home__facts">
                        if !home.addresses.is_empty() { <div><dt>{ t!("home-addresses") }</dt><dd dir="ltr">{ home.addresses.join(", ") }</dd></div> }
                        <div><dt>{ t!("home-id") }</dt><dd class="u-mono u-xs" dir="ltr">{ home.id_shown.clone() }</dd></div>
                        if let Some(at) = home.connected_at { <div><dt>{ t!("home-since") }</dt><dd>{ when::absolute(at) }</dd></div> }
                    </dl>
                </details>
            }
        </article>
    }
}

/// A difference of clocks in words.
fn clock(ms: i64) -> AttrValue {
    let minutes = ms.unsigned_abs().div_ceil(60_000);
    if ms > 0 {
        t!("home-clock-ahead", "count" => minutes)
    } else {
        t!("home-clock-behind", "count" => minutes)
    }
}
