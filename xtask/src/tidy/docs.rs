//! Every relative link in a document leads to a file of the repository, and to a heading of it if it names one.

use std::collections::{BTreeMap, BTreeSet};

use super::{Findings, Tree};

pub(super) fn judge(tree: &Tree, findings: &mut Findings) {
    let documents = || tree.files.iter().filter(|file| file.path.ends_with(".md"));
    let places: BTreeMap<&str, BTreeSet<String>> = documents()
        .map(|file| (file.path.as_str(), headings(&file.text)))
        .collect();
    for file in documents() {
        for (number, line) in prose(&file.text) {
            for target in links(line) {
                let Some((path, place)) = resolve(&file.path, target) else {
                    continue;
                };
                let there = path.is_empty() || tree.paths.contains(&path);
                let found = there
                    && place.is_none_or(|place| {
                        places
                            .get(path.as_str())
                            .is_none_or(|headings| headings.contains(place))
                    });
                if !found {
                    findings.fault(
                        &file.path,
                        number,
                        format!("the link to `{target}` leads nowhere"),
                    );
                }
            }
        }
    }
}

/// The lines of a document that are no code, with their numbers from 1.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_code = false;
    (1..).zip(text.lines()).filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !in_code && !fence
    })
}

/// The names by which the headings of a document are linked to, as GitHub makes them: the same heading again gets a number.
fn headings(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, line) in prose(text) {
        let title = line.trim_start_matches('#');
        let level = line.len() - title.len();
        if !(1..=6).contains(&level) || !title.starts_with(' ') {
            continue;
        }
        let name: String = title
            .trim()
            .to_lowercase()
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect();
        let free = (1..)
            .map(|n| format!("{name}-{n}"))
            .find(|numbered| !found.contains(numbered));
        let taken = found.contains(&name);
        found.extend(if taken { free } else { Some(name) });
    }
    found
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

/// The path below the root that a link means, and the heading there; none for addresses.
fn resolve<'t>(from: &str, target: &'t str) -> Option<(String, Option<&'t str>)> {
    if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (target, place) = match target.split_once('#') {
        Some((target, place)) => (target, Some(place)),
        None => (target, None),
    };
    if target.is_empty() {
        return Some((from.to_owned(), place));
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
    Some((parts.join("/"), place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_to_missing_files_and_headings_are_found() {
        let tree = Tree::of(&[
            (
                "README.md",
                "[a](docs/a.md#the-top-twice) [b](https://x.org/y#z) [c](#here)\n<img src=\"docs/no.png\">\n\
                 [d](docs/a.md#the-top-twice-1) [e](docs/a.md#none)\n",
            ),
            (
                "docs/a.md",
                "# The top, twice\n[up](../README.md) [gone](b.md)\n```\n# None\n[x](none.md)\n```\n## The top twice\n",
            ),
        ]);
        assert_eq!(
            tree.faults(judge),
            [
                "README.md:1: the link to `#here` leads nowhere",
                "README.md:2: the link to `docs/no.png` leads nowhere",
                "README.md:3: the link to `docs/a.md#none` leads nowhere",
                "docs/a.md:2: the link to `b.md` leads nowhere",
            ]
        );
    }
}
