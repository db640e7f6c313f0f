//! A Debian package, by `dpkg-deb` (deb-control(5), Debian Policy 4.7).
//!
//! Desktop files, types and icons are registered by the triggers of the packages that own those registers, so the app has no
//! scripts at all. The service has them: its user is made, and it is neither started nor enabled by itself, because a home wants
//! to be set up first. Nothing ever removes `/var/lib/hearth`, not even a purge: it is the family's.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use super::tree::{Tree, set_mode};
use super::{Package, VERSION, source_date};
use crate::sh;

const MAINTAINER: &str = "The Hearth developers <hearth@family.invalid>";

const POSTINST: &str = "\
#!/bin/sh
set -e
if [ \"$1\" = configure ]; then
    systemd-sysusers hearth-node.conf
    if [ -d /run/systemd/system ]; then
        systemctl daemon-reload
        # An upgrade: the new program takes the place of the old one.
        if [ -n \"$2\" ]; then systemctl try-restart hearth.service; fi
    fi
fi
";

const PRERM: &str = "\
#!/bin/sh
set -e
if [ \"$1\" = remove ] && [ -d /run/systemd/system ]; then
    systemctl disable --now hearth.service
fi
";

const POSTRM: &str = "\
#!/bin/sh
set -e
if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
";

/// Makes the package and tells its file's name.
pub(super) fn make(package: &Package, tree: &Tree, out: &Path) -> Result<String> {
    let architecture = sh::output(sh::program("dpkg").arg("--print-architecture"))?;
    let architecture = architecture.trim();
    let folder = tree.root().join("DEBIAN");
    fs::create_dir_all(&folder)?;
    fs::write(
        folder.join("control"),
        control(package, architecture, &libraries(package, tree)?, tree.bytes()?),
    )?;
    if package.service {
        for (name, text) in [("postinst", POSTINST), ("prerm", PRERM), ("postrm", POSTRM)] {
            let path = folder.join(name);
            fs::write(&path, text)?;
            set_mode(&path, 0o755)?;
        }
    }
    let name = format!("{}_{VERSION}_{architecture}.deb", package.name);
    sh::run(
        sh::program("dpkg-deb")
            .args(["--root-owner-group", "-Zxz", "--build"])
            .arg(tree.root())
            .arg(out.join(&name))
            .env("SOURCE_DATE_EPOCH", source_date()),
    )?;
    fs::remove_dir_all(&folder)?;
    Ok(name)
}

fn control(package: &Package, architecture: &str, libraries: &str, bytes: u64) -> String {
    let depends: Vec<&str> = std::iter::once(libraries)
        .chain(package.deb_depends.iter().copied())
        .filter(|text| !text.is_empty())
        .collect();
    let mut text = format!(
        "Package: {}\nVersion: {VERSION}\nArchitecture: {architecture}\nMaintainer: {MAINTAINER}\nInstalled-Size: {}\nDepends: {}\n",
        package.name,
        bytes.div_ceil(1024),
        depends.join(", "),
    );
    if !package.deb_recommends.is_empty() {
        text.push_str(&format!("Recommends: {}\n", package.deb_recommends.join(", ")));
    }
    text.push_str(&format!(
        "Section: {}\nPriority: optional\nDescription: {}\n",
        package.section, package.summary
    ));
    for line in package.description {
        text.push_str(&format!(" {line}\n"));
    }
    text
}

/// The packages of the libraries that the programs are linked to, each with the least version that has what they use.
fn libraries(package: &Package, tree: &Tree) -> Result<String> {
    // The tool wants the file of a source package beside it; it reads nothing from it but the name.
    let work = tree.root().join("../shlibdeps");
    fs::create_dir_all(work.join("debian"))?;
    fs::write(
        work.join("debian/control"),
        format!("Source: {0}\n\nPackage: {0}\nArchitecture: any\n", package.name),
    )?;
    let mut command = sh::program("dpkg-shlibdeps");
    command.arg("-O").current_dir(&work);
    for program in package.programs {
        command.arg(format!("-e{}", tree.root().join(program).display()));
    }
    let answer = sh::output(&mut command).context("Finding out which libraries are needed")?;
    fs::remove_dir_all(&work)?;
    match answer.trim().strip_prefix("shlibs:Depends=") {
        Some(list) => Ok(list.to_owned()),
        None => bail!("dpkg-shlibdeps answered {answer:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::PACKAGES;
    use super::*;

    #[test]
    fn the_control_file_is_one_paragraph_of_fields() {
        for package in &PACKAGES {
            let text = control(package, "amd64", "libc6 (>= 2.39)", 2049);
            assert!(text.contains("Installed-Size: 3\n"), "{text}");
            assert!(text.contains("Depends: libc6 (>= 2.39), "), "{text}");
            assert!(text.ends_with('\n') && !text.contains("\n\n"), "{text}");
            for line in text.lines() {
                assert!(line.starts_with(' ') || line.contains(": "), "{line}");
                assert!(line.len() <= 120 || line.starts_with("Depends"), "{line}");
            }
        }
    }

    #[test]
    fn no_script_touches_what_the_family_keeps() {
        for script in [POSTINST, PRERM, POSTRM] {
            assert!(!script.contains("/var/lib"), "{script}");
            assert!(script.starts_with("#!/bin/sh\nset -e\n"), "{script}");
        }
    }
}
