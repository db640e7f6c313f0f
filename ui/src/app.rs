//! The window: which place is shown to whom.

use crate::components::{Skeleton, SkeletonBox};
use crate::frame::{AppFrame, nav, use_go};
use crate::routes::{Route, Section};
use crate::screens;
use crate::state::session::{self, Session};
use crate::state::{use_session, use_settings};
use hearth_api::Code;
use yew::prelude::*;
use yew_router::prelude::*;

/// The window.
#[component]
pub fn App() -> Html {
    // Text is drawn anew in another language: everything below is keyed by it.
    let settings = use_settings();
    html! {
        <BrowserRouter>
            <AppFrame key={format!("{}-{}", settings.language, settings.time_zone)}>
                <Place />
            </AppFrame>
        </BrowserRouter>
    }
}

/// The place that the address names, or the one that comes first: the welcome before set-up, the sign-in before the rest.
#[component]
fn Place() -> Html {
    let session = use_session();
    let route = use_route::<Route>().unwrap_or(Route::NotFound);
    let place = nav::use_place();
    let go = use_go();

    let redirect = match &*session {
        // A device that this home does not know may only be connected: by a code for it, or by an invite to live here.
        Session::Ready(status) if status.unknown_device => {
            (!fits_unknown_device(&route)).then_some(Route::ConnectDevice)
        }
        Session::Ready(status) => detour(&route, status.set_up, status.me.is_some()),
        _ => None,
    };
    {
        use_effect_with((redirect.clone(), place), move |(redirect, place)| {
            let Some(target) = redirect else { return };
            match target {
                // Where the person wanted to go is where they arrive.
                Route::SignIn => nav::remember(place),
                // An invite opened before there is a home waits until there is one.
                Route::Welcome if place.starts_with("/i/") => nav::remember(place),
                Route::Feed => {
                    if let Some(path) = nav::take_remembered() {
                        return go.replace_path(&path);
                    }
                }
                _ => {}
            }
            go.with_query(&AttrValue::from(taken_along(place, target).to_owned()))
                .replace(target);
        });
    }
    match &*session {
        Session::Loading => html! { <Skeleton><SkeletonBox height="60dvh" /></Skeleton> },
        // A home that is damaged can be restored from here.
        Session::Unreachable(error)
            if error.code == Code::HomeDamaged && matches!(route, Route::RestoreHome) =>
        {
            screens::show(&route)
        }
        Session::Unreachable(error) => html! {
            <screens::start::Unreachable error={error.clone()} on_retry={Callback::from(|()| {
                wasm_bindgen_futures::spawn_local(async {
                    crate::state::desktop::open_again().await;
                    session::signed_in().await;
                });
            })} />
        },
        Session::Ready(_) if redirect.is_some() => Html::default(),
        Session::Ready(_) => screens::show(&route),
    }
}

/// What of the address goes along to where a person is led: which backup was double-clicked.
fn taken_along<'a>(place: &'a str, target: &Route) -> &'a str {
    match (place.split_once('?'), target) {
        (
            Some((_, query)),
            Route::SettingsSection {
                section: Section::Backups,
            },
        ) => query,
        _ => "",
    }
}

/// Whether a device that the home does not know may be at a place.
fn fits_unknown_device(route: &Route) -> bool {
    matches!(
        route,
        Route::ConnectDevice | Route::Join | Route::JoinCode { .. } | Route::Gallery
    )
}

/// Where a person is led who cannot be at a place now.
fn detour(route: &Route, set_up: bool, signed_in: bool) -> Option<Route> {
    if matches!(route, Route::Gallery) {
        return None;
    }
    match (set_up, signed_in) {
        // The page of a finished set-up comes a moment before the session says so.
        (false, _) => (!matches!(
            route,
            Route::Welcome | Route::CreateHome | Route::RestoreHome | Route::WelcomeDone
        ))
        .then_some(Route::Welcome),
        (true, false) => (!route.is_open()
            || matches!(route, Route::Welcome | Route::CreateHome | Route::RestoreHome))
        .then_some(Route::SignIn),
        // A double-click on a backup: the backups of a home that is there are in its settings.
        (true, true) if matches!(route, Route::RestoreHome) => Some(Route::SettingsSection {
            section: Section::Backups,
        }),
        // An invite to an account is for somebody who has none here: the page says so.
        (true, true) if matches!(route, Route::JoinCode { .. }) => None,
        (true, true) => route.is_open().then_some(Route::Feed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invite_is_not_lost_on_a_device_that_is_not_connected() {
        assert!(fits_unknown_device(&Route::JoinCode { code: "x".into() }));
        assert!(!fits_unknown_device(&Route::SignIn));
        assert!(!fits_unknown_device(&Route::Feed));
    }

    #[test]
    fn nobody_is_where_they_cannot_be() {
        assert_eq!(detour(&Route::Feed, false, false), Some(Route::Welcome));
        assert_eq!(detour(&Route::CreateHome, false, false), None);
        assert_eq!(detour(&Route::Feed, true, false), Some(Route::SignIn));
        assert_eq!(detour(&Route::CreateHome, true, false), Some(Route::SignIn));
        assert_eq!(detour(&Route::JoinCode { code: "x".into() }, true, false), None);
        assert_eq!(detour(&Route::JoinCode { code: "x".into() }, true, true), None);
        assert_eq!(detour(&Route::SignIn, true, true), Some(Route::Feed));
        let backups = Route::SettingsSection {
            section: Section::Backups,
        };
        assert_eq!(detour(&Route::RestoreHome, true, true), Some(backups.clone()));
        assert_eq!(taken_along("/welcome/restore?file=2", &backups), "file=2");
        assert_eq!(taken_along("/welcome/restore", &backups), "");
        assert_eq!(taken_along("/signin?file=2", &Route::Feed), "");
        assert_eq!(detour(&Route::WelcomeDone, true, true), None);
        assert_eq!(detour(&Route::NotFound, true, true), None);
    }
}
