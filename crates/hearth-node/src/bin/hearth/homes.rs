//! The other homes on the command line: how they are, and what is done about one.

use crate::commands::{put, show};
use crate::output;
use hearth_api::ports::Clock as _;
use hearth_api::{ApiError, Code};
use hearth_node::control;
use hearth_node::system::SystemClock;
use hearth_node::words::span;
use serde_json::{Value, json};
use std::path::Path;
use std::process::ExitCode;
use zeroize::Zeroizing;

/// A difference of clocks that is worth telling, in milliseconds.
const CLOCK_MS: u64 = 1_000;

/// What is done about another home.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Act {
    /// Agrees on new keys.
    RenewKeys,
    /// Tries at once to bring what waits.
    Try,
    /// Stops both directions and hides its copies.
    Block,
    /// Takes that back.
    Unblock,
}

impl Act {
    fn command(self) -> &'static str {
        match self {
            Self::RenewKeys => "homes.renew_keys",
            Self::Try => "homes.try_now",
            Self::Block | Self::Unblock => "homes.change",
        }
    }

    fn request(self, home: &str) -> Value {
        match self {
            Self::RenewKeys | Self::Try => json!({ "home": home }),
            Self::Block => json!({ "home": home, "action": "block" }),
            Self::Unblock => json!({ "home": home, "action": "unblock" }),
        }
    }

    fn done(self, name: &str) -> String {
        match self {
            Self::RenewKeys => format!("The keys shared with {name} are new."),
            Self::Try => format!("Trying {name} now. “hearth peers” shows what came of it."),
            Self::Block => {
                format!(
                    "{name} is blocked: nothing goes there or comes from there, and what it shared is hidden."
                )
            }
            Self::Unblock => format!("{name} is not blocked any more. Both homes catch up."),
        }
    }
}

/// Does something about the home that `wanted` means.
pub(crate) async fn act(
    dir: &Path,
    passphrase: Option<Zeroizing<String>>,
    json: bool,
    wanted: &str,
    act: Act,
) -> ExitCode {
    let found = match put(dir, passphrase.clone(), "homes.list", json!({})).await {
        Ok(homes) => find_home(&homes, wanted),
        Err(error) => return output::refuse(json, &error),
    };
    match found {
        Ok((id, name)) if matches!(act, Act::Try) => {
            tried(dir, json, act.request(&id), &act.done(&name)).await
        }
        Ok((id, name)) => {
            show(dir, passphrase, json, act.command(), act.request(&id), |_done| {
                act.done(&name)
            })
            .await
        }
        Err(error) => output::refuse(json, &error),
    }
}

/// Tries every home for which something waits.
pub(crate) async fn try_all(dir: &Path, json: bool) -> ExitCode {
    tried(
        dir,
        json,
        json!({}),
        "Trying all homes now. “hearth peers” shows what came of it.",
    )
    .await
}

/// Only a home that runs delivers.
async fn tried(dir: &Path, json: bool, request: Value, done: &str) -> ExitCode {
    match control::call(dir, "homes.try_now", &request).await {
        Some(Ok(answer)) => output::answer(json, &answer, |_done| done.to_owned()),
        Some(Err(error)) => output::refuse(json, &error),
        None => output::refuse(
            json,
            &ApiError::new(
                Code::Unavailable,
                "Hearth does not run on this folder. Start it; it delivers by itself then.",
            ),
        ),
    }
}

/// The id and the name of the home that is meant: an identity in either form, a nickname, a name. Not a guess between several.
pub(crate) fn find_home(homes: &Value, wanted: &str) -> Result<(String, String), ApiError> {
    let wanted = wanted.trim();
    let all = homes.as_array().map(Vec::as_slice).unwrap_or_default();
    let by = |pointers: &[&str]| -> Vec<&Value> {
        all.iter()
            .filter(|home| {
                pointers.iter().any(|pointer| {
                    !wanted.is_empty() && text(home, pointer).to_lowercase() == wanted.to_lowercase()
                })
            })
            .collect()
    };
    let mut found = by(&["/id", "/id_shown"]);
    if found.is_empty() {
        found = by(&["/nickname", "/name"]);
    }
    match found.as_slice() {
        [home] => Ok((text(home, "/id").to_owned(), text(home, "/name").to_owned())),
        [] => Err(ApiError::new(
            Code::NotFound,
            "No paired home is called that. “hearth peers” lists them.",
        )),
        _ => Err(ApiError::new(
            Code::Invalid,
            "Several paired homes are called that. Give the identity instead; “hearth peers” shows it.",
        )),
    }
}

/// A text in an answer; empty where there is none.
pub(crate) fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The paired homes, a line each.
pub(crate) fn peers(homes: &Value) -> String {
    let homes = homes.as_array().map(Vec::as_slice).unwrap_or_default();
    if homes.is_empty() {
        return "No paired homes yet. “hearth invite” makes an invite.".to_owned();
    }
    let now = SystemClock.now().0;
    homes
        .iter()
        .map(|home| peer(home, now))
        .collect::<Vec<_>>()
        .join("\n")
}

fn peer(home: &Value, now: i64) -> String {
    let waiting = home.pointer("/waiting").and_then(Value::as_u64).unwrap_or(0);
    let says = |pointer| home.pointer(pointer).and_then(Value::as_bool).unwrap_or(false);
    let number = |pointer| home.pointer(pointer).and_then(Value::as_i64);
    let (reachable, fetches) = (says("/reachable"), says("/fetches"));
    let state = match text(home, "/state") {
        "connected" if reachable => "connected",
        "connected" if fetches => "connected, fetches by itself",
        "connected" => "connected, asleep",
        "pending" => "not compared yet",
        other => other,
    };
    let mut more = Vec::new();
    let people = home.pointer("/scope/people").and_then(Value::as_array);
    let about: Vec<&str> = people
        .into_iter()
        .flatten()
        .map(|person| text(person, "/name"))
        .collect();
    if !about.is_empty() {
        more.push(format!("only for {}", about.join(", ")));
    }
    more.push(format!("{waiting} waiting"));
    if let Some(refused) = number("/refused").filter(|refused| *refused > 0) {
        more.push(format!("{refused} refused there"));
    }
    if let Some(at) = number("/last_contact") {
        more.push(format!("last contact {}", ago(now.saturating_sub(at))));
    }
    if let Some(ms) = number("/clock_difference_ms").filter(|ms| ms.unsigned_abs() >= CLOCK_MS) {
        let which = if ms > 0 { "ahead" } else { "behind" };
        more.push(format!("its clock is {} {which}", long(ms.unsigned_abs())));
    }
    if let Some(error) = home
        .pointer("/last_error")
        .and_then(Value::as_str)
        .filter(|_| !fetches)
    {
        more.push(error_in_words(error));
    }
    format!(
        "{}  {state}, {}  {}",
        text(home, "/name"),
        more.join(", "),
        text(home, "/id_shown")
    )
}

/// Why the last try to reach a home failed. `hearth doctor` says what to do about it.
fn error_in_words(code: &str) -> String {
    let words = match code {
        "unreachable" => "does not answer",
        "no_address" => "no address of it is known",
        "connection_lost" => "the connection broke off",
        "timeout" => "took too long to answer",
        "wrong_node" => "something else answers at its address",
        "not_connected" => "takes nothing from this home",
        "cloned" => "saw two copies of this home run",
        "clock_skew" => "its clock and the one here differ too much",
        "unsupported_version" | "version_mismatch" => "runs another version of Hearth",
        "rate_limited" => "asked for a pause",
        "unavailable" => "is busy or just starting",
        code => return format!("the last try failed ({code})"),
    };
    words.to_owned()
}

/// A part of the home, as the doctor and the window call it.
fn part_in_words(part: &str) -> &str {
    match part {
        "disk" => "disk space",
        "secrets" => "keys",
        "listener" => "for other homes",
        "access" => "other devices",
        "provider" => "model servers",
        "files" => "pictures and files",
        "restored" => "after the restore",
        part => part,
    }
}

/// How well a part is.
fn level_in_words(level: &str) -> &str {
    match level {
        "ok" => "good",
        "waiting" => "waits",
        _ => "needs you",
    }
}

/// How long ago that is.
fn ago(ms: i64) -> String {
    match u64::try_from(ms) {
        Ok(ms) if ms >= 60_000 => format!("{} ago", long(ms)),
        _ => "just now".to_owned(),
    }
}

/// A time in its largest unit.
fn long(ms: u64) -> String {
    let (count, unit) = match ms / 1000 {
        seconds @ 0..60 => (seconds, "s"),
        seconds @ 60..3600 => (seconds / 60, "min"),
        seconds @ 3600..86_400 => (seconds / 3600, "h"),
        seconds @ 86_400..172_800 => (seconds / 86_400, "day"),
        seconds => (seconds / 86_400, "days"),
    };
    format!("{count} {unit}")
}

/// How the home is: a verdict, the parts, the other homes.
pub(crate) fn status(health: &Value) -> String {
    let verdict = match text(health, "/level") {
        "ok" => "All good.",
        "waiting" => "Something waits; “hearth doctor” says what.",
        _ => "Something needs you; “hearth doctor” says what, and what to do next.",
    };
    let mut lines = vec![
        verdict.to_owned(),
        format!("This home: {}", text(health, "/id_shown")),
    ];
    for part in health
        .pointer("/parts")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let (part, level) = (text(part, "/part"), text(part, "/level"));
        lines.push(format!("  {}: {}", part_in_words(part), level_in_words(level)));
    }
    let now = SystemClock.now().0;
    if let Some(until) = health.pointer("/paused_until").and_then(Value::as_i64) {
        let minutes = until
            .saturating_sub(now)
            .saturating_add(59_999)
            .div_euclid(60_000);
        let left = span(u64::try_from(minutes).unwrap_or_default());
        lines.push(format!("  sending is paused for another {left}"));
    }
    for home in health
        .pointer("/homes")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        lines.push(format!("  {}", peer(home, now)));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_its_largest_unit() {
        const DAY: u64 = 86_400_000;
        assert_eq!(
            [59_000, 3_600_000, DAY, 2 * DAY - 1, 2 * DAY].map(long),
            ["59 s", "1 h", "1 day", "1 day", "2 days"]
        );
    }

    #[test]
    fn a_home_is_a_line_that_says_how_it_is() {
        let home = json!({
            "name": "Lake House", "id_shown": "abcd-efgh", "state": "connected", "reachable": false, "waiting": 3, "refused": 1,
            "last_contact": 0, "clock_difference_ms": -90_000, "last_error": "unreachable",
        });
        assert_eq!(
            peer(&home, 7_200_000),
            "Lake House  connected, asleep, 3 waiting, 1 refused there, last contact 2 h ago, its clock is 1 min behind, does not answer  \
             abcd-efgh"
        );
        let fetches = json!({
            "name": "Boat", "id_shown": "x", "state": "connected", "reachable": false, "fetches": true, "waiting": 0,
            "last_contact": 5000, "clock_difference_ms": 10, "last_error": "unreachable",
        });
        assert_eq!(
            peer(&fetches, 6000),
            "Boat  connected, fetches by itself, 0 waiting, last contact just now  x"
        );
    }

    #[test]
    fn the_parts_of_the_home_are_named_as_people_call_them() {
        let health = json!({
            "level": "waiting", "id_shown": "abcd-efgh",
            "parts": [{ "part": "secrets", "level": "ok" }, { "part": "backup", "level": "waiting" }],
        });
        let told = status(&health);
        assert!(told.ends_with("\n  keys: good\n  backup: waits"), "{told}");
    }
}
