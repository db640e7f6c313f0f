//! Pictures and files that hang on something being written: how far they are, in which order, with which words.

use crate::components::Size;
use crate::components::button::{Button, Variant, aria_keys};
use crate::components::icon::{Icon, IconName, IconSize};
use crate::components::progress::ProgressBar;
use crate::kit::dom::use_unique;
use crate::kit::keys::{self, Key};
use crate::kit::{announce, focus};
use crate::t;
use std::rc::Rc;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// How far a file is.
#[derive(Debug, Clone, PartialEq)]
pub enum TrayState {
    /// On its way, with the share that is there.
    Sending(f64),
    /// There.
    Ready,
    /// It did not get there.
    Failed {
        /// Why.
        why: AttrValue,
        /// Whether another try may help.
        again: bool,
    },
}

/// A file of the tray.
#[derive(Debug, Clone, PartialEq)]
pub struct TrayItem {
    /// Its number in this tray.
    pub key: u32,
    /// Its name.
    pub name: String,
    /// Where it is shown from; none for what cannot be shown.
    pub preview: Option<AttrValue>,
    /// How far it is.
    pub state: TrayState,
    /// Its alternative text.
    pub alt: String,
    /// Its caption.
    pub caption: String,
}

/// What is wanted with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrayEvent {
    /// To take it away.
    Remove(u32),
    /// To move it to a place among the others.
    Move(u32, usize),
    /// To describe it.
    Describe(u32),
    /// To send it again.
    Retry(u32),
}

/// Properties of [`MediaTray`].
#[derive(Properties, PartialEq)]
pub struct MediaTrayProps {
    /// The files, in order.
    pub items: Rc<Vec<TrayItem>>,
    /// Hears what is wanted.
    pub on_event: Callback<TrayEvent>,
    /// Whether the tiles are small, under a comment.
    #[prop_or_default]
    pub compact: bool,
}

/// The files that hang on something being written.
#[component]
pub fn MediaTray(props: &MediaTrayProps) -> Html {
    let node = use_node_ref();
    let dragged = use_state_eq(|| None::<u32>);
    let over = use_state_eq(|| None::<usize>);
    let id = use_unique("tray");
    if props.items.is_empty() {
        return Html::default();
    }
    let count = props.items.len();
    html! {
        <div class="h-tray-frame">
        <ul class="h-tray" ref={node.clone()} aria-label={t!("tray")} data-compact={props.compact.then_some("true")}>
            { for props.items.iter().enumerate().map(|(index, item)| {
                let drag = Drag { key: item.key, index, dragged: dragged.clone(), over: over.clone(), on_event: props.on_event.clone() };
                html! { <li key={item.key}>{ tile(item, index, count, &node, &drag, &why_id(&id, item.key)) }</li> }
            }) }
        </ul>
        { for props.items.iter().map(|item| problem(item, &why_id(&id, item.key), &props.on_event)) }
        </div>
    }
}

fn why_id(tray: &str, key: u32) -> String {
    format!("{tray}-why-{key}")
}

/// Why a file was not taken, and what can be done with it.
fn problem(item: &TrayItem, id: &str, on_event: &Callback<TrayEvent>) -> Html {
    let TrayState::Failed { why, again } = &item.state else {
        return Html::default();
    };
    let key = item.key;
    let emit = |what: TrayEvent| on_event.reform(move |_: MouseEvent| what);
    html! {
        <div key={key} class="h-tray__problem" data-test="tray-problem">
            <Icon name={IconName::CircleAlert} size={IconSize::S} />
            <p id={id.to_owned()} role="alert"><bdi>{ item.name.clone() }</bdi>{ ": " }{ why.clone() }</p>
            if *again {
                <Button size={Size::S} variant={Variant::Soft} start={IconName::RotateCw} on_click={emit(TrayEvent::Retry(key))} test_id="tray-again">{ t!("tray-failed") }</Button>
            }
            <Button size={Size::S} variant={Variant::Quiet} on_click={emit(TrayEvent::Remove(key))} label={t!("tray-remove", "name" => &item.name)} test_id="tray-drop">{ t!("tray-remove-short") }</Button>
        </div>
    }
}

/// Properties of [`Preview`].
#[derive(Properties, PartialEq)]
struct PreviewProps {
    src: Option<AttrValue>,
    name: String,
}

/// The picture; where there is none, or none that can be shown, the name.
#[component]
fn Preview(props: &PreviewProps) -> Html {
    let broken = use_state_eq(|| None::<AttrValue>);
    match &props.src {
        Some(src) if broken.as_ref() != Some(src) => {
            let onerror = {
                let (broken, src) = (broken.setter(), src.clone());
                Callback::from(move |_: Event| broken.set(Some(src.clone())))
            };
            html! { <img src={src.clone()} alt="" draggable="false" {onerror} /> }
        }
        _ => html! {
            <span class="h-tray__file"><Icon name={IconName::FileText} size={IconSize::L} /><span class="u-truncate">{ props.name.clone() }</span></span>
        },
    }
}

struct Drag {
    key: u32,
    index: usize,
    dragged: UseStateHandle<Option<u32>>,
    over: UseStateHandle<Option<usize>>,
    on_event: Callback<TrayEvent>,
}

impl Drag {
    fn start(&self) -> Callback<DragEvent> {
        let (dragged, key) = (self.dragged.clone(), self.key);
        Callback::from(move |event: DragEvent| {
            if let Some(data) = event.data_transfer() {
                data.set_effect_allowed("move");
                let _set = data.set_data("text/x-hearth-tile", &key.to_string());
            }
            dragged.set(Some(key));
        })
    }

    fn hover(&self) -> Callback<DragEvent> {
        let (dragged, over, index) = (self.dragged.clone(), self.over.clone(), self.index);
        Callback::from(move |event: DragEvent| {
            if dragged.is_some() {
                event.prevent_default();
                event.stop_propagation();
                over.set(Some(index));
            }
        })
    }

    fn end(&self) -> Callback<DragEvent> {
        let (dragged, over) = (self.dragged.clone(), self.over.clone());
        Callback::from(move |_| {
            dragged.set(None);
            over.set(None);
        })
    }

    fn drop(&self) -> Callback<DragEvent> {
        let (dragged, over, index, on_event) = (
            self.dragged.clone(),
            self.over.clone(),
            self.index,
            self.on_event.clone(),
        );
        Callback::from(move |event: DragEvent| {
            if let Some(key) = *dragged {
                event.prevent_default();
                event.stop_propagation();
                on_event.emit(TrayEvent::Move(key, index));
            }
            dragged.set(None);
            over.set(None);
        })
    }
}

fn tile(item: &TrayItem, index: usize, count: usize, list: &NodeRef, drag: &Drag, why: &str) -> Html {
    let key = item.key;
    let on_event = &drag.on_event;
    let number = index + 1;
    let emit = |what: TrayEvent| {
        let on_event = on_event.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            on_event.emit(what);
        })
    };
    let onkeydown = {
        let (on_event, list) = (on_event.clone(), list.clone());
        Callback::from(move |event: KeyboardEvent| {
            let moved = if keys::is(Key::MoveBack, &event) {
                Some(index.checked_sub(1))
            } else if keys::is(Key::MoveOn, &event) {
                Some(Some(index + 1).filter(|i| *i < count))
            } else {
                None
            };
            if let Some(to) = moved {
                event.prevent_default();
                if let Some(to) = to {
                    on_event.emit(TrayEvent::Move(key, to));
                    announce::polite(t!("tray-moved", "number" => to + 1, "count" => count));
                    focus_tile(&list, to);
                }
                return;
            }
            let to = match event.key().as_str() {
                "ArrowLeft" | "ArrowUp" => index.checked_sub(1),
                "ArrowRight" | "ArrowDown" => Some(index + 1).filter(|i| *i < count),
                "Delete" | "Backspace" => {
                    event.prevent_default();
                    on_event.emit(TrayEvent::Remove(key));
                    return;
                }
                _ => return,
            };
            let Some(to) = to else { return };
            event.prevent_default();
            focus_tile(&list, to);
        })
    };
    let own = [Key::MoveBack, Key::MoveOn]
        .into_iter()
        .filter_map(|key| aria_keys(Some(key)));
    let shortcuts = own.chain(["Delete".to_owned()]).collect::<Vec<_>>().join(" ");
    let described = !item.alt.trim().is_empty();
    let on_face = match &item.state {
        TrayState::Failed { again: true, .. } => emit(TrayEvent::Retry(key)),
        // Nothing to describe and nothing to try; why is said below.
        TrayState::Failed { again: false, .. } => Callback::noop(),
        _ => emit(TrayEvent::Describe(key)),
    };
    let failed = matches!(item.state, TrayState::Failed { .. });
    html! {
        <div
            class="h-tray__tile"
            data-state={match &item.state { TrayState::Sending(_) => "sending", TrayState::Ready => "ready", TrayState::Failed { .. } => "failed" }}
            data-dragged={(*drag.dragged == Some(key)).then_some("true")}
            data-over={(*drag.over == Some(index) && *drag.dragged != Some(key)).then_some("true")}
            draggable={(count > 1).then_some("true")}
            ondragstart={drag.start()}
            ondragover={drag.hover()}
            ondragend={drag.end()}
            ondrop={drag.drop()}
            data-test="tray-tile"
        >
            <button
                type="button"
                class="h-tray__face"
                aria-label={t!("tray-item", "name" => &item.name, "number" => number, "count" => count)}
                aria-keyshortcuts={shortcuts.clone()}
                aria-describedby={failed.then(|| why.to_owned())}
                onclick={on_face}
                {onkeydown}
            >
                <Preview src={item.preview.clone()} name={item.name.clone()} />
            </button>
            <button type="button" class="h-tray__remove" aria-label={t!("tray-remove", "name" => &item.name)} onclick={emit(TrayEvent::Remove(key))}>
                <Icon name={IconName::X} size={IconSize::S} />
            </button>
            { match &item.state {
                TrayState::Sending(share) => html! {
                    <div class="h-tray__progress"><ProgressBar label={t!("tray-sending", "name" => &item.name)} value={Some(*share)} quiet_label={true} /></div>
                },
                TrayState::Failed { again, .. } => html! {
                    <div class="h-tray__failed" aria-hidden="true">
                        <Icon name={if *again { IconName::RotateCw } else { IconName::CircleAlert }} size={IconSize::S} />
                        <span>{ if *again { t!("tray-failed") } else { t!("tray-refused") } }</span>
                    </div>
                },
                // Only what is seen wants words for those who do not see it.
                TrayState::Ready if item.preview.is_none() && !described => Html::default(),
                TrayState::Ready => html! {
                    <button
                        type="button"
                        class="h-tray__alt"
                        data-done={described.then_some("true")}
                        aria-label={if described { t!("alt-edit") } else { t!("alt-add") }}
                        data-tip={if described { AttrValue::from(item.alt.clone()) } else { t!("alt-add") }}
                        onclick={emit(TrayEvent::Describe(key))}
                    >
                        <Icon name={if described { IconName::Check } else { IconName::Pencil }} size={IconSize::S} />
                        { t!("alt-badge") }
                    </button>
                },
            } }
        </div>
    }
}

/// Focuses the tile at a place, after the new order is drawn.
fn focus_tile(list: &NodeRef, index: usize) {
    let list = list.clone();
    gloo_timers::callback::Timeout::new(0, move || {
        let faces: Vec<HtmlElement> = list
            .cast::<Element>()
            .map(|l| focus::all_in(&l, ".h-tray__face"))
            .unwrap_or_default();
        if let Some(face) = faces.get(index) {
            let _focused = face.focus();
        }
    })
    .forget();
}
