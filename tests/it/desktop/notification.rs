//! What a friend shares on another home reaches the desktop: as notifications, on which a click leads there, and as a number.

use super::{House, close_to_tray, path, shot, t};
use hearth_api::account::UpdateSettings;
use hearth_api::app::GetStatus;
use hearth_api::feed::{Audience, Post};
use hearth_api::homes::{AcceptInvite, ConfirmWords, HomeState, ListHomes};
use hearth_api::notify::{MarkRead, QuietHours};
use hearth_api::people::{AnswerFriend, FriendAnswer, ListFriends, ListRequests, RequestFriend};
use hearth_tests::TestHome;
use hearth_tests::World;
use hearth_tests::desktop::{App, Desk, TITLE, until};

/// Pairs the app's home with another one, whose owner becomes a friend.
pub(super) async fn befriend(app: &App, other: &TestHome) {
    let link = other.invite().await;
    let there = app.ask(AcceptInvite { link }).await;
    let owner = other.owner();
    let here = until("the app's home on the other side", || async {
        let homes = owner.ok(ListHomes {}).await;
        homes.into_iter().find(|home| home.words.is_some())
    })
    .await;
    app.ask(ConfirmWords {
        home: there.id.clone(),
        same: true,
    })
    .await;
    owner
        .ok(ConfirmWords {
            home: here.id,
            same: true,
        })
        .await;
    until("the connection", || async {
        let homes = app.ask(ListHomes {}).await;
        homes
            .iter()
            .any(|home| home.state == HomeState::Connected)
            .then_some(())
    })
    .await;
    let me = app.ask(GetStatus {}).await.me.unwrap().person.id;
    until("an introduction of the app's owner", || async {
        let request = RequestFriend {
            person: me,
            note: String::new(),
        };
        owner.call(request).await.ok()
    })
    .await;
    let asking = until("the request", || async {
        let requests = app.ask(ListRequests {}).await;
        requests.incoming.first().map(|request| request.person.id)
    })
    .await;
    app.ask(AnswerFriend {
        person: asking,
        answer: FriendAnswer::Accept,
    })
    .await;
    owner
        .until("the friendship", async |owner| {
            !owner.ok(ListFriends::default()).await.is_empty()
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_friends_post_is_notified_and_a_click_opens_it() {
    let world = World::live(None);
    let lake = world.home("Lake House", &["Clara"]).await;
    let (mut desk, house) = (Desk::new().await, House::new());
    let app = house.open_made(&desk).await;
    befriend(&app, &lake).await;
    close_to_tray(&desk, &app).await;

    let post = lake
        .owner()
        .post(Audience::Friends, "Ice on the <b>lake</b> & sun")
        .await;
    let note = desk.note_about("Clara shared something").await;
    assert_eq!(
        note.body, "Ice on the &lt;b&gt;lake&lt;/b&gt; &amp; sun",
        "what people write is no markup"
    );
    desk.tray().await.shows("unread").await;
    // The app may still be on its way to listen for the answer.
    until("the window at the post", || async {
        note.act("default").await;
        let there = desk.screen().shows(TITLE) && path(&app).await.contains(&post.id.to_string());
        there.then_some(())
    })
    .await;
    app.find_with(&t("post"), "Ice on the").await;
    shot(&desk, "notified");
    app.close().await;
    world.close().await;
}

/// Anna shares something in the app, and Clara has it.
async fn share(app: &App, with: &TestHome, text: &str) -> Post {
    let post = app
        .ask(with.owner().new_post(Audience::Friends, text, Vec::new()))
        .await;
    let has = async |clara: &hearth_tests::TestPerson| clara.sees(post.id).await.is_some();
    with.owner().until("the post", has).await;
    post
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn comments_on_one_post_are_one_bubble_and_hidden_ones_say_nothing() {
    let world = World::live(None);
    let lake = world.home("Lake House", &["Clara"]).await;
    let (mut desk, house) = (Desk::new().await, House::new());
    let app = house.open_made(&desk).await;
    befriend(&app, &lake).await;
    let (clara, post) = (lake.owner(), share(&app, &lake, "The bench is done").await);
    let other = share(&app, &lake, "Soup for all").await;
    close_to_tray(&desk, &app).await;

    let mut bubbles = Vec::new();
    for text in ["What a bench", "May I sit on it?", "With a cushion"] {
        clara.comment(post.id, text).await.unwrap();
        let note = desk.note_about("Clara commented").await;
        assert_eq!(
            (note.body.as_str(), note.icon.as_str()),
            (text, "family.hearth.Hearth")
        );
        bubbles.push(note);
    }
    assert!(bubbles.iter().all(|note| note.id == bubbles[0].id), "{bubbles:?}");
    let unread = i64::from(app.ask(GetStatus {}).await.me.unwrap().unread);
    assert!(unread > 0);
    desk.shows_badge(Some(unread)).await;

    // Who hides what it is about hides it in the next one already.
    let mut settings = app.ask(GetStatus {}).await.me.unwrap().settings;
    settings.notification_content = false;
    app.ask(UpdateSettings {
        settings: settings.clone(),
    })
    .await;
    clara.comment(other.id, "A most secret spice").await.unwrap();
    let hidden = desk.note_about("").await;
    assert_eq!(
        (hidden.title.as_str(), hidden.body.as_str()),
        ("Something new in Hearth", "")
    );
    assert_ne!(hidden.id, bubbles[0].id, "another post is another bubble");

    // In the night nothing pops up; the number goes up all the same.
    settings.quiet_hours = Some(QuietHours { from: 0, to: 1439 });
    app.ask(UpdateSettings {
        settings: settings.clone(),
    })
    .await;
    app.ask(MarkRead::default()).await;
    desk.shows_badge(None).await;
    clara.comment(other.id, "And salt").await.unwrap();
    desk.shows_badge(Some(1)).await;
    settings.quiet_hours = None;
    app.ask(UpdateSettings { settings }).await;
    clara.comment(post.id, "Good morning").await.unwrap();
    let next = desk.note_about("").await;
    assert_eq!(next.id, bubbles[0].id, "the one of the night was not shown");

    until("the window at the latest comment", || async {
        next.act("default").await;
        let there = desk.screen().shows(TITLE) && path(&app).await.contains(&post.id.to_string());
        there.then_some(())
    })
    .await;
    app.find_with(&t("post"), "The bench").await;
    app.close().await;
    world.close().await;
}
