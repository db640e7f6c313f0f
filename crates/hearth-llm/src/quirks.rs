//! What a server turned out not to accept, so that it is asked right the next time.
//!
//! Learned from a rejection (HTTP 400 or 422 that names a parameter) once the adapted request was
//! accepted, reported as an event, and kept by the caller per provider and model.

use serde::{Deserialize, Serialize};

/// The field that limits the length of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitField {
    /// `max_tokens`
    MaxTokens,
    /// `max_completion_tokens`
    MaxCompletionTokens,
}

/// Learned deviations of one model at one provider. The default is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Quirks {
    /// Does not know `stream_options`.
    pub omit_stream_options: bool,
    /// Wants the answer's limit in this field, whatever the profile says.
    pub limit_field: Option<LimitField>,
    /// Has a fixed temperature.
    pub omit_temperature: bool,
    /// Has a fixed `top_p`.
    pub omit_top_p: bool,
    /// Does not take switches for reasoning.
    pub omit_reasoning: bool,
}

/// One deviation to adapt to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quirk {
    StreamOptions,
    Limit(LimitField),
    Temperature,
    TopP,
    Reasoning,
}

impl Quirks {
    /// The same with one more; `None` if it was known already, so that adapting comes to an end.
    pub(crate) fn with(mut self, quirk: Quirk) -> Option<Self> {
        let before = self;
        match quirk {
            Quirk::StreamOptions => self.omit_stream_options = true,
            // Only ever learned once: a server that rejects either field is not asked in circles.
            Quirk::Limit(field) => self.limit_field = self.limit_field.or(Some(field)),
            Quirk::Temperature => self.omit_temperature = true,
            Quirk::TopP => self.omit_top_p = true,
            Quirk::Reasoning => self.omit_reasoning = true,
        }
        (self != before).then_some(self)
    }
}
