//! Reaching the home from other devices in the same network: switching it on and off, and where it is reached.
//!
//! Off by default. The listener has TLS by the home's own authority ([`authority`]), takes connections from private networks alone
//! ([`listener`]), and serves the routes of the window. What an unknown device may do is decided in `dispatch`, who is known in
//! `hearth-social`.

pub(crate) mod authority;
mod listener;

use crate::http::{self, App, Assets, DoorKind};
use crate::node::Node;
use authority::{Authority, is_private};
use hearth_api::access::{ACCESS_PORT, Access, CreateDeviceCode, DeviceCode, SetAccess};
use hearth_api::account::{AccountInvite, CreateAccountInvite};
use hearth_api::health::{HealthLevel, HealthPart};
use hearth_api::{ApiError, ApiResult, Code};
use hearth_db::{DbError, meta};
use hearth_social::Viewer;
use listener::Door;
use qrcode::QrCode;
use qrcode::render::svg;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Whether an admin wants it: `on`, or nothing.
const ON: &str = "access";
/// The port that an admin chose.
const PORT: &str = "access_port";
/// Most addresses shown.
const SHOWN: usize = 4;

/// What there is of it in a running home.
#[derive(Default)]
pub(crate) struct State {
    /// Held while it is switched, so that two do not switch at once.
    switching: tokio::sync::Mutex<()>,
    running: Mutex<Option<Running>>,
    problem: Mutex<Option<String>>,
}

struct Running {
    address: SocketAddr,
    stop: CancellationToken,
    tasks: TaskTracker,
}

pub(crate) fn failed(error: &dyn std::fmt::Display) -> ApiError {
    tracing::error!(error = %error, "Other devices cannot be served");
    ApiError::new(
        Code::Internal,
        "Other devices cannot be served; the log says why.",
    )
}

/// The addresses of this machine in private networks, the likeliest first.
fn own_addresses() -> Vec<IpAddr> {
    let mut found: Vec<IpAddr> = if_addrs::get_if_addrs()
        .unwrap_or_default()
        .iter()
        .map(if_addrs::Interface::ip)
        .filter(|ip| is_private(*ip))
        // A link-local address of IPv6 needs the name of an interface, which no link can carry.
        .filter(|ip| !matches!(ip, IpAddr::V6(ip) if ip.is_unicast_link_local()))
        .collect();
    let rank = |ip: &IpAddr| match ip {
        IpAddr::V4(v4) if v4.octets()[..2] == [192, 168] => 0,
        IpAddr::V4(v4) if v4.octets()[0] == 10 => 1,
        IpAddr::V4(v4) if v4.is_private() => 2,
        ip if ip.is_loopback() => 5,
        IpAddr::V4(_) => 3,
        IpAddr::V6(_) => 4,
    };
    found.sort_by_key(|ip| (rank(ip), *ip));
    found.dedup();
    found
}

impl Node {
    /// How other devices reach this home.
    pub(crate) async fn access(&self) -> ApiResult<Access> {
        let keys = Arc::clone(self.keys());
        let (on, port, fingerprint) = self
            .db()
            .read(move |tx| {
                Ok::<_, ApiError>((
                    meta::get(tx, ON)?.is_some(),
                    meta::get(tx, PORT)?,
                    Authority::open(&keys, tx)?.map(|authority| authority.fingerprint()),
                ))
            })
            .await?;
        let state = self.access_state();
        let running = self.access_address();
        let addresses = match running {
            None => Vec::new(),
            Some(at) => tokio::task::spawn_blocking(move || shown(at))
                .await
                .unwrap_or_default(),
        };
        Ok(Access {
            on,
            port: running.map_or_else(
                || port.and_then(|port| port.parse().ok()).unwrap_or(ACCESS_PORT),
                |at| at.port(),
            ),
            addresses,
            problem: state
                .problem
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
            fingerprint,
        })
    }

    /// How it is, as a part of the home's health: whether devices are served, where, and how long the certificate is good that they trust.
    pub(crate) async fn access_health(&self) -> ApiResult<HealthPart> {
        let keys = Arc::clone(self.keys());
        let now = self.clock().now();
        let certificate = self
            .db()
            .read(move |tx| Authority::open(&keys, tx))
            .await?
            .map(|authority| (authority.days_left(now), authority.runs_out(now)));
        let access = self.access().await?;
        let served = self.access_address();
        let state = match (&access.problem, served) {
            _ if !access.on => "off",
            (None, Some(_)) => "open",
            _ => "shut",
        };
        let level = match (state, certificate) {
            ("off", _) => HealthLevel::Ok,
            ("open", Some((_, true))) => HealthLevel::Waiting,
            ("open", _) => HealthLevel::Ok,
            _ => HealthLevel::Trouble,
        };
        let mut facts: BTreeMap<String, String> = BTreeMap::new();
        let mut fact = |name: &str, value: String| facts.insert(name.to_owned(), value);
        fact("state", state.to_owned());
        if access.on {
            fact("port", access.port.to_string());
            if let Some((days, _)) = certificate {
                fact("days", days.to_string());
            }
            if let Some(address) = served {
                fact("address", address.to_string());
            }
            if let Some(problem) = access.problem {
                fact("problem", problem);
            }
        }
        Ok(HealthPart {
            part: "access".to_owned(),
            level,
            facts,
        })
    }

    /// Where it is served now.
    fn access_address(&self) -> Option<SocketAddr> {
        let running = &self.access_state().running;
        let running = running.lock().unwrap_or_else(PoisonError::into_inner);
        running.as_ref().map(|running| running.address)
    }

    /// Switches it on or off, and says how it then is. When the port cannot be had, it is on with a problem that says so.
    pub(crate) async fn set_access(&self, req: SetAccess) -> ApiResult<Access> {
        if req.port.is_some_and(|port| port < 1024) {
            return Err(ApiError::invalid("port", "Choose a port from 1024 to 65535."));
        }
        let _one_at_a_time = self.access_state().switching.lock().await;
        self.db()
            .write(move |tx| {
                if let Some(port) = req.port {
                    meta::set(tx, PORT, &port.to_string())?;
                }
                if req.on {
                    meta::set(tx, ON, "on")?;
                } else {
                    meta::remove(tx, ON)?;
                }
                Ok::<_, DbError>(())
            })
            .await?;
        self.stop_access().await;
        self.set_access_problem(None);
        if req.on {
            self.begin_access().await?;
        }
        self.access().await
    }

    /// Begins to listen if an admin wanted it before.
    pub(crate) async fn resume_access(&self) -> ApiResult<()> {
        let _one_at_a_time = self.access_state().switching.lock().await;
        if self.db().read(|tx| meta::get(tx, ON)).await?.is_some() {
            self.begin_access().await?;
        }
        Ok(())
    }

    /// Begins to listen; why it does not is kept, to be told.
    async fn begin_access(&self) -> ApiResult<()> {
        let begun = self.try_begin_access().await;
        if let Err(error) = &begun {
            self.set_access_problem(Some(error.message.clone()));
        }
        begun
    }

    fn set_access_problem(&self, problem: Option<String>) {
        let kept = &self.access_state().problem;
        *kept.lock().unwrap_or_else(PoisonError::into_inner) = problem;
    }

    async fn try_begin_access(&self) -> ApiResult<()> {
        let port = self.db().read(|tx| meta::get(tx, PORT)).await?;
        let Some(mut at) = self.config().access_listen else {
            return Ok(());
        };
        if let Some(port) = port.and_then(|port| port.parse().ok()) {
            at.set_port(port);
        }
        let listener = TcpListener::bind(at).await;
        let listener = match listener {
            Ok(listener) => listener,
            Err(error) => {
                tracing::warn!(error = %error, port = at.port(), "Other devices cannot be served");
                self.set_access_problem(Some(format!(
                    "Port {} cannot be used ({error}). Choose another one.",
                    at.port()
                )));
                return Ok(());
            }
        };
        self.set_access_problem(None);
        let address = listener.local_addr().map_err(|error| failed(&error))?;
        let (keys, now) = (Arc::clone(self.keys()), self.clock().now());
        let authority = self
            .db()
            .write(move |tx| Authority::open_or_new(&keys, tx, now))
            .await?;
        let clock = Arc::clone(&self.config().clock);
        let (given, dir) = (self.config().window_files.clone(), self.config().ui_dir.clone());
        let made = tokio::task::spawn_blocking(move || {
            let addresses = own_addresses();
            Ok::<_, ApiError>((
                Door::new(authority, &addresses, None, clock)?,
                match given {
                    Some(files) => Assets::of(files()),
                    None => Assets::read_or_none(dir.as_deref()),
                },
            ))
        });
        let (door, assets): (Door, Assets) = made.await.map_err(|error| failed(&error))??;
        let app = App {
            node: self.clone(),
            assets: assets.into(),
            hosts: Vec::new().into(),
            door: DoorKind::Network,
        };
        let (stop, tasks) = (self.closed().child_token(), TaskTracker::new());
        let task = Arc::new(door).serve(listener, http::router(app), stop.clone());
        tasks.spawn(task);
        tasks.close();
        // The home waits for it when it closes.
        let waited = tasks.clone();
        self.spawn(async move { waited.wait().await });
        *self
            .access_state()
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(Running { address, stop, tasks });
        tracing::info!(%address, "Other devices are served");
        Ok(())
    }

    async fn stop_access(&self) {
        let running = self
            .access_state()
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(running) = running {
            running.stop.cancel();
            running.tasks.wait().await;
        }
    }

    /// Makes a code for one device, with the links that carry it.
    pub(crate) async fn device_code(&self, viewer: &Viewer, _req: CreateDeviceCode) -> ApiResult<DeviceCode> {
        let access = self.access().await?;
        if access.addresses.is_empty() {
            return Err(ApiError::wrong_state(
                "This home is not open to other devices. An admin can switch that on at the home's own computer.",
            ));
        }
        let (code, expires_at) = self.social().create_device_code(viewer).await?;
        let links: Vec<String> = access
            .addresses
            .iter()
            .map(|address| format!("{address}/device#{code}"))
            .collect();
        Ok(DeviceCode {
            qr_svg: picture(links.first().map(String::as_str).unwrap_or_default())?,
            links,
            expires_at,
        })
    }

    /// Makes an invite to an account, with the links that carry it to another device if the home is open to those.
    pub(crate) async fn account_invite(
        &self,
        viewer: &Viewer,
        req: CreateAccountInvite,
    ) -> ApiResult<AccountInvite> {
        let mut invite = self.social().create_account_invite(viewer, req).await?;
        let access = self.access().await?;
        invite.links = access
            .addresses
            .iter()
            .map(|address| format!("{address}/join/{}", invite.code))
            .collect();
        invite.qr_svg = invite.links.first().map(|link| picture(link)).transpose()?;
        Ok(invite)
    }

    /// The certificate that devices may trust, DER; none before it was made.
    pub(crate) async fn access_certificate(&self) -> ApiResult<Option<Vec<u8>>> {
        let keys = Arc::clone(self.keys());
        self.db()
            .read(move |tx| Ok(Authority::open(&keys, tx)?.map(|authority| authority.certificate().to_vec())))
            .await
    }
}

/// A link as a QR code, SVG.
fn picture(link: &str) -> ApiResult<String> {
    let code = QrCode::new(link).map_err(|error| failed(&error))?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(240, 240).build())
}

/// Where a listener is reached, as `https://…`.
fn shown(at: SocketAddr) -> Vec<String> {
    let mut all = if at.ip().is_unspecified() {
        own_addresses()
    } else {
        vec![at.ip()]
    };
    // Another device reaches none of these, unless there is nothing else (and then it says so plainly).
    if all.iter().any(|ip| !ip.is_loopback()) {
        all.retain(|ip| !ip.is_loopback());
    }
    all.truncate(SHOWN);
    all.into_iter()
        .map(|ip| format!("https://{}", SocketAddr::new(ip, at.port())))
        .collect()
}
