//! What other homes are believed.

use super::*;
use hearth_federation::jws::{self, JwsSigner, Purpose};

/// A person of a made-up home.
struct Stranger {
    node: NodeKey,
    key: PersonKey,
    person: PersonId,
}

impl Stranger {
    fn new(n: u8) -> Self {
        let id = uuid::Builder::from_unix_timestamp_millis(u64::from(n), &[n; 10]).into_uuid();
        Self {
            node: NodeKey::from_secret_bytes(&[n; 32]),
            key: PersonKey::from_secret_bytes(&[n + 100; 32]),
            person: PersonId(id),
        }
    }

    fn home(&self) -> HomeId {
        HomeId::from(&self.node.id())
    }

    /// A `person.update` with this home's statement about the author.
    fn says(&self, n: u8, at_ms: u64, object: Value) -> SignedActivity {
        self.claims(n, at_ms, object, self, &self.key)
    }

    /// The same, with a statement by and of somebody, signed with some key.
    fn claims(&self, n: u8, at_ms: u64, object: Value, by: &Self, with: &PersonKey) -> SignedActivity {
        let id = uuid::Builder::from_unix_timestamp_millis(at_ms, &[n; 10]).into_uuid();
        let mut activity = Activity::new(
            id,
            PERSON_UPDATE,
            self.person.0,
            self.node.id(),
            Hlc::at(at_ms),
            object,
        );
        let identity = hearth_federation::identity::Identity {
            person: hearth_federation::identity::PersonCard {
                puid: by.person.0,
                display_name: "Vera".to_owned(),
                key: with.public(),
            },
            home: by.node.id(),
            at: Hlc::at(at_ms),
        };
        let statement = jws::sign(
            Purpose::Identity,
            JwsSigner::Node(&by.node),
            &serde_json::to_vec(&identity).unwrap(),
        );
        activity
            .extra
            .insert(identity::IDENTITY.to_owned(), json!(statement.unwrap()));
        SignedActivity::by_person(activity, with).unwrap()
    }
}

async fn hill_and(stranger: &Stranger) -> (Home, u64) {
    let hill = Home::of("Hill house", &["Olga"]).await;
    let id = stranger.home();
    hill.write(move |tx| {
        home::hear_of(tx, &id, "Far")?;
        Ok(home::set_state(tx, &id, HomeRowState::Connected)?)
    })
    .await;
    let now = hill.social.now().0.unsigned_abs();
    (hill, now)
}

#[tokio::test]
async fn a_person_is_met_by_the_word_of_their_home_and_later_words_win() {
    let vera = Stranger::new(1);
    let (hill, now) = hill_and(&vera).await;
    let from = vera.home();
    let first = vera.says(
        1,
        now,
        json!({ "name": "Vera", "findable": true, "new_member": [1] }),
    );
    assert_eq!(receive(&hill, &from, first.jws()).await, Verdict::Applied);
    assert_eq!(receive(&hill, &from, first.jws()).await, Verdict::Duplicate);
    let later = vera.says(2, now + 5, json!({ "name": "Vera B." }));
    let between = vera.says(3, now + 3, json!({ "name": "V." }));
    assert_eq!(receive(&hill, &from, later.jws()).await, Verdict::Applied);
    assert_eq!(
        receive(&hill, &from, between.jws()).await,
        Verdict::Duplicate,
        "older than what is known"
    );
    let row = hill.read(|tx| person::get(tx, vera.person)).unwrap();
    assert_eq!(
        (row.name.as_str(), row.findable, row.home),
        ("Vera B.", false, from)
    );
}

#[tokio::test]
async fn nobody_speaks_for_somebody_else() {
    let (vera, walt) = (Stranger::new(1), Stranger::new(2));
    let (hill, now) = hill_and(&vera).await;
    let olga = hill.person("Olga").person;
    let object = || json!({ "name": "Mallory" });
    let honest = vera.says(1, now, json!({ "name": "Vera" }));

    let other_home = receive(&hill, &walt.home(), honest.jws()).await;
    assert_eq!(
        other_home,
        Verdict::Refused(Code::NotAuthorised),
        "sent by another home"
    );
    let vouched_by_other = vera.claims(2, now, object(), &walt, &vera.key);
    assert_eq!(
        receive(&hill, &vera.home(), vouched_by_other.jws()).await,
        Verdict::Refused(Code::BadSignature)
    );
    assert!(
        hill.read(|tx| person::get(tx, vera.person)).is_none(),
        "nothing was learned"
    );

    assert_eq!(receive(&hill, &vera.home(), honest.jws()).await, Verdict::Applied);
    let other_key = vera.claims(3, now + 1, object(), &vera, &walt.key);
    assert_eq!(
        receive(&hill, &vera.home(), other_key.jws()).await,
        Verdict::Refused(Code::BadSignature),
        "the key held counts"
    );
    let moved = Stranger {
        node: walt.node.clone(),
        key: vera.key.clone(),
        person: vera.person,
    };
    let by_new_home = moved.says(4, now + 2, object());
    assert_eq!(
        receive(&hill, &walt.home(), by_new_home.jws()).await,
        Verdict::Refused(Code::NotAuthorised)
    );

    let as_olga = Stranger {
        node: vera.node.clone(),
        key: vera.key.clone(),
        person: olga,
    }
    .says(5, now + 3, object());
    assert_eq!(
        receive(&hill, &vera.home(), as_olga.jws()).await,
        Verdict::Refused(Code::NotAuthorised)
    );
    assert_eq!(hill.read(|tx| person::get(tx, olga)).unwrap().name, "Olga");
    assert_eq!(hill.read(|tx| person::get(tx, vera.person)).unwrap().name, "Vera");
}

#[tokio::test]
async fn malformed_profiles_are_refused_whole() {
    let vera = Stranger::new(1);
    let (hill, now) = hill_and(&vera).await;
    let file = |width: u32| json!({ "hash": "a".repeat(64), "mime": "image/jpeg", "bytes": 9, "width": width, "height": 10 });
    let bad = [
        json!(null),
        json!({}),
        json!({ "name": "" }),
        json!({ "name": "A\u{202e}nna" }),
        json!({ "name": "x".repeat(81) }),
        json!({ "name": "Vera", "fields": [{ "field": "bio", "value": "x".repeat(5001), "audience": "public" }] }),
        json!({ "name": "Vera", "fields": [{ "field": "website", "value": "javascript:alert(1)", "audience": "public" }] }),
        json!({ "name": "Vera", "fields": vec![json!({}); 65] }),
        json!({ "name": "Vera", "picture": { "square": file(11), "audience": "public" } }),
        json!({ "name": "Vera", "picture": { "square": file(10), "audience": "me" } }),
        json!({ "name": "Vera", "picture": { "square": { "hash": "../../etc/passwd" }, "audience": "public" } }),
    ];
    for (n, object) in (0u8..).zip(bad) {
        let verdict = receive(&hill, &vera.home(), vera.says(n, now, object.clone()).jws()).await;
        assert_eq!(verdict, Verdict::Refused(Code::InvalidActivity), "{object}");
    }
    assert!(
        hill.read(|tx| person::get(tx, vera.person)).is_none(),
        "nothing was learned"
    );
    let odd = json!({ "name": "Vera", "fields": [
        { "field": "shoe_size", "value": "41", "audience": "public" },
        { "field": "hometown", "value": "Oslo", "audience": "local" },
        { "field": "occupation", "value": "Pilot", "audience": "public" },
    ] });
    assert_eq!(
        receive(&hill, &vera.home(), vera.says(99, now, odd).jws()).await,
        Verdict::Applied
    );
    assert_eq!(
        seen(&hill, "Olga", vera.person).await,
        ["occupation=Pilot"],
        "what is unknown or not for here is passed over"
    );
}

#[tokio::test]
async fn the_last_word_of_a_home_whose_clock_is_far_ahead_counts_and_an_older_one_does_not() {
    let vera = Stranger::new(1);
    let (hill, now) = hill_and(&vera).await;
    let ahead = now + 1_000_000_000;
    let name = || hill.read(|tx| person::get(tx, vera.person)).unwrap().name;
    let words = [
        (1, ahead, "Vera 2060", Verdict::Applied),
        (2, ahead + 1, "Vera", Verdict::Applied),
        (3, now + 3_600_000, "Vera before", Verdict::Duplicate),
    ];
    for (number, at, called, verdict) in words {
        let said = vera.says(number, at, json!({ "name": called }));
        assert_eq!(
            receive(&hill, &vera.home(), said.jws()).await,
            verdict,
            "{called}"
        );
    }
    assert_eq!(name(), "Vera");
}

#[tokio::test]
async fn an_erased_person_is_forgotten_everywhere_and_never_learned_again() {
    let (lake, hill) = two_homes().await;
    let ben = lake.person("Ben").person;
    update(
        &lake,
        "Ben",
        vec![field(ProfileField::Hometown, "Kiel", Audience::Public)],
    )
    .await
    .unwrap();
    let last_word = outgoing(&lake, &hill).remove(0);
    deliver(&lake, &hill).await;
    let request = hearth_api::account::ChangeAccount {
        person: ben,
        action: hearth_api::account::AccountAction::Delete,
        password: crate::testing::PASSWORD.to_owned(),
    };
    lake.social
        .change_account(&lake.person("Ben"), request)
        .await
        .unwrap();
    lake.clock.advance_days(14);
    hill.clock.advance_days(14);
    lake.social.sweep().await.unwrap();
    assert_eq!(deliver(&lake, &hill).await, [Verdict::Applied]);
    let row = hill.read(|tx| person::get(tx, ben)).unwrap();
    assert!(row.deleted_at.is_some() && row.name.is_empty());
    assert!(hill.read(|tx| profile::fields(tx, ben)).is_empty());
    assert_eq!(
        refused(hill.social.get_profile(&hill.person("Olga"), ben).await),
        "not_found"
    );
    let again = receive(&hill, &lake.id, last_word.jws()).await;
    assert_eq!(again, Verdict::Refused(Code::NotAuthorised));
    let count = |home: &Home| home.read(|tx| Ok::<_, DbError>(person::of_home(tx, &lake.id)?.len()));
    assert_eq!((count(&lake), count(&hill)), (1, 0));
}
