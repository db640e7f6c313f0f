//! Several conversations at once: pinned, archived, put into the trash, taken out again. All of them, or none.

use crate::{Assistant, Owner};
use hearth_api::chat::{DeleteChats, MAX_CHATS_AT_ONCE, RestoreChats, UpdateChats};
use hearth_api::{ApiError, ApiResult, ChatId, Event};
use hearth_db::chat::ChatRow;
use hearth_db::{ReadTx, WriteTx, chat, event};
use std::collections::BTreeSet;

fn check(ids: &[ChatId]) -> ApiResult<BTreeSet<ChatId>> {
    if ids.is_empty() || ids.len() > MAX_CHATS_AT_ONCE {
        return Err(ApiError::invalid("ids", "Select 1 to 1000 conversations."));
    }
    Ok(ids.iter().copied().collect())
}

/// The account's conversations by their ids, in the trash or not.
fn rows(tx: &ReadTx<'_>, owner: Owner, ids: &BTreeSet<ChatId>) -> ApiResult<Vec<ChatRow>> {
    ids.iter()
        .map(|id| chat::get(tx, owner.account, *id)?.ok_or_else(ApiError::not_found))
        .collect()
}

impl Assistant {
    async fn change_chats(
        &self,
        owner: Owner,
        ids: BTreeSet<ChatId>,
        change: impl Fn(&mut ChatRow) -> ApiResult<()> + Send + 'static,
    ) -> ApiResult<()> {
        let now = self.now();
        self.db()
            .write(move |tx: &mut WriteTx<'_>| {
                for before in rows(tx, owner, &ids)? {
                    let mut row = before.clone();
                    change(&mut row)?;
                    if row != before {
                        chat::put(tx, &row)?;
                        event::append(tx, Some(owner.account), now, &Event::ChatChanged { chat: row.id })?;
                    }
                }
                Ok(event::append(tx, Some(owner.account), now, &Event::ChatsChanged)?)
            })
            .await
    }

    /// Pins or archives several conversations; the times of their last messages stay.
    ///
    /// # Errors
    /// `invalid_ids` for none or too many, `not_found` when one is not there; a storage error.
    pub async fn update_chats(&self, owner: Owner, request: UpdateChats) -> ApiResult<()> {
        let ids = check(&request.ids)?;
        let (pinned, archived) = (request.pinned, request.archived);
        self.change_chats(owner, ids, move |row| {
            if row.deleted_at.is_some() {
                return Err(ApiError::not_found());
            }
            row.pinned = pinned.unwrap_or(row.pinned);
            row.archived = archived.unwrap_or(row.archived);
            Ok(())
        })
        .await
    }

    /// Puts several conversations into the trash, stopping their turns; what is there already stays as it is.
    ///
    /// # Errors
    /// `invalid_ids` for none or too many, `not_found` when one is not there; a storage error.
    pub async fn delete_chats(&self, owner: Owner, request: DeleteChats) -> ApiResult<()> {
        let ids = check(&request.ids)?;
        let now = self.now();
        self.change_chats(owner, ids.clone(), move |row| {
            row.deleted_at = row.deleted_at.or(Some(now));
            Ok(())
        })
        .await?;
        for id in ids {
            self.running().stop(id);
        }
        Ok(())
    }

    /// Takes several conversations out of the trash.
    ///
    /// # Errors
    /// `invalid_ids` for none or too many, `not_found` when one is not there; a storage error.
    pub async fn restore_chats(&self, owner: Owner, request: RestoreChats) -> ApiResult<()> {
        let ids = check(&request.ids)?;
        self.change_chats(owner, ids, |row| {
            row.deleted_at = None;
            Ok(())
        })
        .await
    }
}
