//! What is around every screen of a signed-in person.

use crate::components::banner::Banner;
use crate::components::{
    CommandPalette, FindBar, IconName, LiveRegion, ShortcutHelp, ToastHost, Tone, Tooltip,
};
use crate::frame::commands::commands;
use crate::frame::desktop::{AutostartOffer, CloseQuestion};
use crate::frame::nav::use_go;
use crate::frame::rail::{BottomBar, MoreSheet, NavRail};
use crate::frame::update::UpdateStrip;
use crate::kit::dom::{by_id, use_window_event};
use crate::kit::keys::{self, use_frame_commands};
use crate::routes::Route;
use crate::state::online::use_online;
use crate::state::{toasts, use_session};
use crate::t;
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

/// What is open over the page.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Over {
    Nothing,
    Palette,
    Keys,
    More,
    Find,
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
    use_window_event("pagehide", Callback::from(|_| toasts::expire_all()));
    use_effect_with(go.clone(), |go| {
        let go = go.clone();
        crate::backend::shell::on_open(Callback::from(move |path: String| go.to_path(&path)));
    });
    // Asking to find again goes back to the field.
    let finding = use_state_eq(|| 0_u32);
    let open = |what: Over| {
        let (over, finding) = (over.setter(), finding.clone());
        Callback::from(move |()| {
            over.set(what);
            if what == Over::Find {
                finding.set(finding.wrapping_add(1));
            }
        })
    };
    use_frame_commands(commands(&go, me.as_ref(), &open));

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
                <NavRail me={me.clone()} {area} on_search={open(Over::Palette)} on_keys={open(Over::Keys)} />
            }
            <div class="h-frame__main">
                if !online && session.status().is_some() {
                    <div class="h-frame__strip">
                        <Banner tone={Tone::Warn} icon={IconName::WifiOff} alert={true} test_id="offline">{ t!("offline") }</Banner>
                    </div>
                }
                if me.is_some() { <AutostartOffer /> }
                if me.as_ref().is_some_and(|me| me.role.is_admin()) { <UpdateStrip /> }
                if *over == Over::Find { <FindBar opened={*finding} on_close={close.clone()} /> }
                <main id="main" class="h-main" tabindex="-1" data-pane="">{ props.children.clone() }</main>
            </div>
            if let Some(me) = &me {
                <BottomBar me={me.clone()} {area} on_more={open(Over::More)} />
            }
            <CloseQuestion signed_in={me.is_some()} />
            <ToastHost />
            <Tooltip />
            <LiveRegion />
            if *over == Over::Palette { <CommandPalette on_close={close.clone()} signed_in={me.is_some()} /> }
            if *over == Over::Keys { <ShortcutHelp on_close={close.clone()} /> }
            if let Some(me) = me.filter(|_| *over == Over::More) {
                <MoreSheet {me} on_close={close} on_search={open(Over::Palette)} on_keys={open(Over::Keys)} />
            }
        </div>
    }
}
