//! Who sees what of a profile, here and on other homes, and what other homes are believed.

mod belief;
mod here;
mod homes;

use super::publish::PERSON_UPDATE;
use super::{apply_person_delete, apply_person_update, home_connected};
use crate::identity;
use crate::media::fixtures::{befriend, photo, upload};
use crate::testing::{Home, connect, introduce, outgoing};
use hearth_api::feed::Audience;
use hearth_api::people::Relation;
use hearth_api::profile::{Crop, FieldChange, Profile, ProfileField, SetPicture, UpdateProfile};
use hearth_api::{ApiResult, Code, HomeId, MediaHash, PersonId};
use hearth_db::home::HomeRowState;
use hearth_db::{DbError, home, media, media_owner, peer_log, person, profile};
use hearth_federation::activity::{Activity, SignedActivity, UnverifiedActivity};
use hearth_federation::apply::Verdict;
use hearth_federation::hlc::Hlc;
use hearth_federation::keys::{NodeKey, PersonKey};
use serde_json::{Value, json};

#[track_caller]
fn refused<T>(result: ApiResult<T>) -> String {
    match result {
        Ok(_) => panic!("must be refused"),
        Err(error) => error.name(),
    }
}

fn field(field: ProfileField, value: &str, audience: Audience) -> FieldChange {
    FieldChange {
        field,
        value: Some(value.to_owned()),
        audience: Some(audience),
    }
}

async fn update(home: &Home, who: &str, fields: Vec<FieldChange>) -> ApiResult<Profile> {
    let request = UpdateProfile {
        fields,
        ..UpdateProfile::default()
    };
    home.social.update_profile(&home.person(who), request).await
}

async fn rename(home: &Home, who: &str, name: &str) {
    let request = UpdateProfile {
        name: Some(name.to_owned()),
        ..UpdateProfile::default()
    };
    home.social
        .update_profile(&home.person(who), request)
        .await
        .unwrap();
}

async fn findable(home: &Home, who: &str, on: bool) {
    let request = UpdateProfile {
        findable: Some(on),
        ..UpdateProfile::default()
    };
    home.social
        .update_profile(&home.person(who), request)
        .await
        .unwrap();
}

/// What somebody sees of a profile: `field=value`.
async fn seen(home: &Home, who: &str, person: PersonId) -> Vec<String> {
    let profile = home.social.get_profile(&home.person(who), person).await.unwrap();
    profile
        .fields
        .iter()
        .map(|f| {
            format!(
                "{}={}",
                serde_json::to_value(f.field).unwrap().as_str().unwrap(),
                f.value
            )
        })
        .collect()
}

/// Gives a home everything new that waits for it, as delivery would, and empties the log.
async fn deliver(from: &Home, to: &Home) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for signed in outgoing(from, to) {
        verdicts.push(receive(to, &from.id, signed.jws()).await);
    }
    let id = to.id.clone();
    from.write(move |tx| Ok(peer_log::clear(tx, &id)?)).await;
    verdicts
}

/// Takes an activity in, as reception would.
async fn receive(home: &Home, from: &HomeId, jws: &str) -> Verdict {
    let parsed = UnverifiedActivity::parse(jws).unwrap();
    let signed = match parsed.kid() {
        hearth_federation::keys::Kid::Node(_) => parsed.verify_node(),
        hearth_federation::keys::Kid::Person(_) => match home.read(|tx| identity::author_key(tx, &parsed)) {
            Ok(key) => parsed.verify_person(&key),
            Err(code) => return Verdict::Refused(code),
        },
    };
    let Ok(signed) = signed else {
        return Verdict::Refused(Code::BadSignature);
    };
    let (social, from, now) = (home.social.clone(), from.clone(), home.social.now());
    home.write(move |tx| {
        if signed.activity().kind == PERSON_UPDATE {
            apply_person_update(&social, tx, &from, &signed, now)
        } else {
            apply_person_delete(&social, tx, &from, &signed, now)
        }
    })
    .await
}

async fn two_homes() -> (Home, Home) {
    let lake = Home::of("Lake house", &["Anna", "Ben"]).await;
    let hill = Home::of("Hill house", &["Olga", "Pete"]).await;
    connect(&lake, &hill).await;
    (lake, hill)
}

/// Makes Anna of the lake house and Olga of the hill house friends, as both homes know.
async fn befriend_anna_and_olga(lake: &Home, hill: &Home) {
    let (anna, olga) = (lake.person("Anna").person, hill.person("Olga").person);
    for (here, there, who) in [(lake, hill, olga), (hill, lake, anna)] {
        if here.read(|tx| person::get(tx, who)).is_none() {
            introduce(there, who, here).await;
        }
        befriend(here, anna, olga).await;
    }
    let (social, now) = (lake.social.clone(), lake.social.now());
    lake.write(move |tx| social.publish_person(tx, anna, now)).await;
}
