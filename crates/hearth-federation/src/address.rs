//! Where a node can be reached: host and port, and how its certificate is judged there.
//!
//! `family.example:8443` is reached by pinning the node's own certificate; `https://family.example:443` is behind a
//! certificate of a public authority (a domain, a reverse proxy). Each address has exactly one spelling.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The longest host name (RFC 1035).
pub const MAX_HOST_LEN: usize = 253;
/// The most addresses a node announces.
pub const MAX_ADDRESSES: usize = 8;

/// A text that is not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address: host:port is expected, in lower case")]
pub struct AddressError;

/// A host name or literal address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Host {
    /// An IPv4 address.
    V4(Ipv4Addr),
    /// An IPv6 address.
    V6(Ipv6Addr),
    /// A name: letters, digits, hyphens and dots, in lower case; never something that looks like an IPv4 address.
    Name(HostName),
}

/// A checked host name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostName(String);

impl HostName {
    /// Checks a name.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn new(name: &str) -> Result<Self, AddressError> {
        let label_ok = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        };
        // A last label of digits only would be read as (part of) an IPv4 address (WHATWG URL, RFC 3696).
        let numeric = name.rsplit('.').next().is_none_or(|last| {
            last.bytes().all(|byte| byte.is_ascii_digit())
                || last
                    .strip_prefix("0x")
                    .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
        });
        if name.len() > MAX_HOST_LEN || numeric || !name.split('.').all(label_ok) {
            return Err(AddressError);
        }
        Ok(Self(name.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How the certificate at an address is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trust {
    /// By the node's own key: its certificate carries the node id.
    Pinned,
    /// By a public certificate authority; who it is comes from the pairing and the signatures alone.
    PublicCa,
}

/// Where a node can be reached.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    host: Host,
    port: u16,
    trust: Trust,
}

impl Address {
    /// Puts an address together.
    ///
    /// # Errors
    /// [`AddressError`] for port 0.
    pub fn new(host: Host, port: u16, trust: Trust) -> Result<Self, AddressError> {
        if port == 0 {
            return Err(AddressError);
        }
        Ok(Self { host, port, trust })
    }

    /// The host.
    #[must_use]
    pub const fn host(&self) -> &Host {
        &self.host
    }

    /// The port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// How the certificate there is judged.
    #[must_use]
    pub const fn trust(&self) -> Trust {
        self.trust
    }

    /// Host and port, as in a URL.
    #[must_use]
    pub fn authority(&self) -> String {
        match &self.host {
            Host::V4(ip) => format!("{ip}:{}", self.port),
            Host::V6(ip) => format!("[{ip}]:{}", self.port),
            Host::Name(name) => format!("{}:{}", name.as_str(), self.port),
        }
    }

    /// The URL of the node's root, without a slash at the end. TLS is used whatever the trust.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("https://{}", self.authority())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.trust {
            Trust::Pinned => f.write_str(&self.authority()),
            Trust::PublicCa => f.write_str(&self.base_url()),
        }
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if text.len() > MAX_HOST_LEN + 16 {
            return Err(AddressError);
        }
        let (trust, authority) = match text.strip_prefix("https://") {
            Some(rest) => (Trust::PublicCa, rest),
            None => (Trust::Pinned, text),
        };
        let (host, port) = authority.rsplit_once(':').ok_or(AddressError)?;
        let host = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(ip) => Host::V6(ip.parse().or(Err(AddressError))?),
            None => match host.parse() {
                Ok(ip) => Host::V4(ip),
                Err(_) => Host::Name(HostName::new(host)?),
            },
        };
        let address = Self::new(host, port.parse().or(Err(AddressError))?, trust)?;
        // One spelling: no leading zeros, no plus sign, the canonical form of IPv6.
        if address.to_string() == text {
            Ok(address)
        } else {
            Err(AddressError)
        }
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        text.parse()
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_usual_addresses_are_read_and_written_back() {
        for text in [
            "family.example:8443",
            "https://family.example:443",
            "192.168.1.20:8443",
            "[2001:db8::1]:8443",
            "nas:1",
            "https://[::1]:65535",
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!(address.to_string(), text);
        }
        let address: Address = "https://family.example:443".parse().unwrap();
        assert_eq!(address.trust(), Trust::PublicCa);
        assert_eq!(address.base_url(), "https://family.example:443");
    }

    #[test]
    fn everything_with_a_second_meaning_is_refused() {
        for text in [
            "",
            "host",
            "host:0",
            "host:65536",
            "host:+1",
            "host:01",
            "Host:1",
            "http://host:1",
            "host:1/path",
            "user@host:1",
            "1.2.3:1",
            "0x7f.1:1",
            "host.0x7f:1",
            "010.0.0.1:1",
            "[::ffff:1.2.3.4%eth0]:1",
            "[0:0::1]:1",
            "::1:1",
            "-host:1",
            "host-:1",
            "a..b:1",
            ".a:1",
            "a.:1",
            "ho st:1",
            "hóst:1",
        ] {
            assert_eq!(text.parse::<Address>(), Err(AddressError), "{text}");
        }
        assert!(format!("{}:1", "a.".repeat(200)).parse::<Address>().is_err());
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in "\\PC{0,60}", likely in "(https://)?[a-z0-9.\\[\\]:-]{0,30}:[0-9]{1,6}") {
            for text in [text, likely] {
                if let Ok(address) = text.parse::<Address>() {
                    prop_assert_eq!(address.to_string(), text);
                }
            }
        }
    }
}
