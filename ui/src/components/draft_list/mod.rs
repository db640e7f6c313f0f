//! What was begun and not sent.

use crate::components::Size;
use crate::components::audience::AudienceChip;
use crate::components::button::{IconButton, Variant};
use crate::components::icon::{Icon, IconName, IconSize};
use crate::components::time::RelativeTime;
use crate::kit::markdown::{Flavour, parse, plain};
use crate::t;
use hearth_api::feed::Draft;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`DraftList`].
#[derive(Properties, PartialEq)]
pub struct DraftListProps {
    /// The drafts, newest first.
    pub drafts: Rc<Vec<Draft>>,
    /// Goes on with one.
    pub on_open: Callback<Draft>,
    /// Throws one away.
    pub on_delete: Callback<Draft>,
}

/// The first words of a draft.
#[must_use]
pub fn first_words(draft: &Draft) -> AttrValue {
    let words = plain(&parse(&draft.text, Flavour::Post));
    let line: String = words
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(120)
        .collect();
    if line.is_empty() {
        t!("draft-no-words")
    } else {
        line.into()
    }
}

/// What was begun and not sent.
#[component]
pub fn DraftList(props: &DraftListProps) -> Html {
    html! {
        <ul class="h-drafts">
            { for props.drafts.iter().map(|draft| {
                let (on_open, chosen) = (props.on_open.clone(), draft.clone());
                let open = Callback::from(move |_: MouseEvent| on_open.emit(chosen.clone()));
                let (id, gone) = (draft.id, draft.clone());
                let delete = props.on_delete.reform(move |_: MouseEvent| gone.clone());
                html! {
                    <li key={id.to_string()} class="h-drafts__row">
                        <button type="button" class="h-drafts__main" onclick={open} data-test="draft">
                            <span class="h-drafts__words">{ first_words(draft) }</span>
                            <span class="h-drafts__meta">
                                <RelativeTime at={draft.saved_at} />
                                <AudienceChip audience={draft.audience} compact={true} />
                                if !draft.media.is_empty() {
                                    <span class="l-row u-gap-4"><Icon name={IconName::Image} size={IconSize::S} />{ draft.media.len() }</span>
                                }
                            </span>
                        </button>
                        <IconButton icon={IconName::Trash2} label={t!("draft-delete")} size={Size::S} variant={Variant::Quiet} on_click={delete} />
                    </li>
                }
            }) }
        </ul>
    }
}
