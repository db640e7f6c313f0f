//! The home's health in words: one sentence for all of it, one for each part.

use crate::components::home_card::home_name;
use crate::prelude::*;
use hearth_api::health::{Health, HealthLevel, HealthPart};
use hearth_api::homes::{Home, HomeState};

/// How everything is, in a sentence, and what it means.
pub(super) fn verdict(health: &Health) -> (AttrValue, Option<AttrValue>) {
    let asleep: Vec<AttrValue> = health
        .homes
        .iter()
        .filter(|h| h.state == HomeState::Connected && !h.is_awake() && !h.shuts_out())
        .map(home_name)
        .collect();
    let shut_out = health.homes.iter().find(|h| h.shuts_out());
    let compare = health.homes.iter().find(|h| h.is_to_compare());
    let pending = health.homes.iter().find(|h| h.state == HomeState::Pending);
    let refused = health
        .homes
        .iter()
        .find(|h| h.state == HomeState::Connected && h.refused > 0);
    let troubled = health.parts.iter().find(|p| p.level == HealthLevel::Trouble);
    match health.level {
        HealthLevel::Ok if health.homes.is_empty() => (t!("health-good"), Some(t!("health-good-alone"))),
        HealthLevel::Ok if health.waiting > 0 => (t!("health-good"), Some(waiting(health.waiting))),
        HealthLevel::Ok => (t!("health-good"), Some(t!("health-good-text"))),
        HealthLevel::Waiting if shut_out.is_some() && asleep.is_empty() => (
            t!("health-shut-out", "home" => shut_out.map(home_name).unwrap_or_default()),
            Some(t!("health-shut-out-text")),
        ),
        HealthLevel::Waiting => match (asleep.as_slice(), pending) {
            ([one], _) => (t!("health-asleep", "home" => one), Some(waiting(health.waiting))),
            ([_, _, ..], _) => (
                t!("health-asleep-many", "count" => asleep.len()),
                Some(waiting(health.waiting)),
            ),
            ([], Some(home)) => (
                t!("health-pending", "home" => home_name(home)),
                Some(t!("health-pending-text")),
            ),
            ([], None) if compare.is_some() => (
                t!("health-compare", "home" => compare.map(home_name).unwrap_or_default()),
                Some(t!("health-compare-text")),
            ),
            ([], None) => match health
                .parts
                .iter()
                .find(|p| p.part == "restored" && p.level != HealthLevel::Ok)
            {
                Some(part) => (t!("health-mending"), Some(sentence(part))),
                None => only_waits(health),
            },
        },
        HealthLevel::Trouble => match (troubled, refused) {
            (Some(part), _) => (t!("health-trouble"), Some(sentence(part))),
            (None, Some(home)) => (
                t!("health-trouble"),
                Some(t!("health-refused", "home" => home_name(home), "count" => home.refused)),
            ),
            (None, None) => {
                let cloned = health.homes.iter().find(|h| h.cloned);
                let given_up = |h: &&Home| h.restored.is_some_and(|restored| restored.given_up);
                let given_up = health.homes.iter().find(given_up);
                (
                    t!("health-trouble"),
                    cloned
                        .map(|h| t!("health-cloned", "home" => home_name(h)))
                        .or_else(|| given_up.map(|h| t!("health-given-up", "home" => home_name(h)))),
                )
            }
        },
    }
}

/// What waits where no home is asleep: a part of this one, or what is written here while sending is paused.
fn only_waits(health: &Health) -> (AttrValue, Option<AttrValue>) {
    let part = health.parts.iter().find(|p| p.level == HealthLevel::Waiting);
    match part {
        Some(part) => (t!("health-waiting"), Some(sentence(part))),
        // The pause is told below.
        None if health.paused_until.is_some() && health.waiting == 0 => (t!("health-good"), None),
        None => (t!("health-waiting"), Some(waiting(health.waiting))),
    }
}

fn waiting(count: u64) -> AttrValue {
    if count == 0 {
        t!("health-nothing-waits")
    } else {
        t!("health-things-wait", "count" => count)
    }
}

/// A part of the home in words.
fn sentence(part: &HealthPart) -> AttrValue {
    let fact = |name: &str| part.facts.get(name).map(String::as_str).unwrap_or_default();
    let number = |name: &str| fact(name).parse::<u64>().unwrap_or_default();
    let good = part.level == HealthLevel::Ok;
    match part.part.as_str() {
        "database" if good => t!("health-database-ok", "size" => when::bytes(number("bytes"))),
        "database" => t!("health-database-bad"),
        "disk" if good => t!("health-disk-ok", "size" => when::bytes(number("free_bytes"))),
        "disk" => t!("health-disk-low", "size" => when::bytes(number("free_bytes"))),
        "clock" if fact("difference_ms").is_empty() => t!("health-clock-alone"),
        "clock" if good => t!("health-clock-ok"),
        "clock" => {
            t!("health-clock-off", "count" => fact("difference_ms").parse::<i64>().unwrap_or_default().unsigned_abs().div_ceil(60_000))
        }
        "listener" if good => t!("health-listener-ok", "address" => fact("address")),
        "listener" => t!("health-listener-off"),
        "access" => access(fact("state"), fact("port"), good, number("days")),
        "provider" if number("providers") == 0 => t!("health-provider-none"),
        "provider" if good => t!("health-provider-ok", "count" => number("providers")),
        "provider" => t!("health-provider-off", "count" => number("offline")),
        "backup" if !fact("folder_missing").is_empty() || fact("error") == "backup_folder_missing" => {
            t!("health-backup-folder")
        }
        "backup" if !good && fact("error").is_empty() && !fact("made_at").is_empty() => {
            t!("health-backup-old", "time" => time(fact("made_at")), "next" => time(fact("next_at")))
        }
        "backup" if !good && fact("error").is_empty() => {
            t!("health-backup-due", "time" => time(fact("next_at")))
        }
        "backup" if fact("made_at").is_empty() && good => t!("health-backup-none"),
        "backup" if good && !fact("elsewhere").is_empty() => {
            t!("health-backup-elsewhere", "time" => time(fact("made_at")))
        }
        "backup" if good => t!("health-backup-ok", "time" => time(fact("made_at"))),
        "backup" => t!("health-backup-bad"),
        "files" if number("missing") > 0 => t!("health-files-gone", "count" => number("missing")),
        "files" if good && number("copies_missing") > 0 => {
            t!("health-files-copies", "count" => number("copies_missing"))
        }
        "files" if good => t!("health-files-ok"),
        "files" => t!("health-files-bad"),
        "secrets" if fact("protected_by") == "passphrase" => t!("health-secrets-passphrase"),
        "secrets" if good && fact("protected_by") == "keychain" => t!("health-secrets-keychain"),
        "secrets" if good => t!("health-secrets-file"),
        "secrets" => t!("health-secrets-bad"),
        "restored" if good && number("aside") > 0 => {
            t!("health-restored-aside", "count" => number("aside"))
        }
        "restored" if good => t!("health-restored-done"),
        "restored" => t!("health-restored", "done" => number("done"), "homes" => number("homes")),
        _ if good => t!("health-part-ok"),
        _ => t!("health-part-bad"),
    }
}

/// A time that a part tells, in milliseconds.
fn time(fact: &str) -> String {
    when::absolute(hearth_api::Timestamp(fact.parse().unwrap_or_default()))
}

/// How devices in the network get in, and how long they trust the certificate.
fn access(state: &str, port: &str, good: bool, days: u64) -> AttrValue {
    match state {
        "off" => t!("health-access-off"),
        "open" if good => t!("health-access-ok", "port" => port, "count" => days),
        "open" => t!("health-access-old", "count" => days),
        _ => t!("health-access-shut", "port" => port),
    }
}

/// A part of the home, a line of the list.
pub(super) fn part(part: &HealthPart) -> Html {
    let (icon, name) = match part.part.as_str() {
        "database" => (IconName::Database, t!("health-database")),
        "disk" => (IconName::HardDrive, t!("health-disk")),
        "clock" => (IconName::Clock, t!("health-clock")),
        "listener" => (IconName::Wifi, t!("health-listener")),
        "access" => (IconName::Smartphone, t!("health-access")),
        "provider" => (IconName::Cpu, t!("health-provider")),
        "backup" => (IconName::HardDrive, t!("health-backup")),
        "files" => (IconName::Images, t!("health-files")),
        "secrets" => (IconName::KeyRound, t!("health-secrets")),
        "restored" => (IconName::RefreshCw, t!("health-restored-name")),
        other => (IconName::Info, AttrValue::from(other.to_owned())),
    };
    let (tone, mark, state) = match part.level {
        HealthLevel::Ok => ("ok", IconName::CircleCheck, t!("health-level-ok")),
        HealthLevel::Waiting => ("warn", IconName::Clock, t!("health-level-waiting")),
        HealthLevel::Trouble => ("danger", IconName::TriangleAlert, t!("health-level-trouble")),
    };
    let models = part.part == "provider"
        && (part.level != HealthLevel::Ok || part.facts.get("providers").is_some_and(|n| n == "0"));
    html! {
        <li class="h-parts__row" data-tone={tone} data-test={format!("part-{}", part.part)}>
            <Icon name={icon} class="h-parts__icon" />
            <span class="h-parts__words"><span class="u-medium">{ name }</span><span class="u-sm u-text-2">{ sentence(part) }</span></span>
            if models { <ButtonLink to={Route::Models} size={Size::S} variant={Variant::Quiet}>{ t!("chat-to-models") }</ButtonLink> }
            <Icon name={mark} label={state} class="h-parts__state" />
        </li>
    }
}
