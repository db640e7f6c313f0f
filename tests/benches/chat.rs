//! What is added to a question before it leaves for the model.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on stops")]

use hearth_api::chat::SendMessage;
use hearth_api::provider::ProviderKind;
use hearth_tests::World;
use hearth_tests::figures::{Times, report_ms};
use hearth_tests::model::{FakeAnswer, FakeLlm};
use std::sync::mpsc;
use std::time::Instant;

const QUESTIONS: usize = 200;

#[tokio::main]
async fn main() {
    let world = World::live(None);
    let anna = world.home("Hill House", &["Anna"]).await.owner();
    let (arrived, arrivals) = mpsc::channel();
    let fake = FakeLlm::builder()
        .brain(move |prompt| {
            let _ = arrived.send((prompt.last("user").to_owned(), Instant::now()));
            FakeAnswer::text("Yes, and the conversation grows by a sentence or two with every answer.")
        })
        .start_ollama()
        .await;
    anna.use_model(ProviderKind::Ollama, &fake).await;
    let mut listener = anna.listen().await;
    let mut chat = None;
    let mut times = Times::default();
    for n in 0..QUESTIONS {
        let request = SendMessage {
            op: anna.home().seed().uuid(),
            chat,
            text: format!("Question {n}: does it add much before it leaves?"),
            model: None,
        };
        let text = request.text.clone();
        let began = Instant::now();
        let started = anna.ok(request).await;
        listener.turn(started.turn).await;
        // A request for a title may have come in between.
        let (_, at) = arrivals.try_iter().find(|(asked, _)| *asked == text).unwrap();
        times.add(at.duration_since(began));
        chat = Some(started.chat);
    }
    report_ms("chat_overhead_p50", times.percentile(50));
    report_ms("chat_overhead_p95", times.percentile(95));
    world.close().await;
}
