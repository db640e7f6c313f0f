//! Notifications: grouped by day, opened where they belong, friend requests answered in place.

use crate::prelude::*;
use hearth_api::notify::{ListNotifications, MarkRead, Notification, NotificationType};
use hearth_api::people::{AnswerFriend, FriendAnswer, ListRequests};
use hearth_api::{ApiError, NotificationId, PersonId};

/// Notifications.
#[component]
pub fn NotificationsPage() -> Html {
    let first = use_query(ListNotifications::default(), vec![Topic::Notifications]);
    let requests = use_query(ListRequests::default(), vec![Topic::Friends]);
    let me = use_me();
    // Later pages, and where to go on after them.
    let later = use_state(|| (Rc::new(Vec::<Notification>::new()), None::<String>));
    let more_busy = use_state_eq(|| false);
    let more_error = use_state_eq(|| None::<ApiError>);
    let now = when::use_now();

    let next = if later.0.is_empty() {
        first.data.as_ref().and_then(|p| p.next.clone())
    } else {
        later.1.clone()
    };
    let more = {
        let (later, busy, failed, next) = (
            later.clone(),
            more_busy.clone(),
            more_error.setter(),
            next.clone(),
        );
        Callback::from(move |()| {
            let Some(cursor) = next.clone().filter(|_| !*busy) else {
                return;
            };
            busy.set(true);
            failed.set(None);
            let (later, busy, failed) = (later.clone(), busy.setter(), failed.clone());
            wasm_bindgen_futures::spawn_local(async move {
                match ask(ListNotifications { cursor: Some(cursor) }).await {
                    Ok(page) => {
                        let mut all = (*later.0).clone();
                        all.extend(page.items);
                        later.set((Rc::new(all), page.next));
                    }
                    Err(error) => failed.set(Some(error)),
                }
                busy.set(false);
            });
        })
    };
    let mark = {
        let (first, later) = (first.clone(), later.clone());
        Callback::from(move |id: Option<NotificationId>| {
            let hits = |n: &Notification| id.is_none_or(|id| n.id == id);
            let old = first.change(|page| {
                page.items
                    .iter_mut()
                    .filter(|n| hits(n))
                    .for_each(|n| n.read = true)
            });
            let old_later = (*later).clone();
            let mut all = (*old_later.0).clone();
            all.iter_mut().filter(|n| hits(n)).for_each(|n| n.read = true);
            later.set((Rc::new(all), old_later.1.clone()));
            let (set, later) = (first.set.clone(), later.setter());
            let back = move || {
                if let Some(old) = old {
                    set.emit(old);
                }
                later.set(old_later);
            };
            optimistic(MarkRead { id, post: None }, back, |_| ());
        })
    };
    let node = use_node_ref();
    use_keys(&node);
    let mark_all = mark.reform(|_: MouseEvent| None);
    let waiting: Vec<PersonId> = requests
        .data
        .iter()
        .flat_map(|r| r.incoming.iter())
        .map(|r| r.person.id)
        .collect();
    let answer = {
        let (mark, requests) = (mark.clone(), requests.clone());
        Callback::from(
            move |(id, person, name, yes): (NotificationId, PersonId, String, bool)| {
                let old = requests.change(|r| r.incoming.retain(|q| q.person.id != person));
                let set = requests.set.clone();
                let back = move || {
                    if let Some(old) = old {
                        set.emit(old);
                    }
                };
                mark.emit(Some(id));
                let answer = if yes {
                    FriendAnswer::Accept
                } else {
                    FriendAnswer::Decline
                };
                optimistic(AnswerFriend { person, answer }, back, move |_| {
                    toasts::done(if yes {
                        t!("notice-now-friends", "name" => name)
                    } else {
                        t!("notice-declined", "name" => name)
                    });
                });
            },
        )
    };
    let unread = me.as_ref().map_or(0, |m| m.unread);
    let body = first.view(html! { <><SkeletonRow /><SkeletonRow /><SkeletonRow /><SkeletonRow /></> }, |page| {
        let mut all: Vec<Notification> = page.items.clone();
        all.extend(later.0.iter().filter(|n| !page.items.iter().any(|f| f.id == n.id)).cloned());
        if all.is_empty() {
            return html! {
                <EmptyState icon={IconName::Bell} title={t!("notice-empty-title")} text={t!("notice-empty-text")} test_id="notifications-empty">
                    <ButtonLink to={Route::Feed}>{ t!("action-to-feed") }</ButtonLink>
                </EmptyState>
            };
        }
        let mut days: Vec<(AttrValue, Vec<Notification>)> = Vec::new();
        for n in all {
            let day = when::day(now, n.at);
            match days.last_mut() {
                Some((last, list)) if *last == day => list.push(n),
                _ => days.push((day, vec![n])),
            }
        }
        days.into_iter().map(|(day, list)| html! {
            <section class="h-notices" key={day.to_string()} aria-label={day.clone()}>
                <h2 class="h-notices__day">{ day }</h2>
                <Card pad={CardPad::None}>
                    { for list.into_iter().map(|n| {
                        let id = n.id;
                        let asker = n.people.first().filter(|p| n.kind == NotificationType::FriendRequest && n.people.len() == 1 && waiting.contains(&p.id));
                        let actions = asker.map(|p| {
                            let reply = |yes: bool| {
                                let (answer, person, name) = (answer.clone(), p.id, p.name.clone());
                                Callback::from(move |_: MouseEvent| answer.emit((id, person, name.clone(), yes)))
                            };
                            html! {
                                <>
                                    <Button size={Size::S} variant={Variant::Filled} on_click={reply(true)} test_id="notice-accept">{ t!("notice-accept") }</Button>
                                    <Button size={Size::S} on_click={reply(false)} test_id="notice-decline">{ t!("notice-decline") }</Button>
                                </>
                            }
                        });
                        let read = mark.reform(move |()| Some(id));
                        let open = if n.read { Callback::noop() } else { read.clone() };
                        html! { <NotificationRow key={id.to_string()} notification={n.clone()} on_open={open} on_read={read} actions={actions.unwrap_or_default()} /> }
                    }) }
                </Card>
            </section>
        }).collect::<Html>()
    });
    html! {
        <Page
            title={t!("nav-notifications")}
            test_id="notifications"
            actions={html! {
                <>
                    if unread > 0 {
                        <Button class="u-wide-only" size={Size::S} variant={Variant::Quiet} start={IconName::CheckCheck} on_click={mark_all.clone()} test_id="mark-all">{ t!("notice-mark-all") }</Button>
                        <IconButton class="u-phone-only" icon={IconName::CheckCheck} label={t!("notice-mark-all")} on_click={mark_all} test_id="mark-all-small" />
                    }
                    <IconLink to={Route::SettingsSection { section: crate::routes::Section::Notifications }} icon={IconName::SlidersHorizontal} label={t!("notice-settings")} />
                </>
            }}
        >
            <div class="l-stack u-gap-20" ref={node}>
                { body }
                if let Some(error) = &*more_error { <ErrorPanel error={error.clone()} on_retry={more.clone()} /> }
                if next.is_some() && first.data.is_some() {
                    <div class="l-centre">
                        <Button pending={*more_busy} on_click={more.reform(|_: MouseEvent| ())} test_id="notifications-more">{ t!("notice-more") }</Button>
                    </div>
                }
            </div>
        </Page>
    }
}

/// The keys of the notifications: on, back, done.
#[hook]
fn use_keys(node: &NodeRef) {
    let step = |forward: bool| {
        let node = node.clone();
        Callback::from(move |()| focus::step_among(&node, ".h-notice__link", forward))
    };
    let done = Callback::from(|()| {
        let here = focus::active().and_then(|e| e.closest(".h-notice").ok().flatten());
        let button = here.and_then(|n| focus::all_in(&n, "[data-test='mark-read']").into_iter().next());
        if let Some(button) = button {
            button.click();
        }
    });
    use_commands(vec![
        KeyCommand::key(Key::Next, step(true)).named("key-next-notice"),
        KeyCommand::key(Key::Previous, step(false)).named("key-previous-notice"),
        KeyCommand::key(Key::Done, done),
    ]);
}
