//! The one place that opens a connection to another home.
//!
//! An address comes from an invite or from the other home itself, so a stranger chose it. The address that is dialled is
//! judged, after a name was looked up and not before, so that a name cannot say one thing to a check and another to the
//! connection. What a home never is, is not called: no multicast or broadcast, no unspecified address, no link-local one
//! (it would need an interface, and the metadata services of clouds live there), and a *name* does not lead to this
//! machine itself unless it is `localhost`: two homes on one machine name 127.0.0.1.
//!
//! Private addresses are fine: a family's homes may well share a network. Nothing but a TLS greeting is sent before the
//! other side has proved its key.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::{TcpStream, lookup_host};

use super::TransportError;
use crate::address::{Address, Host};

/// Amazon's and others' metadata service on IPv6, which is a unique local address and not a link-local one.
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254);
/// The most addresses of one name that are tried.
const MAX_TRIED: usize = 8;

/// Connects to an address of another home.
///
/// # Errors
/// [`TransportError::Unreachable`] when the name is unknown or nobody listens there, [`TransportError::Forbidden`] when
/// every address that the name leads to is one that no home has.
pub(super) async fn dial(address: &Address) -> Result<TcpStream, TransportError> {
    let port = address.port();
    let (found, named): (Vec<SocketAddr>, bool) = match address.host() {
        Host::V4(ip) => (vec![(*ip, port).into()], false),
        Host::V6(ip) => (vec![(*ip, port).into()], false),
        Host::Name(name) => (
            lookup_host((name.as_str(), port))
                .await
                .map_err(TransportError::Unreachable)?
                .take(MAX_TRIED)
                .collect(),
            name.as_str() != "localhost",
        ),
    };
    let mut failed = None;
    let mut forbidden = false;
    for address in found {
        if !may_be_called(address.ip(), named) {
            forbidden = true;
            continue;
        }
        match connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => failed = Some(error),
        }
    }
    Err(match failed {
        Some(error) => TransportError::Unreachable(error),
        None if forbidden => TransportError::Forbidden,
        None => TransportError::Unreachable(io::ErrorKind::NotFound.into()),
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the address was judged: this is the guarded place"
)]
async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(address).await
}

/// Whether a home may be at this address; `named` when a name led here.
fn may_be_called(ip: IpAddr, named: bool) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            !(ip.is_unspecified()
                || ip.is_multicast()
                || ip.is_link_local()
                || ip == Ipv4Addr::BROADCAST
                || named && ip.is_loopback())
        }
        IpAddr::V6(ip) => {
            !(ip.is_unspecified()
                || ip.is_multicast()
                || ip.is_unicast_link_local()
                || ip == METADATA_V6
                || named && ip.is_loopback())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(ip: &str, named: bool) -> bool {
        may_be_called(ip.parse().unwrap(), named)
    }

    #[test]
    fn homes_are_called_on_the_internet_at_home_and_on_this_machine() {
        for ip in [
            "93.184.216.34",
            "192.168.1.20",
            "10.0.0.7",
            "2001:db8::7",
            "fd12::7",
        ] {
            assert!(may(ip, true) && may(ip, false), "{ip}");
        }
        assert!(may("127.0.0.1", false) && may("::1", false));
    }

    #[test]
    fn no_home_is_where_no_home_can_be() {
        for ip in [
            "0.0.0.0",
            "::",
            "224.0.0.1",
            "ff02::1",
            "255.255.255.255",
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "fe80::1",
            "fd00:ec2::254",
        ] {
            assert!(!may(ip, true) && !may(ip, false), "{ip}");
        }
    }

    #[test]
    fn a_name_does_not_lead_to_this_machine() {
        assert!(!may("127.0.0.1", true) && !may("::1", true) && !may("::ffff:127.0.0.1", true));
    }

    #[tokio::test]
    async fn a_forbidden_address_is_not_tried() {
        for address in ["169.254.169.254:80", "0.0.0.0:7346"] {
            let error = dial(&address.parse().unwrap()).await.unwrap_err();
            assert!(matches!(error, TransportError::Forbidden), "{address}: {error}");
            assert!(!error.may_have_arrived());
        }
    }
}
