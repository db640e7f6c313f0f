//! The comments of a post, as a thread.

use crate::{Social, Viewer};
use hearth_api::feed::{Comment, ListComments, Target};
use hearth_api::{ApiError, ApiResult, CommentId, PersonId};
use hearth_db::comment::CommentRow;
use hearth_db::{ReadTx, comment};
use std::collections::{HashMap, HashSet};

/// In thread order: each comment followed by its replies, oldest first. Placeholders under which nothing is left fall away.
fn threaded(rows: Vec<CommentRow>) -> Vec<CommentRow> {
    let here: HashSet<CommentId> = rows.iter().map(|row| row.id).collect();
    let mut children: HashMap<Option<CommentId>, Vec<CommentRow>> = HashMap::new();
    for row in rows {
        // A reply whose parent is not shown stands by itself.
        let parent = row
            .parent
            .filter(|parent| here.contains(parent) && *parent != row.id);
        children.entry(parent).or_default().push(row);
    }
    let mut out = Vec::new();
    let mut stack: Vec<CommentRow> = children.remove(&None).unwrap_or_default();
    stack.reverse();
    while let Some(row) = stack.pop() {
        let replies = children.remove(&Some(row.id)).unwrap_or_default();
        out.push(row);
        stack.extend(replies.into_iter().rev());
    }
    let mut needed = HashSet::new();
    for row in out.iter().rev() {
        if !row.deleted || needed.contains(&row.id) {
            needed.extend(row.parent);
            needed.insert(row.id);
        }
    }
    out.retain(|row| needed.contains(&row.id));
    out
}

impl Social {
    /// All visible comments of a post, in thread order.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn list_comments(&self, viewer: &Viewer, req: ListComments) -> ApiResult<Vec<Comment>> {
        let (social, viewer) = (self.clone(), viewer.person);
        self.db()
            .read(move |tx| {
                let post = social.visible(tx, viewer, Target::Post(req.post))?.post;
                let facts = social.facts(tx, viewer)?;
                let rows = threaded(comment::shown(tx, req.post, viewer)?);
                social.assemble_comments(tx, &facts, &post, rows)
            })
            .await
    }

    /// A comment as the viewer sees it.
    pub(crate) fn shown_comment(
        &self,
        tx: &ReadTx<'_>,
        viewer: PersonId,
        id: CommentId,
    ) -> ApiResult<Comment> {
        let seen = self.visible(tx, viewer, Target::Comment(id))?;
        let facts = self.facts(tx, viewer)?;
        let rows = seen.comment.into_iter().collect();
        self.assemble_comments(tx, &facts, &seen.post, rows)?
            .pop()
            .ok_or_else(ApiError::not_found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_api::Timestamp;
    use uuid::Uuid;

    fn row(id: u128, parent: Option<u128>, deleted: bool) -> CommentRow {
        CommentRow {
            id: CommentId(Uuid::from_u128(id)),
            post: hearth_api::PostId(Uuid::nil()),
            parent: parent.map(|parent| CommentId(Uuid::from_u128(parent))),
            depth: 1,
            author: PersonId(Uuid::nil()),
            text: String::new(),
            created_at: Timestamp(0),
            edited_at: None,
            version: 1,
            hlc: String::new(),
            activity: None,
            accepted: true,
            deleted,
        }
    }

    fn order(rows: Vec<CommentRow>) -> Vec<u128> {
        threaded(rows).iter().map(|row| row.id.0.as_u128()).collect()
    }

    #[test]
    fn replies_follow_what_they_reply_to() {
        let rows = vec![
            row(1, None, false),
            row(2, None, false),
            row(3, Some(1), false),
            row(4, Some(3), false),
        ];
        assert_eq!(order(rows), [1, 3, 4, 2]);
    }

    #[test]
    fn a_placeholder_stays_only_while_something_is_under_it() {
        let rows = vec![
            row(1, None, true),
            row(2, Some(1), true),
            row(3, Some(2), false),
            row(4, None, true),
        ];
        assert_eq!(order(rows), [1, 2, 3]);
        assert_eq!(order(vec![row(1, None, true), row(2, Some(1), true)]), [0u128; 0]);
    }

    #[test]
    fn a_reply_to_what_is_not_shown_stands_by_itself() {
        assert_eq!(order(vec![row(2, Some(1), false)]), [2]);
    }
}
