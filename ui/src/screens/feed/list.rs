//! Posts one under the other: drawn near the view only, walked by keys, with the line of what was seen.

use super::actions::use_post_actions;
use super::live::LiveFeed;
use super::outbox::{Outgoing, use_hidden};
use crate::components::{PostAction, PostCard, PostShape};
use crate::prelude::*;
use hearth_api::feed::Post;
use hearth_api::{PersonId, Timestamp};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew_router::Routable;

/// What stands under the last post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Ending {
    /// That the reader is at the end of everything.
    #[default]
    CaughtUp,
    /// Nothing.
    Nothing,
}

/// Properties of [`FeedList`].
#[derive(Properties, PartialEq)]
pub(crate) struct FeedListProps {
    /// The feed.
    pub(crate) feed: LiveFeed,
    /// What the list is about.
    pub(crate) label: AttrValue,
    /// Where the place is remembered.
    pub(crate) memory: AttrValue,
    /// Posts on their way, above all others.
    #[prop_or_default]
    pub(crate) sending: Rc<Vec<Rc<Outgoing>>>,
    /// Up to when everything was seen on the last visit.
    #[prop_or_default]
    pub(crate) seen: Option<Timestamp>,
    /// What stands under the last post.
    #[prop_or_default]
    pub(crate) ending: Ending,
    /// Drawn when there is no post.
    #[prop_or_default]
    pub(crate) empty: Html,
}

/// The rows that are drawn.
#[derive(Debug, Clone, PartialEq)]
enum Row {
    Sending(Rc<Post>),
    Post(Rc<Post>),
    Seen(Timestamp),
    Foot,
}

impl Row {
    fn key(&self) -> Rc<str> {
        match self {
            Self::Sending(post) => format!("sending {}", post.id).into(),
            Self::Post(post) => post.id.to_string().into(),
            Self::Seen(_) => "seen".into(),
            Self::Foot => "foot".into(),
        }
    }
}

/// The rows of a feed: the line of what was seen stands above the first post that was, when something newer is above it.
fn rows(posts: &[Rc<Post>], sending: &[Rc<Outgoing>], seen: Option<Timestamp>, me: PersonId) -> Vec<Row> {
    let mut all: Vec<Row> = sending
        .iter()
        .rev()
        .map(|o| Row::Sending(Rc::clone(&o.post)))
        .collect();
    let mut line = seen;
    // What one wrote oneself is not news.
    let mut news = false;
    for post in posts {
        if let Some(at) = line
            && post.created_at <= at
        {
            line = None;
            if news {
                all.push(Row::Seen(at));
            }
        }
        news |= post.author.id != me;
        all.push(Row::Post(Rc::clone(post)));
    }
    all.push(Row::Foot);
    all
}

/// Posts one under the other.
#[component]
pub(crate) fn FeedList(props: &FeedListProps) -> Html {
    let feed = &props.feed;
    let hidden = use_hidden();
    let me = use_me().map_or(PersonId(uuid::Uuid::nil()), |m| m.person.id);
    let go = use_go();
    let node = use_node_ref();
    let actions = use_post_actions(feed.patch.clone());

    let rows = use_memo(
        (
            Rc::clone(&feed.state),
            Rc::clone(&props.sending),
            Rc::clone(&hidden),
            props.seen,
            me,
        ),
        |(state, sending, hidden, seen, me)| {
            let posts: Vec<_> = state
                .posts
                .iter()
                .filter(|p| !hidden.contains(&p.id.0))
                .cloned()
                .collect();
            rows(&posts, sending, *seen, *me)
        },
    );
    let keys = use_memo(Rc::clone(&rows), |rows| {
        Rc::new(rows.iter().map(Row::key).collect::<Vec<Rc<str>>>())
    });
    let row = {
        let foot = (
            feed.state.is_whole(),
            feed.state.busy,
            feed.state.error.clone(),
            props.ending,
        );
        let reload = feed.more.clone();
        let retry = feed.reload.clone();
        use_callback(
            (Rc::clone(&rows), me, actions.act.clone(), foot),
            move |(index, _): (usize, Rc<str>), (rows, me, act, foot)| match rows.get(index) {
                Some(Row::Sending(post)) => {
                    html! { <PostCard post={Rc::clone(post)} me={*me} pending={true} /> }
                }
                Some(Row::Post(post)) => html! {
                    <PostCard post={Rc::clone(post)} me={*me} shape={PostShape::Feed} on_action={act.clone()} position={Some(index + 1)} />
                },
                Some(Row::Seen(at)) => html! {
                    <p class="h-feed__seen" data-test="seen">{ t!("feed-seen", "time" => seen_words(*at)) }</p>
                },
                Some(Row::Foot) => foot_view(foot, &reload, &retry),
                None => Html::default(),
            },
        )
    };
    use_keys(&node, &feed.state.posts, &actions.act);
    let onkeydown = {
        let go = go.clone();
        Callback::from(move |event: KeyboardEvent| {
            let Some(target) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) else {
                return;
            };
            if !keys::is(Key::Open, &event) || !target.matches(".h-post-card").unwrap_or(false) {
                return;
            }
            if let Some(post) = target.get_attribute("data-post").and_then(|id| id.parse().ok()) {
                event.prevent_default();
                go.to_path(&Route::Post { post }.to_path());
            }
        })
    };
    let nothing = rows.len() <= 1;
    html! {
        <div class="h-feed__list" ref={node} {onkeydown}>
            if !feed.state.loaded {
                if let Some(error) = &feed.state.error {
                    <ErrorPanel error={error.clone()} on_retry={Some(feed.reload.clone())} />
                } else {
                    <Skeleton><div class="l-stack"><SkeletonCard /><SkeletonCard /></div></Skeleton>
                }
            } else if nothing && feed.state.is_whole() {
                { props.empty.clone() }
            } else {
                <VirtualList
                    keys={(*keys).clone()}
                    {row}
                    label={props.label.clone()}
                    role={ListRole::Feed}
                    estimate={320.0}
                    gap={16.0}
                    memory={props.memory.clone()}
                    on_near_end={feed.more.clone()}
                    busy={feed.state.busy}
                />
            }
            { actions.over }
        </div>
    }
}

fn seen_words(at: Timestamp) -> AttrValue {
    let now = when::now();
    match when::age(now, at) {
        when::Age::JustNow | when::Age::Minutes(_) | when::Age::Hours(_)
            if when::day(now, at) == when::day(now, now) =>
        {
            when::clock(at).into()
        }
        when::Age::DayMonth | when::Age::Full => when::day(now, at),
        _ => when::format(
            at,
            &[("weekday", "short"), ("hour", "numeric"), ("minute", "2-digit")],
        )
        .into(),
    }
}

type Foot = (bool, bool, Option<hearth_api::ApiError>, Ending);

fn foot_view((whole, busy, error, ending): &Foot, more: &Callback<()>, retry: &Callback<()>) -> Html {
    if let Some(error) = error {
        return html! { <ErrorPanel error={error.clone()} on_retry={Some(retry.clone())} /> };
    }
    if *busy {
        return html! { <Skeleton><SkeletonCard /></Skeleton> };
    }
    match (whole, ending) {
        (true, Ending::CaughtUp) => html! {
            <div class="h-feed__end" data-test="caught-up">
                <Icon name={IconName::Coffee} size={IconSize::L} />
                <p>{ t!("feed-end-title") }</p>
                <p>{ t!("feed-end-text") }</p>
            </div>
        },
        (true, Ending::Nothing) => Html::default(),
        (false, _) => html! {
            <div class="h-feed__end"><Button variant={Variant::Quiet} on_click={more.reform(|_: MouseEvent| ())}>{ t!("feed-more") }</Button></div>
        },
    }
}

/// The cards that are drawn, in order.
fn cards(node: &NodeRef) -> Vec<HtmlElement> {
    node.cast::<Element>()
        .map(|n| focus::all_in(&n, ".h-post-card"))
        .unwrap_or_default()
}

/// The card that has the focus, or the first one that can be seen.
pub(crate) fn current_card(cards: &[HtmlElement]) -> Option<usize> {
    let here = focus::active();
    let focused = cards
        .iter()
        .position(|c| here.as_ref().is_some_and(|h| c.contains(Some(h))));
    focused.or_else(|| {
        cards
            .iter()
            .position(|c| c.get_bounding_client_rect().bottom() > 140.0)
    })
}

/// The keys of a feed: on, back, comment, edit, fold, react.
#[hook]
fn use_keys(node: &NodeRef, posts: &[Rc<Post>], act: &Callback<(Rc<Post>, PostAction)>) {
    let step = |forward: bool| {
        let node = node.clone();
        Callback::from(move |()| {
            let cards = cards(&node);
            let here = focus::active();
            let focused = cards
                .iter()
                .position(|c| here.as_ref() == Some(c) || here.as_ref().is_some_and(|h| c.contains(Some(h))));
            let to = match (focused, forward) {
                (Some(at), true) => Some(at + 1),
                (Some(at), false) => at.checked_sub(1),
                (None, _) => current_card(&cards),
            };
            if let Some(card) = to.and_then(|to| cards.get(to)) {
                focus::focus_quietly(card);
                card.scroll_into_view();
            }
        })
    };
    let press = |selector: &'static str| {
        let node = node.clone();
        Callback::from(move |()| {
            let cards = cards(&node);
            let button = current_card(&cards)
                .and_then(|at| cards.get(at))
                .and_then(|card| focus::all_in(card, selector).into_iter().next());
            if let Some(button) = button {
                button.click();
            }
        })
    };
    let edit = {
        let (node, act, posts) = (node.clone(), act.clone(), posts.to_vec());
        Callback::from(move |()| {
            let cards = cards(&node);
            let id = current_card(&cards)
                .and_then(|at| cards.get(at))
                .and_then(|card| card.get_attribute("data-post"));
            match posts.iter().find(|p| Some(p.id.to_string()) == id) {
                Some(post) if post.may.edit => act.emit((Rc::clone(post), PostAction::Edit)),
                Some(_) => announce::polite(t!("key-edit-not-yours")),
                None => {}
            }
        })
    };
    use_commands(vec![
        KeyCommand::key(Key::Next, step(true)).named("key-next-post"),
        KeyCommand::key(Key::Previous, step(false)).named("key-previous-post"),
        KeyCommand::key(Key::Reply, press("[data-test='comments']")),
        KeyCommand::key(Key::Edit, edit),
        KeyCommand::key(Key::Fold, press("[data-do='fold'] button")),
        KeyCommand::key(Key::React, press("[data-test='react']")),
    ]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_api::PostId;
    use hearth_api::feed::{Audience, Rights};
    use hearth_api::people::{HomeRef, PersonCard};

    fn post(n: u8) -> Rc<Post> {
        Rc::new(Post {
            id: PostId::from_bytes([n; 16]),
            author: PersonCard {
                id: PersonId::from_bytes([1; 16]),
                name: "P".into(),
                home: HomeRef {
                    id: "a".repeat(52).parse().unwrap(),
                    name: "Home".into(),
                    own: true,
                },
                picture: None,
            },
            audience: Audience::Friends,
            text: String::new(),
            mentions: Vec::new(),
            media: Vec::new(),
            created_at: Timestamp(i64::from(n)),
            edited_at: None,
            version: 1,
            reactions: Vec::new(),
            comment_count: 0,
            last_comments: Vec::new(),
            comments_on: true,
            delivery: None,
            kept: false,
            may: Rights::default(),
        })
    }

    #[test]
    fn the_line_of_what_was_seen_stands_between_new_and_old() {
        let posts = [post(9), post(8), post(7)];
        let with = |seen: Option<i64>, me: u8| {
            rows(&posts, &[], seen.map(Timestamp), PersonId::from_bytes([me; 16]))
                .iter()
                .position(|r| matches!(r, Row::Seen(_)))
        };
        let at = |seen| with(seen, 9);
        assert_eq!(at(Some(8)), Some(1));
        assert_eq!(with(Some(8), 1), None, "one's own posts are not news");
        assert_eq!(at(Some(9)), None, "nothing is new");
        assert_eq!(at(Some(1)), None, "everything here is new");
        assert_eq!(at(None), None);
        let all = rows(&posts, &[], None, PersonId::from_bytes([9; 16]));
        assert_eq!(all.last(), Some(&Row::Foot));
    }
}
