//! Pictures one by one over the page: walk, zoom, move, read about them, download.

mod stage;

use crate::backend;
use crate::components::Size;
use crate::components::button::IconButton;
use crate::components::dialog::{Dialog, DialogSize};
use crate::components::icon::{Icon, IconName};
use crate::kit::dom;
use crate::kit::keys::{Command, Key, use_commands};
use crate::kit::{announce, time};
use crate::t;
use hearth_api::media::{MediaItem, MediaKind, Variant};
use stage::{Stage, StageCommand};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// Properties of [`MediaViewer`].
#[derive(Properties, PartialEq)]
pub struct MediaViewerProps {
    /// The pictures and videos, in order.
    pub media: Rc<[MediaItem]>,
    /// Which is shown first.
    #[prop_or_default]
    pub start: usize,
    /// Whose they are: for pictures without an alternative text.
    pub by: AttrValue,
    /// Who shared them, when, with whom: shown among the information.
    #[prop_or_default]
    pub about: Html,
    /// Hears which one is shown.
    #[prop_or_default]
    pub on_show: Callback<usize>,
    /// Asks to close.
    pub on_close: Callback<()>,
}

/// The words that stand for a picture.
#[must_use]
pub fn words_for(item: &MediaItem, by: &AttrValue) -> AttrValue {
    if !item.alt.trim().is_empty() {
        AttrValue::from(item.alt.clone())
    } else if item.kind == MediaKind::Video {
        t!("video-by", "name" => by)
    } else {
        t!("photo-by", "name" => by)
    }
}

/// Pictures over the page.
#[component]
pub fn MediaViewer(props: &MediaViewerProps) -> Html {
    let count = props.media.len();
    let index = use_state_eq(|| props.start.min(count.saturating_sub(1)));
    let info = use_state_eq(|| false);
    let command = use_state_eq(|| (0_u32, StageCommand::Reset));

    let go = {
        let (index, media, on_show, by) = (
            index.clone(),
            Rc::clone(&props.media),
            props.on_show.clone(),
            props.by.clone(),
        );
        Callback::from(move |forward: bool| {
            let count = media.len();
            let to = if forward {
                *index + 1
            } else {
                index.wrapping_sub(1)
            };
            let Some(item) = media.get(to) else { return };
            index.set(to);
            on_show.emit(to);
            announce::polite(
                t!("photo-open-of", "number" => to + 1, "count" => count, "what" => words_for(item, &by)),
            );
        })
    };
    let tell = {
        let command = command.clone();
        Callback::from(move |what: StageCommand| command.set((command.0.wrapping_add(1), what)))
    };
    let toggle_info = {
        let info = info.clone();
        Callback::from(move |()| info.set(!*info))
    };
    use_commands(vec![
        Command::key(Key::ViewerNext, go.reform(|()| true)),
        Command::key(Key::ViewerPrevious, go.reform(|()| false)),
        Command::key(Key::ZoomIn, tell.reform(|()| StageCommand::In)),
        Command::key(Key::ZoomOut, tell.reform(|()| StageCommand::Out)),
        Command::key(Key::ZoomReset, tell.reform(|()| StageCommand::Reset)),
        Command::key(Key::ViewerInfo, toggle_info.clone()),
        Command::key(Key::FullScreen, Callback::from(|()| full_screen())),
        Command::key(Key::Play, Callback::from(|()| toggle_video())),
    ]);

    let Some(item) = props.media.get(*index) else {
        return Html::default();
    };
    let words = words_for(item, &props.by);
    let press = |what: StageCommand| tell.reform(move |_: MouseEvent| what);
    let step = |forward: bool| go.reform(move |_: MouseEvent| forward);
    let next = props.media.get(*index + 1).filter(|m| m.kind == MediaKind::Image);
    let image = item.kind == MediaKind::Image;
    html! {
        <Dialog
            title={t!("viewer-title", "name" => &props.by)}
            on_close={props.on_close.clone()}
            size={DialogSize::Full}
            quiet_title={true}
            light_dismiss={false}
            class={classes!("h-viewer")}
            test_id="viewer"
        >
            <div class="h-viewer__all" data-theme="dark" data-info={info.then_some("true")}>
                <div class="h-viewer__bar">
                    <span class="h-viewer__count u-tabular">{ if count > 1 { format!("{} / {count}", *index + 1) } else { String::new() } }</span>
                    if image {
                        <IconButton icon={IconName::ZoomOut} label={t!("zoom-out")} keys={Key::ZoomOut} on_click={press(StageCommand::Out)} class={classes!("u-wide-only")} />
                        <IconButton icon={IconName::ZoomIn} label={t!("zoom-in")} keys={Key::ZoomIn} on_click={press(StageCommand::In)} class={classes!("u-wide-only")} />
                    }
                    <IconButton icon={IconName::Info} label={t!("viewer-info")} keys={Key::ViewerInfo} pressed={*info} on_click={toggle_info.reform(|_: MouseEvent| ())} test_id="viewer-info" />
                    <a
                        class="h-button h-button--icon"
                        data-variant="quiet"
                        data-size="m"
                        href={backend::media_url(&item.hash, Variant::Original)}
                        download={item.name.clone()}
                        aria-label={t!("viewer-download")}
                        data-tip={t!("viewer-download")}
                    ><Icon name={IconName::Download} /></a>
                    <IconButton icon={IconName::X} label={t!("action-close")} on_click={props.on_close.reform(|_: MouseEvent| ())} test_id="viewer-close" />
                </div>
                <Stage
                    key={item.hash.to_string()}
                    item={item.clone()}
                    words={words.clone()}
                    command={*command}
                    on_step={go.clone()}
                    on_close={props.on_close.clone()}
                />
                if *index > 0 {
                    <span class="h-viewer__step" data-side="start"><IconButton icon={IconName::ChevronLeft} label={t!("viewer-previous")} keys={Key::ViewerPrevious} size={Size::L} on_click={step(false)} /></span>
                }
                if *index + 1 < count {
                    <span class="h-viewer__step" data-side="end"><IconButton icon={IconName::ChevronRight} label={t!("viewer-next")} keys={Key::ViewerNext} size={Size::L} on_click={step(true)} test_id="viewer-next" /></span>
                }
                if !item.caption.trim().is_empty() {
                    <p class="h-viewer__caption" dir="auto">{ item.caption.clone() }</p>
                }
                if *info { { about(item, props) } }
                if let Some(next) = next {
                    <img class="u-hidden-visually" src={backend::media_url(&next.hash, Variant::Large)} alt="" aria-hidden="true" />
                }
            </div>
        </Dialog>
    }
}

fn about(item: &MediaItem, props: &MediaViewerProps) -> Html {
    let row =
        |name: AttrValue, value: AttrValue| html! { <><dt>{ name }</dt><dd dir="auto">{ value }</dd></> };
    let pixels = match (item.width, item.height) {
        (Some(w), Some(h)) => Some(format!("{w} × {h}")),
        _ => None,
    };
    html! {
        <aside class="h-viewer__info" aria-label={t!("viewer-info")}>
            { props.about.clone() }
            <dl>
                if !item.caption.trim().is_empty() { { row(t!("media-caption"), item.caption.clone().into()) } }
                { row(t!("media-alt"), if item.alt.trim().is_empty() { t!("media-alt-none") } else { item.alt.clone().into() }) }
                { row(t!("media-file"), item.name.clone().into()) }
                if let Some(pixels) = pixels { { row(t!("media-pixels"), pixels.into()) } }
                { row(t!("media-bytes"), time::bytes(item.bytes).into()) }
            </dl>
        </aside>
    }
}

fn full_screen() {
    let Some(document) = dom::document() else { return };
    // Called by name: the binding is not among those that the window uses elsewhere.
    let call = |target: &wasm_bindgen::JsValue, name: &str| {
        let function = js_sys::Reflect::get(target, &name.into())
            .ok()
            .and_then(|f| f.dyn_into::<js_sys::Function>().ok());
        if let Some(function) = function {
            let _done = function.call0(target);
        }
    };
    let is_full = js_sys::Reflect::get(&document, &"fullscreenElement".into()).is_ok_and(|e| e.is_object());
    if is_full {
        call(&document, "exitFullscreen");
    } else if let Ok(Some(viewer)) = document.query_selector(".h-viewer__all") {
        // What is in the dialog: a dialog itself may not fill the screen.
        call(&viewer, "requestFullscreen");
    }
}

/// Plays or pauses the video on show.
fn toggle_video() {
    let Some(video) = dom::document().and_then(|d| d.query_selector(".h-viewer video").ok().flatten()) else {
        return;
    };
    let paused = js_sys::Reflect::get(&video, &"paused".into()).is_ok_and(|p| p.is_truthy());
    let name = if paused { "play" } else { "pause" };
    if let Some(function) = js_sys::Reflect::get(&video, &name.into())
        .ok()
        .and_then(|f| f.dyn_into::<js_sys::Function>().ok())
    {
        let _playing = function.call0(&video);
    }
}
