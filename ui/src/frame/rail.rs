//! The navigation: beside the page, below it on a phone, and the rest of it behind "More".

use crate::components::avatar::{AvatarSize, PersonAvatar};
use crate::components::button::aria_keys;
use crate::components::link::Link;
use crate::components::{CountBadge, Dialog, DialogSize, Icon, IconName, IconSize};
use crate::frame::commands::{sign_out, toggle_theme};
use crate::frame::me_menu::{MeMenu, menu_text, theme_icon, unsaved_count};
use crate::kit::keys::Key;
use crate::routes::{Area, Route};
use crate::state::desktop::{self, use_offered_update};
use crate::state::unsaved::use_unsaved;
use crate::state::use_settings;
use crate::t;
use hearth_api::session::Me;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct RailProps {
    pub(super) me: Me,
    pub(super) area: Option<Area>,
    pub(super) on_search: Callback<()>,
    pub(super) on_keys: Callback<()>,
}

fn rail_link(
    to: Route,
    icon: IconName,
    label: AttrValue,
    current: bool,
    count: u32,
    count_label: AttrValue,
) -> Html {
    html! {
        <Link {to} class="h-rail__link" {current} tip={label.clone()}>
            <span class="h-rail__icon">
                <Icon name={icon} />
                <CountBadge {count} label={count_label} />
            </span>
            <span class="h-rail__label">{ label }</span>
        </Link>
    }
}

/// The navigation beside the page.
#[component]
pub(super) fn NavRail(props: &RailProps) -> Html {
    let me = &props.me;
    let is = |area: Area| props.area == Some(area);
    let requests = t!("nav-requests-count", "count" => me.requests);
    let unread = t!("nav-unread-count", "count" => me.unread);
    let none = AttrValue::default();
    html! {
        <nav class="h-rail" aria-label={t!("nav-main")} data-pane="" data-tips="beside">
            <MeMenu me={me.clone()} on_keys={props.on_keys.clone()} />
            <div class="h-rail__part">
                { rail_link(Route::Feed, IconName::House, t!("nav-home"), is(Area::Feed), 0, none.clone()) }
                { rail_link(Route::Friends, IconName::Users, t!("nav-friends"), is(Area::Friends), me.requests, requests) }
                { rail_link(Route::Chats, IconName::Bot, t!("nav-assistant"), is(Area::Assistant), 0, none.clone()) }
            </div>
            <Link to={Route::Compose} class="h-rail__new" tip={t!("command-new-post")} test_id="nav-compose">
                <Icon name={IconName::Pencil} />
                <span class="h-rail__label">{ t!("nav-compose") }</span>
            </Link>
            <div class="h-rail__part h-rail__foot">
                <button type="button" class="h-rail__link" onclick={props.on_search.reform(|_: MouseEvent| ())} data-tip={t!("nav-search")} aria-keyshortcuts={aria_keys(Some(Key::Palette))} data-test="nav-search">
                    <span class="h-rail__icon"><Icon name={IconName::Search} /></span>
                    <span class="h-rail__label">{ t!("nav-search") }</span>
                </button>
                { rail_link(Route::Notifications, IconName::Bell, t!("nav-notifications"), is(Area::Notifications), me.unread, unread) }
                { rail_link(Route::Health, IconName::HeartPulse, t!("nav-health"), is(Area::Health), 0, none.clone()) }
                { rail_link(Route::Settings, IconName::Settings, t!("nav-settings"), is(Area::Settings), 0, none) }
            </div>
        </nav>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct BottomBarProps {
    pub(super) me: Me,
    pub(super) area: Option<Area>,
    pub(super) on_more: Callback<()>,
}

/// The navigation below the page, on a phone.
#[component]
pub(super) fn BottomBar(props: &BottomBarProps) -> Html {
    let me = &props.me;
    let link = |to: Route,
                icon: IconName,
                label: AttrValue,
                area: Area,
                count: u32,
                count_label: AttrValue| {
        html! {
            <Link {to} class="h-bottom__link" current={props.area == Some(area)}>
                <span class="h-rail__icon"><Icon name={icon} size={IconSize::L} /><CountBadge {count} label={count_label} /></span>
                <span class="h-bottom__label">{ label }</span>
            </Link>
        }
    };
    let none = AttrValue::default();
    let requests = t!("nav-requests-count", "count" => me.requests);
    let unsaved = unsaved_count(&use_unsaved());
    html! {
        <nav class="h-bottom" aria-label={t!("nav-main")}>
            { link(Route::Feed, IconName::House, t!("nav-home"), Area::Feed, 0, none.clone()) }
            { link(Route::Friends, IconName::Users, t!("nav-friends"), Area::Friends, me.requests, requests) }
            <Link to={Route::Compose} class="h-bottom__new" label={t!("command-new-post")}><Icon name={IconName::Plus} size={IconSize::L} /></Link>
            { link(Route::Chats, IconName::Bot, t!("nav-assistant"), Area::Assistant, 0, none) }
            <button type="button" class="h-bottom__link" aria-haspopup="dialog" onclick={props.on_more.reform(|_: MouseEvent| ())} data-test="nav-more">
                <span class="h-rail__icon"><Icon name={IconName::Menu} size={IconSize::L} /><CountBadge count={me.unread + unsaved} label={more_label(me.unread, unsaved)} /></span>
                <span class="h-bottom__label">{ t!("nav-more") }</span>
            </button>
        </nav>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct MoreProps {
    pub(super) me: Me,
    pub(super) on_close: Callback<()>,
    pub(super) on_search: Callback<()>,
    pub(super) on_keys: Callback<()>,
}

/// The rest of the navigation, on a phone.
#[component]
pub(super) fn MoreSheet(props: &MoreProps) -> Html {
    let me = &props.me;
    let row = |to: Route, icon: IconName, label: AttrValue, count: u32, count_label: AttrValue| {
        html! {
            <Link {to} class="h-more__row" on_click={props.on_close.reform(|_: MouseEvent| ())}>
                <Icon name={icon} />
                <span class="l-grow">{ label }</span>
                <CountBadge {count} label={count_label} />
            </Link>
        }
    };
    let none = AttrValue::default();
    let update = use_offered_update();
    let unsaved = unsaved_count(&use_unsaved());
    let theme = use_settings().theme.clone();
    let press = |icon: IconName, label: AttrValue, run: Callback<()>| {
        let close = props.on_close.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            close.emit(());
            run.emit(());
        });
        html! {
            <button type="button" class="h-more__row" {onclick}><Icon name={icon} /><span class="l-grow">{ label }</span></button>
        }
    };
    html! {
        <Dialog title={t!("nav-more")} on_close={props.on_close.clone()} size={DialogSize::S}>
            <nav class="h-more" aria-label={t!("nav-more")}>
                <Link to={Route::Profile { person: me.person.id }} class="h-more__row" on_click={props.on_close.reform(|_: MouseEvent| ())}>
                    <PersonAvatar person={me.person.clone()} size={AvatarSize::M} />
                    <span class="l-grow"><bdi class="u-bold">{ me.person.name.clone() }</bdi><br /><bdi class="u-sm u-text-2">{ me.person.home.name.clone() }</bdi></span>
                </Link>
                <button type="button" class="h-more__row" onclick={props.on_search.reform(|_: MouseEvent| ())}>
                    <Icon name={IconName::Search} /><span class="l-grow">{ t!("nav-search") }</span>
                </button>
                { row(Route::Notifications, IconName::Bell, t!("nav-notifications"), me.unread, t!("nav-unread-count", "count" => me.unread)) }
                { row(Route::Health, IconName::HeartPulse, t!("nav-health"), 0, none.clone()) }
                { row(Route::Pair, IconName::Handshake, t!("command-pair"), 0, none.clone()) }
                { row(Route::Models, IconName::Cpu, t!("nav-models"), 0, none.clone()) }
                { row(Route::Activity, IconName::Activity, t!("nav-activity"), unsaved, t!("nav-activity-unsaved", "count" => unsaved)) }
                { row(Route::Settings, IconName::Settings, t!("nav-settings"), 0, none) }
            </nav>
            <div class="h-more" role="group" aria-label={t!("me-menu-group")}>
                if let Some(update) = &update {
                    { press(IconName::Download, menu_text(update), Callback::from(|()| desktop::show_update(true))) }
                }
                { press(theme_icon(&theme), t!("command-theme"), Callback::from(|()| toggle_theme())) }
                { press(IconName::Keyboard, t!("command-help"), props.on_keys.clone()) }
                { press(IconName::LogOut, t!("command-sign-out"), Callback::from(|()| sign_out())) }
            </div>
        </Dialog>
    }
}

/// What waits behind "More", in words.
fn more_label(unread: u32, unsaved: u32) -> AttrValue {
    let parts = [
        (unread > 0).then(|| t!("nav-unread-count", "count" => unread)),
        (unsaved > 0).then(|| t!("nav-activity-unsaved", "count" => unsaved)),
    ];
    parts
        .into_iter()
        .flatten()
        .map(|part| part.to_string())
        .collect::<Vec<_>>()
        .join(", ")
        .into()
}
