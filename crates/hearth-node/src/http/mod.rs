//! The window's listener: the same commands, events and files for browsers on this machine, and for the control socket.
//!
//! It shares no route with the federation listener. Every request is checked for its peer, `Host` and `Origin` first
//! (a web page elsewhere must not reach it through a rebound name), changes need a header that a foreign form cannot set,
//! and the session is an `HttpOnly; SameSite=Strict` cookie.

mod assets;
mod guard;
mod rpc;
mod stream;

pub(crate) use assets::Assets;

use crate::caller::{Caller, Door, SessionToken};
use crate::node::Node;
use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE, HOST, USER_AGENT};
use axum::http::request::Parts;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post, put};
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Largest JSON request.
const MAX_REQUEST: usize = 2 * 1024 * 1024;
/// Largest chunk of an upload.
const MAX_CHUNK: usize = 8 * 1024 * 1024;

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) node: Node,
    pub(crate) assets: Arc<Assets>,
    pub(crate) hosts: Arc<Vec<String>>,
    /// How requests come in.
    pub(crate) door: DoorKind,
}

/// How requests come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DoorKind {
    /// Over the control socket, from the machine's administrator.
    Control,
    /// From browsers on this machine, or a proxy on it.
    Machine,
    /// From other devices in the network, over TLS.
    Network,
}

/// The address at which a connection reached this machine, as [`ConnectInfo`] has the other end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Local(pub(crate) SocketAddr);

/// The routes of the window.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route(
            "/rpc/{command}",
            post(rpc::call).layer(DefaultBodyLimit::max(MAX_REQUEST)),
        )
        .route(
            "/upload/{id}",
            put(stream::upload).layer(DefaultBodyLimit::max(MAX_CHUNK)),
        )
        .route("/events", get(stream::events))
        .route("/media/{hash}/{variant}", get(stream::media))
        .route("/backups/{name}", get(stream::backup))
        // Not `/health`: that is a place in the window.
        .route("/alive", get(rpc::alive))
        .route("/hearth-home.crt", get(rpc::certificate))
        .fallback(get(assets::serve))
        .layer(from_fn_with_state(app.clone(), guard::check))
        .with_state(app)
}

/// The address a request came from; none over the control socket.
pub(crate) struct Peer(Option<SocketAddr>);

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let info = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        std::future::ready(Ok(Self(info.map(|info| info.0)))).await
    }
}

/// The cookie's name: homes on one machine share a host name, and cookies know no ports.
fn cookie_name(app: &App) -> String {
    let id = app.node.home_id().as_str();
    format!("hearth_{}", id.get(..12).unwrap_or(id))
}

/// The cookie by which a device in the network is known.
fn device_cookie_name(app: &App) -> String {
    format!("{}_device", cookie_name(app))
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then(|| value.to_owned()))
}

/// Who sends this request.
fn caller(app: &App, headers: &HeaderMap, peer: Option<SocketAddr>) -> Caller {
    if app.door == DoorKind::Control {
        return Caller::control();
    }
    let from_cookie = cookie(headers, &cookie_name(app));
    let bearer = headers
        .get(AUTHORIZATION)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.strip_prefix("Bearer "));
    let device = headers
        .get(USER_AGENT)
        .and_then(|v| v.to_str().ok())
        .map_or("A browser", device_name);
    if app.door == DoorKind::Network {
        let token = cookie(headers, &device_cookie_name(app)).map(SessionToken::new);
        return Caller {
            // No other way than the cookie: it cannot be read by a script.
            token: from_cookie.map(SessionToken::new),
            door: Door::Network { token },
            device: device.to_owned(),
            address: peer
                .map(|p| p.ip().to_canonical().to_string())
                .unwrap_or_default(),
            ..Caller::default()
        };
    }
    let here = comes_from_here(headers, peer);
    Caller {
        token: from_cookie.or(bearer.map(str::to_owned)).map(SessionToken::new),
        control: false,
        door: Door::Home,
        this_machine: here,
        device: device.to_owned(),
        address: address(headers, peer, here)
            .map(|ip| ip.to_string())
            .unwrap_or_default(),
    }
}

/// Whether a request comes from this machine itself: not by a proxy, whether that says so or uses a name of its own.
fn comes_from_here(headers: &HeaderMap, peer: Option<SocketAddr>) -> bool {
    let proxied = headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
    let named_here = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .is_some_and(guard::is_loopback_name);
    !proxied && named_here && peer.is_some_and(|p| p.ip().to_canonical().is_loopback())
}

/// Where a request comes from. Of a proxy on this machine its own word counts, which is the last of the header: those
/// before it may have been written by anybody.
fn address(headers: &HeaderMap, peer: Option<SocketAddr>, here: bool) -> Option<IpAddr> {
    let peer = peer?.ip().to_canonical();
    let told = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .next_back()
        .and_then(|value| value.rsplit(',').next()?.trim().parse::<IpAddr>().ok())
        .filter(|_| !here && peer.is_loopback());
    Some(told.map_or(peer, |ip| ip.to_canonical()))
}

/// A browser's name for the list of sessions; the full header tells too much and reads badly.
fn device_name(agent: &str) -> &'static str {
    let known = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrom", "Chrome"),
        ("Safari/", "Safari"),
    ];
    known
        .iter()
        .find(|(mark, _)| agent.contains(mark))
        .map_or("A browser", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(host: &str, forwarded: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_proxy_is_not_this_machine_whether_it_says_so_or_not() {
        let loopback = Some("127.0.0.1:5000".parse().unwrap());
        assert!(comes_from_here(&headers("localhost:7345", &[]), loopback));
        assert!(comes_from_here(&headers("127.0.0.1:7345", &[]), loopback));
        assert!(!comes_from_here(&headers("hearth.example", &[]), loopback));
        assert!(!comes_from_here(
            &headers("localhost:7345", &["192.0.2.7"]),
            loopback
        ));
        assert!(!comes_from_here(&headers("localhost:7345", &[]), None));
    }

    #[test]
    fn behind_a_proxy_the_last_word_of_its_header_says_who_asks() {
        let loopback = Some("127.0.0.1:5000".parse().unwrap());
        let told = |forwarded: &[&str]| {
            let address = address(&headers("hearth.example", forwarded), loopback, false);
            address.unwrap().to_string()
        };
        assert_eq!(told(&["192.0.2.7"]), "192.0.2.7");
        assert_eq!(told(&["203.0.113.1, 192.0.2.7"]), "192.0.2.7");
        assert_eq!(told(&["203.0.113.1", "192.0.2.7"]), "192.0.2.7");
        assert_eq!(told(&["::ffff:192.0.2.7"]), "192.0.2.7");
        assert_eq!(told(&["somebody"]), "127.0.0.1");
        assert_eq!(told(&[]), "127.0.0.1");
    }
}
