//! The home's own certificate authority, for devices in the network: they may trust it once, and see no warning from then on.
//!
//! Browsers speak no Ed25519 certificates, so it is P-256 (RFC 5480), and another key than the node's. It can vouch for private and local
//! addresses alone (name constraints, RFC 5280 §4.2.1.10): a phone that trusts it trusts this home with nothing else.

use hearth_api::{ApiError, Timestamp};
use hearth_db::{ReadTx, WriteTx};
use hearth_federation::keystore::{KeyStore, KeyStoreError};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, PKCS_ECDSA_P256_SHA256, SanType,
    date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;
use zeroize::{ZeroizeOnDrop, Zeroizing};

/// Where the key store has it.
const NAME: &str = "access-authority";
/// How long the authority is good.
const AUTHORITY_DAYS: u64 = 3650;
/// How long a certificate of the listener is good; Apple's systems take at most 825 days of a private authority.
const LEAF_DAYS: u64 = 390;
/// A new one is made when the present one has fewer left.
const RENEW_DAYS: i64 = 30;
const DAY_MS: i64 = 86_400_000;
/// Clocks of phones may be behind.
const BEFORE: Duration = Duration::from_secs(2 * 24 * 3600);

/// Networks that are nobody's on the internet: private (RFC 1918, RFC 4193), shared (RFC 6598, as some tunnels use), link-local, this machine.
const NETWORKS: [(IpAddr, u8); 8] = [
    (IpAddr::V4(Ipv4Addr::new(10, 0, 0, 0)), 8),
    (IpAddr::V4(Ipv4Addr::new(172, 16, 0, 0)), 12),
    (IpAddr::V4(Ipv4Addr::new(192, 168, 0, 0)), 16),
    (IpAddr::V4(Ipv4Addr::new(100, 64, 0, 0)), 10),
    (IpAddr::V4(Ipv4Addr::new(169, 254, 0, 0)), 16),
    (IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), 8),
    (IpAddr::V6(Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0)), 7),
    (IpAddr::V6(Ipv6Addr::LOCALHOST), 128),
];

/// Whether an address is of a network that is nobody's on the internet.
pub(crate) fn is_private(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let shared = u32::from(ip) & 0xffc0_0000 == u32::from(Ipv4Addr::new(100, 64, 0, 0));
            ip.is_private() || ip.is_loopback() || ip.is_link_local() || shared
        }
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

#[derive(Serialize, Deserialize, ZeroizeOnDrop)]
struct Kept {
    key: String,
    certificate: String,
    made_at: i64,
}

/// The authority, with its key.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    made_at: Timestamp,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

fn failed(error: impl std::fmt::Display) -> ApiError {
    tracing::error!(error = %error, "The certificate for other devices could not be made");
    ApiError::new(
        hearth_api::Code::Internal,
        "The certificate for other devices could not be made.",
    )
}

fn at(now: Timestamp) -> time::OffsetDateTime {
    date_time_ymd(1970, 1, 1) + Duration::from_millis(u64::try_from(now.0).unwrap_or(0))
}

fn days(n: u64) -> Duration {
    Duration::from_secs(n * 24 * 3600)
}

fn authority_params(made_at: Timestamp) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, "Hearth: this home, in your own network");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    params.not_before = at(made_at) - BEFORE;
    params.not_after = at(made_at) + days(AUTHORITY_DAYS);
    let mut permitted: Vec<GeneralSubtree> = NETWORKS
        .iter()
        .map(|(ip, prefix)| GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(*ip, *prefix)))
        .collect();
    permitted.push(GeneralSubtree::DnsName("local".to_owned()));
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: permitted,
        excluded_subtrees: Vec::new(),
    });
    params
}

impl Authority {
    /// The home's authority, if it was made.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn open(keys: &KeyStore, tx: &ReadTx<'_>) -> Result<Option<Self>, ApiError> {
        let bytes = match keys.get(tx, NAME) {
            Ok(bytes) => bytes,
            Err(KeyStoreError::Missing) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let kept: Kept = serde_json::from_slice(&bytes).map_err(failed)?;
        let key = KeyPair::from_pem_and_sign_algo(&kept.key, &PKCS_ECDSA_P256_SHA256).map_err(failed)?;
        let certificate = data_encoding::BASE64
            .decode(kept.certificate.as_bytes())
            .map_err(failed)?;
        Ok(Some(Self {
            issuer: Issuer::new(authority_params(Timestamp(kept.made_at)), key),
            certificate: certificate.into(),
            made_at: Timestamp(kept.made_at),
        }))
    }

    /// The home's authority; made and kept if there is none, or if the one there is runs out within 30 days: devices then trust it anew.
    ///
    /// # Errors
    /// When it cannot be read or made.
    pub(crate) fn open_or_new(
        keys: &KeyStore,
        tx: &mut WriteTx<'_>,
        now: Timestamp,
    ) -> Result<Self, ApiError> {
        if let Some(found) = Self::open(keys, tx)?
            && !found.runs_out(now)
        {
            return Ok(found);
        }
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(failed)?;
        let params = authority_params(now);
        let certificate = params.self_signed(&key).map_err(failed)?;
        let kept = Kept {
            key: key.serialize_pem(),
            certificate: data_encoding::BASE64.encode(certificate.der()),
            made_at: now.0,
        };
        let bytes = Zeroizing::new(serde_json::to_vec(&kept).map_err(failed)?);
        keys.put(tx, NAME, &bytes)?;
        Ok(Self {
            issuer: Issuer::new(params, key),
            certificate: certificate.der().clone(),
            made_at: now,
        })
    }

    /// The certificate, DER: what a device may be told to trust.
    pub(crate) fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// How many whole days it is still good; none once it has run out.
    pub(crate) fn days_left(&self, now: Timestamp) -> i64 {
        let good = i64::try_from(AUTHORITY_DAYS).unwrap_or(i64::MAX);
        (self.made_at.plus_days(good).ms_since(now) / DAY_MS).max(0)
    }

    /// Whether it has run out, or soon does.
    pub(crate) fn runs_out(&self, now: Timestamp) -> bool {
        self.days_left(now) < RENEW_DAYS
    }

    /// SHA-256 of the certificate, as systems show it: `AB:CD:…`.
    pub(crate) fn fingerprint(&self) -> String {
        let hex = data_encoding::HEXUPPER.encode(&Sha256::digest(&self.certificate));
        let pairs: Vec<&str> = hex
            .as_bytes()
            .chunks(2)
            .filter_map(|pair| std::str::from_utf8(pair).ok())
            .collect();
        pairs.join(":")
    }

    /// A certificate for the listener, with a key that lives only in memory.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn issue(
        &self,
        addresses: &[IpAddr],
        name: Option<&str>,
        now: Timestamp,
    ) -> Result<Leaf, ApiError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(failed)?;
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "Hearth");
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.not_before = at(now) - BEFORE;
        params.not_after = at(now) + days(LEAF_DAYS);
        params.subject_alt_names = addresses.iter().map(|ip| SanType::IpAddress(*ip)).collect();
        if let Some(name) = name {
            params
                .subject_alt_names
                .push(SanType::DnsName(name.try_into().map_err(failed)?));
        }
        let certificate = params.signed_by(&key, &self.issuer).map_err(failed)?;
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signing = rustls::crypto::ring::sign::any_ecdsa_type(&private).map_err(failed)?;
        Ok(Leaf {
            key: CertifiedKey::new(vec![certificate.der().clone(), self.certificate.clone()], signing).into(),
            addresses: addresses.to_vec(),
            renew_at: now.plus_days(i64::try_from(LEAF_DAYS).unwrap_or(i64::MAX) - RENEW_DAYS),
        })
    }
}

/// A certificate of the listener.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    pub(crate) key: std::sync::Arc<CertifiedKey>,
    addresses: Vec<IpAddr>,
    renew_at: Timestamp,
}

impl Leaf {
    /// Whether it is good for who was called at `ip`.
    pub(crate) fn covers(&self, ip: IpAddr, now: Timestamp) -> bool {
        self.addresses.contains(&ip) && now < self.renew_at
    }

    pub(crate) fn addresses(&self) -> &[IpAddr] {
        &self.addresses
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_nobodys_on_the_internet_is_private() {
        for good in [
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.2",
            "100.64.0.1",
            "169.254.7.7",
            "127.0.0.1",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:192.168.1.2",
        ] {
            assert!(is_private(good.parse().unwrap()), "{good} is private");
        }
        for bad in [
            "8.8.8.8",
            "172.32.0.1",
            "192.169.0.1",
            "100.128.0.1",
            "100.63.255.255",
            "2001:db8::1",
            "::ffff:8.8.8.8",
            "0.0.0.0",
            "::",
        ] {
            assert!(!is_private(bad.parse().unwrap()), "{bad} is not private");
        }
    }
}
