//! What people do in a simulation. What is refused by a rule is refused; what fails for another reason fails the seed.

use super::Simulation;
use super::judge::EVERY_STATE;
use crate::person::TestPerson;
use hearth_api::feed::{
    Audience, CreateComment, CreatePost, DeleteComment, DeletePost, EditComment, EditPost, React,
    SetComments, Target,
};
use hearth_api::homes::{ChangeHome, HomeAction};
use hearth_api::people::{AnswerFriend, FriendAnswer, RequestFriend, Unfriend};
use hearth_api::profile::UpdateProfile;
use hearth_api::{Code, Command, CommentId, PersonId, PostId};
use hearth_db::comment::CommentRow;
use hearth_db::post::PostRow;
use hearth_db::{comment, home, person, post};

const EMOJI: [&str; 3] = ["👍", "❤️", "🎉"];
const AUDIENCES: [Audience; 6] = [
    Audience::Friends,
    Audience::Public,
    Audience::Friends,
    Audience::Public,
    Audience::Local,
    Audience::Me,
];

impl Simulation {
    /// Somebody does something.
    pub(super) async fn act(&self) -> Result<(), String> {
        let number = self.any_home();
        let actor = &self.actors[number];
        if !actor.home.is_running() {
            return Ok(());
        }
        let Some(me) = self.pick(&actor.people) else {
            return Ok(());
        };
        match self.rng.below(100) {
            0..20 => self.post(me).await,
            20..32 => self.edit_post(me).await,
            32..39 => self.delete_post(me).await,
            39..42 => self.set_comments(me).await,
            42..58 => self.comment(me).await,
            58..63 => self.edit_comment(me).await,
            63..69 => self.delete_comment(me).await,
            69..80 => self.react(me).await,
            80..92 => self.befriend(me).await,
            92..95 => self.rename(me).await,
            _ => self.block(number).await,
        }
    }

    /// Puts a command; what it answers, or nothing when a rule refuses it.
    async fn put<C: Command>(
        &self,
        me: &TestPerson,
        what: String,
        request: C,
    ) -> Result<Option<C::Output>, String> {
        let answer = me.call(request).await;
        match answer {
            Ok(answer) => {
                self.log.say(|| format!("{} {what}", me.name()));
                self.acts.set(self.acts.get() + 1);
                Ok(Some(answer))
            }
            Err(error) if is_refusal(error.code) => {
                self.log
                    .say(|| format!("{} {what}, refused: {}", me.name(), error.code));
                Ok(None)
            }
            Err(error) => Err(format!("{} {what}: {error:?}", me.name())),
        }
    }

    async fn post(&self, me: &TestPerson) -> Result<(), String> {
        let audience = *self.pick(&AUDIENCES).unwrap_or(&Audience::Public);
        let text = format!("Post {}", self.rng.uuid().simple());
        let what = format!("posts {text:?} to {audience:?}");
        let request = CreatePost {
            op: self.rng.uuid(),
            audience,
            text,
            media: Vec::new(),
            comments_on: self.chance(90),
            draft: None,
        };
        self.put(me, what, request).await.map(|_| ())
    }

    fn posts_by(&self, me: &TestPerson) -> Vec<PostRow> {
        let id = me.id();
        let mut posts = me.home().read(|tx| {
            let ids = post::by(tx, id)?;
            ids.into_iter()
                .map(|id| post::get(tx, id))
                .collect::<Result<Vec<_>, _>>()
        });
        posts.sort_by_key(|row| row.as_ref().map(|row| row.id));
        posts.into_iter().flatten().collect()
    }

    async fn edit_post(&self, me: &TestPerson) -> Result<(), String> {
        let posts = self.posts_by(me);
        let Some(row) = self.pick(&posts) else {
            return Ok(());
        };
        let audience = if self.chance(50) {
            *self.pick(&AUDIENCES).unwrap_or(&row.audience)
        } else {
            row.audience
        };
        let text = format!("Post {}", self.rng.uuid().simple());
        let what = format!("edits {} to {text:?} for {audience:?}", row.id);
        let request = EditPost {
            id: row.id,
            version: row.version,
            text,
            media: Vec::new(),
            audience,
        };
        self.put(me, what, request).await.map(|_| ())
    }

    async fn delete_post(&self, me: &TestPerson) -> Result<(), String> {
        let posts = self.posts_by(me);
        let Some(row) = self.pick(&posts) else {
            return Ok(());
        };
        let what = format!("deletes {}", row.id);
        self.put(me, what, DeletePost { id: row.id }).await.map(|_| ())
    }

    async fn set_comments(&self, me: &TestPerson) -> Result<(), String> {
        let posts = self.posts_by(me);
        let Some(row) = self.pick(&posts) else {
            return Ok(());
        };
        let on = !row.comments_on;
        let what = format!("sets comments on {} to {on}", row.id);
        self.put(me, what, SetComments { id: row.id, on })
            .await
            .map(|_| ())
    }

    /// Any post of those at this home.
    fn some_post(&self, me: &TestPerson) -> Option<PostId> {
        let mut ids: Vec<PostId> = me.home().read(|tx| {
            let mut ids = Vec::new();
            for row in home::list(tx, &EVERY_STATE)? {
                ids.extend(post::of_home(tx, &row.id)?);
            }
            Ok(ids)
        });
        ids.sort();
        self.pick(&ids).copied()
    }

    fn comments_on(&self, me: &TestPerson, on: PostId) -> Vec<CommentRow> {
        let mut rows = me.home().read(|tx| comment::of_post(tx, on));
        rows.sort_by_key(|row| row.id);
        rows
    }

    fn some_comment(
        &self,
        me: &TestPerson,
        on: PostId,
        of: impl Fn(&CommentRow) -> bool,
    ) -> Option<CommentRow> {
        let mut rows = self.comments_on(me, on);
        rows.retain(of);
        self.pick(&rows).cloned()
    }

    async fn comment(&self, me: &TestPerson) -> Result<(), String> {
        let Some(post) = self.some_post(me) else {
            return Ok(());
        };
        let parent: Option<CommentId> = if self.chance(40) {
            self.some_comment(me, post, |row| !row.deleted).map(|row| row.id)
        } else {
            None
        };
        let text = format!("Comment {}", self.rng.uuid().simple());
        let what = format!("comments {text:?} on {post} below {parent:?}");
        let request = CreateComment {
            op: self.rng.uuid(),
            post,
            parent,
            text,
            media: Vec::new(),
        };
        self.put(me, what, request).await.map(|_| ())
    }

    async fn edit_comment(&self, me: &TestPerson) -> Result<(), String> {
        let Some(post) = self.some_post(me) else {
            return Ok(());
        };
        let own = |row: &CommentRow| row.author == me.id() && !row.deleted;
        let Some(row) = self.some_comment(me, post, own) else {
            return Ok(());
        };
        let text = format!("Comment {}", self.rng.uuid().simple());
        let what = format!("edits comment {} to {text:?}", row.id);
        let request = EditComment {
            id: row.id,
            version: row.version,
            text,
        };
        self.put(me, what, request).await.map(|_| ())
    }

    async fn delete_comment(&self, me: &TestPerson) -> Result<(), String> {
        let Some(post) = self.some_post(me) else {
            return Ok(());
        };
        let Some(row) = self.some_comment(me, post, |row| !row.deleted) else {
            return Ok(());
        };
        let what = format!("deletes comment {}", row.id);
        self.put(me, what, DeleteComment { id: row.id }).await.map(|_| ())
    }

    async fn react(&self, me: &TestPerson) -> Result<(), String> {
        let Some(post) = self.some_post(me) else {
            return Ok(());
        };
        let mut target = Target::Post(post);
        if self.chance(40)
            && let Some(row) = self.some_comment(me, post, |row| !row.deleted)
        {
            target = Target::Comment(row.id);
        }
        let emoji = if self.chance(75) {
            self.pick(&EMOJI).map(|emoji| (*emoji).to_owned())
        } else {
            None
        };
        let what = format!("sets {emoji:?} on {target:?}");
        self.put(me, what, React { target, emoji }).await.map(|_| ())
    }

    async fn befriend(&self, me: &TestPerson) -> Result<(), String> {
        let all: Vec<PersonId> = self
            .actors
            .iter()
            .flat_map(|actor| &actor.people)
            .map(TestPerson::id)
            .filter(|id| *id != me.id())
            .collect();
        let Some(other) = self.pick(&all).copied() else {
            return Ok(());
        };
        let name = me
            .home()
            .read(|tx| person::get(tx, other))
            .map_or_else(String::new, |row| row.name);
        match self.rng.below(6) {
            0 | 1 => {
                let request = RequestFriend {
                    person: other,
                    note: String::new(),
                };
                self.put(me, format!("asks {name}"), request).await.map(|_| ())
            }
            2 => {
                let what = format!("ends the friendship with {name}");
                self.put(me, what, Unfriend { person: other }).await.map(|_| ())
            }
            n => {
                let answer = match n {
                    3 => FriendAnswer::Decline,
                    4 => FriendAnswer::Cancel,
                    _ => FriendAnswer::Accept,
                };
                let request = AnswerFriend {
                    person: other,
                    answer,
                };
                self.put(me, format!("answers {name} {answer:?}"), request)
                    .await
                    .map(|_| ())
            }
        }
    }

    async fn rename(&self, me: &TestPerson) -> Result<(), String> {
        let name = format!("{} {}", me.name(), self.rng.below(1000));
        let what = format!("is now called {name:?}");
        let request = UpdateProfile {
            name: Some(name),
            ..UpdateProfile::default()
        };
        self.put(me, what, request).await.map(|_| ())
    }

    async fn block(&self, number: usize) -> Result<(), String> {
        let (_, step) = self.two_homes();
        let other = if step == number {
            (number + 1) % self.actors.len()
        } else {
            step
        };
        let action = if self.chance(50) {
            HomeAction::Block
        } else {
            HomeAction::Unblock
        };
        self.change_home(number, other, action).await
    }

    async fn change_home(&self, number: usize, other: usize, action: HomeAction) -> Result<(), String> {
        let request = ChangeHome {
            home: self.actors[other].home.id(),
            action,
            password: None,
        };
        let owner = self.actors[number].home.owner();
        let what = format!("of {number}: {action:?} {other}");
        self.put(&owner, what, request).await.map(|_| ())
    }

    /// All homes are open to each other again.
    pub(super) async fn unblock_all(&self) {
        for number in 0..self.actors.len() {
            for other in (0..self.actors.len()).filter(|other| *other != number) {
                // Those that are open already refuse it.
                let _ = self.change_home(number, other, HomeAction::Unblock).await;
            }
        }
    }
}

/// Whether a rule says no, as it may: the schedule does not ask first what is allowed.
fn is_refusal(code: Code) -> bool {
    !matches!(
        code,
        Code::Internal | Code::StorageError | Code::DiskFull | Code::SignInNeeded | Code::Unavailable
    )
}
