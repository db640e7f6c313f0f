//! A post: who, when, to whom, what; reactions, the last comments, and what can be done with it.

mod folded;
mod menu;

pub use folded::FoldedText;
pub use menu::PostCardMenu;

use crate::components::audience::{AudienceChip, audience_name};
use crate::components::avatar::{AvatarSize, PersonAvatar, PersonName};
use crate::components::button::{Button, Variant};
use crate::components::delivery::DeliveryTicks;
use crate::components::icon::IconName;
use crate::components::link::Link;
use crate::components::photo_mosaic::PhotoMosaic;
use crate::components::reaction_bar::ReactionBar;
use crate::components::time::RelativeTime;
use crate::components::{Size, markdown::Markdown};
use crate::kit::dom::use_unique;
use crate::routes::Route;
use crate::t;
use hearth_api::feed::{Comment, Post};
use hearth_api::{CommentId, PersonId};
use std::rc::Rc;
use yew::prelude::*;

choices! {
    /// How much of a post is shown.
    PostShape {
        /// In a feed: folded, with the last comments.
        #[default]
        Feed => "feed",
        /// On its own page: all of it, the comments stand below.
        Full => "full",
    }
}

/// What a person wants with a post.
#[derive(Debug, Clone, PartialEq)]
pub enum PostAction {
    /// To react, or take the reaction back.
    React(Option<String>),
    /// To comment.
    Comment,
    /// To look at a picture, by its place among the pictures.
    Media(usize),
    /// To see how far it has travelled.
    Delivery,
    /// To have its address.
    CopyLink,
    /// To edit it.
    Edit,
    /// To see its earlier versions.
    History,
    /// To switch comments on or off.
    Comments(bool),
    /// To take the own mention out.
    RemoveMention,
    /// To delete it.
    Delete,
}

/// Properties of [`PostCard`].
#[derive(Properties, PartialEq)]
pub struct PostCardProps {
    /// The post.
    pub post: Rc<Post>,
    /// Who looks.
    pub me: PersonId,
    /// How much is shown.
    #[prop_or_default]
    pub shape: PostShape,
    /// Whether it is on its way to the own home.
    #[prop_or_default]
    pub pending: bool,
    /// Hears what is wanted.
    #[prop_or_default]
    pub on_action: Callback<(Rc<Post>, PostAction)>,
    /// Its place in a feed, from 1.
    #[prop_or_default]
    pub position: Option<usize>,
}

/// A post.
#[component]
pub fn PostCard(props: &PostCardProps) -> Html {
    let post = &props.post;
    let id = use_unique("post");
    let full = props.shape == PostShape::Full;
    // Nothing was said under it, and nothing will be.
    let silent = post.kept && post.comment_count == 0;
    let mentions = use_memo(post.mentions.clone(), |m| Rc::<[_]>::from(m.as_slice()));
    let media = use_memo(post.media.clone(), |m| Rc::<[_]>::from(m.as_slice()));
    let emit = {
        let (on_action, post) = (props.on_action.clone(), Rc::clone(post));
        move |action: PostAction| on_action.emit((Rc::clone(&post), action))
    };
    let act = |action: PostAction| {
        let emit = emit.clone();
        Callback::from(move |_: MouseEvent| emit(action.clone()))
    };
    let on_react = {
        let emit = emit.clone();
        Callback::from(move |emoji| emit(PostAction::React(emoji)))
    };
    let on_open = {
        let emit = emit.clone();
        Callback::from(move |index| emit(PostAction::Media(index)))
    };
    let on_menu = Callback::from(emit.clone());
    html! {
        <article
            class="h-post-card"
            tabindex="-1"
            data-shape={props.shape.as_str()}
            data-state={props.pending.then_some("pending")}
            data-post={post.id.to_string()}
            data-test="post"
            aria-labelledby={format!("{id}-head")}
            aria-busy={props.pending.then_some("true")}
            aria-posinset={props.position.map(|p| p.to_string())}
            aria-setsize={props.position.map(|_| "-1")}
        >
            <header class="h-post-card__head">
                <PersonAvatar person={post.author.clone()} size={AvatarSize::M} link={true} />
                <div class="h-post-card__who" id={format!("{id}-head")}>
                    <PersonName person={post.author.clone()} home={true} />
                    <div class="h-post-card__meta">
                        if props.pending {
                            <RelativeTime at={post.created_at} />
                        } else {
                            <Link to={Route::Post { post: post.id }} class="h-post-card__time" test_id="post-link"><RelativeTime at={post.created_at} /></Link>
                        }
                        <span class="h-post-card__dot" aria-hidden="true">{ "·" }</span>
                        <AudienceChip audience={post.audience} compact={true} />
                        <span class="h-post-card__audience" aria-hidden="true">{ audience_name(post.audience) }</span>
                        if let Some(at) = post.edited_at {
                            <span class="h-post-card__dot" aria-hidden="true">{ "·" }</span>
                            <button type="button" class="h-post-card__edited" data-tip={crate::kit::time::absolute(at)} onclick={act(PostAction::History)}>{ t!("edited") }</button>
                        }
                        if post.kept {
                            <span class="h-post-card__dot" aria-hidden="true">{ "·" }</span>
                            <span class="h-post-card__kept" data-tip={t!("post-kept-hint")} data-test="kept">{ t!("post-kept") }</span>
                        }
                        if props.pending {
                            <DeliveryTicks summary={None} />
                        } else if let Some(summary) = post.delivery {
                            <DeliveryTicks summary={Some(summary)} on_click={Some(act(PostAction::Delivery))} />
                        }
                    </div>
                </div>
                if !props.pending {
                    <PostCardMenu post={Rc::clone(post)} me={props.me} on_action={on_menu} />
                }
            </header>
            if !post.text.trim().is_empty() {
                if full {
                    <div class="h-post-card__text"><Markdown text={post.text.clone()} mentions={(*mentions).clone()} /></div>
                } else {
                    <FoldedText text={post.text.clone()} mentions={(*mentions).clone()} />
                }
            }
            if !media.is_empty() {
                <PhotoMosaic media={(*media).clone()} by={post.author.name.clone()} {on_open} />
            }
            if !props.pending {
                <footer class="h-post-card__foot">
                    <ReactionBar reactions={post.reactions.clone()} me={props.me} {on_react} read_only={!post.may.react} />
                    if !full && !silent {
                        <Button
                            variant={Variant::Quiet}
                            size={Size::S}
                            start={IconName::MessageCircle}
                            label={comment_label(post)}
                            on_click={act(PostAction::Comment)}
                            test_id="comments"
                        >
                            { comment_words(post) }
                        </Button>
                    }
                </footer>
            }
            if !full && !props.pending && !post.last_comments.is_empty() {
                { last_comments(post) }
            }
        </article>
    }
}

fn comment_words(post: &Post) -> AttrValue {
    match (post.comment_count, post.comments_on) {
        (0, true) => t!("comment-do"),
        (0, false) => t!("comments-off-short"),
        (count, _) => t!("comments-count", "count" => count),
    }
}

fn comment_label(post: &Post) -> AttrValue {
    t!("comments-of", "words" => comment_words(post), "name" => &post.author.name)
}

/// The last two comments, each leading to itself in the thread.
fn last_comments(post: &Post) -> Html {
    let hidden = (post.comment_count as usize).saturating_sub(post.last_comments.len());
    html! {
        <div class="h-post-card__comments">
            if hidden > 0 {
                <Link to={Route::Post { post: post.id }} class="h-post-card__all">{ t!("comments-earlier", "count" => hidden) }</Link>
            }
            { for post.last_comments.iter().map(|comment| html! { <LastComment key={comment.id.to_string()} comment={comment.clone()} /> }) }
        </div>
    }
}

/// The address part that leads to a comment.
#[must_use]
pub fn comment_query(id: CommentId) -> AttrValue {
    format!("c={id}").into()
}

#[derive(Properties, PartialEq)]
struct LastCommentProps {
    comment: Comment,
}

#[component]
fn LastComment(props: &LastCommentProps) -> Html {
    let comment = &props.comment;
    let mentions = use_memo(comment.mentions.clone(), |m| Rc::<[_]>::from(m.as_slice()));
    let Some(author) = &comment.author else {
        return Html::default();
    };
    html! {
        <div class="h-post-card__comment">
            <PersonAvatar person={author.clone()} size={AvatarSize::Xs} link={true} />
            <div class="h-post-card__bubble">
                <PersonName person={author.clone()} />
                <div class="h-post-card__words"><Markdown text={comment.text.clone()} mentions={(*mentions).clone()} /></div>
                if !comment.media.is_empty() {
                    <span class="u-sm u-text-3">{ t!("photos-count", "count" => comment.media.len()) }</span>
                }
            </div>
            <Link to={Route::Post { post: comment.post }} query={comment_query(comment.id)} class="h-post-card__when">
                <RelativeTime at={comment.created_at} />
            </Link>
        </div>
    }
}
