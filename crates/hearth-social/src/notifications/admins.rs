//! What only those who run the home are told: about the homes it is connected with.

use super::{Notice, SubjectRef, raise};
use crate::Social;
use hearth_api::account::AccountState;
use hearth_api::notify::{HomeChange, NotificationType};
use hearth_api::{ApiResult, HomeId, Timestamp};
use hearth_db::{DbResult, WriteTx, account};

/// Tells everybody who runs this home what became of the connection with another, in the transaction that makes it true.
///
/// # Errors
/// A database error.
pub(crate) fn tell_of_connection(
    tx: &mut WriteTx<'_>,
    home: &HomeId,
    what: HomeChange,
    at: Timestamp,
) -> DbResult<()> {
    let subject = SubjectRef::Home(home, Some(what));
    tell_admins(tx, NotificationType::NodeChanged, subject, at)
}

/// Tells everybody who runs this home of something.
fn tell_admins(
    tx: &mut WriteTx<'_>,
    kind: NotificationType,
    subject: SubjectRef<'_>,
    at: Timestamp,
) -> DbResult<()> {
    for row in account::list(tx)? {
        if row.role.is_admin() && row.state == AccountState::Active {
            raise(
                tx,
                &Notice {
                    to: row.person,
                    kind,
                    actor: None,
                    subject,
                    at,
                },
            )?;
        }
    }
    Ok(())
}

impl Social {
    /// Tells everybody who runs this home of something about another, in a transaction of its own: it was silent for a day.
    ///
    /// # Errors
    /// A storage error.
    pub async fn tell_admins_of_home(&self, kind: NotificationType, home: &HomeId) -> ApiResult<()> {
        let (home, now) = (home.clone(), self.now());
        self.db()
            .write(move |tx| Ok(tell_admins(tx, kind, SubjectRef::Home(&home, None), now)?))
            .await
    }

    /// Tells everybody who runs this home of something about this home itself, by a stable code.
    ///
    /// # Errors
    /// A storage error.
    pub async fn tell_admins_of_this_home(
        &self,
        kind: NotificationType,
        code: &'static str,
    ) -> ApiResult<()> {
        let at = self.now();
        self.db()
            .write(move |tx| Ok(tell_admins(tx, kind, SubjectRef::Account(code), at)?))
            .await
    }
}
