//! The assistant: conversations, models and providers.

mod actions;
mod chat_list;
mod conversation;
mod draft;
mod follow;
mod groups;
mod message;
mod models;
mod parameters;
mod rename;
mod stream;
mod thread;
mod welcome;

pub use models::ModelsPage;

use crate::prelude::*;
use chat_list::ChatListPane;
use conversation::Conversation;
use hearth_api::ChatId;

/// Properties of [`ChatPage`].
#[derive(Properties, PartialEq)]
pub struct ChatPageProps {
    /// Which conversation; a new one without.
    #[prop_or_default]
    pub chat: Option<ChatId>,
}

/// A conversation, the list beside it.
#[component]
pub fn ChatPage(props: &ChatPageProps) -> Html {
    html! {
        <PaneGroup
            list={html! { <ChatListPane current={props.chat} /> }}
            list_label={t!("chats-list")}
            detail={html! { <Conversation chat={props.chat} /> }}
            shown={PaneShown::Detail}
            memory="chats"
        />
    }
}

/// The conversations, a new one beside them.
#[component]
pub fn ChatsPage() -> Html {
    html! {
        <PaneGroup
            list={html! { <ChatListPane main={true} /> }}
            list_label={t!("chats-list")}
            detail={html! { <Conversation main={false} /> }}
            shown={PaneShown::List}
            memory="chats"
        />
    }
}
