//! Where each type of notification appears: in the window and as the machine's own, unless an account chose otherwise.

use crate::{Social, Viewer};
use hearth_api::notify::{NotificationSetting, NotificationType, QuietHours};
use hearth_api::{ApiError, ApiResult, PersonId};
use hearth_db::{DbResult, ReadTx, account, notification_setting};

/// The setting in force of one type.
pub(super) fn of(
    tx: &ReadTx<'_>,
    account: PersonId,
    kind: NotificationType,
) -> DbResult<NotificationSetting> {
    let chosen = notification_setting::get(tx, account, kind)?.unwrap_or(NotificationSetting {
        kind,
        in_app: true,
        native: kind.native_by_default(),
    });
    Ok(NotificationSetting {
        in_app: chosen.in_app || always_in_app(kind),
        ..chosen
    })
}

fn always_in_app(kind: NotificationType) -> bool {
    kind == NotificationType::Security
}

impl Social {
    /// Where each type appears.
    ///
    /// # Errors
    /// A storage error.
    pub async fn notification_settings(&self, viewer: &Viewer) -> ApiResult<Vec<NotificationSetting>> {
        let account = viewer.person;
        self.db()
            .read(move |tx| {
                NotificationType::ALL
                    .into_iter()
                    .map(|kind| Ok(of(tx, account, kind)?))
                    .collect()
            })
            .await
    }

    /// When the machine's own notifications of an account are silent, and by the clocks of which time zone; none for never.
    ///
    /// # Errors
    /// A storage error.
    pub async fn quiet_hours(&self, account: PersonId) -> ApiResult<Option<(QuietHours, String)>> {
        self.db()
            .read(move |tx| {
                let settings = account::get(tx, account)?.map(|row| row.settings);
                Ok(settings.and_then(|settings| Some((settings.quiet_hours?, settings.time_zone))))
            })
            .await
    }

    /// Changes where one type appears.
    ///
    /// # Errors
    /// `invalid_in_app` for hiding security notices; a storage error.
    pub async fn set_notification(&self, viewer: &Viewer, setting: NotificationSetting) -> ApiResult<()> {
        if always_in_app(setting.kind) && !setting.in_app {
            return Err(ApiError::invalid(
                "in_app",
                "What concerns the safety of your account always appears here. You can switch off the machine's own notification.",
            ));
        }
        let account = viewer.person;
        self.db()
            .write(move |tx| Ok(notification_setting::put(tx, account, setting)?))
            .await
    }
}
