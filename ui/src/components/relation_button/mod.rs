//! How one stands to a person, and the next step.

use crate::components::Size;
use crate::components::button::{Button, Variant};
use crate::components::icon::{Icon, IconName, IconSize};
use crate::components::menu::{Menu, MenuItem};
use crate::t;
use hearth_api::people::Relation;
use yew::prelude::*;

/// What is wanted with a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelationAction {
    /// To ask for friendship.
    Request,
    /// To take the own request back.
    Cancel,
    /// To become friends.
    Accept,
    /// To say no.
    Decline,
    /// To end the friendship.
    Unfriend,
}

/// Properties of [`RelationButton`].
#[derive(Properties, PartialEq)]
pub struct RelationButtonProps {
    /// Who, by name.
    pub name: AttrValue,
    /// How one stands to them.
    pub relation: Relation,
    /// How large.
    #[prop_or_default]
    pub size: Size,
    /// Whether a change is on its way.
    #[prop_or_default]
    pub pending: bool,
    /// Whether the first step is the main one of the view.
    #[prop_or_default]
    pub primary: bool,
    /// Hears what is wanted.
    pub on_action: Callback<RelationAction>,
}

/// The button that says how one stands to a person.
#[component]
pub fn RelationButton(props: &RelationButtonProps) -> Html {
    let act = |action: RelationAction| props.on_action.reform(move |_: MouseEvent| action);
    let run = |action: RelationAction| props.on_action.reform(move |()| action);
    let state = |icon: IconName, words: AttrValue| {
        html! {
            <span class="h-button" data-variant="soft" data-size={props.size.as_str()} data-pending={props.pending.then_some("true")}>
                <Icon name={icon} class="h-button__start" />
                <span class="h-button__label">{ words }</span>
                <Icon name={IconName::ChevronDown} size={IconSize::S} class="h-button__end" />
            </span>
        }
    };
    match props.relation {
        Relation::Me => Html::default(),
        Relation::None => html! {
            <Button
                variant={if props.primary { Variant::Filled } else { Variant::Soft }}
                size={props.size}
                start={IconName::UserPlus}
                pending={props.pending}
                label={t!("friend-add-name", "name" => &props.name)}
                on_click={act(RelationAction::Request)}
                test_id="friend-add"
            >{ t!("friend-add") }</Button>
        },
        Relation::Requested => html! {
            <Menu
                label={t!("friend-requested-name", "name" => &props.name)}
                trigger={Some(state(IconName::Clock, t!("friend-requested")))}
                items={vec![MenuItem::action(t!("friend-cancel"), IconName::X, run(RelationAction::Cancel)).test("friend-cancel")]}
                test_id="friend-requested"
            />
        },
        Relation::Asked => html! {
            <span class="l-row u-gap-8">
                <Button variant={Variant::Filled} size={props.size} start={IconName::Check} pending={props.pending} label={t!("friend-accept-name", "name" => &props.name)} on_click={act(RelationAction::Accept)} test_id="friend-accept">{ t!("friend-accept") }</Button>
                <Button variant={Variant::Soft} size={props.size} label={t!("friend-decline-name", "name" => &props.name)} on_click={act(RelationAction::Decline)} test_id="friend-decline">{ t!("friend-decline") }</Button>
            </span>
        },
        Relation::Friends => html! {
            <Menu
                label={t!("friend-is-name", "name" => &props.name)}
                trigger={Some(state(IconName::UserCheck, t!("friend-is")))}
                items={vec![MenuItem::danger(t!("friend-remove"), IconName::UserMinus, run(RelationAction::Unfriend)).test("friend-remove")]}
                test_id="friend-is"
            />
        },
    }
}
