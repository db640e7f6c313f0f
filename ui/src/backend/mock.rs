//! A made-up home inside the page (feature `mock`): enough to look at screens without a node. Keeps nothing.
//!
//! `localStorage["hearth.mock"]` chooses the beginning: `new` (no home yet), `out` (nobody signed in), else signed in.

use crate::kit::{dom, time};
use hearth_api::media::Variant;
use hearth_api::{ApiError, ApiResult, Code, MediaHash};
use serde_json::{Value, json};
use std::cell::RefCell;

thread_local! { static WORLD: RefCell<World> = RefCell::new(World::begin()); }

struct World {
    set_up: bool,
    signed_in: bool,
    settings: Value,
    totp: bool,
}

impl World {
    fn begin() -> Self {
        let start = dom::stored("hearth.mock").unwrap_or_default();
        let settings = crate::kit::prefs::kept();
        Self {
            set_up: start != "new",
            signed_in: start.is_empty(),
            settings: serde_json::to_value(settings).unwrap_or_default(),
            totp: false,
        }
    }

    fn me(&self) -> Value {
        json!({
            "person": person(1, "Anna Berg", true), "username": "anna", "role": "owner", "totp": self.totp,
            "settings": self.settings, "unread": 3, "requests": 1, "session": id(900)
        })
    }
}

/// Whether the made-up home is used: always, in a build that has it.
pub(super) fn is_wanted() -> bool {
    true
}

pub(super) fn media_url(_hash: &MediaHash, _variant: Variant) -> String {
    "/assets/mark.svg".to_owned()
}

fn id(number: u32) -> String {
    format!("019a2b3c-0000-7000-8000-{number:012}")
}

fn home(own: bool) -> Value {
    let (letter, name) = if own {
        ("a", "Hill House")
    } else {
        ("b", "Lake House")
    };
    json!({ "id": letter.repeat(52), "name": name, "own": own })
}

fn person(number: u32, name: &str, own: bool) -> Value {
    json!({ "id": id(number), "name": name, "home": home(own), "picture": null })
}

fn ago(minutes: i64) -> i64 {
    time::now().0 - minutes * 60_000
}

/// Answers a command.
pub(super) async fn rpc(name: &str, payload: &str) -> ApiResult<String> {
    gloo_timers::future::TimeoutFuture::new(120).await;
    let payload: Value = serde_json::from_str(payload).unwrap_or_default();
    WORLD
        .with_borrow_mut(|world| answer(world, name, &payload))
        .map(|value| value.to_string())
}

fn answer(world: &mut World, name: &str, payload: &Value) -> ApiResult<Value> {
    Ok(match name {
        "app.status" => json!({
            "set_up": world.set_up, "home_name": if world.set_up { "Hill House" } else { "" }, "home": "a".repeat(52),
            "me": if world.signed_in { world.me() } else { Value::Null }, "version": "0.1.0", "this_machine": true, "event_seq": 0
        }),
        "app.create_home" => {
            world.set_up = true;
            world.signed_in = true;
            world.me()
        }
        "session.sign_in" => match (payload["password"].as_str(), payload["code"].as_str()) {
            (Some("wrong"), _) => {
                return Err(ApiError::new(Code::WrongCredentials, "Name, password or code do not match. Check them and try again."));
            }
            (Some("code"), None) => json!({ "outcome": "code_needed" }),
            _ => {
                world.signed_in = true;
                json!({ "outcome": "signed_in", "me": world.me() })
            }
        },
        "session.sign_out" => {
            world.signed_in = false;
            json!({})
        }
        "session.list" => json!([
            { "id": id(900), "device": "Hearth, Linux", "address": "", "started_at": ago(60_000), "last_used_at": ago(0), "current": true },
            { "id": id(901), "device": "Safari, iPhone", "address": "192.168.1.23", "started_at": ago(9_000), "last_used_at": ago(130), "current": false },
            { "id": id(902), "device": "Firefox, Windows", "address": "192.168.1.40", "started_at": ago(90_000), "last_used_at": ago(8_000), "current": false }
        ]),
        "account.update_settings" => {
            world.settings = payload["settings"].clone();
            payload["settings"].clone()
        }
        "account.begin_totp" => json!({
            "secret": "JBSWY3DPEHPK3PXP", "url": "otpauth://totp/Hearth:anna?secret=JBSWY3DPEHPK3PXP",
            "qr_svg": "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\" shape-rendering=\"crispEdges\"><path d=\"M0 0h3v3h-3zM6 0h3v3h-3zM0 6h3v3h-3zM4 4h1v1h-1zM6 6h1v1h-1zM8 4h1v2h-1zM4 7h2v1h-2z\"/></svg>"
        }),
        "account.confirm_totp" | "account.renew_recovery_codes" => {
            world.totp = true;
            json!({ "codes": (0..10).map(|n| format!("kx4{n}-93pm-7qd{n}")).collect::<Vec<_>>() })
        }
        "account.disable_totp" => {
            world.totp = false;
            json!({})
        }
        "account.list" => json!([
            { "person": person(1, "Anna Berg", true), "username": "anna", "role": "owner", "state": "active", "birth_date": "1984-03-02",
              "created_at": ago(90_000), "last_used_at": ago(1), "deletes_at": null, "media_bytes": 3_100_000_000_u64, "totp": world.totp },
            { "person": person(2, "Ben Berg", true), "username": "ben", "role": "admin", "state": "active", "birth_date": "1982-07-19",
              "created_at": ago(80_000), "last_used_at": ago(300), "deletes_at": null, "media_bytes": 812_000_000, "totp": true },
            { "person": person(3, "Mia Berg", true), "username": "mia", "role": "member", "state": "suspended", "birth_date": "2010-11-23",
              "created_at": ago(70_000), "last_used_at": ago(4000), "deletes_at": null, "media_bytes": 4_200_000, "totp": false }
        ]),
        "account.list_invites" => json!([
            { "id": id(700), "role": "member", "note": "Opa", "created_at": ago(500), "expires_at": ago(-9_000) }
        ]),
        "account.create_invite" => json!({
            "info": { "id": id(701), "role": payload["role"], "note": payload["note"], "created_at": ago(0), "expires_at": ago(-10_080) },
            "code": "K7QF-29XM-LP4D"
        }),
        "notifications.settings" => json!(
            hearth_api::notify::NotificationType::ALL
                .iter()
                .map(|kind| json!({ "type": kind.as_str(), "in_app": true, "native": kind.native_by_default() }))
                .collect::<Vec<_>>()
        ),
        "media.limits" => json!({ "max_file": 100_000_000, "max_pixels": 50_000_000, "quota": 20_000_000_000_u64 }),
        "media.usage" => json!({ "bytes": 3_100_000_000_u64, "quota": 10_000_000_000_u64, "warn": false }),
        "people.search" | "friends.list" => {
            let wanted = payload["query"].as_str().unwrap_or_default().to_lowercase();
            let all = [(2, "Ben Berg", true), (3, "Mia Berg", true), (4, "Eva Neumann", false), (5, "Cy Okafor", false)];
            json!(
                all.iter()
                    .filter(|(_, name, _)| name.to_lowercase().contains(&wanted))
                    .map(|(n, name, own)| json!({ "person": person(*n, name, *own), "relation": "friends", "since": ago(5000) }))
                    .collect::<Vec<_>>()
            )
        }
        "session.revoke" | "session.revoke_others" | "account.change_password" | "account.change_username" | "account.revoke_invite"
        | "account.change" | "account.correct_birth_date" | "notifications.set" | "app.update_home" => json!({}),
        _ => return Err(ApiError::new(Code::UnknownCommand, format!("The made-up home does not know {name}."))),
    })
}
