//! Made-up people, posts and talks for the gallery, as a home would send them.

use crate::kit::time;
use hearth_api::chat::ChatMessage;
use hearth_api::feed::{AudiencePreview, Comment, Delivery, Draft, Post};
use hearth_api::homes::{Home, HomeInvite};
use hearth_api::media::MediaItem;
use hearth_api::notify::Notification;
use hearth_api::people::{FriendRequest, PersonCard};
use hearth_api::profile::FieldValue;
use hearth_api::provider::Provider;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A code to look at, not to scan.
pub(super) const QR: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\" shape-rendering=\"crispEdges\"><path d=\"M0 0h3v3h-3zM6 0h3v3h-3zM0 6h3v3h-3zM4 4h1v1h-1zM6 6h1v1h-1zM8 4h1v2h-1zM4 7h2v1h-2z\"/></svg>";

/// Eight by six pixels of an evening.
const PLACEHOLDER: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 4 3'%3E%3Cpath fill='%23f2b54a' d='M0 0h4v2H0z'/%3E%3Cpath fill='%23563c0a' d='M0 2l1-1 1 1 1-1 1 1v1H0z'/%3E%3C/svg%3E";

/// What a home would send; nothing when the fixture is older than the program, which a test finds.
fn made<T: DeserializeOwned>(value: Value) -> Option<T> {
    serde_json::from_value(value).ok()
}

fn all<T: DeserializeOwned>(values: Vec<Value>) -> Vec<T> {
    values.into_iter().filter_map(made).collect()
}

fn id(number: u32) -> String {
    format!("019a2b3c-0000-7000-8000-{number:012}")
}

fn ago(minutes: i64) -> i64 {
    // The tests run where no browser tells the time.
    let now = if cfg!(test) {
        1_795_305_600_000
    } else {
        time::now().0
    };
    now - minutes * 60_000
}

fn home(own: bool) -> Value {
    let (letter, name) = if own {
        ("a", "Hill House")
    } else {
        ("b", "Lake House")
    };
    json!({ "id": letter.repeat(52), "name": name, "own": own })
}

fn person(number: u32) -> Value {
    let (name, own) = match number {
        1 => ("Anna Berg", true),
        2 => ("Ben Berg", true),
        3 => ("Eva Neumann", false),
        _ => ("Cy Okafor", false),
    };
    json!({ "id": id(number), "name": name, "home": home(own), "picture": null })
}

fn file(number: u8, kind: &str, alt: &str) -> Value {
    json!({
        "hash": format!("{number:02x}").repeat(32), "kind": kind, "mime": if kind == "video" { "video/webm" } else { "image/jpeg" },
        "name": format!("photo-{number}.jpg"), "bytes": 2_400_000, "width": 1600, "height": if number.is_multiple_of(2) { 1200 } else { 900 },
        "placeholder": PLACEHOLDER, "alt": alt, "caption": if number == 1 { "The evening before the storm" } else { "" }
    })
}

fn rights(mine: bool) -> Value {
    json!({ "edit": mine, "delete": mine, "comment": true, "react": true, "moderate": mine })
}

fn comment(number: u32, parent: Option<u32>, by: u32, text: &str) -> Value {
    json!({
        "id": id(100 + number), "post": id(50), "parent": parent.map(|p| id(100 + p)), "depth": 1, "author": person(by), "text": text,
        "mentions": [], "media": [], "created_at": ago(60 - i64::from(number)), "edited_at": null, "version": 1,
        "reactions": if number == 1 { json!([{ "person": person(2), "emoji": "❤️" }]) } else { json!([]) },
        "pending": number == 4, "refused": if number == 5 { json!("not_authorised") } else { Value::Null }, "may": rights(by == 1)
    })
}

fn post(number: u32, by: u32, text: &str, media: Vec<Value>) -> Value {
    json!({
        "id": id(50 + number), "author": person(by), "audience": if number == 0 { "friends" } else { "public" }, "text": text,
        "mentions": [{ "person": id(3), "name": "Eva Neumann", "removed": false }], "media": media, "created_at": ago(90),
        "edited_at": if number == 0 { json!(ago(30)) } else { Value::Null }, "version": 2,
        "reactions": [{ "person": person(1), "emoji": "❤️" }, { "person": person(2), "emoji": "❤️" }, { "person": person(3), "emoji": "🎉" }],
        "comment_count": 5, "last_comments": [comment(1, None, 2, "It looks as if it had always been there."), comment(2, None, 3, "When do we sit on it?")],
        "comments_on": true, "delivery": if by == 1 { json!({ "homes": 2, "delivered": 1, "refused": 0 }) } else { Value::Null }, "may": rights(by == 1)
    })
}

/// Who looks, and others.
pub(super) fn people() -> Vec<PersonCard> {
    all((1..=4).map(person).collect())
}

/// Pictures and a film.
pub(super) fn media() -> Vec<MediaItem> {
    all(vec![
        file(1, "image", "Evening glow over dark hills"),
        file(2, "image", "A lake in the morning"),
        file(3, "video", ""),
        file(4, "image", ""),
        file(5, "image", "A bench under a tree"),
    ])
}

/// A post of one's own with pictures, and somebody else's long one.
pub(super) fn posts() -> Vec<Post> {
    let long = "Thank you all for Sunday. ".repeat(60);
    all(vec![
        post(
            0,
            1,
            "The bench is **done**. Thanks to @{019a2b3c-0000-7000-8000-000000000003}!",
            vec![
                file(1, "image", "Evening glow over dark hills"),
                file(2, "image", ""),
            ],
        ),
        post(1, 3, &long, Vec::new()),
    ])
}

/// A talk with a reply, one that waits and one that was refused.
pub(super) fn comments() -> Vec<Comment> {
    all(vec![
        comment(1, None, 2, "It looks as if it had always been there."),
        comment(2, Some(1), 3, "When do we sit on it?"),
        comment(3, Some(2), 1, "On *Sunday*, with cake."),
        comment(4, None, 1, "This one is still on its way."),
        comment(5, None, 1, "This one was refused."),
    ])
}

/// How far a post has travelled.
pub(super) fn deliveries() -> Vec<Delivery> {
    let of = |letter: &str, name: &str, state: &str, reason: Value, next: Value| {
        json!({
            "home": { "id": letter.repeat(52), "name": name, "own": false }, "state": state, "at": ago(40), "reason": reason,
            "next_try": next, "readers": 2
        })
    };
    all(vec![
        of("b", "Lake House", "delivered", Value::Null, Value::Null),
        of("c", "Mill House", "waiting", json!("unreachable"), json!(ago(-5))),
        of("d", "Old School", "refused", json!("not_authorised"), Value::Null),
    ])
}

/// Whom an audience reaches.
pub(super) fn preview() -> Option<AudiencePreview> {
    made(json!({ "people": 3, "homes": 2, "names": [person(2), person(3), person(4)] }))
}

/// Something begun.
pub(super) fn drafts() -> Vec<Draft> {
    all(vec![
        json!({ "id": id(300), "place": "feed", "text": "Found the old sledge in the attic", "media": [file(1, "image", "")], "audience": "friends", "saved_at": ago(300) }),
    ])
}

/// A home that answers and one that sleeps.
pub(super) fn homes() -> Vec<Home> {
    let of = |reachable: bool| {
        json!({
            "id": if reachable { "b" } else { "c" }.repeat(52), "id_shown": "bbbb-bbbb-bbbb", "name": if reachable { "Lake House" } else { "Mill House" }, "nickname": "",
            "state": "connected", "connected_at": ago(90_000), "words": null, "contact": person(3), "addresses": ["lake.example:7346"], "version": "0.1.0",
            "last_contact": ago(if reachable { 2 } else { 4_000 }), "reachable": reachable, "waiting": if reachable { 0 } else { 12 }, "refused": 0,
            "clock_difference_ms": 0, "last_error": if reachable { Value::Null } else { json!("unreachable") }, "next_try": if reachable { Value::Null } else { json!(ago(-5)) }
        })
    };
    all(vec![of(true), of(false)])
}

/// An invite to pair.
pub(super) fn invite() -> Option<HomeInvite> {
    made(json!({
        "info": { "id": id(700), "created_at": ago(0), "expires_at": ago(-2_880), "used_by": null },
        "link": "hearth://i/7F3K-EXAMPLE-ONLY", "qr_svg": QR
    }))
}

/// Questions and answers: one that is complete, one being written, one that failed.
pub(super) fn messages() -> Vec<ChatMessage> {
    let of = |number: u32, role: &str, text: &str, state: &str, more: Value| {
        let mut message = json!({
            "id": id(400 + number), "role": role, "text": text, "reasoning": "", "state": state, "error": null, "error_message": null,
            "at": ago(20 - i64::from(number)), "info": null, "rating": 0, "can_continue": false
        });
        if let (Some(message), Some(more)) = (message.as_object_mut(), more.as_object()) {
            message.extend(more.clone());
        }
        message
    };
    let info = json!({
        "provider": "Ollama", "model": "llama3.2:latest", "locality": "local", "parameters": "{}",
        "usage": { "prompt": 320, "completion": 84, "reasoning": 0, "reported": true }, "first_token_ms": 240, "tokens_per_second": 41.0, "finish_reason": "stop"
    });
    all(vec![
        of(1, "user", "Which walk for Sunday?", "done", json!({})),
        of(
            2,
            "assistant",
            "Take the **lake path**:\n\n1. flat\n2. two hours\n\n```sh\necho \"bring cake\"\n```",
            "done",
            json!({ "info": info, "reasoning": "They want something easy." }),
        ),
        of(3, "user", "And if it rains?", "done", json!({})),
        of(
            4,
            "assistant",
            "",
            "failed",
            json!({ "error": "provider_unreachable", "error_message": "The model server does not answer." }),
        ),
        of(5, "user", "Again, please.", "done", json!({})),
        of(6, "assistant", "Then the museum", "streaming", json!({})),
    ])
}

/// Where models are.
pub(super) fn providers() -> Vec<Provider> {
    let model = |name: &str, locality: &str| json!({ "id": name, "context": 131_072, "capabilities": ["chat"], "loaded": true, "size": 2_000_000_000_u64, "locality": locality });
    let of = |number: u32, name: &str, kind: &str, locality: &str, consent: bool| {
        json!({
            "id": id(500 + number), "name": name, "kind": kind, "profile": "ollama", "base_url": "http://127.0.0.1:11434", "has_key": false, "owner": "me",
            "editable": true, "locality": locality, "consent_needed": consent, "consent": null, "online": true, "last_error": null, "checked_at": ago(3),
            "models": [model("llama3.2:latest", locality), model("qwen3:8b", locality)]
        })
    };
    all(vec![
        of(1, "Ollama", "ollama", "local", false),
        of(2, "api.example.com", "open_ai", "remote", true),
    ])
}

/// What others did.
pub(super) fn notifications() -> Vec<Notification> {
    let of = |number: u32, kind: &str, subject: Value, read: bool| json!({ "id": id(600 + number), "type": kind, "subject": subject, "people": [person(2), person(3)], "count": 3, "at": ago(15), "read": read, "route": "/" });
    let post = json!({ "kind": "post", "post": id(50), "excerpt": "The bench is done." });
    all(vec![
        of(1, "comment", post.clone(), false),
        of(2, "reaction", post, true),
    ])
}

/// Somebody who asks.
pub(super) fn request() -> Option<FriendRequest> {
    made(json!({ "person": person(3), "note": "We met at the lake.", "at": ago(200) }))
}

/// A field of a profile.
pub(super) fn field() -> Option<FieldValue> {
    made(json!({ "field": "hometown", "value": "Bergen", "audience": "friends" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fixture_is_as_a_home_would_send_it() {
        assert_eq!(people().len(), 4);
        assert_eq!(media().len(), 5);
        assert_eq!(posts().len(), 2);
        assert_eq!(comments().len(), 5);
        let homes_reached: std::collections::BTreeSet<_> =
            deliveries().into_iter().map(|d| d.home.id).collect();
        assert_eq!(homes_reached.len(), 3, "each stands in the list once");
        assert!(preview().is_some());
        assert_eq!(drafts().len(), 1);
        assert_eq!(homes().len(), 2);
        assert!(invite().is_some());
        assert_eq!(messages().len(), 6);
        assert_eq!(providers().len(), 2);
        assert_eq!(notifications().len(), 2);
        assert!(request().is_some() && field().is_some());
    }
}
