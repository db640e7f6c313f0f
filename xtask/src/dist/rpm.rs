//! An RPM package, by `rpmbuild` (rpm-spec(5)) from the files as they were laid out. What its programs are linked to is found
//! out by rpmbuild itself.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::tree::Tree;
use super::{Package, VERSION, source_date};
use crate::sh;

/// Makes the package and tells its file's name.
pub(super) fn make(package: &Package, tree: &Tree, out: &Path) -> Result<String> {
    let work = out.join("rpmbuild");
    fs::create_dir_all(&work)?;
    let spec = work.join(format!("{}.spec", package.name));
    fs::write(&spec, text_of(package, tree.root()))?;
    let architecture = std::env::consts::ARCH;
    sh::run(
        sh::program("rpmbuild")
            .args(["-bb", "--quiet", "--target", architecture])
            .arg("--define")
            .arg(format!("_topdir {}", work.display()))
            .arg("--define")
            .arg(format!("_rpmdir {}", work.join("out").display()))
            // Stripped already, and no second package of what was stripped.
            .args([
                "--define",
                "debug_package %{nil}",
                "--define",
                "__strip /bin/true",
            ])
            .args([
                "--define",
                "_build_id_links none",
                "--define",
                "use_source_date_epoch_as_buildtime 1",
            ])
            .arg(&spec)
            .env("SOURCE_DATE_EPOCH", source_date()),
    )?;
    let name = format!("{}-{VERSION}-1.{architecture}.rpm", package.name);
    let made = work.join("out").join(architecture).join(&name);
    fs::copy(&made, out.join(&name)).with_context(|| format!("Fetching {}", made.display()))?;
    fs::remove_dir_all(&work)?;
    Ok(name)
}

fn text_of(package: &Package, root: &Path) -> String {
    let mut text = format!(
        "Name: {}\nVersion: {VERSION}\nRelease: 1\nSummary: {}\nLicense: MIT OR Apache-2.0\n",
        package.name, package.summary
    );
    for name in package.rpm_requires {
        text.push_str(&format!("Requires: {name}\n"));
    }
    text.push_str(&format!("\n%description\n{}\n", package.description.join("\n")));
    // The files are there: nothing is built here.
    text.push_str(&format!(
        "\n%install\nmkdir -p %{{buildroot}}\ncp -a {}/. %{{buildroot}}/\n",
        root.display()
    ));
    if package.service {
        text.push_str(
            "\n%post\nsystemd-sysusers hearth-node.conf || :\n[ -d /run/systemd/system ] && systemctl daemon-reload || :\n\
             if [ $1 -gt 1 ] && [ -d /run/systemd/system ]; then systemctl try-restart hearth.service || :; fi\n\
             \n%preun\nif [ $1 -eq 0 ] && [ -d /run/systemd/system ]; then systemctl disable --now hearth.service || :; fi\n\
             \n%postun\n[ -d /run/systemd/system ] && systemctl daemon-reload || :\n",
        );
    }
    text.push_str("\n%files\n%defattr(-,root,root,-)\n");
    let own: &[&str] = if package.service {
        &[
            "/usr/bin/hearth",
            "/usr/share/hearth",
            "/usr/lib/systemd/system/hearth.service",
            "/usr/lib/sysusers.d/hearth-node.conf",
        ]
    } else {
        &[
            "/usr/bin/hearth-desktop",
            "/usr/share/applications/family.hearth.Hearth.desktop",
            "/usr/share/mime/packages/family.hearth.Hearth.xml",
            "/usr/share/metainfo/family.hearth.Hearth.metainfo.xml",
            "/usr/share/icons/hicolor/*/apps/family.hearth.Hearth.*",
        ]
    };
    for path in own {
        text.push_str(&format!("{path}\n"));
    }
    text.push_str(&format!("%doc /usr/share/doc/{}\n", package.name));
    text
}

#[cfg(test)]
mod tests {
    use super::super::PACKAGES;
    use super::*;

    #[test]
    fn a_specification_has_its_sections_in_order_and_owns_no_common_folder() {
        for package in &PACKAGES {
            let text = text_of(package, Path::new("/tmp/x"));
            let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} in {text}"));
            assert!(at("%description") < at("%install") && at("%install") < at("%files"));
            for common in ["/usr", "/usr/bin", "/usr/share", "/usr/share/applications"] {
                assert!(!text.lines().any(|line| line == common), "{common}");
            }
            assert!(
                !text.contains("/var/lib"),
                "what the family keeps is not the package's"
            );
            for needed in package.rpm_requires.iter().filter(|name| name.starts_with("lib")) {
                assert!(
                    needed.contains(".so."),
                    "{needed} is the name of a package, which each distribution has its own for"
                );
            }
        }
    }
}
