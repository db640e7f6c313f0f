//! What is not believed, not known, or known already.

use super::*;

#[tokio::test]
async fn the_same_activity_again_changes_nothing() {
    let two = Two::friends().await;
    let post = write(&two.a, &two.anna, "Once", Audience::Friends).await.id;
    let put = texts(&two.a, &two.b).pop().unwrap();
    two.settle().await;
    comment(&two.b, &two.ben, post, "Once").await;
    let said = texts(&two.b, &two.a).pop().unwrap();
    two.settle().await;
    assert_eq!(offer(&two.b, &two.a.id, &put).await, Verdict::Duplicate);
    assert_eq!(offer(&two.a, &two.b.id, &said).await, Verdict::Duplicate);
    assert_eq!(thread(&two.a, &two.anna, post).await.len(), 1);
}

/// An activity signed by whoever holds `key`, saying it is by `actor`.
fn forge(
    kind: &str,
    actor: Uuid,
    home: &NodeKey,
    key: &PersonKey,
    post: Uuid,
    object: serde_json::Value,
) -> String {
    let id = uuid::Builder::from_unix_timestamp_millis(1_795_305_600_000, &[9; 10]).into_uuid();
    let mut activity = Activity::new(id, kind, actor, home.id(), Hlc::at(1_795_305_700_000), object);
    activity.post = Some(post);
    SignedActivity::by_person(activity, key).unwrap().jws().to_owned()
}

fn post_object(text: &str) -> serde_json::Value {
    serde_json::json!({ "text": text, "audience": "public", "created_at": 1, "version": 9 })
}

#[tokio::test]
async fn forgeries_are_refused() {
    let two = Two::friends().await;
    let c = Home::of("Mallory's home", &["Mallory"]).await;
    connect(&two.b, &c).await;
    let post = write(&two.a, &two.anna, "Genuine", Audience::Public).await.id;
    two.settle().await;
    let stolen = PersonKey::from_secret_bytes(&[66; 32]);
    let mallorys_node = NodeKey::from_secret_bytes(&[67; 32]);

    // A wrong key, with the true home's name: no such thing can even be made, for want of the home's key; with another's:
    let wrong_key = forge(
        "post.put",
        two.anna.person.0,
        &mallorys_node,
        &stolen,
        post.0,
        post_object("Forged"),
    );
    assert_eq!(
        offer(&two.b, &c.id, &wrong_key).await,
        Verdict::Refused(Code::NotAuthorised)
    );
    // Somebody of this home as the author.
    let as_ben = forge(
        "post.put",
        two.ben.person.0,
        &mallorys_node,
        &stolen,
        post.0,
        post_object("Forged"),
    );
    assert!(matches!(offer(&two.b, &c.id, &as_ben).await, Verdict::Refused(_)));
    let bens_node = two.b.write({
        let keys = two.b.social.parts.keys.clone();
        move |tx| Ok(keys.node(tx)?)
    });
    let as_ben = forge(
        "comment.put",
        two.ben.person.0,
        &bens_node.await,
        &stolen,
        post.0,
        post_object("Forged"),
    );
    assert_eq!(
        offer(&two.b, &two.a.id, &as_ben).await,
        Verdict::Refused(Code::BadSignature)
    );
    // Anna's own words, brought by a home that is neither hers nor the post's.
    let updated = two
        .a
        .social
        .edit_post(
            &two.anna,
            edit(
                &see(&two.a, &two.anna, post).await.unwrap(),
                "Genuine 2",
                Audience::Public,
            ),
        )
        .await
        .unwrap();
    let genuine = texts(&two.a, &two.b).pop().unwrap();
    assert_eq!(
        offer(&two.b, &c.id, &genuine).await,
        Verdict::Refused(Code::NotAuthorised)
    );
    assert_eq!(see(&two.b, &two.ben, post).await.unwrap().text, "Genuine");
    two.settle().await;
    assert_eq!(see(&two.b, &two.ben, post).await.unwrap().text, updated.text);

    // Mallory may neither delete nor edit Anna's post, nor comment on Anna's behalf at Ben's.
    let mallory = c.person("Mallory");
    c.write(move |tx| Ok(hearth_db::home::own(tx)?)).await;
    let delete = c
        .write({
            let social = c.social.clone();
            move |tx| {
                let object = serde_json::json!({});
                let now = social.now();
                Ok(social
                    .sign(tx, mallory.person, "post.delete", Some(post), &object, now)?
                    .jws()
                    .to_owned())
            }
        })
        .await;
    assert_eq!(
        offer(&two.b, &c.id, &delete).await,
        Verdict::Refused(Code::IdNotYours)
    );
    let says = c
        .write({
            let social = c.social.clone();
            move |tx| {
                let id = social.new_comment_id(tx, mallory.person, post)?;
                let object = serde_json::json!({
                    "id": id, "text": "Spam", "created_at": 1, "version": 1
                });
                let now = social.now();
                Ok(social
                    .sign(tx, mallory.person, "comment.put", Some(post), &object, now)?
                    .jws()
                    .to_owned())
            }
        })
        .await;
    assert_eq!(
        offer(&two.b, &c.id, &says).await,
        Verdict::Refused(Code::NotAuthorised),
        "comments come through the post's home"
    );
    connect(&two.a, &c).await;
    assert_eq!(
        offer(&two.a, &c.id, &says).await,
        Verdict::Applied,
        "where a stranger may comment on a public post"
    );
    assert!(matches!(
        offer(
            &two.b,
            &two.a.id,
            &forge(
                "quantum.leap",
                two.anna.person.0,
                &mallorys_node,
                &stolen,
                post.0,
                post_object("")
            )
        )
        .await,
        Verdict::Refused(_)
    ));
}

#[tokio::test]
async fn unknown_kinds_are_set_aside() {
    let two = Two::friends().await;
    let anna = two.anna.person;
    let jws = two
        .a
        .write({
            let social = two.a.social.clone();
            move |tx| {
                let now = social.now();
                let object = serde_json::json!({ "depth": 3 });
                Ok(social
                    .sign(tx, anna, "dream.share", None, &object, now)?
                    .jws()
                    .to_owned())
            }
        })
        .await;
    assert_eq!(
        offer(&two.b, &two.a.id, &jws).await,
        Verdict::Refused(Code::UnsupportedType)
    );
}
