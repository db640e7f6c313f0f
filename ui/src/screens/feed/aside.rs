//! Beside the feed, where there is room: who waits for an answer, and who is there.

use crate::prelude::*;
use hearth_api::people::{ListFriends, ListRequests};

const SHOWN: usize = 8;

/// What else is there.
#[component]
pub(super) fn FeedAside() -> Html {
    // Not asked for where it is not shown.
    let wide = use_media("(min-width: 1100px)");
    let friends = use_query_if(wide.then(ListFriends::default), vec![Topic::Friends]);
    let requests = use_query_if(wide.then(ListRequests::default), vec![Topic::Friends]);
    if !wide {
        return Html::default();
    }
    let waiting = requests
        .data
        .as_ref()
        .map(|r| r.incoming.clone())
        .unwrap_or_default();
    html! {
        <aside class="h-feed__aside" aria-label={t!("feed-aside")}>
            if !waiting.is_empty() {
                <section class="l-stack u-gap-8">
                    <h2>{ t!("nav-requests") }</h2>
                    <div class="h-feed__people">
                        { for waiting.iter().take(3).map(|request| html! {
                            <Link key={request.person.id.to_string()} to={Route::Requests} class="h-feed__person">
                                <PersonAvatar person={request.person.clone()} size={AvatarSize::S} />
                                <span class="l-grow u-truncate"><bdi>{ request.person.name.clone() }</bdi></span>
                                <Badge tone={Tone::Accent}>{ t!("request-new") }</Badge>
                            </Link>
                        }) }
                    </div>
                </section>
            }
            if let Some(friends) = &friends.data {
                if friends.is_empty() {
                    <section class="l-stack u-gap-8">
                        <h2>{ t!("nav-friends") }</h2>
                        <p class="u-sm u-text-2">{ t!("feed-aside-alone") }</p>
                        <div><ButtonLink to={Route::Friends} size={Size::S} start={IconName::UserPlus}>{ t!("feed-empty-friends") }</ButtonLink></div>
                    </section>
                } else {
                    <section class="l-stack u-gap-8">
                        <h2>{ t!("nav-friends") }</h2>
                        <div class="h-feed__people">
                            { for friends.iter().take(SHOWN).map(|row| html! {
                                <Link key={row.person.id.to_string()} to={Route::Profile { person: row.person.id }} class="h-feed__person">
                                    <PersonAvatar person={row.person.clone()} size={AvatarSize::S} />
                                    <span class="l-grow u-truncate"><bdi>{ row.person.name.clone() }</bdi></span>
                                    if !row.person.home.own { <span class="u-xs u-text-3 u-truncate"><bdi>{ row.person.home.name.clone() }</bdi></span> }
                                </Link>
                            }) }
                        </div>
                        if friends.len() > SHOWN {
                            <Link to={Route::Friends}>{ t!("feed-aside-all", "count" => friends.len()) }</Link>
                        }
                    </section>
                }
            }
        </aside>
    }
}
