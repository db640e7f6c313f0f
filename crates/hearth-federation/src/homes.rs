//! Commands about paired homes: the list, words, names, addresses, blocking and removing; and what other nodes say of themselves.

use crate::activity::{Activity, SignedActivity};
use crate::address::{Address, Host, MAX_ADDRESSES, Trust};
use crate::keys::NodeId;
use crate::pairing_service::refused;
use crate::parting::disconnect;
use crate::problem::Code as WireCode;
use crate::service::Federation;
use crate::subscriptions::{self, SUB_CLOSE};
use hearth_api::homes::{Home, HomeAction, HomeState, Restored};
use hearth_api::people::{HomeRef, PersonCard};
use hearth_api::{ApiError, ApiResult, Event, HomeId};
use hearth_db::home::{HomeRow, HomeRowState};
use hearth_db::{DbError, ReadTx, WriteTx, event, home, meta, peer, peer_log, person, reconcile};
use std::net::IpAddr;
use uuid::Uuid;

/// For how long it is told that only one home said something of this one.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const ADDRESSES: &str = "addresses";
/// What connected homes were told last.
const ANNOUNCED: &str = "announced";
/// The kind of the activity by which a home ends a connection.
pub(crate) const NODE_REMOVE: &str = "node.remove";
/// The kind of the activity by which a home tells its name, addresses and version.
pub(crate) const NODE_UPDATE: &str = "node.update";

impl Federation {
    /// Paired homes, by name; removed ones are left out.
    ///
    /// # Errors
    /// A storage error.
    pub async fn list_homes(&self) -> ApiResult<Vec<Home>> {
        let homes: ApiResult<Vec<Home>> = self
            .db()
            .read(|tx| {
                let states = [
                    HomeRowState::Pending,
                    HomeRowState::Connected,
                    HomeRowState::Blocked,
                ];
                let rows = home::list(tx, &states)?;
                rows.into_iter()
                    .map(|row| shown(tx, row))
                    .collect::<Result<Vec<_>, DbError>>()
            })
            .await
            .map_err(ApiError::from);
        Ok(homes?
            .into_iter()
            .map(|home| self.with_signs_of_life(home))
            .collect())
    }

    /// With the last sign of life, which is written down seldom, and whether it fetches.
    fn with_signs_of_life(&self, mut home: Home) -> Home {
        let signal = self.signals().peer(&home.id);
        home.last_contact = home.last_contact.max(signal.way.heard_at());
        if let Some(restored) = &mut home.restored {
            restored.alone &= (0..DAY_MS).contains(&self.now().ms_since(restored.since));
        }
        // Who just said that the two are not connected does not come for anything either.
        home.fetches = home.state == HomeState::Connected
            && !home.reachable
            && !home.shuts_out()
            && signal.way.fetches(self.now());
        home
    }

    /// One paired home.
    ///
    /// # Errors
    /// A storage error.
    pub async fn get_home(&self, id: &HomeId) -> ApiResult<Option<Home>> {
        let id = id.clone();
        self.db()
            .read(move |tx| home::get(tx, &id)?.map(|row| shown(tx, row)).transpose())
            .await
            .map(|home: Option<Home>| home.map(|home| self.with_signs_of_life(home)))
            .map_err(|error: DbError| error.into())
    }

    /// Whether the safety words are the same on both sides. If not, the connection ends at once, and the other side is told so, which may
    /// still be comparing.
    ///
    /// # Errors
    /// `not_found`; a storage error.
    pub async fn confirm_words(&self, id: &HomeId, same: bool) -> ApiResult<()> {
        if !same {
            return self.end_by_words(id).await;
        }
        let now = self.now();
        let id = id.clone();
        self.db()
            .write(move |tx| {
                connected(tx, &id)?;
                peer::clear_words(tx, &id)?;
                Ok(event::append(
                    tx,
                    None,
                    now,
                    &Event::HomesChanged { home: Some(id) },
                )?)
            })
            .await
    }

    /// Gives a home a nickname; an empty one takes it away.
    ///
    /// # Errors
    /// `invalid_nickname`, `not_found`; a storage error.
    pub async fn set_nickname(&self, id: &HomeId, nickname: &str) -> ApiResult<()> {
        let nickname = nickname.trim().to_owned();
        if nickname.chars().count() > 80 || nickname.chars().any(char::is_control) {
            return Err(ApiError::invalid(
                "nickname",
                "A nickname has up to 80 characters.",
            ));
        }
        let now = self.now();
        let id = id.clone();
        self.db()
            .write(move |tx| {
                let mut row = paired(tx, &id)?;
                row.nickname = nickname;
                home::put(tx, &row)?;
                Ok(event::append(
                    tx,
                    None,
                    now,
                    &Event::HomesChanged { home: Some(id) },
                )?)
            })
            .await
    }

    /// Blocks, unblocks or removes a home.
    ///
    /// # Errors
    /// `not_found`, `wrong_state`; a storage error.
    pub async fn change_home(&self, id: &HomeId, action: HomeAction) -> ApiResult<()> {
        match action {
            HomeAction::Remove => return self.end_connection(id, false).await,
            HomeAction::RemoveKeeping => return self.end_connection(id, true).await,
            HomeAction::Block | HomeAction::Unblock => {}
        }
        let now = self.now();
        let (stored, apply) = (id.clone(), self.apply().clone());
        self.db()
            .write(move |tx| {
                let row = paired(tx, &stored)?;
                match (action, row.state) {
                    (HomeAction::Block, HomeRowState::Connected) => {
                        home::set_state(tx, &stored, HomeRowState::Blocked)?;
                    }
                    (HomeAction::Unblock, HomeRowState::Blocked) => {
                        home::set_state(tx, &stored, HomeRowState::Connected)?;
                        // What was written for its people meanwhile goes there now.
                        apply.connected(tx, &stored, now)?;
                    }
                    _ => return Err(ApiError::wrong_state("The home is in that state already.")),
                }
                Ok(event::append(
                    tx,
                    None,
                    now,
                    &Event::HomesChanged { home: Some(stored) },
                )?)
            })
            .await?;
        self.polls().end(id);
        self.signals().peer(id).way.ended();
        self.wake(Some(id));
        Ok(())
    }

    /// Applies what another node says of itself: that it ends the connection, or its new name, addresses and version.
    ///
    /// # Errors
    /// A storage error.
    pub(crate) fn apply_node_activity(
        &self,
        tx: &mut WriteTx<'_>,
        from: &HomeId,
        activity: &SignedActivity,
    ) -> ApiResult<crate::apply::Verdict> {
        use crate::apply::Verdict;
        let now = self.now();
        let inner = activity.activity();
        if HomeId::from(&inner.home) != *from {
            return Ok(Verdict::Refused(hearth_api::Code::NotAuthorised));
        }
        match inner.kind.as_str() {
            NODE_REMOVE => {
                disconnect(tx, from)?;
                self.apply()
                    .disconnected(tx, from, crate::parting::why(inner), now)?;
            }
            SUB_CLOSE => {
                let verdict = self.apply_sub_close(tx, from, inner, now)?;
                if verdict != Verdict::Applied {
                    return Ok(verdict);
                }
            }
            NODE_UPDATE => {
                let Some(mut row) = home::get(tx, from)? else {
                    return Ok(Verdict::Duplicate);
                };
                let text = |name: &str| inner.object.get(name).and_then(serde_json::Value::as_str);
                if let Some(name) = text("name").filter(|n| crate::identity::is_shown_safely(n)) {
                    name.clone_into(&mut row.name);
                    home::put(tx, &row)?;
                }
                if let Some(mut known) = peer::get(tx, from)? {
                    if let Some(version) = text("version").filter(|v| v.len() <= 40 && v.is_ascii()) {
                        version.clone_into(&mut known.version);
                    }
                    let told = inner
                        .object
                        .get("addresses")
                        .and_then(serde_json::Value::as_array);
                    let told: Vec<String> = told
                        .into_iter()
                        .flatten()
                        .filter_map(|a| a.as_str()?.parse::<Address>().ok())
                        .map(|a| a.to_string())
                        .take(MAX_ADDRESSES)
                        .collect();
                    if !told.is_empty() && known.addresses != told {
                        known.addresses = told;
                        // The next call goes there, and not on a connection to where it was.
                        self.transport().forget(Some(&inner.home));
                    }
                    peer::put(tx, &known)?;
                }
            }
            _ => return Ok(Verdict::Refused(hearth_api::Code::UnsupportedType)),
        }
        event::append(
            tx,
            None,
            now,
            &Event::HomesChanged {
                home: Some(from.clone()),
            },
        )?;
        Ok(Verdict::Applied)
    }

    /// Tells all connected homes this home's name, addresses and version, if they changed since they were told last.
    ///
    /// # Errors
    /// A storage error.
    pub async fn announce(&self) -> ApiResult<()> {
        self.tell(None).await
    }

    /// As [`Federation::announce`], unless this machine is in no network now: what was told is what may be true again when it is. For
    /// whoever looks now and then whether the machine has moved.
    ///
    /// # Errors
    /// A storage error.
    pub async fn announce_if_moved(&self) -> ApiResult<()> {
        let found = self.invite_addresses().await?;
        if self
            .signals()
            .has_moved(found.iter().map(ToString::to_string).collect())
        {
            self.transport().forget(None);
            // Whatever could not be reached from where this home was before.
            self.wake(None);
        }
        let is_here = |address: &Address| match address.host() {
            Host::V4(ip) => ip.is_loopback(),
            Host::V6(ip) => ip.is_loopback(),
            Host::Name(_) => false,
        };
        if found.iter().all(is_here) {
            return Ok(());
        }
        self.announce().await
    }

    /// Tells one home this home's name, addresses and version: also a sign of life, on which it sends what waits there.
    pub(crate) async fn greet(&self, home: &HomeId) -> ApiResult<()> {
        self.tell(Some(home.clone())).await
    }

    async fn tell(&self, only: Option<HomeId>) -> ApiResult<()> {
        let now = self.now();
        let addresses: Vec<String> = self
            .invite_addresses()
            .await?
            .iter()
            .map(ToString::to_string)
            .collect();
        let (activity_id, key) = (self.ids().uuid(), self.node_key().clone());
        let version = self.program_version().to_owned();
        self.db()
            .write(move |tx| {
                let Some(own) = home::own(tx)? else { return Ok(()) };
                let object =
                    serde_json::json!({ "name": own.name, "addresses": addresses, "version": version });
                let told = object.to_string();
                let to_all = only.is_none();
                let peers: Vec<HomeId> = match only {
                    Some(home) => vec![home],
                    None if meta::get(tx, ANNOUNCED)?.as_deref() == Some(told.as_str()) => Vec::new(),
                    None => peer::list_connected(tx)?.into_iter().map(|p| p.home).collect(),
                };
                if to_all {
                    meta::set(tx, ANNOUNCED, &told)?;
                }
                if peers.is_empty() {
                    return Ok(());
                }
                let at = crate::log::stamp(tx, &key.id(), now)?;
                let activity = Activity::new(activity_id, NODE_UPDATE, Uuid::nil(), key.id(), at, object);
                let signed = SignedActivity::by_node(activity, &key)
                    .map_err(|_unsigned| refused(WireCode::Internal))?;
                Ok::<_, ApiError>(crate::log::append(tx, &peers, &signed, None, now)?)
            })
            .await
    }

    /// Where other homes can reach this one, as set by an admin; empty for "found by itself".
    ///
    /// # Errors
    /// A storage error.
    pub async fn addresses(&self) -> ApiResult<Vec<String>> {
        Ok(self
            .invite_addresses()
            .await?
            .iter()
            .map(ToString::to_string)
            .collect())
    }

    /// Sets where other homes can reach this one, and tells them.
    ///
    /// # Errors
    /// `invalid_addresses`; a storage error.
    pub async fn set_addresses(&self, addresses: &[String]) -> ApiResult<()> {
        let parsed: Result<Vec<Address>, _> = addresses.iter().map(|a| a.trim().parse::<Address>()).collect();
        let Ok(parsed) = parsed else {
            return Err(ApiError::invalid(
                "addresses",
                "An address looks like home.example:7346 or 192.168.1.5:7346.",
            ));
        };
        if parsed.len() > MAX_ADDRESSES {
            return Err(ApiError::invalid("addresses", "At most 8 addresses can be set."));
        }
        let text = serde_json::to_string(&parsed.iter().map(ToString::to_string).collect::<Vec<_>>())
            .map_err(|_unwritable| refused(WireCode::Internal))?;
        self.db().write(move |tx| meta::set(tx, ADDRESSES, &text)).await?;
        self.announce().await
    }

    /// The addresses for invites: those that were set, else those of this machine with the port listened on.
    pub(crate) async fn invite_addresses(&self) -> ApiResult<Vec<Address>> {
        let set = self.db().read(|tx| meta::get(tx, ADDRESSES)).await?;
        let set: Vec<String> = set
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        let set: Vec<Address> = set.iter().filter_map(|a| a.parse().ok()).collect();
        if !set.is_empty() {
            return Ok(set);
        }
        let Some(listening) = self.listening() else {
            return Ok(Vec::new());
        };
        let of = |ip: IpAddr| {
            let host = match ip {
                IpAddr::V4(ip) => Host::V4(ip),
                IpAddr::V6(ip) => Host::V6(ip),
            };
            Address::new(host, listening.port(), Trust::Pinned).ok()
        };
        if !listening.ip().is_unspecified() {
            return Ok(of(listening.ip()).into_iter().collect());
        }
        let interfaces = tokio::task::spawn_blocking(if_addrs::get_if_addrs).await;
        let mut found: Vec<IpAddr> = match interfaces {
            Ok(Ok(interfaces)) => interfaces
                .iter()
                .map(if_addrs::Interface::ip)
                .filter(reachable)
                .collect(),
            _ => Vec::new(),
        };
        found.sort_by_key(|ip| (ip.is_ipv6(), *ip));
        found.dedup();
        found.truncate(4);
        if found.is_empty() {
            found.push(IpAddr::from([127, 0, 0, 1]));
        }
        Ok(found.into_iter().filter_map(of).collect())
    }
}

/// Whether another home could reach this address of an interface.
fn reachable(ip: &IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !ip.is_loopback() && !ip.is_link_local(),
        IpAddr::V6(ip) => !ip.is_loopback() && !ip.is_unicast_link_local(),
    }
}

/// A home that is connected, or blocked here.
pub(crate) fn paired(tx: &ReadTx<'_>, id: &HomeId) -> ApiResult<HomeRow> {
    let states = [HomeRowState::Connected, HomeRowState::Blocked];
    home::get(tx, id)?
        .filter(|row| states.contains(&row.state))
        .ok_or_else(ApiError::not_found)
}

fn connected(tx: &ReadTx<'_>, id: &HomeId) -> ApiResult<HomeRow> {
    home::get(tx, id)?
        .filter(|row| row.state == HomeRowState::Connected)
        .ok_or_else(ApiError::not_found)
}

/// A home as clients see it; the contact's picture is added by whoever knows the viewer.
fn shown(tx: &ReadTx<'_>, row: HomeRow) -> Result<Home, DbError> {
    let known = peer::get(tx, &row.id)?;
    let home_ref: HomeRef = row.to_ref();
    let contact = match known.as_ref().and_then(|p| p.contact) {
        None => None,
        Some(id) => person::get(tx, id)?.map(|p| PersonCard {
            id: p.id,
            name: p.name,
            home: home_ref.clone(),
            picture: None,
        }),
    };
    let state = match row.state {
        HomeRowState::Pending => HomeState::Pending,
        HomeRowState::Blocked => HomeState::Blocked,
        HomeRowState::Removed | HomeRowState::Heard => HomeState::Removed,
        HomeRowState::Connected | HomeRowState::Own => HomeState::Connected,
    };
    let known = known.as_ref();
    let mending = match reconcile::get(tx, &row.id)? {
        Some(mending) => {
            let alone = crate::reconcile::is_said_alone(tx, &mending)?;
            Some((mending, alone))
        }
        None => None,
    };
    Ok(Home {
        id_shown: row
            .id
            .as_str()
            .parse::<NodeId>()
            .map(|id| id.grouped())
            .unwrap_or_default(),
        waiting: peer_log::waiting(tx, &row.id)?,
        refused: peer_log::refused(tx, &row.id)?,
        name: row.name,
        nickname: row.nickname,
        state,
        connected_at: known.map(|p| p.connected_at),
        words: known.and_then(|p| p.words.clone()),
        contact,
        addresses: known.map(|p| p.addresses.clone()).unwrap_or_default(),
        version: known.map(|p| p.version.clone()).unwrap_or_default(),
        last_contact: known.and_then(|p| p.last_contact),
        reachable: known.is_some_and(|p| p.failures == 0),
        fetches: false,
        clock_difference_ms: known.map_or(0, |p| p.clock_offset_ms),
        last_error: known.and_then(|p| p.last_error.clone()),
        next_try: known.and_then(|p| p.next_try),
        scope: subscriptions::covers(tx, &row.id, &home_ref)?,
        restored: mending.map(|(mending, alone)| Restored {
            here: mending.restored == reconcile::Restored::Here,
            alone,
            since: mending.begun_at,
            done: mending.phase == reconcile::Phase::Done,
            fetched: mending.fetched,
            aside: mending.aside,
            given_up: mending.given_up,
        }),
        cloned: reconcile::life(tx, &row.id)?.is_some_and(|life| life.cloned_at.is_some()),
        id: row.id,
    })
}
