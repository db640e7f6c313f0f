//! What is around every screen of a signed-in person.

use crate::components::avatar::{AvatarSize, PersonAvatar};
use crate::components::banner::Banner;
use crate::components::link::Link;
use crate::components::{
    CommandPalette, CountBadge, Dialog, DialogSize, Icon, IconName, IconSize, LiveRegion, ShortcutHelp,
    ToastHost, Tone, Tooltip,
};
use crate::frame::nav::{Go, returned, use_go};
use crate::kit::dom::{by_id, use_window_event};
use crate::kit::focus;
use crate::kit::keys::{self, Command, use_commands};
use crate::routes::{Area, Route, Section};
use crate::state::online::use_online;
use crate::state::{session, toasts, use_session};
use crate::t;
use hearth_api::session::Me;
use wasm_bindgen::JsCast;
use yew::prelude::*;
use yew_router::prelude::use_route;

/// Properties of [`AppFrame`].
#[derive(Properties, PartialEq)]
pub struct AppFrameProps {
    /// The screen.
    #[prop_or_default]
    pub children: Html,
}

#[derive(Clone, Copy, PartialEq)]
enum Over {
    Nothing,
    Palette,
    Keys,
    More,
}

/// The frame. Before sign-in it has no navigation.
#[component]
pub fn AppFrame(props: &AppFrameProps) -> Html {
    let session = use_session();
    let route = use_route::<Route>().unwrap_or(Route::NotFound);
    let online = use_online();
    let over = use_state_eq(|| Over::Nothing);
    let go = use_go();
    let me = session
        .me()
        .filter(|_| !matches!(route, Route::WelcomeDone))
        .cloned();

    use_window_event(
        "keydown",
        Callback::from(|event: Event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                keys::handle(event);
            }
        }),
    );
    use_window_event("popstate", Callback::from(|_| returned()));
    use_window_event("pagehide", Callback::from(|_| toasts::expire_all()));
    use_effect_with(go.clone(), |go| {
        let go = go.clone();
        crate::backend::shell::on_open(Callback::from(move |path: String| go.to_path(&path)));
    });
    let open = |what: Over| {
        let over = over.setter();
        Callback::from(move |()| over.set(what))
    };
    use_commands(commands(&go, me.is_some(), open(Over::Palette), open(Over::Keys)));

    let close = open(Over::Nothing);
    let area = route.area();
    let skip = Callback::from(|event: MouseEvent| {
        event.prevent_default();
        if let Some(main) = by_id("main") {
            let _focused = main.focus();
        }
    });
    html! {
        <div class="h-frame" data-nav={me.is_some().then_some("true")}>
            <a class="h-skip" href="#main" onclick={skip}>{ t!("skip-to-content") }</a>
            if let Some(me) = &me {
                <NavRail me={me.clone()} {area} on_search={open(Over::Palette)} />
            }
            <div class="h-frame__main">
                if !online && session.status().is_some() {
                    <div class="h-frame__strip">
                        <Banner tone={Tone::Warn} icon={IconName::WifiOff} alert={true} test_id="offline">{ t!("offline") }</Banner>
                    </div>
                }
                <main id="main" class="h-main" tabindex="-1" data-pane="">{ props.children.clone() }</main>
            </div>
            if let Some(me) = &me {
                <BottomBar me={me.clone()} {area} on_more={open(Over::More)} />
            }
            <ToastHost />
            <Tooltip />
            <LiveRegion />
            if *over == Over::Palette { <CommandPalette on_close={close.clone()} signed_in={me.is_some()} /> }
            if *over == Over::Keys { <ShortcutHelp on_close={close.clone()} /> }
            if let Some(me) = me.filter(|_| *over == Over::More) {
                <MoreSheet {me} on_close={close} on_search={open(Over::Palette)} />
            }
        </div>
    }
}

/// The commands of the whole window.
fn commands(go: &Go, signed_in: bool, palette: Callback<()>, help: Callback<()>) -> Vec<Command> {
    let to = |route: Route| {
        let go = go.clone();
        Callback::from(move |()| go.to(&route))
    };
    let mut all = vec![
        Command::key("command-help", "?", help),
        Command::key("command-palette", "Mod+K", palette.clone()),
        Command::key(
            "command-next-pane",
            "F6",
            Callback::from(|()| focus::next_pane(false)),
        ),
        Command::key(
            "command-previous-pane",
            "Shift+F6",
            Callback::from(|()| focus::next_pane(true)),
        ),
        Command::key(
            "command-undo",
            "Mod+Z",
            Callback::from(|()| undo_outside_fields()),
        ),
        Command::key(
            "command-toasts",
            "F8",
            Callback::from(|()| {
                if let Some(toasts) = by_id("toasts") {
                    let _focused = toasts.focus();
                }
            }),
        ),
    ];
    if !signed_in {
        return all;
    }
    all.extend([
        Command::key("command-palette", "/", palette),
        Command::new("command-new-post", "c p", IconName::Pencil, to(Route::Compose)),
        Command::new("command-new-chat", "c a", IconName::Sparkles, to(Route::NewChat)),
        Command::new("nav-home", "g h", IconName::House, to(Route::Feed)),
        Command::new("nav-friends", "g f", IconName::Users, to(Route::Friends)),
        Command::new("nav-requests", "", IconName::UserPlus, to(Route::Requests)),
        Command::new("nav-assistant", "g a", IconName::Bot, to(Route::Chats)),
        Command::new(
            "nav-notifications",
            "g n",
            IconName::Bell,
            to(Route::Notifications),
        ),
        Command::new("nav-health", "", IconName::HeartPulse, to(Route::Health)),
        Command::new("command-pair", "", IconName::Handshake, to(Route::Pair)),
        Command::new("nav-models", "", IconName::Cpu, to(Route::Models)),
        Command::new("nav-settings", "g s", IconName::Settings, to(Route::Settings)),
        Command::key("nav-settings", "Mod+,", to(Route::Settings)),
        Command::new(
            "settings-appearance",
            "",
            IconName::Palette,
            to(Route::SettingsSection {
                section: Section::Appearance,
            }),
        ),
        Command::new(
            "settings-account",
            "",
            IconName::User,
            to(Route::SettingsSection {
                section: Section::Account,
            }),
        ),
        Command::new(
            "settings-devices",
            "",
            IconName::Laptop,
            to(Route::SettingsSection {
                section: Section::Devices,
            }),
        ),
        Command::new(
            "command-theme",
            "",
            IconName::Moon,
            Callback::from(|()| toggle_theme()),
        ),
        Command::new(
            "command-sign-out",
            "",
            IconName::LogOut,
            Callback::from(|()| wasm_bindgen_futures::spawn_local(session::sign_out())),
        ),
    ]);
    all
}

fn undo_outside_fields() {
    let in_field = focus::active().is_some_and(|e| matches!(e.tag_name().as_str(), "INPUT" | "TEXTAREA"));
    if !in_field {
        toasts::undo_latest();
    }
}

/// Light to dark and back, from what is seen now.
fn toggle_theme() {
    session::change_settings(|settings| {
        let dark = match settings.theme.as_str() {
            "dark" => true,
            "light" => false,
            _ => crate::kit::dom::matches("(prefers-color-scheme: dark)"),
        };
        settings.theme = if dark { "light" } else { "dark" }.to_owned();
    });
}

#[derive(Properties, PartialEq)]
struct RailProps {
    me: Me,
    area: Option<Area>,
    on_search: Callback<()>,
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
fn NavRail(props: &RailProps) -> Html {
    let me = &props.me;
    let is = |area: Area| props.area == Some(area);
    let requests = t!("nav-requests-count", "count" => me.requests);
    let unread = t!("nav-unread-count", "count" => me.unread);
    let none = AttrValue::default();
    html! {
        <nav class="h-rail" aria-label={t!("nav-main")} data-pane="" data-tips="beside">
            <Link to={Route::Profile { person: me.person.id }} class="h-rail__me" tip={me.person.name.clone()} test_id="nav-me">
                <PersonAvatar person={me.person.clone()} size={AvatarSize::M} />
                <span class="h-rail__who">
                    <span class="h-rail__name"><bdi>{ me.person.name.clone() }</bdi></span>
                    <span class="h-rail__home"><bdi>{ me.person.home.name.clone() }</bdi></span>
                </span>
            </Link>
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
                <button type="button" class="h-rail__link" onclick={props.on_search.reform(|_: MouseEvent| ())} data-tip={t!("nav-search")} aria-keyshortcuts={keys::aria("Mod+K")} data-test="nav-search">
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
struct BottomBarProps {
    me: Me,
    area: Option<Area>,
    on_more: Callback<()>,
}

/// The navigation below the page, on a phone.
#[component]
fn BottomBar(props: &BottomBarProps) -> Html {
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
    html! {
        <nav class="h-bottom" aria-label={t!("nav-main")}>
            { link(Route::Feed, IconName::House, t!("nav-home"), Area::Feed, 0, none.clone()) }
            { link(Route::Friends, IconName::Users, t!("nav-friends"), Area::Friends, me.requests, requests) }
            <Link to={Route::Compose} class="h-bottom__new" label={t!("command-new-post")}><Icon name={IconName::Plus} size={IconSize::L} /></Link>
            { link(Route::Chats, IconName::Bot, t!("nav-assistant"), Area::Assistant, 0, none) }
            <button type="button" class="h-bottom__link" aria-haspopup="dialog" onclick={props.on_more.reform(|_: MouseEvent| ())} data-test="nav-more">
                <span class="h-rail__icon"><Icon name={IconName::Menu} size={IconSize::L} /><CountBadge count={me.unread} label={t!("nav-unread-count", "count" => me.unread)} /></span>
                <span class="h-bottom__label">{ t!("nav-more") }</span>
            </button>
        </nav>
    }
}

#[derive(Properties, PartialEq)]
struct MoreProps {
    me: Me,
    on_close: Callback<()>,
    on_search: Callback<()>,
}

/// The rest of the navigation, on a phone.
#[component]
fn MoreSheet(props: &MoreProps) -> Html {
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
                { row(Route::Settings, IconName::Settings, t!("nav-settings"), 0, none) }
            </nav>
        </Dialog>
    }
}
