//! The program `hearth`: its commands, what it prints, how it ends.

use hearth_api::Code;
use hearth_api::account::CreateResetCodeHere;
use hearth_api::session::SignIn;
use hearth_tests::process::{Served, command, init, program, run};
use hearth_tests::{PASSWORD, within};
use http::Method;
use serde_json::Value;
use std::process::Output;
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn json(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn complained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn two_homes_are_made_paired_and_looked_at_from_the_command_line() {
    let (hill, lake) = (folder(), folder());
    let before = run(hill.path(), &["status"], None).await;
    assert_eq!(
        before.status.code(),
        Some(3),
        "not set up yet: {}",
        complained(&before)
    );
    assert!(complained(&before).contains("hearth init"), "it says what to do");
    let left = std::fs::read_dir(hill.path()).unwrap().count();
    assert_eq!(left, 0, "asking in a wrong folder makes no home there");

    init(hill.path(), "Hill House", "Anna").await;
    init(lake.path(), "Lake House", "Clara").await;
    let args = [
        "init",
        "--home",
        "Mine",
        "--name",
        "M",
        "--username",
        "mallory",
        "--birth-date",
        "1990-01-01",
    ];
    let twice = run(hill.path(), &args, Some(PASSWORD)).await;
    assert_eq!(twice.status.code(), Some(1), "a home is made once");
    let none = run(hill.path(), &["--json", "peers"], None).await;
    assert_eq!(
        (none.status.code(), json(&none)),
        (Some(0), serde_json::json!([]))
    );

    let unreachable = run(hill.path(), &["--json", "invite"], None).await;
    assert_eq!(unreachable.status.code(), Some(1), "nobody could use it");
    assert_eq!(json(&unreachable)["error"]["field"], "addresses");

    let served = Served::start(hill.path(), 0, 0).await;
    let limited = run(hill.path(), &["--json", "invite", "--person"], None).await;
    assert_eq!(json(&limited)["info"]["scope"], "person");
    let invite = run(hill.path(), &["--json", "invite"], None).await;
    let link = json(&invite)["link"].as_str().unwrap().to_owned();
    assert!(link.starts_with("hearth://i/"), "{link}");

    // The lake is not running: the command opens its folder for the moment.
    let paired = run(lake.path(), &["--json", "pair", &link], None).await;
    assert_eq!(paired.status.code(), Some(0), "{}", said(&paired));
    let home = json(&paired);
    assert_eq!(
        (home["name"].as_str(), home["state"].as_str()),
        (Some("Hill House"), Some("connected"))
    );
    assert_eq!(home["words"]["en"].as_array().map(Vec::len), Some(5));
    let there = json(&run(hill.path(), &["--json", "peers"], None).await);
    assert_eq!(there[0]["words"], home["words"], "the same words on both sides");

    let again = run(lake.path(), &["--json", "pair", &link], None).await;
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(json(&again)["error"]["code"], "invite_used");
    let text = run(hill.path(), &["status"], None).await;
    assert!(said(&text).contains("Lake House"), "{}", said(&text));
    let status = json(&run(hill.path(), &["--json", "status"], None).await);
    assert!(
        status["parts"]
            .as_array()
            .unwrap()
            .iter()
            .any(|part| part["part"] == "database"),
        "{status}"
    );

    let renewed = run(lake.path(), &["renew-keys", "hill house"], None).await;
    assert_eq!(renewed.status.code(), Some(0), "{}", complained(&renewed));
    assert!(
        said(&renewed).contains("Hill House are new"),
        "{}",
        said(&renewed)
    );
    let unknown = run(lake.path(), &["--json", "renew-keys", "Moon House"], None).await;
    assert_eq!(
        (unknown.status.code(), json(&unknown)["error"]["code"].as_str()),
        (Some(1), Some("not_found"))
    );

    let blocked = run(hill.path(), &["block", "Lake House"], None).await;
    assert_eq!(blocked.status.code(), Some(0), "{}", complained(&blocked));
    let text = said(&run(hill.path(), &["peers"], None).await);
    assert!(text.contains("Lake House  blocked"), "{text}");
    let unblocked = run(hill.path(), &["unblock", "lake house"], None).await;
    assert_eq!(unblocked.status.code(), Some(0), "{}", complained(&unblocked));
    let text = said(&run(hill.path(), &["peers"], None).await);
    assert!(text.contains("Lake House  connected"), "{text}");
    for args in [&["try", "Lake House"][..], &["try"]] {
        let tried = run(hill.path(), args, None).await;
        assert_eq!(tried.status.code(), Some(0), "{}", complained(&tried));
    }

    // Removing asks as the window does, and does nothing on a wrong answer.
    for (answers, code) in [
        (format!("Moon House\n{PASSWORD}"), "invalid"),
        ("lake house\nwrong password".to_owned(), "password_needed"),
    ] {
        let refused = run(hill.path(), &["--json", "remove", "Lake House"], Some(&answers)).await;
        assert_eq!(
            (refused.status.code(), json(&refused)["error"]["code"].as_str()),
            (Some(1), Some(code)),
            "{answers}"
        );
        let text = said(&run(hill.path(), &["peers"], None).await);
        assert!(text.contains("Lake House  connected"), "{text}");
    }

    assert!(served.terminate().await, "asked to end, it ends well");
    for (args, told, paused) in [
        (
            &["pause", "--minutes", "30"][..],
            "Nothing is sent for 30 min",
            true,
        ),
        (&["resume"], "What waits goes out", false),
    ] {
        let done = run(hill.path(), args, None).await;
        assert!(said(&done).contains(told), "{args:?}: {}", complained(&done));
        let status = said(&run(hill.path(), &["status"], None).await);
        assert_eq!(
            status.contains("sending is paused for another 30 minutes"),
            paused,
            "{status}"
        );
    }
    let longer = run(hill.path(), &["pause", "--minutes", "1441"], None).await;
    assert!(
        complained(&longer).contains("24 hours"),
        "{}",
        complained(&longer)
    );
    let nothing = run(hill.path(), &["try"], None).await;
    assert_eq!(nothing.status.code(), Some(1), "only a home that runs delivers");
    assert!(
        complained(&nothing).contains("does not run"),
        "{}",
        complained(&nothing)
    );
    let asleep = run(
        lake.path(),
        &["--json", "renew-keys", home["id"].as_str().unwrap()],
        None,
    )
    .await;
    assert_eq!(
        (asleep.status.code(), json(&asleep)["error"]["code"].as_str()),
        (Some(1), Some("home_unreachable"))
    );
    let off = run(lake.path(), &["peers"], None).await;
    assert!(said(&off).contains("Hill House"), "{}", said(&off));
    let yes = format!("hill house\n{PASSWORD}");
    let removed = run(
        lake.path(),
        &["remove", "Hill House", "--keep-copies"],
        Some(&yes),
    )
    .await;
    assert_eq!(removed.status.code(), Some(0), "{}", complained(&removed));
    assert!(
        said(&removed).contains("Hill House was removed"),
        "{}",
        said(&removed)
    );
    assert!(
        complained(&removed).contains("stays, to be read"),
        "{}",
        complained(&removed)
    );
    let none = json(&run(lake.path(), &["--json", "peers"], None).await);
    assert!(
        none.as_array()
            .unwrap()
            .iter()
            .all(|home| home["state"] == "removed"),
        "{none}"
    );
}

#[tokio::test]
async fn bad_input_is_named_and_has_its_exit_code() {
    let dir = folder();
    let unknown = run(dir.path(), &["dance"], None).await;
    assert_eq!(unknown.status.code(), Some(2));
    let args = [
        "--json",
        "init",
        "--home",
        "H",
        "--name",
        "A",
        "--username",
        "anna",
        "--birth-date",
        "1990-02-31",
    ];
    let date = run(dir.path(), &args, Some(PASSWORD)).await;
    assert_eq!(
        (date.status.code(), json(&date)["error"]["field"].as_str()),
        (Some(1), Some("birth_date"))
    );
    let weak = run(
        dir.path(),
        &[
            "--json",
            "init",
            "--home",
            "H",
            "--name",
            "A",
            "--username",
            "anna",
            "--birth-date",
            "1990-02-01",
        ],
        Some("password1"),
    )
    .await;
    assert_eq!(
        (weak.status.code(), json(&weak)["error"]["code"].as_str()),
        (Some(1), Some("weak_password"))
    );
    let uninvited = run(dir.path(), &["--json", "pair", "hearth://i/nonsense"], None).await;
    assert_eq!(uninvited.status.code(), Some(3));

    init(dir.path(), "Hill House", "Anna").await;
    let nonsense = run(dir.path(), &["--json", "pair", "hearth://i/nonsense"], None).await;
    assert_eq!(
        (nonsense.status.code(), json(&nonsense)["error"]["code"].as_str()),
        (Some(1), Some("invite_invalid"))
    );
    let open = run(
        dir.path(),
        &["serve", "--ui", "0.0.0.0:0", "--listen", "127.0.0.1:0"],
        None,
    )
    .await;
    assert_eq!(open.status.code(), Some(1));
    assert!(
        complained(&open).contains("open to the network"),
        "{}",
        complained(&open)
    );
}

#[tokio::test]
async fn a_running_home_that_nobody_made_yet_says_so() {
    let dir = folder();
    let home = Served::start(dir.path(), 0, 0).await;
    let asked = run(dir.path(), &["status"], None).await;
    assert_eq!(asked.status.code(), Some(3), "{}", complained(&asked));
    assert!(
        complained(&asked).contains("hearth init"),
        "{}",
        complained(&asked)
    );
    home.kill().await;
}

#[tokio::test]
async fn a_second_program_on_the_same_folder_is_turned_away() {
    let dir = folder();
    init(dir.path(), "Hill House", "Anna").await;
    let served = Served::start(dir.path(), 0, 0).await;
    let second = run(
        dir.path(),
        &["serve", "--ui", "127.0.0.1:0", "--listen", "127.0.0.1:0"],
        None,
    )
    .await;
    assert_eq!(second.status.code(), Some(4), "{}", complained(&second));
    served.kill().await;
    let third = Served::start(dir.path(), 0, 0).await;
    assert!(third.terminate().await, "a killed program leaves no lock behind");
}

#[tokio::test]
async fn a_passphrase_locks_the_home_for_whoever_does_not_know_it() {
    let dir = folder();
    let phrase = dir.path().join("phrase.txt");
    std::fs::write(&phrase, "correct horse battery staple\n").unwrap();
    let data = dir.path().join("home");
    let with_phrase = async |args: &[&str], input: Option<&str>| {
        let file = phrase.to_str().unwrap();
        let all: Vec<&str> = ["--passphrase-file", file]
            .into_iter()
            .chain(args.iter().copied())
            .collect();
        run(&data, &all, input).await
    };
    let args = [
        "init",
        "--home",
        "H",
        "--name",
        "A",
        "--username",
        "anna",
        "--birth-date",
        "1990-02-01",
    ];
    let made = with_phrase(&args, Some(PASSWORD)).await;
    assert!(made.status.success(), "{}", complained(&made));
    assert!(with_phrase(&["status"], None).await.status.success());
    let locked = run(&data, &["status"], None).await;
    assert_eq!(locked.status.code(), Some(1));
    assert!(complained(&locked).contains("locked"), "{}", complained(&locked));
    std::fs::write(&phrase, "wrong\n").unwrap();
    assert!(!with_phrase(&["status"], None).await.status.success());
}

#[tokio::test]
async fn help_and_version_are_for_people() {
    let dir = folder();
    let mut help = command(dir.path());
    let help = within("the help", help.arg("--help").output()).await.unwrap();
    let text = said(&help);
    for word in ["serve", "init", "invite", "pair", "peers", "status"] {
        assert!(text.contains(word), "the help names {word}:\n{text}");
    }
    let version = run(dir.path(), &["--version"], None).await;
    assert!(said(&version).starts_with("hearth "));
    assert!(program().is_file());
}

#[tokio::test]
async fn a_home_that_cannot_start_says_what_to_do_next() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let dir = folder();
    let listen = format!("127.0.0.1:{port}");
    let refused = run(dir.path(), &["serve", "--no-ui", "--listen", &listen], None).await;
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        complained(&refused).contains("choose another port"),
        "{}",
        complained(&refused)
    );
    std::fs::write(dir.path().join("hearth.db"), [7_u8; 8192]).unwrap();
    let broken = run(dir.path(), &["status"], None).await;
    assert_eq!(broken.status.code(), Some(1));
    assert!(
        complained(&broken).contains("“hearth restore” does it"),
        "{}",
        complained(&broken)
    );
}

#[tokio::test]
async fn a_forgotten_password_of_the_owner_is_set_anew_at_the_computer() {
    let dir = folder();
    let nowhere = run(dir.path(), &["reset-password"], None).await;
    assert_eq!(nowhere.status.code(), Some(3), "{}", complained(&nowhere));
    init(dir.path(), "Hill House", "Anna").await;
    let text = said(&run(dir.path(), &["reset-password"], None).await);
    assert!(text.contains("Anna") && text.contains("24 hours"), "{text}");
    let stopped = run(dir.path(), &["--json", "reset-password"], None).await;
    assert_eq!(stopped.status.code(), Some(0), "{}", complained(&stopped));
    let unknown = run(dir.path(), &["--json", "reset-password", "mallory"], None).await;
    assert_eq!(
        (unknown.status.code(), json(&unknown)["error"]["code"].as_str()),
        (Some(1), Some("not_found"))
    );

    let home = Served::start(dir.path(), 0, 0).await;
    let client = home.client();
    let reset = async |code: &Value, password: &str| {
        let body = serde_json::json!({ "code": code, "password": password }).to_string();
        let request = client.request(Method::POST, "/rpc/account.reset_password", body);
        client.send(request).await.unwrap()
    };
    let done = reset(&json(&stopped)["code"], "wet stones on the path").await;
    assert_eq!(
        done.json()["username"],
        json(&stopped)["username"],
        "made while it was off"
    );
    let running = run(
        dir.path(),
        &["--json", "reset-password", "--remove-second-step"],
        None,
    )
    .await;
    assert_eq!(running.status.code(), Some(0), "{}", complained(&running));
    let done = reset(&json(&running)["code"], "cold tea on the sill").await;
    assert!(done.status.is_success(), "{}", done.text());

    // The window may not ask for it, whoever sits there.
    let username = json(&running)["username"].as_str().unwrap().to_owned();
    let signed_in = SignIn {
        username,
        password: "cold tea on the sill".to_owned(),
        code: None,
        device: None,
    };
    client.call(signed_in).await.unwrap().unwrap();
    let refused = client
        .call(CreateResetCodeHere::default())
        .await
        .unwrap()
        .unwrap_err();
    assert_eq!(refused.code, Code::NotFromHere);
    home.kill().await;
}
