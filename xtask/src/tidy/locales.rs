//! Every language has the same messages with the same arguments as English, each once.

use std::collections::{BTreeMap, BTreeSet};

use super::{Findings, Tree};

/// The page's words, and those of the desktop shell.
const FOLDERS: [&str; 2] = ["ui/locales/", "src-tauri/locales/"];
const REFERENCE: &str = "en";

/// A message or attribute, with the variables that it uses.
type Messages = BTreeMap<String, BTreeSet<String>>;

pub(super) fn judge(tree: &Tree, findings: &mut Findings) {
    for folder in FOLDERS {
        judge_folder(tree, folder, findings);
    }
}

fn judge_folder(tree: &Tree, folder: &str, findings: &mut Findings) {
    let mut languages: BTreeMap<&str, Messages> = BTreeMap::new();
    for file in &tree.files {
        let Some(name) = file
            .path
            .strip_prefix(folder)
            .and_then(|name| name.strip_suffix(".ftl"))
        else {
            continue;
        };
        let language = name.split('/').next().unwrap_or(name);
        let known = languages.entry(language).or_default();
        for (id, variables) in messages(&file.text) {
            if known.insert(id.clone(), variables).is_some() {
                findings.fault(&file.path, 0, format!("`{id}` is there twice"));
            }
        }
    }
    let Some(reference) = languages.get(REFERENCE) else {
        return;
    };
    for (language, messages) in languages.iter().filter(|(language, _)| **language != REFERENCE) {
        let place = format!("{folder}{language}");
        for (id, variables) in reference {
            match messages.get(id) {
                None => findings.fault(&place, 0, format!("`{id}` is missing")),
                Some(used) if used != variables => {
                    findings.fault(&place, 0, format!("`{id}` has other arguments than in English"));
                }
                Some(_) => {}
            }
        }
        for id in messages.keys().filter(|id| !reference.contains_key(*id)) {
            findings.fault(&place, 0, format!("`{id}` is not in English"));
        }
    }
}

/// The messages, terms and attributes of a Fluent file, in order.
fn messages(text: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut found: Vec<(String, BTreeSet<String>)> = Vec::new();
    let mut message = String::new();
    for line in text.lines() {
        let starts = line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-');
        if let (true, Some((id, _))) = (starts, line.split_once('=')) {
            message = id.trim().to_owned();
            found.push((message.clone(), BTreeSet::new()));
        } else if let Some((attribute, _)) = line
            .trim_start()
            .strip_prefix('.')
            .and_then(|rest| rest.split_once('='))
        {
            found.push((format!("{message}.{}", attribute.trim()), BTreeSet::new()));
        } else if line.starts_with('#') {
            continue;
        }
        if let Some((_, used)) = found.last_mut() {
            used.extend(variables(line));
        }
    }
    found
}

fn variables(line: &str) -> impl Iterator<Item = String> {
    line.split('$').skip(1).map(|rest| {
        rest.chars()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
            .collect::<String>()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_compared_over_all_their_files() {
        let tree = Tree::of(&[
            (
                "ui/locales/en/a.ftl",
                "hello = Hi { $name }\n    .title = Greeting\nonly-en = x\n",
            ),
            (
                "ui/locales/en/b.ftl",
                "count = { $n ->\n    [one] one\n   *[other] { $n }\n }\nhello = twice\n",
            ),
            (
                "ui/locales/de/a.ftl",
                "hello = Hallo { $wer }\n    .title = Gruß\ncount = { $n }\nonly-de = x\n",
            ),
        ]);
        assert_eq!(
            tree.faults(judge),
            [
                "ui/locales/en/b.ftl: `hello` is there twice",
                "ui/locales/de: `hello` has other arguments than in English",
                "ui/locales/de: `only-en` is missing",
                "ui/locales/de: `only-de` is not in English",
            ]
        );
    }

    #[test]
    fn other_arguments_are_found() {
        let tree = Tree::of(&[
            ("ui/locales/en.ftl", "hello = Hi { $name }\n"),
            ("ui/locales/de.ftl", "hello = Hallo { $wer }\n"),
        ]);
        assert_eq!(
            tree.faults(judge),
            ["ui/locales/de: `hello` has other arguments than in English"]
        );
    }
}
