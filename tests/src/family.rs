//! Two homes with a family and friends in them, as the demo, the browser tests and the screenshots show them.

use crate::home::TestHome;
use crate::model::{FakeAnswer, FakeLlm, FakePrompt, MODEL};
use crate::person::TestPerson;
use crate::world::World;
use crate::{PASSWORD, pictures};
use hearth_api::feed::{Attach, Audience, CreateComment, CreatePost, React, SaveDraft, Target};
use hearth_api::profile::{FieldChange, ProfileField, SetPicture, UpdateProfile};
use hearth_api::provider::{
    CheckProvider, ModelRef, ProviderKind, ProviderOwner, SaveProvider, SetDefaultModel,
};
use hearth_api::{CommentId, DraftId, PostId};
use std::time::Duration;

/// Who lives where, and about them.
const HILL: [(&str, &str, &str); 3] = [
    (
        "Anna",
        "Carpenter",
        "Wood, bread and long walks. Ask me about the cherry table.",
    ),
    ("Ben", "Nurse", "Night shifts, day naps, and a garden in between."),
    ("Mila", "Pupil", "Football, frogs, and everything with wings."),
];
const LAKE: [(&str, &str, &str); 2] = [
    (
        "Clara",
        "Boat builder",
        "Grew up with Anna. The lake is my second living room.",
    ),
    ("David", "Cook", "Soup first, questions later."),
];

const HOUR: i64 = 3_600_000;

/// The first home's name.
pub const HILL_HOUSE: &str = "Hill House";
/// The second home's name.
pub const LAKE_HOUSE: &str = "Lake House";

/// The sign-in names of a home's people; everybody has the same password.
#[must_use]
pub fn sign_ins(home: &str) -> Vec<(String, &'static str)> {
    let people: Vec<&str> = if home == HILL_HOUSE {
        HILL.iter().map(|(name, ..)| *name).collect()
    } else {
        LAKE.iter().map(|(name, ..)| *name).collect()
    };
    people
        .into_iter()
        .map(|name| (name.to_lowercase(), PASSWORD))
        .collect()
}

/// A fake model server that answers like a helpful friend, at a pace that one can watch.
pub async fn model(pace: Duration, port: u16) -> FakeLlm {
    FakeLlm::builder()
        .models([MODEL, "sketch:3b"])
        .pace(pace)
        .address(([127, 0, 0, 1], port).into())
        .brain(answer)
        .start_ollama()
        .await
}

fn answer(prompt: &FakePrompt) -> FakeAnswer {
    let asked = prompt.last("user").to_lowercase();
    let is_title = prompt
        .messages
        .iter()
        .any(|(_, text)| text.to_lowercase().contains("title"));
    let text = if is_title && !asked.contains("bread") && !asked.contains("walk") {
        "A question among friends".to_owned()
    } else if is_title {
        "Plans for Sunday".to_owned()
    } else if asked.contains("bread") {
        "Here is a loaf for tomorrow morning:\n\n1. Mix **500 g** flour, **350 ml** water, **10 g** salt and a pinch of yeast.\n\
         2. Leave it covered overnight.\n3. Fold it twice, let it rise for an hour.\n4. Bake at 240 °C: 30 minutes with \
         the lid, 15 without.\n\n| Flour | Water | Taste |\n|---|---|---|\n| wheat | 350 ml | mild |\n| half rye | 370 ml | \
         hearty |\n\nShall I work it out for two loaves?"
            .to_owned()
    } else if asked.contains("walk") {
        "For seven people with a child along I would take the **lake path**: flat, two hours, with a jetty to rest on \
         halfway. Bring jackets; it is windy on the north side."
            .to_owned()
    } else {
        format!(
            "That is a good question. You said: “{}”\n\nI am a small model that runs on this computer only, so nothing of \
             this leaves your home. Ask me about *bread* or a *walk* and I will know more.",
            prompt.last("user")
        )
    };
    FakeAnswer::text(text)
}

/// Moves everybody in and lets six days pass, in the past, so that they end now.
///
/// # Panics
/// When a command is refused.
pub async fn settle(world: &World, hill: &TestHome, lake: &TestHome, model: &FakeLlm) {
    world.clock().advance_ms(-6 * 24 * HOUR);
    for (home, people) in [(hill, &HILL[..]), (lake, &LAKE[..])] {
        for (n, (name, occupation, about)) in people.iter().enumerate() {
            let person = if n == 0 {
                home.create(name).await
            } else {
                home.join(name).await
            };
            introduce(&person, occupation, about).await;
        }
        provide(home, model).await;
    }
    world.pair(hill, lake).await;
    let [anna, ben, mila] = HILL.map(|(name, ..)| hill.person(name));
    let [clara, david] = LAKE.map(|(name, ..)| lake.person(name));
    for (one, other) in [
        (&anna, &ben),
        (&anna, &mila),
        (&ben, &mila),
        (&clara, &david),
        (&anna, &clara),
        (&anna, &david),
        (&ben, &clara),
    ] {
        world.befriend(one, other).await;
    }
    let later = |hours: i64| world.clock().advance_ms(hours * HOUR + 11 * 60_000);

    later(9);
    let bench = post(
        &anna,
        Audience::Friends,
        "The bench is done. Three weeks, two blisters, and it holds all four of us.",
        &[(1, "A bench on a hill at sunrise, with blue ridges behind")],
    )
    .await;
    world.pump().await;
    later(2);
    let first = comment(
        &clara,
        bench,
        None,
        "It looks as if it had always been there. May I have one for the jetty?",
    )
    .await;
    world.pump().await;
    later(1);
    comment(
        &anna,
        bench,
        Some(first),
        "For you: oak, and with a lid for the fishing things.",
    )
    .await;
    react(&david, bench, "❤️").await;
    react(&clara, bench, "👍").await;
    world.pump().await;

    later(20);
    let lake_morning = post(
        &clara,
        Audience::Friends,
        "First frost on the lake this morning. The boats creak like old stairs.",
        &[
            (6, "A still lake before low hills under a pale sky"),
            (2, "Evening glow over dark hills, mirrored in the water"),
            (4, "Snowy hills in soft light"),
        ],
    )
    .await;
    world.pump().await;
    later(1);
    react(&anna, lake_morning, "😍").await;
    comment(
        &ben,
        lake_morning,
        None,
        "Is that the north bay? We swam there in August!",
    )
    .await
    .to_string();
    world.pump().await;

    later(26);
    post(
        &ben,
        Audience::Local,
        "**Kitchen plan for the week**\n\n- Monday: lentil soup\n- Tuesday: leftovers, no complaints\n- Wednesday: Mila cooks (!)",
        &[],
    )
    .await;
    later(5);
    let frogs = post(
        &mila,
        Audience::Friends,
        "I counted 14 frogs at the pond. Fourteen!! Nobody believed me so I drew all of them.",
        &[(3, "A pond below green hills in daylight")],
    )
    .await;
    react(&ben, frogs, "🐸").await;
    react(&anna, frogs, "🎉").await;
    world.pump().await;

    later(22);
    let soup = post(
        &david,
        Audience::Public,
        "Soup for everybody at the boathouse on Sunday, from noon until the pot is empty. Bring a bowl.",
        &[(10, "Warm evening light over brown fields")],
    )
    .await;
    world.pump().await;
    later(1);
    comment(&anna, soup, None, "We come with seven people and three loaves.").await;
    react(&ben, soup, "🍲").await;
    world.pump().await;

    later(20);
    let note = world.now();
    let walk = post(
        &anna,
        Audience::Friends,
        "Sunday, the long way round to the boathouse. Who comes along?",
        &[(0, "Blue ridges at dawn"), (8, "A valley in the evening")],
    )
    .await;
    world.pump().await;
    comment(&clara, walk, None, "Me! I bring the thermos.").await;
    react(&david, walk, "🥾").await;
    world.pump().await;
    mila.asks(&clara).await;
    world.pump().await;
    anna.ok(SaveDraft {
        id: DraftId(hill.seed().uuid()),
        place: "feed".to_owned(),
        text: "Found the old sledge in the attic. It needs".to_owned(),
        media: Vec::new(),
        audience: Audience::Friends,
    })
    .await;
    chat(&anna).await;
    assert!(world.now() >= note, "time only goes forward");
    world.clock().catch_up();
}

/// A provider for everybody of a home.
async fn provide(home: &TestHome, model: &FakeLlm) {
    let owner = home.owner();
    let provider = owner
        .ok(SaveProvider {
            id: None,
            name: "Kitchen computer".to_owned(),
            kind: ProviderKind::Ollama,
            base_url: model.url(),
            api_key: None,
            headers: None,
            owner: ProviderOwner::Home,
            limits: None,
        })
        .await;
    owner.ok(CheckProvider { id: provider.id }).await;
    let model = ModelRef {
        provider: provider.id,
        model: MODEL.to_owned(),
    };
    owner
        .ok(SetDefaultModel {
            owner: ProviderOwner::Home,
            model: Some(model),
        })
        .await;
}

async fn introduce(person: &TestPerson, occupation: &str, about: &str) {
    let number = person.name().bytes().map(u64::from).sum();
    let portrait = person
        .upload("me.jpg", &pictures::portrait(number))
        .await
        .expect("a good picture");
    person
        .ok(SetPicture {
            image: Some(portrait.hash),
            crop: None,
        })
        .await;
    let field = |field, value: Option<&str>, audience| FieldChange {
        field,
        value: value.map(str::to_owned),
        audience: Some(audience),
    };
    person
        .ok(UpdateProfile {
            name: None,
            fields: vec![
                field(ProfileField::Picture, None, Audience::Public),
                field(ProfileField::Occupation, Some(occupation), Audience::Friends),
                field(ProfileField::Bio, Some(about), Audience::Public),
            ],
            findable: Some(true),
        })
        .await;
}

async fn post(author: &TestPerson, audience: Audience, text: &str, photos: &[(u64, &str)]) -> PostId {
    let mut media = Vec::new();
    for (number, alt) in photos {
        let photo = pictures::landscape(1440, 1080, *number);
        let item = author.upload("photo.jpg", &photo).await.expect("a good photo");
        media.push(Attach {
            media: item.hash,
            alt: (*alt).to_owned(),
            caption: String::new(),
        });
    }
    let request = CreatePost {
        op: author.home().seed().uuid(),
        audience,
        text: text.to_owned(),
        media,
        comments_on: true,
        draft: None,
    };
    author.ok(request).await.id
}

async fn comment(author: &TestPerson, post: PostId, parent: Option<CommentId>, text: &str) -> CommentId {
    let request = CreateComment {
        op: author.home().seed().uuid(),
        post,
        parent,
        text: text.to_owned(),
        media: Vec::new(),
    };
    author.ok(request).await.id
}

async fn react(person: &TestPerson, post: PostId, emoji: &str) {
    person
        .ok(React {
            target: Target::Post(post),
            emoji: Some(emoji.to_owned()),
        })
        .await;
}

async fn chat(person: &TestPerson) {
    let mut listener = person.listen().await;
    let turn = person
        .ask(None, "How do I bake bread for seven people by tomorrow?")
        .await
        .expect("a model");
    listener.turn(turn.turn).await;
    let turn = person
        .ask(Some(turn.chat), "And which walk would you take there?")
        .await
        .expect("a model");
    listener.turn(turn.turn).await;
}
