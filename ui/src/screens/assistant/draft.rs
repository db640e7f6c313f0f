//! What is being written in a conversation: kept by the node within a second, and when the person leaves; until then in this browser.

use crate::prelude::*;
use crate::state::waiting as kept_here;
use gloo_timers::callback::Timeout;
use hearth_api::ChatId;
use hearth_api::chat::SaveChatDraft;
use std::cell::RefCell;

const WAIT_MS: u32 = 600;

struct Waiting {
    chat: Option<ChatId>,
    text: String,
    _timer: Timeout,
}

fn save(chat: Option<ChatId>, text: String) {
    let owner = kept_here::owner();
    wasm_bindgen_futures::spawn_local(async move {
        let request = SaveChatDraft { chat, text };
        // What the node does not take is brought when it is back.
        if call(request.clone()).await.is_ok() && kept_here::owner() == owner {
            kept_here::chat_settled(chat, &request.text);
        }
    });
}

fn flush(waiting: &RefCell<Option<Waiting>>) {
    if let Some(draft) = waiting.take() {
        save(draft.chat, draft.text);
    }
}

/// The draft of a conversation.
#[derive(Clone)]
pub(super) struct Draft {
    /// What is written.
    pub(super) text: AttrValue,
    chat: Option<ChatId>,
    state: UseStateSetter<AttrValue>,
    touched: Rc<RefCell<bool>>,
    waiting: Rc<RefCell<Option<Waiting>>>,
}

impl Draft {
    /// Changes it.
    pub(super) fn set(&self, text: String) {
        self.touched.replace(true);
        kept_here::chat(self.chat, text.clone());
        let (chat, waiting, words) = (self.chat, Rc::clone(&self.waiting), text.clone());
        let timer = Timeout::new(WAIT_MS, move || {
            // Taken out first: the timer must not drop itself while it runs.
            let due = waiting.take();
            save(chat, words);
            drop(due);
        });
        self.waiting.replace(Some(Waiting {
            chat: self.chat,
            text: text.clone(),
            _timer: timer,
        }));
        self.state.set(text.into());
    }

    /// Empties the field while the text is on its way.
    pub(super) fn take(&self) {
        self.touched.replace(true);
        self.waiting.replace(None);
        self.state.set(AttrValue::default());
    }

    /// Forgets the draft: it was sent.
    pub(super) fn sent(&self) {
        if self.waiting.borrow().is_none() {
            kept_here::chat(self.chat, String::new());
            save(self.chat, String::new());
        }
    }

    /// Puts a text back that could not be sent.
    pub(super) fn put_back(&self, text: &str) {
        self.set(text.to_owned());
    }

    /// Saves at once, when the field is left.
    pub(super) fn on_blur(&self) -> Callback<()> {
        let waiting = Rc::clone(&self.waiting);
        Callback::from(move |()| flush(&waiting))
    }
}

/// The draft of a conversation; `stored` is what the node has, as soon as that is known.
#[hook]
pub(super) fn use_draft(chat: Option<ChatId>, stored: Option<String>) -> Draft {
    let text = use_state_eq(AttrValue::default);
    let touched = use_mut_ref(|| false);
    let waiting = use_mut_ref(|| None::<Waiting>);
    {
        let (waiting, touched, state) = (Rc::clone(&waiting), Rc::clone(&touched), text.setter());
        use_effect_with(chat, move |_| {
            touched.replace(false);
            state.set(AttrValue::default());
            move || flush(&waiting)
        });
    }
    {
        let (touched, state) = (Rc::clone(&touched), text.setter());
        use_effect_with((chat, stored), move |(chat, stored)| {
            let chat = *chat;
            if let Some(stored) = stored
                && !*touched.borrow()
            {
                let newer = kept_here::chat_text(chat);
                state.set(AttrValue::from(newer.unwrap_or_else(|| stored.clone())));
            }
        });
    }
    {
        let waiting = Rc::clone(&waiting);
        let on_leave = use_callback((), move |_: Event, ()| flush(&waiting));
        use_window_event("pagehide", on_leave);
    }
    Draft {
        text: (*text).clone(),
        chat,
        state: text.setter(),
        touched,
        waiting,
    }
}
