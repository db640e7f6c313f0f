//! What each subcommand does. All but `serve` are clients: of the home that runs on the folder, else of one opened for the moment.

use crate::homes::{self, Act, text};
use crate::stop::Stop;
use crate::{Cli, Command, access, backup, doctor, output, remove};
use hearth_api::{ApiError, Code};
use hearth_node::logs::{self, LogFormat};
use hearth_node::words::span;
use hearth_node::{Caller, NoHome, NoHomeKind, Node, NodeConfig, OpenError, control, master};
use serde_json::{Value, json};
use std::io::{BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use zeroize::Zeroizing;

pub(crate) async fn run(cli: Cli) -> ExitCode {
    let Some(dir) = cli.data_dir.clone().or_else(NodeConfig::default_data_dir) else {
        return output::fail(
            cli.json,
            "No place for the home's data is known. Name one with --data-dir.",
            2,
        );
    };
    let json = cli.json;
    let named = cli.passphrase_file.as_deref().map(master::read_passphrase);
    let passphrase = match &named {
        // The doctor says it among the rest.
        Some(Err(error)) if !matches!(cli.command, Command::Doctor { .. }) => {
            return output::fail(json, &error.in_words(), 2);
        }
        Some(Ok(passphrase)) => Some(passphrase.clone()),
        Some(Err(_)) | None => None,
    };
    match cli.command {
        Command::Serve {
            listen,
            ui,
            no_ui,
            ui_dir,
            ui_hosts,
        } => {
            let format = if json { LogFormat::Json } else { LogFormat::Text };
            logs::start_with_file(format, &dir);
            let mut config = NodeConfig::new(&dir);
            config.federation_listen = Some(listen);
            config.ui_listen = (!no_ui).then_some(ui);
            config.ui_dir = ui_dir.or_else(installed_ui);
            if !no_ui && let Some(lack) = missing_window(config.ui_dir.as_deref()) {
                tracing::warn!("{lack}");
            }
            config.ui_hosts = ui_hosts;
            config.passphrase = passphrase;
            serve(config, json).await
        }
        Command::Init {
            home,
            name,
            username,
            birth_date,
        } => {
            let password = match new_password() {
                Ok(password) => password,
                Err(error) => return output::fail(json, &format!("No password was read: {error}"), 2),
            };
            let owner = json!({
                "name": name, "username": username, "birth_date": birth_date,
                "password": *password,
            });
            let request = json!({ "home_name": home, "owner": owner });
            show(&dir, passphrase, json, "app.create_home", request, |me| {
                format!("The home is ready. {} may sign in now.", text(me, "/person/name"))
            })
            .await
        }
        Command::Invite { minutes, person } => show(
            &dir,
            passphrase,
            json,
            "homes.create_invite",
            json!({ "minutes": minutes, "scope": if person { "person" } else { "full" } }),
            |invite| {
                format!(
                    "{}\n\nGive this link to the other home; it works once. Then compare the safety words.",
                    text(invite, "/link")
                )
            },
        )
        .await,
        Command::Pair { link } => {
            let link = match std::fs::read_to_string(&link) {
                Ok(file) if link.ends_with(".hearth-invite") => file,
                _ => link,
            };
            show(&dir, passphrase, json, "homes.accept_invite", json!({ "link": link }), |home| {
                let words: Vec<&str> =
                    home.pointer("/words/en").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
                format!(
                    "Paired with {}.\nSafety words: {}\nCompare them with the other home; if they differ, remove it at once.",
                    text(home, "/name"),
                    words.join(" ")
                )
            })
            .await
        }
        Command::Peers => show(&dir, passphrase, json, "homes.list", json!({}), homes::peers).await,
        Command::Backup {
            to,
            with_copies,
            secret,
        } => backup::make(&dir, to, with_copies, &secret, json).await,
        Command::Restore {
            file,
            dry_run,
            secret,
        } => backup::restore(&dir, file, dry_run, &secret, passphrase, json).await,
        Command::Doctor { bundle } => doctor::run(&dir, bundle, named, json).await,
        Command::RenewKeys { home } => homes::act(&dir, passphrase, json, &home, Act::RenewKeys).await,
        Command::Try { home } => match home {
            Some(home) => homes::act(&dir, passphrase, json, &home, Act::Try).await,
            None => homes::try_all(&dir, json).await,
        },
        Command::Pause { minutes } => {
            let request = json!({ "minutes": minutes });
            show(&dir, passphrase, json, "homes.pause_sending", request, |_until| {
                let time = span(u64::from(minutes));
                format!("Nothing is sent for {time}. “hearth resume” ends that.")
            })
            .await
        }
        Command::Resume => {
            show(
                &dir,
                passphrase,
                json,
                "homes.pause_sending",
                json!({}),
                |_sends| "What waits goes out.".to_owned(),
            )
            .await
        }
        Command::Block { home } => homes::act(&dir, passphrase, json, &home, Act::Block).await,
        Command::Unblock { home } => homes::act(&dir, passphrase, json, &home, Act::Unblock).await,
        Command::Remove { home, keep_copies } => {
            remove::run(&dir, passphrase, json, &home, keep_copies).await
        }
        Command::Access { what, port } => access::run(&dir, passphrase, json, what, port).await,
        Command::Key { place } => {
            let request = json!({ "keychain": place == "keychain" });
            show(&dir, passphrase, json, "app.set_key_place", request, |answer| {
                if text(answer, "/lies") == "keychain" {
                    "The key of this home is in this computer's keychain.".to_owned()
                } else {
                    "The key of this home is in its file, master.key.".to_owned()
                }
            })
            .await
        }
        Command::ResetPassword {
            username,
            remove_second_step,
        } => {
            let request = json!({ "username": username, "remove_totp": remove_second_step });
            show(
                &dir,
                passphrase,
                json,
                "account.create_reset_code_here",
                request,
                |made| {
                    format!(
                        "{}\n\nThe code for {}, who signs in as “{}”. At the sign-in page choose “Forgot your password?” and enter it with a \
                         new password. It is good for 24 hours, and once.",
                        text(made, "/code"),
                        text(made, "/name"),
                        text(made, "/username")
                    )
                },
            )
            .await
        }
        Command::Status => show(&dir, passphrase, json, "homes.health", json!({}), homes::status).await,
    }
}

/// Runs the home until somebody ends it; opens it anew when a restored one waits to take its place.
async fn serve(mut config: NodeConfig, json: bool) -> ExitCode {
    let mut stop = Stop::listen();
    loop {
        let node = match Node::open(config.clone()).await {
            Ok(node) => node,
            Err(OpenError::InUse) => return output::fail(json, &OpenError::InUse.to_string(), 4),
            Err(error) => return output::fail(json, &error.in_words(), 1),
        };
        if let Some(ui) = node.ui_address() {
            output::note(&match missing_window(config.ui_dir.as_deref()) {
                None => format!("Hearth is running. Open http://{ui} in a browser on this machine."),
                Some(lack) => format!("Hearth is running, but without its window. {lack}"),
            });
        }
        // A free port stays the same one.
        config.ui_listen = node.ui_address();
        config.federation_listen = node.federation_address();
        let restart = node.restart_wanted();
        tokio::select! {
            () = stop.asked() => {}
            () = restart.cancelled() => {}
        }
        tracing::info!("Closing");
        node.close().await;
        if !restart.is_cancelled() {
            return ExitCode::SUCCESS;
        }
        // The folder's lock goes with the last of the node.
        drop(node);
    }
}

/// Puts a command and prints the answer.
pub(crate) async fn show(
    dir: &Path,
    passphrase: Option<Zeroizing<String>>,
    json: bool,
    command: &str,
    request: Value,
    sentence: impl FnOnce(&Value) -> String,
) -> ExitCode {
    match put(dir, passphrase, command, request).await {
        Ok(answer) => output::answer(json, &answer, sentence),
        Err(error) => output::refuse(json, &error),
    }
}

pub(crate) async fn put(
    dir: &Path,
    passphrase: Option<Zeroizing<String>>,
    command: &str,
    request: Value,
) -> Result<Value, ApiError> {
    if let Some(result) = control::call(dir, command, &request).await {
        // Who calls this way is the owner, so it is an owner that is missing.
        return result.map_err(|error| match error.code {
            Code::SignInNeeded => not_set_up(),
            _ => error,
        });
    }
    // Only making a home makes one: a mistyped folder stays as it was.
    if let Some(none) = NoHome::of(dir) {
        match none.kind {
            NoHomeKind::Closed | NoHomeKind::DatabaseGone => {
                return Err(ApiError::new(Code::Unavailable, none.in_words()));
            }
            NoHomeKind::Nothing if command == "app.create_home" => {}
            NoHomeKind::Nothing => return Err(ApiError::new(Code::NotSetUp, none.in_words())),
        }
    }
    let mut config = NodeConfig::new(dir);
    config.federation_listen = None;
    config.access_listen = None;
    config.workers = false;
    config.passphrase = passphrase;
    let node = Node::open(config)
        .await
        .map_err(|error| ApiError::new(Code::Unavailable, error.in_words()))?;
    let result = if command == "app.create_home" || node.is_set_up().await? {
        node.dispatch(Caller::control(), command, request).await.result
    } else {
        Err(not_set_up())
    };
    node.close().await;
    result
}

fn not_set_up() -> ApiError {
    ApiError::new(
        Code::NotSetUp,
        "This home is not set up yet. Run “hearth init”, or open its window.",
    )
}

/// What is to be said when there is no window in its folder. The home runs all the same: other homes must not miss it for that.
fn missing_window(dir: Option<&Path>) -> Option<String> {
    match dir {
        Some(dir) if dir.join("index.html").is_file() => None,
        Some(dir) => Some(format!(
            "There is no window in {}: it has no index.html. Name the right folder with --ui-dir (HEARTH_UI_DIR), or leave that out where \
             the package hearth-node is installed, and start Hearth again.",
            dir.display()
        )),
        None => Some(
            "The files of its window are not beside the program. Install the package hearth-node, or name their folder with --ui-dir \
             (HEARTH_UI_DIR), and start Hearth again; --no-ui runs it without."
                .to_owned(),
        ),
    }
}

/// The window as installed: beside the program, also where that is called by a link elsewhere, or where packages put it.
fn installed_ui() -> Option<PathBuf> {
    let called = std::env::current_exe().ok();
    let real = called.as_ref().and_then(|exe| exe.canonicalize().ok());
    let beside = |exe: PathBuf| Some(exe.parent()?.join("ui"));
    [
        called.and_then(beside),
        real.and_then(beside),
        Some(PathBuf::from("/usr/share/hearth/ui")),
    ]
    .into_iter()
    .flatten()
    .find(|dir| dir.join("index.html").is_file())
}

/// The password of a new account, which no terminal shows.
fn new_password() -> std::io::Result<Zeroizing<String>> {
    const QUESTION: &str = "The owner's password (8 to 128 characters), then Enter:";
    let mut stdin = std::io::stdin().lock();
    if stdin.is_terminal() {
        return rpassword::prompt_password(format!("{QUESTION} ")).map(Zeroizing::new);
    }
    output::note(QUESTION);
    let mut line = Zeroizing::new(String::new());
    stdin.read_line(&mut line)?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}
