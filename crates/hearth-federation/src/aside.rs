//! What waits between this home and another, and what either did not take, for those who run the home: what kind of thing, since when
//! and why, and nothing of its content.

use crate::activity::UnverifiedActivity;
use crate::homes::paired;
use crate::service::Federation;
use hearth_api::homes::{Aside, AsideItem, AsideList, MAX_ASIDE, Travelling};
use hearth_api::{ApiResult, HomeId};
use hearth_db::aside::{self, AsideRow};
use hearth_db::{inbox, peer_log};

impl Federation {
    /// What waits between this home and another, and what either did not take.
    ///
    /// # Errors
    /// `not_found` for a home that is not paired; a storage error.
    pub async fn aside(&self, with: &HomeId) -> ApiResult<Aside> {
        let with = with.clone();
        self.db()
            .read(move |tx| {
                paired(tx, &with)?;
                let (refused, newest) = aside::refused_here(tx, &with, MAX_ASIDE)?;
                Ok(Aside {
                    outgoing: list(
                        peer_log::waiting(tx, &with)?,
                        aside::outgoing(tx, &with, MAX_ASIDE)?,
                    ),
                    refused_there: list(
                        peer_log::refused(tx, &with)?,
                        aside::refused_there(tx, &with, MAX_ASIDE)?,
                    ),
                    incoming: list(inbox::waiting(tx, &with)?, aside::incoming(tx, &with, MAX_ASIDE)?),
                    refused_here: list(refused, newest),
                })
            })
            .await
    }
}

fn list(count: u64, rows: Vec<AsideRow>) -> AsideList {
    let item = |row: AsideRow| AsideItem {
        what: travelling(&row.kind, row.jws.as_deref()),
        at: row.at,
        reason: row.code,
    };
    AsideList {
        count,
        items: rows.into_iter().map(item).collect(),
    }
}

/// What an activity of a kind is to people; its text tells a change from what was written first.
fn travelling(kind: &str, jws: Option<&str>) -> Travelling {
    match kind {
        "post.put" if is_edit(jws) => Travelling::PostEdit,
        "post.delete" => Travelling::PostDeletion,
        "post.retract" => Travelling::PostRetraction,
        "post.control" => Travelling::PostComments,
        "comment.put" if is_edit(jws) => Travelling::CommentEdit,
        "comment.delete" => Travelling::CommentDeletion,
        "person.delete" => Travelling::ProfileDeletion,
        other => match other.split('.').next() {
            Some("post") => Travelling::Post,
            Some("comment") => Travelling::Comment,
            Some("mention") => Travelling::Mention,
            Some("react") => Travelling::Reaction,
            Some("person") => Travelling::Profile,
            Some("friend") => Travelling::Friendship,
            Some("node" | "sub") => Travelling::Home,
            _ => Travelling::Other,
        },
    }
}

/// Whether a post or comment is a later version of one.
fn is_edit(jws: Option<&str>) -> bool {
    let said = jws.and_then(|jws| UnverifiedActivity::parse(jws).ok());
    let version = said.and_then(|said| said.unverified().object.get("version")?.as_u64());
    version.is_some_and(|version| version > 1)
}
