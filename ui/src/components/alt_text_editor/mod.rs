//! What a picture shows, for those who do not see it; and a caption for everybody.

use crate::components::button::{Button, ButtonKind, Variant};
use crate::components::dialog::Dialog;
use crate::components::field::TextArea;
use crate::kit::dom::use_unique;
use crate::kit::keys;
use crate::t;
use hearth_api::feed::{MAX_ALT, MAX_CAPTION};
use yew::prelude::*;

/// Properties of [`AltTextEditor`].
#[derive(Properties, PartialEq)]
pub struct AltTextEditorProps {
    /// The file's name.
    pub name: AttrValue,
    /// Where it is shown from.
    #[prop_or_default]
    pub preview: Option<AttrValue>,
    /// Its alternative text.
    pub alt: AttrValue,
    /// Its caption.
    pub caption: AttrValue,
    /// Hears the new alternative text and caption.
    pub on_save: Callback<(String, String)>,
    /// Asks to close.
    pub on_close: Callback<()>,
}

/// The words of a picture.
#[component]
pub fn AltTextEditor(props: &AltTextEditorProps) -> Html {
    let alt = use_state_eq(|| props.alt.to_string());
    let caption = use_state_eq(|| props.caption.to_string());
    let form = use_unique("alt");
    let too_long = alt.chars().count() > MAX_ALT || caption.chars().count() > MAX_CAPTION;
    let save = {
        let (alt, caption, on_save) = (alt.clone(), caption.clone(), props.on_save.clone());
        Callback::from(move |()| {
            if !too_long {
                on_save.emit(((*alt).trim().to_owned(), (*caption).trim().to_owned()));
            }
        })
    };
    let onsubmit = {
        let save = save.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            event.stop_propagation();
            save.emit(());
        })
    };
    let on_key = {
        let save = save.clone();
        Callback::from(move |event: KeyboardEvent| {
            let main = if keys::is_mac() {
                event.meta_key()
            } else {
                event.ctrl_key()
            };
            if main && event.key() == "Enter" {
                event.prevent_default();
                event.stop_propagation();
                save.emit(());
            }
        })
    };
    let set = |to: UseStateSetter<String>| Callback::from(move |text| to.set(text));
    html! {
        <Dialog title={t!("alt-title")} on_close={props.on_close.clone()} light_dismiss={false} test_id="alt-editor">
            <form class="h-alt" id={form} {onsubmit}>
                if let Some(preview) = &props.preview {
                    <div class="h-alt__picture"><img src={preview.clone()} alt={props.name.clone()} /></div>
                }
                <TextArea
                    label={t!("media-alt")}
                    hint={t!("alt-hint")}
                    value={(*alt).clone()}
                    on_input={set(alt.setter())}
                    max={MAX_ALT}
                    error={(alt.chars().count() > MAX_ALT).then(|| t!("text-over", "max" => MAX_ALT))}
                    autofocus={true}
                    on_key={on_key.clone()}
                    test_id="alt-text"
                />
                <TextArea
                    label={t!("media-caption")}
                    hint={t!("caption-hint")}
                    rows={1}
                    value={(*caption).clone()}
                    on_input={set(caption.setter())}
                    max={MAX_CAPTION}
                    error={(caption.chars().count() > MAX_CAPTION).then(|| t!("text-over", "max" => MAX_CAPTION))}
                    {on_key}
                    test_id="caption"
                />
                <div class="h-dialog__buttons">
                    <Button variant={Variant::Quiet} on_click={props.on_close.reform(|_| ())}>{ t!("action-cancel") }</Button>
                    <Button variant={Variant::Filled} kind={ButtonKind::Submit} test_id="alt-save">{ t!("action-save") }</Button>
                </div>
            </form>
        </Dialog>
    }
}
