//! Whether single letters do things, whether Enter sends, and which keys there are.

use crate::components::shortcut_help::KeyList;
use crate::prelude::*;
use crate::state::session::change_settings;

/// Keys.
#[component]
pub(super) fn KeyboardSection() -> Html {
    let settings = use_settings();
    html! {
        <>
            <Card>
                <div class="l-stack u-gap-20">
                    <Switch
                        label={t!("keyboard-letters")}
                        hint={Some(t!("keyboard-letters-hint"))}
                        on={settings.letter_keys}
                        on_change={Callback::from(|on| change_settings(|s| s.letter_keys = on))}
                        test_id="letter-keys"
                    />
                    <Switch
                        label={t!("keyboard-enter")}
                        hint={Some(t!("keyboard-enter-hint"))}
                        on={settings.enter_sends}
                        on_change={Callback::from(|on| change_settings(|s| s.enter_sends = on))}
                        test_id="enter-sends"
                    />
                </div>
            </Card>
            <Section title={t!("shortcuts-title")}>
                <Card>
                    <KeyList />
                </Card>
            </Section>
        </>
    }
}
