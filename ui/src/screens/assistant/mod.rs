//! Conversations with the assistant, models and providers.

use crate::prelude::*;
use hearth_api::ChatId;

/// Properties of [`ChatPage`].
#[derive(Properties, PartialEq)]
pub struct ChatPageProps {
    /// Which conversation; a new one without.
    #[prop_or_default]
    pub chat: Option<ChatId>,
}

/// A conversation.
#[component]
pub fn ChatPage(_props: &ChatPageProps) -> Html {
    html! { <Page title={t!("nav-assistant")} back={Route::Chats}><Skeleton><SkeletonRow /></Skeleton></Page> }
}

/// The conversations.
#[component]
pub fn ChatsPage() -> Html {
    html! { <Page title={t!("nav-assistant")}><Skeleton><SkeletonRow /></Skeleton></Page> }
}

/// Models and providers.
#[component]
pub fn ModelsPage() -> Html {
    html! { <Page title={t!("nav-models")}><Skeleton><SkeletonRow /></Skeleton></Page> }
}
