//! What a package puts where.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::Package;
use crate::sh;

/// A folder as it will be at `/`.
pub(super) struct Tree {
    root: PathBuf,
}

impl Tree {
    /// Lays out a package's files beside the packages.
    pub(super) fn lay_out(package: &Package, out: &Path) -> Result<Self> {
        let tree = Self {
            root: out.join("tree").join(package.name),
        };
        let release = sh::target().join("release");
        for program in package.programs {
            let name = Path::new(program).file_name().unwrap_or_default();
            tree.put(&release.join(name), program, 0o755)?;
        }
        let packaging = sh::root().join("packaging/linux");
        if package.service {
            tree.put_folder(&sh::root().join("ui/dist"), "usr/share/hearth/ui")?;
            tree.put(
                &packaging.join("hearth.service"),
                "usr/lib/systemd/system/hearth.service",
                0o644,
            )?;
            tree.put(
                &packaging.join("hearth.sysusers"),
                "usr/lib/sysusers.d/hearth-node.conf",
                0o644,
            )?;
        } else {
            const ID: &str = "family.hearth.Hearth";
            for (file, folder) in [
                (format!("{ID}.desktop"), "usr/share/applications"),
                (format!("{ID}.xml"), "usr/share/mime/packages"),
                (format!("{ID}.metainfo.xml"), "usr/share/metainfo"),
            ] {
                tree.put(&packaging.join(&file), &format!("{folder}/{file}"), 0o644)?;
            }
            let icons = sh::root().join("icons");
            for (file, size) in [
                ("32x32.png", "32x32"),
                ("64x64.png", "64x64"),
                ("128x128.png", "128x128"),
                ("128x128@2x.png", "256x256"),
                ("hearth.svg", "scalable"),
            ] {
                let end = Path::new(file)
                    .extension()
                    .and_then(|end| end.to_str())
                    .unwrap_or_default();
                tree.put(
                    &icons.join(file),
                    &format!("usr/share/icons/hicolor/{size}/apps/{ID}.{end}"),
                    0o644,
                )?;
            }
        }
        tree.put_documents(&format!("usr/share/doc/{}", package.name))?;
        Ok(tree)
    }

    /// The guide, and whatever it leads to, as they lie in the repository: so their links lead where they should.
    fn put_documents(&self, to: &str) -> Result<()> {
        for file in [
            "LICENSE-MIT",
            "LICENSE-APACHE",
            "ARCHITECTURE.md",
            "CHANGELOG.md",
            "SECURITY.md",
            "docs/protocol.md",
            "docs/protocol-vectors.json",
            "docs/friendship-vectors.json",
        ] {
            self.put(&sh::root().join(file), &format!("{to}/{file}"), 0o644)?;
        }
        for folder in ["docs/guide", "docs/pictures"] {
            self.put_folder(&sh::root().join(folder), &format!("{to}/{folder}"))?;
        }
        Ok(())
    }

    /// The folder.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Bytes of all files.
    pub(super) fn bytes(&self) -> Result<u64> {
        let mut sum = 0;
        for file in files(&self.root)? {
            sum += fs::metadata(file)?.len();
        }
        Ok(sum)
    }

    fn put(&self, from: &Path, to: &str, mode: u32) -> Result<()> {
        let target = self.root.join(to);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(from, &target).with_context(|| format!("Copying {} to {to}", from.display()))?;
        set_mode(&target, mode)
    }

    fn put_folder(&self, from: &Path, to: &str) -> Result<()> {
        for file in files(from)? {
            let inside = file
                .strip_prefix(from)
                .unwrap_or(&file)
                .to_string_lossy()
                .into_owned();
            self.put(&file, &format!("{to}/{inside}"), 0o644)?;
        }
        Ok(())
    }
}

/// Every file below a folder, in order of its name.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .with_context(|| format!("Reading {}", folder.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

#[cfg(unix)]
pub(super) fn set_mode(path: &Path, mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .with_context(|| format!("Setting the mode of {}", path.display()))
}

#[cfg(not(unix))]
pub(super) fn set_mode(_path: &Path, _mode: u32) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str) -> String {
        fs::read_to_string(sh::root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    #[test]
    fn every_link_of_the_packed_guide_leads_somewhere() {
        let folder = tempfile::tempdir().unwrap();
        let tree = Tree {
            root: folder.path().to_owned(),
        };
        tree.put_documents("doc").unwrap();
        let documents = folder.path().join("doc");
        assert_eq!(crate::tidy::dead_links(&documents).unwrap(), [""; 0]);

        let service = read("packaging/linux/hearth.service");
        let named = service
            .lines()
            .find_map(|line| line.strip_prefix("Documentation=file:///usr/share/doc/hearth-node/"))
            .unwrap();
        assert!(documents.join(named).is_file(), "{named}");
    }

    #[test]
    fn an_appimage_says_of_itself_what_the_packages_say() {
        let as_made = read("packaging/linux/appimage.desktop")
            .replace("{{name}}", "Hearth")
            .replace("{{exec}}", "hearth-desktop")
            .replace("{{icon}}", "family.hearth.Hearth");
        assert_eq!(as_made, read("packaging/linux/family.hearth.Hearth.desktop"));
        assert!(
            as_made.contains("\nExec=hearth-desktop %U\n"),
            "without that code no link and no file reaches the app: {as_made}"
        );
    }

    #[test]
    fn the_bundler_finds_what_it_is_told_to_pack() {
        let config = read("tauri.conf.json");
        for file in [
            "packaging/linux/appimage.desktop",
            "packaging/linux/family.hearth.Hearth.xml",
        ] {
            assert!(config.contains(&format!("\"{file}\"")), "{file}");
            assert!(sh::root().join(file).is_file(), "{file}");
        }
    }
}
