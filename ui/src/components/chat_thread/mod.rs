//! The messages of a conversation, oldest first. Of a long one the latest are drawn; earlier ones on request, without
//! moving the reader.

use crate::components::answer_block::{AnswerBlock, MessageAct, Shown};
use crate::components::message_bubble::MessageBubble;
use crate::components::{Button, Size, Variant};
use crate::t;
use hearth_api::chat::{ChatMessage, ChatRole};
use hearth_api::{MessageId, Timestamp};
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// How many messages are drawn at once.
const WINDOW: usize = 60;

/// Properties of [`ChatThread`].
#[derive(Properties, PartialEq)]
pub struct ChatThreadProps {
    /// The messages.
    pub messages: Rc<Vec<Rc<ChatMessage>>>,
    /// A question on its way.
    #[prop_or_default]
    pub sending: Option<AttrValue>,
    /// Whether an answer is being written.
    #[prop_or_default]
    pub writing: bool,
    /// What is shown beside messages.
    #[prop_or_default]
    pub shown: Shown,
    /// Which answer may be tried again when.
    #[prop_or_default]
    pub retry: Option<(MessageId, Timestamp)>,
    /// What the person does with a message.
    pub on_act: Callback<(MessageId, MessageAct)>,
    /// The element that scrolls.
    pub scroller: NodeRef,
}

/// The messages of a conversation.
#[component]
pub fn ChatThread(props: &ChatThreadProps) -> Html {
    let drawn = use_state_eq(|| WINDOW);
    let height = use_mut_ref(|| None::<(i32, i32)>);
    let earlier = {
        let (drawn, height, scroller) = (drawn.clone(), Rc::clone(&height), props.scroller.clone());
        Callback::from(move |_: MouseEvent| {
            height.replace(
                scroller
                    .cast::<Element>()
                    .map(|pane| (pane.scroll_height(), pane.scroll_top())),
            );
            drawn.set(*drawn + WINDOW);
        })
    };
    {
        let scroller = props.scroller.clone();
        use_effect_with(*drawn, move |_| {
            if let (Some((before, top)), Some(pane)) = (height.take(), scroller.cast::<Element>()) {
                pane.set_scroll_top(top + pane.scroll_height() - before);
            }
        });
    }
    let skip = props.messages.len().saturating_sub(*drawn);
    let count = props.messages.len();
    html! {
        <div class="h-thread" role="log" aria-live="off" aria-label={t!("chat-log")} aria-busy={props.writing.then_some("true")} data-test="thread">
            if skip > 0 {
                <div class="l-centre">
                    <Button size={Size::S} variant={Variant::Quiet} on_click={earlier}>{ t!("chat-earlier", "count" => skip) }</Button>
                </div>
            }
            { for props.messages.iter().enumerate().skip(skip).map(|(index, message)| match message.role {
                ChatRole::User => html! {
                    <MessageBubble key={message.id.to_string()} message={Rc::clone(message)} times={props.shown.times} on_act={props.on_act.clone()} />
                },
                ChatRole::Assistant => html! {
                    <AnswerBlock
                        key={message.id.to_string()}
                        message={Rc::clone(message)}
                        last={index + 1 == count}
                        shown={props.shown}
                        retry_at={props.retry.filter(|(id, _)| *id == message.id).map(|(_, at)| at)}
                        on_act={props.on_act.clone()}
                    />
                },
            }) }
            if let Some(text) = &props.sending {
                <article key="sending" class="h-bubble" data-state="pending" aria-label={t!("chat-you")}>
                    <div class="h-bubble__text"><crate::components::Markdown text={text.clone()} /></div>
                    <div class="h-bubble__foot">{ t!("chat-sending") }</div>
                </article>
            }
        </div>
    }
}
