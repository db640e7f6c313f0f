//! Removing another home on the command line, with the question that the window asks: what is lost, its name typed, the password again.

use crate::commands::{put, show};
use crate::homes::find_home;
use crate::output;
use hearth_api::{ApiError, Code};
use serde_json::{Value, json};
use std::io::{BufRead as _, IsTerminal as _};
use std::path::Path;
use std::process::ExitCode;
use zeroize::Zeroizing;

/// Removes the home that `wanted` means.
pub(crate) async fn run(
    dir: &Path,
    passphrase: Option<Zeroizing<String>>,
    json: bool,
    wanted: &str,
    keeping: bool,
) -> ExitCode {
    let (id, name, losses) = match asked_about(dir, passphrase.clone(), wanted).await {
        Ok(found) => found,
        Err(error) => return output::refuse(json, &error),
    };
    output::note(&question(&name, &losses, keeping));
    let answered = match answers(&name) {
        Ok(password) => password,
        Err(error) => return output::refuse(json, &error),
    };
    let action = if keeping { "remove_keeping" } else { "remove" };
    let request = json!({ "home": id, "action": action, "password": answered.as_str() });
    show(dir, passphrase, json, "homes.change", request, |_done| {
        format!("{name} was removed. Connecting again needs a new invite.")
    })
    .await
}

/// Which home is meant, how it is called, and what is lost with it.
async fn asked_about(
    dir: &Path,
    passphrase: Option<Zeroizing<String>>,
    wanted: &str,
) -> Result<(String, String, Value), ApiError> {
    let homes = put(dir, passphrase.clone(), "homes.list", json!({})).await?;
    let (id, name) = find_home(&homes, wanted)?;
    let losses = put(dir, passphrase, "homes.losses", json!({ "home": id })).await?;
    Ok((id, name, losses))
}

/// What the window asks.
fn question(name: &str, losses: &Value, keeping: bool) -> String {
    let count = |of: &str| losses.get(of).and_then(Value::as_u64).unwrap_or(0);
    let mut lines = vec![format!(
        "Removing {name} ends the connection on both sides. That home is asked to erase what it has from here."
    )];
    let mut loses = |count: u64, one: &str, many: &str| {
        if count > 0 {
            lines.push(format!("  {count} {}", if count == 1 { one } else { many }));
        }
    };
    loses(count("friendships"), "friendship ends.", "friendships end.");
    if !keeping {
        loses(
            count("posts"),
            "post from there is deleted here.",
            "posts from there are deleted here.",
        );
        loses(
            count("files"),
            "picture or file from there is deleted here.",
            "pictures and files from there are deleted here.",
        );
    }
    loses(
        count("waiting"),
        "thing that waits for it is never sent.",
        "things that wait for it are never sent.",
    );
    if keeping {
        lines.push("  What came from there stays, to be read by those who can see it now.".to_owned());
    }
    lines.push("  What people here wrote stays here.".to_owned());
    lines.join("\n")
}

/// The owner's password, once the home's name was typed.
fn answers(name: &str) -> Result<Zeroizing<String>, ApiError> {
    let typed = line("Type the name of the home to remove it: ", false)?;
    if typed.trim().to_lowercase() != name.trim().to_lowercase() {
        return Err(ApiError::new(
            Code::Invalid,
            format!("That is not “{name}”. Nothing was done."),
        ));
    }
    line("The owner's password: ", true)
}

/// A line from standard input; a secret one is not shown while it is typed.
fn line(question: &str, secret: bool) -> Result<Zeroizing<String>, ApiError> {
    let unread = |error: std::io::Error| {
        ApiError::new(
            Code::Invalid,
            format!("No answer was read: {error}. Nothing was done."),
        )
    };
    if secret && std::io::stdin().is_terminal() {
        return rpassword::prompt_password(question)
            .map(Zeroizing::new)
            .map_err(unread);
    }
    output::note(question.trim_end());
    let mut text = Zeroizing::new(String::new());
    std::io::stdin().lock().read_line(&mut text).map_err(unread)?;
    Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_is_said_and_what_is_kept_is_not_lost() {
        let losses = json!({"friendships": 1, "posts": 2, "files": 1, "file_bytes": 9, "waiting": 0});
        let asked = question("Lake House", &losses, false);
        for line in [
            "1 friendship ends.",
            "2 posts from there are",
            "1 picture or file",
        ] {
            assert!(asked.contains(line), "{line}: {asked}");
        }
        assert!(!asked.contains("never sent"), "{asked}");
        let keeping = question("Lake House", &losses, true);
        assert!(
            keeping.contains("stays, to be read") && !keeping.contains("deleted"),
            "{keeping}"
        );
    }
}
