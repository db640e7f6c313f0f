//! Builds the body of `/api/chat`.

use data_encoding::BASE64;
use ollama_rs::{
    generation::{
        chat::{ChatMessage, MessageRole},
        images::Image,
        parameters::ThinkType,
        tools::{ToolCall, ToolCallFunction, ToolInfo},
    },
    models::ModelOptions,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    quirks::Quirks,
    request::{ChatRequest, Message, Reasoning, Role},
};

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: Vec<WireMessage<'a>>,
    stream: bool,
    options: ModelOptions,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<ToolInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    think: Option<ThinkType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'a Value>,
}

#[derive(Serialize)]
struct WireMessage<'a> {
    #[serde(flatten)]
    message: ChatMessage,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_name: Option<&'a str>,
}

/// The body of a streamed chat.
pub(crate) fn body(request: &ChatRequest, quirks: Quirks) -> Result<Vec<u8>, serde_json::Error> {
    let mut options = ModelOptions::default().num_ctx(u64::from(request.context_tokens));
    if let Some(temperature) = request.temperature.filter(|_| !quirks.omit_temperature) {
        options = options.temperature(temperature);
    }
    if let Some(top_p) = request.top_p.filter(|_| !quirks.omit_top_p) {
        options = options.top_p(top_p);
    }
    if let Some(max_tokens) = request.max_tokens {
        options = options.num_predict(i32::try_from(max_tokens).unwrap_or(i32::MAX));
    }
    if !request.stop.is_empty() {
        options = options.stop(request.stop.clone());
    }
    let tools = request.tools.iter().map(|tool| {
        serde_json::from_value(json!({
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.parameters,
            },
        }))
    });
    serde_json::to_vec(&Body {
        model: &request.model,
        messages: request.messages.iter().map(message).collect(),
        stream: true,
        options,
        tools: tools.collect::<Result<_, _>>()?,
        think: request.reasoning.filter(|_| !quirks.omit_reasoning).map(think),
        format: request.answer_schema.as_ref(),
    })
}

fn think(reasoning: Reasoning) -> ThinkType {
    match reasoning {
        Reasoning::Off => ThinkType::False,
        Reasoning::On => ThinkType::True,
        Reasoning::Low => ThinkType::Low,
        Reasoning::Medium => ThinkType::Medium,
        Reasoning::High => ThinkType::High,
    }
}

fn message(message: &Message) -> WireMessage<'_> {
    let role = match message.role {
        Role::System => MessageRole::System,
        Role::User => MessageRole::User,
        Role::Assistant => MessageRole::Assistant,
        Role::Tool => MessageRole::Tool,
    };
    let mut wire = ChatMessage::new(role, message.content.clone());
    if !message.images.is_empty() {
        let images = message
            .images
            .iter()
            .map(|image| Image::from_base64(BASE64.encode(&image.data)));
        wire = wire.with_images(images.collect());
    }
    wire.tool_calls = message
        .tool_calls
        .iter()
        .map(|call| ToolCall {
            function: ToolCallFunction {
                name: call.name.clone(),
                arguments: call.arguments.to_value(),
            },
        })
        .collect();
    wire.thinking.clone_from(&message.reasoning);
    WireMessage {
        message: wire,
        tool_name: message.tool_name.as_deref(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{ToolArguments, ToolCall as Call, ToolSpec};

    fn built(request: &ChatRequest) -> Value {
        serde_json::from_slice(&body(request, Quirks::default()).expect("serialisable")).expect("JSON")
    }

    #[test]
    fn the_window_is_always_sent_and_nothing_else_unasked() {
        let body = built(&ChatRequest::new("m", vec![Message::user("hi")]));
        assert_eq!(body["options"], json!({"num_ctx": 4096}));
        assert_eq!(body["stream"], true);
        for key in ["tools", "think", "format", "keep_alive"] {
            assert_eq!(body.get(key), None, "{key}");
        }
        assert_eq!(body["messages"][0]["content"], "hi");
    }

    #[test]
    fn parameters_tools_and_their_results_are_sent() {
        let call = Call {
            id: "c".into(),
            name: "look".into(),
            arguments: ToolArguments::Invalid {
                raw: "{".into(),
                reason: "cut".into(),
            },
        };
        let mut request = ChatRequest::new(
            "m",
            vec![
                Message {
                    tool_calls: vec![call.clone()],
                    ..Message::assistant("")
                },
                Message::tool_result(&call, "nothing"),
            ],
        );
        request.max_tokens = Some(7);
        request.stop = vec!["END".into()];
        request.reasoning = Some(Reasoning::High);
        request.tools = vec![ToolSpec {
            name: "look".into(),
            description: "d".into(),
            parameters: json!({"type": "object"}),
        }];
        let body = built(&request);
        assert_eq!(
            body["options"],
            json!({"num_ctx": 4096, "num_predict": 7, "stop": ["END"]})
        );
        assert_eq!(body["think"], "high");
        assert_eq!(
            body["messages"][0]["tool_calls"],
            json!([{"function": {"name": "look", "arguments": {}}}])
        );
        assert_eq!(body["messages"][1]["tool_name"], "look");
        assert_eq!(body["messages"][1]["role"], "tool");
        assert_eq!(
            body["tools"][0]["function"]["parameters"],
            json!({"type": "object"})
        );
    }
}
