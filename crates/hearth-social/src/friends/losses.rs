//! What removing a home would lose, said before it is done (FED-4).

use crate::Social;
use hearth_api::homes::Losses;
use hearth_api::{ApiError, ApiResult, HomeId};
use hearth_db::home::{self, HomeRowState};
use hearth_db::{friendship, media, peer_log, post};

impl Social {
    /// What removing a home would lose here.
    ///
    /// # Errors
    /// `not_found` for a home that is not paired; a storage error.
    pub async fn losses(&self, of: &HomeId) -> ApiResult<Losses> {
        let of = of.clone();
        self.db()
            .read(move |tx| {
                let paired = [HomeRowState::Connected, HomeRowState::Blocked];
                home::get(tx, &of)?
                    .filter(|row| paired.contains(&row.state))
                    .ok_or_else(ApiError::not_found)?;
                let (files, file_bytes) = media::cached_of(tx, &of)?;
                Ok(Losses {
                    friendships: friendship::count_with(tx, &of)?,
                    posts: post::count_of(tx, &of)?,
                    files,
                    file_bytes,
                    waiting: peer_log::waiting(tx, &of)?,
                })
            })
            .await
    }
}
