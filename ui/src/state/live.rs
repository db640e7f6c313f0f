//! Events handed to whoever shows what they are about.

use hearth_api::chat::TurnEvent;
use hearth_api::{ChatId, Event, PersonId, PostId};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use yew::prelude::*;

/// What an event is about; a query names the topics that make it fetch again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Posts added anywhere.
    PostAdded,
    /// Any post changed or went.
    Posts,
    /// One post changed or went: its text, reactions, rights, comments or delivery.
    Post(PostId),
    /// The comments of one post.
    Comments(PostId),
    /// The delivery of one post.
    Delivery(PostId),
    /// Drafts.
    Drafts,
    /// Friends and requests.
    Friends,
    /// One profile.
    Profile(PersonId),
    /// Notifications.
    Notifications,
    /// Paired homes and invites.
    Homes,
    /// Uploads.
    Uploads,
    /// One conversation.
    Chat(ChatId),
    /// The list of conversations.
    Chats,
    /// Running turns; streamed, so meant for `use_live`, not for queries.
    Turns,
    /// Providers, models, consents.
    Providers,
    /// Settings and the account.
    Account,
    /// Backups: made, deleted, or under way.
    Backups,
}

impl Topic {
    /// Whether an event is about this. A gap is about everything.
    #[must_use]
    pub fn covers(self, event: &Event) -> bool {
        match event {
            Event::Gap => self != Self::Turns,
            // A post that was out of sight comes back as an added one.
            Event::PostAdded { post, .. } => self == Self::PostAdded || self == Self::Post(*post),
            Event::PostChanged { post } | Event::PostRemoved { post } => {
                self == Self::Posts || self == Self::Post(*post)
            }
            Event::CommentsChanged { post } => {
                self == Self::Posts || self == Self::Post(*post) || self == Self::Comments(*post)
            }
            Event::DeliveryChanged { post } => {
                self == Self::Posts || self == Self::Post(*post) || self == Self::Delivery(*post)
            }
            Event::DraftsChanged => self == Self::Drafts,
            Event::FriendsChanged => self == Self::Friends,
            Event::ProfileChanged { person } => self == Self::Profile(*person),
            Event::NotificationsChanged { .. } => self == Self::Notifications,
            Event::HomesChanged { .. } => self == Self::Homes,
            Event::Upload { .. } => self == Self::Uploads,
            Event::ChatChanged { chat } => self == Self::Chat(*chat),
            Event::ChatsChanged => self == Self::Chats,
            Event::Turn(_) => self == Self::Turns,
            Event::ProvidersChanged => self == Self::Providers,
            Event::AccountChanged => self == Self::Account,
            Event::BackupsChanged | Event::BackupProgress { .. } => self == Self::Backups,
            Event::Native { .. }
            | Event::NativeDue { .. }
            | Event::AccountLocked
            | Event::SessionEnded
            | Event::Unknown => false,
        }
    }

    /// Whether what this is about is gone by an event: there is nothing left to ask for.
    #[must_use]
    pub fn is_gone(self, event: &Event) -> bool {
        match (self, event) {
            (Self::Post(id) | Self::Comments(id) | Self::Delivery(id), Event::PostRemoved { post }) => {
                id == *post
            }
            _ => false,
        }
    }
}

type Listener = Rc<dyn Fn(&Event)>;

thread_local! {
    static LISTENERS: RefCell<Vec<(u32, Listener)>> = const { RefCell::new(Vec::new()) };
    static NEXT: Cell<u32> = const { Cell::new(0) };
}

/// A place among the listeners, given up on drop.
pub struct Subscription(u32);

impl Drop for Subscription {
    fn drop(&mut self) {
        let _gone = LISTENERS.try_with(|l| l.borrow_mut().retain(|(id, _)| *id != self.0));
    }
}

/// Hears every event until the subscription is dropped.
#[must_use]
pub fn subscribe(listener: impl Fn(&Event) + 'static) -> Subscription {
    let id = NEXT.get();
    NEXT.set(id.wrapping_add(1));
    LISTENERS.with_borrow_mut(|l| l.push((id, Rc::new(listener))));
    Subscription(id)
}

/// Hands an event to everybody.
pub fn publish(event: &Event) {
    let all: Vec<Listener> = LISTENERS.with_borrow(|l| l.iter().map(|(_, f)| Rc::clone(f)).collect());
    for listener in all {
        listener(event);
    }
}

/// Calls back with each event about the topics while the component is on screen.
#[hook]
pub fn use_live(topics: Vec<Topic>, callback: Callback<Event>) {
    use_effect_with((topics, callback), |(topics, callback)| {
        let (topics, callback) = (topics.clone(), callback.clone());
        let subscription = subscribe(move |event| {
            if topics.iter().any(|t| t.covers(event)) {
                callback.emit(event.clone());
            }
        });
        move || drop(subscription)
    });
}

/// Calls back with each event of running turns, batched by the caller per frame.
#[hook]
pub fn use_turns(callback: Callback<TurnEvent>) {
    use_effect_with(callback, |callback| {
        let callback = callback.clone();
        let subscription = subscribe(move |event| {
            if let Event::Turn(turn) = event {
                callback.emit(turn.clone());
            }
        });
        move || drop(subscription)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_makes_every_query_fetch_again() {
        for topic in [
            Topic::PostAdded,
            Topic::Drafts,
            Topic::Homes,
            Topic::Chats,
            Topic::Account,
        ] {
            assert!(topic.covers(&Event::Gap));
        }
        assert!(!Topic::Turns.covers(&Event::Gap));
        assert!(Topic::Drafts.covers(&Event::DraftsChanged));
        assert!(!Topic::Drafts.covers(&Event::FriendsChanged));
    }

    #[test]
    fn a_removed_post_takes_its_talk_along_and_no_other() {
        let (post, other) = (PostId(uuid::Uuid::from_u128(1)), PostId(uuid::Uuid::from_u128(2)));
        let removed = Event::PostRemoved { post };
        for topic in [Topic::Post(post), Topic::Comments(post), Topic::Delivery(post)] {
            assert!(topic.is_gone(&removed));
        }
        assert!(!Topic::Post(other).is_gone(&removed));
        assert!(!Topic::Posts.is_gone(&removed), "a list goes on without it");
        assert!(!Topic::Post(post).is_gone(&Event::PostChanged { post }));
    }

    #[test]
    fn listeners_leave_when_dropped_even_while_hearing() {
        let count = Rc::new(Cell::new(0));
        let seen = Rc::clone(&count);
        let first = subscribe(move |_| seen.set(seen.get() + 1));
        publish(&Event::DraftsChanged);
        drop(first);
        publish(&Event::DraftsChanged);
        assert_eq!(count.get(), 1);
    }
}
