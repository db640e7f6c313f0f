//! A friend request: who, what they wrote, yes or no.

use crate::components::Size;
use crate::components::avatar::{AvatarSize, PersonAvatar, PersonName};
use crate::components::button::{Button, Variant};
use crate::components::icon::IconName;
use crate::components::time::RelativeTime;
use crate::kit::keys::Key;
use crate::t;
use hearth_api::PersonId;
use hearth_api::people::{FriendAnswer, FriendRequest};
use yew::prelude::*;

/// Properties of [`RequestRow`].
#[derive(Properties, PartialEq)]
pub struct RequestRowProps {
    /// The request.
    pub request: FriendRequest,
    /// Whether it waits for the viewer; else for the other.
    pub incoming: bool,
    /// Hears the answer.
    pub on_answer: Callback<(PersonId, FriendAnswer)>,
}

/// A friend request.
#[component]
pub fn RequestRow(props: &RequestRowProps) -> Html {
    let person = &props.request.person;
    let id = person.id;
    let answer = |answer: FriendAnswer| props.on_answer.reform(move |_: MouseEvent| (id, answer));
    html! {
        <article class="h-request" tabindex="-1" data-person={id.to_string()} data-incoming={props.incoming.then_some("true")} data-test="request" aria-label={person.name.clone()}>
            <PersonAvatar person={person.clone()} size={AvatarSize::L} link={true} />
            <div class="h-request__words">
                <p class="h-request__name"><PersonName person={person.clone()} /></p>
                <p class="u-sm u-text-3"><bdi>{ person.home.name.clone() }</bdi>{ " · " }<RelativeTime at={props.request.at} /></p>
                if !props.request.note.trim().is_empty() {
                    <blockquote class="h-request__note" dir="auto">{ props.request.note.clone() }</blockquote>
                }
            </div>
            <div class="h-request__do">
                if props.incoming {
                    <span data-do="accept"><Button size={Size::M} variant={Variant::Filled} start={IconName::Check} label={t!("friend-accept-name", "name" => &person.name)} on_click={answer(FriendAnswer::Accept)} keys={Key::Accept} test_id="accept">{ t!("friend-accept") }</Button></span>
                    <span data-do="decline"><Button size={Size::M} variant={Variant::Soft} label={t!("friend-decline-name", "name" => &person.name)} on_click={answer(FriendAnswer::Decline)} keys={Key::Decline} test_id="decline">{ t!("friend-decline") }</Button></span>
                } else {
                    <Button size={Size::M} variant={Variant::Soft} label={t!("friend-cancel-name", "name" => &person.name)} on_click={answer(FriendAnswer::Cancel)} test_id="cancel">{ t!("friend-cancel") }</Button>
                }
            </div>
        </article>
    }
}
