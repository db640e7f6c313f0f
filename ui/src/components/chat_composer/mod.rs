//! Where a message to the assistant is written: grows with the text, says where it goes, sends by Enter.

use crate::components::{IconButton, IconName, Size, TextArea, Variant};
use crate::kit::keys::{self, Key};
use crate::kit::time as when;
use crate::t;
use hearth_api::chat::MAX_MESSAGE;
use yew::prelude::*;

/// From here on the characters left are counted.
const COUNT_FROM: usize = MAX_MESSAGE - 20_000;

/// Properties of [`ChatComposer`].
#[derive(Properties, PartialEq)]
pub struct ChatComposerProps {
    /// What is written.
    pub value: AttrValue,
    /// Hears each change.
    pub on_input: Callback<String>,
    /// Sends it.
    pub on_send: Callback<()>,
    /// Stops the answer being written.
    pub on_stop: Callback<()>,
    /// Left.
    #[prop_or_default]
    pub on_blur: Callback<()>,
    /// Whether an answer is being written: Stop takes the place of Send.
    #[prop_or_default]
    pub writing: bool,
    /// Whether a message is on its way.
    #[prop_or_default]
    pub pending: bool,
    /// Whether Enter sends (else Mod+Enter).
    #[prop_or(true)]
    pub enter_sends: bool,
    /// What is wrong with it.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Above the text: why nothing can be sent, what went wrong.
    #[prop_or_default]
    pub notice: Html,
    /// Under the text: what a person may want to know before it goes.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// Under the text: the model, where it runs.
    #[prop_or_default]
    pub tools: Html,
    /// Whether it takes the focus when drawn.
    #[prop_or_default]
    pub autofocus: bool,
    /// The text area.
    #[prop_or_default]
    pub node: NodeRef,
}

/// The composer of a conversation.
#[component]
pub fn ChatComposer(props: &ChatComposerProps) -> Html {
    let on_key = {
        let (on_send, enter_sends) = (props.on_send.clone(), props.enter_sends);
        Callback::from(move |event: KeyboardEvent| {
            if event.is_composing() {
                return;
            }
            let modified = event.shift_key() || event.ctrl_key() || event.meta_key() || event.alt_key();
            let by_enter = enter_sends && event.key() == "Enter" && !modified;
            if by_enter || keys::is(Key::Submit, &event) {
                event.prevent_default();
                on_send.emit(());
            }
        })
    };
    let count = if props.value.len() > COUNT_FROM {
        props.value.chars().count()
    } else {
        0
    };
    let onsubmit = {
        let on_send = props.on_send.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            on_send.emit(());
        })
    };
    html! {
        <form class="h-chat-composer" {onsubmit} data-test="chat-composer">
            { props.notice.clone() }
            <div class="h-chat-composer__box" data-invalid={props.error.as_ref().map(|_| "true")}>
                <TextArea
                    label={t!("chat-composer")}
                    quiet_label={true}
                    placeholder={t!("chat-placeholder")}
                    value={props.value.clone()}
                    on_input={props.on_input.clone()}
                    rows={1}
                    max_rows={10}
                    bare={true}
                    autofocus={props.autofocus}
                    error={props.error.clone()}
                    {on_key}
                    on_blur={props.on_blur.reform(|_: FocusEvent| ())}
                    node={props.node.clone()}
                    test_id="chat-text"
                />
                if let Some(hint) = &props.hint { <p class="h-chat-composer__hint" data-test="chat-hint">{ hint.clone() }</p> }
                <div class="h-chat-composer__foot">
                    <div class="h-chat-composer__tools">{ props.tools.clone() }</div>
                    if count > COUNT_FROM {
                        <span class="h-chat-composer__count u-tabular" data-over={(count > MAX_MESSAGE).then_some("true")}>
                            { t!("chat-characters", "count" => when::number(f64::from(u32::try_from(count).unwrap_or(u32::MAX))),
                                 "max" => when::number(f64::from(u32::try_from(MAX_MESSAGE).unwrap_or(u32::MAX)))) }
                        </span>
                    }
                    if props.writing {
                        <IconButton
                            icon={IconName::Square} label={t!("chat-stop")} variant={Variant::Ai} size={Size::M}
                            keys={Key::Stop} on_click={props.on_stop.reform(|_: MouseEvent| ())} test_id="stop" class="h-chat-composer__send"
                        />
                    } else {
                        <IconButton
                            icon={IconName::ArrowUp} label={t!("chat-send")} variant={Variant::Ai} size={Size::M}
                            kind={crate::components::ButtonKind::Submit} pending={props.pending} test_id="send" class="h-chat-composer__send"
                        />
                    }
                </div>
            </div>
        </form>
    }
}
