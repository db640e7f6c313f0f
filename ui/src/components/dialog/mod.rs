//! Things over the page: native `<dialog>`, which traps the focus and gives it back.

use crate::components::button::{Button, ButtonKind, IconButton, Variant};
use crate::components::field::TextField;
use crate::components::icon::IconName;
use crate::kit::dom::use_unique;
use crate::kit::focus;
use crate::kit::modal::use_modal;
use crate::t;
use yew::prelude::*;

choices! {
    /// How wide a dialog is.
    DialogSize {
        /// 400 px, for a question.
        S => "s",
        /// 560 px.
        #[default]
        M => "m",
        /// 760 px.
        L => "l",
        /// The whole window, for pictures.
        Full => "full",
    }
}

/// Properties of [`Dialog`].
#[derive(Properties, PartialEq)]
pub struct DialogProps {
    /// The heading.
    pub title: AttrValue,
    /// Asks to close: Esc, a phone's way back, the cross, or a press beside it. The owner takes the dialog away.
    pub on_close: Callback<()>,
    /// What is inside.
    #[prop_or_default]
    pub children: Html,
    /// The buttons at the bottom.
    #[prop_or_default]
    pub footer: Html,
    /// How wide it is.
    #[prop_or_default]
    pub size: DialogSize,
    /// Whether the heading is only for screen readers.
    #[prop_or_default]
    pub quiet_title: bool,
    /// Whether a press beside it closes it; not where something was typed.
    #[prop_or(true)]
    pub light_dismiss: bool,
    /// Whether it slides in from the end of the window.
    #[prop_or_default]
    pub sheet: bool,
    /// Whether it is only read: then its content takes the focus, so that keys can scroll it.
    #[prop_or_default]
    pub read_only: bool,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
    /// More classes.
    #[prop_or_default]
    pub class: Classes,
}

/// A dialog: drawn while it is open.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    let heading = use_unique("dialog");
    use_modal(&node, props.on_close.clone(), |dialog| {
        // Opening moves the focus to the first thing that takes it; a field that asked for it comes before.
        if let Some(field) = focus::all_in(dialog, "[data-autofocus]").first() {
            let _focused = field.focus();
        }
    });
    let onmousedown = {
        let (node, on_close, light) = (node.clone(), props.on_close.clone(), props.light_dismiss);
        Callback::from(move |event: MouseEvent| {
            let on_backdrop = node
                .cast::<web_sys::Element>()
                .is_some_and(|n| event.target() == Some(n.into()));
            if light && on_backdrop {
                event.prevent_default();
                on_close.emit(());
            }
        })
    };
    let close = props.on_close.reform(|_: MouseEvent| ());
    html! {
        <dialog
            ref={node}
            class={classes!("h-dialog", props.class.clone())}
            data-size={props.size.as_str()}
            data-sheet={props.sheet.then_some("true")}
            data-test={props.test_id.clone()}
            aria-labelledby={heading.clone()}
            {onmousedown}
        >
            <div class="h-dialog__frame">
                <header class={classes!("h-dialog__head", props.quiet_title.then_some("h-dialog__head--quiet"))}>
                    <h2 id={heading} class={if props.quiet_title { "u-hidden-visually" } else { "h-dialog__title" }} tabindex="-1" data-focus-silent="">
                        { props.title.clone() }
                    </h2>
                    <IconButton icon={IconName::X} label={t!("action-close")} on_click={close} test_id="dialog-close" />
                </header>
                <div class="h-dialog__body" tabindex={props.read_only.then_some("0")}>{ props.children.clone() }</div>
                if props.footer != Html::default() {
                    <footer class="h-dialog__foot">{ props.footer.clone() }</footer>
                }
            </div>
        </dialog>
    }
}

/// Properties of [`Sheet`].
#[derive(Properties, PartialEq)]
pub struct SheetProps {
    /// The heading.
    pub title: AttrValue,
    /// Asks to close.
    pub on_close: Callback<()>,
    /// What is inside.
    #[prop_or_default]
    pub children: Html,
    /// The buttons at the bottom.
    #[prop_or_default]
    pub footer: Html,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// A dialog at the edge: from below on a phone, from the end of the line elsewhere.
#[component]
pub fn Sheet(props: &SheetProps) -> Html {
    html! {
        <Dialog
            title={props.title.clone()}
            on_close={props.on_close.clone()}
            footer={props.footer.clone()}
            sheet={true}
            test_id={props.test_id.clone()}
        >{ props.children.clone() }</Dialog>
    }
}

/// Properties of [`ConfirmTyped`].
#[derive(Properties, PartialEq)]
pub struct ConfirmTypedProps {
    /// The question.
    pub title: AttrValue,
    /// What will be lost.
    pub text: AttrValue,
    /// What has to be typed, such as a name.
    pub word: AttrValue,
    /// The verb on the button.
    pub verb: AttrValue,
    /// Whether it runs.
    #[prop_or_default]
    pub pending: bool,
    /// What went wrong.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Confirmed.
    pub on_confirm: Callback<()>,
    /// Asks to close.
    pub on_close: Callback<()>,
    /// More fields, such as the password.
    #[prop_or_default]
    pub children: Html,
}

/// A question for the few things that cannot be undone: the person types a word.
#[component]
pub fn ConfirmTyped(props: &ConfirmTypedProps) -> Html {
    let typed = use_state_eq(String::new);
    let tried = use_state_eq(|| false);
    let fits = typed.trim().eq_ignore_ascii_case(props.word.trim());
    let error = (*tried && !fits)
        .then(|| t!("confirm-type-mismatch", "word" => &props.word))
        .or_else(|| props.error.clone());
    let onsubmit = {
        let (on_confirm, tried) = (props.on_confirm.clone(), tried.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if fits {
                on_confirm.emit(());
            }
        })
    };
    let on_input = {
        let typed = typed.setter();
        Callback::from(move |text| typed.set(text))
    };
    let form = use_unique("confirm");
    html! {
        <Dialog title={props.title.clone()} on_close={props.on_close.clone()} size={DialogSize::S} light_dismiss={false}>
            <form class="l-stack" id={form.clone()} {onsubmit}>
                <p>{ props.text.clone() }</p>
                { props.children.clone() }
                <TextField
                    label={t!("confirm-type", "word" => &props.word)}
                    value={(*typed).clone()}
                    {on_input}
                    {error}
                    literal={true}
                    test_id="confirm-word"
                />
                <div class="h-dialog__buttons">
                    <Button variant={Variant::Quiet} on_click={props.on_close.reform(|_| ())}>{ t!("action-cancel") }</Button>
                    <Button variant={Variant::Danger} kind={ButtonKind::Submit} pending={props.pending} test_id="confirm-do">{ props.verb.clone() }</Button>
                </div>
            </form>
        </Dialog>
    }
}
