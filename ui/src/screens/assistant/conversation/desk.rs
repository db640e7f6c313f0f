//! What a person does in a conversation: send, stop, and act on single messages.

use super::super::draft::Draft;
use super::super::follow::Follow;
use super::super::message::{copy, delete_from, selected_in, with_quote};
use super::super::stream::Shared;
use super::super::thread::Took;
use crate::components::answer_block::plain_text;
use crate::prelude::*;
use hearth_api::chat::{
    ChatMessage, ContinueAnswer, MAX_MESSAGE, RateAnswer, ResendMessage, SendMessage, StopTurn, TurnStarted,
};
use hearth_api::provider::ModelRef;
use hearth_api::{ApiError, ChatId, Code, MessageId};
use std::cell::RefCell;
use uuid::Uuid;

/// What is going on beside the messages.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Doing {
    pub(super) sending: Option<AttrValue>,
    pub(super) stopping: bool,
    /// Whether a message was to go while an answer is being written.
    pub(super) held: bool,
    pub(super) error: Option<ApiError>,
    pub(super) details: Option<Rc<ChatMessage>>,
    pub(super) picking: bool,
    pub(super) renaming: bool,
    pub(super) parameters: bool,
}

/// What the actions of a conversation share.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) chat: Option<ChatId>,
    pub(super) thread: Shared,
    pub(super) doing: UseStateHandle<Doing>,
    pub(super) draft: Draft,
    pub(super) area: NodeRef,
    pub(super) follow: Follow,
    pub(super) go: Go,
    /// The model chosen here.
    pub(super) model: Option<ModelRef>,
    /// Takes what a start led to.
    pub(super) after: Callback<Took>,
    /// Draws the conversation again.
    pub(super) draw: Callback<()>,
    /// Asks for it again.
    pub(super) refetch: Callback<()>,
    /// The number of the message being written: a second try of the same is no second message.
    pub(super) op: Rc<RefCell<Option<Uuid>>>,
    /// The conversation that began here and is about to be gone to.
    pub(super) expected: Rc<RefCell<Option<ChatId>>>,
}

impl Desk {
    /// Changes what is going on.
    pub(super) fn set(&self, change: impl FnOnce(&mut Doing)) {
        let mut next = (*self.doing).clone();
        change(&mut next);
        self.doing.set(next);
    }

    /// The same by a press.
    pub(super) fn setter(&self, change: fn(&mut Doing)) -> Callback<()> {
        let desk = self.clone();
        Callback::from(move |()| desk.set(change))
    }

    /// Goes to where messages are written.
    pub(super) fn focus(&self) {
        if let Some(area) = self.area.cast::<web_sys::HtmlElement>() {
            let _focused = area.focus();
        }
    }

    /// A turn that was begun from here.
    fn begun(&self, answer: Result<TurnStarted, ApiError>, then: impl FnOnce(&TurnStarted)) {
        match answer {
            Ok(started) => {
                let same = {
                    let thread = self.thread.borrow();
                    thread.of.is_none() || thread.of == Some(started.chat)
                };
                self.doing.set(Doing::default());
                if same {
                    let took = self.thread.borrow_mut().start(&started);
                    then(&started);
                    self.after.emit(took);
                }
            }
            Err(error) => {
                announce::assertive(error_text(&error));
                self.doing.set(Doing {
                    error: Some(error),
                    ..Doing::default()
                });
            }
        }
    }

    fn refuse(&self, error: ApiError) {
        announce::assertive(error_text(&error));
        self.set(|doing| doing.error = Some(error));
        self.focus();
    }

    /// Sends what is written. `running` is whether an answer is being written, `blocked` whether nothing may be sent.
    pub(super) fn send(&self, running: bool, blocked: bool) {
        let text = self.draft.text.trim().to_owned();
        if running {
            if !text.is_empty() {
                announce::polite(t!("chat-wait-or-stop"));
                self.set(|doing| doing.held = true);
            }
            return;
        }
        if self.doing.sending.is_some() {
            return;
        }
        if text.is_empty() {
            return self.refuse(ApiError::new(Code::EmptyInput, t!("error-empty-input").as_str()));
        }
        if text.chars().count() > MAX_MESSAGE {
            return self.refuse(ApiError::new(Code::TooLarge, t!("chat-too-long").as_str()));
        }
        if blocked {
            announce::assertive(t!("chat-blocked"));
            return;
        }
        let op = *self.op.borrow_mut().get_or_insert_with(crate::kit::ids::uuid);
        self.doing.set(Doing {
            sending: Some(text.clone().into()),
            ..Doing::default()
        });
        self.draft.take();
        self.follow.jump();
        let desk = self.clone();
        let request = SendMessage {
            op,
            chat: self.chat,
            text: text.clone(),
            model: self.model.clone(),
        };
        wasm_bindgen_futures::spawn_local(async move {
            let answer = ask(request).await;
            if answer.is_ok() {
                desk.op.replace(None);
                desk.draft.sent();
            } else {
                // Nothing typed is lost: it goes back to where it was written.
                desk.draft.put_back(&text);
            }
            desk.begun(answer, |started| {
                if desk.chat.is_none() {
                    desk.expected.replace(Some(started.chat));
                    desk.go.replace(&Route::Chat { chat: started.chat });
                }
            });
        });
    }

    /// Stops the answer being written.
    pub(super) fn stop(&self) {
        let Some(chat) = self.chat else { return };
        self.set(|doing| doing.stopping = true);
        let (back, doing) = (self.doing.clone(), self.doing.clone());
        optimistic(
            StopTurn { chat },
            move || back.set(Doing::default()),
            move |_| doing.set(Doing::default()),
        );
    }

    /// Does something with a message.
    pub(super) fn act(&self, id: MessageId, what: MessageAct) {
        let Some(chat) = self.chat else { return };
        let found = self.thread.borrow().messages.iter().find(|m| m.id == id).cloned();
        let Some(message) = found else { return };
        match what {
            MessageAct::Copy => copy(message.text.clone()),
            MessageAct::CopyPlain => copy(plain_text(&message.text)),
            MessageAct::Quote => {
                let words = selected_in(id).unwrap_or_else(|| message.text.clone());
                self.draft.set(with_quote(&self.draft.text, &words));
                self.focus();
            }
            MessageAct::Rate(rating) => self.rate(chat, id, message.rating, rating),
            MessageAct::Delete => delete_from(chat, id, &self.thread, &self.draw, &self.refetch),
            MessageAct::Continue => {
                self.follow.jump();
                let desk = self.clone();
                wasm_bindgen_futures::spawn_local(async move {
                    let answer = ask(ContinueAnswer { chat, message: id }).await;
                    desk.begun(answer, |_| ());
                });
            }
            MessageAct::Resend => {
                self.follow.jump();
                let desk = self.clone();
                let request = ResendMessage {
                    chat,
                    message: id,
                    model: self.model.clone(),
                };
                wasm_bindgen_futures::spawn_local(async move {
                    desk.begun(ask(request).await, |_| ());
                });
            }
            MessageAct::ChooseModel => self.set(|doing| doing.picking = true),
            MessageAct::Details => self.set(|doing| doing.details = Some(message)),
        }
    }

    fn rate(&self, chat: ChatId, id: MessageId, before: i8, rating: i8) {
        self.thread.borrow_mut().change(id, |m| m.rating = rating);
        self.draw.emit(());
        let desk = self.clone();
        let back = move || {
            desk.thread.borrow_mut().change(id, |m| m.rating = before);
            desk.draw.emit(());
        };
        let request = RateAnswer {
            chat,
            message: id,
            rating,
        };
        optimistic(request, back, |_| ());
    }

    /// Copies the last answer.
    pub(super) fn copy_last(&self) {
        let last = self
            .thread
            .borrow()
            .messages
            .iter()
            .rev()
            .find(|m| m.info.is_some() && !m.text.is_empty())
            .cloned();
        if let Some(message) = last {
            copy(message.text.clone());
        }
    }
}
