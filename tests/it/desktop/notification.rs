//! What a friend shares on another home reaches the desktop, and a click leads there.

use super::{House, close_to_tray, path, shot, t};
use hearth_api::app::GetStatus;
use hearth_api::feed::Audience;
use hearth_api::homes::{AcceptInvite, ConfirmWords, HomeState, ListHomes};
use hearth_api::people::{AnswerFriend, FriendAnswer, ListFriends, ListRequests, RequestFriend};
use hearth_tests::TestHome;
use hearth_tests::World;
use hearth_tests::desktop::{App, Desk, TITLE, until};

/// Pairs the app's home with another one, whose owner becomes a friend.
async fn befriend(app: &App, other: &TestHome) {
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
