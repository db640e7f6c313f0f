//! Whose post, which comment, which audience, which version, which ids.

use super::*;

const HUGE: &str = "x";

#[tokio::test]
async fn posts_of_others_are_theirs() {
    let cast = Cast::gather().await;
    let (clara, david) = (&cast.clara, &cast.david);
    let put = |who: &TestPerson, id: Uuid, changes: Value| {
        cast.says(
            who,
            "post.put",
            id,
            changed(&cast.post_object("Changed"), &changes),
        )
    };
    let none = || json!({});
    let of = |who: &TestPerson, kind: &str, post: Uuid, object: Value| cast.says(who, kind, post, object);
    let media = |changes: Value| {
        let item = json!({
            "hash": "0".repeat(64), "kind": "image", "mime": "image/jpeg", "name": "a.jpg", "bytes": 1, "width": 1,
            "height": 1, "placeholder": "", "alt": "", "caption": "",
        });
        changed(&item, &changes)
    };
    let many = vec![media(none()); 100];
    let mentions: Vec<Value> = (0..1000)
        .map(|_| json!({"person": cast.id(), "name": "Somebody"}))
        .collect();
    let lies = vec![
        lie(
            "Anna's post as Clara's",
            put(clara, cast.bench, none()),
            "id_not_yours",
        ),
        lie(
            "Anna's unseen post as Clara's",
            put(clara, cast.kitchen, none()),
            "id_not_yours",
        ),
        lie(
            "Erik's post as Clara's",
            put(clara, cast.eriks, none()),
            "id_not_yours",
        ),
        lie(
            "David's post as Clara's",
            put(clara, cast.davids, none()),
            "id_not_yours",
        ),
        lie(
            "the id of Anna's comment as a post's",
            put(clara, cast.annas_comment, none()),
            "id_not_yours",
        ),
        lie(
            "the id of the own comment as a post's",
            put(clara, cast.claras_comment, none()),
            "id_not_yours",
        ),
        lie(
            "a deleted post again",
            put(clara, cast.claras_gone, none()),
            "duplicate",
        ),
        lie(
            "no post",
            cast.says(clara, "post.put", None, cast.post_object("Nowhere")),
            "invalid_activity",
        ),
        lie(
            "a post older than what is known of it",
            {
                let said = cast
                    .wire
                    .said(clara, "post.put", Some(cast.claras), cast.post_object("Older"));
                cast.says_with(clara, &said, &json!({"at": "000000000001-0000-000000000000"}))
            },
            "duplicate",
        ),
        lie(
            "an audience of the hill",
            put(clara, cast.id(), json!({"audience": "local"})),
            "invalid_activity",
        ),
        lie(
            "an audience of one",
            put(clara, cast.id(), json!({"audience": "me"})),
            "invalid_activity",
        ),
        lie(
            "an audience unheard of",
            put(clara, cast.id(), json!({"audience": "world"})),
            "invalid_activity",
        ),
        lie(
            "version 0",
            put(clara, cast.id(), json!({"version": 0})),
            "invalid_activity",
        ),
        lie(
            "a negative version",
            put(clara, cast.id(), json!({"version": -1})),
            "invalid_activity",
        ),
        lie(
            "a huge version",
            put(clara, cast.id(), json!({"version": 4_294_967_296_u64})),
            "invalid_activity",
        ),
        lie(
            "half a version",
            put(clara, cast.id(), json!({"version": 1.5})),
            "invalid_activity",
        ),
        lie(
            "a version in words",
            put(clara, cast.id(), json!({"version": "1"})),
            "invalid_activity",
        ),
        lie(
            "written before all time",
            put(clara, cast.id(), json!({"created_at": i64::MIN})),
            "invalid_activity",
        ),
        lie(
            "written before 1970",
            put(clara, cast.id(), json!({"created_at": -1})),
            "invalid_activity",
        ),
        lie(
            "changed before 1970",
            put(clara, cast.id(), json!({"edited_at": -1})),
            "invalid_activity",
        ),
        lie(
            "written at no number",
            put(clara, cast.id(), json!({"created_at": u64::MAX})),
            "invalid_activity",
        ),
        lie(
            "nothing at all",
            put(clara, cast.id(), json!({"text": " \n"})),
            "invalid_activity",
        ),
        lie(
            "a text that is none",
            put(clara, cast.id(), json!({"text": ["a"]})),
            "invalid_activity",
        ),
        lie(
            "a text too long",
            put(clara, cast.id(), json!({"text": HUGE.repeat(100_001)})),
            "invalid_activity",
        ),
        lie(
            "a hundred pictures",
            put(clara, cast.id(), json!({"media": many})),
            "invalid_activity",
        ),
        lie(
            "a thousand mentions",
            put(clara, cast.id(), json!({"mentions": mentions})),
            "invalid_activity",
        ),
        lie(
            "a mention under a name that turns around",
            put(
                clara,
                cast.id(),
                json!({"mentions": [{"person": cast.anna.id(), "name": "\u{202e}annA"}]}),
            ),
            "invalid_activity",
        ),
        lie(
            "a mention under an invisible name",
            put(
                clara,
                cast.id(),
                json!({"mentions": [{"person": cast.anna.id(), "name": "\u{2060}"}]}),
            ),
            "invalid_activity",
        ),
        lie(
            "a file whose name is no hash",
            put(
                clara,
                cast.id(),
                json!({"media": [media(json!({"hash": "../../../etc/passwd"}))]}),
            ),
            "invalid_activity",
        ),
        lie(
            "a file of negative length",
            put(clara, cast.id(), json!({"media": [media(json!({"bytes": -1}))]})),
            "invalid_activity",
        ),
        lie(
            "a description of 100 000 characters",
            put(
                clara,
                cast.id(),
                json!({"media": [media(json!({"alt": HUGE.repeat(100_000)}))]}),
            ),
            "invalid_activity",
        ),
        lie(
            "a preview of 100 000 bytes",
            put(
                clara,
                cast.id(),
                json!({"media": [media(json!({"placeholder": HUGE.repeat(100_000)}))]}),
            ),
            "invalid_activity",
        ),
        lie(
            "Anna's post deleted by Clara",
            of(clara, "post.delete", cast.bench, none()),
            "id_not_yours",
        ),
        lie(
            "Anna's unseen post deleted by David",
            of(david, "post.delete", cast.kitchen, none()),
            "id_not_yours",
        ),
        lie(
            "Erik's post deleted by Clara",
            of(clara, "post.delete", cast.eriks, none()),
            "id_not_yours",
        ),
        lie(
            "David's post deleted by Clara",
            of(clara, "post.delete", cast.davids, none()),
            "id_not_yours",
        ),
        lie(
            "a deleted post deleted again",
            of(clara, "post.delete", cast.claras_gone, none()),
            "duplicate",
        ),
        lie(
            "a deletion of nothing",
            cast.says(clara, "post.delete", None, none()),
            "invalid_activity",
        ),
        lie(
            "posts of others taken back",
            cast.says(
                clara,
                "post.retract",
                None,
                json!({"posts": [cast.bench, cast.kitchen, cast.eriks, cast.davids]}),
            ),
            "id_not_yours",
        ),
        lie(
            "a thousand and one posts taken back",
            cast.says(
                clara,
                "post.retract",
                None,
                json!({"posts": vec![cast.id(); 1001]}),
            ),
            "invalid_activity",
        ),
        lie(
            "Anna's comments turned off by Clara",
            of(clara, "post.control", cast.bench, json!({"comments_on": false})),
            "id_not_yours",
        ),
        lie(
            "Anna's comments turned on by Clara",
            of(clara, "post.control", cast.closed, json!({"comments_on": true})),
            "id_not_yours",
        ),
        lie(
            "David's comments turned off by Clara",
            of(clara, "post.control", cast.davids, json!({"comments_on": false})),
            "id_not_yours",
        ),
        lie(
            "Erik's comments turned off by Clara",
            of(clara, "post.control", cast.eriks, json!({"comments_on": false})),
            "id_not_yours",
        ),
        lie(
            "comments of nowhere turned off",
            of(clara, "post.control", cast.id(), json!({"comments_on": false})),
            "waiting",
        ),
    ];
    cast.tell(lies).await;
}
