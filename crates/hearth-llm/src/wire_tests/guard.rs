//! Where bytes may go: row 27, and the localities.

use super::*;
use crate::{resolve_locality, testing::FixedResolver};

#[tokio::test]
async fn wire_27_a_redirect_is_refused_and_the_key_goes_nowhere_else() {
    let bench = Bench::openai().await;
    let other = ScriptedServer::start().await;
    other.always(CHAT, good("from elsewhere"));
    for status in [301, 302, 303, 307, 308] {
        let heard = bench
            .hear(Script::text(status, "text/plain", "").header("Location", &other.url(CHAT)))
            .await;
        heard.failed(ErrorCode::ProviderError);
        assert_eq!(heard.retries, []);
    }
    assert_eq!(other.connections(), 0);
    let report = {
        bench.server.once(
            "/v1/models",
            Script::text(302, "text/plain", "").header("Location", &other.url("/v1/models")),
        );
        bench.client().check().await
    };
    assert_eq!(
        report.error.map(|error| error.code()),
        Some(ErrorCode::ProviderError)
    );
    assert_eq!(other.connections(), 0);
}

fn named(bench: &Bench, table: FixedResolver, consented: Locality) -> Client {
    let port = bench.server.address().port();
    let provider = Provider::new(ProviderKind::OpenAi, &format!("http://llm.home:{port}/v1")).expect("valid");
    Client::builder(provider, consented)
        .clock(bench.clock.clone())
        .resolver(Arc::new(table))
        .build()
        .expect("valid")
}

fn ip(text: &str) -> std::net::IpAddr {
    text.parse().expect("an address")
}

#[tokio::test]
async fn a_name_that_moved_to_another_locality_gets_no_byte() {
    let bench = Bench::openai().await;
    bench.server.always(CHAT, good("hello"));
    let here = FixedResolver::new().with("llm.home", &[ip("127.0.0.1")]);
    for consented in [Locality::Lan, Locality::Remote] {
        let heard = listen(
            &named(&bench, here.clone(), consented),
            question(),
            Quirks::default(),
        )
        .await;
        heard.failed(ErrorCode::LocalityChanged);
        assert_eq!(heard.retries, []);
    }
    assert_eq!(bench.server.connections(), 0);
    let heard = listen(
        &named(&bench, here, Locality::Local),
        question(),
        Quirks::default(),
    )
    .await;
    assert_eq!(heard.done(), "hello");
}

#[tokio::test]
async fn of_several_addresses_only_those_consented_to_are_used() {
    let bench = Bench::openai().await;
    bench.server.always(CHAT, good("hello"));
    let mixed = FixedResolver::new().with("llm.home", &[ip("203.0.113.9"), ip("127.0.0.1")]);
    let url = url::Url::parse("http://llm.home/v1").expect("a URL");
    assert_eq!(
        resolve_locality(&url, &mixed).await,
        Ok(Locality::Remote),
        "the badge shows the most remote one"
    );
    let heard = listen(
        &named(&bench, mixed, Locality::Local),
        question(),
        Quirks::default(),
    )
    .await;
    assert_eq!(heard.done(), "hello");
}

#[tokio::test]
async fn a_literal_address_is_checked_before_connecting() {
    let bench = Bench::openai().await;
    let client = bench.client_of(bench.provider(), Locality::Remote);
    listen(&client, question(), Quirks::default())
        .await
        .failed(ErrorCode::LocalityChanged);
    assert_eq!(
        client.check().await.error.map(|error| error.code()),
        Some(ErrorCode::LocalityChanged)
    );
    assert!(client.ollama().is_err());
    assert_eq!(bench.server.connections(), 0);
}

#[tokio::test]
async fn a_model_that_ollama_passes_to_the_internet_needs_consent_to_that() {
    let bench = Bench::ollama().await;
    let answer = || Script::ndjson().line(&said("hi")).line(&last_line());
    let cloudy = json!({"remote_model": "gpt-oss:20b", "remote_host": "https://ollama.com:443"});

    let mut by_name = question();
    by_name.model = "gpt-oss:120b-cloud".to_owned();
    bench
        .ask_for(by_name.clone(), Quirks::default())
        .await
        .failed(ErrorCode::ConsentRequired);

    bench.server.once("/api/show", Script::json(200, &cloudy));
    bench.ask().await.failed(ErrorCode::ConsentRequired);
    assert_eq!(bench.chats(), 0, "no conversation was sent");

    by_name.allow_cloud = true;
    bench.will(answer());
    assert_eq!(bench.ask_for(by_name, Quirks::default()).await.done(), "hi");

    // One that turns out to be remote only by its answer is cut short.
    let mut line = said("from afar");
    line["remote_host"] = json!("https://ollama.com:443");
    let heard = bench.hear(Script::ndjson().line(&line).line(&last_line())).await;
    heard.failed(ErrorCode::ConsentRequired);
    assert_eq!(heard.text, "");
}

#[tokio::test]
async fn what_a_model_is_is_asked_once_in_a_while() {
    let bench = Bench::ollama().await;
    let client = bench.client();
    for _ in 0..3 {
        bench.will(Script::ndjson().line(&said("hi")).line(&last_line()));
        assert_eq!(listen(&client, question(), Quirks::default()).await.done(), "hi");
    }
    assert_eq!(bench.server.requests_to("/api/show").len(), 1);
    bench.clock.set_now_ms(1_767_225_600_000 + 600_001);
    bench.will(Script::ndjson().line(&said("hi")).line(&last_line()));
    listen(&client, question(), Quirks::default()).await;
    assert_eq!(bench.server.requests_to("/api/show").len(), 2);
}
