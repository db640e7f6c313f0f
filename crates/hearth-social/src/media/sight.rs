//! The visibility rule asked by id: whether somebody may see a post, a comment or a person's picture now.

use crate::visibility::{ItemFacts, Standing, ViewerFacts, audience_permits, may_see};
use hearth_api::profile::ProfileField;
use hearth_api::{CommentId, HomeId, PersonId, PostId};
use hearth_db::home::HomeRowState;
use hearth_db::{DbResult, ReadTx, comment, home, kept, person, post, profile};

/// Somebody, of this home or another, as the rule sees them: read once, used for many items.
#[derive(Debug, Clone)]
pub(crate) struct Sight {
    facts: ViewerFacts,
}

impl Sight {
    /// Of a person; `None` for somebody unknown or erased, and before this home is set up.
    pub(crate) fn of(tx: &ReadTx<'_>, viewer: PersonId) -> DbResult<Option<Self>> {
        let Some(own) = home::own(tx)? else {
            return Ok(None);
        };
        Ok(ViewerFacts::load(tx, viewer, &own.id)?.map(|facts| Self { facts }))
    }

    /// Whether they may see a post.
    pub(crate) fn post(&self, tx: &ReadTx<'_>, id: PostId) -> DbResult<bool> {
        Ok(post::get(tx, id)?.is_some_and(|row| may_see(&self.facts, &ItemFacts::from(&row))))
    }

    /// Whether they may see a comment: its post, and the comment itself once it was accepted.
    pub(crate) fn comment(&self, tx: &ReadTx<'_>, id: CommentId) -> DbResult<bool> {
        let Some(row) = comment::get(tx, id)? else {
            return Ok(false);
        };
        if row.deleted || !(row.accepted || row.author == self.facts.person) {
            return Ok(false);
        }
        let blocked = match person::get(tx, row.author)? {
            Some(author) => {
                home::get(tx, &author.home)?.is_some_and(|home| home.state == HomeRowState::Blocked)
            }
            None => true,
        };
        Ok(!blocked && self.post(tx, row.post)?)
    }

    /// Whether they may see a person's picture.
    pub(crate) fn picture(&self, tx: &ReadTx<'_>, of: PersonId) -> DbResult<bool> {
        let Some(row) = person::get(tx, of)? else {
            return Ok(false);
        };
        let field = ProfileField::Picture;
        let item = ItemFacts {
            author: of,
            home: &row.home,
            audience: profile::audience(tx, of, field)?.unwrap_or(field.default_audience()),
            gone: row.deleted_at.is_some(),
            kept: is_kept(tx, of, &row.home)?,
        };
        Ok(may_see(&self.facts, &item))
    }
}

/// Whether what is known of a person is what was known when their home was removed.
pub(crate) fn is_kept(tx: &ReadTx<'_>, person: PersonId, at: &HomeId) -> DbResult<bool> {
    let removed = home::get(tx, at)?.is_some_and(|home| home.state == HomeRowState::Removed);
    Ok(removed && kept::is_frozen(tx, person)?)
}

/// Whether anybody of a home connected as a whole may see a post of this home, known here or not.
pub(crate) fn post_is_public(tx: &ReadTx<'_>, id: PostId) -> DbResult<bool> {
    let Some(own) = home::own(tx)? else {
        return Ok(false);
    };
    Ok(post::get(tx, id)?.is_some_and(|row| row.home == own.id && audience_permits(CONNECTED, row.audience)))
}

/// Whether anybody of a home connected as a whole may see the picture of a person of this home.
pub(crate) fn picture_is_public(tx: &ReadTx<'_>, of: PersonId) -> DbResult<bool> {
    let field = ProfileField::Picture;
    let audience = profile::audience(tx, of, field)?.unwrap_or(field.default_audience());
    Ok(person::get(tx, of)?.is_some_and(|row| row.deleted_at.is_none())
        && audience_permits(CONNECTED, audience))
}

/// How somebody unknown of a connected home stands towards people here.
const CONNECTED: Standing = Standing {
    owner: false,
    same_home: false,
    friend: false,
    connected: true,
    covered: false,
};
