//! The feed, writing, a post with its comments.

use crate::prelude::*;
use hearth_api::PostId;

/// The feed.
#[component]
pub fn FeedPage() -> Html {
    html! { <Page title={t!("nav-home")}><Skeleton><SkeletonCard /></Skeleton></Page> }
}

/// Writing a post.
#[component]
pub fn ComposePage() -> Html {
    html! { <Page title={t!("nav-compose")} back={Route::Feed}><Skeleton><SkeletonCard /></Skeleton></Page> }
}

/// Properties of [`PostPage`].
#[derive(Properties, PartialEq)]
pub struct PostPageProps {
    /// Which post.
    pub post: PostId,
}

/// A post with its comments.
#[component]
pub fn PostPage(_props: &PostPageProps) -> Html {
    html! { <Page title={t!("nav-home")} back={Route::Feed}><Skeleton><SkeletonCard /></Skeleton></Page> }
}
