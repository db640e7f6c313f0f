//! Invites: made, listed, withdrawn, and read without sending anything.

use super::said::{internal, read_invite};
use crate::invite::{Invite, InviteToken, Scope};
use crate::service::Federation;
use crate::subscriptions::{self, scope_of, subject_of};
use hearth_api::homes::{CreateHomeInvite, HomeInvite, HomeInviteInfo, InvitePreview, InviteScope};
use hearth_api::{ApiError, ApiResult, Event, HomeId, InviteId, PersonId};
use hearth_db::home::HomeRowState;
use hearth_db::home_invite::HomeInviteRow;
use hearth_db::{event, home, home_invite};

/// Minutes an invite holds unless told otherwise.
const DEFAULT_MINUTES: u32 = 48 * 60;
/// Shortest and longest.
const MINUTES: std::ops::RangeInclusive<u32> = 15..=7 * 24 * 60;

/// The name under which an invite's token is sealed.
pub(crate) fn invite_secret(id: InviteId) -> String {
    format!("invite:{id}")
}

impl Federation {
    /// Makes an invite to pair with this home, or with the person who makes it alone.
    ///
    /// # Errors
    /// `invalid_minutes`, `invalid_scope`; a storage error.
    pub async fn create_invite(&self, person: PersonId, request: CreateHomeInvite) -> ApiResult<HomeInvite> {
        let scope = match request.scope {
            InviteScope::Full => Scope::Full,
            InviteScope::Person => Scope::Person(person.0),
            InviteScope::Group | InviteScope::Page | InviteScope::Event => {
                return Err(ApiError::invalid(
                    "scope",
                    "An invite is for a whole home or for one person.",
                ));
            }
        };
        let minutes = request.minutes.unwrap_or(DEFAULT_MINUTES);
        if !MINUTES.contains(&minutes) {
            return Err(ApiError::invalid(
                "minutes",
                "An invite holds between 15 minutes and 7 days.",
            ));
        }
        let now = self.now();
        let expires_s = now.plus_secs(i64::from(minutes) * 60).0.div_euclid(1000);
        let addresses = self.invite_addresses().await?;
        if addresses.is_empty() {
            return Err(ApiError::invalid(
                "addresses",
                "No address is known at which others could reach this home. Start it (“hearth serve”, or the app), or name an \
                 address on the health page; then make the invite.",
            ));
        }
        let token = InviteToken::generate(&mut self.keys().rng());
        let invite = Invite {
            node: *self.node_id(),
            addresses,
            token: token.clone(),
            expires_s: u32::try_from(expires_s).unwrap_or(u32::MAX),
            scope,
        };
        let link = invite
            .to_link()
            .map_err(|e| internal("Writing an invite failed", &e))?;
        let qr_text = invite
            .to_qr_text()
            .map_err(|e| internal("Writing an invite failed", &e))?;
        let code = qrcode::QrCode::new(qr_text).map_err(|e| internal("Drawing a QR code failed", &e))?;
        let qr_svg = code
            .render::<qrcode::render::svg::Color<'_>>()
            .min_dimensions(240, 240)
            .build();
        let row = HomeInviteRow {
            id: InviteId::from(self.ids().uuid()),
            public_id: token.invite_id().to_string(),
            person,
            created_at: now,
            expires_at: hearth_api::Timestamp(expires_s.saturating_mul(1000)),
            used_by: None,
            cancelled: false,
            scope: subject_of(scope),
        };
        let info = shown(&row);
        let keys = self.keys().clone();
        self.db()
            .write(move |tx| {
                home_invite::insert(tx, &row)?;
                keys.put(tx, &invite_secret(row.id), &*token.to_secret_bytes())?;
                Ok::<_, ApiError>(event::append(tx, None, now, &Event::HomesChanged { home: None })?)
            })
            .await?;
        Ok(HomeInvite { info, link, qr_svg })
    }

    /// Invites that are still good, and those used lately; only those that `by` made, if that is given.
    ///
    /// # Errors
    /// A storage error.
    pub async fn list_invites(&self, by: Option<PersonId>) -> ApiResult<Vec<HomeInviteInfo>> {
        let now = self.now();
        let rows = self.db().read(home_invite::list).await?;
        Ok(rows
            .iter()
            .filter(|r| !r.cancelled && r.expires_at > now)
            .filter(|r| by.is_none_or(|by| r.person == by))
            .map(shown)
            .collect())
    }

    /// Withdraws an invite; only one that `by` made, if that is given.
    ///
    /// # Errors
    /// `not_found`; a storage error.
    pub async fn cancel_invite(&self, id: InviteId, by: Option<PersonId>) -> ApiResult<()> {
        let now = self.now();
        self.db()
            .write(move |tx| {
                home_invite::get(tx, id)?
                    .filter(|row| by.is_none_or(|by| row.person == by))
                    .ok_or_else(ApiError::not_found)?;
                home_invite::cancel(tx, id)?;
                hearth_db::secret::delete(tx, &invite_secret(id))?;
                Ok(event::append(tx, None, now, &Event::HomesChanged { home: None })?)
            })
            .await
    }

    /// Reads an invite without sending anything.
    ///
    /// # Errors
    /// `invite_invalid`; a storage error.
    pub async fn preview_invite(&self, text: &str) -> ApiResult<InvitePreview> {
        let invite = read_invite(text)?;
        let home = HomeId::from(&invite.node);
        let known = {
            let home = home.clone();
            self.db().read(move |tx| home::get(tx, &home)).await?
        };
        Ok(InvitePreview {
            home_shown: invite.node.grouped(),
            addresses: invite.addresses.iter().map(ToString::to_string).collect(),
            expires_at: hearth_api::Timestamp(i64::from(invite.expires_s).saturating_mul(1000)),
            expired: invite.is_expired(self.now().0),
            own: home == *self.home(),
            known: known.is_some_and(|row| row.state == HomeRowState::Connected),
            scope: subscriptions::shown(invite.scope),
            home,
        })
    }
}

fn shown(row: &HomeInviteRow) -> HomeInviteInfo {
    HomeInviteInfo {
        id: row.id,
        created_at: row.created_at,
        expires_at: row.expires_at,
        used_by: row.used_by.clone(),
        scope: subscriptions::shown(scope_of(row.scope)),
    }
}
