//! The computer that Hearth runs on: only in the desktop app.

use super::update::UpdateSettings;
use crate::prelude::*;
use crate::state::desktop::{self, use_desktop};
use hearth_api::desktop::Renderer;

/// Starting, closing, new versions, spelling, drawing.
#[component]
pub(super) fn ComputerSection() -> Html {
    use_effect_with((), |()| desktop::refresh());
    let state = use_desktop();
    let Some(state) = state.as_ref() else {
        return Html::default();
    };
    let keeps_hint = if state.tray {
        t!("desktop-keeps-hint")
    } else {
        t!("desktop-keeps-hint-no-tray")
    };
    html! {
        <>
            <Card>
                <div class="l-stack u-gap-20">
                    <Switch
                        label={t!("desktop-autostart")}
                        hint={Some(t!("desktop-autostart-hint"))}
                        on={state.autostart}
                        on_change={Callback::from(desktop::set_autostart)}
                        test_id="autostart"
                    />
                    <Switch
                        label={t!("desktop-keeps")}
                        hint={Some(keeps_hint)}
                        on={state.keeps_running.unwrap_or(true)}
                        on_change={Callback::from(desktop::set_keeps_running)}
                        test_id="keeps-running"
                    />
                </div>
            </Card>
            <UpdateSettings />
            if !state.spelling {
                <Banner tone={Tone::Neutral} test_id="no-dictionary">{ t!("desktop-no-dictionary") }</Banner>
            }
            if state.renderer != Renderer::Usual {
                <Banner
                    tone={Tone::Neutral}
                    test_id="safe-renderer"
                    actions={html! {
                        <Button size={Size::S} on_click={Callback::from(|_: MouseEvent| desktop::use_usual_renderer())}>{ t!("desktop-renderer-usual") }</Button>
                    }}
                >{ t!("desktop-renderer-safe") }</Banner>
            }
        </>
    }
}
