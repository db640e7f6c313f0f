//! What can be done with a post besides reading it.

use super::PostAction;
use crate::components::icon::IconName;
use crate::components::menu::{Menu, MenuItem};
use crate::t;
use hearth_api::PersonId;
use hearth_api::feed::Post;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`PostCardMenu`].
#[derive(Properties, PartialEq)]
pub struct PostCardMenuProps {
    /// The post.
    pub post: Rc<Post>,
    /// Who looks.
    pub me: PersonId,
    /// Hears what is wanted.
    pub on_action: Callback<PostAction>,
}

/// The menu of a post: only what the person may do.
#[component]
pub fn PostCardMenu(props: &PostCardMenuProps) -> Html {
    let post = &props.post;
    let run = |action: PostAction| props.on_action.reform(move |()| action.clone());
    let mut items = vec![MenuItem::action(
        t!("post-copy-link"),
        IconName::Link,
        run(PostAction::CopyLink),
    )];
    if post.may.edit {
        items.push(
            MenuItem::action(t!("post-edit"), IconName::Pencil, run(PostAction::Edit)).test("post-edit"),
        );
    }
    if post.edited_at.is_some() {
        items.push(MenuItem::action(
            t!("post-history"),
            IconName::History,
            run(PostAction::History),
        ));
    }
    if post.delivery.is_some_and(|d| d.homes > 0 || d.taking_back > 0) {
        items.push(MenuItem::action(
            t!("post-delivery"),
            IconName::CheckCheck,
            run(PostAction::Delivery),
        ));
    }
    if post.may.moderate {
        items.push(if post.comments_on {
            MenuItem::action(
                t!("post-comments-off"),
                IconName::Ban,
                run(PostAction::Comments(false)),
            )
        } else {
            MenuItem::action(
                t!("post-comments-on"),
                IconName::MessageCircle,
                run(PostAction::Comments(true)),
            )
        });
    }
    if post.mentions.iter().any(|m| m.person == props.me && !m.removed) {
        items.push(MenuItem::action(
            t!("post-remove-mention"),
            IconName::UserMinus,
            run(PostAction::RemoveMention),
        ));
    }
    if post.may.delete {
        items.push(MenuItem::Line);
        items.push(
            MenuItem::danger(t!("post-delete"), IconName::Trash2, run(PostAction::Delete))
                .test("post-delete"),
        );
    }
    html! { <Menu label={t!("post-menu", "name" => &post.author.name)} {items} test_id="post-menu" /> }
}
