//! What is kept of a home that was removed: by whom it can be read, where it lies, and letting go of it (FED-4).
//!
//! Not here: the rule itself (`visibility`), and what may be done with it (`authz`).

use crate::posts::erase_copy;
use crate::visibility::{ViewerFacts, audience_permits};
use crate::{Social, profile};
use hearth_api::feed::Audience;
use hearth_api::homes::Kept;
use hearth_api::{ApiError, ApiResult, Event, HomeId};
use hearth_db::{WriteTx, event, home, kept, media, person, post, slot};

impl Social {
    /// Keeps the copies that came from a home which is about to be removed, for those who can see them now.
    pub(crate) fn keep_copies_of(&self, tx: &mut WriteTx<'_>, of: &HomeId) -> ApiResult<()> {
        let authors = kept::authors(tx, of)?;
        for own in person::of_home(tx, &self.home)? {
            let Some(facts) = ViewerFacts::load(tx, own.id, &self.home)? else {
                continue;
            };
            for author in &authors {
                let standing = facts.standing(*author, of);
                let as_friend = audience_permits(standing, Audience::Friends);
                if as_friend || audience_permits(standing, Audience::Public) {
                    kept::put_reader(tx, *author, own.id, as_friend)?;
                }
            }
        }
        for post in post::of_home(tx, of)? {
            // Should the homes meet again, this one does not hold them in the other's name.
            slot::forget_post(tx, post.0)?;
        }
        kept::keep(tx, of)?;
        Ok(kept::freeze(tx, of)?)
    }

    /// Of which homes something is kept.
    ///
    /// # Errors
    /// A storage error.
    pub async fn list_kept(&self) -> ApiResult<Vec<Kept>> {
        self.db()
            .read(|tx| {
                let mut all = Vec::new();
                for row in kept::homes(tx)? {
                    let Some(of) = home::get(tx, &row.home)? else {
                        continue;
                    };
                    let (files, file_bytes) = media::kept_of(tx, &row.home)?;
                    all.push(Kept {
                        home: of.to_ref(),
                        posts: row.posts,
                        files,
                        file_bytes,
                    });
                }
                Ok(all)
            })
            .await
    }

    /// Erases what is kept of a home.
    ///
    /// # Errors
    /// `not_found` when nothing is; a storage error.
    pub async fn erase_kept(&self, of: &HomeId) -> ApiResult<()> {
        let (of, now) = (of.clone(), self.now());
        self.db()
            .write(move |tx| {
                let posts = kept::posts_of(tx, &of)?;
                if posts.is_empty() {
                    return Err(ApiError::not_found());
                }
                for post in posts {
                    erase_copy(tx, post, now)?;
                }
                kept::forget_readers(tx)?;
                profile::thaw(tx, &of)?;
                Ok(event::append(
                    tx,
                    None,
                    now,
                    &Event::HomesChanged { home: Some(of) },
                )?)
            })
            .await
    }
}
