//! What people do in a simulation. What is refused by a rule is refused; what fails for another reason fails the seed.

use super::judge::EVERY_STATE;
use super::{Simulation, verdict};
use crate::person::TestPerson;
use hearth_api::feed::{
    Attach, Audience, CreateComment, CreatePost, DeleteComment, DeletePost, EditComment, EditPost, React,
    SetComments, Target,
};
use hearth_api::people::{AnswerFriend, FriendAnswer, RequestFriend, Unfriend};
use hearth_api::profile::UpdateProfile;
use hearth_api::{Code, Command, CommentId, PersonId, PostId};
use hearth_db::attachment::{self, Carrier};
use hearth_db::comment::CommentRow;
use hearth_db::post::PostRow;
use hearth_db::{DbResult, ReadTx, comment, friendship, home, post};

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
            return self.switch_on(number).await;
        }
        self.touch(number);
        let Some(me) = self.pick(&actor.people) else {
            return Ok(());
        };
        self.act_as(me).await
    }

    /// This one does something.
    pub(super) async fn act_as(&self, me: &TestPerson) -> Result<(), String> {
        match self.rng.below(100) {
            0..24 => self.post(me).await,
            24..36 => self.edit_post(me).await,
            36..41 => self.delete_post(me).await,
            41..44 => self.set_comments(me).await,
            44..62 => self.comment(me).await,
            62..67 => self.edit_comment(me).await,
            67..72 => self.delete_comment(me).await,
            72..84 => self.react(me).await,
            84..95 => self.befriend(me).await,
            95..98 => self.read(me).await,
            _ => self.rename(me).await,
        }
    }

    /// Somebody opens a post, and sees it only if they ever might.
    async fn read(&self, me: &TestPerson) -> Result<(), String> {
        let Some(id) = self.some_post(me) else {
            return Ok(());
        };
        let Some(post) = me.sees(id).await else {
            return Ok(());
        };
        let (own, from) = (me.home().id(), &post.author.home.id);
        let might = own == *from || self.judge.lock().unwrap().might_read(id, me.id(), &own);
        if might {
            Ok(())
        } else {
            Err(format!("{} reads {id}, which was never for them", me.name()))
        }
    }

    /// Life goes on: from every home comes one more word to everybody.
    pub(super) async fn last_words(&self) -> Result<(), String> {
        for number in 0..self.actors.len() {
            let owner = self.actors[number].home.owner();
            let request = CreatePost {
                op: self.rng.uuid(),
                audience: Audience::Public,
                text: format!("Post {}", self.rng.uuid().simple()),
                media: Vec::new(),
                comments_on: true,
                draft: None,
            };
            self.touch(number);
            self.put(&owner, "says a last word".to_owned(), request).await?;
        }
        Ok(())
    }

    /// At the end: people see the posts that are for them, and no others.
    pub(super) async fn read_at_the_end(&self) -> Result<(), String> {
        for (number, actor) in self.actors.iter().enumerate() {
            for (other, source) in self.actors.iter().enumerate() {
                if number != other && !self.is_open(number, other) {
                    continue;
                }
                let of = source.home.id();
                let ids = source.home.read(|tx| post::of_home(tx, &of));
                let Some(id) = self.pick(&ids).copied() else {
                    continue;
                };
                for me in &actor.people {
                    let is_for = source.home.read(|tx| is_for(tx, id, me.id(), number == other));
                    let sees = me.sees(id).await.is_some();
                    // Deleted at a copy of the home, and parted since: it stays deleted for who heard that, as in the verdict.
                    let stays_deleted = || {
                        let is_shaken = self.judge.lock().unwrap().is_shaken(source);
                        is_shaken && actor.home.read(|tx| verdict::is_deleted(tx, id))
                    };
                    if sees != is_for && (sees || !stays_deleted()) {
                        return Err(format!(
                            "{} of {number}: {id} of {other} is for them {is_for}, they see it {sees}",
                            me.name()
                        ));
                    }
                }
            }
        }
        Ok(())
    }

    /// Puts a command; what it answers, or nothing when a rule refuses it.
    pub(super) async fn put<C: Command>(
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
            media: self.some_pictures(me, 25).await?,
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
        let media = if self.chance(70) {
            attached(me, Carrier::Post(row.id))
        } else {
            self.some_pictures(me, 50).await?
        };
        let request = EditPost {
            id: row.id,
            version: row.version,
            text,
            media,
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
    pub(super) fn some_post(&self, me: &TestPerson) -> Option<PostId> {
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
            media: self.some_pictures(me, 15).await?,
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
        let all: Vec<&TestPerson> = self
            .actors
            .iter()
            .flat_map(|actor| &actor.people)
            .filter(|other| other.id() != me.id())
            .collect();
        let Some(other) = self.pick(&all) else {
            return Ok(());
        };
        let (id, name) = (other.id(), other.name());
        let (are_friends, is_asked) = me.home().read(|tx| {
            let wants = friendship::word(tx, id, me.id())?.is_some_and(|row| row.word.wants());
            Ok((friendship::since(tx, me.id(), id)?.is_some(), wants))
        });
        // Mostly what makes sense, and sometimes anything.
        let what = match (self.chance(75), are_friends, is_asked) {
            (true, true, _) => 2,
            (true, false, true) => 5,
            (true, false, false) => 0,
            (false, ..) => self.rng.below(6),
        };
        match what {
            0 | 1 => {
                let request = RequestFriend {
                    person: id,
                    note: String::new(),
                };
                self.put(me, format!("asks {name}"), request).await.map(|_| ())
            }
            2 if are_friends && self.chance(60) => Ok(()),
            2 => {
                let what = format!("ends the friendship with {name}");
                self.put(me, what, Unfriend { person: id }).await.map(|_| ())
            }
            n => {
                let answer = match n {
                    3 => FriendAnswer::Decline,
                    4 => FriendAnswer::Cancel,
                    _ => FriendAnswer::Accept,
                };
                let request = AnswerFriend { person: id, answer };
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
}

/// Whether a post is for somebody, as its own home knows it.
fn is_for(tx: &ReadTx<'_>, id: PostId, person: PersonId, lives_here: bool) -> DbResult<bool> {
    let Some(row) = post::get(tx, id)? else {
        return Ok(false);
    };
    Ok(row.author == person
        || match row.audience {
            Audience::Me => false,
            Audience::Local => lives_here,
            Audience::Public => true,
            Audience::Friends => friendship::since(tx, row.author, person)?.is_some(),
        })
}

/// What is attached to something already.
fn attached(me: &TestPerson, to: Carrier) -> Vec<Attach> {
    let rows = me.home().read(|tx| attachment::of(tx, to));
    rows.into_iter()
        .map(|row| Attach {
            media: row.hash,
            alt: row.alt,
            caption: row.caption,
        })
        .collect()
}

/// Whether a rule says no, as it may: the schedule does not ask first what is allowed.
pub(super) fn is_refusal(code: Code) -> bool {
    !matches!(
        code,
        Code::Internal | Code::StorageError | Code::DiskFull | Code::SignInNeeded | Code::Unavailable
    )
}
