//! The pictures of a post over the page, with who shared them, when and with whom.

use crate::components::photo_mosaic::is_visual;
use crate::components::{AudienceChip, MediaViewer, PersonAvatar, PersonName};
use crate::prelude::*;
use hearth_api::Timestamp;
use hearth_api::feed::{Audience, Post};
use hearth_api::media::MediaItem;
use hearth_api::people::PersonCard;

/// Properties of [`PostViewer`].
#[derive(Properties, PartialEq)]
pub(crate) struct PostViewerProps {
    /// The post.
    pub(crate) post: Rc<Post>,
    /// Which picture is shown first.
    pub(crate) start: usize,
    /// Hears which one is shown.
    #[prop_or_default]
    pub(crate) on_show: Callback<usize>,
    /// Asks to close.
    pub(crate) on_close: Callback<()>,
}

/// The pictures of a post.
#[component]
pub(crate) fn PostViewer(props: &PostViewerProps) -> Html {
    let post = &props.post;
    html! {
        <ItemsViewer
            items={visual(&post.media)}
            start={props.start}
            author={post.author.clone()}
            at={post.created_at}
            audience={Some(post.audience)}
            on_show={props.on_show.clone()}
            on_close={props.on_close.clone()}
        />
    }
}

/// The pictures and videos among the files.
pub(crate) fn visual(media: &[MediaItem]) -> Rc<[MediaItem]> {
    media.iter().filter(|m| is_visual(m)).cloned().collect()
}

/// Properties of [`ItemsViewer`].
#[derive(Properties, PartialEq)]
pub(crate) struct ItemsViewerProps {
    /// The pictures and videos.
    pub(crate) items: Rc<[MediaItem]>,
    /// Which one is shown first.
    #[prop_or_default]
    pub(crate) start: usize,
    /// Who shared them.
    pub(crate) author: PersonCard,
    /// When.
    #[prop_or_default]
    pub(crate) at: Option<Timestamp>,
    /// With whom.
    #[prop_or_default]
    pub(crate) audience: Option<Audience>,
    /// Hears which one is shown.
    #[prop_or_default]
    pub(crate) on_show: Callback<usize>,
    /// Asks to close.
    pub(crate) on_close: Callback<()>,
}

/// Pictures over the page.
#[component]
pub(crate) fn ItemsViewer(props: &ItemsViewerProps) -> Html {
    let about = html! {
        <div class="l-row u-gap-12">
            <PersonAvatar person={props.author.clone()} />
            <div class="l-grow">
                <PersonName person={props.author.clone()} link={false} home={true} />
                <div class="l-cluster u-gap-8 u-sm u-text-3">
                    if let Some(at) = props.at { <RelativeTime {at} /> }
                    if let Some(audience) = props.audience { <AudienceChip {audience} compact={true} /><span>{ audience_name(audience) }</span> }
                </div>
            </div>
        </div>
    };
    html! {
        <MediaViewer
            media={Rc::clone(&props.items)}
            start={props.start}
            by={props.author.name.clone()}
            {about}
            on_show={props.on_show.clone()}
            on_close={props.on_close.clone()}
        />
    }
}
