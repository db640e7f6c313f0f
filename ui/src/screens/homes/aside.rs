//! What waits between this home and another, and what either did not take: the kind of thing, since when and why.

use super::health::OverProps;
use crate::components::home_card::{code_text, home_name};
use crate::prelude::*;
use hearth_api::homes::{Aside, AsideItem, AsideList, GetAside, Travelling};

/// The lists, for those who run the home.
#[component]
pub(super) fn WhatWaits(props: &OverProps) -> Html {
    let aside = use_query(
        GetAside {
            home: props.home.id.clone(),
        },
        vec![Topic::Homes],
    );
    let close = props.on_close.reform(|_: MouseEvent| ());
    let body = aside.view(
        html! { <div class="l-stack u-gap-12"><SkeletonBox height="24px" /><SkeletonBox height="24px" /></div> },
        |data| lists(data),
    );
    html! {
        <Dialog title={t!("home-aside-title", "name" => home_name(&props.home))} on_close={props.on_close.clone()} test_id="aside"
            footer={html! { <Button on_click={close}>{ t!("action-close") }</Button> }}>
            <div class="l-stack u-gap-24">{ body }</div>
        </Dialog>
    }
}

fn lists(data: &Aside) -> Html {
    let all = [
        (
            t!("home-aside-refused-there"),
            "refused-there",
            &data.refused_there,
        ),
        (t!("home-aside-refused-here"), "refused-here", &data.refused_here),
        (t!("home-aside-outgoing"), "outgoing", &data.outgoing),
        (t!("home-aside-incoming"), "incoming", &data.incoming),
    ];
    if all.iter().all(|(_, _, list)| list.count == 0) {
        return html! { <p data-test="aside-nothing">{ t!("home-aside-nothing") }</p> };
    }
    html! {
        <>
            { for all.into_iter().filter(|(_, _, list)| list.count > 0).map(|(title, name, list)| section(&title, name, list)) }
            <p class="u-sm u-text-2">{ t!("home-aside-hint") }</p>
        </>
    }
}

fn section(title: &AttrValue, name: &str, list: &AsideList) -> Html {
    let shown = u64::try_from(list.items.len()).unwrap_or(u64::MAX);
    let more = list.count.saturating_sub(shown);
    html! {
        <section class="l-stack u-gap-8" data-test={format!("aside-{name}")}>
            <h3 class="u-medium">{ title.clone() }</h3>
            <ul class="h-aside">{ for list.items.iter().map(row) }</ul>
            if more > 0 { <p class="u-sm u-text-2">{ t!("home-aside-more", "count" => more) }</p> }
        </section>
    }
}

fn row(item: &AsideItem) -> Html {
    let what = match item.what {
        Travelling::Post => t!("home-thing-post"),
        Travelling::PostEdit => t!("home-thing-post-edit"),
        Travelling::PostDeletion => t!("home-thing-post-deletion"),
        Travelling::PostRetraction => t!("home-thing-post-retraction"),
        Travelling::PostComments => t!("home-thing-post-comments"),
        Travelling::Comment => t!("home-thing-comment"),
        Travelling::CommentEdit => t!("home-thing-comment-edit"),
        Travelling::CommentDeletion => t!("home-thing-comment-deletion"),
        Travelling::Mention => t!("home-thing-mention"),
        Travelling::Reaction => t!("home-thing-reaction"),
        Travelling::Profile => t!("home-thing-profile"),
        Travelling::ProfileDeletion => t!("home-thing-profile-deletion"),
        Travelling::Friendship => t!("home-thing-friendship"),
        Travelling::Home => t!("home-thing-home"),
        Travelling::Other => t!("home-thing-other"),
    };
    html! {
        <li class="h-aside__row">
            <span>{ what }</span>
            <span class="u-sm u-text-2"><RelativeTime at={item.at} /></span>
            if let Some(code) = &item.reason { <span class="h-aside__why u-sm">{ code_text(code) }</span> }
        </li>
    }
}
