//! A line of the stream of notifications: who, what, about what, when; new ones marked; leads to the place.

use crate::components::{Avatar, AvatarKind, AvatarStack, Icon, IconName, Link, RelativeTime};
use crate::routes::Route;
use crate::t;
use hearth_api::notify::{HomeChange, Notification, NotificationType, Subject};
use hearth_api::people::PersonCard;
use yew::prelude::*;
use yew_router::Routable;

/// Properties of [`NotificationRow`].
#[derive(Properties, PartialEq)]
pub struct NotificationRowProps {
    /// The notification.
    pub notification: Notification,
    /// Opened.
    pub on_open: Callback<()>,
    /// Marked as read without opening.
    pub on_read: Callback<()>,
    /// What can be answered here.
    #[prop_or_default]
    pub actions: Html,
}

/// The people of a notification in words: one, two, or one and how many more.
fn names(people: &[PersonCard], count: u32) -> AttrValue {
    match people {
        [] => t!("notice-somebody"),
        [one] if count <= 1 => AttrValue::from(one.name.clone()),
        [one, two] if count <= 2 => t!("notice-two", "first" => &one.name, "second" => &two.name),
        [one, two, ..] if count > 2 => {
            t!("notice-many", "first" => &one.name, "second" => &two.name, "count" => count - 2)
        }
        [one, ..] => t!("people-and-more", "names" => &one.name, "count" => count.saturating_sub(1)),
    }
}

/// What happened, in a sentence.
#[must_use]
pub fn sentence(n: &Notification) -> AttrValue {
    let who = names(&n.people, n.count);
    let on_comment = matches!(n.subject, Subject::Comment { .. });
    match n.kind {
        NotificationType::FriendRequest => t!("notice-friend-request", "names" => who),
        NotificationType::FriendAccepted => t!("notice-friend-accepted", "names" => who),
        NotificationType::FriendPost => t!("notice-friend-post", "names" => who, "count" => n.count.max(1)),
        NotificationType::Comment => t!("notice-comment", "names" => who, "count" => n.count.max(1)),
        NotificationType::Reply => t!("notice-reply", "names" => who, "count" => n.count.max(1)),
        NotificationType::Reaction if on_comment => {
            t!("notice-reaction-comment", "names" => who, "count" => n.count.max(1))
        }
        NotificationType::Reaction => t!("notice-reaction", "names" => who, "count" => n.count.max(1)),
        NotificationType::Mention => t!("notice-mention", "names" => who, "count" => n.count.max(1)),
        NotificationType::DeliveryRefused => t!("notice-delivery-refused"),
        NotificationType::NodeChanged => match change(n) {
            Some(HomeChange::Connected) => t!("notice-home-connected", "home" => home(n)),
            Some(HomeChange::Ended) => t!("notice-home-ended", "home" => home(n)),
            Some(HomeChange::EndedThere) => t!("notice-home-ended-there", "home" => home(n)),
            Some(HomeChange::WordsDiffer) => t!("notice-home-words", "home" => home(n)),
            Some(HomeChange::WordsDifferThere) => t!("notice-home-words-there", "home" => home(n)),
            Some(HomeChange::Restored) => t!("notice-home-restored", "home" => home(n)),
            None => t!("notice-home-changed", "home" => home(n)),
        },
        NotificationType::NodeUnreachable => t!("notice-home-silent", "home" => home(n)),
        NotificationType::BackupFailed => t!("notice-backup-failed"),
        NotificationType::QuotaWarning => t!("notice-quota"),
        NotificationType::Security => match account(n) {
            "new_device" => t!("notice-security-device"),
            "password_changed" | "password" => t!("notice-security-password"),
            "reset_code" if n.people.is_empty() => t!("notice-security-reset-code-here"),
            "reset_code" => t!("notice-security-reset-code", "names" => who),
            "password_reset" => t!("notice-security-reset"),
            "totp_on" => t!("notice-security-totp-on"),
            "totp_off" => t!("notice-security-totp-off"),
            "role_changed" => t!("notice-security-role"),
            "username_changed" => t!("notice-security-username"),
            "recovery_codes_renewed" => t!("notice-security-codes"),
            _ => t!("notice-security"),
        },
        NotificationType::AccountState => match account(n) {
            "suspended" => t!("notice-account-suspended"),
            "reinstated" => t!("notice-account-reinstated"),
            "deleting" => t!("notice-account-deleting"),
            "restored" => t!("notice-account-restored"),
            _ => t!("notice-account"),
        },
    }
}

fn home(n: &Notification) -> AttrValue {
    match &n.subject {
        Subject::Home { name, .. } => AttrValue::from(name.clone()),
        _ => t!("notice-a-home"),
    }
}

fn change(n: &Notification) -> Option<HomeChange> {
    match &n.subject {
        Subject::Home { what, .. } => *what,
        _ => None,
    }
}

fn account(n: &Notification) -> &str {
    match &n.subject {
        Subject::Account { what } => what,
        _ => "",
    }
}

fn excerpt(n: &Notification) -> Option<AttrValue> {
    let text = match &n.subject {
        Subject::Post { excerpt, .. } | Subject::Comment { excerpt, .. } => excerpt,
        _ => return None,
    };
    (!text.is_empty()).then(|| AttrValue::from(text.clone()))
}

fn mark(kind: NotificationType) -> IconName {
    match kind {
        NotificationType::FriendRequest => IconName::UserPlus,
        NotificationType::FriendAccepted => IconName::UserCheck,
        NotificationType::FriendPost => IconName::FileText,
        NotificationType::Comment => IconName::MessageCircle,
        NotificationType::Reply => IconName::Reply,
        NotificationType::Reaction => IconName::Heart,
        NotificationType::Mention => IconName::User,
        NotificationType::DeliveryRefused => IconName::TriangleAlert,
        NotificationType::Security => IconName::ShieldCheck,
        NotificationType::NodeChanged => IconName::Handshake,
        NotificationType::NodeUnreachable => IconName::Moon,
        NotificationType::BackupFailed | NotificationType::QuotaWarning => IconName::HardDrive,
        NotificationType::AccountState => IconName::User,
    }
}

/// A notification.
#[component]
pub fn NotificationRow(props: &NotificationRowProps) -> Html {
    let n = &props.notification;
    let (path, query) = n.route.split_once('?').unwrap_or((&n.route, ""));
    let to = Route::recognize(path)
        .filter(|r| *r != Route::NotFound)
        .unwrap_or(Route::Notifications);
    let open = props.on_open.reform(|_: MouseEvent| ());
    html! {
        <article class="h-notice" data-unread={(!n.read).then_some("true")} data-type={n.kind.as_str()} data-test="notification">
            <span class="h-notice__who" aria-hidden="true">
                if n.people.is_empty() {
                    if matches!(n.subject, Subject::Home { .. }) {
                        <Avatar name={home(n)} kind={AvatarKind::Home} />
                    } else {
                        <span class="h-notice__sign"><Icon name={mark(n.kind)} /></span>
                    }
                } else {
                    <AvatarStack people={n.people.clone()} max={2} />
                }
            </span>
            <div class="h-notice__words">
                <Link {to} query={AttrValue::from(query.to_owned())} class="h-notice__link" on_click={open}>
                    <span class="h-notice__sentence" dir="auto">{ sentence(n) }</span>
                    if !n.read { <span class="u-hidden-visually">{ t!("notice-new") }</span> }
                </Link>
                if let Some(text) = excerpt(n) { <p class="h-notice__excerpt" dir="auto">{ text }</p> }
                <p class="h-notice__meta"><Icon name={mark(n.kind)} size={crate::components::IconSize::S} /><RelativeTime at={n.at} /></p>
                if props.actions != Html::default() { <div class="h-notice__actions">{ props.actions.clone() }</div> }
            </div>
            if !n.read {
                <button type="button" class="h-notice__dot" aria-label={t!("notice-mark-read")} data-tip={t!("notice-mark-read")}
                    onclick={props.on_read.reform(|_: MouseEvent| ())} data-test="mark-read" />
            }
        </article>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::i18n::{Lang, set_lang};
    use hearth_api::people::HomeRef;
    use uuid::Uuid;

    fn person(name: &str) -> PersonCard {
        PersonCard {
            id: Uuid::nil().into(),
            name: name.into(),
            home: HomeRef {
                id: "a".repeat(52).parse().unwrap(),
                name: "Hill House".into(),
                own: true,
            },
            picture: None,
        }
    }

    #[test]
    fn people_stack_into_one_sentence() {
        set_lang(Lang::En, "en");
        let all = [person("Anna"), person("Ben"), person("Cy")];
        assert_eq!(names(&all[..1], 1), "Anna");
        assert_eq!(names(&all[..2], 2), "Anna and Ben");
        assert_eq!(names(&all, 3), "Anna, Ben and 1 more");
        assert_eq!(names(&all, 7), "Anna, Ben and 5 more");
        assert_eq!(names(&all[..1], 4), "Anna and 3 more");
    }
}
