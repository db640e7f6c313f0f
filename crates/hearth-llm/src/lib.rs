//! Clients for Ollama and OpenAI-compatible servers.
