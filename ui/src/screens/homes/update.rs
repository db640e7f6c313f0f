//! A new version of the app, as a part of the home that wants something of an admin.

use crate::frame::update::{leads, show, stands};
use crate::prelude::*;
use crate::state::desktop::use_offered_update;

/// The version that is offered, in the app on the home's own computer.
#[component]
pub(super) fn UpdateRow() -> Html {
    let Some(update) = use_offered_update() else {
        return Html::default();
    };
    html! {
        <li class="h-parts__row" data-tone="accent" data-test="part-update">
            <Icon name={IconName::Download} class="h-parts__icon" />
            <span class="h-parts__words"><span class="u-medium">{ t!("update-part") }</span><span class="u-sm u-text-2">{ stands(&update) }</span></span>
            <Button size={Size::S} on_click={show(true)} test_id="health-update">{ leads(&update) }</Button>
        </li>
    }
}
