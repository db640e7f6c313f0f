//! A fake model server, and setting it up as a provider.

use crate::person::TestPerson;
use hearth_api::chat::{SendMessage, TurnStarted};
use hearth_api::provider::{
    CheckProvider, ModelRef, Provider, ProviderKind, ProviderOwner, SaveProvider, SetConsent, SetDefaultModel,
};
use hearth_api::{ApiResult, ChatId};
pub use hearth_llm::testing::{FakeAnswer, FakeLlm, FakePrompt, Gate, Script, ScriptedServer};

/// The model that every fake server has.
pub const MODEL: &str = "fake:latest";

impl TestPerson {
    /// Adds a provider, without consenting to anything.
    pub async fn add_provider(&self, kind: ProviderKind, url: &str) -> Provider {
        self.ok(SaveProvider {
            id: None,
            name: "Kitchen computer".to_owned(),
            kind,
            base_url: url.to_owned(),
            api_key: None,
            headers: None,
            owner: ProviderOwner::Me,
            limits: None,
        })
        .await
    }

    /// Adds a fake server as a provider, consents if that is needed, and makes its model the default.
    pub async fn use_model(&self, kind: ProviderKind, fake: &FakeLlm) -> ModelRef {
        let provider = self.add_provider(kind, &fake.url()).await;
        let report = self.ok(CheckProvider { id: provider.id }).await;
        assert!(report.reachable, "the fake server answers: {}", report.message);
        if report.provider.consent_needed {
            self.ok(SetConsent {
                id: provider.id,
                given: true,
            })
            .await;
        }
        let model = ModelRef {
            provider: provider.id,
            model: MODEL.to_owned(),
        };
        self.ok(SetDefaultModel {
            owner: ProviderOwner::Me,
            model: Some(model.clone()),
        })
        .await;
        model
    }

    /// Asks the assistant something; the answer comes by events.
    ///
    /// # Errors
    /// As the command.
    pub async fn ask(&self, chat: Option<ChatId>, text: &str) -> ApiResult<TurnStarted> {
        self.call(SendMessage {
            op: self.home().seed().uuid(),
            chat,
            text: text.to_owned(),
            model: None,
        })
        .await
    }
}
