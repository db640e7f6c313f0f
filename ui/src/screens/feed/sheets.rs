//! What opens beside a post: its delivery, its earlier versions.

use crate::components::DeliverySheet;
use crate::prelude::*;
use hearth_api::feed::{GetDelivery, GetHistory, RetryDelivery, Target};
use hearth_api::{HomeId, PostId};

/// Properties of [`DeliveryDialog`].
#[derive(Properties, PartialEq)]
pub(super) struct DeliveryDialogProps {
    pub(super) post: PostId,
    pub(super) on_close: Callback<()>,
}

/// Home by home where a post has arrived.
#[component]
pub(super) fn DeliveryDialog(props: &DeliveryDialogProps) -> Html {
    let id = props.post;
    let deliveries = use_query(GetDelivery { id }, vec![Topic::Delivery(id), Topic::Homes]);
    let retry = use_mutation::<RetryDelivery>();
    let trying = use_state_eq(|| None::<HomeId>);
    let on_retry = {
        let (retry, trying, refetch) = (retry.clone(), trying.clone(), deliveries.refetch.clone());
        Callback::from(move |home: HomeId| {
            let refetch = refetch.clone();
            trying.set(Some(home.clone()));
            let done = trying.setter();
            retry.run_or_toast(RetryDelivery { id, home }, move |_| {
                done.set(None);
                announce::polite(t!("delivery-tried"));
                refetch.emit(());
            });
        })
    };
    let trying = (*trying).clone().filter(|_| retry.pending());
    html! {
        <Sheet title={t!("delivery-title")} on_close={props.on_close.clone()} test_id="delivery-sheet">
            <div class="l-stack">
                <p class="u-text-2">{ t!("delivery-intro") }</p>
                { deliveries.view(html! { <><SkeletonRow /><SkeletonRow /></> }, |list| html! {
                    <DeliverySheet deliveries={Rc::clone(list)} {trying} {on_retry} />
                }) }
            </div>
        </Sheet>
    }
}

/// Properties of [`HistoryDialog`].
#[derive(Properties, PartialEq)]
pub(crate) struct HistoryDialogProps {
    pub(crate) target: Target,
    pub(crate) on_close: Callback<()>,
}

/// The earlier versions of a post or comment.
#[component]
pub(crate) fn HistoryDialog(props: &HistoryDialogProps) -> Html {
    let versions = use_query(GetHistory { target: props.target }, vec![]);
    html! {
        <Sheet title={t!("history-title")} on_close={props.on_close.clone()} test_id="history">
            { versions.view(html! { <><SkeletonRow /><SkeletonRow /></> }, |list| {
                if list.is_empty() {
                    return html! { <p class="u-text-2">{ t!("history-none") }</p> };
                }
                html! {
                    <ol class="h-history">
                        { for list.iter().map(|version| html! {
                            <li key={version.version} class="h-history__one">
                                <p class="u-sm u-text-3"><RelativeTime at={version.at} /></p>
                                <Markdown text={version.text.clone()} />
                            </li>
                        }) }
                    </ol>
                }
            }) }
        </Sheet>
    }
}
