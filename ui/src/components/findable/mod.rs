//! Whether people of connected homes find the signed-in person: asked wherever one would look for it.

use crate::components::Switch;
use crate::state::mutation::optimistic;
use crate::state::query::use_query_if;
use crate::state::{Topic, use_me};
use crate::t;
use hearth_api::profile::{GetProfile, UpdateProfile};
use yew::prelude::*;

/// The switch, once it is known how it stands.
#[component]
pub fn FindableSwitch() -> Html {
    let me = use_me().map(|me| me.person.id);
    let profile = use_query_if(
        me.map(|person| GetProfile { person }),
        me.map(Topic::Profile).into_iter().collect(),
    );
    let Some(on) = profile.data.as_ref().and_then(|profile| profile.findable) else {
        return Html::default();
    };
    let on_change = Callback::from(move |on: bool| {
        let before = profile.change(|profile| profile.findable = Some(on));
        let (rollback, refetch) = (profile.set.clone(), profile.refetch.clone());
        optimistic(
            UpdateProfile {
                findable: Some(on),
                ..UpdateProfile::default()
            },
            move || {
                if let Some(before) = before {
                    rollback.emit(before);
                }
            },
            move |_| refetch.emit(()),
        );
    });
    html! { <Switch label={t!("about-findable")} hint={t!("about-findable-hint")} {on} {on_change} test_id="findable" /> }
}
