//! A second implementation of the protocol, in another language and written from its document, agrees with the published vectors.

use std::path::Path;
use std::process::{Command, Output};

fn verify(files: &[&Path]) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("verifier/verify.py");
    let python = if cfg!(windows) { "python" } else { "python3" };
    Command::new(python)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(script)
        .args(files)
        .output()
        .expect("Python 3; `cargo xtask setup` installs it")
}

fn published() -> serde_json::Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/protocol-vectors.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn verdict(vectors: &serde_json::Value) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vectors.json");
    std::fs::write(&path, vectors.to_string()).unwrap();
    said(&verify(&[&path]))
}

fn said(output: &Output) -> Result<String, String> {
    if output.status.success() {
        Ok(String::from_utf8(output.stdout.clone()).unwrap())
    } else {
        Err(String::from_utf8(output.stderr.clone()).unwrap())
    }
}

#[test]
fn another_implementation_computes_what_is_published() {
    let said = verdict(&published()).unwrap();
    assert!(said.contains("refused as they must be"), "{said}");
    assert!(said.contains("friendships"), "{said}");
}

#[test]
fn it_notices_a_friendship_that_is_none() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let stories = std::fs::read_to_string(docs.join("friendship-vectors.json")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("friendships.json");
    for (before, after) in [
        (r#""word":"remove""#, r#""word":"accept""#),
        (r#""a_is_shown_to_b":true"#, r#""a_is_shown_to_b":false"#),
        (r#""friends_since":null"#, r#""friends_since":1795305600000"#),
    ] {
        assert!(stories.contains(before));
        std::fs::write(&path, stories.replacen(before, after, 1)).unwrap();
        let output = verify(&[&docs.join("protocol-vectors.json"), &path]);
        assert!(said(&output).unwrap_err().starts_with("friendships"), "{after}");
    }
}

#[test]
fn it_notices_every_vector_that_is_changed() {
    let published = published();
    // What is compared with what was computed, and what it was computed from.
    for place in [
        "/keys/node_id_shown",
        "/keys/pair_secret_keyid",
        "/keys/person_public",
        "/clock/second",
        "/clock/far_ahead/counts_as",
        "/activity/jws",
        "/activity/identity_jws",
        "/activity/node_jws",
        "/invite/link",
        "/invite/invite_id",
        "/pairing/request",
        "/pairing/answer",
        "/pairing/transcript",
        "/pairing/pair_secret",
        "/pairing/words/en/4",
        "/rotation/next_secret",
        "/request_with_body/base",
        "/request_with_body/headers/signature",
        "/request_without_body/headers/content-digest",
        "/request_without_query/base",
        "/answer/headers/signature",
        "/batch/receipt",
    ] {
        let mut changed = published.clone();
        let text = changed.pointer_mut(place).unwrap();
        let mut letters: Vec<char> = text.as_str().unwrap().chars().collect();
        let middle = letters.len() / 2;
        letters[middle] = if letters[middle] == '2' { '3' } else { '2' };
        *text = letters.into_iter().collect::<String>().into();
        assert!(verdict(&changed).is_err(), "{place} was changed");
    }
}

#[test]
fn it_fails_over_a_vector_that_it_does_not_check() {
    let mut more = published();
    more["pairing"]["something_new"] = 1.into();
    let said = verdict(&more).unwrap_err();
    assert!(said.contains("vectors.pairing.something_new"), "{said}");
    let mut accepted = published();
    let good = accepted["keys"]["node_id"].clone();
    accepted["refused"][0]["value"] = good;
    assert!(verdict(&accepted).unwrap_err().contains("not refused"));
}
