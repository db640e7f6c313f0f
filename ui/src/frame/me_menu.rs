//! The menu of the person: profile, activity, theme, settings, keys, leaving.

use crate::components::avatar::{AvatarSize, PersonAvatar};
use crate::components::menu::{Menu, MenuItem};
use crate::components::{CountBadge, IconName};
use crate::frame::commands::sign_out;
use crate::frame::nav::use_go;
use crate::frame::update;
use crate::routes::Route;
use crate::state::desktop::{self, use_offered_update};
use crate::state::session::change_settings;
use crate::state::unsaved::{Unsaved, use_unsaved};
use crate::state::use_settings;
use crate::t;
use hearth_api::desktop::UpdateState;
use hearth_api::session::Me;
use std::rc::Rc;
use yew::prelude::*;

/// How many things could not be saved, for badges.
pub(super) fn unsaved_count(all: &[Rc<Unsaved>]) -> u32 {
    u32::try_from(all.len()).unwrap_or(u32::MAX)
}

/// The picture of a theme.
pub(super) fn theme_icon(theme: &str) -> IconName {
    match theme {
        "light" => IconName::Sun,
        "dark" => IconName::Moon,
        _ => IconName::Monitor,
    }
}

/// The version that is offered, as a line of a menu.
pub(super) fn menu_text(update: &UpdateState) -> AttrValue {
    if update.ready {
        t!("update-restart")
    } else {
        update::stands(update)
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct MeMenuProps {
    pub(super) me: Me,
    pub(super) on_keys: Callback<()>,
}

/// The person's picture and the menu behind it.
#[component]
pub(super) fn MeMenu(props: &MeMenuProps) -> Html {
    let me = &props.me;
    let go = use_go();
    let unsaved = unsaved_count(&use_unsaved());
    let theme = use_settings().theme.clone();
    let to = |route: Route| {
        let go = go.clone();
        Callback::from(move |()| go.to(&route))
    };
    let name = format!("{} {}", me.person.name, me.person.home.name);
    let waiting = t!("nav-activity-unsaved", "count" => unsaved);
    let label = match unsaved {
        0 => t!("me-menu", "name" => name),
        _ => AttrValue::from(format!("{}, {waiting}", t!("me-menu", "name" => name))),
    };
    let activity = match unsaved {
        0 => t!("nav-activity"),
        _ => AttrValue::from(format!("{}, {waiting}", t!("nav-activity"))),
    };
    let mut items = match use_offered_update() {
        Some(update) => vec![
            MenuItem::action(
                menu_text(&update),
                IconName::Download,
                Callback::from(|()| desktop::show_update(true)),
            )
            .test("me-update"),
            MenuItem::Line,
        ],
        None => Vec::new(),
    };
    items.extend([
        MenuItem::action(
            t!("me-profile"),
            IconName::User,
            to(Route::Profile { person: me.person.id }),
        )
        .test("me-profile"),
        MenuItem::action(activity, IconName::Activity, to(Route::Activity)).test("me-activity"),
        MenuItem::Line,
    ]);
    for (value, words) in [
        ("system", t!("me-theme-system")),
        ("light", t!("me-theme-light")),
        ("dark", t!("me-theme-dark")),
    ] {
        items.push(MenuItem::Radio {
            label: words,
            chosen: theme == value,
            run: Callback::from(move |()| change_settings(|s| s.theme = value.to_owned())),
        });
    }
    items.extend([
        MenuItem::Line,
        MenuItem::action(t!("nav-settings"), IconName::Settings, to(Route::Settings)).test("me-settings"),
        MenuItem::action(t!("me-keys"), IconName::Keyboard, props.on_keys.clone()).test("me-keys"),
        MenuItem::Line,
        MenuItem::action(
            t!("command-sign-out"),
            IconName::LogOut,
            Callback::from(|()| sign_out()),
        )
        .test("me-sign-out"),
    ]);
    let trigger = html! {
        <span class="h-rail__me">
            <span class="h-rail__face">
                <PersonAvatar person={me.person.clone()} size={AvatarSize::M} decorative={true} />
                <CountBadge count={unsaved} label={waiting} />
            </span>
            <span class="h-rail__who">
                <span class="h-rail__name"><bdi>{ me.person.name.clone() }</bdi></span>
                // A space between the two, so that what is seen is what a screen reader says.
                { " " }
                <span class="h-rail__home"><bdi>{ me.person.home.name.clone() }</bdi></span>
            </span>
        </span>
    };
    html! { <Menu {label} {items} trigger={Some(trigger)} from_start={true} test_id="nav-me" /> }
}
