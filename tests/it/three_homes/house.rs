//! A home as a real program, its owner, and what they do at its window and on its command line.

use hearth_api::feed::{
    Attach, Audience, Comment, CreateComment, CreatePost, Delivery, DeliveryState, EditPost, Feed,
    GetDelivery, GetFeed, GetPost, ListComments, Post, React, Target,
};
use hearth_api::homes::{Home, ListHomes};
use hearth_api::people::ListFriends;
use hearth_api::session::SignIn;
use hearth_api::{ApiResult, Code, Command, PersonId, PostId};
use hearth_tests::http::Client;
use hearth_tests::process::{Served, init, run};
use hearth_tests::{PASSWORD, Seed};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long three programs may take to agree: pauses between tries are of some seconds, and grow.
const PATIENCE: Duration = Duration::from_secs(120);

/// A home, its owner, and the program that serves it, unless that is off.
pub(super) struct House {
    pub(super) name: &'static str,
    pub(super) owner: &'static str,
    pub(super) person: PersonId,
    pub(super) dir: PathBuf,
    pub(super) served: Option<Served>,
    /// Where it listens for homes and for its window, also after a restart.
    pub(super) ports: (u16, u16),
    pub(super) client: Client,
    pub(super) seed: Seed,
}

impl House {
    pub(super) async fn settle_in(folder: &Path, name: &'static str, owner: &'static str) -> Self {
        let dir = folder.join(owner);
        init(&dir, name, owner).await;
        let served = Served::start(&dir, 0, 0).await;
        let client = served.client();
        let sign_in = SignIn {
            username: owner.to_lowercase(),
            password: PASSWORD.to_owned(),
            code: None,
            device: None,
        };
        client.call(sign_in).await.unwrap().unwrap();
        let status = client.call(hearth_api::app::GetStatus {}).await.unwrap().unwrap();
        Self {
            name,
            owner,
            person: status.me.expect("somebody who has signed in").person.id,
            dir,
            ports: (served.federation.port(), served.ui.port()),
            served: Some(served),
            client,
            seed: Seed::new(owner),
        }
    }

    pub(super) async fn turn_off(&mut self) {
        let served = self.served.take().expect("a home that runs");
        assert!(served.terminate().await, "{} ends well", self.name);
    }

    pub(super) async fn turn_on(&mut self) {
        self.served = Some(Served::start(&self.dir, self.ports.0, self.ports.1).await);
    }

    pub(super) async fn call<C: Command>(&self, command: C) -> ApiResult<C::Output> {
        self.client.call(command).await.expect("a running home answers")
    }

    pub(super) async fn ok<C: Command>(&self, command: C) -> C::Output {
        let answer = self.call(command).await;
        answer.unwrap_or_else(|error| panic!("{} was refused {}: {error:?}", self.owner, C::NAME))
    }

    /// What the command line prints.
    pub(super) async fn says(&self, args: &[&str]) -> serde_json::Value {
        let args = [&["--json"], args].concat();
        let output = run(&self.dir, &args, None).await;
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{args:?}: {error}"))
    }

    pub(super) async fn post_with(&self, audience: Audience, text: &str, media: Vec<Attach>) -> Post {
        self.ok(CreatePost {
            op: self.seed.uuid(),
            audience,
            text: text.to_owned(),
            media,
            comments_on: true,
            draft: None,
        })
        .await
    }

    pub(super) async fn post(&self, text: &str) -> Post {
        self.post_with(Audience::Friends, text, Vec::new()).await
    }

    pub(super) async fn edit(&self, id: PostId, text: &str, audience: Audience) {
        let version = self.ok(GetPost { id }).await.version;
        self.ok(EditPost {
            id,
            version,
            text: text.to_owned(),
            media: Vec::new(),
            audience,
        })
        .await;
    }

    pub(super) async fn comment(&self, post: &Post, text: &str) -> Comment {
        self.ok(CreateComment {
            op: self.seed.uuid(),
            post: post.id,
            parent: None,
            text: text.to_owned(),
            media: Vec::new(),
        })
        .await
    }

    pub(super) async fn react(&self, target: Target, emoji: &str) {
        self.ok(React {
            target,
            emoji: Some(emoji.to_owned()),
        })
        .await;
    }

    pub(super) async fn sees(&self, id: PostId) -> bool {
        match self.call(GetPost { id }).await {
            Ok(_) => true,
            Err(error) if error.code == Code::NotFound => false,
            Err(error) => panic!("{} asked for a post: {error:?}", self.owner),
        }
    }

    pub(super) async fn homes(&self) -> Vec<Home> {
        self.ok(ListHomes {}).await
    }

    pub(super) async fn home(&self, other: &Self) -> Home {
        let homes = self.homes().await;
        let home = homes.into_iter().find(|home| home.name == other.name);
        home.unwrap_or_else(|| panic!("{} knows {}", self.name, other.name))
    }

    /// The line of an own post's delivery sheet for a home.
    pub(super) async fn tick(&self, id: PostId, at: &Self) -> Option<Delivery> {
        let sheet = self.ok(GetDelivery { id }).await;
        sheet.into_iter().find(|line| line.home.name == at.name)
    }

    pub(super) async fn posts(&self) -> Vec<Post> {
        let mut posts = Vec::new();
        for feed in [Feed::Home, Feed::Public] {
            let mut cursor = None;
            loop {
                let limit = Some(50);
                let page = self.ok(GetFeed { feed, cursor, limit }).await;
                posts.extend(page.items);
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
        }
        posts
    }

    /// The window as text: what everybody may see of posts, comments, reactions, and who is befriended.
    pub(super) async fn window(&self) -> Vec<String> {
        let mut seen = Vec::new();
        for post in self.posts().await {
            if post.audience == Audience::Me {
                continue;
            }
            let reactions = reactions(&post.reactions);
            let (author, audience) = (&post.author.name, post.audience.as_str());
            let text = format!("{author} for {audience}: {} v{}", post.text, post.version);
            seen.push(format!("{text} {reactions:?}, {} comments", post.comment_count));
            let comments = match self.call(ListComments { post: post.id }).await {
                // Deleted since the feed was read: it is seen at the next look.
                Err(error) if error.code == Code::NotFound => Vec::new(),
                answer => answer.expect("a post that is seen"),
            };
            for comment in comments {
                let author = comment.author.as_ref().map_or("nobody", |author| &author.name);
                let reactions = self::reactions(&comment.reactions);
                let state = (comment.pending, comment.refused);
                let text = format!("{author}: {} v{}", comment.text, comment.version);
                seen.push(format!("  {text} {reactions:?} {state:?}"));
            }
        }
        let friends = self.ok(ListFriends::default()).await;
        let mut circle: Vec<String> = friends.into_iter().map(|friend| friend.person.name).collect();
        circle.push(self.owner.to_owned());
        circle.sort();
        seen.push(format!("friends: {circle:?}"));
        seen
    }

    /// Whether every tick of every own post says that it has arrived, in the feed as on the sheet.
    pub(super) async fn ticks_are_done(&self) -> bool {
        for post in self.posts().await {
            if post.author.id != self.person {
                continue;
            }
            let summary = post.delivery.expect("own posts tell how far they are");
            let sheet = self.ok(GetDelivery { id: post.id }).await;
            let done = |line: &Delivery| line.state == DeliveryState::Delivered && line.reason.is_none();
            let homes = if post.audience == Audience::Me { 0 } else { 2 };
            let counts = (summary.homes, summary.delivered, summary.refused) == (homes, homes, 0);
            if !counts || sheet.len() != homes as usize || !sheet.iter().all(done) {
                return false;
            }
        }
        true
    }
}

fn reactions(of: &[hearth_api::feed::Reaction]) -> Vec<String> {
    let mut list: Vec<String> = of
        .iter()
        .map(|r| format!("{} {}", r.person.name, r.emoji))
        .collect();
    list.sort();
    list
}

/// Looks again and again until something is so; `state` is told when it never is.
pub(super) async fn until<T: std::fmt::Debug>(
    what: &str,
    mut so: impl AsyncFnMut() -> bool,
    state: impl AsyncFnOnce() -> T,
) {
    let looking = async {
        let mut look = tokio::time::interval(Duration::from_millis(200));
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while !so().await {
            look.tick().await;
        }
    };
    if tokio::time::timeout(PATIENCE, looking).await.is_err() {
        panic!("Waited {PATIENCE:?} in vain for {what}: {:#?}", state().await);
    }
}
