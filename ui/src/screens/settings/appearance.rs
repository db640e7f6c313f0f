//! Theme, text size, language, time zone: seen at once.

use crate::kit::i18n::Lang;
use crate::kit::time as clock;
use crate::prelude::*;
use crate::state::session::change_settings;

/// How the window looks and speaks.
#[component]
pub(super) fn AppearanceSection() -> Html {
    let settings = use_settings();
    let theme = vec![
        RadioCard {
            value: "system".into(),
            label: t!("theme-system"),
            hint: None,
            icon: Some(IconName::Monitor),
        },
        RadioCard {
            value: "light".into(),
            label: t!("theme-light"),
            hint: None,
            icon: Some(IconName::Sun),
        },
        RadioCard {
            value: "dark".into(),
            label: t!("theme-dark"),
            hint: None,
            icon: Some(IconName::Moon),
        },
    ];
    let mut languages = vec![SelectOption::new("auto", t!("language-auto"))];
    languages.extend(
        Lang::ALL
            .into_iter()
            .map(|l| SelectOption::new(l.tag(), l.own_name())),
    );
    let zone_options = use_memo(settings.language.clone(), |_| {
        let auto = SelectOption::new("auto", t!("zone-auto", "zone" => clock::system_zone()));
        let all = clock::known_zones();
        let named = all
            .iter()
            .map(|zone| SelectOption::new(zone.clone(), zone.replace('_', " ")));
        Rc::new([auto].into_iter().chain(named).collect::<Vec<_>>())
    });
    let zone_options = Rc::clone(&*zone_options);
    let size = settings.text_size;
    html! {
        <>
            <Card>
                <div class="l-stack u-gap-24">
                    <RadioCards
                        legend={t!("appearance-theme")}
                        value={settings.theme.clone()}
                        cards={theme}
                        row={true}
                        on_change={Callback::from(|value: AttrValue| change_settings(|s| s.theme = value.to_string()))}
                        test_id="theme"
                    />
                    <Slider
                        label={t!("appearance-text-size")}
                        value={i32::from(size)}
                        min={80}
                        max={140}
                        step={10}
                        text={t!("percent", "value" => size)}
                        on_change={Callback::from(|value: i32| change_settings(|s| s.text_size = u8::try_from(value).unwrap_or(100)))}
                        hint={Some(t!("appearance-text-size-hint"))}
                        test_id="text-size"
                    />
                </div>
            </Card>
            <Card>
                <div class="l-stack u-gap-20">
                    <Select
                        label={t!("appearance-language")}
                        value={settings.language.clone()}
                        options={languages}
                        on_change={Callback::from(|value: String| change_settings(|s| s.language = value))}
                        test_id="language"
                    />
                    <Combobox
                        label={t!("appearance-zone")}
                        value={settings.time_zone.clone()}
                        options={zone_options}
                        on_change={Callback::from(|value: String| change_settings(|s| s.time_zone = value))}
                        hint={Some(t!("appearance-zone-hint"))}
                        test_id="zone"
                    />
                </div>
            </Card>
            <Card>
                <Switch
                    label={t!("appearance-whole-answers")}
                    hint={Some(t!("appearance-whole-answers-hint"))}
                    on={settings.whole_answers}
                    on_change={Callback::from(|on| change_settings(|s| s.whole_answers = on))}
                    test_id="whole-answers"
                />
            </Card>
        </>
    }
}
