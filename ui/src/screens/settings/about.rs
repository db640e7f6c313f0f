//! The version, the home, what it is made of.

use super::Line;
use crate::kit::dom;
use crate::prelude::*;

/// About this Hearth.
#[component]
pub(super) fn AboutSection() -> Html {
    let session = use_session();
    let Some(status) = session.status() else {
        return Html::default();
    };
    let home = status.home.to_string();
    let copy = {
        let home = home.clone();
        Callback::from(move |_: MouseEvent| {
            let home = home.clone();
            wasm_bindgen_futures::spawn_local(async move {
                if dom::copy_text(&home).await {
                    toasts::done(t!("copied"));
                }
            });
        })
    };
    html! {
        <>
            <Card pad={CardPad::None} class="h-settings__lines">
                <Line label={t!("about-version")} value={html! { { format!("Hearth {}", status.version) } }} />
                <Line label={t!("create-home-name")} value={html! { <bdi>{ status.home_name.clone() }</bdi> }} />
                <Line label={t!("about-home-id")} value={html! { <span class="h-settings__secret">{ home }</span> }}>
                    <IconButton icon={IconName::Copy} label={t!("action-copy")} size={Size::S} on_click={copy} />
                </Line>
            </Card>
            if !crate::backend::is_desktop() {
                <Section title={t!("update-title")}>
                    <p class="u-text-2 u-measure" data-test="update-elsewhere">{ t!("update-browser") }</p>
                </Section>
            }
            <Section title={t!("about-licences")}>
                <p class="u-text-2 u-measure">{ t!("about-licences-text") }</p>
            </Section>
        </>
    }
}
