//! The wordings of servers in the field.

use super::*;
use crate::secret::Secret;

fn judged(status: u16, body: &str) -> Verdict {
    let redactor = Redactor::new([Secret::new("sk-secret-key")]);
    let asked = Asked {
        kind: ProviderKind::OpenAi,
        images: true,
        limit: Some(LimitField::MaxTokens),
        redactor: &redactor,
    };
    judge(asked, Some(status), &ErrorBody::parse(body.as_bytes()), None)
}

#[test]
fn every_wording_of_an_overflow_is_known_with_its_numbers() {
    let cases: &[(u16, &str, Option<u64>, Option<u64>)] = &[
        // OpenAI
        (
            400,
            r#"{"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#,
            Some(8192),
            Some(9001),
        ),
        // vLLM, old and new
        (
            400,
            r#"{"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4000 in the messages, 1000 in the completion).","type":"BadRequestError","param":null,"code":400}"#,
            Some(4096),
            Some(5000),
        ),
        (
            400,
            r#"{"error":{"message":"You passed 9000 input tokens and requested 100 output tokens. However, the model's context length is only 8192 tokens","type":"BadRequestError","code":400}}"#,
            Some(8192),
            Some(9000),
        ),
        (
            400,
            r#"{"error":{"message":"The decoder prompt (length 5023) is longer than the maximum model length of 4096."}}"#,
            Some(4096),
            Some(5023),
        ),
        // llama.cpp
        (
            400,
            r#"{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error","n_prompt_tokens":1407,"n_ctx":256}}"#,
            Some(256),
            Some(1407),
        ),
        // LM Studio
        (
            400,
            r#"{"error":"Trying to keep the first 111490 tokens when context the overflows. However, the model is loaded with context length of only 32768 tokens, which is not enough."}"#,
            Some(32768),
            Some(111_490),
        ),
        (
            400,
            r#"{"error":"The number of tokens to keep from the initial prompt is greater than the context length."}"#,
            None,
            None,
        ),
        // TabbyAPI
        (
            400,
            r#"{"detail":"Request length 71599 + 2048 is greater than max_seq_len 65536"}"#,
            Some(65536),
            Some(71599),
        ),
        (
            500,
            r#"{"error":{"message":"Prompt length 5000 is greater than max_seq_len 4096","trace":null}}"#,
            Some(4096),
            Some(5000),
        ),
        // Ollama
        (
            500,
            r#"{"error":"input length exceeds maximum context length"}"#,
            None,
            None,
        ),
        (
            400,
            r#"{"error":"prompt too long; exceeded max context length by 12 tokens"}"#,
            None,
            None,
        ),
    ];
    for (status, body, limit, requested) in cases {
        match judged(*status, body) {
            Verdict::Fail(error) => {
                assert_eq!(error.code(), ErrorCode::ContextOverflow, "{body}");
                let numbers = ContextNumbers {
                    limit: *limit,
                    requested: *requested,
                };
                assert_eq!(error.context(), numbers, "{body}");
            }
            other => panic!("{other:?} for {body}"),
        }
    }
}

#[test]
fn rejected_parameters_are_told_apart() {
    let cases: &[(&str, Option<Quirk>)] = &[
        (
            r#"{"error":{"message":"Unrecognized request argument supplied: stream_options"}}"#,
            Some(Quirk::StreamOptions),
        ),
        (
            r#"{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}"#,
            Some(Quirk::StreamOptions),
        ),
        (
            r#"{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","param":"max_tokens","code":"unsupported_parameter"}}"#,
            Some(Quirk::Limit(LimitField::MaxCompletionTokens)),
        ),
        (
            r#"{"error":{"message":"Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported."}}"#,
            Some(Quirk::Temperature),
        ),
        (
            r#"{"error":{"message":"Unsupported parameter: 'top_p' is not supported with this model."}}"#,
            Some(Quirk::TopP),
        ),
        (
            r#"{"error":"\"llama3\" does not support thinking"}"#,
            Some(Quirk::Reasoning),
        ),
        (
            r#"{"error":{"message":"max_tokens is too large: 99999. This model supports at most 4096."}}"#,
            None,
        ),
        (
            r#"{"error":{"message":"temperature must be between 0 and 2"}}"#,
            None,
        ),
    ];
    for (body, expected) in cases {
        let found = match judged(400, body) {
            Verdict::Adapt(quirk, _) => Some(quirk),
            _ => None,
        };
        assert_eq!(found, *expected, "{body}");
    }
}

#[test]
fn refusals_get_their_codes() {
    let cases: &[(u16, &str, ErrorCode)] = &[
        (401, "", ErrorCode::ProviderAuth),
        (403, r#"{"detail":"Forbidden"}"#, ErrorCode::ProviderAuth),
        (
            404,
            r#"{"error":"model 'nope' not found"}"#,
            ErrorCode::ModelNotFound,
        ),
        (
            404,
            r#"{"object":"error","message":"The model `nope` does not exist.","type":"NotFoundError","code":404}"#,
            ErrorCode::ModelNotFound,
        ),
        (404, r#"{"detail":"Not Found"}"#, ErrorCode::ProviderError),
        (404, "<html><h1>404</h1></html>", ErrorCode::ProviderError),
        (
            500,
            r#"{"error":"model requires more system memory (9.1 GiB) than is available (3.2 GiB)"}"#,
            ErrorCode::ModelLoadFailed,
        ),
        (
            400,
            r#"{"error":{"message":"image input is not supported - hint: you may need to provide the mmproj"}}"#,
            ErrorCode::UnsupportedModality,
        ),
        (
            400,
            r#"{"error":{"message":"flagged","code":"content_filter"}}"#,
            ErrorCode::ContentFiltered,
        ),
        (500, "oops", ErrorCode::ProviderError),
        (418, "", ErrorCode::ProviderError),
    ];
    for (status, body, code) in cases {
        assert_eq!(
            judged(*status, body).into_error().code(),
            *code,
            "{status} {body}"
        );
    }
}

#[test]
fn a_key_that_the_server_repeats_is_taken_out() {
    let error = judged(
        401,
        r#"{"error":{"message":"Incorrect API key provided: sk-secret-key.\nSee the docs."}}"#,
    )
    .into_error();
    assert_eq!(
        error.detail(),
        Some("Incorrect API key provided: •••. See the docs.")
    );
}
