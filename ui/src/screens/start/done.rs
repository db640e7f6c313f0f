//! The home is there: what one may do next.

use super::StartLayout;
use crate::prelude::*;
use crate::routes::Section;

/// The home is created.
#[component]
pub fn DonePage() -> Html {
    let me = use_me();
    let go = use_go();
    let home = me
        .as_ref()
        .map(|m| m.person.home.name.clone())
        .unwrap_or_default();
    let step = |to: Route, icon: IconName, title: AttrValue, text: AttrValue, test: &'static str| {
        html! {
            <Link {to} class="h-start__choice" test_id={test}>
                <span class="h-start__choice-icon"><Icon name={icon} size={IconSize::L} /></span>
                <span class="l-grow">
                    <span class="h-start__choice-title">{ title }</span>
                    <span class="u-text-2 u-sm">{ text }</span>
                </span>
                <Icon name={IconName::ChevronRight} />
            </Link>
        }
    };
    if me.is_none() {
        return html! { <StartLayout title={t!("loading")}><Spinner /></StartLayout> };
    }
    html! {
        <StartLayout title={t!("done-title", "home" => &home)} text={Some(t!("done-text"))}>
            if let Some(path) = crate::frame::nav::waiting_invite() {
                <Banner
                    tone={Tone::Accent}
                    icon={IconName::Handshake}
                    actions={html! {
                        <Button variant={Variant::Filled} size={Size::S} on_click={Callback::from(move |_| {
                            crate::frame::nav::take_remembered();
                            go.to_path(&path);
                        })} test_id="open-invite">{ t!("done-open-invite") }</Button>
                    }}
                >{ t!("done-invite-waits") }</Banner>
            }
            <div class="l-stack u-gap-8">
                { step(Route::SettingsSection { section: Section::People }, IconName::UserPlus, t!("done-family"), t!("done-family-hint"), "done-family") }
                { step(Route::Pair, IconName::Handshake, t!("done-pair"), t!("done-pair-hint"), "done-pair") }
                { step(Route::Models, IconName::Sparkles, t!("done-assistant"), t!("done-assistant-hint"), "done-assistant") }
                { step(Route::Compose, IconName::Pencil, t!("done-post"), t!("done-post-hint"), "done-post") }
            </div>
            <ButtonLink to={Route::Feed} variant={Variant::Filled} size={Size::L} full={true} test_id="done-feed">{ t!("action-to-feed") }</ButtonLink>
        </StartLayout>
    }
}
