//! Nothing is sent to another computer's model before its person agreed.

use super::{anna, end_of};
use hearth_api::Code;
use hearth_api::chat::{SendMessage, TurnState};
use hearth_api::provider::{CheckProvider, Locality, ModelRef, ProviderKind, SetConsent};
use hearth_tests::World;
use hearth_tests::model::{FakeLlm, MODEL};
use std::net::{IpAddr, SocketAddr, UdpSocket};

/// An address of this machine that is not loopback, if it has one. Nothing is sent to find out.
fn outer_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("203.0.113.1:9").ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_loopback() && !ip.is_unspecified()).then_some(ip)
}

#[tokio::test]
async fn nothing_leaves_this_computer_before_its_person_agreed() {
    let world = World::new();
    let anna = anna(&world).await;
    let outer = outer_address();
    let fake = FakeLlm::builder()
        .address(SocketAddr::new(outer.unwrap_or(IpAddr::from([127, 0, 0, 1])), 0))
        .start_ollama()
        .await;
    // Without an outer address nothing can be received there; what is refused is the same.
    let url = if outer.is_some() {
        fake.url()
    } else {
        "http://203.0.113.1:9".to_owned()
    };
    let provider = anna.add_provider(ProviderKind::Ollama, &url).await;
    assert!(
        provider.consent_needed && provider.locality > Locality::Local,
        "{provider:?}"
    );
    anna.refused_with(Code::ConsentRequired, CheckProvider { id: provider.id })
        .await;
    let model = ModelRef {
        provider: provider.id,
        model: MODEL.to_owned(),
    };
    let request = SendMessage {
        op: anna.home().seed().uuid(),
        chat: None,
        text: "My secret diary".to_owned(),
        model: Some(model),
    };
    anna.refused_with(Code::ConsentRequired, request.clone()).await;
    assert_eq!(fake.server().connections(), 0, "not even a connection was made");

    if outer.is_some() {
        anna.ok(SetConsent {
            id: provider.id,
            given: true,
        })
        .await;
        let mut listener = anna.listen().await;
        let started = anna.ok(request.clone()).await;
        assert_eq!(end_of(&listener.turn(started.turn).await).state, TurnState::Done);
        assert!(fake.server().connections() > 0);
        anna.ok(SetConsent {
            id: provider.id,
            given: false,
        })
        .await;
        let again = SendMessage {
            op: anna.home().seed().uuid(),
            chat: Some(started.chat),
            ..request
        };
        anna.refused_with(Code::ConsentRequired, again).await;
    }
}
