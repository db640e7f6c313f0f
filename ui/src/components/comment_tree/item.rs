//! One comment of a talk.

use crate::components::avatar::{AvatarSize, PersonAvatar, PersonName};
use crate::components::badge::Badge;
use crate::components::button::{Button, Variant};
use crate::components::home_card::code_text;
use crate::components::icon::IconName;
use crate::components::link::Link;
use crate::components::markdown::Markdown;
use crate::components::menu::{Menu, MenuItem};
use crate::components::photo_mosaic::PhotoMosaic;
use crate::components::post_card::comment_query;
use crate::components::reaction_bar::ReactionBar;
use crate::components::time::RelativeTime;
use crate::components::{Size, Tone};
use crate::routes::Route;
use crate::t;
use hearth_api::PersonId;
use hearth_api::feed::Comment;
use std::rc::Rc;
use web_sys::HtmlElement;
use yew::prelude::*;

/// What a person wants with a comment.
#[derive(Debug, Clone, PartialEq)]
pub enum CommentAction {
    /// To fold or unfold what is under it.
    Fold,
    /// To see its branch alone.
    Continue,
    /// To reply.
    Reply,
    /// To edit it.
    Edit,
    /// To see its earlier versions.
    History,
    /// To delete it.
    Delete,
    /// To have its address.
    CopyLink,
    /// To take the own mention out.
    RemoveMention,
    /// To react, or take the reaction back.
    React(Option<String>),
    /// To look at a picture, by its place among the pictures.
    Media(usize),
}

#[derive(Properties, PartialEq)]
pub(super) struct CommentItemProps {
    pub(super) comment: Rc<Comment>,
    pub(super) me: PersonId,
    pub(super) home: AttrValue,
    pub(super) flash: bool,
    pub(super) unread: bool,
    pub(super) edit: Option<Html>,
    pub(super) on_action: Callback<(Rc<Comment>, CommentAction)>,
}

#[component]
pub(super) fn CommentItem(props: &CommentItemProps) -> Html {
    let comment = &props.comment;
    let node = use_node_ref();
    let mentions = use_memo(comment.mentions.clone(), |m| Rc::<[_]>::from(m.as_slice()));
    let media = use_memo(comment.media.clone(), |m| Rc::<[_]>::from(m.as_slice()));
    {
        // The comment that the address names is brought into view and stands out for a moment.
        let node = node.clone();
        use_effect_with(props.flash, move |flash| {
            if *flash && let Some(element) = node.cast::<HtmlElement>() {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Center);
                element.scroll_into_view_with_scroll_into_view_options(&options);
                crate::kit::focus::focus_quietly(&element);
            }
        });
    }
    let Some(author) = &comment.author else {
        return html! {
            <div class="h-comment" data-gone="true" ref={node} tabindex="-1">
                <p class="h-comment__gone">{ t!("comment-deleted") }</p>
            </div>
        };
    };
    let emit = {
        let (on_action, comment) = (props.on_action.clone(), Rc::clone(comment));
        move |action: CommentAction| on_action.emit((Rc::clone(&comment), action))
    };
    let act = |action: CommentAction| {
        let emit = emit.clone();
        Callback::from(move |_: MouseEvent| emit(action.clone()))
    };
    let on_react = {
        let emit = emit.clone();
        Callback::from(move |emoji| emit(CommentAction::React(emoji)))
    };
    let on_open = {
        let emit = emit.clone();
        Callback::from(move |index| emit(CommentAction::Media(index)))
    };
    let state = if comment.refused.is_some() {
        Some("refused")
    } else {
        comment.pending.then_some("pending")
    };
    html! {
        <div
            class="h-comment"
            ref={node}
            tabindex="-1"
            data-comment={comment.id.to_string()}
            data-state={state}
            data-flash={props.flash.then_some("true")}
            data-unread={props.unread.then_some("true")}
            data-test="comment"
            role="group"
            aria-label={t!("comment-by", "name" => &author.name)}
        >
            <PersonAvatar person={author.clone()} size={AvatarSize::S} link={true} />
            <div class="h-comment__main">
                if let Some(edit) = &props.edit {
                    { edit.clone() }
                } else {
                    <div class="h-comment__bubble">
                        <div class="h-comment__head">
                            <PersonName person={author.clone()} home={true} />
                            if props.unread { <Badge tone={Tone::Accent}>{ t!("comment-new") }</Badge> }
                        </div>
                        if !comment.text.trim().is_empty() {
                            <Markdown text={comment.text.clone()} mentions={(*mentions).clone()} />
                        }
                    </div>
                    if !media.is_empty() {
                        <PhotoMosaic media={(*media).clone()} by={author.name.clone()} compact={true} {on_open} />
                    }
                    if let Some(why) = &comment.refused {
                        <p class="h-comment__mark"><Badge tone={Tone::Danger} icon={Some(IconName::CircleAlert)}>{ t!("comment-refused") }</Badge> { " " }{ code_text(why) }</p>
                    } else if comment.pending {
                        <p class="h-comment__mark"><Badge tone={Tone::Warn} icon={Some(IconName::Clock)}>{ t!("comment-pending", "home" => &props.home) }</Badge></p>
                    }
                    <div class="h-comment__foot">
                        <Link to={Route::Post { post: comment.post }} query={comment_query(comment.id)} class="h-comment__when"><RelativeTime at={comment.created_at} /></Link>
                        if comment.edited_at.is_some() {
                            <button type="button" class="h-comment__when" onclick={act(CommentAction::History)}>{ t!("edited") }</button>
                        }
                        if comment.may.comment {
                            <span data-do="reply">
                                <Button size={Size::S} variant={Variant::Quiet} on_click={act(CommentAction::Reply)} label={t!("comment-reply-to", "name" => &author.name)} class={classes!("h-comment__reply")} test_id="reply">{ t!("comment-reply") }</Button>
                            </span>
                        }
                        <ReactionBar reactions={comment.reactions.clone()} me={props.me} {on_react} compact={true} read_only={!comment.may.react} />
                        <Menu label={t!("comment-menu", "name" => &author.name)} items={menu(comment, props.me, &emit)} test_id="comment-menu" />
                    </div>
                }
            </div>
        </div>
    }
}

fn menu(comment: &Comment, me: PersonId, emit: &(impl Fn(CommentAction) + Clone + 'static)) -> Vec<MenuItem> {
    let run = |action: CommentAction| {
        let emit = emit.clone();
        Callback::from(move |()| emit(action.clone()))
    };
    let mut items = vec![MenuItem::action(
        t!("post-copy-link"),
        IconName::Link,
        run(CommentAction::CopyLink),
    )];
    if comment.may.edit {
        items.push(
            MenuItem::action(t!("post-edit"), IconName::Pencil, run(CommentAction::Edit))
                .test("comment-edit"),
        );
    }
    if comment.edited_at.is_some() {
        items.push(MenuItem::action(
            t!("post-history"),
            IconName::History,
            run(CommentAction::History),
        ));
    }
    if comment.mentions.iter().any(|m| m.person == me && !m.removed) {
        items.push(MenuItem::action(
            t!("post-remove-mention"),
            IconName::UserMinus,
            run(CommentAction::RemoveMention),
        ));
    }
    if comment.may.delete {
        items.push(MenuItem::Line);
        items.push(
            MenuItem::danger(t!("post-delete"), IconName::Trash2, run(CommentAction::Delete))
                .test("comment-delete"),
        );
    }
    items
}
