//! The house rules that neither the compiler nor clippy knows.
//!
//! Each rule is a function from the files to findings; it reads nothing itself, so the tests hand it made-up
//! files. The rules: [`text`] for every file, [`manifests`] for who may depend on whom, [`docs`] for links,
//! [`locales`] for the languages, [`migrations`] for the database, [`workflows`] for what runs on machines of others.

mod docs;
mod locales;
mod manifests;
mod migrations;
mod text;
mod workflows;

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::sh;

/// A text file of the repository.
pub(crate) struct File {
    /// Its path below the root, with `/` as separator.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Everything that is neither ignored nor generated.
#[derive(Default)]
pub(crate) struct Tree {
    pub(crate) files: Vec<File>,
    /// The paths of all files, also of those that are no text, and of all folders.
    pub(crate) paths: BTreeSet<String>,
}

/// What a rule has to say.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    faults: Vec<String>,
    hints: Vec<String>,
}

impl Findings {
    /// Something that must be mended.
    pub(crate) fn fault(&mut self, path: &str, line: usize, message: impl AsRef<str>) {
        self.faults.push(at(path, line, message.as_ref()));
    }

    /// Something to think about.
    pub(crate) fn hint(&mut self, path: &str, line: usize, message: impl AsRef<str>) {
        self.hints.push(at(path, line, message.as_ref()));
    }
}

/// `line` counts from 1; 0 is the file as a whole.
fn at(path: &str, line: usize, message: &str) -> String {
    if line == 0 {
        format!("{path}: {message}")
    } else {
        format!("{path}:{line}: {message}")
    }
}

/// Applies every rule to the repository.
pub(crate) fn run() -> Result<()> {
    sh::step("tidy", || {
        let tree = read(&sh::root())?;
        let findings = judge(&tree);
        for hint in &findings.hints {
            println!("    note: {hint}");
        }
        if findings.faults.is_empty() {
            println!("    {} files are in order", tree.files.len());
            return Ok(());
        }
        bail!(
            "{}\n{} things to mend",
            findings.faults.join("\n"),
            findings.faults.len()
        )
    })
}

/// The links in the documents of a folder that lead nowhere inside it.
#[cfg(test)]
pub(crate) fn dead_links(folder: &Path) -> Result<Vec<String>> {
    let mut findings = Findings::default();
    docs::judge(&read(folder)?, &mut findings);
    Ok(findings.faults)
}

fn judge(tree: &Tree) -> Findings {
    let mut findings = Findings::default();
    for file in &tree.files {
        text::judge(file, &mut findings);
    }
    manifests::judge(tree, &mut findings);
    docs::judge(tree, &mut findings);
    locales::judge(tree, &mut findings);
    migrations::judge(tree, &mut findings);
    workflows::judge(tree, &mut findings);
    findings.faults.sort();
    findings.hints.sort();
    findings
}

/// Folders that hold no sources.
fn is_generated(path: &str) -> bool {
    matches!(path, ".git" | "target" | "gen" | "ui/dist" | "tests/shots") || path.ends_with("node_modules")
}

fn read(root: &Path) -> Result<Tree> {
    let mut tree = Tree::default();
    let mut waiting = vec![String::new()];
    while let Some(folder) = waiting.pop() {
        let full = root.join(&folder);
        // Every target directory marks itself, whatever its name is.
        if full.join("CACHEDIR.TAG").exists() {
            continue;
        }
        for entry in std::fs::read_dir(&full).with_context(|| format!("Listing {}", full.display()))? {
            let entry = entry.with_context(|| format!("Listing {}", full.display()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() {
                name
            } else {
                format!("{folder}/{name}")
            };
            if is_generated(&path) {
                continue;
            }
            let kind = entry.file_type().with_context(|| format!("Looking at {path}"))?;
            if kind.is_dir() {
                tree.paths.insert(path.clone());
                waiting.push(path);
                continue;
            }
            tree.paths.insert(path.clone());
            if text::is_text(&path) {
                let text = std::fs::read_to_string(entry.path())
                    .with_context(|| format!("Reading {path} as text"))?;
                tree.files.push(File { path, text });
            }
        }
    }
    tree.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(tree)
}

#[cfg(test)]
impl Tree {
    fn of(files: &[(&str, &str)]) -> Self {
        Self {
            files: files
                .iter()
                .map(|(path, text)| File {
                    path: (*path).to_owned(),
                    text: (*text).to_owned(),
                })
                .collect(),
            paths: files.iter().map(|(path, _)| (*path).to_owned()).collect(),
        }
    }

    /// The faults that `rule` finds.
    fn faults(&self, rule: impl Fn(&Self, &mut Findings)) -> Vec<String> {
        let mut findings = Findings::default();
        rule(self, &mut findings);
        findings.faults
    }
}
