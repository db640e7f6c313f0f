//! The palette: everything by name. Commands at once, people as the home finds them.

mod fuzzy;

use crate::components::avatar::{AvatarSize, PersonAvatar};
use crate::components::icon::{Icon, IconName};
use crate::components::kbd::Kbd;
use crate::frame::nav::use_go;
use crate::kit::dom::use_unique;
use crate::kit::i18n::{self, Lang};
use crate::kit::keys::{self, Command};
use crate::kit::modal::use_modal;
use crate::routes::Route;
use crate::state::query::use_query_if;
use crate::t;
use hearth_api::people::{PersonRow, SearchPeople};
use std::rc::Rc;
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

const MOST: usize = 12;

/// Properties of [`CommandPalette`].
#[derive(Properties, PartialEq)]
pub struct CommandPaletteProps {
    /// Asks to close.
    pub on_close: Callback<()>,
    /// Whether somebody is signed in, so that people can be found.
    pub signed_in: bool,
}

#[derive(Clone)]
enum Hit {
    Command(Command),
    Person(Box<PersonRow>),
}

/// The palette; drawn while it is open.
#[component]
pub fn CommandPalette(props: &CommandPaletteProps) -> Html {
    let (dialog, input, list) = (use_node_ref(), use_node_ref(), use_node_ref());
    let text = use_state_eq(String::new);
    let chosen = use_state_eq(|| 0_usize);
    let list_id = use_unique("palette");
    let go = use_go();
    {
        let input = input.clone();
        use_modal(&dialog, props.on_close.clone(), move |_| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                let _focused = input.focus();
            }
        });
    }

    let (only, wanted) = match text.chars().next() {
        Some(sign @ ('>' | '@')) => (Some(sign), text.trim_start_matches(sign).trim().to_owned()),
        _ => (None, text.trim().to_owned()),
    };
    let ask_people = props.signed_in && only != Some('>') && (!wanted.is_empty() || only == Some('@'));
    let people = use_query_if(
        ask_people.then(|| SearchPeople {
            query: wanted.clone(),
            limit: 8,
        }),
        Vec::new(),
    );

    let mut hits: Vec<Hit> = Vec::new();
    if only != Some('@') {
        hits.extend(commands(&wanted).into_iter().map(Hit::Command));
    }
    // The people of a moment ago stay until the home has answered: nothing flickers while one types.
    let kept = use_mut_ref(|| None::<Rc<Vec<PersonRow>>>);
    if !ask_people {
        kept.replace(None);
    } else if people.data.is_some() {
        kept.replace(people.data.clone());
    }
    let stale = people.data.is_none();
    if let Some(rows) = &*kept.borrow() {
        // Of an older answer only those who fit what was typed since: Enter must not open somebody else.
        let fits =
            |row: &&PersonRow| !stale || row.person.name.to_lowercase().contains(&wanted.to_lowercase());
        hits.extend(
            rows.iter()
                .filter(fits)
                .take(8)
                .map(|row| Hit::Person(Box::new(row.clone()))),
        );
    }
    let at = (*chosen).min(hits.len().saturating_sub(1));

    let run = {
        let (on_close, go) = (props.on_close.clone(), go.clone());
        Callback::from(move |hit: Hit| {
            on_close.emit(());
            match hit {
                Hit::Command(command) => command.run.emit(()),
                Hit::Person(row) => go.to(&Route::Profile {
                    person: row.person.id,
                }),
            }
        })
    };
    // Enter before the home has answered waits for the answer.
    let hurry = use_mut_ref(|| None::<String>);
    {
        let (hurry, run) = (Rc::clone(&hurry), run.clone());
        let first = hits.first().cloned();
        let answered = !(ask_people && people.busy);
        use_effect_with(((*text).clone(), answered), move |(text, answered)| {
            let asked = hurry.borrow().as_ref() == Some(text);
            if asked && *answered {
                hurry.replace(None);
                if let Some(hit) = first {
                    run.emit(hit);
                }
            }
        });
    }
    let waits = ask_people && people.busy;
    let onkeydown = {
        let (chosen, run, hits, list) = (chosen.setter(), run.clone(), hits.clone(), list.clone());
        let (hurry, typed) = (Rc::clone(&hurry), (*text).clone());
        Callback::from(move |event: KeyboardEvent| {
            let count = hits.len();
            let to = match event.key().as_str() {
                "ArrowDown" if count > 0 => (at + 1) % count,
                "ArrowUp" if count > 0 => (at + count - 1) % count,
                "Enter" => {
                    event.prevent_default();
                    if let Some(hit) = hits.get(at) {
                        run.emit(hit.clone());
                    } else if waits {
                        hurry.replace(Some(typed.clone()));
                    }
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            chosen.set(to);
            let option = list
                .cast::<Element>()
                .and_then(|l| l.children().item(u32::try_from(to).ok()?));
            if let Some(option) = option {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                option.scroll_into_view_with_scroll_into_view_options(&options);
            }
        })
    };
    let oninput = {
        let (text, chosen) = (text.setter(), chosen.setter());
        Callback::from(move |event: InputEvent| {
            chosen.set(0);
            text.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let onmousedown = {
        let (dialog, on_close) = (dialog.clone(), props.on_close.clone());
        Callback::from(move |event: MouseEvent| {
            if dialog
                .cast::<web_sys::Element>()
                .is_some_and(|d| event.target() == Some(d.into()))
            {
                on_close.emit(());
            }
        })
    };
    let option_id = |index: usize| format!("{list_id}-{index}");
    html! {
        <dialog ref={dialog} class="h-palette" aria-label={t!("palette")} {onmousedown} data-test="palette">
            <div class="h-palette__frame">
                <div class="h-palette__field">
                    <Icon name={IconName::Search} />
                    <input
                        ref={input}
                        class="h-palette__input"
                        type="text"
                        role="combobox"
                        aria-label={t!("palette")}
                        aria-expanded="true"
                        aria-controls={list_id.clone()}
                        aria-autocomplete="list"
                        aria-activedescendant={(!hits.is_empty()).then(|| option_id(at))}
                        autocomplete="off"
                        spellcheck="false"
                        placeholder={t!("palette-placeholder")}
                        value={(*text).clone()}
                        {oninput}
                        {onkeydown}
                    />
                    <Kbd keys="Escape" />
                </div>
                <div ref={list} id={list_id.clone()} class="h-palette__list" role="listbox" aria-label={t!("palette-results")}>
                    { for hits.iter().enumerate().map(|(index, hit)| {
                        let (run, this) = (run.clone(), hit.clone());
                        let onclick = Callback::from(move |_: MouseEvent| run.emit(this.clone()));
                        let over = {
                            let chosen = chosen.setter();
                            Callback::from(move |_: PointerEvent| chosen.set(index))
                        };
                        html! {
                            <div
                                key={key_of(hit)}
                                id={option_id(index)}
                                class="h-palette__hit"
                                role="option"
                                aria-selected={if index == at { "true" } else { "false" }}
                                {onclick}
                                onpointermove={over}
                            >
                                { draw(hit) }
                            </div>
                        }
                    }) }
                </div>
                if hits.is_empty() && !people.busy { <p class="h-palette__none">{ t!("palette-none") }</p> }
                <p class="u-hidden-visually" role="status">{ t!("palette-count", "count" => hits.len()) }</p>
            </div>
        </dialog>
    }
}

fn key_of(hit: &Hit) -> String {
    match hit {
        Hit::Command(command) => command.label.to_owned(),
        Hit::Person(row) => row.person.id.to_string(),
    }
}

fn draw(hit: &Hit) -> Html {
    match hit {
        Hit::Command(command) => html! {
            <>
                if let Some(name) = command.icon { <Icon {name} /> }
                <span class="l-grow">{ i18n::translate(command.label, &[]) }</span>
                if let Some(keys) = command.key.and_then(keys::first) { <Kbd {keys} /> }
            </>
        },
        Hit::Person(row) => html! {
            <>
                <PersonAvatar person={row.person.clone()} size={AvatarSize::Xs} />
                <span class="l-grow"><bdi>{ row.person.name.clone() }</bdi></span>
                <span class="u-sm u-text-3"><bdi>{ row.person.home.name.clone() }</bdi></span>
            </>
        },
    }
}

/// Commands that fit, best first; all when nothing is asked. Their names count in every language.
fn commands(wanted: &str) -> Vec<Command> {
    let mut seen = std::collections::HashSet::new();
    let offered: Vec<Command> = keys::offered()
        .into_iter()
        .filter(|c| c.icon.is_some() && seen.insert(c.label))
        .collect();
    if wanted.is_empty() {
        let mut all = offered;
        all.truncate(MOST);
        return all;
    }
    let mut scored: Vec<(i32, Command)> = offered
        .into_iter()
        .filter_map(|command| {
            let best = Lang::ALL
                .into_iter()
                .filter_map(|lang| i18n::translate_exactly(lang, command.label))
                .filter_map(|name| fuzzy::score(wanted, &name))
                .max();
            // Letters that happen to occur somewhere are no match.
            let enough = i32::try_from(wanted.chars().count())
                .unwrap_or(i32::MAX)
                .saturating_mul(600);
            match best.filter(|best| *best > enough) {
                Some(best) => Some((best, command)),
                // What is found by its words comes after what is called so.
                // Three letters are the beginning of too much.
                None => (wanted.chars().count() > 3 && command.is_about(wanted)).then_some((0, command)),
            }
        })
        .collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored
        .into_iter()
        .take(MOST)
        .map(|(_, command)| command)
        .collect()
}
