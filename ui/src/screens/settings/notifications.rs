//! What appears in the window and what as the machine's own notification.

use super::quiet::QuietHoursCard;
use crate::prelude::*;
use crate::state::session::change_settings;
use hearth_api::notify::{
    GetNotificationSettings, NotificationSetting, NotificationType, SetNotificationSetting,
};

fn name(kind: NotificationType) -> AttrValue {
    match kind {
        NotificationType::FriendRequest => t!("notify-friend-request"),
        NotificationType::FriendAccepted => t!("notify-friend-accepted"),
        NotificationType::FriendPost => t!("notify-friend-post"),
        NotificationType::Comment => t!("notify-comment"),
        NotificationType::Reply => t!("notify-reply"),
        NotificationType::Reaction => t!("notify-reaction"),
        NotificationType::Mention => t!("notify-mention"),
        NotificationType::DeliveryRefused => t!("notify-delivery-refused"),
        NotificationType::Security => t!("notify-security"),
        NotificationType::NodeChanged => t!("notify-home-changed"),
        NotificationType::NodeUnreachable => t!("notify-home-unreachable"),
        NotificationType::BackupFailed => t!("notify-backup-failed"),
        NotificationType::QuotaWarning => t!("notify-quota"),
        NotificationType::AccountState => t!("notify-account-state"),
    }
}

/// Notifications, kind by kind.
#[component]
pub(super) fn NotificationsSection() -> Html {
    let all = use_query(GetNotificationSettings {}, vec![Topic::Account]);
    let settings = use_settings();
    let set = {
        let all = all.clone();
        Callback::from(move |setting: NotificationSetting| {
            let old = all.change(|list| {
                if let Some(line) = list.iter_mut().find(|line| line.kind == setting.kind) {
                    *line = setting;
                }
            });
            let back = all.set.clone();
            optimistic(
                SetNotificationSetting { setting },
                move || {
                    if let Some(old) = old {
                        back.emit(old);
                    }
                },
                |_| (),
            );
        })
    };
    let skeleton =
        html! { <Card><div class="l-stack"><SkeletonBox /><SkeletonBox /><SkeletonBox /></div></Card> };
    html! {
        <>
            <Card>
                <Switch
                    label={t!("notify-content")}
                    hint={Some(t!("notify-content-hint"))}
                    on={settings.notification_content}
                    on_change={Callback::from(|on| change_settings(|s| s.notification_content = on))}
                    test_id="notification-content"
                />
            </Card>
            <QuietHoursCard />
            { all.view(skeleton, |list| html! {
                <Card pad={CardPad::None}>
                    <table class="h-kinds">
                        <caption class="u-hidden-visually">{ t!("settings-notifications") }</caption>
                        <thead>
                            <tr>
                                <th scope="col">{ t!("notify-kind") }</th>
                                <th scope="col">{ t!("notify-in-app") }</th>
                                <th scope="col">{ t!("notify-native") }</th>
                            </tr>
                        </thead>
                        <tbody>{ for list.iter().map(|setting| line(*setting, &set)) }</tbody>
                    </table>
                </Card>
            }) }
        </>
    }
}

fn line(setting: NotificationSetting, set: &Callback<NotificationSetting>) -> Html {
    let label = name(setting.kind);
    let security = setting.kind == NotificationType::Security;
    let in_app = set.reform(move |on| NotificationSetting {
        in_app: on,
        ..setting
    });
    let native = set.reform(move |on| NotificationSetting {
        native: on,
        ..setting
    });
    html! {
        <tr key={setting.kind.as_str()}>
            <th scope="row">
                { label.clone() }
                if security { <div class="u-sm u-text-2">{ t!("notify-security-always") }</div> }
            </th>
            <td><Switch label={t!("notify-in-app-for", "kind" => &label)} quiet_label={true} on={setting.in_app || security} locked={security} on_change={in_app} /></td>
            <td><Switch label={t!("notify-native-for", "kind" => &label)} quiet_label={true} on={setting.native} on_change={native} /></td>
        </tr>
    }
}
