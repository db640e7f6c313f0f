//! Choosing files: a button, and the system's own picker behind it.

use crate::components::Size;
use crate::components::button::{Button, Variant};
use crate::components::icon::IconName;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

/// Properties of [`FilePick`].
#[derive(Properties, PartialEq)]
pub struct FilePickProps {
    /// A verb.
    pub label: AttrValue,
    /// The files chosen.
    pub on_files: Callback<Vec<File>>,
    /// Which kinds (`image/*`).
    #[prop_or_default]
    pub accept: Option<AttrValue>,
    /// Whether several may be chosen.
    #[prop_or_default]
    pub multiple: bool,
    /// How the button looks.
    #[prop_or_default]
    pub variant: Variant,
    /// How large it is.
    #[prop_or_default]
    pub size: Size,
    /// Its icon.
    #[prop_or(IconName::ImagePlus)]
    pub icon: IconName,
    /// Whether only the icon is shown.
    #[prop_or_default]
    pub icon_only: bool,
    /// For tests: on the input.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// A button that lets files be chosen.
#[component]
pub fn FilePick(props: &FilePickProps) -> Html {
    let input = use_node_ref();
    let open = {
        let input = input.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    let onchange = {
        let on_files = props.on_files.clone();
        Callback::from(move |event: Event| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            let files: Vec<File> = input
                .files()
                .map(|list| (0..list.length()).filter_map(|i| list.get(i)).collect())
                .unwrap_or_default();
            // So that the same file can be chosen again.
            input.set_value("");
            if !files.is_empty() {
                on_files.emit(files);
            }
        })
    };
    html! {
        <>
            <input
                ref={input}
                type="file"
                hidden=true
                tabindex="-1"
                aria-hidden="true"
                accept={props.accept.clone()}
                multiple={props.multiple}
                data-test={props.test_id.clone()}
                {onchange}
            />
            if props.icon_only {
                <crate::components::IconButton icon={props.icon} label={props.label.clone()} variant={props.variant} size={props.size} on_click={open} />
            } else {
                <Button variant={props.variant} size={props.size} start={props.icon} on_click={open}>{ props.label.clone() }</Button>
            }
        </>
    }
}
