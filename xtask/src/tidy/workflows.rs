//! What runs on machines of others: actions are named by the commit that was looked at, and nothing is compiled while a secret is
//! there, as a build script of any crate could read it.

use super::{Findings, Tree};

/// What compiles, or downloads and compiles.
const COMPILES: [&str; 6] = [
    "cargo build",
    "cargo tauri build",
    "cargo install",
    "cargo xtask",
    "cargo test",
    "cargo clippy",
];

pub(super) fn judge(tree: &Tree, findings: &mut Findings) {
    let workflows = tree
        .files
        .iter()
        .filter(|file| file.path.starts_with(".github/workflows/"));
    for file in workflows {
        for (index, line) in file.text.lines().enumerate() {
            if let Some((_, action)) = line.split_once("uses: ")
                && !is_pinned(action)
            {
                findings.fault(
                    &file.path,
                    index + 1,
                    format!("`{}` is to be named by its whole commit", action.trim()),
                );
            }
        }
        for (first, step) in steps(&file.text) {
            if let Some(what) = COMPILES.iter().find(|what| step.contains(**what))
                && step.contains("secrets.")
            {
                findings.fault(
                    &file.path,
                    first,
                    format!("`{what}` runs with a secret in reach: compile in a step before"),
                );
            }
        }
    }
}

/// `owner/name@` and forty digits of a commit, with its version behind; or a file of this repository.
fn is_pinned(action: &str) -> bool {
    let action = action.split_whitespace().next().unwrap_or_default();
    action.starts_with("./")
        || action
            .split_once('@')
            .is_some_and(|(_, commit)| commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()))
}

/// The steps of all jobs, each with the number of its first line.
fn steps(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    // How far the steps of this job are moved in, from the first of them on.
    let mut margin = None;
    let mut inside = false;
    for (index, line) in text.lines().enumerate() {
        let content = line.trim_start();
        let indent = line.len() - content.len();
        if content.is_empty() {
            continue;
        }
        if content.trim_end() == "steps:" {
            (inside, margin) = (true, None);
            continue;
        }
        if margin.is_some_and(|margin| indent < margin) {
            inside = false;
        }
        if !inside || content.starts_with('#') {
            continue;
        }
        if content.starts_with("- ") && margin.is_none_or(|margin| margin == indent) {
            margin = Some(indent);
            found.push((index + 1, String::new()));
        }
        if let Some((_, step)) = found.last_mut() {
            step.push_str(content);
            step.push('\n');
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "jobs:\n  a:\n    env:\n      FEED: ${{ secrets.KEY && 'x' }}\n    steps:\n";

    fn faults(steps: &str) -> Vec<String> {
        Tree::of(&[(".github/workflows/a.yml", &format!("{HEAD}{steps}"))]).faults(judge)
    }

    #[test]
    fn an_action_is_named_by_a_whole_commit() {
        let commit = "de0fac2e4500dabe0009e67214ff5f5447ce83dd";
        assert_eq!(
            faults(&format!("      - uses: actions/checkout@{commit} # v6.0.2\n")),
            Vec::<String>::new()
        );
        assert_eq!(faults("      - uses: actions/checkout@v6\n").len(), 1);
    }

    #[test]
    fn a_step_with_a_secret_compiles_nothing() {
        let build = "      - name: Build\n        run: |\n          cargo tauri build --no-bundle\n";
        let sign =
            "      - name: Sign\n        env:\n          KEY: ${{ secrets.KEY }}\n        run: sh sign.sh\n";
        assert_eq!(faults(&format!("{build}{sign}")), Vec::<String>::new());
        let both = "      - name: Both\n        env:\n          KEY: ${{ secrets.KEY }}\n        run: cargo tauri build\n";
        let found = faults(&format!("{build}{both}"));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("a.yml:9:"), "{found:?}");
    }

    #[test]
    fn a_job_after_another_has_its_own_steps() {
        let text = format!(
            "{HEAD}      - run: cargo build\n  b:\n    env:\n      K: ${{{{ secrets.K }}}}\n    steps:\n      - run: x\n"
        );
        assert_eq!(steps(&text).len(), 2);
        assert!(
            Tree::of(&[(".github/workflows/a.yml", &text)])
                .faults(judge)
                .is_empty()
        );
    }
}
