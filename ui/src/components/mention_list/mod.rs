//! People to mention, under a text that is being written. The text keeps the focus; arrows walk this list.

use crate::components::avatar::{AvatarSize, PersonAvatar};
use crate::t;
use hearth_api::people::PersonCard;
use yew::prelude::*;

/// Properties of [`MentionList`].
#[derive(Properties, PartialEq)]
pub struct MentionListProps {
    /// The id, for `aria-controls` of the text.
    pub id: AttrValue,
    /// Who fits what was typed.
    pub people: Vec<PersonCard>,
    /// Which one Enter takes.
    pub active: usize,
    /// Whether the answer is still on its way.
    #[prop_or_default]
    pub busy: bool,
    /// Takes one.
    pub on_choose: Callback<PersonCard>,
}

/// The id of a row, for `aria-activedescendant`.
#[must_use]
pub fn row_id(list: &str, index: usize) -> String {
    format!("{list}-{index}")
}

/// People to mention.
#[component]
pub fn MentionList(props: &MentionListProps) -> Html {
    if props.people.is_empty() {
        if props.busy {
            return Html::default();
        }
        return html! { <div class="h-mentions" role="status"><p class="h-mentions__none">{ t!("mention-none") }</p></div> };
    }
    html! {
        <div class="h-mentions" role="listbox" id={props.id.clone()} aria-label={t!("mention-list")}>
            { for props.people.iter().enumerate().map(|(index, person)| {
                let on_choose = props.on_choose.clone();
                let chosen = person.clone();
                // Before the text loses the focus.
                let onpointerdown = Callback::from(move |event: PointerEvent| {
                    event.prevent_default();
                    on_choose.emit(chosen.clone());
                });
                html! {
                    <div
                        key={person.id.to_string()}
                        id={row_id(&props.id, index)}
                        class="h-mentions__row"
                        role="option"
                        aria-selected={if index == props.active { "true" } else { "false" }}
                        {onpointerdown}
                    >
                        <PersonAvatar person={person.clone()} size={AvatarSize::Xs} />
                        <bdi class="u-medium u-truncate">{ person.name.clone() }</bdi>
                        if !person.home.own { <bdi class="u-sm u-text-3 u-truncate">{ person.home.name.clone() }</bdi> }
                    </div>
                }
            }) }
        </div>
    }
}
