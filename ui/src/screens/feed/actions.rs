//! What a person does with a post, wherever it stands: each change is shown at once and taken back when refused.

use super::compose::{ComposeFor, Composer};
use super::outbox::hide;
use super::sheets::{DeliveryDialog, HistoryDialog};
use crate::components::PostAction;
use crate::components::reaction_bar::with_mine;
use crate::prelude::*;
use crate::screens::viewer::PostViewer;
use hearth_api::PostId;
use hearth_api::feed::{DeletePost, Post, React, RemoveMention, SetComments, Target};
use yew_router::Routable;

/// A change to a post in whatever list shows it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Patch {
    /// It is another now.
    Replace(Rc<Post>),
    /// It is new.
    Insert(Rc<Post>),
    /// It is gone.
    Remove(PostId),
}

#[derive(Clone, PartialEq)]
enum Over {
    Nothing,
    Delivery(PostId),
    History(PostId),
    Edit(Rc<Post>),
    Viewer(Rc<Post>, usize),
}

/// What can be done, and what is open because of it.
pub(crate) struct PostActions {
    /// Does it.
    pub(crate) act: Callback<(Rc<Post>, PostAction)>,
    /// Dialogs, drawn by whoever shows the posts.
    pub(crate) over: Html,
}

/// The address of a place in the window, to give to others.
pub(crate) fn address(path: &str) -> String {
    if backend::is_desktop() {
        return format!("hearth:/{path}");
    }
    let origin = web_sys::window()
        .and_then(|w| w.location().origin().ok())
        .unwrap_or_default();
    format!("{origin}{path}")
}

/// Copies the address of a place: at the home's own computer the one by which other devices reach it, if they may.
pub(crate) fn copy_link(path: &str) {
    let path = path.to_owned();
    wasm_bindgen_futures::spawn_local(async move {
        let mut address = address(&path);
        if !backend::is_desktop()
            && crate::kit::dom::at_loopback()
            && let Ok(access) = backend::call(hearth_api::access::GetAccess {}).await
            && let Some(reached) = access.addresses.first()
        {
            address = format!("{reached}{path}");
        }
        if crate::kit::dom::copy_text(&address).await {
            toasts::done(t!("link-copied"));
        } else {
            toasts::error(t!("link-not-copied", "link" => &address));
        }
    });
}

/// What can be done with posts; changes go to `patch`.
#[hook]
pub(crate) fn use_post_actions(patch: Callback<Patch>) -> PostActions {
    let over = use_state_eq(|| Over::Nothing);
    let me = use_me();
    let go = use_go();
    let act = {
        let over = over.setter();
        let me = me.map(|m| m.person);
        use_callback(
            (patch.clone(), me),
            move |(post, action): (Rc<Post>, PostAction), (patch, me)| match action {
                PostAction::React(emoji) => {
                    let Some(me) = me else { return };
                    let mut changed = (*post).clone();
                    changed.reactions = with_mine(&post.reactions, me, emoji.as_deref());
                    patch.emit(Patch::Replace(Rc::new(changed)));
                    let (patch, before, target) = (patch.clone(), Rc::clone(&post), Target::Post(post.id));
                    optimistic(
                        React { target, emoji },
                        move || patch.emit(Patch::Replace(before)),
                        |_| {},
                    );
                }
                PostAction::Comment => go
                    .with_query(&"write=1".into())
                    .to(&Route::Post { post: post.id }),
                PostAction::Media(index) => over.set(Over::Viewer(post, index)),
                PostAction::Delivery => over.set(Over::Delivery(post.id)),
                PostAction::CopyLink => copy_link(&Route::Post { post: post.id }.to_path()),
                PostAction::Edit => over.set(Over::Edit(post)),
                PostAction::History => over.set(Over::History(post.id)),
                PostAction::Comments(on) => {
                    let mut changed = (*post).clone();
                    changed.comments_on = on;
                    patch.emit(Patch::Replace(Rc::new(changed)));
                    let (rollback, before) = (patch.clone(), Rc::clone(&post));
                    let done = patch.clone();
                    optimistic(
                        SetComments { id: post.id, on },
                        move || rollback.emit(Patch::Replace(before)),
                        move |post| {
                            done.emit(Patch::Replace(Rc::new(post)));
                            announce::polite(if on {
                                t!("comments-now-on")
                            } else {
                                t!("comments-now-off")
                            });
                        },
                    );
                }
                PostAction::RemoveMention => {
                    let Some(me) = me else { return };
                    let mut changed = (*post).clone();
                    changed
                        .mentions
                        .iter_mut()
                        .filter(|m| m.person == me.id)
                        .for_each(|m| m.removed = true);
                    patch.emit(Patch::Replace(Rc::new(changed)));
                    let (patch, before, target) = (patch.clone(), Rc::clone(&post), Target::Post(post.id));
                    optimistic(
                        RemoveMention { target },
                        move || patch.emit(Patch::Replace(before)),
                        |_| {
                            toasts::done(t!("mention-removed"));
                        },
                    );
                }
                PostAction::Delete => delete(post.id, patch),
            },
        )
    };
    let close = {
        let over = over.setter();
        Callback::from(move |()| over.set(Over::Nothing))
    };
    let over = match (*over).clone() {
        Over::Nothing => Html::default(),
        Over::Delivery(post) => html! { <DeliveryDialog {post} on_close={close} /> },
        Over::History(post) => html! { <HistoryDialog target={Target::Post(post)} on_close={close} /> },
        Over::Viewer(post, start) => html! { <PostViewer {post} {start} on_close={close} /> },
        Over::Edit(post) => {
            let (close_too, patch) = (close.clone(), patch);
            let on_edited = Callback::from(move |post: Rc<Post>| {
                close_too.emit(());
                patch.emit(Patch::Replace(post));
            });
            html! { <Composer what={ComposeFor::Edit(post)} {on_edited} on_close={close} /> }
        }
    };
    PostActions { act, over }
}

/// Hides a post at once; it is deleted when nobody undoes it.
fn delete(id: PostId, patch: &Callback<Patch>) {
    hide(&id, true);
    let patch = patch.clone();
    let commit = Callback::from(move |()| {
        let patch = patch.clone();
        optimistic(
            DeletePost { id },
            move || hide(&id, false),
            move |_| {
                patch.emit(Patch::Remove(id));
                hide(&id, false);
            },
        );
    });
    toasts::delayed(
        t!("post-deleted"),
        commit,
        Callback::from(move |()| hide(&id, false)),
    );
}
