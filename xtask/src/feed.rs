//! The list of the newest version that the app asks for (`latest.json`, in the form that Tauri's updater reads): for each kind of
//! computer where its file is, and who signed it.
//!
//! It is made of a folder with the files of a release, each beside its signature (`.sig`). What is not signed is not listed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};

const LIST: &str = "latest.json";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Writes the list into the folder, unless nothing in it is signed. `base` is where the files can be had, `page` what people read.
pub(crate) fn run(folder: &Path, base: &str, page: &str) -> Result<()> {
    let mut signed = BTreeMap::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("Reading {}", folder.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let Some(file) = name.strip_suffix(".sig") else {
            continue;
        };
        let signature = std::fs::read_to_string(folder.join(&name))
            .with_context(|| format!("Reading the signature {name}"))?;
        for computer in computers(file) {
            signed.insert(computer, (format!("{base}/{file}"), signature.trim().to_owned()));
        }
    }
    if signed.is_empty() {
        println!("    nothing is signed, so that there is no {LIST}");
        return Ok(());
    }
    let changes = std::fs::read_to_string("CHANGELOG.md").context("Reading CHANGELOG.md")?;
    let text = list(VERSION, &notes(&changes, VERSION), page, &signed);
    std::fs::write(folder.join(LIST), text).with_context(|| format!("Writing {LIST}"))?;
    println!(
        "    {LIST} for {}",
        signed.keys().cloned().collect::<Vec<_>>().join(", ")
    );
    Ok(())
}

/// The kinds of computers that a file is for, as the updater calls them: one by the kind of package, and one for programs that do
/// not know theirs.
fn computers(file: &str) -> Vec<String> {
    let arm = file.contains("aarch64") || file.contains("arm64");
    let machine = if arm { "aarch64" } else { "x86_64" };
    let names: &[&str] = if file.ends_with(".AppImage") {
        &["linux-@-appimage", "linux-@"]
    } else if file.ends_with("-setup.exe") {
        &["windows-@-nsis", "windows-@"]
    } else if file.ends_with("_en-US.msi") {
        &["windows-@-msi"]
    } else if file.ends_with(".app.tar.gz") {
        &["darwin-@-app", "darwin-@"]
    } else {
        &[]
    };
    names.iter().map(|name| name.replace('@', machine)).collect()
}

/// What the changelog says of a version, without its heading.
fn notes(changes: &str, version: &str) -> String {
    let is_of = |line: &str| {
        line.strip_prefix("## ").is_some_and(|rest| {
            let rest = rest.trim_start_matches('[');
            rest.strip_prefix(version)
                .is_some_and(|after| !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.'))
        })
    };
    let mut lines = changes.lines().skip_while(|line| !is_of(line)).skip(1);
    let section: Vec<&str> = lines
        .by_ref()
        .take_while(|line| !line.starts_with("## "))
        .collect();
    section.join("\n").trim().to_owned()
}

fn list(version: &str, notes: &str, page: &str, signed: &BTreeMap<String, (String, String)>) -> String {
    let mut platforms = String::new();
    for (computer, (url, signature)) in signed {
        let comma = if platforms.is_empty() { "" } else { "," };
        let _ = write!(
            platforms,
            "{comma}\n    {}: {{ \"url\": {}, \"signature\": {} }}",
            quoted(computer),
            quoted(url),
            quoted(signature)
        );
    }
    format!(
        "{{\n  \"version\": {},\n  \"notes\": {},\n  \"page\": {},\n  \"platforms\": {{{platforms}\n  }}\n}}\n",
        quoted(version),
        quoted(notes),
        quoted(page)
    )
}

/// A text as JSON has it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_is_for_its_kind_of_computer() {
        let of = |file: &str| computers(file).join(" ");
        assert_eq!(
            of("Hearth_0.2.0_amd64.AppImage"),
            "linux-x86_64-appimage linux-x86_64"
        );
        assert_eq!(
            of("Hearth_0.2.0_x64-setup.exe"),
            "windows-x86_64-nsis windows-x86_64"
        );
        assert_eq!(of("Hearth_0.2.0_x64_en-US.msi"), "windows-x86_64-msi");
        assert_eq!(of("Hearth_0.2.0_x64_de-DE.msi"), "");
        assert_eq!(
            of("Hearth_aarch64.app.tar.gz"),
            "darwin-aarch64-app darwin-aarch64"
        );
        assert_eq!(of("Hearth_x86_64.app.tar.gz"), "darwin-x86_64-app darwin-x86_64");
        assert_eq!(of("hearth-desktop_0.2.0_amd64.deb"), "");
    }

    #[test]
    fn notes_are_the_section_of_the_version_alone() {
        let changes = "# Changelog\n\n## Unreleased\n\nx\n\n## [0.2.0] - 2026-12-01\n\n- A \"b\"\n\n## 0.2.0-rc.1\n\n- c\n\n## 0.1.0\n\n- d\n";
        assert_eq!(notes(changes, "0.2.0"), "- A \"b\"");
        assert_eq!(notes(changes, "0.1.0"), "- d");
        assert_eq!(notes(changes, "0.3.0"), "");
    }

    #[test]
    fn the_list_is_the_json_that_the_updater_reads() {
        let signed = BTreeMap::from([(
            "linux-x86_64".to_owned(),
            ("https://x/a.AppImage".to_owned(), "c2ln".to_owned()),
        )]);
        assert_eq!(
            list("0.2.0", "- A \"b\"\n- c", "https://x/v0.2.0", &signed),
            "{\n  \"version\": \"0.2.0\",\n  \"notes\": \"- A \\\"b\\\"\\n- c\",\n  \"page\": \"https://x/v0.2.0\",\n  \"platforms\": {\n    \
             \"linux-x86_64\": { \"url\": \"https://x/a.AppImage\", \"signature\": \"c2ln\" }\n  }\n}\n"
        );
    }
}
