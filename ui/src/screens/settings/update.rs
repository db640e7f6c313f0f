//! New versions of the app, at the computer that it runs on.

use super::Line;
use crate::frame::update::{failure, leads, show, stands};
use crate::prelude::*;
use crate::state::desktop::{self, use_desktop};
use hearth_api::desktop::{UpdateState, UpdateWay};

/// Which version this is, whether there is another one, and whether it is looked for.
#[component]
pub(super) fn UpdateSettings() -> Html {
    let state = use_desktop();
    let session = use_session();
    let admin = use_me().is_some_and(|me| me.role.is_admin());
    let Some(update) = state.as_ref().as_ref().map(|state| &state.update) else {
        return Html::default();
    };
    let version = session
        .status()
        .map(|status| status.version.clone())
        .unwrap_or_default();
    if update.way == UpdateWay::None {
        return html! {
            <Section title={t!("update-title")}>
                <p class="u-text-2 u-measure" data-test="update-none">{ t!("update-none") }</p>
            </Section>
        };
    }
    html! {
        <Section title={t!("update-title")}>
            <div class="l-stack u-gap-16">
                <Card pad={CardPad::None} class="h-settings__lines">
                    <Line label={t!("update-version", "version" => &version)} value={html! { <span data-test="update-state">{ line(update) }</span> }}>
                        if update.offer.is_some() && admin {
                            <Button size={Size::S} variant={Variant::Filled} on_click={show(true)} test_id="update-show">{ leads(update) }</Button>
                        }
                        <Button size={Size::S} pending={update.looking} on_click={Callback::from(|_: MouseEvent| desktop::look_for_update())} test_id="update-look">{ t!("update-look") }</Button>
                    </Line>
                </Card>
                { failure(update) }
                <Card>
                    <Switch
                        label={t!("update-daily")}
                        hint={Some(t!("update-daily-hint"))}
                        on={update.looks}
                        on_change={Callback::from(desktop::set_looks_for_updates)}
                        test_id="update-daily"
                    />
                </Card>
            </div>
        </Section>
    }
}

/// How it stands, in a line.
fn line(update: &UpdateState) -> AttrValue {
    match (&update.offer, update.looked_at) {
        (Some(_), _) => stands(update),
        (None, Some(at)) => t!("update-newest", "time" => when::absolute(at)),
        (None, None) => t!("update-never"),
    }
}
