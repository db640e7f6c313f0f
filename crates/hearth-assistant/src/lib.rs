//! Conversations, providers, consent and turns of the assistant.
