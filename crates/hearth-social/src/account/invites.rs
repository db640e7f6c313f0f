//! Invites to an account of this home: single use, 1 to 30 days, 128 random bits of which only a hash is kept.
//!
//! A device in the network that the home does not know may take one up as well: the invite's code is the secret, as the code of a device
//! is, and connects it for the person who moves in, nobody else. Wrong codes make the next try wait.

use super::codes;
use crate::devices::device_name;
use crate::session::throttle::{self, Subject};
use crate::session::{me, require_admin, shown_device};
use crate::{ClientInfo, NewDevice, Social, Viewer};
use hearth_api::account::{AcceptAccountInvite, AccountInvite, AccountInviteInfo, CreateAccountInvite, Role};
use hearth_api::session::Me;
use hearth_api::{ApiError, ApiResult, Code, Event, InviteId, Timestamp};
use hearth_db::account_invite::{self as table, AccountInviteRow};
use hearth_db::{ReadTx, WriteTx, event};

/// Longest note, in characters.
const MAX_NOTE: usize = 80;
/// Bytes of a code.
const CODE_BYTES: usize = 16;
/// How long an invite that ended is remembered, to say why it does not work.
const REMEMBER_DAYS: i64 = 30;

/// The invite behind a code, if it can be accepted now.
fn usable(tx: &ReadTx<'_>, code: &[u8; 32], now: Timestamp) -> ApiResult<AccountInviteRow> {
    let row = table::by_code(tx, code)?.ok_or_else(no_invite)?;
    if row.used_at.is_some() {
        return Err(used());
    }
    if now >= row.expires_at {
        return Err(ApiError::new(
            Code::InviteExpired,
            "This invitation is past its time. Ask for a new one.",
        ));
    }
    Ok(row)
}

fn no_invite() -> ApiError {
    ApiError::new(
        Code::InviteInvalid,
        "This is no invitation of this home. Check the code, or ask for a new one.",
    )
    .on("code")
}

fn used() -> ApiError {
    ApiError::new(
        Code::InviteUsed,
        "This invitation was used or withdrawn. Ask for a new one.",
    )
}

impl Social {
    /// Makes an invite; its code is shown this once.
    ///
    /// # Errors
    /// `forbidden` for all but admins; `invalid_days`, `invalid_role`, `invalid_note`.
    pub async fn create_account_invite(
        &self,
        viewer: &Viewer,
        req: CreateAccountInvite,
    ) -> ApiResult<AccountInvite> {
        require_admin(viewer.role)?;
        if !(1..=30).contains(&req.days) {
            return Err(ApiError::invalid("days", "An invitation lasts 1 to 30 days."));
        }
        if req.role == Role::Owner {
            return Err(ApiError::invalid(
                "role",
                "A home has one owner. Invite an admin or a member.",
            ));
        }
        let note = req.note.trim().to_owned();
        if note.chars().nth(MAX_NOTE).is_some() || note.chars().any(char::is_control) {
            return Err(ApiError::invalid(
                "note",
                format!("A note has at most {MAX_NOTE} characters on one line."),
            ));
        }
        let (code, hash) = codes::make::<CODE_BYTES>(&*self.parts.entropy);
        let now = self.now();
        let row = AccountInviteRow {
            id: InviteId(self.parts.ids.uuid()),
            role: req.role,
            note,
            created_by: viewer.person,
            created_at: now,
            expires_at: now.plus_days(i64::from(req.days)),
            used_at: None,
        };
        let info = row.to_info();
        self.db()
            .write(move |tx| table::insert(tx, &row, &hash).map_err(ApiError::from))
            .await?;
        Ok(AccountInvite {
            info,
            code,
            links: Vec::new(),
            qr_svg: None,
        })
    }

    /// The invites that can still be accepted, newest first.
    ///
    /// # Errors
    /// `forbidden` for all but admins.
    pub async fn list_account_invites(&self, viewer: &Viewer) -> ApiResult<Vec<AccountInviteInfo>> {
        require_admin(viewer.role)?;
        let now = self.now();
        self.db()
            .read(move |tx| {
                Ok(table::open(tx, now)?
                    .iter()
                    .map(AccountInviteRow::to_info)
                    .collect())
            })
            .await
    }

    /// Withdraws an invite.
    ///
    /// # Errors
    /// `forbidden` for all but admins; `not_found` when there is none to withdraw.
    pub async fn revoke_account_invite(&self, viewer: &Viewer, invite: InviteId) -> ApiResult<()> {
        require_admin(viewer.role)?;
        let now = self.now();
        self.db()
            .write(move |tx| {
                if table::take(tx, invite, now)? {
                    Ok(())
                } else {
                    Err(ApiError::not_found())
                }
            })
            .await
    }

    /// Takes an invite up: makes the account and signs it in. The second answer is the session's token.
    ///
    /// # Errors
    /// `invite_invalid`, `invite_used`, `invite_expired`, `rate_limited` after wrong codes, and what a new account may be refused for;
    /// the invite then stays good.
    pub async fn accept_account_invite(
        &self,
        req: AcceptAccountInvite,
        client: &ClientInfo,
    ) -> ApiResult<(Me, String)> {
        let (me, session, _no_device) = self.move_in(req, client, false).await?;
        Ok((me, session))
    }

    /// The same on a device in the network that the home does not know: connects it for the person who moves in.
    ///
    /// # Errors
    /// As [`Social::accept_account_invite`]; `invalid_device` for a name that is too long.
    pub async fn accept_account_invite_on_new_device(
        &self,
        req: AcceptAccountInvite,
        client: &ClientInfo,
    ) -> ApiResult<NewDevice> {
        let (me, session, device) = self.move_in(req, client, true).await?;
        let device = device.ok_or_else(ApiError::not_found)?;
        Ok(NewDevice { me, session, device })
    }

    /// Makes the account of an invite, connects the device if that is wanted, and signs in: the tokens of the session and the device.
    async fn move_in(
        &self,
        req: AcceptAccountInvite,
        client: &ClientInfo,
        connect: bool,
    ) -> ApiResult<(Me, String, Option<String>)> {
        let hash = codes::hash::<CODE_BYTES>(&req.code);
        let (subject, now) = (Subject::code(&client.address), self.now());
        // First the invite: nobody without one makes this home work on a password.
        let found = self
            .db()
            .write(move |tx| {
                // Counted also when the try is refused, so it is not undone with it.
                throttle::begin(tx, &[subject], now)?;
                let invite = match hash {
                    Some(hash) => usable(tx, &hash, now).map(|_invite| hash),
                    None => Err(no_invite()),
                };
                if invite.is_ok() {
                    throttle::take_back(tx, &[subject], now)?;
                }
                Ok::<_, ApiError>(invite)
            })
            .await?;
        let hash = found?;
        let mut client = client.clone();
        if let Some(name) = &req.device {
            client.device = device_name(name)?;
        }
        let account = self.check_account(req.account).await?;
        let (social, now) = (self.clone(), self.now());
        self.db()
            .write(move |tx| {
                let invite = usable(tx, &hash, now)?;
                if !table::take(tx, invite.id, now)? {
                    return Err(used());
                }
                let person = social.add_account(tx, account, invite.role, now)?;
                event::append(tx, Some(invite.created_by), now, &Event::AccountChanged)?;
                let mut device = None;
                if connect {
                    let (id, token) = social.add_device(tx, person, shown_device(&client.device), now)?;
                    client.paired = Some(id);
                    device = Some(token);
                }
                let (session, token) = social.open_session(tx, person, &client, now)?;
                let viewer = Viewer {
                    person,
                    role: invite.role,
                    session,
                };
                Ok((me(tx, &viewer)?, token, device))
            })
            .await
    }
}

/// Forgets invites that ended long ago.
pub(super) fn sweep(tx: &mut WriteTx<'_>, now: Timestamp) -> ApiResult<()> {
    table::sweep(tx, now.plus_days(-REMEMBER_DAYS))?;
    Ok(())
}
