//! What only those who run the home are told: about the homes it is connected with.

use super::{Notice, SubjectRef, raise};
use crate::Social;
use hearth_api::account::AccountState;
use hearth_api::notify::NotificationType;
use hearth_api::{ApiResult, HomeId, PersonId, Timestamp};
use hearth_db::{DbResult, WriteTx, account};

/// Tells everybody who runs this home of something about another home, in the transaction that makes it true. `actor` is who did it,
/// if somebody of this home did.
///
/// # Errors
/// A database error.
pub fn tell_admins(
    tx: &mut WriteTx<'_>,
    kind: NotificationType,
    home: &HomeId,
    actor: Option<PersonId>,
    at: Timestamp,
) -> DbResult<()> {
    for row in account::list(tx)? {
        if row.role.is_admin() && row.state == AccountState::Active {
            let subject = SubjectRef::Home(home);
            raise(
                tx,
                &Notice {
                    to: row.person,
                    kind,
                    actor,
                    subject,
                    at,
                },
            )?;
        }
    }
    Ok(())
}

impl Social {
    /// As [`tell_admins`], in a transaction of its own: a home was silent for a day.
    ///
    /// # Errors
    /// A storage error.
    pub async fn tell_admins_of_home(&self, kind: NotificationType, home: &HomeId) -> ApiResult<()> {
        let (home, now) = (home.clone(), self.now());
        self.db()
            .write(move |tx| Ok(tell_admins(tx, kind, &home, None, now)?))
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
            .write(move |tx| {
                for row in account::list(tx)? {
                    if row.role.is_admin() && row.state == AccountState::Active {
                        let notice = Notice {
                            to: row.person,
                            kind,
                            actor: None,
                            subject: SubjectRef::Account(code),
                            at,
                        };
                        raise(tx, &notice)?;
                    }
                }
                Ok(())
            })
            .await
    }
}
