//! Two or three homes that tell each other.

mod comments;
mod forged;
mod friends;
mod posts;

use super::pump::{offer, pump, settle, texts};
use crate::Viewer;
use crate::testing::{Home, connect, introduce};
use hearth_api::feed::*;
use hearth_api::people::*;
use hearth_api::{Code, CommentId, PostId};
use hearth_db::{peer_log, tombstone};
use hearth_federation::activity::{Activity, SignedActivity, UnverifiedActivity};
use hearth_federation::apply::Verdict;
use hearth_federation::hlc::Hlc;
use hearth_federation::keys::{NodeKey, PersonKey};
use uuid::Uuid;

struct Two {
    a: Home,
    b: Home,
    anna: Viewer,
    ben: Viewer,
}

impl Two {
    /// Anna's home and Ben's, connected, the two introduced to each other.
    async fn strangers() -> Self {
        let a = Home::of("Anna's home", &["Anna", "Ada"]).await;
        let b = Home::of("Ben's home", &["Ben", "Bea"]).await;
        connect(&a, &b).await;
        let (anna, ben) = (a.person("Anna"), b.person("Ben"));
        introduce(&a, anna.person, &b).await;
        introduce(&b, ben.person, &a).await;
        Self { a, b, anna, ben }
    }

    async fn friends() -> Self {
        let two = Self::strangers().await;
        befriend(&two.a, &two.anna, &two.b, &two.ben).await;
        two
    }

    async fn settle(&self) {
        self.a.clock.advance_ms(10);
        self.b.clock.advance_ms(10);
        settle(&[&self.a, &self.b]).await;
    }
}

async fn befriend(a: &Home, anna: &Viewer, b: &Home, ben: &Viewer) {
    a.social
        .request_friend(
            anna,
            RequestFriend {
                person: ben.person,
                note: "It's me".to_owned(),
            },
        )
        .await
        .unwrap();
    settle(&[a, b]).await;
    b.social
        .answer_friend(
            ben,
            AnswerFriend {
                person: anna.person,
                answer: FriendAnswer::Accept,
            },
        )
        .await
        .unwrap();
    settle(&[a, b]).await;
}

fn new_post(text: &str, audience: Audience) -> CreatePost {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    CreatePost {
        op: Uuid::from_u128(u128::from(NEXT.fetch_add(1, std::sync::atomic::Ordering::SeqCst))),
        audience,
        text: text.to_owned(),
        media: Vec::new(),
        comments_on: true,
        draft: None,
    }
}

fn new_comment(post: PostId, parent: Option<CommentId>, text: &str) -> CreateComment {
    let op = new_post("", Audience::Me).op;
    CreateComment {
        op,
        post,
        parent,
        text: text.to_owned(),
        media: Vec::new(),
    }
}

async fn write(home: &Home, who: &Viewer, text: &str, audience: Audience) -> Post {
    home.social
        .create_post(who, new_post(text, audience))
        .await
        .unwrap()
}

async fn comment(home: &Home, who: &Viewer, post: PostId, text: &str) -> Comment {
    home.social
        .create_comment(who, new_comment(post, None, text))
        .await
        .unwrap()
}

async fn see(home: &Home, who: &Viewer, post: PostId) -> Result<Post, Code> {
    home.social
        .get_post(who, GetPost { id: post })
        .await
        .map_err(|error| error.code)
}

async fn thread(home: &Home, who: &Viewer, post: PostId) -> Vec<Comment> {
    home.social
        .list_comments(who, ListComments { post })
        .await
        .unwrap()
}

fn edit(post: &Post, text: &str, audience: Audience) -> EditPost {
    EditPost {
        id: post.id,
        version: post.version,
        text: text.to_owned(),
        media: Vec::new(),
        audience,
    }
}
