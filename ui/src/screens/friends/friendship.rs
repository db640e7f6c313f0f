//! Asking, answering, ending: what a person does with how they stand to another.

use crate::components::RelationAction;
use crate::prelude::*;
use crate::screens::feed::hide;
use hearth_api::PersonId;
use hearth_api::people::{AnswerFriend, FriendAnswer, PersonCard, Relation, RequestFriend, Unfriend};

/// Longest note of a request, in characters.
const MAX_NOTE: usize = 500;

/// What can be done, and what is open because of it.
pub(crate) struct Friendship {
    /// Does it.
    pub(crate) act: Callback<(PersonCard, RelationAction)>,
    /// The person with whom a change is on its way.
    pub(crate) pending: Option<PersonId>,
    /// The dialog, drawn by whoever shows the people.
    pub(crate) over: Html,
}

/// What can be done with friendships; `changed` hears of each change.
#[hook]
pub(crate) fn use_friendship(changed: Callback<()>) -> Friendship {
    let asking = use_state_eq(|| None::<PersonCard>);
    let pending = use_state_eq(|| None::<PersonId>);
    let act = {
        let (asking, pending) = (asking.setter(), pending.setter());
        let changed = changed.clone();
        Callback::from(move |(person, action): (PersonCard, RelationAction)| {
            let answer = match action {
                RelationAction::Request => return asking.set(Some(person)),
                RelationAction::Unfriend => return end(&person, changed.clone()),
                RelationAction::Accept => FriendAnswer::Accept,
                RelationAction::Decline => FriendAnswer::Decline,
                RelationAction::Cancel => FriendAnswer::Cancel,
            };
            pending.set(Some(person.id));
            let (pending, changed) = (pending.clone(), changed.clone());
            wasm_bindgen_futures::spawn_local(async move {
                match ask(AnswerFriend {
                    person: person.id,
                    answer,
                })
                .await
                {
                    Ok(_) => toasts::done(answered(&person.name, answer)),
                    Err(error) => toasts::failed(&error),
                }
                pending.set(None);
                changed.emit(());
            });
        })
    };
    let close = {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(None))
    };
    let over = match &*asking {
        Some(person) => {
            html! { <RequestDialog person={person.clone()} on_done={changed} on_close={close} /> }
        }
        None => Html::default(),
    };
    Friendship {
        act,
        pending: *pending,
        over,
    }
}

/// What an answer comes to, in words.
pub(super) fn answered(name: &str, answer: FriendAnswer) -> AttrValue {
    match answer {
        FriendAnswer::Accept => t!("friend-now", "name" => name),
        FriendAnswer::Decline => t!("friend-declined", "name" => name),
        FriendAnswer::Cancel => t!("friend-cancelled", "name" => name),
    }
}

/// Ends a friendship when nobody undoes it.
fn end(person: &PersonCard, changed: Callback<()>) {
    let id = person.id;
    hide(&id, true);
    let commit = Callback::from(move |()| {
        let changed = changed.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if let Err(error) = ask(Unfriend { person: id }).await {
                toasts::failed(&error);
            }
            hide(&id, false);
            changed.emit(());
        });
    });
    toasts::delayed(
        t!("friend-ended", "name" => &person.name),
        commit,
        Callback::from(move |()| hide(&id, false)),
    );
}

#[derive(Properties, PartialEq)]
struct RequestDialogProps {
    person: PersonCard,
    on_done: Callback<()>,
    on_close: Callback<()>,
}

/// Asks for friendship, with a few words.
#[component]
fn RequestDialog(props: &RequestDialogProps) -> Html {
    let note = use_state_eq(String::new);
    let request = use_mutation::<RequestFriend>();
    let over = note.chars().count() > MAX_NOTE;
    let send = {
        let (note, request) = (note.clone(), request.clone());
        let (on_done, on_close, person) = (
            props.on_done.clone(),
            props.on_close.clone(),
            props.person.clone(),
        );
        Callback::from(move |()| {
            if over {
                return;
            }
            let (on_done, on_close, name) = (on_done.clone(), on_close.clone(), person.name.clone());
            let note = note.trim().to_owned();
            request.run(
                RequestFriend {
                    person: person.id,
                    note,
                },
                move |answer| {
                    if let Ok(row) = answer {
                        on_close.emit(());
                        on_done.emit(());
                        // They had asked already: both want it.
                        toasts::done(if row.relation == Relation::Friends {
                            t!("friend-now", "name" => &name)
                        } else {
                            t!("friend-asked", "name" => &name)
                        });
                    }
                },
            );
        })
    };
    let on_key = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            if keys::is(Key::Submit, &event) {
                event.prevent_default();
                send.emit(());
            }
        })
    };
    let on_input = {
        let note = note.setter();
        Callback::from(move |text| note.set(text))
    };
    let footer = html! {
        <>
            <Button variant={Variant::Quiet} on_click={props.on_close.reform(|_| ())}>{ t!("action-cancel") }</Button>
            <Button variant={Variant::Filled} start={IconName::UserPlus} pending={request.pending()} on_click={send.reform(|_: MouseEvent| ())} keys={Key::Submit} test_id="request-send">{ t!("request-send") }</Button>
        </>
    };
    html! {
        <Dialog title={t!("request-title", "name" => &props.person.name)} on_close={props.on_close.clone()} size={DialogSize::S} light_dismiss={note.is_empty()} {footer} test_id="request-dialog">
            <div class="l-stack">
                <div class="l-row u-gap-12">
                    <PersonAvatar person={props.person.clone()} size={AvatarSize::L} />
                    <div>
                        <p><PersonName person={props.person.clone()} link={false} /></p>
                        <p class="u-sm u-text-2"><bdi>{ props.person.home.name.clone() }</bdi></p>
                    </div>
                </div>
                <p class="u-text-2">{ t!("request-what") }</p>
                if let Some(why) = request.error_beside(&["note"]) { <Banner tone={Tone::Danger} alert={true}>{ why }</Banner> }
                <TextArea
                    label={t!("request-note")}
                    rows={2}
                    value={(*note).clone()}
                    {on_input}
                    max={MAX_NOTE}
                    error={if over { Some(t!("text-over", "max" => MAX_NOTE)) } else { request.error_on("note") }}
                    autofocus={true}
                    {on_key}
                    test_id="request-note"
                />
            </div>
        </Dialog>
    }
}
