//! One line and many lines of text.

use super::{around, described_by};
use crate::components::icon::{Icon, IconName};
use crate::kit::dom::{set_var, use_unique};
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// Properties of [`TextField`].
#[derive(Properties, PartialEq)]
pub struct TextFieldProps {
    /// What to enter.
    pub label: AttrValue,
    /// What is entered.
    pub value: AttrValue,
    /// Hears each change.
    pub on_input: Callback<String>,
    /// The kind of input (`text`, `search`, `email`, `url`, `date`).
    #[prop_or(AttrValue::Static("text"))]
    pub kind: AttrValue,
    /// Help under the field.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// The longest text in characters; counted near the end, not cut.
    #[prop_or_default]
    pub max: Option<usize>,
    /// An example.
    #[prop_or_default]
    pub placeholder: Option<AttrValue>,
    /// What a browser may fill in.
    #[prop_or(AttrValue::Static("off"))]
    pub autocomplete: AttrValue,
    /// The keyboard on touch (`text`, `numeric`, `email`, `url`).
    #[prop_or_default]
    pub inputmode: Option<AttrValue>,
    /// Whether the label is only for screen readers.
    #[prop_or_default]
    pub quiet_label: bool,
    /// Whether it takes the focus when drawn.
    #[prop_or_default]
    pub autofocus: bool,
    /// Whether an empty field is a mistake.
    #[prop_or_default]
    pub required: bool,
    /// An icon before the text.
    #[prop_or_default]
    pub start: Option<IconName>,
    /// A control after the text.
    #[prop_or_default]
    pub end: Html,
    /// Whether letters are corrected and capitalised: not for names to sign in with, codes, addresses.
    #[prop_or_default]
    pub literal: bool,
    /// Left.
    #[prop_or_default]
    pub on_blur: Callback<FocusEvent>,
    /// A key.
    #[prop_or_default]
    pub on_key: Callback<KeyboardEvent>,
    /// The element.
    #[prop_or_default]
    pub node: NodeRef,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// A line of text.
#[component]
pub fn TextField(props: &TextFieldProps) -> Html {
    let id = use_unique("field");
    {
        let node = props.node.clone();
        let autofocus = props.autofocus;
        // Only when it appears: later the person decides where to be.
        use_effect_with((), move |()| {
            if autofocus && let Some(input) = node.cast::<HtmlInputElement>() {
                let _focused = input.focus();
            }
        });
    }
    let oninput = {
        let on_input = props.on_input.clone();
        Callback::from(move |event: InputEvent| {
            on_input.emit(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let control = html! {
        <div class="h-input">
            if let Some(name) = props.start { <Icon {name} class="h-input__icon" /> }
            <input
                ref={props.node.clone()}
                id={id.clone()}
                class="h-input__text"
                type={props.kind.clone()}
                value={props.value.clone()}
                placeholder={props.placeholder.clone()}
                autocomplete={props.autocomplete.clone()}
                inputmode={props.inputmode.clone()}
                autocapitalize={props.literal.then_some("none")}
                spellcheck={props.literal.then_some("false")}
                dir={if props.literal { "ltr" } else { "auto" }}
                aria-invalid={props.error.as_ref().map(|_| "true")}
                aria-required={props.required.then_some("true")}
                aria-describedby={described_by(&id, props.hint.is_some(), props.error.is_some())}
                data-autofocus={props.autofocus.then_some("")}
                data-test={props.test_id.clone()}
                {oninput}
                onblur={props.on_blur.clone()}
                onkeydown={props.on_key.clone()}
            />
            { props.end.clone() }
        </div>
    };
    let counter = props.max.map(|max| (props.value.chars().count(), max));
    around(
        &id,
        &props.label,
        props.hint.as_ref(),
        props.error.as_ref(),
        counter,
        props.quiet_label,
        control,
    )
}

/// Properties of [`TextArea`].
#[derive(Properties, PartialEq)]
pub struct TextAreaProps {
    /// What to enter.
    pub label: AttrValue,
    /// What is entered.
    pub value: AttrValue,
    /// Hears each change.
    pub on_input: Callback<String>,
    /// Help under the field.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// The longest text in characters; counted near the end, not cut.
    #[prop_or_default]
    pub max: Option<usize>,
    /// An example.
    #[prop_or_default]
    pub placeholder: Option<AttrValue>,
    /// Whether the label is only for screen readers.
    #[prop_or_default]
    pub quiet_label: bool,
    /// Whether it takes the focus when drawn.
    #[prop_or_default]
    pub autofocus: bool,
    /// Lines it begins with.
    #[prop_or(3)]
    pub rows: u32,
    /// Lines it grows to before it scrolls.
    #[prop_or(14)]
    pub max_rows: u32,
    /// Whether it is drawn without a frame, inside a composer.
    #[prop_or_default]
    pub bare: bool,
    /// A key, before the text changes.
    #[prop_or_default]
    pub on_key: Callback<KeyboardEvent>,
    /// Left.
    #[prop_or_default]
    pub on_blur: Callback<FocusEvent>,
    /// Something pasted (`ClipboardEvent`).
    #[prop_or_default]
    pub on_paste: Callback<Event>,
    /// The element.
    #[prop_or_default]
    pub node: NodeRef,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// Lines of text; grows with what is written.
#[component]
pub fn TextArea(props: &TextAreaProps) -> Html {
    let id = use_unique("field");
    {
        let node = props.node.clone();
        use_effect_with((props.value.clone(), props.max_rows), move |_| {
            if let Some(area) = node.cast::<HtmlTextAreaElement>() {
                fit(&area);
            }
        });
    }
    {
        let node = props.node.clone();
        let autofocus = props.autofocus;
        // Only when it appears: later the person decides where to be.
        use_effect_with((), move |()| {
            if autofocus && let Some(area) = node.cast::<HtmlTextAreaElement>() {
                let _focused = area.focus();
                let end = area.text_length();
                let _placed = area.set_selection_range(end, end);
            }
        });
    }
    crate::kit::dom::use_event(&props.node, "paste", props.on_paste.clone());
    let oninput = {
        let on_input = props.on_input.clone();
        Callback::from(move |event: InputEvent| {
            let area = event.target_unchecked_into::<HtmlTextAreaElement>();
            fit(&area);
            on_input.emit(area.value());
        })
    };
    crate::kit::dom::use_vars(
        &props.node,
        vec![
            ("--rows", props.rows.to_string()),
            ("--max-rows", props.max_rows.to_string()),
        ],
    );
    let control = html! {
        <textarea
            ref={props.node.clone()}
            id={id.clone()}
            class="h-area"
            data-bare={props.bare.then_some("true")}
            rows={props.rows.to_string()}
            value={props.value.clone()}
            placeholder={props.placeholder.clone()}
            dir="auto"
            spellcheck="true"
            lang={crate::kit::i18n::locale()}
            aria-invalid={props.error.as_ref().map(|_| "true")}
            aria-describedby={described_by(&id, props.hint.is_some(), props.error.is_some())}
            data-autofocus={props.autofocus.then_some("")}
            data-test={props.test_id.clone()}
            {oninput}
            onkeydown={props.on_key.clone()}
            onblur={props.on_blur.clone()}
        />
    };
    let counter = props.max.map(|max| (props.value.chars().count(), max));
    around(
        &id,
        &props.label,
        props.hint.as_ref(),
        props.error.as_ref(),
        counter,
        props.quiet_label,
        control,
    )
}

/// Makes the area as high as its text; the style sheet bounds it.
fn fit(area: &HtmlTextAreaElement) {
    set_var(area, "--fit", "auto");
    let height = area.scroll_height();
    set_var(area, "--fit", &format!("{height}px"));
}
