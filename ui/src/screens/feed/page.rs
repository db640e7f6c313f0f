//! The feed with its choice, the box to write in, and what is new.

use super::aside::FeedAside;
use super::compose::{ComposeFor, Composer};
use super::list::FeedList;
use super::live::use_feed;
use super::outbox::{take_refused, use_outbox};
use crate::frame::nav;
use crate::kit::dom;
use crate::prelude::*;
use hearth_api::Timestamp;
use hearth_api::feed::{Feed, Post};
use hearth_api::session::Me;
use std::cell::RefCell;
use web_sys::HtmlElement;

/// Properties of [`FeedPage`].
#[derive(Properties, PartialEq)]
pub struct FeedPageProps {
    /// Whether the composer is open because the address says so.
    #[prop_or_default]
    pub compose: bool,
}

/// Writing a post: the feed with the composer over it.
#[component]
pub fn ComposePage() -> Html {
    html! { <FeedPage compose={true} /> }
}

/// The feed.
#[component]
pub fn FeedPage(props: &FeedPageProps) -> Html {
    let feed = use_state_eq(|| CHOICE.get());
    let writing = use_state_eq(|| None::<ComposeFor>);
    let scroller = use_node_ref();
    let go = use_go();
    let me = use_me();
    {
        let writing = writing.clone();
        use_effect_with(props.compose, move |compose| {
            if *compose && writing.is_none() {
                // Whoever reloads this page, or comes back to it, goes on with what was there.
                let back = nav::is_return() || nav::began_here();
                writing.set(Some(if back {
                    ComposeFor::Resumed
                } else {
                    ComposeFor::New
                }));
            }
        });
    }
    let open = {
        let writing = writing.setter();
        Callback::from(move |()| writing.set(Some(ComposeFor::New)))
    };
    let close = {
        let (writing, go, by_address) = (writing.setter(), go.clone(), props.compose);
        Callback::from(move |()| {
            writing.set(None);
            if by_address {
                go.back_or(&Route::Feed);
            }
        })
    };
    let on_refused = {
        let writing = writing.clone();
        Callback::from(move |again: ComposeFor| {
            // Something else is being written: the refused one waits in its draft.
            if writing.is_none() {
                writing.set(Some(again));
            }
        })
    };
    use_commands(vec![KeyCommand::with_key(
        Key::NewPost,
        IconName::Pencil,
        open.clone(),
    )]);
    let choose = |to: Feed| {
        let feed = feed.setter();
        Callback::from(move |_: MouseEvent| {
            CHOICE.set(to);
            feed.set(to);
        })
    };
    let header = html! {
        <div class="l-cluster" role="group" aria-label={t!("feed-choose")}>
            <Chip icon={IconName::Users} pressed={*feed == Feed::Home} on_click={choose(Feed::Home)} test_id="feed-home">{ t!("feed-home") }</Chip>
            <Chip icon={IconName::Globe} pressed={*feed == Feed::Public} on_click={choose(Feed::Public)} test_id="feed-public">{ t!("feed-public") }</Chip>
        </div>
    };
    html! {
        <Page title={t!("nav-home")} keep_scroll={false} scroller={scroller.clone()} test_id="feed">
            <div class="h-feed__columns">
                <div>
                    if let Some(me) = me {
                        <FeedColumn
                            key={if *feed == Feed::Home { "home" } else { "public" }}
                            feed={*feed}
                            {me}
                            {header}
                            scroller={scroller.clone()}
                            on_write={open}
                            {on_refused}
                        />
                    }
                </div>
                <FeedAside />
            </div>
            if let Some(what) = (*writing).clone() {
                <Composer {what} on_sent={close.clone()} on_close={close} />
            }
        </Page>
    }
}

thread_local! {
    static CHOICE: std::cell::Cell<Feed> = const { std::cell::Cell::new(Feed::Home) };
    /// Up to when everything was seen, as the last visit left it; the same for the life of the page.
    static SEEN: RefCell<Option<(String, Option<Timestamp>)>> = const { RefCell::new(None) };
}

/// Where this browser keeps up to when a person has seen the feed.
fn seen_key(me: &Me) -> String {
    format!("feed-seen-{}", me.person.id)
}

/// Up to when everything was seen before this visit.
fn seen_before(me: &Me) -> Option<Timestamp> {
    let key = seen_key(me);
    SEEN.with_borrow_mut(|seen| {
        if let Some((of, at)) = seen
            && *of == key
        {
            return *at;
        }
        let at = dom::stored(&key)
            .and_then(|text| text.parse().ok())
            .map(Timestamp);
        *seen = Some((key, at));
        at
    })
}

/// How many posts are new; only a page of them is known.
fn new_posts(count: u32, more: bool) -> AttrValue {
    if more {
        t!("feed-new-more", "count" => count)
    } else {
        t!("feed-new", "count" => count)
    }
}

#[derive(Properties, PartialEq)]
struct FeedColumnProps {
    feed: Feed,
    me: Me,
    header: Html,
    scroller: NodeRef,
    on_write: Callback<()>,
    on_refused: Callback<ComposeFor>,
}

/// One feed. Keyed by which: it never changes under it.
#[component]
fn FeedColumn(props: &FeedColumnProps) -> Html {
    let live = use_feed(props.feed);
    let home = props.feed == Feed::Home;
    let sent = {
        let patch = live.patch.clone();
        use_callback(patch, |post: Rc<Post>, patch| {
            patch.emit(super::Patch::Insert(post))
        })
    };
    let (sending, refused) = use_outbox(sent);
    {
        let on_refused = props.on_refused.clone();
        use_effect_with(refused, move |refused| {
            if let Some(refused) = refused {
                take_refused();
                on_refused.emit(ComposeFor::Again(Rc::clone(refused)));
            }
        });
    }
    {
        let newest = live.state.posts.first().map(|p| p.created_at).filter(|_| home);
        let key = seen_key(&props.me);
        use_effect_with(newest, move |newest| {
            if let Some(newest) = newest {
                dom::store(&key, Some(&newest.0.to_string()));
            }
        });
    }
    // Read before the newest is kept.
    let seen = use_memo(props.me.clone(), seen_before);
    let fresh = u32::try_from(live.state.fresh.len()).unwrap_or(u32::MAX);
    let more = live.state.more_is_new();
    let show_fresh = {
        let (show, scroller) = (live.show_fresh.clone(), props.scroller.clone());
        Callback::from(move |()| {
            show.emit(());
            if let Some(pane) = scroller.cast::<HtmlElement>() {
                pane.set_scroll_top(0);
            }
        })
    };
    {
        let announced = use_mut_ref(|| 0);
        use_effect_with(fresh, move |fresh| {
            if *fresh > announced.replace(*fresh) {
                announce::polite(new_posts(*fresh, more));
            }
        });
    }
    use_commands(vec![KeyCommand::key(Key::ShowNew, show_fresh.clone())]);
    let write = props.on_write.reform(|_: MouseEvent| ());
    let person = props.me.person.clone();
    let empty = if home {
        html! {
            <EmptyState icon={IconName::House} title={t!("feed-empty-title")} text={t!("feed-empty-text")} test_id="feed-empty">
                <Button variant={Variant::Filled} start={IconName::Pencil} on_click={write.clone()}>{ t!("feed-empty-write") }</Button>
                <ButtonLink to={Route::Friends} start={IconName::UserPlus}>{ t!("feed-empty-friends") }</ButtonLink>
                <ButtonLink to={Route::Pair} start={IconName::Handshake}>{ t!("command-pair") }</ButtonLink>
            </EmptyState>
        }
    } else {
        html! { <EmptyState icon={IconName::Globe} title={t!("feed-public-empty-title")} text={t!("feed-public-empty-text")} /> }
    };
    html! {
        <>
            <div class="h-feed__top">
                { props.header.clone() }
                <button type="button" class="h-feed__share" onclick={write} data-test="share-something">
                    <PersonAvatar person={person} />
                    <span class="h-feed__prompt">{ t!("feed-share") }</span>
                    <span class="h-feed__pencil" aria-hidden="true"><Icon name={IconName::ImagePlus} /></span>
                </button>
            </div>
            <NewItemsPill count={fresh} label={new_posts(fresh, more)} on_click={show_fresh.reform(|_: MouseEvent| ())} />
            <FeedList
                feed={live}
                label={if home { t!("feed-home") } else { t!("feed-public") }}
                memory={if home { "feed-home" } else { "feed-public" }}
                {sending}
                seen={seen.filter(|_| home)}
                {empty}
            />
        </>
    }
}
