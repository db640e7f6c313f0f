//! Builds the request body. Everything is borrowed; only images are encoded anew.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    provider::Profile,
    quirks::{LimitField, Quirks},
    request::{ChatRequest, Image, Message, Reasoning, Role},
};

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: Vec<WireMessage<'a>>,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_p: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    stop: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<WireTool<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_effort: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<Value>,
    /// What only one profile takes.
    #[serde(flatten)]
    extra: BTreeMap<&'static str, Value>,
}

#[derive(Serialize)]
struct WireMessage<'a> {
    role: &'static str,
    content: Content<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_content: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<WireCall<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_call_id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Content<'a> {
    Text(&'a str),
    Parts(Vec<Part<'a>>),
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part<'a> {
    Text { text: &'a str },
    ImageUrl { image_url: ImageUrl },
}

#[derive(Serialize)]
struct ImageUrl {
    url: String,
}

#[derive(Serialize)]
struct WireCall<'a> {
    id: &'a str,
    r#type: &'static str,
    function: WireFunction<'a>,
}

#[derive(Serialize)]
struct WireFunction<'a> {
    name: &'a str,
    /// JSON as text: that is how this API has it.
    arguments: String,
}

#[derive(Serialize)]
struct WireTool<'a> {
    r#type: &'static str,
    function: WireSpec<'a>,
}

#[derive(Serialize)]
struct WireSpec<'a> {
    name: &'a str,
    description: &'a str,
    parameters: &'a Value,
}

/// The field for the answer's limit: as learned, else as the profile has it.
pub(crate) fn limit_field(profile: Profile, quirks: Quirks) -> LimitField {
    quirks.limit_field.unwrap_or(match profile {
        Profile::OpenAi => LimitField::MaxCompletionTokens,
        _ => LimitField::MaxTokens,
    })
}

/// The body of a streamed chat completion.
pub(crate) fn body(
    request: &ChatRequest,
    profile: Profile,
    quirks: Quirks,
) -> Result<Vec<u8>, serde_json::Error> {
    let field = limit_field(profile, quirks);
    let limit = |wanted| request.max_tokens.filter(|_| field == wanted);
    let reasoning = request.reasoning.filter(|_| !quirks.omit_reasoning);
    serde_json::to_vec(&Body {
        model: &request.model,
        messages: request.messages.iter().map(message).collect(),
        stream: true,
        stream_options: (!quirks.omit_stream_options).then(|| json!({"include_usage": true})),
        temperature: request.temperature.filter(|_| !quirks.omit_temperature),
        top_p: request.top_p.filter(|_| !quirks.omit_top_p),
        max_tokens: limit(LimitField::MaxTokens),
        max_completion_tokens: limit(LimitField::MaxCompletionTokens),
        stop: &request.stop,
        tools: request
            .tools
            .iter()
            .map(|tool| WireTool {
                r#type: "function",
                function: WireSpec {
                    name: &tool.name,
                    description: &tool.description,
                    parameters: &tool.parameters,
                },
            })
            .collect(),
        reasoning_effort: reasoning.and_then(Reasoning::effort),
        response_format: request.answer_schema.as_ref().map(|schema| {
            json!({"type": "json_schema", "json_schema": {"name": "answer", "strict": true, "schema": schema}})
        }),
        extra: extra(request, profile, reasoning),
    })
}

fn extra(
    request: &ChatRequest,
    profile: Profile,
    reasoning: Option<Reasoning>,
) -> BTreeMap<&'static str, Value> {
    let mut extra = BTreeMap::new();
    // These servers run the model's chat template, which has the switch.
    if let (Profile::Vllm | Profile::LlamaCpp | Profile::TabbyApi, Some(reasoning)) = (profile, reasoning) {
        let on = reasoning != Reasoning::Off;
        let key = if profile == Profile::TabbyApi {
            "template_vars"
        } else {
            "chat_template_kwargs"
        };
        extra.insert(key, json!({"enable_thinking": on}));
    }
    // A last message of the assistant is to be continued; vLLM must be told.
    let last = request.messages.last();
    if profile == Profile::Vllm
        && last.is_some_and(|last| last.role == Role::Assistant && last.tool_calls.is_empty())
    {
        extra.insert("continue_final_message", json!(true));
        extra.insert("add_generation_prompt", json!(false));
    }
    extra
}

fn message(message: &Message) -> WireMessage<'_> {
    let content = if message.images.is_empty() {
        Content::Text(&message.content)
    } else {
        let text = (!message.content.is_empty()).then_some(Part::Text {
            text: &message.content,
        });
        Content::Parts(text.into_iter().chain(message.images.iter().map(image)).collect())
    };
    WireMessage {
        role: message.role.as_str(),
        content,
        reasoning_content: message.reasoning.as_deref(),
        tool_calls: message
            .tool_calls
            .iter()
            .map(|call| WireCall {
                id: &call.id,
                r#type: "function",
                function: WireFunction {
                    name: &call.name,
                    arguments: call.arguments.to_value().to_string(),
                },
            })
            .collect(),
        tool_call_id: message.tool_call_id.as_deref(),
    }
}

fn image<'a>(image: &Image) -> Part<'a> {
    let mut url = format!("data:{};base64,", image.mime);
    BASE64.encode_append(&image.data, &mut url);
    Part::ImageUrl {
        image_url: ImageUrl { url },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{ToolArguments, ToolCall, ToolSpec};
    use bytes::Bytes;

    fn built(request: &ChatRequest, profile: Profile, quirks: Quirks) -> Value {
        serde_json::from_slice(&body(request, profile, quirks).expect("serialisable")).expect("JSON")
    }

    #[test]
    fn unset_parameters_are_left_out() {
        let request = ChatRequest::new("m", vec![Message::user("hi")]);
        assert_eq!(
            built(&request, Profile::Generic, Quirks::default()),
            json!({"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": true,
                   "stream_options": {"include_usage": true}})
        );
    }

    #[test]
    fn everything_set_is_sent() {
        let call = ToolCall {
            id: "c1".into(),
            name: "look".into(),
            arguments: ToolArguments::Object(serde_json::Map::new()),
        };
        let mut request = ChatRequest::new(
            "m",
            vec![
                Message::system("be kind"),
                Message {
                    images: vec![Image {
                        mime: "image/png".into(),
                        data: Bytes::from_static(b"abc"),
                    }],
                    ..Message::user("see")
                },
                Message {
                    tool_calls: vec![call.clone()],
                    ..Message::assistant("")
                },
                Message::tool_result(&call, "nothing"),
            ],
        );
        request.temperature = Some(0.7);
        request.top_p = Some(0.9);
        request.max_tokens = Some(100);
        request.stop = vec!["END".into()];
        request.reasoning = Some(Reasoning::Low);
        request.tools = vec![ToolSpec {
            name: "look".into(),
            description: "looks".into(),
            parameters: json!({"type": "object"}),
        }];
        let body = built(&request, Profile::LlamaCpp, Quirks::default());
        let expected = json!({
            "model": "m", "stream": true, "stream_options": {"include_usage": true},
            "max_tokens": 100, "stop": ["END"],
            "reasoning_effort": "low", "chat_template_kwargs": {"enable_thinking": true},
            "tools": [{"type": "function", "function": {
                "name": "look", "description": "looks", "parameters": {"type": "object"}}}],
            "messages": [
                {"role": "system", "content": "be kind"},
                {"role": "user", "content": [
                    {"type": "text", "text": "see"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,YWJj"}}]},
                {"role": "assistant", "content": "", "tool_calls": [
                    {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]},
                {"role": "tool", "content": "nothing", "tool_call_id": "c1"}
            ]
        });
        assert_eq!(body["messages"], expected["messages"]);
        assert_eq!(body["tools"], expected["tools"]);
        assert_eq!(body["temperature"].to_string(), "0.7");
        for key in [
            "max_tokens",
            "stop",
            "reasoning_effort",
            "chat_template_kwargs",
            "stream_options",
        ] {
            assert_eq!(body[key], expected[key], "{key}");
        }
    }

    #[test]
    fn quirks_leave_things_out() {
        let mut request = ChatRequest::new("m", vec![Message::user("hi")]);
        request.temperature = Some(0.1);
        request.max_tokens = Some(5);
        let quirks = Quirks {
            omit_stream_options: true,
            omit_temperature: true,
            limit_field: Some(LimitField::MaxCompletionTokens),
            ..Quirks::default()
        };
        let body = built(&request, Profile::Generic, quirks);
        assert_eq!(
            body,
            json!({"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": true,
                   "max_completion_tokens": 5})
        );
        let openai = built(&request, Profile::OpenAi, Quirks::default());
        assert_eq!(openai["max_completion_tokens"], 5);
        assert_eq!(openai.get("max_tokens"), None);
    }

    #[test]
    fn vllm_is_told_to_continue_an_answer() {
        let request = ChatRequest::new("m", vec![Message::user("hi"), Message::assistant("Hel")]);
        let body = built(&request, Profile::Vllm, Quirks::default());
        assert_eq!(body["continue_final_message"], true);
        assert_eq!(body["add_generation_prompt"], false);
    }
}
