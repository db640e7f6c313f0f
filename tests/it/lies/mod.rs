//! A properly paired home that lies: with the lake's keys in hand, every field that it can fill is filled wrongly, one at a time.
//!
//! Each lie gets its named refusal, the same one when it is told again, changes nothing that the hill holds, and keeps nothing
//! from what is honest right after it.

mod answers;
mod authors;
mod batches;
mod comments;
mod comparing;
mod ended;
mod endless;
mod fetched;
mod files;
mod items;
mod later;
mod limited;
mod lives;
mod media;
mod people;
mod receipts;
mod requests;
mod shape;
mod taken;
mod tolerated;

use hearth_api::PostId;
use hearth_api::feed::{Audience, DeletePost, SetComments};
use hearth_federation::keys::PersonKey;
use hearth_tests::home::HomeOptions;
use hearth_tests::wire::{Wire, compact, header_of};
use hearth_tests::{TestHome, TestPerson, World};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

/// One thing said, and what must be answered.
pub(super) struct Lie {
    pub(super) what: String,
    pub(super) jws: String,
    pub(super) answer: &'static str,
}

pub(super) fn lie(what: impl Into<String>, jws: String, answer: &'static str) -> Lie {
    Lie {
        what: what.into(),
        jws,
        answer,
    }
}

/// Three homes and what they have in common when the lies begin.
pub(super) struct Cast {
    pub(super) wire: Wire,
    pub(super) third: TestHome,
    /// Of the hill; a friend of Clara's.
    pub(super) anna: TestPerson,
    /// Of the hill; a friend of nobody.
    pub(super) ben: TestPerson,
    /// Of the lake, which lies.
    pub(super) clara: TestPerson,
    /// Of the lake; a friend of nobody.
    pub(super) david: TestPerson,
    /// Of a third home.
    pub(super) erik: TestPerson,
    /// Anna's, for friends.
    pub(super) bench: Uuid,
    /// Anna's on the bench.
    pub(super) annas_comment: Uuid,
    /// Clara's on the bench.
    pub(super) claras_comment: Uuid,
    /// Anna's, for her home only.
    pub(super) kitchen: Uuid,
    /// Anna's, for friends, without comments.
    pub(super) closed: Uuid,
    /// Anna's, deleted.
    pub(super) gone: Uuid,
    /// Clara's, public.
    pub(super) claras: Uuid,
    /// Clara's, deleted.
    pub(super) claras_gone: Uuid,
    /// David's, public.
    pub(super) davids: Uuid,
    /// Erik's, public.
    pub(super) eriks: Uuid,
}

impl Cast {
    pub(super) async fn gather() -> Self {
        Self::gather_with(HomeOptions::new("Hill House")).await
    }

    /// As ever, but for how the hill is opened.
    pub(super) async fn gather_with(hill: HomeOptions) -> Self {
        let world = World::new();
        let hill = world.open(hill).await;
        hill.create("Anna").await;
        hill.join("Ben").await;
        let lake = world.home("Lake House", &["Clara", "David"]).await;
        let third = world.home("Third House", &["Erik"]).await;
        world.pair(&hill, &lake).await;
        world.pair(&hill, &third).await;
        let (anna, ben) = (hill.person("Anna"), hill.person("Ben"));
        let (clara, david, erik) = (lake.person("Clara"), lake.person("David"), third.person("Erik"));
        world.befriend(&anna, &clara).await;
        let write = async |who: &TestPerson, audience, text: &str| {
            world.clock().advance(Duration::from_secs(60));
            who.post(audience, text).await.id
        };
        let bench = write(&anna, Audience::Friends, "The bench is done.").await;
        let kitchen = write(&anna, Audience::Local, "Who cooks?").await;
        let closed = write(&anna, Audience::Friends, "No comments, please.").await;
        let gone = write(&anna, Audience::Friends, "Never mind.").await;
        let claras = write(&clara, Audience::Public, "First frost.").await;
        let claras_gone = write(&clara, Audience::Public, "Second thoughts.").await;
        let davids = write(&david, Audience::Public, "Soup!").await;
        let eriks = write(&erik, Audience::Public, "Hello from the third house.").await;
        world.pump().await;
        let annas_comment = anna
            .comment(bench, "Three weeks, two blisters.")
            .await
            .unwrap()
            .id;
        let claras_comment = clara.comment(bench, "It looks old.").await.unwrap().id;
        anna.ok(SetComments {
            id: closed,
            on: false,
        })
        .await;
        anna.ok(DeletePost { id: gone }).await;
        clara.ok(DeletePost { id: claras_gone }).await;
        world.pump().await;
        world.clock().advance(Duration::from_secs(60));
        Self {
            wire: Wire::between(world, hill, lake),
            third,
            anna,
            ben,
            clara,
            david,
            erik,
            bench: bench.0,
            annas_comment: annas_comment.0,
            claras_comment: claras_comment.0,
            kitchen: kitchen.0,
            closed: closed.0,
            gone: gone.0,
            claras: claras.0,
            claras_gone: claras_gone.0,
            davids: davids.0,
            eriks: eriks.0,
        }
    }

    /// A new id of the lake's.
    pub(super) fn id(&self) -> Uuid {
        uuid::Builder::from_unix_timestamp_millis(
            u64::try_from(self.wire.world.now().0).unwrap(),
            self.wire.lake.seed().uuid().as_bytes().last_chunk().unwrap(),
        )
        .into_uuid()
    }

    pub(super) fn post_object(&self, text: &str) -> Value {
        json!({ "text": text, "audience": "public", "created_at": self.wire.world.now(), "version": 1 })
    }

    pub(super) fn comment_object(&self, id: Uuid, text: &str) -> Value {
        json!({ "id": id, "text": text, "created_at": self.wire.world.now(), "version": 1 })
    }

    /// What somebody of the lake says, signed by themselves.
    pub(super) fn says(
        &self,
        who: &TestPerson,
        kind: &str,
        post: impl Into<Option<Uuid>>,
        object: Value,
    ) -> String {
        self.sign(who, &self.wire.said(who, kind, post.into(), object))
    }

    /// What somebody of the lake says, with members replaced (`null` takes one out), signed by themselves.
    pub(super) fn says_with(&self, who: &TestPerson, said: &Value, changes: &Value) -> String {
        self.sign(who, &changed(said, changes))
    }

    /// Signs anything with the key of somebody at the lake, as whoever it names as its actor.
    pub(super) fn sign(&self, who: &TestPerson, said: &Value) -> String {
        signed_by(&self.wire.person_key(who.id()), said)
    }

    /// Tells all lies.
    pub(super) async fn tell(&self, lies: Vec<Lie>) {
        assert!(!lies.is_empty());
        for (n, Lie { what, jws, answer }) in lies.into_iter().enumerate() {
            let before = self.wire.held();
            assert_eq!(self.wire.say(&jws).await, answer, "{what}");
            self.unchanged(&before, &what);
            if answer != "waiting" {
                assert_eq!(self.wire.say(&jws).await, answer, "{what}, told again");
                self.unchanged(&before, &what);
            }
            self.honest(&format!("Honest {n}"), &what).await;
        }
        let faults = self.wire.hill.read(hearth_db::meta::integrity_faults);
        assert_eq!(faults, Vec::<String>::new());
        assert!(self.wire.is_connected());
    }

    /// Compares what the hill holds with what it held.
    pub(super) fn unchanged(&self, before: &std::collections::BTreeMap<String, Vec<String>>, what: &str) {
        let after = self.wire.held();
        for (table, rows) in before {
            let now = &after[table];
            let lost: Vec<_> = rows.iter().filter(|row| !now.contains(row)).collect();
            let new: Vec<_> = now.iter().filter(|row| !rows.contains(row)).collect();
            assert!(
                lost.is_empty() && new.is_empty(),
                "{what}: it changed `{table}`: lost {lost:?}, new {new:?}"
            );
        }
    }

    /// Something honest by Clara, which works.
    pub(super) async fn honest(&self, text: &str, after: &str) {
        let id = self.id();
        let jws = self.says(&self.clara, "post.put", id, self.post_object(text));
        assert_eq!(self.wire.say(&jws).await, "applied", "honest words after {after}");
        let seen = self
            .anna
            .sees(PostId(id))
            .await
            .expect("Anna sees what is honest");
        assert_eq!(seen.text, text);
    }

    /// The text of an activity that a home stores about an item.
    pub(super) fn stored(home: &TestHome, item: Uuid) -> String {
        home.read(|tx| {
            let id = hearth_db::item_activity::of(tx, item)?.remove(0);
            Ok(hearth_db::peer_log::activity(tx, id)?.expect("the text of what it holds"))
        })
    }
}

pub(super) fn signed_by(key: &PersonKey, said: &Value) -> String {
    compact(&header_of(&said["actor"]), said.to_string().as_bytes(), |text| {
        key.sign(text)
    })
}

/// The same with members replaced; `null` takes one out.
pub(super) fn changed(said: &Value, changes: &Value) -> Value {
    let mut said = said.clone();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            said.as_object_mut().unwrap().remove(name);
        } else {
            said[name] = value.clone();
        }
    }
    said
}
