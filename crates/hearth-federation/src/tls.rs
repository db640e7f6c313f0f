//! TLS between nodes: rustls with the ring provider, always passed in explicitly and never installed process-wide.
//!
//! A node's listener shows a self-signed certificate made from the node key. Whoever calls it by a pinned address does
//! not look at names, dates or chains: the certificate's key must *be* the node id, and the handshake must be signed by
//! it (TLS 1.3 only). At a public address (a domain, a reverse proxy) the usual public authorities are asked instead,
//! and who answers is proven by pairing and signatures alone.
//!
//! A client configuration belongs to one trust: sessions are resumed within a configuration, and resumption does not ask
//! the verifier again, so a pinned configuration must not be shared between peers.

use std::fmt;
use std::sync::Arc;

use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, PublicKeyData};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, ring, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, SubjectPublicKeyInfoDer, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::sign::{CertifiedKey, Signer, SigningKey, SingleCertAndKey};
use rustls::version::TLS13;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, PeerIncompatible, RootCertStore, ServerConfig,
    SignatureAlgorithm, SignatureScheme,
};

use crate::keys::{NodeId, NodeKey};

/// The protocol that both sides offer (ALPN).
pub const ALPN_HTTP1: &[u8] = b"http/1.1";

/// The DER of an Ed25519 SubjectPublicKeyInfo up to the key itself (RFC 8410).
const ED25519_SPKI_PREFIX: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// Why a configuration could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate could not be made from the node key.
    #[error("the node's certificate could not be made")]
    Certificate(#[from] rcgen::Error),
    /// rustls does not accept the configuration.
    #[error("the TLS configuration was not accepted")]
    Config(#[from] rustls::Error),
}

/// Whom a caller trusts at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerTrust {
    /// Exactly the node with this id.
    Pinned(NodeId),
    /// Whoever a public certificate authority vouches for.
    PublicCa,
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn spki_of(id: &NodeId) -> Vec<u8> {
    [ED25519_SPKI_PREFIX.as_slice(), id.as_bytes()].concat()
}

/// The node's self-signed certificate. The same key always gives the same one.
///
/// # Errors
/// [`TlsError::Certificate`].
pub fn certificate(key: &NodeKey) -> Result<CertificateDer<'static>, TlsError> {
    let id = key.id();
    let mut params = CertificateParams::new(vec![server_name_of(&id)])?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, id.to_string());
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let signer = CertificateSigner {
        key,
        public: *id.as_bytes(),
    };
    Ok(params.self_signed(&signer)?.der().clone())
}

/// The name in a node's certificate: for tools that insist on one; the pinning caller ignores it.
#[must_use]
pub fn server_name_of(id: &NodeId) -> String {
    format!("{id}.node.invalid")
}

struct CertificateSigner<'a> {
    key: &'a NodeKey,
    public: [u8; 32],
}

impl PublicKeyData for CertificateSigner<'_> {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &rcgen::PKCS_ED25519
    }
}

impl rcgen::SigningKey for CertificateSigner<'_> {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(self.key.sign(message).to_vec())
    }
}

/// The configuration of a node's federation listener: its own certificate, TLS 1.3, HTTP/1.1.
///
/// # Errors
/// [`TlsError`].
pub fn server_config(key: &NodeKey) -> Result<ServerConfig, TlsError> {
    let certified = CertifiedKey::new(vec![certificate(key)?], Arc::new(HandshakeKey::new(key)));
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&TLS13])?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
    config.alpn_protocols = vec![ALPN_HTTP1.to_vec()];
    Ok(config)
}

/// The configuration for calling one peer at one kind of address.
///
/// # Errors
/// [`TlsError::Config`].
pub fn client_config(trust: ServerTrust) -> Result<ClientConfig, TlsError> {
    let provider = provider();
    let mut config = match trust {
        ServerTrust::Pinned(expected) => {
            let verifier = PinnedVerifier {
                expected,
                algorithms: provider.signature_verification_algorithms,
            };
            ClientConfig::builder_with_provider(provider)
                .with_protocol_versions(&[&TLS13])?
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(verifier))
                .with_no_client_auth()
        }
        ServerTrust::PublicCa => {
            let roots = RootCertStore {
                roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
            };
            ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()?
                .with_root_certificates(roots)
                .with_no_client_auth()
        }
    };
    config.alpn_protocols = vec![ALPN_HTTP1.to_vec()];
    Ok(config)
}

/// Signs TLS handshakes with the node key.
#[derive(Clone)]
struct HandshakeKey {
    key: NodeKey,
    spki: Vec<u8>,
}

impl HandshakeKey {
    fn new(key: &NodeKey) -> Self {
        Self {
            key: key.clone(),
            spki: spki_of(&key.id()),
        }
    }
}

impl fmt::Debug for HandshakeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HandshakeKey(<redacted>)")
    }
}

impl SigningKey for HandshakeKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        offered
            .contains(&SignatureScheme::ED25519)
            .then(|| Box::new(self.clone()) as Box<dyn Signer>)
    }

    fn public_key(&self) -> Option<SubjectPublicKeyInfoDer<'_>> {
        Some(SubjectPublicKeyInfoDer::from(self.spki.as_slice()))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ED25519
    }
}

impl Signer for HandshakeKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        Ok(self.key.sign(message).to_vec())
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ED25519
    }
}

/// Accepts exactly the certificate whose key is the expected node id.
#[derive(Debug)]
struct PinnedVerifier {
    expected: NodeId,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for PinnedVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let shown = ParsedCertificate::try_from(end_entity)?.subject_public_key_info();
        if shown.as_ref() == spki_of(&self.expected) {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(PeerIncompatible::ServerDoesNotSupportTls12Or13.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }
}

#[cfg(test)]
mod tests;
