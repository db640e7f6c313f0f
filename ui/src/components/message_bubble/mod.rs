//! What the person wrote in a conversation: a bubble of their own, folded when it is long.

use super::answer_block::MessageAct;
use crate::components::{IconButton, IconName, Markdown, Menu, MenuItem, RelativeTime, Size};
use crate::kit::markdown::Flavour;
use crate::t;
use hearth_api::MessageId;
use hearth_api::chat::ChatMessage;
use std::rc::Rc;
use yew::prelude::*;

/// More characters than these are folded.
const LONG: usize = 1_200;

/// Properties of [`MessageBubble`].
#[derive(Properties, PartialEq)]
pub struct MessageBubbleProps {
    /// The message.
    pub message: Rc<ChatMessage>,
    /// Whether its time is shown.
    #[prop_or(true)]
    pub times: bool,
    /// What the person does with it.
    pub on_act: Callback<(MessageId, MessageAct)>,
}

/// A message of the person.
#[component]
pub fn MessageBubble(props: &MessageBubbleProps) -> Html {
    let message = &props.message;
    let long = message.text.chars().nth(LONG).is_some() || message.text.lines().nth(24).is_some();
    let open = use_state_eq(|| false);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let act = |what: MessageAct| {
        let (on_act, id) = (props.on_act.clone(), message.id);
        Callback::from(move |()| on_act.emit((id, what.clone())))
    };
    let copy = act(MessageAct::Copy);
    html! {
        <article class="h-bubble" aria-label={t!("chat-you")} data-test="question" id={format!("m-{}", message.id)}>
            <div class="h-bubble__text" data-folded={(long && !*open).then_some("true")}>
                <Markdown text={message.text.clone()} flavour={Flavour::Post} />
            </div>
            if long {
                <button type="button" class="h-bubble__more" aria-expanded={if *open { "true" } else { "false" }} onclick={toggle}>
                    { if *open { t!("chat-show-less") } else { t!("chat-show-all") } }
                </button>
            }
            <div class="h-bubble__foot">
                if props.times { <span class="h-bubble__time"><RelativeTime at={message.at} /></span> }
                <span class="h-bubble__actions">
                    <IconButton icon={IconName::Copy} label={t!("action-copy")} size={Size::S} on_click={copy.reform(|_| ())} />
                    <Menu label={t!("chat-message-menu")} items={vec![
                        MenuItem::action(t!("chat-quote"), IconName::Quote, act(MessageAct::Quote)),
                        MenuItem::danger(t!("chat-delete-from-here"), IconName::Trash2, act(MessageAct::Delete)).test("delete-message"),
                    ]} />
                </span>
            </div>
        </article>
    }
}
