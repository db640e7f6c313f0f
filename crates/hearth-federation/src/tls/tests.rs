use std::io::{Read as _, Write as _};

use rustls::{ClientConnection, ProtocolVersion, ServerConnection};

use super::*;
use crate::testing::node;

/// Carries bytes between the two ends, in memory, until neither has anything more to say.
fn shake_hands(client: &mut ClientConnection, server: &mut ServerConnection) -> Result<(), rustls::Error> {
    for _ in 0..10 {
        let mut wire = Vec::new();
        while client.wants_write() {
            client.write_tls(&mut wire).unwrap();
        }
        let mut rest = wire.as_slice();
        while !rest.is_empty() {
            server.read_tls(&mut rest).unwrap();
            server.process_new_packets()?;
        }
        let mut wire = Vec::new();
        while server.wants_write() {
            server.write_tls(&mut wire).unwrap();
        }
        let mut rest = wire.as_slice();
        while !rest.is_empty() {
            client.read_tls(&mut rest).unwrap();
            client.process_new_packets()?;
        }
    }
    Ok(())
}

fn connect(
    client: ClientConfig,
    server: ServerConfig,
) -> Result<(ClientConnection, ServerConnection), rustls::Error> {
    let name = ServerName::try_from("192.168.1.20").unwrap();
    let mut client = ClientConnection::new(Arc::new(client), name).unwrap();
    let mut server = ServerConnection::new(Arc::new(server)).unwrap();
    shake_hands(&mut client, &mut server)?;
    Ok((client, server))
}

#[test]
fn a_caller_reaches_the_node_it_means_over_tls_1_3() {
    let client = client_config(ServerTrust::Pinned(node(1).id())).unwrap();
    let (mut client, mut server) = connect(client, server_config(&node(1)).unwrap()).unwrap();
    assert!(!client.is_handshaking() && !server.is_handshaking());
    assert_eq!(client.protocol_version(), Some(ProtocolVersion::TLSv1_3));
    assert_eq!(client.alpn_protocol(), Some(ALPN_HTTP1));

    client.writer().write_all(b"hello").unwrap();
    shake_hands(&mut client, &mut server).unwrap();
    let mut heard = [0; 5];
    server.reader().read_exact(&mut heard).unwrap();
    assert_eq!(&heard, b"hello");
}

#[test]
fn another_node_at_the_address_is_not_spoken_to() {
    let client = client_config(ServerTrust::Pinned(node(1).id())).unwrap();
    let refused = connect(client, server_config(&node(2)).unwrap()).unwrap_err();
    assert!(
        matches!(
            refused,
            rustls::Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure)
        ),
        "{refused:?}"
    );
}

#[test]
fn a_copied_certificate_without_its_key_does_not_help() {
    // The certificate of node 1, the handshake signed by node 2.
    let certified = CertifiedKey::new(
        vec![certificate(&node(1)).unwrap()],
        Arc::new(HandshakeKey::new(&node(2))),
    );
    let server = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
    let client = client_config(ServerTrust::Pinned(node(1).id())).unwrap();
    let refused = connect(client, server).unwrap_err();
    assert!(
        matches!(
            refused,
            rustls::Error::InvalidCertificate(CertificateError::BadSignature)
        ),
        "{refused:?}"
    );
}

#[test]
fn a_node_certificate_means_nothing_at_a_public_address() {
    let client = client_config(ServerTrust::PublicCa).unwrap();
    let refused = connect(client, server_config(&node(1)).unwrap()).unwrap_err();
    assert!(
        matches!(refused, rustls::Error::InvalidCertificate(_)),
        "{refused:?}"
    );
}

#[test]
fn the_certificate_is_the_same_at_every_start_and_nothing_is_installed_process_wide() {
    assert_eq!(certificate(&node(1)).unwrap(), certificate(&node(1)).unwrap());
    assert_ne!(certificate(&node(1)).unwrap(), certificate(&node(2)).unwrap());
    drop(server_config(&node(1)).unwrap());
    assert!(CryptoProvider::get_default().is_none());
}
