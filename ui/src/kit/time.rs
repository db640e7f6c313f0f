//! Times as people say them: "just now", minutes, hours, then the weekday, then the date.
//!
//! Which words to use is decided here and tested on the host; the words come from Fluent and `Intl`. One ticker serves
//! every relative time on the page and rests while the page is hidden.

use crate::kit::{dom, i18n};
use crate::t;
use hearth_api::{Date, Timestamp};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use yew::prelude::*;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How to say how long ago something was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Within the last minute, or a little ahead because two clocks differ.
    JustNow,
    /// Whole minutes, under an hour.
    Minutes(i64),
    /// Whole hours, under a day.
    Hours(i64),
    /// The weekday and time, under a week.
    Weekday,
    /// Day and month.
    DayMonth,
    /// With the year.
    Full,
}

/// How to say how long before `now` the time `then` was.
#[must_use]
pub fn age(now: Timestamp, then: Timestamp) -> Age {
    let ms = now.ms_since(then);
    match ms {
        ..-90_000 => Age::Full,
        -90_000..MINUTE => Age::JustNow,
        MINUTE..HOUR => Age::Minutes(ms / MINUTE),
        HOUR..DAY => Age::Hours(ms / HOUR),
        _ if ms < 6 * DAY => Age::Weekday,
        _ if ms < 300 * DAY => Age::DayMonth,
        _ => Age::Full,
    }
}

/// The time now by this device's clock.
#[must_use]
pub fn now() -> Timestamp {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds fit a 53-bit integer for the next 280 000 years"
    )]
    let ms = js_sys::Date::now() as i64;
    Timestamp(ms)
}

thread_local! { static ZONE: RefCell<String> = const { RefCell::new(String::new()) }; }

/// Sets the zone that times are shown in; empty follows the system.
pub fn set_zone(zone: &str) {
    ZONE.replace(zone.to_owned());
}

/// The system's own zone.
#[must_use]
pub fn system_zone() -> String {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    js_sys::Reflect::get(&format.resolved_options(), &JsValue::from_str("timeZone"))
        .ok()
        .and_then(|zone| zone.as_string())
        .unwrap_or_default()
}

/// The zones that this browser knows.
#[must_use]
pub fn known_zones() -> Vec<String> {
    let list = js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("Intl"))
        .and_then(|intl| js_sys::Reflect::get(&intl, &JsValue::from_str("supportedValuesOf")))
        .ok()
        .and_then(|f| wasm_bindgen::JsCast::dyn_into::<js_sys::Function>(f).ok())
        .and_then(|f| f.call1(&JsValue::UNDEFINED, &JsValue::from_str("timeZone")).ok());
    list.map(|zones| {
        js_sys::Array::from(&zones)
            .iter()
            .filter_map(|z| z.as_string())
            .collect()
    })
    .unwrap_or_default()
}

/// Formats a time by `Intl` options, such as `&[("weekday", "short")]`.
#[must_use]
pub fn format(at: Timestamp, options: &[(&str, &str)]) -> String {
    let bag = js_sys::Object::new();
    for (name, value) in options {
        let _set = js_sys::Reflect::set(&bag, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    let zone = ZONE.with_borrow(Clone::clone);
    if !zone.is_empty() && !options.iter().any(|(name, _)| *name == "timeZone") {
        let _set = js_sys::Reflect::set(&bag, &JsValue::from_str("timeZone"), &JsValue::from_str(&zone));
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds of any real time are exact in a double"
    )]
    let ms = at.0 as f64;
    js_sys::Date::new(&JsValue::from_f64(ms))
        .to_locale_string(&i18n::locale(), &bag)
        .into()
}

/// The time as people say it, in few letters: "just now", "5 min", "2 h", "Tue 14:02", "3 Nov", "3 Nov 2024".
#[must_use]
pub fn short(now: Timestamp, then: Timestamp) -> AttrValue {
    match age(now, then) {
        Age::JustNow => t!("time-just-now"),
        Age::Minutes(n) => t!("time-minutes", "count" => n),
        Age::Hours(n) => t!("time-hours", "count" => n),
        Age::Weekday => format(
            then,
            &[("weekday", "short"), ("hour", "numeric"), ("minute", "2-digit")],
        )
        .into(),
        Age::DayMonth => format(then, &[("day", "numeric"), ("month", "short")]).into(),
        Age::Full => format(
            then,
            &[("day", "numeric"), ("month", "short"), ("year", "numeric")],
        )
        .into(),
    }
}

/// The whole time with its zone, for hover, focus and screen readers.
#[must_use]
pub fn absolute(at: Timestamp) -> String {
    let mut options = vec![
        ("weekday", "long"),
        ("day", "numeric"),
        ("month", "long"),
        ("year", "numeric"),
        ("hour", "numeric"),
        ("minute", "2-digit"),
    ];
    options.push(("timeZoneName", "short"));
    format(at, &options)
}

/// Hours and minutes.
#[must_use]
pub fn clock(at: Timestamp) -> String {
    format(at, &[("hour", "numeric"), ("minute", "2-digit")])
}

/// A calendar day, such as "Tuesday, 3 November"; "Today" and "Yesterday" where they fit.
#[must_use]
pub fn day(now: Timestamp, at: Timestamp) -> AttrValue {
    let key = |t: Timestamp| {
        format(
            t,
            &[("year", "numeric"), ("month", "2-digit"), ("day", "2-digit")],
        )
    };
    let this = key(at);
    if this == key(now) {
        t!("time-today")
    } else if this == key(now.plus_days(-1)) {
        t!("time-yesterday")
    } else if now.ms_since(at) < 300 * DAY {
        format(at, &[("weekday", "long"), ("day", "numeric"), ("month", "long")]).into()
    } else {
        format(at, &[("day", "numeric"), ("month", "long"), ("year", "numeric")]).into()
    }
}

/// A calendar date without a time, such as a birthday.
#[must_use]
pub fn date(date: Date) -> String {
    let days = days_from_civil(i64::from(date.year), i64::from(date.month), i64::from(date.day));
    format(
        Timestamp(days * DAY),
        &[
            ("day", "numeric"),
            ("month", "long"),
            ("year", "numeric"),
            ("timeZone", "UTC"),
        ],
    )
}

/// Days since 1970-01-01, after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let yoe = year.rem_euclid(400);
    let doy = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

/// The ISO form for `datetime` attributes.
#[must_use]
pub fn iso(at: Timestamp) -> String {
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds of any real time are exact in a double"
    )]
    let ms = at.0 as f64;
    js_sys::Date::new(&JsValue::from_f64(ms)).to_iso_string().into()
}

/// Minutes and seconds left of a span, `14:59`; hours in front when there are any.
#[must_use]
pub fn countdown(ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if h > 0 {
        format!("{h}:{m:02}:{s:02}")
    } else {
        format!("{m}:{s:02}")
    }
}

/// A number as the language writes it.
#[must_use]
pub fn number(value: f64) -> String {
    js_sys::Number::from(value)
        .to_locale_string(&i18n::locale())
        .into()
}

/// A size in bytes as people say it.
#[must_use]
pub fn bytes(size: u64) -> String {
    let (value, unit) = scale_bytes(size);
    format!("{} {unit}", number(value))
}

/// A size in the largest unit that leaves a number of at least one; one decimal below ten.
fn scale_bytes(size: u64) -> (f64, &'static str) {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    #[expect(clippy::cast_precision_loss, reason = "shown with two digits")]
    let mut value = size as f64;
    let mut unit = "B";
    for next in UNITS.into_iter().skip(1) {
        if value < 999.5 {
            break;
        }
        value /= 1000.0;
        unit = next;
    }
    if value < 9.95 && unit != "B" {
        ((value * 10.0).round() / 10.0, unit)
    } else {
        (value.round(), unit)
    }
}

type Listeners = Rc<RefCell<Vec<(usize, Callback<()>)>>>;

thread_local! { static TICKER: Ticker = Ticker::default(); }

#[derive(Default)]
struct Ticker {
    listeners: Listeners,
    next: std::cell::Cell<usize>,
    timer: RefCell<Option<gloo_timers::callback::Interval>>,
}

/// A place in the ticker, given up on drop.
struct Tick(usize);

impl Tick {
    fn new(on_tick: Callback<()>) -> Self {
        TICKER.with(|ticker| {
            let id = ticker.next.get();
            ticker.next.set(id.wrapping_add(1));
            ticker.listeners.borrow_mut().push((id, on_tick));
            if ticker.timer.borrow().is_none() {
                let listeners = Rc::clone(&ticker.listeners);
                let timer = gloo_timers::callback::Interval::new(20_000, move || {
                    if dom::document().is_some_and(|d| d.hidden()) {
                        return;
                    }
                    let all: Vec<_> = listeners.borrow().iter().map(|(_, l)| l.clone()).collect();
                    all.iter().for_each(|l| l.emit(()));
                });
                ticker.timer.replace(Some(timer));
            }
            Self(id)
        })
    }
}

impl Drop for Tick {
    fn drop(&mut self) {
        let _gone = TICKER.try_with(|ticker| {
            ticker.listeners.borrow_mut().retain(|(id, _)| *id != self.0);
            if ticker.listeners.borrow().is_empty() {
                ticker.timer.replace(None);
            }
        });
    }
}

/// The time now; the component draws again with the shared ticker (three times a minute while visible).
#[hook]
pub fn use_now() -> Timestamp {
    let state = use_state_eq(now);
    let setter = state.setter();
    use_effect_with((), move |()| {
        let tick = Tick::new(Callback::from(move |()| setter.set(now())));
        move || drop(tick)
    });
    *state
}

/// The time now, each second; for countdowns, while `running`.
#[hook]
pub fn use_seconds(running: bool) -> Timestamp {
    let state = use_state_eq(now);
    let setter = state.setter();
    use_effect_with(running, move |running| {
        let timer = running.then(|| gloo_timers::callback::Interval::new(1000, move || setter.set(now())));
        move || drop(timer)
    });
    *state
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_become_coarser() {
        let now = Timestamp(100 * DAY);
        let ago = |ms: i64| age(now, now.plus_ms(-ms));
        assert_eq!(ago(0), Age::JustNow);
        assert_eq!(
            ago(-30_000),
            Age::JustNow,
            "a clock a little ahead is not the future"
        );
        assert_eq!(ago(59_999), Age::JustNow);
        assert_eq!(ago(MINUTE), Age::Minutes(1));
        assert_eq!(ago(HOUR - 1), Age::Minutes(59));
        assert_eq!(ago(DAY - 1), Age::Hours(23));
        assert_eq!(ago(DAY), Age::Weekday);
        assert_eq!(ago(6 * DAY), Age::DayMonth);
        assert_eq!(ago(300 * DAY), Age::Full);
        assert_eq!(ago(-DAY), Age::Full);
    }

    #[test]
    fn spans_and_sizes_read_well() {
        assert_eq!(countdown(899_000), "14:59");
        assert_eq!(countdown(-5), "0:00");
        assert_eq!(countdown(3_661_000), "1:01:01");
        assert_eq!(scale_bytes(999), (999.0, "B"));
        assert_eq!(scale_bytes(1_500), (1.5, "kB"));
        assert_eq!(scale_bytes(999_600), (1.0, "MB"));
        assert_eq!(scale_bytes(48_200_000), (48.0, "MB"));
    }

    #[test]
    fn civil_days_match_the_calendar() {
        assert_eq!(days_from_civil(1970, 1, 1), 0);
        assert_eq!(days_from_civil(2000, 3, 1), 11_017);
        assert_eq!(days_from_civil(2026, 11, 22), 20_779);
    }
}
