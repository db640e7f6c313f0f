//! Fetching the list of conversations, page by page.

use crate::prelude::*;
use gloo_timers::callback::Timeout;
use hearth_api::ApiError;
use hearth_api::chat::{ChatSummary, ListChats};
use std::cell::RefCell;

#[derive(Default)]
struct Loaded {
    key: (String, bool),
    rows: Rc<Vec<ChatSummary>>,
    cursor: Option<String>,
    pages: u32,
    known: bool,
    busy: bool,
    error: Option<ApiError>,
    turn: u32,
}

/// The words searched for and whether the archive is shown, with what was found.
type Seen = ((String, bool), Rc<Vec<ChatSummary>>);

thread_local! {
    /// The list as last seen, shown at once on return.
    static LAST: RefCell<Option<Seen>> = const { RefCell::new(None) };
}

/// What is known of the list.
pub(super) struct Chats {
    pub(super) rows: Rc<Vec<ChatSummary>>,
    pub(super) known: bool,
    pub(super) busy: bool,
    pub(super) error: Option<ApiError>,
    pub(super) more: Callback<()>,
    pub(super) reload: Callback<()>,
}

/// The conversations, page by page, fetched again as far as they were when something changes.
#[hook]
pub(super) fn use_chats(query: String, archived: bool) -> Chats {
    let loaded = use_mut_ref(|| {
        let mut loaded = Loaded::default();
        if let Some((key, rows)) = LAST.with_borrow(Clone::clone) {
            loaded = Loaded {
                key,
                rows,
                known: true,
                ..loaded
            };
        }
        loaded
    });
    let draw = use_force_update();
    let load = {
        let (loaded, draw) = (Rc::clone(&loaded), draw.clone());
        use_callback((), move |(key, pages): ((String, bool), u32), ()| {
            let turn = {
                let mut l = loaded.borrow_mut();
                l.turn = l.turn.wrapping_add(1);
                l.busy = true;
                l.turn
            };
            let (loaded, draw) = (Rc::clone(&loaded), draw.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let mut rows: Vec<ChatSummary> = Vec::new();
                let mut cursor = None;
                let mut error = None;
                for page in 0..pages.max(1) {
                    if page > 0 && cursor.is_none() {
                        break;
                    }
                    let request = ListChats {
                        archived: key.1,
                        query: key.0.clone(),
                        cursor: cursor.take(),
                    };
                    match ask(request).await {
                        Ok(answer) => {
                            // What moved between two pages is in both.
                            let new = answer
                                .items
                                .into_iter()
                                .filter(|c| !rows.iter().any(|r| r.id == c.id));
                            let new: Vec<_> = new.collect();
                            rows.extend(new);
                            cursor = answer.next;
                        }
                        Err(problem) => {
                            error = Some(problem);
                            break;
                        }
                    }
                }
                let mut l = loaded.borrow_mut();
                if l.turn != turn {
                    return;
                }
                l.busy = false;
                if error.is_none() {
                    l.rows = Rc::new(rows);
                    l.cursor = cursor;
                    l.pages = pages.max(1);
                    l.known = true;
                    if key.0.is_empty() {
                        LAST.replace(Some((key.clone(), Rc::clone(&l.rows))));
                    }
                    l.key = key;
                }
                l.error = error;
                drop(l);
                draw.force_update();
            });
        })
    };
    {
        let (load, loaded) = (load.clone(), Rc::clone(&loaded));
        use_effect_with((query.clone(), archived), move |key| {
            let same = loaded.borrow().key == *key;
            if !same {
                loaded.borrow_mut().known = false;
            }
            // Typing is not answered letter by letter.
            let (load, key) = (load.clone(), key.clone());
            let wait = if key.0.is_empty() { 0 } else { 160 };
            let timer = Timeout::new(wait, move || load.emit((key, 1)));
            move || drop(timer)
        });
    }
    let reload = {
        let (load, loaded) = (load.clone(), Rc::clone(&loaded));
        use_callback((query.clone(), archived), move |(), key: &(String, bool)| {
            let pages = loaded.borrow().pages;
            load.emit((key.clone(), pages));
        })
    };
    {
        let planned = use_mut_ref(|| None::<Timeout>);
        let reload = reload.clone();
        let on_event = use_callback(reload, move |_event, reload: &Callback<()>| {
            let reload = reload.clone();
            planned.replace(Some(Timeout::new(80, move || reload.emit(()))));
        });
        use_live(vec![Topic::Chats], on_event);
    }
    let more = {
        let loaded = Rc::clone(&loaded);
        use_callback((query, archived), move |(), key: &(String, bool)| {
            let (pages, able) = {
                let l = loaded.borrow();
                (l.pages, !l.busy && l.cursor.is_some())
            };
            if able {
                load.emit((key.clone(), pages + 1));
            }
        })
    };
    let now = loaded.borrow();
    Chats {
        rows: Rc::clone(&now.rows),
        known: now.known,
        busy: now.busy,
        error: now.error.clone(),
        more,
        reload,
    }
}
