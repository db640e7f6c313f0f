//! The end of an account: 14 days after its deletion began, everything about the person is erased, here and on other homes.

use super::{invites, reset};
use crate::media::erase_account;
use crate::notifications::{SubjectRef, withdraw};
use crate::{Social, scope, session};
use hearth_api::account::AccountState;
use hearth_api::{ApiError, ApiResult, Event, HomeId, PersonId, Timestamp};
use hearth_db::home::HomeRowState;
use hearth_db::person::{self, PersonRow};
use hearth_db::{WriteTx, account, device, event, home, profile, secret};
use serde_json::json;

/// The kind of activity.
pub(crate) const PERSON_DELETE: &str = "person.delete";

impl Social {
    /// Ends what is past its time: sessions, waits, invites, codes, and accounts whose deletion is final; then lets go of files and
    /// notifications. The node calls this now and then.
    ///
    /// # Errors
    /// When the database, the key store or the disk fails.
    pub async fn sweep(&self) -> ApiResult<()> {
        let now = self.now();
        self.db()
            .write(move |tx| {
                session::sweep(tx, now)?;
                reset::sweep(tx, now)?;
                invites::sweep(tx, now)
            })
            .await?;
        for person in self
            .db()
            .read(move |tx| account::due(tx, now).map_err(ApiError::from))
            .await?
        {
            let social = self.clone();
            self.db()
                .write(move |tx| social.erase_account(tx, person, now))
                .await?;
            tracing::info!(person = %person, "An account was erased");
        }
        self.sweep_media().await?;
        self.sweep_notifications().await
    }

    /// Erases an account whose time has come.
    fn erase_account(&self, tx: &mut WriteTx<'_>, person: PersonId, now: Timestamp) -> ApiResult<()> {
        let due = |row: &account::AccountRow| {
            row.state == AccountState::Deleting && row.deletes_at.is_some_and(|at| at <= now)
        };
        // It may have been taken back meanwhile.
        if !account::get(tx, person)?.is_some_and(|row| due(&row)) {
            return Ok(());
        }
        let homes: Vec<HomeId> = home::list(tx, &[HomeRowState::Connected])?
            .into_iter()
            .map(|home| home.id)
            .collect();
        if !homes.is_empty() {
            let signed = self.sign(tx, person, PERSON_DELETE, None, &json!({}), now)?;
            scope::tell(tx, &homes, &signed, None, now)?;
        }
        self.erase_account_of(tx, person, now)
    }

    /// Erases a person of this home and their account, without telling other homes.
    pub(crate) fn erase_account_of(
        &self,
        tx: &mut WriteTx<'_>,
        person: PersonId,
        now: Timestamp,
    ) -> ApiResult<()> {
        let row = person::get(tx, person)?.ok_or_else(ApiError::not_found)?;
        session::end_sessions(tx, person, None, now)?;
        device::remove_all(tx, Some(person))?;
        self.erase_person(tx, row, now)?;
        erase_account(tx, person)?;
        for provider in account::erase(tx, person)? {
            // As the assistant names them.
            secret::delete(tx, &format!("provider-key:{provider}"))?;
            secret::delete(tx, &format!("provider-headers:{provider}"))?;
        }
        for name in ["person-key", "totp", "totp-pending"] {
            secret::delete(tx, &format!("{name}:{person}"))?;
        }
        Ok(())
    }

    /// Erases what is known and stored of a person, local or remote; only the id stays, so that nothing of them is taken again.
    pub(crate) fn erase_person(
        &self,
        tx: &mut WriteTx<'_>,
        mut row: PersonRow,
        now: Timestamp,
    ) -> ApiResult<()> {
        self.erase_content(tx, row.id, now)?;
        profile::forget_relations(tx, row.id)?;
        withdraw(tx, SubjectRef::Person(row.id), now)?;
        profile::clear(tx, row.id)?;
        row.name = String::new();
        row.picture = None;
        row.findable = false;
        row.deleted_at = Some(now);
        person::put(tx, &row)?;
        event::append(tx, None, now, &Event::FriendsChanged)?;
        Ok(event::append(
            tx,
            None,
            now,
            &Event::ProfileChanged { person: row.id },
        )?)
    }
}
