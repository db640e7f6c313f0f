//! Changing something: pending while it runs, the reason when refused, nothing typed is lost.

use crate::backend;
use crate::state::query::signed_out_if;
use crate::state::toasts;
use crate::state::unsaved::Again;
use hearth_api::{ApiError, ApiResult, Command};
use std::marker::PhantomData;
use yew::prelude::*;

/// A change that a component makes.
pub struct Mutation<C: Command> {
    state: UseStateHandle<State>,
    kind: PhantomData<fn(C)>,
}

#[derive(Clone, PartialEq, Default)]
struct State {
    pending: bool,
    error: Option<ApiError>,
}

impl<C: Command> Clone for Mutation<C> {
    fn clone(&self) -> Self {
        Self {
            state: self.state.clone(),
            kind: PhantomData,
        }
    }
}

impl<C: Command> Mutation<C> {
    /// Whether it runs now.
    #[must_use]
    pub fn pending(&self) -> bool {
        self.state.pending
    }

    /// Why it was refused, until the next try.
    #[must_use]
    pub fn error(&self) -> Option<&ApiError> {
        self.state.error.as_ref()
    }

    /// The reason, if the named field is at fault.
    #[must_use]
    pub fn error_on(&self, field: &str) -> Option<AttrValue> {
        let error = self.state.error.as_ref()?;
        (error.field.as_deref() == Some(field)).then(|| toasts::error_text(error))
    }

    /// The reason, if none of the named fields is at fault.
    #[must_use]
    pub fn error_beside(&self, fields: &[&str]) -> Option<AttrValue> {
        let error = self.state.error.as_ref()?;
        let on_field = error.field.as_deref().is_some_and(|f| fields.contains(&f));
        (!on_field).then(|| toasts::error_text(error))
    }

    /// Forgets the reason.
    pub fn clear(&self) {
        self.state.set(State::default());
    }

    /// Runs it; a second call while pending does nothing. `then` gets the answer; the reason of a refusal is kept in
    /// [`error`](Self::error).
    pub fn run(&self, request: C, then: impl FnOnce(Result<C::Output, ApiError>) + 'static) {
        if self.state.pending {
            return;
        }
        self.state.set(State {
            pending: true,
            error: None,
        });
        let state = self.state.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let answer = backend::call(request).await;
            if let Err(error) = &answer {
                signed_out_if(error);
            }
            state.set(State {
                pending: false,
                error: answer.as_ref().err().cloned(),
            });
            then(answer);
        });
    }

    /// Runs it and says a refusal in a toast; `then` gets the answer of success.
    pub fn run_or_toast(&self, request: C, then: impl FnOnce(C::Output) + 'static) {
        self.run(request, |answer| match answer {
            Ok(answer) => then(answer),
            Err(error) => toasts::failed(&error),
        });
    }
}

/// A change that this component makes.
#[hook]
pub fn use_mutation<C: Command>() -> Mutation<C> {
    Mutation {
        state: use_state(State::default),
        kind: PhantomData,
    }
}

/// Sends a change that is already shown; takes it back with the reason when refused.
pub fn optimistic<C: Command>(
    request: C,
    rollback: impl FnOnce() + 'static,
    then: impl FnOnce(C::Output) + 'static,
) {
    wasm_bindgen_futures::spawn_local(async move {
        match backend::call(request).await {
            Ok(answer) => then(answer),
            Err(error) => {
                signed_out_if(&error);
                rollback();
                toasts::failed(&error);
            }
        }
    });
}

/// Sends a change that carries words; when refused, takes it back and keeps the words in the activity.
pub fn optimistic_text<C: Command + Clone>(
    request: C,
    again: impl FnOnce(C) -> Again + 'static,
    words: String,
    rollback: impl FnOnce() + 'static,
    then: impl FnOnce(C::Output) + 'static,
) {
    wasm_bindgen_futures::spawn_local(async move {
        let answer: ApiResult<C::Output> = backend::call(request.clone()).await;
        match answer {
            Ok(answer) => then(answer),
            Err(error) => {
                signed_out_if(&error);
                rollback();
                toasts::not_saved(again(request), &words, &error);
            }
        }
    });
}
