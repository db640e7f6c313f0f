//! Where the key of the home lies: in its file, or in the keychain of the computer.

use crate::prelude::*;
use hearth_api::app::{GetKeyPlace, KeyLies, SetKeyPlace};

/// The switch for it; for admins, on the home's own machine.
#[component]
pub(super) fn KeyPlaceSection() -> Html {
    let place = use_query(GetKeyPlace {}, vec![]);
    let change = use_mutation::<SetKeyPlace>();
    let Some(data) = place.data.as_deref().copied() else {
        return Html::default();
    };
    let inside = data.lies == KeyLies::Keychain;
    let hint = match (data.lies, data.keychain) {
        (KeyLies::Passphrase, _) => t!("key-place-passphrase"),
        (KeyLies::KeyFile, false) => t!("key-place-none"),
        (KeyLies::Keychain, false) => t!("key-place-silent"),
        (_, true) => t!("key-place-switch-hint"),
    };
    let on_change = {
        let (change, refetch) = (change.clone(), place.refetch.clone());
        Callback::from(move |keychain: bool| {
            let refetch = refetch.clone();
            change.run(SetKeyPlace { keychain }, move |answer| {
                if let Ok(now) = answer {
                    toasts::done(match now.lies {
                        KeyLies::Keychain => t!("key-place-moved-in"),
                        KeyLies::KeyFile | KeyLies::Passphrase => t!("key-place-moved-out"),
                    });
                }
                refetch.emit(());
            });
        })
    };
    // Out of a keychain that is silent the key can come, for the home that runs has it; into one it cannot go.
    let locked = data.lies == KeyLies::Passphrase || (!inside && !data.keychain) || change.pending();
    html! {
        <Section title={t!("key-place-title")} hint={t!("key-place-hint")}>
            <Card>
                <div class="l-stack u-gap-12">
                    <Switch label={t!("key-place-switch")} {hint} on={inside} {locked} {on_change} test_id="key-in-keychain" />
                    if change.error().is_some() {
                        <Banner tone={Tone::Danger}>
                            { if inside { t!("key-place-failed-out") } else { t!("key-place-failed-in") } }
                        </Banner>
                    }
                </div>
            </Card>
        </Section>
    }
}
