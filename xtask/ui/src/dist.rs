//! What goes into `ui/dist` besides wasm and styles, and the writing of it.
//!
//! Files that did not change are not touched, so that a build which embeds `ui/dist` is not run for nothing.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use flate2::{Compression, write::GzEncoder};

use crate::Layout;

const SPRITE_MARK: &str = "<!-- sprite -->";

/// The finished files by their path below `ui/dist`, with `/` as separator.
#[derive(Default)]
pub(crate) struct Staged(BTreeMap<String, Vec<u8>>);

impl Staged {
    pub(crate) fn add(&mut self, name: impl Into<String>, bytes: Vec<u8>) {
        self.0.insert(name.into(), bytes);
    }

    pub(crate) fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(Vec::as_slice)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds every file below `folder`, under the prefix `into` (empty or ending in `/`).
    pub(crate) fn add_tree(&mut self, into: &str, folder: &Path) -> Result<()> {
        for (name, path) in files_below(folder)? {
            let bytes = std::fs::read(&path).with_context(|| format!("Reading {}", path.display()))?;
            self.add(format!("{into}{name}"), bytes);
        }
        Ok(())
    }

    pub(crate) fn stamp(&self, stamp: &mut Stamp) {
        for (name, bytes) in &self.0 {
            stamp.add(name, bytes);
        }
    }

    /// Makes `dist` hold exactly these files; returns how many were written or removed.
    pub(crate) fn write_to(&self, dist: &Path) -> Result<usize> {
        let mut changed = 0;
        for (name, path) in files_below(dist)? {
            if !self.0.contains_key(&name) {
                std::fs::remove_file(&path).with_context(|| format!("Removing {}", path.display()))?;
                changed += 1;
                // Folders that this leaves empty go along; the first that is not empty ends it.
                for folder in path.ancestors().skip(1).take_while(|folder| *folder != dist) {
                    if std::fs::remove_dir(folder).is_err() {
                        break;
                    }
                }
            }
        }
        for (name, bytes) in &self.0 {
            let path = dist.join(name);
            if std::fs::read(&path).is_ok_and(|present| present == *bytes) {
                continue;
            }
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent).with_context(|| format!("Creating {}", parent.display()))?;
            }
            std::fs::write(&path, bytes).with_context(|| format!("Writing {}", path.display()))?;
            changed += 1;
        }
        Ok(changed)
    }
}

/// Collects the page with its icon sprite, `boot.js`, fonts and other assets. (Languages are inside the wasm.)
pub(crate) fn collect(ui: &Path, staged: &mut Staged) -> Result<()> {
    let assets = ui.join("assets");
    let page = ui.join("index.html");
    let mut html = std::fs::read_to_string(&page).with_context(|| format!("Reading {}", page.display()))?;
    if html.contains(SPRITE_MARK) {
        let sprite = assets.join("icons.svg");
        let svg =
            std::fs::read_to_string(&sprite).with_context(|| format!("Reading {}", sprite.display()))?;
        html = html.replace(SPRITE_MARK, svg.trim());
    }
    staged.add("index.html", html.into_bytes());

    let boot = ui.join("boot.js");
    staged.add(
        "boot.js",
        std::fs::read(&boot).with_context(|| format!("Reading {}", boot.display()))?,
    );

    // What a browser wants at the root: to install it, and the page for when the home does not answer.
    staged.add_tree("", &ui.join("web"))?;
    staged.add_tree("assets/", &assets)?;
    // In the page already.
    staged.0.remove("assets/icons.svg");
    Ok(())
}

/// All files below `folder` by their relative path with `/` as separator; none if there is no such folder.
pub(crate) fn files_below(folder: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![(String::new(), folder.to_owned())];
    while let Some((prefix, folder)) = waiting.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| format!("Listing {}", folder.display())),
        };
        for entry in entries {
            let entry = entry.with_context(|| format!("Listing {}", folder.display()))?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry
                .file_type()
                .with_context(|| format!("Looking at {}", entry.path().display()))?;
            if kind.is_dir() {
                waiting.push((format!("{name}/"), entry.path()));
            } else {
                found.insert(name, entry.path());
            }
        }
    }
    Ok(found)
}

/// A fingerprint of everything that `ui/dist` is made from.
///
/// Not cryptographic: it only decides whether a local build step may be skipped.
pub(crate) struct Stamp(DefaultHasher);

impl Stamp {
    pub(crate) fn new(release: bool) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write_u8(u8::from(release));
        hasher.write(env!("CARGO_PKG_VERSION").as_bytes());
        Self(hasher)
    }

    pub(crate) fn add(&mut self, name: &str, bytes: &[u8]) {
        for part in [name.as_bytes(), bytes] {
            self.0.write_usize(part.len());
            self.0.write(part);
        }
    }

    fn text(&self) -> String {
        format!("{:016x}", self.0.finish())
    }

    fn path(layout: &Layout) -> PathBuf {
        // Beside the output and not in a target directory, since several of those share one `ui/dist`.
        layout.ui().join(".dist.stamp")
    }

    pub(crate) fn matches(&self, layout: &Layout) -> bool {
        layout.dist().join("index.html").exists()
            && std::fs::read_to_string(Self::path(layout)).is_ok_and(|saved| saved == self.text())
    }

    pub(crate) fn save(&self, layout: &Layout) -> Result<()> {
        let path = Self::path(layout);
        std::fs::write(&path, self.text()).with_context(|| format!("Writing {}", path.display()))
    }
}

/// The size of `bytes` as a web server would send them.
pub(crate) fn gzipped(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).context("Compressing")?;
    Ok(encoder.finish().context("Compressing")?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_twice_changes_nothing_and_stale_files_go() -> Result<()> {
        let dir = tempfile::tempdir()?;
        let mut staged = Staged::default();
        staged.add("index.html", b"<p>".to_vec());
        staged.add("fonts/a.woff2", b"font".to_vec());
        assert_eq!(staged.write_to(dir.path())?, 2);
        assert_eq!(staged.write_to(dir.path())?, 0);
        std::fs::write(dir.path().join("old.js"), "")?;
        assert_eq!(staged.write_to(dir.path())?, 1);
        assert!(!dir.path().join("old.js").exists());
        Ok(())
    }

    #[test]
    fn the_sprite_is_inlined_and_the_other_assets_are_copied() -> Result<()> {
        let ui = tempfile::tempdir()?;
        std::fs::create_dir_all(ui.path().join("assets/fonts"))?;
        std::fs::write(ui.path().join("index.html"), "<body><!-- sprite --></body>")?;
        std::fs::write(ui.path().join("boot.js"), "")?;
        std::fs::write(ui.path().join("assets/icons.svg"), "<svg/>\n")?;
        std::fs::write(ui.path().join("assets/fonts/x.woff2"), "f")?;
        std::fs::write(ui.path().join("assets/flame.svg"), "f")?;
        let mut staged = Staged::default();
        collect(ui.path(), &mut staged)?;
        assert_eq!(staged.get("index.html"), Some(b"<body><svg/></body>".as_slice()));
        let names: Vec<&str> = staged.0.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "assets/flame.svg",
                "assets/fonts/x.woff2",
                "boot.js",
                "index.html"
            ]
        );
        Ok(())
    }

    #[test]
    fn the_stamp_tells_a_moved_boundary() {
        let mut one = Stamp::new(false);
        one.add("a", b"bc");
        let mut other = Stamp::new(false);
        other.add("ab", b"c");
        assert_ne!(one.text(), other.text());
    }
}
