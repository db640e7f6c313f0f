//! Who may do what: every command of the one table for every kind of caller, and every step on a post for every kind of person.

use hearth_api::feed::{
    Audience, DeleteComment, DeletePost, EditComment, EditPost, GetDelivery, GetHistory, GetPost, React,
    RemoveMention, SetComments, Target,
};
use hearth_api::table::COMMANDS;
use hearth_api::{ApiResult, Code, Reach, Scope};
use hearth_node::Caller;
use hearth_tests::{TestPerson, World};
use serde_json::json;
use std::fmt::Write as _;

/// What nobody needs to sign in for; a change here is a change of what strangers can reach.
const FOR_ANYONE: [&str; 11] = [
    "app.status",
    "app.create_home",
    "session.sign_in",
    "account.accept_invite",
    // With a code that an admin made.
    "account.reset_password",
    // With a code that was shown at the home.
    "access.claim",
    // Before the home is set up, on its own machine; then only admins.
    "restore.begin",
    "restore.send",
    "restore.preview",
    "restore.start",
    "restore.job",
];

#[tokio::test]
async fn every_command_admits_exactly_those_whom_the_table_names() {
    let world = World::new();
    let home = world.home("Hill House", &["Anna", "Ben"]).await;
    let callers = [
        (None, home.stranger().caller()),
        (Some(false), home.person("Ben").caller()),
        (Some(true), home.owner().caller()),
    ];
    for command in COMMANDS {
        for (admin, caller) in &callers {
            for this_machine in [true, false] {
                let caller = Caller {
                    this_machine,
                    ..caller.clone()
                };
                // No request is a mere string: whoever is admitted gets no further than its form, and changes nothing.
                let error = home.dispatch(caller, command.name, json!("?")).await.unwrap_err();
                let expected = match (command.reach, command.scope, admin) {
                    (Reach::ThisMachine, ..) if !this_machine => Code::NotFromHere,
                    (_, Scope::SignedIn | Scope::Admin, None) => Code::SignInNeeded,
                    (_, Scope::Admin, Some(false)) => Code::Forbidden,
                    _ => Code::Invalid,
                };
                assert_eq!(
                    error.code, expected,
                    "{} for {admin:?} (this machine: {this_machine}): {}",
                    command.name, error.message
                );
                assert!(
                    error.request_id.is_some(),
                    "{} can be found in the log",
                    command.name
                );
            }
        }
    }
    let open: Vec<&str> = COMMANDS
        .iter()
        .filter(|c| c.scope == Scope::Anyone)
        .map(|c| c.name)
        .collect();
    assert_eq!(open, FOR_ANYONE);
    let error = home
        .dispatch(home.owner().caller(), "no.such_thing", json!({}))
        .await
        .unwrap_err();
    assert_eq!(error.code, Code::UnknownCommand);
}

#[tokio::test]
async fn a_made_up_session_is_nobody() {
    let world = World::new();
    let home = world.home("Hill House", &["Anna"]).await;
    for text in ["", "x", &"a".repeat(64), "../../etc", "0"] {
        let token = hearth_node::SessionToken::new(text.to_owned());
        let caller = Caller::desktop(Some(token));
        let error = home
            .dispatch(caller, "session.list", json!({}))
            .await
            .unwrap_err();
        assert_eq!(error.code, Code::SignInNeeded, "{text:?}");
    }
}

type Outcome = ApiResult<()>;

/// Everything that can be done with a post and a comment on it.
const STEPS: [&str; 10] = [
    "read",
    "comment",
    "react",
    "history",
    "edit post",
    "switch comments",
    "see delivery",
    "edit comment",
    "remove mention",
    "delete comment",
];

#[tokio::test]
async fn every_step_on_a_post_is_open_to_exactly_those_whom_the_rule_names() {
    let world = World::new();
    let hill = world.home("Hill House", &["Anna", "Ben", "Mila"]).await;
    let lake = world.home("Lake House", &["Clara", "David"]).await;
    world.pair(&hill, &lake).await;
    let (anna, ben) = (hill.person("Anna"), hill.person("Ben"));
    for friend in [&ben, &lake.person("Clara")] {
        world.befriend(&anna, friend).await;
    }
    let people = [
        ("author", anna.clone()),
        ("commenter", ben.clone()),
        ("housemate", hill.person("Mila")),
        ("far friend", lake.person("Clara")),
        ("far stranger", lake.person("David")),
    ];
    let mut table = String::new();
    for step in STEPS {
        write!(table, "{step:<16}").unwrap();
        for (_, person) in &people {
            let post = anna
                .post(Audience::Friends, &format!("Hello @{{{}}}", ben.id()))
                .await;
            let comment = ben.comment(post.id, "First").await.unwrap();
            world.pump().await;
            let version = comment.version;
            let done: Outcome = match step {
                "read" => person.call(GetPost { id: post.id }).await.map(drop),
                "comment" => person.comment(post.id, "Me too").await.map(drop),
                "react" => {
                    let target = Target::Post(post.id);
                    let emoji = Some("👍".to_owned());
                    person.call(React { target, emoji }).await.map(drop)
                }
                "history" => person
                    .call(GetHistory {
                        target: Target::Post(post.id),
                    })
                    .await
                    .map(drop),
                "edit post" => {
                    let edit = EditPost {
                        id: post.id,
                        version: post.version,
                        text: "Changed".to_owned(),
                        media: Vec::new(),
                        audience: Audience::Friends,
                    };
                    person.call(edit).await.map(drop)
                }
                "switch comments" => person
                    .call(SetComments {
                        id: post.id,
                        on: false,
                    })
                    .await
                    .map(drop),
                "see delivery" => person.call(GetDelivery { id: post.id }).await.map(drop),
                "edit comment" => {
                    let text = "Second".to_owned();
                    person
                        .call(EditComment {
                            id: comment.id,
                            version,
                            text,
                        })
                        .await
                        .map(drop)
                }
                "remove mention" => person
                    .call(RemoveMention {
                        target: Target::Post(post.id),
                    })
                    .await
                    .map(drop),
                _ => person.call(DeleteComment { id: comment.id }).await.map(drop),
            };
            world.pump().await;
            table.push_str(&cell(done));
        }
        table.push('\n');
    }
    // Columns: author, author of the comment and mentioned, another of the home, friend elsewhere, stranger elsewhere.
    // `0`: answered as if it were not there.
    let expected = "\
read             Y Y 0 Y 0
comment          Y Y 0 Y 0
react            Y Y 0 Y 0
history          Y Y 0 Y 0
edit post        Y - 0 - 0
switch comments  Y - 0 - 0
see delivery     Y - 0 - 0
edit comment     - Y 0 - 0
remove mention   - Y 0 - 0
delete comment   Y Y 0 - 0
";
    assert_eq!(table, expected);
}

fn cell(outcome: Outcome) -> String {
    match outcome {
        Ok(()) => " Y".to_owned(),
        Err(error) if error.code == Code::NotFound => " 0".to_owned(),
        Err(error) if error.code == Code::Forbidden => " -".to_owned(),
        Err(error) => format!(" {}", error.name()),
    }
}

#[tokio::test]
async fn deleting_a_post_is_its_authors_alone() {
    let world = World::new();
    let home = world.home("Hill House", &["Anna", "Ben"]).await;
    let (anna, ben) = (home.person("Anna"), home.person("Ben"));
    // The admin of the home has no more rights over Ben's post than anybody.
    let post = ben.post(Audience::Local, "Mine").await;
    anna.refused_with(Code::Forbidden, DeletePost { id: post.id })
        .await;
    let secret = ben.post(Audience::Me, "Mine alone").await;
    anna.refused_with(Code::NotFound, GetPost { id: secret.id }).await;
    anna.refused_with(Code::NotFound, DeletePost { id: secret.id })
        .await;
    ben.ok(DeletePost { id: post.id }).await;
    assert_gone(&anna, post.id).await;
}

async fn assert_gone(person: &TestPerson, id: hearth_api::PostId) {
    assert!(person.sees(id).await.is_none());
}
