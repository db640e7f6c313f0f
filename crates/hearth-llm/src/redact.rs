//! Cleans texts that a server wrote before anybody sees them.

use crate::secret::Secret;

/// Removes secrets from texts that a server wrote, and keeps them short.
#[derive(Debug, Clone, Default)]
pub(crate) struct Redactor {
    secrets: Vec<Secret>,
}

impl Redactor {
    pub(crate) fn new(secrets: impl IntoIterator<Item = Secret>) -> Self {
        // Shorter ones would tear holes into ordinary words.
        Self {
            secrets: secrets
                .into_iter()
                .filter(|secret| secret.expose().len() >= 4)
                .collect(),
        }
    }

    pub(crate) fn clean(&self, text: &str) -> String {
        const MAX_CHARS: usize = 500;
        let mut text = text.to_owned();
        for secret in &self.secrets {
            if text.contains(secret.expose()) {
                text = text.replace(secret.expose(), "•••");
            }
        }
        text.chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(MAX_CHARS)
            .collect::<String>()
            .trim()
            .to_owned()
    }
}
