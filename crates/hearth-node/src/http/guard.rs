//! What every request must pass before anything reads it.

use super::rpc::problem;
use super::{App, DoorKind, Local};
use crate::access::authority::is_private;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderValue, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use hearth_api::{ApiError, Code};
use std::net::{IpAddr, SocketAddr};

/// The policy of every page: nothing but this home, no inline code; WebAssembly may compile.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(super) async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0);
    let local = request.extensions().get::<Local>().map(|local| local.0);
    if let Err(why) = admit(&app, request.method(), request.headers(), peer, local) {
        tracing::info!(why, "Refused a request to the window's listener");
        return problem(&ApiError::new(Code::Forbidden, why));
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // Files bring a stricter one of their own.
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        "cross-origin-opener-policy",
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("same-origin"),
    );
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

fn admit(
    app: &App,
    method: &Method,
    headers: &HeaderMap,
    peer: Option<SocketAddr>,
    local: Option<SocketAddr>,
) -> Result<(), &'static str> {
    let schemes: &[&str] = match app.door {
        DoorKind::Control => return Ok(()),
        DoorKind::Machine => &["http://", "https://"],
        DoorKind::Network => &["https://"],
    };
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts
        .next()
        .and_then(|v| v.to_str().ok())
        .filter(|_| hosts.next().is_none())
        .ok_or("A Host header is needed.")?;
    if app.door == DoorKind::Network {
        if !peer.is_some_and(|p| is_private(p.ip())) {
            return Err("Only from the home's own network.");
        }
        if !local.is_some_and(|local| names_exactly(host, local)) {
            return Err("This host name does not belong to this home.");
        }
    } else {
        if !peer.is_some_and(|p| p.ip().to_canonical().is_loopback()) {
            return Err("Only from this machine.");
        }
        if !host_allowed(host, &app.hosts) {
            return Err("This host name does not belong to this home.");
        }
    }
    if let Some(origin) = headers.get(ORIGIN) {
        let same = origin
            .to_str()
            .ok()
            .and_then(|o| schemes.iter().find_map(|scheme| o.strip_prefix(scheme)))
            .is_some_and(|o| o.eq_ignore_ascii_case(host));
        if !same {
            return Err("Requests from other sites are refused.");
        }
    }
    if let Some(site) = headers.get("sec-fetch-site").and_then(|v| v.to_str().ok())
        && !matches!(site, "same-origin" | "none")
        && !(method == Method::GET && headers.get("sec-fetch-mode").is_some_and(|m| m == "navigate"))
    {
        return Err("Requests from other sites are refused.");
    }
    if method != Method::GET && method != Method::HEAD && headers.get("x-hearth").is_none_or(|v| v != "1") {
        return Err("The header X-Hearth is needed.");
    }
    Ok(())
}

/// Whether a `Host` header names this machine's loopback or one of the allowed names.
fn host_allowed(host: &str, allowed: &[String]) -> bool {
    is_loopback_name(host)
        || name_of(host).is_some_and(|name| allowed.iter().any(|a| a.eq_ignore_ascii_case(name)))
}

/// Whether a `Host` header is the very address that was called, as figures. A name that somebody else's server resolves to this
/// home (DNS rebinding) is none.
fn names_exactly(host: &str, local: SocketAddr) -> bool {
    let port = match host.parse::<SocketAddr>() {
        Ok(address) => return same(address, local),
        Err(_no_port) => 443,
    };
    let bare = host
        .strip_prefix('[')
        .and_then(|h| h.strip_suffix(']'))
        .unwrap_or(host);
    bare.parse::<IpAddr>()
        .is_ok_and(|ip| same(SocketAddr::new(ip, port), local))
}

fn same(a: SocketAddr, b: SocketAddr) -> bool {
    a.ip().to_canonical() == b.ip().to_canonical() && a.port() == b.port()
}

/// Whether a `Host` header names this machine's loopback.
pub(super) fn is_loopback_name(host: &str) -> bool {
    name_of(host).is_some_and(|name| {
        name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    })
}

/// The name in a `Host` header, without brackets and port; none if it is not of that form.
fn name_of(host: &str) -> Option<&str> {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let (name, rest) = rest.split_once(']')?;
            (
                name,
                if rest.is_empty() {
                    None
                } else {
                    Some(rest.strip_prefix(':')?)
                },
            )
        }
        None => host
            .split_once(':')
            .map_or((host, None), |(name, port)| (name, Some(port))),
    };
    port.is_none_or(|port| port.parse::<u16>().is_ok())
        .then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_the_network_only_the_address_itself_passes() {
        let local: SocketAddr = "192.168.1.5:7347".parse().unwrap();
        assert!(names_exactly("192.168.1.5:7347", local));
        assert!(names_exactly(
            "192.168.1.5:7347",
            "[::ffff:192.168.1.5]:7347".parse().unwrap()
        ));
        assert!(names_exactly("[fd00::7]:7347", "[fd00::7]:7347".parse().unwrap()));
        assert!(names_exactly("192.168.1.5", "192.168.1.5:443".parse().unwrap()));
        for bad in [
            "localhost:7347",
            "127.0.0.1:7347",
            "192.168.1.5",
            "192.168.1.5:7346",
            "192.168.1.6:7347",
            "evil.example:7347",
            "hearth.local:7347",
            "192.168.1.5:7347.evil.example",
            "192.168.1.5:7347@evil.example",
            "",
            "[192.168.1.5]:7347",
        ] {
            assert!(!names_exactly(bad, local), "{bad} is not the address");
        }
    }

    #[test]
    fn only_loopback_and_named_hosts_pass() {
        let allowed = vec!["hearth.example".to_owned()];
        for good in [
            "localhost:7345",
            "127.0.0.1:1",
            "[::1]:7345",
            "LOCALHOST",
            "hearth.example",
            "Hearth.example:443",
        ] {
            assert!(host_allowed(good, &allowed), "{good} is this home");
        }
        for bad in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "10.0.0.1:7345",
            "127.0.0.1:7345.evil.example",
            "[::1]evil.example",
            "",
            "[::2]",
        ] {
            assert!(!host_allowed(bad, &allowed), "{bad} is not this home");
        }
    }
}
