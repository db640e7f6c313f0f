//! From posting on one home to standing in the feed of another, over loopback TLS.

use hearth_api::Event;
use hearth_api::feed::Audience;
use hearth_tests::World;
use hearth_tests::figures::{Times, report_ms};
use std::time::Instant;

const POSTS: usize = 300;

#[tokio::main]
async fn main() {
    let world = World::live(None);
    let hill = world.home("Hill House", &["Anna"]).await;
    let lake = world.home("Lake House", &["Clara"]).await;
    world.pair(&hill, &lake).await;
    let (anna, clara) = (hill.owner(), lake.owner());
    world.befriend(&anna, &clara).await;
    let mut at_claras = clara.listen().await;
    let mut times = Times::default();
    for n in 0..POSTS {
        let began = Instant::now();
        let sent = anna.post(Audience::Friends, &format!("Measured {n}")).await;
        at_claras
            .until("the post", |event| {
                matches!(event, Event::PostAdded { post, .. } if *post == sent.id).then_some(())
            })
            .await;
        assert!(clara.sees(sent.id).await.is_some(), "durable and visible");
        times.add(began.elapsed());
        // Its tick comes back in between; let it, so that one post does not wait for another's.
        world.pump().await;
    }
    report_ms("post_to_peer_p50", times.percentile(50));
    report_ms("post_to_peer_p95", times.percentile(95));
    world.close().await;
}
