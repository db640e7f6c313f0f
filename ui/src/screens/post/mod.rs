//! A post with the talk under it.

mod begun;
mod comment_box;
mod keys;
mod seen;
mod send;
mod thread;

use crate::components::photo_mosaic::is_visual;
use crate::components::{PostAction, PostCard, PostShape};
use crate::prelude::*;
use crate::screens::feed::{Patch, use_hidden, use_post_actions};
use crate::screens::viewer::PostViewer;
use hearth_api::PostId;
use hearth_api::feed::{GetPost, Post};
use hearth_api::notify::MarkRead;
use hearth_api::session::Me;
use thread::Thread;

/// Properties of [`PostPage`].
#[derive(Properties, PartialEq)]
pub struct PostPageProps {
    /// Which post.
    pub post: PostId,
}

/// A post with its comments.
#[component]
pub fn PostPage(props: &PostPageProps) -> Html {
    let id = props.post;
    let me = use_me();
    let post = use_query(GetPost { id }, vec![Topic::Post(id)]);
    let gone = use_hidden().contains(&id.0);
    // Whoever opens it has seen what was told of it, by whatever way they came.
    use_effect_with((id, post.data.is_some()), |(id, is_here)| {
        let id = *id;
        if *is_here {
            wasm_bindgen_futures::spawn_local(async move {
                let _seen = ask(MarkRead {
                    id: None,
                    post: Some(id),
                })
                .await;
            });
        }
    });
    let title = post
        .data
        .as_ref()
        .map_or_else(|| t!("post"), |p| t!("post-by", "name" => &p.author.name));
    let body = if gone {
        html! { <EmptyState icon={IconName::Trash2} title={t!("post-deleted")} text={t!("post-deleted-text")}><ButtonLink to={Route::Feed}>{ t!("action-to-feed") }</ButtonLink></EmptyState> }
    } else {
        post.view(html! { <SkeletonCard /> }, |data| match me {
            Some(me) => {
                html! { <PostView key={id.to_string()} post={Rc::clone(data)} set={post.set.clone()} {me} /> }
            }
            None => Html::default(),
        })
    };
    html! { <Page {title} back={Route::Feed} test_id="post-page">{ body }</Page> }
}

#[derive(Properties)]
struct PostViewProps {
    post: Rc<Post>,
    set: Callback<Rc<Post>>,
    me: Me,
}

impl PartialEq for PostViewProps {
    fn eq(&self, other: &Self) -> bool {
        // `set` writes to the same place however often it is made.
        self.post == other.post && self.me == other.me
    }
}

#[component]
fn PostView(props: &PostViewProps) -> Html {
    let post = &props.post;
    let go = use_go();
    let number = use_query_value("m").and_then(|n| n.parse::<usize>().ok());
    let set = use_mut_ref(|| props.set.clone());
    *set.borrow_mut() = props.set.clone();
    let patch = use_callback((), move |patch: Patch, ()| match patch {
        Patch::Replace(post) | Patch::Insert(post) => set.borrow().emit(post),
        Patch::Remove(_) => {}
    });
    let actions = use_post_actions(patch);
    let count = post.media.iter().filter(|m| is_visual(m)).count();
    let viewer = number.filter(|n| (1..=count).contains(n)).map(|number| {
        let here = Route::Post { post: post.id };
        let on_close = Callback::from(move |()| go.replace(&here));
        html! { <PostViewer post={Rc::clone(post)} start={number - 1} {on_close} /> }
    });
    let on_edit_post = {
        let (act, post) = (actions.act.clone(), Rc::clone(post));
        Callback::from(move |()| act.emit((Rc::clone(&post), PostAction::Edit)))
    };
    html! {
        <div class="l-stack u-gap-24">
            <PostCard post={Rc::clone(post)} me={props.me.person.id} shape={PostShape::Full} on_action={actions.act} />
            <Thread post={Rc::clone(post)} me={props.me.clone()} {on_edit_post} />
            { actions.over }
            { viewer.unwrap_or_default() }
        </div>
    }
}
