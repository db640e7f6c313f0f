//! Who sees a new post unless something else is chosen, who finds one, and where profile fields are set.

use crate::prelude::*;
use crate::state::session::change_settings;
use hearth_api::feed::Audience;

/// Privacy.
#[component]
pub(super) fn PrivacySection() -> Html {
    let settings = use_settings();
    let me = use_me();
    let cards = crate::components::audience::ALL
        .into_iter()
        .map(|audience| RadioCard {
            value: audience.as_str().into(),
            label: audience_name(audience),
            hint: Some(audience_hint(audience)),
            icon: Some(audience_icon(audience)),
        })
        .collect::<Vec<_>>();
    let on_change = Callback::from(|value: AttrValue| {
        if let Ok(audience) = value.parse::<Audience>() {
            change_settings(|s| s.default_audience = audience);
        }
    });
    html! {
        <>
            <Section title={t!("privacy-audience")} hint={Some(t!("privacy-audience-hint"))}>
                <RadioCards legend={t!("privacy-audience")} quiet={true} value={settings.default_audience.as_str()} {cards} {on_change} test_id="default-audience" />
            </Section>
            <Section title={t!("privacy-found")} hint={Some(t!("privacy-found-hint"))}>
                <Card><FindableSwitch /></Card>
            </Section>
            if let Some(me) = me {
                <Section title={t!("privacy-profile")} hint={Some(t!("privacy-profile-hint"))}>
                    <div>
                        <ButtonLink to={Route::ProfileAbout { person: me.person.id }} start={IconName::User}>{ t!("privacy-profile-open") }</ButtonLink>
                    </div>
                </Section>
            }
        </>
    }
}
