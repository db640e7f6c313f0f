//! Rules for single files: SQL in its place, nothing unfinished, no machine's paths, clean line ends, small files.

use super::{File, Findings};

/// Longer files are worth a thought; [`MAX_LINES`] is the end.
const MANY_LINES: usize = 500;
const MAX_LINES: usize = 800;

/// Words that mean that something is not done. Put together so that this file does not find itself.
const UNFINISHED: [&str; 4] = [
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
    concat!("FIX", "ME"),
    "#[ignore",
];

/// What SQL looks like in a Rust file. Upper case, as our style wants it.
const SQL: [&str; 9] = [
    "SELECT ",
    "INSERT INTO ",
    "INSERT OR ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "ALTER TABLE ",
    "PRAGMA ",
    "ORDER BY ",
    "rusqlite",
];

/// Homes of people and of build machines.
const MACHINE_PATHS: [&str; 4] = ["/home/", "/root/", "/Users/", "C:\\Users"];

const TEXT: [&str; 16] = [
    "rs",
    "toml",
    "md",
    "css",
    "html",
    "js",
    "json",
    "ftl",
    "sql",
    "yml",
    "yaml",
    "txt",
    "sh",
    "gitignore",
    "editorconfig",
    "taurignore",
];

/// Whether a file is one of ours to read as text.
pub(super) fn is_text(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path == ".ci/run"
        || name.starts_with("LICENSE-MIT")
        || name
            .rsplit_once('.')
            .is_some_and(|(_, extension)| TEXT.contains(&extension))
}

pub(super) fn judge(file: &File, findings: &mut Findings) {
    let path = file.path.as_str();
    // Licence texts and generated files stay as they came.
    if ["ui/assets/", "tests/browser/"]
        .iter()
        .any(|folder| path.starts_with(folder))
        || path == "Cargo.lock"
    {
        return;
    }
    let rust = path.ends_with(".rs");
    let rule_book = path.starts_with("xtask/src/tidy/");
    // The page has no database, but it colours SQL that a model wrote.
    let may_hold_sql = ["crates/hearth-db/", "xtask/", "ui/"]
        .iter()
        .any(|folder| path.starts_with(folder));
    for (index, line) in file.text.lines().enumerate() {
        let number = index + 1;
        if line.ends_with([' ', '\t', '\r']) {
            findings.fault(path, number, "white space at the end of the line");
        }
        if rule_book {
            continue;
        }
        let comment = line.trim_start().starts_with("//");
        if rust {
            for needle in UNFINISHED {
                if line.contains(needle) && !(comment && needle.starts_with('#')) {
                    findings.fault(path, number, format!("`{needle}`: finish it or take it out"));
                }
            }
        }
        if rust
            && !may_hold_sql
            && !comment
            && let Some(needle) = SQL.iter().find(|needle| line.contains(**needle))
        {
            findings.fault(path, number, format!("`{}` outside hearth-db", needle.trim()));
        }
        for needle in MACHINE_PATHS {
            if names_a_machine(line, needle) {
                findings.fault(path, number, format!("a path of one machine: {needle}…"));
            }
        }
    }
    if !file.text.is_empty() && !file.text.ends_with('\n') {
        findings.fault(path, 0, "the last line does not end");
    }
    if rust || path.ends_with(".css") {
        let lines = file.text.lines().count();
        if lines > MAX_LINES {
            findings.fault(
                path,
                0,
                format!("{lines} lines; {MAX_LINES} is the limit, so cut it along its seams"),
            );
        } else if lines > MANY_LINES {
            findings.hint(path, 0, format!("{lines} lines, more than {MANY_LINES}"));
        }
    }
    if rust && is_source(path) && !file.text.starts_with("//!") && !file.text.is_empty() {
        findings.fault(path, 0, "no `//!` at the top: say what the module is for");
    }
}

/// Whether a Rust file is a module of its own rather than the tests of one.
fn is_source(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name != "tests.rs" && !path.contains("/tests/") && !path.starts_with("tests/it/") && name != "build.rs"
}

/// Whether `needle` stands at the start of a path in `line`: `"/home/anna"`, but not `src/home/mod.rs`.
fn names_a_machine(line: &str, needle: &str) -> bool {
    line.match_indices(needle).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '/' | '_' | '-' | '.' | '}' | '*'))
    })
}

#[cfg(test)]
mod tests {
    use super::super::Tree;
    use super::*;

    fn faults(path: &str, text: &str) -> Vec<String> {
        Tree::of(&[(path, text)]).faults(|tree, findings| {
            for file in &tree.files {
                judge(file, findings);
            }
        })
    }

    #[test]
    fn a_clean_file_passes() {
        assert_eq!(
            faults("crates/x/src/lib.rs", "//! X.\n// SELECT is a word.\n"),
            Vec::<String>::new()
        );
        assert_eq!(
            faults(
                "crates/hearth-db/src/a.rs",
                "//! A.\nconst Q: &str = \"SELECT 1\";\n"
            )
            .len(),
            0
        );
    }

    #[test]
    fn each_rule_finds_its_fault() {
        for (path, text, expected) in [
            ("a.md", "text \n", "a.md:1: white space at the end of the line"),
            ("a.md", "text", "a.md: the last line does not end"),
            (
                "ui/src/a.rs",
                "fn main() {}\n",
                "ui/src/a.rs: no `//!` at the top: say what the module is for",
            ),
            (
                "crates/x/src/a.rs",
                "//! A.\nconst A: &str = \"SELECT 1\";\n",
                "crates/x/src/a.rs:2: `SELECT` outside hearth-db",
            ),
            (
                "crates/x/src/a.rs",
                "//! A.\nuse rusqlite::Row;\n",
                "crates/x/src/a.rs:2: `rusqlite` outside hearth-db",
            ),
            (
                "ui/src/a.rs",
                "//! A.\n#[ignore]\n",
                "ui/src/a.rs:2: `#[ignore`: finish it or take it out",
            ),
            (
                "a.md",
                "see /home/anna/x\n",
                "a.md:1: a path of one machine: /home/…",
            ),
        ] {
            assert_eq!(faults(path, text), [expected]);
        }
    }

    #[test]
    fn paths_inside_the_repository_are_no_machine_paths() {
        assert!(!names_a_machine("mod at src/home/mod.rs", "/home/"));
        assert!(!names_a_machine("https://example.org/home/x", "/home/"));
        assert!(names_a_machine("\"/home/x\"", "/home/"));
    }

    #[test]
    fn a_file_that_is_too_long_fails() {
        let text = format!("//! A.\n{}", "//\n".repeat(MAX_LINES));
        assert_eq!(faults("ui/src/a.rs", &text).len(), 1);
    }
}
