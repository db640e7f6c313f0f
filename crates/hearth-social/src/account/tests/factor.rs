//! The second factor.

use super::*;

/// The authenticator: what it shows some steps from now.
fn code(home: &Home, secret: &str, steps: i64) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let seconds = u64::try_from(home.social.now().0 / 1000 + steps * 30).unwrap();
    Builder::new()
        .with_secret(secret)
        .build()
        .unwrap()
        .generate(seconds)
        .to_string()
}

async fn begin(home: &Home) -> hearth_api::account::TotpSetup {
    home.social
        .begin_totp(
            &home.person("Anna"),
            BeginTotp {
                password: PASSWORD.to_owned(),
            },
        )
        .await
        .unwrap()
}

async fn confirm(home: &Home, code: &str) -> ApiResult<Vec<String>> {
    let request = ConfirmTotp {
        code: code.to_owned(),
    };
    Ok(home
        .social
        .confirm_totp(&home.person("Anna"), request)
        .await?
        .codes)
}

pub(super) async fn with_totp() -> (Home, String, Vec<String>) {
    let home = Home::of("Lake house", &["Anna", "Ben"]).await;
    let secret = begin(&home).await.secret;
    let codes = confirm(&home, &code(&home, &secret, 0)).await.unwrap();
    home.clock.advance_secs(60);
    (home, secret, codes)
}

#[tokio::test]
async fn an_unfinished_second_factor_changes_nothing() {
    let home = Home::of("Lake house", &["Anna"]).await;
    assert_eq!(refused(confirm(&home, "123456").await), "wrong_state");
    let wrong = BeginTotp {
        password: "wrong".to_owned(),
    };
    assert_eq!(
        refused(home.social.begin_totp(&home.person("Anna"), wrong).await),
        "password_needed"
    );
    let first = begin(&home).await;
    assert!(
        first.url.starts_with("otpauth://totp/Hearth:anna?") && first.url.contains(&first.secret),
        "{}",
        first.url
    );
    assert!(first.qr_svg.contains("<svg"));
    assert_eq!(refused(confirm(&home, "000000").await), "wrong_credentials");
    assert!(
        sign_in(&home, "anna", PASSWORD, None).await.unwrap().is_some(),
        "no code is asked"
    );
    let second = begin(&home).await;
    assert_ne!(first.secret, second.secret);
    assert_eq!(
        refused(confirm(&home, &code(&home, &first.secret, 0)).await),
        "wrong_credentials"
    );
    home.clock.advance_secs(16 * 60);
    assert_eq!(
        refused(confirm(&home, &code(&home, &second.secret, 0)).await),
        "wrong_state"
    );
    assert!(
        !home
            .social
            .status(Some(&home.person("Anna")))
            .await
            .unwrap()
            .me
            .unwrap()
            .totp
    );
}

#[tokio::test]
async fn a_second_factor_is_asked_and_each_code_counts_once() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let other = sign_in(&home, "anna", PASSWORD, None).await.unwrap().unwrap();
    let secret = begin(&home).await.secret;
    let first = code(&home, &secret, 0);
    let codes = confirm(&home, &first).await.unwrap();
    assert_eq!(codes.len(), 10);
    assert!(!alive(&home, &other).await, "all other sessions end");
    assert!(
        sign_in(&home, "anna", PASSWORD, None).await.unwrap().is_none(),
        "a code is needed"
    );
    assert_eq!(
        refused(sign_in(&home, "anna", PASSWORD, Some(&first)).await),
        "wrong_credentials"
    );
    let next = code(&home, &secret, 1);
    sign_in(
        &home,
        "anna",
        PASSWORD,
        Some(&format!(" {next} ").replacen('7', "7 ", 1)),
    )
    .await
    .unwrap();
    assert_eq!(
        refused(sign_in(&home, "anna", PASSWORD, Some(&next)).await),
        "wrong_credentials",
        "used"
    );
    home.clock.advance_secs(600);
    for steps in [-2, 2] {
        let far = code(&home, &secret, steps);
        assert_eq!(
            refused(sign_in(&home, "anna", PASSWORD, Some(&far)).await),
            "wrong_credentials",
            "{steps}"
        );
    }
    sign_in(&home, "anna", PASSWORD, Some(&code(&home, &secret, -1)))
        .await
        .unwrap();
    assert_eq!(
        refused(sign_in(&home, "anna", "wrong password", Some(&code(&home, &secret, 0))).await),
        "wrong_credentials"
    );
    assert_eq!(
        refused(
            home.social
                .begin_totp(
                    &home.person("Anna"),
                    BeginTotp {
                        password: PASSWORD.to_owned()
                    }
                )
                .await
        ),
        "wrong_state"
    );
}

#[tokio::test]
async fn codes_cannot_be_guessed_by_someone_who_knows_the_password() {
    let (home, secret, _codes) = with_totp().await;
    for n in 0..5 {
        let error = sign_in(&home, "anna", PASSWORD, Some(&format!("00000{n}")))
            .await
            .unwrap_err();
        assert_eq!(
            (error.name().as_str(), error.field.as_deref()),
            ("wrong_credentials", Some("code"))
        );
        // Asking for the code again in between washes nothing away.
        if n < 4 {
            sign_in(&home, "anna", PASSWORD, None).await.unwrap();
        }
    }
    assert_eq!(
        refused(sign_in(&home, "anna", PASSWORD, Some(&code(&home, &secret, 0))).await),
        "rate_limited"
    );
}

#[tokio::test]
async fn recovery_codes_work_once_and_can_be_renewed() {
    let (home, secret, codes) = with_totp().await;
    sign_in(&home, "anna", PASSWORD, Some(&codes[3].to_uppercase()))
        .await
        .unwrap();
    assert_eq!(
        refused(sign_in(&home, "anna", PASSWORD, Some(&codes[3])).await),
        "wrong_credentials"
    );
    let renew = |password: &str, code: &str| {
        let request = RenewRecoveryCodes {
            password: password.to_owned(),
            code: code.to_owned(),
        };
        let (social, anna) = (home.social.clone(), home.person("Anna"));
        async move { social.renew_recovery_codes(&anna, request).await }
    };
    assert_eq!(
        refused(renew("wrong", &code(&home, &secret, 0)).await),
        "password_needed"
    );
    assert_eq!(refused(renew(PASSWORD, "000000").await), "wrong_credentials");
    let fresh = renew(PASSWORD, &code(&home, &secret, 0)).await.unwrap().codes;
    assert_eq!(
        refused(sign_in(&home, "anna", PASSWORD, Some(&codes[0])).await),
        "wrong_credentials"
    );
    sign_in(&home, "anna", PASSWORD, Some(&fresh[0].replace('-', "")))
        .await
        .unwrap();
}

#[tokio::test]
async fn switching_the_second_factor_off_needs_password_and_code() {
    let (home, secret, codes) = with_totp().await;
    let other = sign_in(&home, "anna", PASSWORD, Some(&codes[1]))
        .await
        .unwrap()
        .unwrap();
    let disable = |password: &str, code: &str| {
        let request = DisableTotp {
            password: password.to_owned(),
            code: code.to_owned(),
        };
        let (social, anna) = (home.social.clone(), home.person("Anna"));
        async move { social.disable_totp(&anna, request).await }
    };
    assert_eq!(
        refused(disable("wrong", &code(&home, &secret, 0)).await),
        "password_needed"
    );
    assert_eq!(refused(disable(PASSWORD, "123123").await), "wrong_credentials");
    assert!(alive(&home, &other).await);
    disable(PASSWORD, &codes[0]).await.unwrap();
    assert!(!alive(&home, &other).await);
    assert!(sign_in(&home, "anna", PASSWORD, None).await.unwrap().is_some());
    assert_eq!(refused(disable(PASSWORD, &codes[2]).await), "wrong_state");
    let name = format!("totp:{}", home.person("Anna").person);
    assert!(
        home.read(|tx| secret::get(tx, &name)).is_none(),
        "the secret is gone"
    );
    begin(&home).await;
}
