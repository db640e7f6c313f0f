//! The gate on the dependency tree: what must not be there, and what must be there once.
//!
//! `deny.toml` bans most of this too; this gate needs no tool that would have to be installed, and can look at a
//! single crate.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};

use crate::check::EVERYTHING;
use crate::sh;

/// Nothing that does input or output may come along with the shared types.
const NOT_IN_API: [&str; 9] = [
    "tokio",
    "rusqlite",
    "libsqlite3-sys",
    "reqwest",
    "axum",
    "tauri",
    "hyper",
    "rustls",
    "ring",
];

/// A second TLS stack, or one that is not rustls on ring.
const NOWHERE: [&str; 7] = [
    "aws-lc-rs",
    "aws-lc-sys",
    "openssl",
    "openssl-sys",
    "native-tls",
    "boring",
    "rustls-openssl",
];

/// One generation of each: two would mean two databases in one process, two TLS stacks or twice the cryptography.
const ONCE: [&str; 16] = [
    "libsqlite3-sys",
    "rusqlite",
    "rustls",
    "ring",
    "sha2",
    "digest",
    "hmac",
    "hkdf",
    "argon2",
    "chacha20poly1305",
    "ed25519-dalek",
    "x25519-dalek",
    "curve25519-dalek",
    "rand_core",
    "reqwest",
    "uuid",
];

/// The desktop's updater brings an HTTP client of another generation along than the one that speaks with model servers. Below it, and
/// nowhere else, there may be a second one.
const UPDATER: &str = "tauri-plugin-updater";
const ASIDE: [&str; 1] = ["reqwest"];

/// Checks all of the above, and that `Cargo.lock` is up to date.
pub(crate) fn run() -> Result<()> {
    let api = tree(&["--package", "hearth-api", "--target", "all"])?;
    let all = tree(&EVERYTHING)?;
    let apart = tree(&[&EVERYTHING[..], &["--prune", UPDATER]].concat())?;
    let node = tree(&["--package", "hearth-node"])?;
    let mut found = Vec::new();
    found.extend(present(&api, &NOT_IN_API).map(|name| format!("hearth-api depends on {name}")));
    found.extend(present(&all, &NOWHERE).map(|name| format!("{name} is in the tree")));
    found.extend(
        present(&node, &["tauri", "gtk", UPDATER]).map(|name| format!("hearth-node depends on {name}")),
    );
    for name in ONCE {
        let aside = ASIDE.contains(&name);
        found.extend(too_often(if aside { &apart } else { &all }, name, 1));
        found.extend(too_often(&all, name, if aside { 2 } else { 1 }).filter(|_| aside));
    }
    ensure!(
        found.is_empty(),
        "{}\n\n`cargo tree --invert <crate>` shows where it comes from",
        found.join("\n")
    );
    println!(
        "    {} crates in the tree, {} of them under hearth-api",
        all.len(),
        api.len()
    );
    Ok(())
}

/// What to say when more generations of a crate are there than may be.
fn too_often(tree: &Tree, name: &str, most: usize) -> Option<String> {
    let versions = tree.get(name).filter(|versions| versions.len() > most)?;
    let names: Vec<&str> = versions.iter().map(String::as_str).collect();
    Some(format!(
        "{name} is there {} times: {}",
        names.len(),
        names.join(", ")
    ))
}

type Tree = BTreeMap<String, BTreeSet<String>>;

fn present<'a>(tree: &'a Tree, names: &'a [&str]) -> impl Iterator<Item = &'a str> {
    names.iter().copied().filter(|name| tree.contains_key(*name))
}

/// What is linked into the selected packages; procedural macros run in the compiler and do not count.
fn tree(selection: &[&str]) -> Result<Tree> {
    let mut cargo = sh::cargo();
    cargo.args([
        "tree",
        "--locked",
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    Ok(parse(&sh::output(cargo.args(selection))?))
}

fn parse(text: &str) -> Tree {
    let mut tree = Tree::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        if let (Some(name), Some(version)) = (words.next(), words.next()) {
            tree.entry(name.to_owned())
                .or_default()
                .insert(version.to_owned());
        }
    }
    tree
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_lines_count_once_and_versions_separately() {
        let tree = parse("a v1.0.0 (/somewhere)\n\nsha2 v0.11.1\nsha2 v0.11.1 (*)\nsha2 v0.10.9\n");
        assert_eq!(tree.len(), 2);
        assert_eq!(tree["sha2"].len(), 2);
        assert_eq!(too_often(&tree, "a", 1), None);
        let twice = too_often(&tree, "sha2", 1);
        assert_eq!(twice.as_deref(), Some("sha2 is there 2 times: v0.10.9, v0.11.1"));
        assert_eq!(too_often(&tree, "sha2", 2), None);
        assert_eq!(present(&tree, &["ring", "a"]).collect::<Vec<_>>(), ["a"]);
    }
}
