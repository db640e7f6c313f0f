//! Settings: saved at once, taken back with the reason when refused.

mod about;
mod account;
mod appearance;
mod backup_restore;
pub(crate) mod backups;
mod computer;
mod devices;
mod key_place;
mod keyboard;
mod notifications;
mod people;
mod privacy;
mod quiet;
pub(crate) mod sections;
mod storage;
mod totp;
mod update;

use crate::prelude::*;
use crate::routes::Section as Place;
use sections::{hint, icon, is_about, is_for, name};

/// Properties of [`SettingsPage`].
#[derive(Properties, PartialEq)]
pub struct SettingsPageProps {
    /// Which section; the list without, and the first one beside it on a wide window.
    #[prop_or_default]
    pub section: Option<Place>,
}

/// Settings.
#[component]
pub fn SettingsPage(props: &SettingsPageProps) -> Html {
    let wide = use_media("(min-width: 1024px)");
    let me = use_me();
    let admin = me.is_some_and(|m| m.role.is_admin());
    let allowed = |section: Place| is_for(section, admin);
    // What somebody may not open looks like what does not exist.
    if props.section.is_some_and(|s| !allowed(s)) {
        return html! { <super::start::NotFoundPage /> };
    }
    let shown = props.section.unwrap_or(Place::Account);
    if !wide {
        return match props.section {
            None => html! { <SectionList {admin} main={true} /> },
            Some(section) => detail(section, admin),
        };
    }
    html! {
        <PaneGroup
            list={html! { <SectionList {admin} main={false} current={Some(shown)} /> }}
            list_label={t!("nav-settings")}
            detail={detail(shown, admin)}
            shown={PaneShown::Detail}
            memory="settings"
        />
    }
}

fn detail(section: Place, admin: bool) -> Html {
    let content = match section {
        Place::Account => html! { <account::AccountSection /> },
        Place::Devices => html! { <devices::DevicesSection /> },
        Place::People => html! { <people::PeopleSection /> },
        Place::Backups => html! { <backups::BackupsSection /> },
        Place::Storage => html! { <storage::StorageSection {admin} /> },
        Place::Appearance => html! { <appearance::AppearanceSection /> },
        Place::Notifications => html! { <notifications::NotificationsSection /> },
        Place::Privacy => html! { <privacy::PrivacySection /> },
        Place::Computer => html! { <computer::ComputerSection /> },
        Place::Keyboard => html! { <keyboard::KeyboardSection /> },
        Place::About => html! { <about::AboutSection /> },
    };
    html! {
        <Page title={name(section)} back={Route::Settings} back_narrow={true} test_id={format!("settings-{section}")}>
            <div class="h-settings" key={section.as_str()}>{ content }</div>
        </Page>
    }
}

#[derive(Properties, PartialEq)]
struct SectionListProps {
    admin: bool,
    main: bool,
    #[prop_or_default]
    current: Option<Place>,
}

#[component]
fn SectionList(props: &SectionListProps) -> Html {
    let wanted = use_state_eq(String::new);
    let on_input = {
        let wanted = wanted.setter();
        Callback::from(move |text| wanted.set(text))
    };
    let field = use_node_ref();
    let focus_field = {
        let field = field.clone();
        Callback::from(move |()| {
            if let Some(field) = field.cast::<web_sys::HtmlElement>() {
                let _focused = field.focus();
            }
        })
    };
    use_commands(vec![
        KeyCommand::key(Key::Search, focus_field).named("settings-filter"),
    ]);
    let found: Vec<Place> = Place::ALL
        .into_iter()
        .filter(|s| is_for(*s, props.admin))
        .filter(|s| is_about(*s, &wanted))
        .collect();
    html! {
        <Page title={t!("nav-settings")} main={props.main}>
            <div class="l-stack u-gap-12">
                <TextField
                    label={t!("settings-filter")}
                    quiet_label={true}
                    kind="search"
                    placeholder={Some(t!("settings-filter"))}
                    start={Some(IconName::Search)}
                    value={(*wanted).clone()}
                    {on_input}
                    node={field}
                    test_id="settings-filter"
                />
                <nav class="l-stack u-gap-2" aria-label={t!("settings-sections")}>
                    { for found.iter().map(|section| html! {
                        <ListRow
                            key={section.as_str()}
                            title={html! { { name(*section) } }}
                            text={html! { { hint(*section) } }}
                            start={html! { <span class="h-settings__icon"><Icon name={icon(*section)} /></span> }}
                            to={Some(Route::SettingsSection { section: *section })}
                            current={props.current == Some(*section)}
                        />
                    }) }
                </nav>
                if found.is_empty() { <p class="u-text-2 u-centre">{ t!("settings-filter-none") }</p> }
            </div>
        </Page>
    }
}

#[derive(Properties, PartialEq)]
struct LineProps {
    /// What it is.
    label: AttrValue,
    /// How it stands.
    #[prop_or_default]
    value: Html,
    /// What can be done.
    #[prop_or_default]
    children: Html,
}

/// A line of a card: what, how it stands, what can be done.
#[component]
fn Line(props: &LineProps) -> Html {
    html! {
        <div class="h-settings__line">
            <div class="l-grow">
                <div class="u-medium">{ props.label.clone() }</div>
                if props.value != Html::default() { <div class="u-sm u-text-2">{ props.value.clone() }</div> }
            </div>
            <div class="h-settings__act">{ props.children.clone() }</div>
        </div>
    }
}
