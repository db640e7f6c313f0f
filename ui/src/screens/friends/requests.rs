//! Requests that wait for an answer, in and out. One press accepts.

use super::friendship::answered;
use crate::components::RequestRow;
use crate::prelude::*;
use hearth_api::PersonId;
use hearth_api::people::{AnswerFriend, FriendAnswer, FriendRequest, Requests};
use web_sys::{Element, HtmlElement};

/// Properties of [`RequestsList`].
#[derive(Properties)]
pub(super) struct RequestsListProps {
    /// The requests.
    pub(super) requests: Query<Requests>,
}

impl PartialEq for RequestsListProps {
    fn eq(&self, _: &Self) -> bool {
        // A query is made anew each time; what it holds is compared below.
        false
    }
}

/// Requests in and out.
#[component]
pub(super) fn RequestsList(props: &RequestsListProps) -> Html {
    let node = use_node_ref();
    let requests = &props.requests;
    let on_answer = {
        let requests = requests.clone();
        Callback::from(move |(person, answer): (PersonId, FriendAnswer)| {
            let named = requests.data.as_ref().and_then(|r| {
                r.incoming
                    .iter()
                    .chain(&r.outgoing)
                    .find(|q| q.person.id == person)
                    .map(|q| q.person.name.clone())
            });
            let before = requests.change(|all| {
                all.incoming.retain(|r| r.person.id != person);
                all.outgoing.retain(|r| r.person.id != person);
            });
            let (set, refetch) = (requests.set.clone(), requests.refetch.clone());
            optimistic(
                AnswerFriend { person, answer },
                move || {
                    if let Some(before) = before {
                        set.emit(before);
                    }
                },
                move |_| {
                    toasts::done(answered(&named.unwrap_or_default(), answer));
                    refetch.emit(());
                },
            );
        })
    };
    use_keys(&node);
    requests.view(html! { <><SkeletonRow /><SkeletonRow /></> }, |all| {
        if all.incoming.is_empty() && all.outgoing.is_empty() {
            return html! {
                <EmptyState icon={IconName::Inbox} title={t!("requests-empty-title")} text={t!("requests-empty-text")} test_id="requests-empty">
                    <ButtonLink to={Route::Friends} start={IconName::Search}>{ t!("requests-empty-do") }</ButtonLink>
                </EmptyState>
            };
        }
        let list = |requests: &[FriendRequest], incoming: bool| -> Html {
            requests
                .iter()
                .map(|request| html! {
                    <li key={request.person.id.to_string()}><RequestRow request={request.clone()} {incoming} on_answer={on_answer.clone()} /></li>
                })
                .collect()
        };
        html! {
            <div class="l-stack u-gap-32" ref={node}>
                if !all.incoming.is_empty() {
                    <Section title={t!("requests-in")}><ul class="l-stack u-gap-12">{ list(&all.incoming, true) }</ul></Section>
                }
                if !all.outgoing.is_empty() {
                    <Section title={t!("requests-out")} hint={Some(t!("requests-out-hint"))}><ul class="l-stack u-gap-12">{ list(&all.outgoing, false) }</ul></Section>
                }
            </div>
        }
    })
}

/// The request that has the focus, or the first that waits.
fn current(node: &NodeRef) -> Option<HtmlElement> {
    let all = focus::all_in(&node.cast::<Element>()?, ".h-request[data-incoming]");
    let here = focus::active();
    all.iter()
        .find(|r| here.as_ref().is_some_and(|h| r.contains(Some(h))))
        .or(all.first())
        .cloned()
}

/// The keys of the requests: accept, decline, next, previous.
#[hook]
fn use_keys(node: &NodeRef) {
    let press = |selector: &'static str| {
        let node = node.clone();
        Callback::from(move |()| {
            let button = current(&node).and_then(|r| focus::all_in(&r, selector).into_iter().next());
            if let Some(button) = button {
                button.click();
            }
        })
    };
    let step = |forward: bool| {
        let node = node.clone();
        Callback::from(move |()| focus::step_among(&node, ".h-request", forward))
    };
    use_commands(vec![
        KeyCommand::key(Key::Accept, press("[data-do='accept'] button")),
        KeyCommand::key(Key::Decline, press("[data-do='decline'] button")),
        KeyCommand::key(Key::Next, step(true)).named("key-next-request"),
        KeyCommand::key(Key::Previous, step(false)).named("key-previous-request"),
    ]);
}
