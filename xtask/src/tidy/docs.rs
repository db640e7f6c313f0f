//! Every relative link in a document leads to a file of the repository.

use super::{Findings, Tree};

pub(super) fn judge(tree: &Tree, findings: &mut Findings) {
    for file in tree.files.iter().filter(|file| file.path.ends_with(".md")) {
        let mut in_code = false;
        for (index, line) in file.text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                in_code = !in_code;
            }
            if in_code {
                continue;
            }
            for target in links(line) {
                if let Some(path) = resolve(&file.path, target)
                    && !path.is_empty()
                    && !tree.paths.contains(&path)
                {
                    findings.fault(
                        &file.path,
                        index + 1,
                        format!("the link to `{target}` leads nowhere"),
                    );
                }
            }
        }
    }
}

/// The targets of `[text](target)` and of `src="target"` in a line.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let markdown = line
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', ' ']).next());
    let html = line
        .split("src=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    markdown.chain(html)
}

/// The path below the root that a link means; none for addresses and for places on the same page.
fn resolve(from: &str, target: &str) -> Option<String> {
    let target = target.split('#').next().unwrap_or_default();
    if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let mut parts: Vec<&str> = if target.starts_with('/') {
        Vec::new()
    } else {
        from.split('/').collect()
    };
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_to_missing_files_are_found() {
        let tree = Tree::of(&[
            (
                "README.md",
                "[a](docs/a.md#top) [b](https://x.org/y) [c](#here)\n<img src=\"docs/no.png\">\n",
            ),
            (
                "docs/a.md",
                "[up](../README.md) [gone](b.md)\n```\n[x](none.md)\n```\n",
            ),
        ]);
        assert_eq!(
            tree.faults(judge),
            [
                "README.md:2: the link to `docs/no.png` leads nowhere",
                "docs/a.md:1: the link to `b.md` leads nowhere",
            ]
        );
    }
}
