//! Checks a connection and lists models; finds out what is wrong with an address.

use std::time::Duration;

use futures_util::StreamExt;
use reqwest::{Method, StatusCode};
use url::Url;

use crate::{
    classify::{Asked, judge},
    client::{Client, Inner, Reply, timed_out},
    clock::Wait,
    error::{ErrorCode, LlmError},
    error_body::ErrorBody,
    locality::Locality,
    models::ModelEntry,
    ollama,
    openai::{self, Listing},
    provider::{Profile, ProviderKind, join, strip_suffix},
    retry::retry_after,
};

/// The time for a whole check.
const TIME: Duration = Duration::from_secs(10);
/// The most of a list of models.
const MAX_LIST: usize = 8 << 20;
/// Models whose description is asked for one by one.
const MAX_SHOWN: usize = 200;
/// So many at a time.
const PARALLEL: usize = 4;

/// Something a person should know about a provider's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// The address lacks `/v1`; with it the server answers.
    MissingV1 {
        /// The address that works.
        suggested: String,
    },
    /// Another address works.
    OtherAddress {
        /// The address that works.
        suggested: String,
    },
    /// It is an Ollama server, but set up as OpenAI-compatible.
    LooksLikeOllama {
        /// The address for the kind Ollama.
        suggested: String,
    },
    /// It is an OpenAI-compatible server, but set up as Ollama.
    LooksLikeOpenAi {
        /// The address for the kind OpenAI-compatible.
        suggested: String,
    },
    /// The server does not list its models: their ids have to be typed.
    NoModelList,
    /// The server looks like another profile than the one set.
    OtherProfile(Profile),
    /// The conversation and the key would go over the internet unencrypted.
    NotEncrypted,
    /// The server answers, but too slowly to learn everything in time.
    Incomplete,
}

impl Hint {
    /// The hint as a sentence.
    pub fn text(&self) -> String {
        match self {
            Self::MissingV1 { suggested } => format!("The address lacks /v1. Use {suggested}"),
            Self::OtherAddress { suggested } => format!("The server answers at {suggested}"),
            Self::LooksLikeOllama { suggested } => {
                format!("This is an Ollama server. Set the kind to Ollama and the address to {suggested}")
            }
            Self::LooksLikeOpenAi { suggested } => {
                format!(
                    "This is an OpenAI-compatible server. Set the kind to that and the address to {suggested}"
                )
            }
            Self::NoModelList => "The server does not list its models. Type the model's id.".to_owned(),
            Self::OtherProfile(profile) => {
                format!("This looks like {}. Set the profile to that.", profile.label())
            }
            Self::NotEncrypted => {
                "The connection over the internet is not encrypted. Use https if the server offers it."
                    .to_owned()
            }
            Self::Incomplete => "The server is slow; some details of its models are missing.".to_owned(),
        }
    }
}

/// What a check found.
#[derive(Debug, Clone, Default)]
pub struct CheckReport {
    /// A server answered.
    pub reachable: bool,
    /// It accepted the key, or needs none; `None` if that is not known.
    pub authenticated: Option<bool>,
    /// From the question to the first answer, connecting included.
    pub latency_ms: Option<u64>,
    /// The server that the list of models looks like.
    pub profile: Option<Profile>,
    /// Its version, where it tells.
    pub version: Option<String>,
    /// Its models.
    pub models: Vec<ModelEntry>,
    /// What to correct.
    pub hints: Vec<Hint>,
    /// Why the check failed, if it did.
    pub error: Option<LlmError>,
}

impl Client {
    /// Checks the connection within 10 seconds: reachable, key accepted, how fast, which server,
    /// which models. Sends no conversation.
    pub async fn check(&self) -> CheckReport {
        let mut report = CheckReport::default();
        let finished = tokio::select! {
            () = self.inner.examine(&mut report) => true,
            () = self.inner.clock.sleep(Wait::Check, TIME) => false,
        };
        if !finished && report.reachable {
            report.hints.push(Hint::Incomplete);
        } else if !finished {
            report.error = Some(timed_out("The provider did not answer within 10 seconds."));
        }
        if self.inner.consented == Locality::Remote && self.inner.provider.base_url().scheme() == "http" {
            report.hints.push(Hint::NotEncrypted);
        }
        report
    }

    /// Lists the models with what the server tells of them.
    ///
    /// # Errors
    /// As [`CheckReport::error`].
    pub async fn models(&self) -> Result<Vec<ModelEntry>, LlmError> {
        let report = self.check().await;
        match report.error {
            Some(error) => Err(error),
            None => Ok(report.models),
        }
    }
}

impl Inner {
    async fn get(&self, url: Url) -> Result<Reply, LlmError> {
        Ok(self.ask(Method::GET, url, None, MAX_LIST, TIME).await?)
    }

    async fn examine(&self, report: &mut CheckReport) {
        let path = match self.provider.kind {
            ProviderKind::Ollama => "api/tags",
            ProviderKind::OpenAi => "models",
        };
        let start = self.clock.now_ms();
        let reply = match self.get(self.provider.endpoint(path)).await {
            Ok(reply) => reply,
            Err(error) => {
                // What answers wrongly is still there.
                report.reachable = matches!(error.code(), ErrorCode::BadStream | ErrorCode::ProviderError);
                report.error = Some(error);
                return;
            }
        };
        report.reachable = true;
        report.latency_ms = u64::try_from(self.clock.now_ms() - start).ok();
        match self.provider.kind {
            ProviderKind::Ollama => self.examine_ollama(reply, report).await,
            ProviderKind::OpenAi => self.examine_openai(reply, report).await,
        }
    }

    /// The error of a reply that was not as hoped.
    fn error_of(&self, reply: &Reply) -> LlmError {
        if reply.status.is_success() {
            return LlmError::bad_stream("The server answers, but not as this kind of server does.");
        }
        let asked = Asked {
            kind: self.provider.kind,
            images: false,
            limit: None,
            redactor: &self.redactor,
        };
        let wait = retry_after(&reply.headers, self.clock.now_ms());
        judge(
            asked,
            Some(reply.status.as_u16()),
            &ErrorBody::parse(&reply.body),
            wait,
        )
        .into_error()
    }

    async fn examine_ollama(&self, reply: Reply, report: &mut CheckReport) {
        let listed = ollama::parse_list(&reply.body).filter(|_| reply.status.is_success());
        let Some(models) = listed else {
            report.authenticated = refused_key(reply.status).then_some(false);
            report.error = Some(self.error_of(&reply));
            if report.authenticated.is_none() {
                self.diagnose_ollama(report).await;
            }
            return;
        };
        report.authenticated = Some(true);
        report.models = models;
        let (version, loaded) = tokio::join!(
            self.get(self.provider.endpoint("api/version")),
            self.get(self.provider.endpoint("api/ps"))
        );
        report.version = version.ok().and_then(|reply| ollama::parse_version(&reply.body));
        if let Some(loaded) = loaded.ok().and_then(|reply| ollama::parse_loaded(&reply.body)) {
            for model in &mut report.models {
                model.loaded = Some(
                    loaded
                        .iter()
                        .any(|found| ollama::same_model(&found.name, &model.id)),
                );
            }
        }
        // One description each: four at a time, as far as the time allows.
        let asked: Vec<String> = report
            .models
            .iter()
            .take(MAX_SHOWN)
            .map(|model| model.id.clone())
            .collect();
        let mut shown = futures_util::stream::iter(asked)
            .map(|id| async move {
                let url = self.provider.endpoint("api/show");
                let body = Some(ollama::show_body(&id));
                let reply = self.ask(Method::POST, url, body, MAX_LIST, TIME).await.ok()?;
                Some((
                    id,
                    ollama::parse_show(&reply.body).filter(|_| reply.status.is_success())?,
                ))
            })
            .buffer_unordered(PARALLEL);
        while let Some(found) = shown.next().await {
            if let Some((id, found)) = found
                && let Some(model) = report.models.iter_mut().find(|model| model.id == id)
            {
                ollama::apply_show(model, found);
                self.remember_cloud(&id, model.cloud);
            }
        }
    }

    async fn diagnose_ollama(&self, report: &mut CheckReport) {
        let base = self.provider.base_url();
        for suffix in ["v1", "api"] {
            let mut other = base.clone();
            if strip_suffix(&mut other, &[suffix])
                && let Ok(reply) = self.get(join(&other, "api/tags")).await
                && ollama::parse_list(&reply.body).is_some()
            {
                report.hints.push(Hint::OtherAddress {
                    suggested: shown(&other),
                });
                return;
            }
        }
        for other in [base.clone(), join(base, "v1")] {
            if self.lists_openai(&other).await.is_some() {
                report.hints.push(Hint::LooksLikeOpenAi {
                    suggested: shown(&other),
                });
                return;
            }
        }
    }

    async fn examine_openai(&self, reply: Reply, report: &mut CheckReport) {
        let listed = openai::parse_list(&reply.body).filter(|_| reply.status.is_success());
        if let Some(listing) = listed {
            report.authenticated = Some(true);
            self.take_listing(listing, report).await;
        } else if refused_key(reply.status) {
            report.authenticated = Some(false);
            report.error = Some(self.error_of(&reply));
        } else {
            self.diagnose_openai(&reply, report).await;
        }
    }

    async fn take_listing(&self, listing: Listing, report: &mut CheckReport) {
        report.models = listing.models;
        let by_host = self.provider.base_url().host_str() == Some("api.openai.com");
        report.profile = if by_host {
            Some(Profile::OpenAi)
        } else {
            listing.profile
        };
        let set = self.provider.profile;
        if let Some(profile) = report
            .profile
            .filter(|found| (by_host || *found != Profile::OpenAi) && *found != set)
        {
            report.hints.push(Hint::OtherProfile(profile));
        }
        if !openai::details(self, report.profile.unwrap_or(set), &mut report.models).await {
            report.authenticated = Some(false);
            report.error = Some(LlmError::new(
                ErrorCode::ProviderAuth,
                "The provider did not accept the key.",
                "Check the API key in the provider's settings.",
            ));
        }
    }

    /// The list of models under another base; a demand for a key also tells that it is there.
    async fn lists_openai(&self, base: &Url) -> Option<Result<Listing, Reply>> {
        let reply = self.get(join(base, "models")).await.ok()?;
        if refused_key(reply.status) {
            return Some(Err(reply));
        }
        openai::parse_list(&reply.body)
            .filter(|_| reply.status.is_success())
            .map(Ok)
    }

    async fn diagnose_openai(&self, reply: &Reply, report: &mut CheckReport) {
        let base = self.provider.base_url();
        let mut candidates = Vec::new();
        for suffix in [&["chat", "completions"][..], &["completions"], &["models"]] {
            let mut other = base.clone();
            if strip_suffix(&mut other, suffix) {
                candidates.push((other, false));
            }
        }
        let has_v1 = strip_suffix(&mut base.clone(), &["v1"]);
        if candidates.is_empty() && !has_v1 {
            candidates.push((join(base, "v1"), true));
        }
        for (other, v1) in candidates {
            let Some(found) = self.lists_openai(&other).await else {
                continue;
            };
            let suggested = shown(&other);
            report.hints.push(if v1 {
                Hint::MissingV1 { suggested }
            } else {
                Hint::OtherAddress { suggested }
            });
            match found {
                Ok(listing) => {
                    report.authenticated = Some(true);
                    report.models = listing.models;
                    report.profile = listing.profile;
                    report.error = Some(self.error_of(reply));
                }
                Err(refused) => {
                    report.authenticated = Some(false);
                    report.error = Some(self.error_of(&refused));
                }
            }
            return;
        }
        let mut root = base.clone();
        strip_suffix(&mut root, &["v1"]);
        if let Ok(tags) = self.get(join(&root, "api/tags")).await
            && tags.status.is_success()
            && ollama::parse_list(&tags.body).is_some()
        {
            report.hints.push(Hint::LooksLikeOllama {
                suggested: shown(&root),
            });
        }
        // A server without a list may still answer; one that fails otherwise has failed.
        let no_list = matches!(reply.status.as_u16(), 404 | 405 | 501) && has_v1 && report.hints.is_empty();
        if no_list {
            report.hints.push(Hint::NoModelList);
        } else {
            report.error = Some(self.error_of(reply));
        }
    }
}

fn refused_key(status: StatusCode) -> bool {
    matches!(status.as_u16(), 401 | 403)
}

/// An address as a person would type it.
fn shown(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}
