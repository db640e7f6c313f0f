//! Where each type of notification appears, for accounts that changed it.

use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::PersonId;
use hearth_api::notify::{NotificationSetting, NotificationType};

/// What an account chose for one type; `None` when it never changed that.
///
/// # Errors
/// A database error.
pub fn get(
    tx: &ReadTx<'_>,
    account: PersonId,
    kind: NotificationType,
) -> DbResult<Option<NotificationSetting>> {
    tx.first(
        "SELECT in_app, native FROM notification_setting WHERE account = ?1 AND type = ?2",
        (account.as_bytes(), kind.as_str()),
        |row| {
            Ok(NotificationSetting {
                kind,
                in_app: row.get(0)?,
                native: row.get(1)?,
            })
        },
    )
}

/// Stores what an account chose for one type.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, account: PersonId, setting: NotificationSetting) -> DbResult<()> {
    tx.run(
        "INSERT INTO notification_setting (account, type, in_app, native) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (account, type) DO UPDATE SET in_app = ?3, native = ?4",
        (
            account.as_bytes(),
            setting.kind.as_str(),
            setting.in_app,
            setting.native,
        ),
    )?;
    Ok(())
}
