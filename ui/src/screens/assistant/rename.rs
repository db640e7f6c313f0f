//! The title of a conversation, where no list is beside it.

use super::actions;
use crate::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct RenameDialogProps {
    pub(super) summary: hearth_api::chat::ChatSummary,
    pub(super) on_close: Callback<()>,
}

/// The title of the conversation, where no list is beside it.
#[component]
pub(super) fn RenameDialog(props: &RenameDialogProps) -> Html {
    let title = use_state_eq(|| props.summary.title.clone());
    let on_input = {
        let title = title.setter();
        Callback::from(move |text: String| title.set(text))
    };
    let onsubmit = {
        let (title, summary, on_close) = (title.clone(), props.summary.clone(), props.on_close.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if actions::title_error(&title).is_some() {
                return;
            }
            actions::rename(&summary, &title);
            on_close.emit(());
        })
    };
    html! {
        <Dialog title={t!("chats-rename")} on_close={props.on_close.clone()} size={DialogSize::S}>
            <form class="l-stack" {onsubmit}>
                <TextField label={t!("chats-title")} value={(*title).clone()} {on_input} max={actions::MAX_TITLE} error={actions::title_error(&title)} autofocus={true} />
                <div class="l-row"><span class="l-end" /><Button variant={Variant::Filled} kind={ButtonKind::Submit}>{ t!("action-save") }</Button></div>
            </form>
        </Dialog>
    }
}
