//! The first start, invites, proving who one is, states, erasure.

mod factor;
mod invites;
mod own;
mod reset;
mod start;
mod states;

use crate::testing::{Home, PASSWORD, client, connect, new_account, outgoing};
use crate::{ClientInfo, Viewer};
use hearth_api::account::{
    AcceptAccountInvite, AccountAction, AccountSettings, AccountState, BeginTotp, ChangeAccount,
    ChangePassword, ChangeUsername, ConfirmTotp, CorrectBirthDate, CreateAccountInvite, DisableTotp,
    RenewRecoveryCodes, Role, UpdateSettings,
};
use hearth_api::app::{CreateHome, NewAccount, UpdateHome};
use hearth_api::feed::Audience;
use hearth_api::session::{SignIn, SignInOutcome};
use hearth_api::{ApiResult, Date, Timestamp};
use hearth_db::{account, credential, home, notification, person, profile, secret};
use hearth_federation::keys::Kid;
use totp_rs::{Builder, Secret};

#[track_caller]
fn refused<T>(result: ApiResult<T>) -> String {
    match result {
        Ok(_) => panic!("must be refused"),
        Err(error) => error.name(),
    }
}

fn account_named(name: &str, change: impl FnOnce(&mut NewAccount)) -> NewAccount {
    let mut account = new_account(name);
    change(&mut account);
    account
}

async fn invite(home: &Home, role: Role, days: u8) -> String {
    let request = CreateAccountInvite {
        days,
        role,
        note: "Cleo".to_owned(),
    };
    home.social
        .create_account_invite(&home.person("Anna"), request)
        .await
        .unwrap()
        .code
}

async fn accept(home: &Home, code: &str, account: NewAccount) -> ApiResult<Viewer> {
    let request = AcceptAccountInvite {
        code: code.to_owned(),
        account,
        device: None,
    };
    let (me, _token) = home.social.accept_account_invite(request, &client()).await?;
    Ok(Viewer {
        person: me.person.id,
        role: me.role,
        session: me.session,
    })
}

async fn sign_in(
    home: &Home,
    username: &str,
    password: &str,
    code: Option<&str>,
) -> ApiResult<Option<String>> {
    let request = SignIn {
        username: username.to_owned(),
        password: password.to_owned(),
        code: code.map(str::to_owned),
        device: None,
    };
    let (outcome, token) = home.social.sign_in(request, &client()).await?;
    assert_eq!(token.is_none(), outcome == SignInOutcome::CodeNeeded);
    Ok(token)
}

async fn alive(home: &Home, token: &str) -> bool {
    home.social.authenticate(token, "", None).await.unwrap().is_some()
}

fn security(home: &Home, who: &str) -> usize {
    home.read(|tx| notification::unread(tx, home.person(who).person, 100))
        .len()
}
