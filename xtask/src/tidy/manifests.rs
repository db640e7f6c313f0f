//! Who may depend on whom, and that every crate takes the common lints.

use super::{Findings, Tree};

/// The crates of this workspace that a crate may name among its dependencies; tests may use more.
const MAY_USE: [(&str, &[&str]); 11] = [
    ("crates/hearth-api", &[]),
    ("crates/hearth-db", &["hearth-api"]),
    ("crates/hearth-llm", &["hearth-api"]),
    ("crates/hearth-media", &["hearth-api"]),
    ("crates/hearth-search", &["hearth-api"]),
    ("crates/hearth-federation", &["hearth-api", "hearth-db"]),
    (
        "crates/hearth-social",
        &["hearth-api", "hearth-db", "hearth-federation", "hearth-media"],
    ),
    (
        "crates/hearth-assistant",
        &[
            "hearth-api",
            "hearth-db",
            "hearth-llm",
            "hearth-media",
            "hearth-search",
        ],
    ),
    (
        "crates/hearth-node",
        &[
            "hearth-api",
            "hearth-assistant",
            "hearth-db",
            "hearth-federation",
            "hearth-llm",
            "hearth-media",
            "hearth-search",
            "hearth-social",
        ],
    ),
    ("ui", &["hearth-api"]),
    ("", &["hearth-api", "hearth-node"]),
];

pub(super) fn judge(tree: &Tree, findings: &mut Findings) {
    for file in tree.files.iter().filter(|file| file.path.ends_with("Cargo.toml")) {
        let path = file.path.as_str();
        let folder = path.trim_end_matches("Cargo.toml").trim_end_matches('/');
        let mut section = "";
        let mut lints = false;
        for (index, line) in file.text.lines().enumerate() {
            let line = line.trim();
            if line.starts_with('[') {
                section = line.trim_matches(['[', ']']);
                continue;
            }
            lints |= section == "lints" && line == "workspace = true";
            if let Some(name) = dependency(section, line) {
                judge_dependency(path, folder, section, name, index + 1, findings);
            }
        }
        if !lints {
            findings.fault(
                path,
                0,
                "takes no part in the common lints: add `[lints]` with `workspace = true`",
            );
        }
    }
}

/// The name of the dependency that a line of a manifest declares.
fn dependency<'a>(section: &str, line: &'a str) -> Option<&'a str> {
    let declares = section.ends_with("dependencies") && section != "workspace.dependencies";
    let name = line.split(['=', '.', ' ']).next().unwrap_or_default();
    (declares && !name.is_empty() && !name.starts_with('#')).then_some(name)
}

fn judge_dependency(
    path: &str,
    folder: &str,
    section: &str,
    name: &str,
    line: usize,
    findings: &mut Findings,
) {
    if name.starts_with("tauri") && !folder.is_empty() {
        findings.fault(
            path,
            line,
            format!("`{name}`: only the desktop shell knows Tauri"),
        );
    }
    if name.starts_with("rusqlite") && folder != "crates/hearth-db" {
        findings.fault(path, line, format!("`{name}`: only hearth-db speaks SQL"));
    }
    let shipped = !section.ends_with("dev-dependencies");
    if !shipped || !name.starts_with("hearth-") {
        return;
    }
    if let Some((_, allowed)) = MAY_USE.iter().find(|(user, _)| *user == folder)
        && !allowed.contains(&name)
    {
        findings.fault(
            path,
            line,
            format!("may not depend on `{name}`: see ARCHITECTURE.md"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dependency_rule_holds_for_shipped_code() {
        let tree = Tree::of(&[
            (
                "crates/hearth-api/Cargo.toml",
                "[dependencies]\nhearth-db.workspace = true\n[lints]\nworkspace = true\n",
            ),
            (
                "ui/Cargo.toml",
                "[dependencies]\ntauri = \"2\"\n[lints]\nworkspace = true\n",
            ),
            (
                "tests/Cargo.toml",
                "[dependencies]\nhearth-db.workspace = true\nrusqlite.workspace = true\n",
            ),
            (
                "Cargo.toml",
                "[dependencies]\ntauri = { version = \"2\" }\n[lints]\nworkspace = true\n",
            ),
        ]);
        assert_eq!(
            tree.faults(judge),
            [
                "crates/hearth-api/Cargo.toml:2: may not depend on `hearth-db`: see ARCHITECTURE.md",
                "ui/Cargo.toml:2: `tauri`: only the desktop shell knows Tauri",
                "tests/Cargo.toml:3: `rusqlite`: only hearth-db speaks SQL",
                "tests/Cargo.toml: takes no part in the common lints: add `[lints]` with `workspace = true`",
            ]
        );
    }
}
