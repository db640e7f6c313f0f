//! To whom a post goes: chosen first, always with how many people that is and who they are.

use crate::components::audience::{ALL, audience_hint, audience_icon, audience_name};
use crate::components::avatar::{AvatarSize, PersonAvatar};
use crate::components::icon::{Icon, IconName, IconSize};
use crate::components::popover::Popover;
use crate::components::progress::Spinner;
use crate::kit::focus::{self, Walk};
use crate::t;
use hearth_api::feed::{Audience, AudiencePreview};
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// Properties of [`AudiencePicker`].
#[derive(Properties, PartialEq)]
pub struct AudiencePickerProps {
    /// Who.
    pub audience: Audience,
    /// Hears the new audience.
    pub on_change: Callback<Audience>,
    /// Who that is now; `None` while it is being asked.
    #[prop_or_default]
    pub preview: Option<Rc<AudiencePreview>>,
    /// Whether asking failed.
    #[prop_or_default]
    pub uncounted: bool,
    /// Opens the choice when it changes: for the shortcut.
    #[prop_or_default]
    pub opened: u32,
}

#[derive(Clone, Copy, PartialEq)]
enum Open {
    Nothing,
    Choice,
    Names,
}

/// The audience of a post that is being written.
#[component]
pub fn AudiencePicker(props: &AudiencePickerProps) -> Html {
    let open = use_state_eq(|| Open::Nothing);
    let list = use_node_ref();
    {
        let open = open.setter();
        use_effect_with(props.opened, move |opened| {
            if *opened > 0 {
                open.set(Open::Choice);
            }
        });
    }
    {
        let list = list.clone();
        use_effect_with(*open, move |open| {
            if *open == Open::Choice
                && let Some(list) = list.cast::<Element>()
                && let Some(chosen) = focus::all_in(&list, "[aria-checked='true']").into_iter().next()
            {
                let _focused = chosen.focus();
            }
        });
    }
    let toggle = |what: Open| {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(if *open == what { Open::Nothing } else { what }))
    };
    let close = {
        let open = open.setter();
        Callback::from(move |()| open.set(Open::Nothing))
    };
    let onkeydown = {
        let list = list.clone();
        Callback::from(move |event: KeyboardEvent| {
            focus::rove(&event, &list, "[role='radio']", Walk::Vertical);
        })
    };
    let trigger = html! {
        <button
            type="button"
            class="h-to__chip"
            aria-expanded={if *open == Open::Choice { "true" } else { "false" }}
            aria-label={t!("audience-choose-now", "label" => t!("audience-choose"), "audience" => audience_name(props.audience))}
            data-test="audience"
            onclick={toggle(Open::Choice)}
        >
            <Icon name={audience_icon(props.audience)} size={IconSize::S} />
            <span>{ audience_name(props.audience) }</span>
            <Icon name={IconName::ChevronDown} size={IconSize::S} />
        </button>
    };
    let reach = html! {
        <button type="button" class="h-to__reach" aria-expanded={if *open == Open::Names { "true" } else { "false" }} onclick={toggle(Open::Names)} data-test="audience-count">
            { match props.preview.as_deref() {
                Some(preview) => reach_words(preview),
                None if props.uncounted => t!("audience-uncounted"),
                None => t!("audience-counting"),
            } }
        </button>
    };
    html! {
        <div class="h-to">
            <span class="h-to__label" aria-hidden="true">{ t!("audience-to") }</span>
            <Popover label={t!("audience-choose")} open={*open == Open::Choice} on_close={close.clone()} {trigger} from_start={true}>
                <div class="h-to__choice" role="radiogroup" aria-label={t!("audience-choose")} ref={list} {onkeydown}>
                    { for ALL.iter().rev().map(|audience| choice(*audience, props, &close)) }
                </div>
            </Popover>
            // What is for oneself alone reaches nobody, and never will.
            if props.audience != Audience::Me {
                <Popover label={t!("audience-names")} open={*open == Open::Names} on_close={close} trigger={reach} from_start={true}>
                    { names(props.preview.as_deref()) }
                </Popover>
            }
        </div>
    }
}

fn choice(audience: Audience, props: &AudiencePickerProps, close: &Callback<()>) -> Html {
    let chosen = audience == props.audience;
    let (on_change, close) = (props.on_change.clone(), close.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        on_change.emit(audience);
        close.emit(());
    });
    html! {
        <button
            type="button"
            class="h-to__option"
            role="radio"
            tabindex={if chosen { "0" } else { "-1" }}
            aria-checked={if chosen { "true" } else { "false" }}
            data-test={format!("audience-{}", audience.as_str())}
            {onclick}
        >
            <Icon name={audience_icon(audience)} />
            <span class="l-grow">
                <span class="u-medium">{ audience_name(audience) }</span><br />
                <span class="u-sm u-text-2">{ audience_hint(audience) }</span>
            </span>
            if chosen { <Icon name={IconName::Check} /> }
        </button>
    }
}

/// How many people in how many homes.
#[must_use]
pub fn reach_words(preview: &AudiencePreview) -> AttrValue {
    match (preview.people, preview.homes, preview.here) {
        (0, 0, _) => t!("audience-nobody"),
        (0, homes, _) => t!("audience-homes", "homes" => homes),
        (people, 0, _) | (people, 1, true) => t!("audience-people-here", "people" => people),
        (people, 1, false) => t!("audience-people-there", "people" => people),
        (people, homes, _) => t!("audience-people-homes", "people" => people, "homes" => homes),
    }
}

fn names(preview: Option<&AudiencePreview>) -> Html {
    let Some(preview) = preview else {
        return html! { <Spinner /> };
    };
    let more = (preview.people as usize).saturating_sub(preview.names.len());
    html! {
        <div class="h-to__names">
            if preview.names.is_empty() {
                <p class="u-sm u-text-2">{ t!("audience-nobody-long") }</p>
            }
            <ul>
                { for preview.names.iter().map(|person| html! {
                    <li key={person.id.to_string()}>
                        <PersonAvatar person={person.clone()} size={AvatarSize::Xs} />
                        <bdi class="u-truncate">{ person.name.clone() }</bdi>
                        if !person.home.own { <bdi class="u-sm u-text-3 u-truncate">{ person.home.name.clone() }</bdi> }
                    </li>
                }) }
            </ul>
            if more > 0 { <p class="u-sm u-text-3">{ t!("audience-more", "count" => more) }</p> }
        </div>
    }
}
