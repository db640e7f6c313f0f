//! Where a provider is: on this machine, in the home network, or somewhere else.
//!
//! The person consents to a locality, and it is judged by the address that is connected to, not by
//! the name: [`GuardedDns`] classifies what a name resolves to at the moment of connecting and
//! hands out only addresses of the consented kind. Addresses written as numbers never reach a
//! resolver and are checked by the client before each request.
//!
//! A name may resolve to addresses of several kinds. For badges the most remote one counts; a
//! connection uses only those of the consented kind, so nothing is sent elsewhere either way.

use std::{
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::Arc,
};

use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::error::{ErrorCode, LlmError};

/// How far away an address is, nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locality {
    /// This machine: loopback.
    Local,
    /// The home network: private, link-local and unique local addresses.
    Lan,
    /// Everything else.
    Remote,
}

impl Locality {
    /// Classifies an address.
    pub fn of(ip: IpAddr) -> Self {
        match ip {
            IpAddr::V4(ip) => Self::of_v4(ip),
            IpAddr::V6(ip) => Self::of_v6(ip),
        }
    }

    fn of_v4(ip: Ipv4Addr) -> Self {
        // The unspecified address reaches this machine.
        if ip.is_loopback() || ip.is_unspecified() {
            Self::Local
        } else if ip.is_private() || ip.is_link_local() {
            Self::Lan
        } else {
            Self::Remote
        }
    }

    fn of_v6(ip: Ipv6Addr) -> Self {
        if let Some(ip) = ip.to_ipv4_mapped() {
            Self::of_v4(ip)
        } else if ip.is_loopback() || ip.is_unspecified() {
            Self::Local
        } else if ip.is_unique_local() || ip.is_unicast_link_local() {
            Self::Lan
        } else {
            Self::Remote
        }
    }

    /// The word to store and send: `local`, `lan` or `remote`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Lan => "lan",
            Self::Remote => "remote",
        }
    }

    /// For sentences.
    fn place(self) -> &'static str {
        match self {
            Self::Local => "on this machine",
            Self::Lan => "in the home network",
            Self::Remote => "on the internet",
        }
    }
}

impl fmt::Display for Locality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Turns names into addresses; injected, so that tests need no network.
pub trait Resolver: Send + Sync + 'static {
    /// All addresses of a host name.
    fn resolve(&self, host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// The resolver of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn resolve(&self, host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            let addresses = tokio::net::lookup_host((host.as_str(), 0)).await?;
            Ok(addresses.map(|address| address.ip()).collect())
        })
    }
}

/// A connection would have gone to another kind of place than consented to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("consented to {consented}, found {found}")]
pub(crate) struct LocalityMismatch {
    pub(crate) consented: Locality,
    pub(crate) found: Locality,
}

impl From<LocalityMismatch> for LlmError {
    fn from(mismatch: LocalityMismatch) -> Self {
        Self::new(
            ErrorCode::LocalityChanged,
            format!(
                "This provider was {}, but is now {}. Nothing was sent.",
                mismatch.consented.place(),
                mismatch.found.place()
            ),
            "If that is right, give consent again in the provider's settings.",
        )
    }
}

/// Checks one literal address.
pub(crate) fn check_literal(url: &Url, consented: Locality) -> Result<(), LocalityMismatch> {
    match literal(url).map(Locality::of) {
        Some(found) if found != consented => Err(LocalityMismatch { consented, found }),
        _ => Ok(()),
    }
}

fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(ip) => Some(IpAddr::V4(ip)),
        Host::Ipv6(ip) => Some(IpAddr::V6(ip)),
        Host::Domain(_) => None,
    }
}

/// The DNS hook of the HTTP client.
pub(crate) struct GuardedDns {
    pub(crate) resolver: Arc<dyn Resolver>,
    pub(crate) consented: Locality,
}

impl Resolve for GuardedDns {
    fn resolve(&self, name: Name) -> Resolving {
        let found = self.resolver.resolve(name.as_str().to_owned());
        let consented = self.consented;
        Box::pin(async move {
            let all = found.await?;
            let allowed: Vec<IpAddr> = all
                .iter()
                .copied()
                .filter(|ip| Locality::of(*ip) == consented)
                .collect();
            match all.iter().map(|ip| Locality::of(*ip)).max() {
                Some(found) if allowed.is_empty() => Err(LocalityMismatch { consented, found }.into()),
                _ => {
                    let addresses: Addrs = Box::new(allowed.into_iter().map(|ip| (ip, 0).into()));
                    Ok(addresses)
                }
            }
        })
    }
}

/// Tells where a provider is, for its badge and before asking for consent. Sends nothing to it;
/// looks its name up with `resolver`.
///
/// # Errors
/// `provider_unreachable` if the name is unknown.
pub async fn resolve_locality(url: &Url, resolver: &dyn Resolver) -> Result<Locality, LlmError> {
    if let Some(ip) = literal(url) {
        return Ok(Locality::of(ip));
    }
    let unknown = || {
        LlmError::new(
            ErrorCode::ProviderUnreachable,
            "The provider's host name is unknown.",
            "Check the spelling of the address and the network.",
        )
    };
    let host = url.host_str().unwrap_or_default().to_owned();
    let addresses = resolver
        .resolve(host)
        .await
        .map_err(|error| unknown().with_detail(error.to_string()))?;
    addresses.into_iter().map(Locality::of).max().ok_or_else(unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_classified() {
        let cases = [
            ("127.0.0.1", Locality::Local),
            ("127.9.9.9", Locality::Local),
            ("0.0.0.0", Locality::Local),
            ("::1", Locality::Local),
            ("::ffff:127.0.0.1", Locality::Local),
            ("10.1.2.3", Locality::Lan),
            ("172.16.0.1", Locality::Lan),
            ("172.32.0.1", Locality::Remote),
            ("192.168.178.20", Locality::Lan),
            ("169.254.1.1", Locality::Lan),
            ("fe80::1", Locality::Lan),
            ("fd00::7", Locality::Lan),
            ("::ffff:192.168.0.1", Locality::Lan),
            ("100.64.0.1", Locality::Remote),
            ("8.8.8.8", Locality::Remote),
            ("2001:db8::1", Locality::Remote),
            ("::ffff:8.8.8.8", Locality::Remote),
        ];
        for (ip, locality) in cases {
            assert_eq!(Locality::of(ip.parse().expect("an address")), locality, "{ip}");
        }
    }

    #[test]
    fn numbers_in_disguise_are_seen_through() {
        let url = Url::parse("http://0x7f.1:11434").expect("a URL");
        assert!(check_literal(&url, Locality::Local).is_ok());
        assert_eq!(
            check_literal(&url, Locality::Remote),
            Err(LocalityMismatch {
                consented: Locality::Remote,
                found: Locality::Local
            })
        );
    }
}
