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

/// Checks all of the above, and that `Cargo.lock` is up to date.
pub(crate) fn run() -> Result<()> {
    let api = tree(&["--package", "hearth-api", "--target", "all"])?;
    let all = tree(&EVERYTHING)?;
    let node = tree(&["--package", "hearth-node"])?;
    let mut found = Vec::new();
    found.extend(present(&api, &NOT_IN_API).map(|name| format!("hearth-api depends on {name}")));
    found.extend(present(&all, &NOWHERE).map(|name| format!("{name} is in the tree")));
    found.extend(present(&node, &["tauri", "gtk"]).map(|name| format!("hearth-node depends on {name}")));
    for name in ONCE {
        if let Some(versions) = all.get(name).filter(|versions| versions.len() > 1) {
            let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
            found.push(format!(
                "{name} is there {} times: {}",
                versions.len(),
                versions.join(", ")
            ));
        }
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
        assert_eq!(present(&tree, &["ring", "a"]).collect::<Vec<_>>(), ["a"]);
    }
}
