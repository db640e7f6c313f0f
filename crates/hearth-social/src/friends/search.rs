//! Finding people whom the viewer can know of.

use super::commands::person_row;
use crate::{Social, Viewer};
use hearth_api::ApiResult;
use hearth_api::people::{PersonRow, SearchPeople};
use hearth_db::person_search;

/// Most people of one answer.
const MAX: u8 = 50;

impl Social {
    /// Finds people by part of their name: of this home, friends, who asked, and those whom connected homes list.
    ///
    /// # Errors
    /// A database error.
    pub async fn search_people(&self, viewer: &Viewer, req: SearchPeople) -> ApiResult<Vec<PersonRow>> {
        let viewer = viewer.person;
        self.db()
            .read(move |tx| {
                let limit = u32::from(req.limit.clamp(1, MAX));
                person_search::find(tx, viewer, req.query.trim(), limit)?
                    .into_iter()
                    .map(|person| person_row(tx, viewer, person))
                    .collect()
            })
            .await
    }
}
