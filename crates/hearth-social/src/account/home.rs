//! The state of the home as a client sees it, its first start, and its name.

use super::{check, passwords};
use crate::session::{me, require_admin};
use crate::{ClientInfo, Social, Viewer, profile};
use hearth_api::account::{AccountSettings, AccountState, Role};
use hearth_api::app::{AppStatus, CreateHome, NewAccount, Restored, UpdateHome};
use hearth_api::session::Me;
use hearth_api::{ApiError, ApiResult, Code, Date, Event, PersonId, Timestamp};
use hearth_db::account::AccountRow;
use hearth_db::home::{HomeRow, HomeRowState};
use hearth_db::person::{self, PersonRow};
use hearth_db::{DbResult, ReadTx, WriteTx, account, credential, event, home, meta};
use hearth_federation::activity::{Activity, SignedActivity};
use hearth_federation::{keys::NodeKey, log};
use serde_json::json;
use uuid::Uuid;

/// The data of an account that passed all checks; its password is hashed.
pub(super) struct Checked {
    name: String,
    username: String,
    key: String,
    password: String,
    birth_date: Date,
    language: Option<String>,
}

fn already_set_up() -> ApiError {
    ApiError::wrong_state("This home is set up already. Sign in, or ask its owner for an invitation.")
}

/// How long a restore is told to those who sign in, in milliseconds.
const RESTORED_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// The restore of the last days, if there was one.
fn restored(tx: &ReadTx<'_>, now: Timestamp) -> DbResult<Option<Restored>> {
    let time = |key: &str| -> DbResult<Option<Timestamp>> {
        Ok(meta::get(tx, key)?.and_then(|ms| ms.parse().ok()).map(Timestamp))
    };
    let (Some(at), Some(state)) = (time("restored")?, time("restored_state")?) else {
        return Ok(None);
    };
    Ok((now.ms_since(at) < RESTORED_MS).then_some(Restored { at, state }))
}

impl Social {
    /// The state of the home as this client sees it; where the client runs is for its host to say.
    ///
    /// # Errors
    /// A database error.
    pub async fn status(&self, viewer: Option<&Viewer>) -> ApiResult<AppStatus> {
        let (viewer, own, now) = (viewer.copied(), self.home.clone(), self.now());
        self.db()
            .read(move |tx| {
                let row = home::own(tx)?;
                Ok(AppStatus {
                    set_up: account::any(tx)?,
                    home_name: row.map_or_else(String::new, |row| row.name),
                    home: own,
                    me: viewer.map(|viewer| me(tx, &viewer)).transpose()?,
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                    this_machine: false,
                    unknown_device: false,
                    event_seq: event::latest(tx)?,
                    restored: restored(tx, now)?,
                })
            })
            .await
    }

    /// Creates the home and its owner, once, and signs the owner in. The second answer is the session's token.
    ///
    /// # Errors
    /// `wrong_state` when there is an owner already; `invalid_home_name` and what a new account may be refused for.
    pub async fn create_home(&self, req: CreateHome, client: &ClientInfo) -> ApiResult<(Me, String)> {
        if self.db().read(account::any).await.map_err(ApiError::from)? {
            return Err(already_set_up());
        }
        let home_name = check::display_name(&req.home_name, "home_name")?;
        let owner = self.check_account(req.owner).await?;
        let (social, client, now) = (self.clone(), client.clone(), self.now());
        self.db()
            .write(move |tx| {
                if account::any(tx)? {
                    return Err(already_set_up());
                }
                let key = social.parts.keys.node_or_new(tx)?;
                if key.id() != social.parts.node {
                    return Err(ApiError::new(
                        Code::Internal,
                        "This home's key is not the one it started with. Start Hearth again.",
                    ));
                }
                home::put(
                    tx,
                    &HomeRow {
                        id: social.home.clone(),
                        name: home_name,
                        nickname: String::new(),
                        state: HomeRowState::Own,
                    },
                )?;
                let person = social.add_account(tx, owner, Role::Owner, now)?;
                let (session, token) = social.open_session(tx, person, &client, now)?;
                Ok((
                    me(
                        tx,
                        &Viewer {
                            person,
                            role: Role::Owner,
                            session,
                        },
                    )?,
                    token,
                ))
            })
            .await
    }

    /// Renames the home; connected homes learn the name.
    ///
    /// # Errors
    /// `forbidden` for all but admins; `invalid_name`.
    pub async fn update_home(&self, viewer: &Viewer, req: UpdateHome) -> ApiResult<()> {
        require_admin(viewer.role)?;
        let name = check::display_name(&req.name, "name")?;
        let (social, now) = (self.clone(), self.now());
        self.db()
            .write(move |tx| {
                let mut row =
                    home::own(tx)?.ok_or_else(|| ApiError::new(Code::NotSetUp, "Set this home up first."))?;
                if row.name != name {
                    row.name = name;
                    home::put(tx, &row)?;
                    social.tell_home_name(tx, &row.name, now)?;
                }
                Ok(event::append(
                    tx,
                    None,
                    now,
                    &Event::HomesChanged {
                        home: Some(social.home.clone()),
                    },
                )?)
            })
            .await
    }

    /// Says the home's name to all connected homes.
    fn tell_home_name(&self, tx: &mut WriteTx<'_>, name: &str, now: Timestamp) -> ApiResult<()> {
        let homes: Vec<_> = home::list(tx, &[HomeRowState::Connected])?
            .into_iter()
            .map(|row| row.id)
            .collect();
        if homes.is_empty() {
            return Ok(());
        }
        let key: NodeKey = self.parts.keys.node(tx)?;
        let at = log::stamp(tx, &self.parts.node, now)?;
        let id = self.parts.ids.uuid();
        let activity = Activity::new(
            id,
            "node.update",
            Uuid::nil(),
            self.parts.node,
            at,
            json!({ "name": name }),
        );
        let signed = SignedActivity::by_node(activity, &key).map_err(crate::identity::unsigned)?;
        Ok(log::append(tx, &homes, &signed, None, now)?)
    }

    /// Checks everything about a new account, and hashes its password.
    pub(super) async fn check_account(&self, new: NewAccount) -> ApiResult<Checked> {
        let name = check::display_name(&new.name, "name")?;
        let username = check::username(&new.username)?;
        check::birth_date(new.birth_date, self.now())?;
        passwords::check_new(&new.password, "password", &[&name, &username])?;
        let language = new.language.filter(|tag| check::is_language(tag));
        let password = self.hash_password(new.password).await?;
        let key = check::fold_username(&username);
        Ok(Checked {
            name,
            username,
            key,
            password,
            birth_date: new.birth_date,
            language,
        })
    }

    /// Makes person, key, account and profile.
    pub(super) fn add_account(
        &self,
        tx: &mut WriteTx<'_>,
        new: Checked,
        role: Role,
        now: Timestamp,
    ) -> ApiResult<PersonId> {
        refuse_taken(tx, &new.key, None)?;
        let (person, key) = self.parts.keys.new_person(tx, self.parts.ids.uuid())?;
        person::put(
            tx,
            &PersonRow {
                id: person,
                home: self.home.clone(),
                name: new.name,
                public_key: *key.public().as_bytes(),
                picture: None,
                findable: false,
                hlc: String::new(),
                deleted_at: None,
            },
        )?;
        let defaults = AccountSettings::default();
        let row = AccountRow {
            person,
            username: new.username,
            role,
            state: AccountState::Active,
            birth_date: new.birth_date,
            settings: AccountSettings {
                language: new.language.unwrap_or(defaults.language.clone()),
                ..defaults
            },
            created_at: now,
            last_used_at: Some(now),
            deletes_at: None,
        };
        account::insert(tx, &row, &new.key)?;
        credential::set_password(tx, person, &new.password)?;
        profile::begin(tx, person)?;
        event::append(tx, None, now, &Event::ProfileChanged { person })?;
        Ok(person)
    }
}

/// Refuses a sign-in name that somebody else has.
pub(super) fn refuse_taken(tx: &ReadTx<'_>, key: &str, but: Option<PersonId>) -> ApiResult<()> {
    match account::by_username(tx, key)? {
        Some(row) if Some(row.person) != but => Err(ApiError::new(
            Code::UsernameTaken,
            "Somebody in this home has this sign-in name already. Choose another.",
        )
        .on("username")),
        _ => Ok(()),
    }
}
