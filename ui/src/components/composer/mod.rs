//! A text that is being written: it grows, finds people after `@`, takes pasted pictures.

mod mentions;

pub use mentions::{Named, Written, ids_in};

use crate::components::field::TextArea;
use crate::components::mention_list::{MentionList, row_id};
use crate::kit::dom::{self, use_unique};
use crate::kit::keys::{self, Key};
use gloo_timers::callback::Timeout;
use hearth_api::people::PersonCard;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, File, FileList, HtmlTextAreaElement};
use yew::prelude::*;

/// Asks for people whose names contain something; the answer goes to the callback.
pub type Suggest = Callback<(String, Callback<Vec<PersonCard>>)>;

/// The files of a list.
#[must_use]
pub fn files_of(list: &FileList) -> Vec<File> {
    (0..list.length()).filter_map(|i| list.get(i)).collect()
}

/// Properties of [`ComposerText`].
#[derive(Properties, PartialEq)]
pub struct ComposerTextProps {
    /// What is written.
    pub value: Written,
    /// Hears each change.
    pub on_change: Callback<Written>,
    /// Finds people to mention.
    pub suggest: Suggest,
    /// What is to be written.
    pub label: AttrValue,
    /// An example.
    #[prop_or_default]
    pub placeholder: Option<AttrValue>,
    /// The longest text in characters.
    #[prop_or_default]
    pub max: Option<usize>,
    /// Lines it begins with.
    #[prop_or(3)]
    pub rows: u32,
    /// Lines it grows to before it scrolls.
    #[prop_or(16)]
    pub max_rows: u32,
    /// Whether it takes the focus when drawn.
    #[prop_or_default]
    pub autofocus: bool,
    /// Whether the list of people opens upwards.
    #[prop_or_default]
    pub up: bool,
    /// What is wrong.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Pasted pictures and files.
    #[prop_or_default]
    pub on_files: Callback<Vec<File>>,
    /// The keys that send.
    #[prop_or_default]
    pub on_submit: Callback<()>,
    /// Esc, when no list is open; not given, it goes to whoever is around.
    #[prop_or_default]
    pub on_escape: Option<Callback<()>>,
    /// Left.
    #[prop_or_default]
    pub on_blur: Callback<FocusEvent>,
    /// The element.
    #[prop_or_default]
    pub node: NodeRef,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

#[derive(Clone, PartialEq, Default)]
struct Finding {
    query: String,
    people: Vec<PersonCard>,
    active: usize,
    busy: bool,
}

/// A text that is being written.
#[component]
pub fn ComposerText(props: &ComposerTextProps) -> Html {
    let list_id = use_unique("mentions");
    let finding = use_state_eq(|| None::<Finding>);
    // The newest question; answers to older ones are dropped.
    let asked = use_mut_ref(String::new);
    let wait = use_mut_ref(|| None::<Timeout>);
    let caret = use_mut_ref(|| None::<u32>);
    let node = props.node.clone();

    {
        // After a person was put in, the caret stands behind them.
        let (node, caret) = (node.clone(), caret.clone());
        use_effect_with(props.value.text.clone(), move |_| {
            if let (Some(at), Some(area)) = (caret.take(), node.cast::<HtmlTextAreaElement>()) {
                let _placed = area.set_selection_range(at, at);
            }
        });
    }
    let look = {
        let shown = finding_people(&finding);
        let (node, finding, asked, wait, suggest) = (
            node.clone(),
            finding.setter(),
            asked.clone(),
            wait.clone(),
            props.suggest.clone(),
        );
        move |text: &str| {
            let at = node
                .cast::<HtmlTextAreaElement>()
                .and_then(|a| a.selection_end().ok().flatten());
            let query = at
                .and_then(|at| mentions::query_at(text, at as usize))
                .map(|(_, query)| query);
            let Some(query) = query else {
                wait.replace(None);
                asked.borrow_mut().clear();
                finding.set(None);
                return;
            };
            finding.set(Some(Finding {
                query: query.clone(),
                people: shown.clone(),
                active: 0,
                busy: true,
            }));
            asked.replace(query.clone());
            let (finding, asked, suggest) = (finding.clone(), asked.clone(), suggest.clone());
            wait.replace(Some(Timeout::new(120, move || {
                let mine = query.clone();
                let answer = Callback::from(move |people: Vec<PersonCard>| {
                    if *asked.borrow() == mine {
                        let people = people.into_iter().take(8).collect();
                        finding.set(Some(Finding {
                            query: mine.clone(),
                            people,
                            active: 0,
                            busy: false,
                        }));
                    }
                });
                suggest.emit((query, answer));
            })));
        }
    };
    let on_input = {
        let (on_change, value) = (props.on_change.clone(), props.value.clone());
        Callback::from(move |text: String| {
            look(&text);
            on_change.emit(Written {
                text,
                named: Rc::clone(&value.named),
            });
        })
    };
    let choose = {
        let (node, caret, finding, value, on_change, asked) = (
            node.clone(),
            caret.clone(),
            finding.setter(),
            props.value.clone(),
            props.on_change.clone(),
            asked.clone(),
        );
        Callback::from(move |person: PersonCard| {
            let Some(area) = node.cast::<HtmlTextAreaElement>() else {
                return;
            };
            let at = area.selection_end().ok().flatten().unwrap_or(u32::MAX) as usize;
            asked.borrow_mut().clear();
            finding.set(None);
            if let Some((next, at)) = value.with_person(at, &person) {
                caret.replace(u32::try_from(at).ok());
                on_change.emit(next);
            }
        })
    };
    let on_key = {
        let (finding, choose, on_submit, on_escape) = (
            finding.clone(),
            choose.clone(),
            props.on_submit.clone(),
            props.on_escape.clone(),
        );
        Callback::from(move |event: KeyboardEvent| {
            if event.is_composing() {
                return;
            }
            if keys::is(Key::Submit, &event) {
                event.prevent_default();
                on_submit.emit(());
                return;
            }
            if let Some(now) = (*finding).clone().filter(|f| !f.people.is_empty()) {
                let count = now.people.len();
                match event.key().as_str() {
                    "ArrowDown" => finding.set(Some(Finding {
                        active: (now.active + 1) % count,
                        ..now
                    })),
                    "ArrowUp" => finding.set(Some(Finding {
                        active: (now.active + count - 1) % count,
                        ..now
                    })),
                    "Enter" | "Tab" => {
                        if let Some(person) = now.people.get(now.active) {
                            choose.emit(person.clone());
                        }
                    }
                    "Escape" => finding.set(None),
                    _ => return,
                }
                event.prevent_default();
                event.stop_propagation();
            } else if event.key() == "Escape"
                && let Some(on_escape) = &on_escape
            {
                event.prevent_default();
                event.stop_propagation();
                on_escape.emit(());
            }
        })
    };
    let on_paste = {
        let on_files = props.on_files.clone();
        Callback::from(move |event: Event| {
            let files = event
                .dyn_ref::<ClipboardEvent>()
                .and_then(ClipboardEvent::clipboard_data)
                .and_then(|data| data.files())
                .map(|list| files_of(&list))
                .unwrap_or_default();
            if !files.is_empty() {
                event.prevent_default();
                on_files.emit(files);
            }
        })
    };
    let on_blur = {
        let (finding, on_blur, asked) = (finding.setter(), props.on_blur.clone(), asked.clone());
        Callback::from(move |event: FocusEvent| {
            asked.borrow_mut().clear();
            finding.set(None);
            on_blur.emit(event);
        })
    };
    let open = (*finding)
        .clone()
        .filter(|f| !(f.people.is_empty() && f.query.chars().count() > 24));
    {
        // The list belongs to the text for a screen reader.
        let node = node.clone();
        let state = open
            .as_ref()
            .filter(|f| !f.people.is_empty())
            .map(|f| row_id(&list_id, f.active));
        let list_id = list_id.clone();
        use_effect_with(state, move |state| {
            let Some(area) = node.cast::<HtmlTextAreaElement>() else {
                return;
            };
            let attributes = [
                ("aria-controls", state.as_ref().map(|_| list_id.to_string())),
                ("aria-activedescendant", state.clone()),
            ];
            for (name, value) in attributes {
                let _set = match value {
                    Some(value) => area.set_attribute(name, &value),
                    None => area.remove_attribute(name),
                };
            }
            if let Some(row) = state.as_ref().and_then(|id| dom::by_id(id)) {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                row.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }
    html! {
        <div class="h-composer-text" data-up={props.up.then_some("true")}>
            <TextArea
                label={props.label.clone()}
                quiet_label={true}
                bare={true}
                value={props.value.text.clone()}
                {on_input}
                placeholder={props.placeholder.clone()}
                max={props.max}
                rows={props.rows}
                max_rows={props.max_rows}
                autofocus={props.autofocus}
                error={props.error.clone()}
                {on_key}
                {on_paste}
                {on_blur}
                node={props.node.clone()}
                test_id={props.test_id.clone()}
            />
            if let Some(open) = open {
                <MentionList id={list_id} people={open.people} active={open.active} busy={open.busy} on_choose={choose} />
            }
        </div>
    }
}

fn finding_people(finding: &UseStateHandle<Option<Finding>>) -> Vec<PersonCard> {
    finding.as_ref().map(|f| f.people.clone()).unwrap_or_default()
}
