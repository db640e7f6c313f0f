//! Earlier versions (POST-11).

use crate::visibility::{ItemFacts, may_see};
use crate::{Social, Viewer};
use hearth_api::ApiResult;
use hearth_api::feed::{GetHistory, Version};
use hearth_db::version;

impl Social {
    /// The earlier versions that the viewer was allowed to see, newest first.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn get_history(&self, viewer: &Viewer, req: GetHistory) -> ApiResult<Vec<Version>> {
        let (social, viewer) = (self.clone(), viewer.person);
        self.db()
            .read(move |tx| {
                let seen = social.visible(tx, viewer, req.target)?;
                let facts = social.facts(tx, viewer)?;
                let then_visible = |row: &version::VersionRow| {
                    let audience = row.audience;
                    may_see(
                        &facts,
                        &ItemFacts {
                            audience,
                            ..ItemFacts::from(&seen.post)
                        },
                    )
                };
                Ok(version::of(tx, seen.item())?
                    .into_iter()
                    .filter(then_visible)
                    .map(|row| Version {
                        version: row.version,
                        text: row.text,
                        at: row.at,
                    })
                    .collect())
            })
            .await
    }
}
