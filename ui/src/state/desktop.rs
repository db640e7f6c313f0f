//! The desktop that the window is on: starting with the computer, what closing means, how the window is drawn, new versions. In a
//! browser there is none.

use crate::backend::{self, shell, tauri};
use crate::kit::dom;
use crate::state::store::{Store, use_store};
use crate::state::toasts;
use crate::state::use_me;
use crate::t;
use hearth_api::ApiResult;
use hearth_api::desktop::{DesktopState, HandedBackup, Renderer, UpdateState};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

thread_local! {
    static DESKTOP: Store<Option<DesktopState>> = Store::new(None);
    static CLOSING: Store<bool> = Store::new(false);
    static UPDATE: Store<bool> = Store::new(false);
}

/// Tells the shell that the page is drawn, and learns of the desktop.
pub fn begin() {
    if !backend::is_desktop() {
        return;
    }
    shell::on_close(Callback::from(|()| CLOSING.with(|store| store.set(true))));
    shell::on_update(Callback::from(|update| {
        match DESKTOP.with(|store| (*store.get()).clone()) {
            Some(state) => learn(DesktopState { update, ..state }),
            // The first answer is still on its way, and older than this.
            None => refresh(),
        }
    }));
    // Two frames on, the first one has been shown.
    shell::after_frame(|| {
        shell::after_frame(|| {
            spawn_local(async {
                let _told = tauri::shell::<()>("first_frame", &[]).await;
            });
        });
    });
    refresh();
}

/// Keeps what the shell says of the desktop. An answer and an event may overtake each other, so of updates the later word stays.
fn learn(mut state: DesktopState) {
    DESKTOP.with(|store| {
        if let Some(known) = (*store.get()).clone() {
            state.update = state.update.or_later(known.update);
        }
        store.set(Some(state));
    });
}

/// Asks the shell again.
pub fn refresh() {
    if !backend::is_desktop() {
        return;
    }
    spawn_local(async {
        if let Ok(state) = tauri::shell::<DesktopState>("desktop_state", &[]).await {
            learn(state);
        }
    });
}

/// Under which name the window keeps which way of drawing it has told of.
const SAID: &str = "renderer-said";

/// Says once that the window is drawn in a safer way than usual. Called when words can be said.
pub fn say_renderer() {
    let state = DESKTOP.with(|store| store.get());
    let Some(renderer) = (*state).as_ref().map(|state| state.renderer) else {
        return;
    };
    if renderer == Renderer::Usual {
        dom::store(SAID, None);
    } else if dom::stored(SAID).as_deref() != Some(renderer.as_str()) {
        dom::store(SAID, Some(renderer.as_str()));
        toasts::done(t!("desktop-renderer-said"));
    }
}

/// What is known of the desktop, drawn again when it changes; nothing in a browser.
#[hook]
pub fn use_desktop() -> Rc<Option<DesktopState>> {
    use_store(&DESKTOP)
}

/// Whether the shell asks what closing the window means.
#[hook]
pub fn use_closing() -> bool {
    *use_store(&CLOSING)
}

/// Answers that; nothing leaves the window open and asks the next time.
pub fn answer_close(keep: Option<bool>) {
    CLOSING.with(|store| store.set(false));
    spawn_local(async move {
        let keep = keep.map_or(JsValue::NULL, JsValue::from_bool);
        let _told = tauri::shell::<()>("answer_close", &[("keep", &keep)]).await;
        refresh();
    });
}

/// Makes Hearth start with the computer, or no longer.
pub fn set_autostart(on: bool) {
    change("set_autostart", JsValue::from_bool(on), move || {
        toasts::done(if on {
            t!("desktop-autostart-on")
        } else {
            t!("desktop-autostart-off")
        });
    });
}

/// Turns the offer of it down.
pub fn decline_autostart() {
    spawn_local(async {
        let _told = tauri::shell::<()>("decline_autostart", &[]).await;
        refresh();
    });
}

/// What closing the window means from now on.
pub fn set_keeps_running(on: bool) {
    change("set_keeps_running", JsValue::from_bool(on), || {});
}

/// Draws the usual way again from the next start on.
pub fn use_usual_renderer() {
    spawn_local(async {
        let _told = tauri::shell::<()>("use_usual_renderer", &[]).await;
        toasts::done(t!("desktop-renderer-next"));
    });
}

/// Looks for a new version of Hearth now.
pub fn look_for_update() {
    spawn_local(async {
        // What came of it, the settings show.
        if let Ok(state) = tauri::shell::<DesktopState>("look_for_update", &[]).await {
            learn(state);
        }
    });
}

/// Installs the version that is offered; Hearth starts again when it is in place.
pub fn install_update() {
    spawn_local(async {
        // Why it failed, the dialog shows.
        let _asked = tauri::shell::<DesktopState>("install_update", &[]).await;
    });
}

/// Whether the version that is offered is told of in a dialog.
#[hook]
pub fn use_update_shown() -> bool {
    *use_store(&UPDATE)
}

/// Opens that dialog, or closes it.
pub fn show_update(shown: bool) {
    UPDATE.with(|store| store.set(shown));
}

/// The version that is offered, to an admin at the computer itself; nothing elsewhere.
#[hook]
pub fn use_offered_update() -> Option<UpdateState> {
    let state = use_desktop();
    let admin = use_me().is_some_and(|me| me.role.is_admin());
    let update = state.as_ref().as_ref().map(|state| &state.update);
    update.filter(|update| admin && update.offer.is_some()).cloned()
}

/// Says no more of the version that is offered.
pub fn put_off_update() {
    spawn_local(async {
        if let Ok(state) = tauri::shell::<DesktopState>("put_off_update", &[]).await {
            learn(state);
        }
    });
}

/// Looks for new versions once a day, or no longer.
pub fn set_looks_for_updates(on: bool) {
    change("set_looks_for_updates", JsValue::from_bool(on), || {});
}

/// Opens the home again, if it did not open.
pub async fn open_again() {
    if backend::is_desktop() {
        let _told = tauri::shell::<()>("open_again", &[]).await;
    }
}

/// What is known of a backup that was handed to the app.
///
/// # Errors
/// It can no longer be read.
pub async fn handed_backup(number: u32) -> ApiResult<HandedBackup> {
    tauri::shell("handed_backup", &[("number", &JsValue::from(number))]).await
}

/// A piece of it, as Base64.
///
/// # Errors
/// It can no longer be read.
pub async fn read_handed_backup(number: u32, offset: u64) -> ApiResult<String> {
    #[expect(clippy::cast_precision_loss, reason = "files are far below 2^53 bytes")]
    let offset = JsValue::from_f64(offset as f64);
    tauri::shell(
        "read_handed_backup",
        &[("number", &JsValue::from(number)), ("offset", &offset)],
    )
    .await
}

/// The newest backup beside a home that does not open, if there is one.
pub async fn newest_backup() -> Option<HandedBackup> {
    if !backend::is_desktop() {
        return None;
    }
    tauri::shell("newest_backup", &[]).await.ok().flatten()
}

fn change(command: &'static str, on: JsValue, then: impl FnOnce() + 'static) {
    spawn_local(async move {
        let answer: ApiResult<DesktopState> = tauri::shell(command, &[("on", &on)]).await;
        match answer {
            Ok(state) => {
                learn(state);
                then();
            }
            Err(error) => toasts::failed(&error),
        }
    });
}
