//! The talk under a post: every comment, and the box to write one.

use super::begun::{Begun, edit_place, reply_place, use_begun};
use super::comment_box::{Comment as Draft, CommentBox};
use super::keys::{Deeds, use_keys};
use super::seen::use_unread;
use super::send::{Sending, use_send};
use crate::components::comment_tree::ancestors;
use crate::components::reaction_bar::with_mine;
use crate::components::{CommentAction, CommentTree, Written};
use crate::prelude::*;
use crate::screens::feed::{HistoryDialog, copy_link, hide, use_hidden};
use crate::screens::viewer::{ItemsViewer, visual};
use crate::state::unsaved::Again;
use hearth_api::CommentId;
use hearth_api::feed::{
    Comment, DeleteComment, EditComment, ListComments, Post, React, RemoveMention, Target,
};
use hearth_api::session::Me;
use std::collections::HashSet;
use web_sys::Element;
use yew_router::Routable;

/// Properties of [`Thread`].
#[derive(Properties, PartialEq)]
pub(super) struct ThreadProps {
    /// The post.
    pub(super) post: Rc<Post>,
    /// Who looks.
    pub(super) me: Me,
    /// Edits the post itself.
    pub(super) on_edit_post: Callback<()>,
}

#[derive(Clone, PartialEq)]
enum Doing {
    Nothing,
    Reply(CommentId),
    Edit(Rc<Comment>),
}

#[derive(Clone, PartialEq)]
enum Over {
    Nothing,
    History(CommentId),
    Viewer(Rc<Comment>, usize),
}

/// The talk under a post.
#[component]
pub(super) fn Thread(props: &ThreadProps) -> Html {
    let post = &props.post;
    let id = post.id;
    let named = use_query_value("c").and_then(|c| c.parse::<CommentId>().ok());
    let alone = use_query_value("t").and_then(|c| c.parse::<CommentId>().ok());
    let writes = use_query_value("write").is_some();
    let comments = use_query(ListComments { post: id }, vec![Topic::Comments(id)]);
    let hidden = use_hidden();
    let doing = use_state_eq(|| Doing::Nothing);
    let over = use_state_eq(|| Over::Nothing);
    let folded = use_state_eq(|| Rc::new(HashSet::<CommentId>::new()));
    let sending = use_state_eq(Sending::default);
    let focused = use_state_eq(|| u32::from(writes));
    let edit = use_mutation::<EditComment>();
    let node = use_node_ref();
    let go = use_go();

    // What is drawn: without what is being deleted, with what is on its way.
    let shown = use_memo(
        (comments.data.clone(), Rc::clone(&hidden), Rc::clone(&sending)),
        |(data, hidden, sending)| {
            let known = data.iter().flat_map(|all| all.iter());
            let mut all: Vec<Rc<Comment>> = known
                .filter(|c| !hidden.contains(&c.id.0))
                .cloned()
                .map(Rc::new)
                .collect();
            all.extend(sending.iter().cloned());
            Rc::new(all)
        },
    );
    // A comment deep below is shown with its own branch; one in a folded branch unfolds it.
    let root = use_memo((alone, named, Rc::clone(&shown)), |(alone, named, shown)| {
        alone.or_else(|| {
            let above = named.map(|c| ancestors(shown, c)).unwrap_or_default();
            (above.len() >= 4).then(|| above.get(2).copied()).flatten()
        })
    });
    {
        let folded = folded.clone();
        use_effect_with((named, comments.data.is_some()), {
            let shown = Rc::clone(&shown);
            move |(named, _)| {
                let above = named.map(|c| ancestors(&shown, c)).unwrap_or_default();
                if above.iter().any(|c| folded.contains(c)) {
                    let open: HashSet<CommentId> =
                        folded.iter().copied().filter(|c| !above.contains(c)).collect();
                    folded.set(Rc::new(open));
                }
            }
        });
    }
    {
        let doing = doing.clone();
        let found = Callback::from(move |begun| {
            if *doing == Doing::Nothing {
                doing.set(match begun {
                    Begun::Reply(parent) => Doing::Reply(parent),
                    Begun::Edit(comment) => Doing::Edit(comment),
                });
            }
        });
        use_begun(comments.data.as_ref(), post.may.comment, found);
    }
    let send = use_send(post, &props.me, &comments, &sending);

    let on_action = {
        let (doing, over, folded, go) = (doing.setter(), over.setter(), folded.clone(), go.clone());
        let me = props.me.person.clone();
        let comments = comments.clone();
        Callback::from(
            move |(comment, action): (Rc<Comment>, CommentAction)| match action {
                CommentAction::Fold => {
                    let mut set = (**folded).clone();
                    if !set.remove(&comment.id) {
                        set.insert(comment.id);
                    }
                    folded.set(Rc::new(set));
                }
                CommentAction::Continue => {
                    go.with_query(&format!("t={}", comment.id).into())
                        .to(&Route::Post { post: comment.post });
                }
                CommentAction::Reply => doing.set(Doing::Reply(comment.id)),
                CommentAction::Edit => doing.set(Doing::Edit(comment)),
                CommentAction::History => over.set(Over::History(comment.id)),
                CommentAction::Media(index) => over.set(Over::Viewer(comment, index)),
                CommentAction::CopyLink => {
                    copy_link(&format!(
                        "{}?c={}",
                        Route::Post { post: comment.post }.to_path(),
                        comment.id
                    ));
                }
                CommentAction::React(emoji) => {
                    let old = change(&comments, comment.id, |c| {
                        c.reactions = with_mine(&c.reactions, &me, emoji.as_deref());
                    });
                    let set = comments.set.clone();
                    let target = Target::Comment(comment.id);
                    optimistic(React { target, emoji }, move || back(&set, old), |_| {});
                }
                CommentAction::RemoveMention => {
                    let old = change(&comments, comment.id, |c| {
                        c.mentions
                            .iter_mut()
                            .filter(|m| m.person == me.id)
                            .for_each(|m| m.removed = true);
                    });
                    let set = comments.set.clone();
                    let target = Target::Comment(comment.id);
                    optimistic(
                        RemoveMention { target },
                        move || back(&set, old),
                        |_| toasts::done(t!("mention-removed")),
                    );
                }
                CommentAction::Delete => delete(comment.id, comments.refetch.clone()),
            },
        )
    };
    let unread = use_unread(id, props.me.person.id, comments.data.as_ref());
    let edit_by_key = {
        let (on_action, on_edit_post, shown) =
            (on_action.clone(), props.on_edit_post.clone(), Rc::clone(&shown));
        let may = post.may.edit;
        Callback::from(move |comment: Option<String>| {
            let Some(comment) = comment else {
                return if may {
                    on_edit_post.emit(())
                } else {
                    announce::polite(t!("key-edit-not-yours"))
                };
            };
            match shown.iter().find(|c| c.id.to_string() == comment) {
                Some(found) if found.may.edit => on_action.emit((Rc::clone(found), CommentAction::Edit)),
                _ => announce::polite(t!("key-edit-not-yours")),
            }
        })
    };
    let write = post.may.comment.then(|| {
        let focused = focused.clone();
        Callback::from(move |()| focused.set(*focused + 1))
    });
    use_keys(
        &node,
        Deeds {
            write,
            edit: edit_by_key,
        },
    );
    {
        // What was just written is seen.
        let node = node.clone();
        use_effect_with(sending.len(), move |count| {
            let pending = (*count > 0)
                .then(|| node.cast::<Element>())
                .flatten()
                .and_then(|n| {
                    focus::all_in(&n, ".h-comment[data-state='pending']")
                        .into_iter()
                        .next_back()
                });
            if let Some(pending) = pending {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                pending.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }

    let nothing_more = {
        let doing = doing.setter();
        Callback::from(move |()| doing.set(Doing::Nothing))
    };
    let home = AttrValue::from(post.author.home.name.clone());
    let reply = match &*doing {
        Doing::Reply(parent) => {
            let (send, close, parent) = (send.clone(), nothing_more.clone(), *parent);
            let on_send = Callback::from(move |draft: Draft| {
                close.emit(());
                send.emit((draft, Some(parent)));
            });
            Some((
                parent,
                html! {
                    <CommentBox
                        post={id}
                        audience={post.audience}
                        me={props.me.person.clone()}
                        label={t!("comment-reply")}
                        verb={t!("comment-reply")}
                        key={parent.to_string()}
                        place={Some(reply_place(parent))}
                        focused={1}
                        {on_send}
                        on_cancel={Some(nothing_more.clone())}
                    />
                },
            ))
        }
        _ => None,
    };
    let editing = match &*doing {
        Doing::Edit(comment) => Some((
            comment.id,
            edit_box(comment, post, props, &edit, &comments, &nothing_more),
        )),
        _ => None,
    };
    let close = {
        let over = over.setter();
        Callback::from(move |()| over.set(Over::Nothing))
    };
    let over = match (*over).clone() {
        Over::Nothing => Html::default(),
        Over::History(comment) => {
            html! { <HistoryDialog target={Target::Comment(comment)} on_close={close} /> }
        }
        Over::Viewer(comment, start) => match &comment.author {
            Some(author) => html! {
                <ItemsViewer items={visual(&comment.media)} {start} author={author.clone()} at={Some(comment.created_at)} audience={Some(post.audience)} on_close={close} />
            },
            None => Html::default(),
        },
    };
    html! {
        <section class="h-thread" ref={node} aria-label={t!("comments")} data-test="thread">
            if root.is_some() {
                <div><Link to={Route::Post { post: id }} class="h-thread__all"><Icon name={IconName::ArrowLeft} size={IconSize::S} />{ t!("comments-all") }</Link></div>
            }
            { comments.view(html! { <><SkeletonRow /><SkeletonRow /><SkeletonRow /></> }, |_| {
                if shown.is_empty() {
                    return if post.may.comment {
                        html! { <p class="h-thread__none">{ t!("comments-none") }</p> }
                    } else {
                        Html::default()
                    };
                }
                html! {
                    <CommentTree
                        comments={(*shown).clone()}
                        me={props.me.person.id}
                        {home}
                        root={*root}
                        folded={(*folded).clone()}
                        flash={named}
                        unread={Rc::clone(&unread)}
                        {reply}
                        edit={editing}
                        {on_action}
                    />
                }
            }) }
            if post.may.comment {
                <div class="h-thread__write">
                    <CommentBox
                        post={id}
                        audience={post.audience}
                        me={props.me.person.clone()}
                        label={t!("comment-write")}
                        verb={t!("comment-send")}
                        place={Some(AttrValue::from(format!("post:{id}")))}
                        focused={*focused}
                        up={true}
                        on_send={Callback::from(move |draft| send.emit((draft, None)))}
                    />
                </div>
            } else {
                <Banner tone={Tone::Neutral} icon={IconName::Ban} test_id="comments-closed">
                    { if post.kept { t!("post-kept-hint") } else if post.comments_on { t!("comments-not-you") } else { t!("comments-off", "name" => &post.author.name) } }
                </Banner>
            }
            { over }
        </section>
    }
}

/// The box in place of a comment that is being edited.
fn edit_box(
    comment: &Rc<Comment>,
    post: &Rc<Post>,
    props: &ThreadProps,
    edit: &Mutation<EditComment>,
    comments: &Query<Vec<Comment>>,
    close: &Callback<()>,
) -> Html {
    let (edit, close_too, id, version) = (edit.clone(), close.clone(), comment.id, comment.version);
    let post_id = post.id;
    let pending = edit.pending();
    let refetch = comments.refetch.clone();
    let on_send = Callback::from(move |draft: Draft| {
        let text = draft.written.to_wire();
        let (close, refetch, words) = (close_too.clone(), refetch.clone(), draft.written.text.clone());
        let request = EditComment { id, version, text };
        edit.run(request.clone(), move |answer| {
            close.emit(());
            refetch.emit(());
            match answer {
                Ok(_) => {
                    draft.draft.forget();
                    announce::polite(t!("comment-edited"));
                }
                Err(error) => {
                    toasts::not_saved(Again::Edit(post_id, request), &words, &error);
                    draft.draft.forget();
                }
            }
        });
    });
    html! {
        <CommentBox
            post={post.id}
            audience={post.audience}
            me={props.me.person.clone()}
            label={t!("comment-edit")}
            verb={t!("action-save")}
            written={Written::from_wire(&comment.text, &comment.mentions)}
            place={Some(edit_place(comment.id))}
            pictures={false}
            focused={1}
            {pending}
            {on_send}
            on_cancel={Some(close.clone())}
        />
    }
}

fn change(
    comments: &Query<Vec<Comment>>,
    id: CommentId,
    with: impl FnOnce(&mut Comment),
) -> Option<Rc<Vec<Comment>>> {
    comments.change(|all| {
        if let Some(comment) = all.iter_mut().find(|c| c.id == id) {
            with(comment);
        }
    })
}

fn back(set: &Callback<Rc<Vec<Comment>>>, old: Option<Rc<Vec<Comment>>>) {
    if let Some(old) = old {
        set.emit(old);
    }
}

/// Hides a comment at once; it is deleted when nobody undoes it.
fn delete(id: CommentId, refetch: Callback<()>) {
    hide(&id, true);
    let commit = Callback::from(move |()| {
        let refetch = refetch.clone();
        optimistic(
            DeleteComment { id },
            move || hide(&id, false),
            move |_| {
                refetch.emit(());
                hide(&id, false);
            },
        );
    });
    toasts::delayed(
        t!("comment-deleted-toast"),
        commit,
        Callback::from(move |()| hide(&id, false)),
    );
}
