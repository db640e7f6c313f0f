//! Quiet hours: between which times the machine's own notifications are silent.

use crate::prelude::*;
use crate::state::session::change_settings;
use hearth_api::notify::QuietHours;

/// What it begins with: the night.
const NIGHT: QuietHours = QuietHours {
    from: 22 * 60,
    to: 7 * 60,
};

/// A time of the day as it is typed, such as `7:05` or `22:00`; in minutes since midnight.
fn parsed(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let number = |text: &str, most: u16| {
        let digits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u16>()
            .ok()
            .filter(|number| digits && *number <= most)
    };
    // Some systems write the seconds, too.
    let minutes = minutes.split_once(':').map_or(minutes, |(minutes, _)| minutes);
    Some(number(hours, 23)? * 60 + number(minutes, 59)?)
}

fn written(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Quiet hours, with their two times.
#[component]
pub(super) fn QuietHoursCard() -> Html {
    let settings = use_settings();
    let on_change = Callback::from(|on: bool| change_settings(|s| s.quiet_hours = on.then_some(NIGHT)));
    html! {
        <Card>
            <div class="l-stack">
                <Switch
                    label={t!("quiet-hours")}
                    hint={Some(t!("quiet-hours-hint"))}
                    on={settings.quiet_hours.is_some()}
                    {on_change}
                    test_id="quiet-hours"
                />
                if let Some(hours) = settings.quiet_hours { <Times {hours} /> }
            </div>
        </Card>
    }
}

#[derive(Properties, PartialEq)]
struct TimesProps {
    hours: QuietHours,
}

/// From and to. What is no time, or the same twice, is said and not kept.
#[component]
fn Times(props: &TimesProps) -> Html {
    let from = use_state_eq(|| written(props.hours.from));
    let to = use_state_eq(|| written(props.hours.to));
    let keep = |from: &str, to: &str| {
        if let (Some(from), Some(to)) = (parsed(from), parsed(to)) {
            let hours = QuietHours { from, to };
            if hours.is_span() {
                change_settings(|s| s.quiet_hours = Some(hours));
            }
        }
    };
    let on_from = {
        let (set, to) = (from.setter(), to.clone());
        Callback::from(move |text: String| {
            keep(&text, &to);
            set.set(text);
        })
    };
    let on_to = {
        let (set, from) = (to.setter(), from.clone());
        Callback::from(move |text: String| {
            keep(&from, &text);
            set.set(text);
        })
    };
    let no_time = |text: &str| parsed(text).is_none().then(|| t!("quiet-hours-no-time"));
    let same = parsed(&from).is_some() && parsed(&from) == parsed(&to);
    let to_error = no_time(&to).or_else(|| same.then(|| t!("quiet-hours-same")));
    html! {
        <div class="l-cluster u-gap-16">
            <TextField kind="time" literal={true} label={t!("quiet-hours-from")} value={(*from).clone()} placeholder={Some(AttrValue::from(written(NIGHT.from)))} error={no_time(&from)} on_input={on_from} test_id="quiet-from" />
            <TextField kind="time" literal={true} label={t!("quiet-hours-to")} value={(*to).clone()} placeholder={Some(AttrValue::from(written(NIGHT.to)))} error={to_error} on_input={on_to} test_id="quiet-to" />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_typed() {
        for (text, minute) in [("22:00", 1320), ("7:05", 425), (" 00:00 ", 0), ("23:59:00", 1439)] {
            assert_eq!(parsed(text), Some(minute), "{text}");
        }
        for text in [
            "", "22", "24:00", "12:60", "-1:00", "+1:00", "noon", "012:00", "::",
        ] {
            assert_eq!(parsed(text), None, "{text}");
        }
        assert_eq!(parsed(&written(NIGHT.to)), Some(NIGHT.to));
    }
}
