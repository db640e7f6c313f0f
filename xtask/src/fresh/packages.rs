//! The packages on a bare machine: installed by apt, opened as a menu would and used, upgraded over themselves, and removed, after
//! which nothing may be left but what the family keeps; then the same of the RPMs.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, Result, ensure};

use super::desktop::{self, Desktop};
use super::machine::Machine;
use super::window;
use crate::sh;

/// Where the packages lie on the machine.
const SHELF: &str = "/srv/packages";
/// Whose app it is.
const PERSON: &str = "bela";
/// What is added to a version to make one that `apt` takes for newer.
const NEXT: &str = "+next";

/// The whole life of both packages. `cargo xtask dist` must have made them.
pub(super) fn run(machine: &Machine) -> Result<()> {
    let made = sh::step("the packages, and the same as a newer version", || {
        shelve(machine)
    })?;
    let person = format!("/srv/{PERSON}");
    let data = format!("{person}/.local/share/hearth");
    sh::step("what a desktop has", || {
        machine.chroot(
            "root",
            &["useradd", "--create-home", "--home-dir", &person, PERSON],
        )?;
        apt(machine, "update", &[] as &[&str])?;
        let mut parts = vec!["--no-install-recommends"];
        parts.extend(desktop::PARTS);
        apt(machine, "install", &parts)
    })?;
    sh::step("installing", || apt(machine, "install", &paths(&made, "")))?;
    sh::step("links, files and the service are known", || known(machine))?;
    sh::step("a home", || {
        by(
            machine,
            "printf 'correct horse\\n' | hearth init --home 'Hill House' --name Bela --username bela --birth-date 1980-05-01",
        )
    })?;
    sh::step(
        "opening it from the menu, an invite by its file, a notification by a click",
        || use_it(machine),
    )?;
    let before = home_id(machine)?;
    sh::step("upgrading", || apt(machine, "install", &paths(&made, NEXT)))?;
    sh::step("opening it again", || open(machine))?;
    ensure!(
        home_id(machine)? == before,
        "The home is another one after the upgrade"
    );
    sh::step("removing", || {
        let names: Vec<&str> = made.iter().map(|package| package.name.as_str()).collect();
        apt(machine, "purge", &names)
    })?;
    only_data_is_left(machine, &data)?;
    sh::step("what installs an RPM", || {
        apt(machine, "install", &["--no-install-recommends", "rpm"])
    })?;
    sh::step("installing the RPMs", || install_rpms(machine))?;
    sh::step("opening it from the menu", || open(machine))?;
    ensure!(home_id(machine)? == before, "The home of the RPM is another one");
    sh::step("erasing the RPMs", || {
        machine.chroot("root", &["rpm", "--erase", "--nodeps", "hearth", "hearth-node"])
    })?;
    only_data_is_left(machine, &data)
}

fn only_data_is_left(machine: &Machine, data: &str) -> Result<()> {
    ensure!(
        machine.at(&format!("{data}/hearth.db")).is_file(),
        "The family's data went with the program"
    );
    let left = left_behind(machine, data)?;
    ensure!(left.is_empty(), "Left behind:\n{}", left.join("\n"));
    println!("    nothing is left but {data}");
    Ok(())
}

/// The RPMs on this Debian, whose own packages RPM does not know: without a look at what they need, but with their scripts.
fn install_rpms(machine: &Machine) -> Result<()> {
    let rpm = "rpm --install --nodeps";
    machine.chroot("root", &["sh", "-c", &format!("{rpm} {SHELF}/*.rpm")])?;
    // Every file is as the package has it.
    machine.chroot("root", &["rpm", "--verify", "--nodeps", "hearth", "hearth-node"])?;
    let said = answer(machine, "hearth --version")?;
    ensure!(
        said.contains(env!("CARGO_PKG_VERSION")),
        "`hearth --version` says {said:?}"
    );
    machine.chroot(
        "root",
        &[
            "desktop-file-validate",
            "/usr/share/applications/family.hearth.Hearth.desktop",
        ],
    )
}

struct Made {
    name: String,
    file: String,
}

/// Puts the packages on the machine, each also with a later version of the same content.
fn shelve(machine: &Machine) -> Result<Vec<Made>> {
    let dist = sh::target().join("dist");
    let shelf = machine.at(SHELF);
    fs::create_dir_all(&shelf)?;
    let (mut made, mut rpms) = (Vec::new(), 0);
    let listed = fs::read_dir(&dist)
        .with_context(|| format!("There is no {}: run `cargo xtask dist` first", dist.display()))?;
    for entry in listed {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "rpm") {
            fs::copy(&path, shelf.join(path.file_name().unwrap_or_default()))?;
            rpms += 1;
            continue;
        }
        if path.extension().is_none_or(|end| end != "deb") {
            continue;
        }
        let file = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        fs::copy(&path, shelf.join(format!("{file}.deb")))?;
        repack(&path, &shelf, &file)?;
        let name = file.split('_').next().unwrap_or_default().to_owned();
        made.push(Made { name, file });
    }
    ensure!(
        made.len() == 2 && rpms == 2,
        "Two packages of each kind are expected in {}",
        dist.display()
    );
    Ok(made)
}

/// The same package as a newer version.
fn repack(package: &Path, shelf: &Path, file: &str) -> Result<()> {
    let work = shelf.join("work");
    sh::run(
        sh::program("dpkg-deb")
            .arg("--raw-extract")
            .arg(package)
            .arg(&work),
    )?;
    let control = work.join("DEBIAN/control");
    let text = fs::read_to_string(&control)?;
    fs::write(&control, newer(&text))?;
    sh::run(
        sh::program("dpkg-deb")
            .args(["--root-owner-group", "-Znone", "--build"])
            .arg(&work)
            .arg(shelf.join(format!("{file}{NEXT}.deb"))),
    )?;
    fs::remove_dir_all(&work)?;
    Ok(())
}

fn newer(control: &str) -> String {
    control
        .lines()
        .map(|line| match line.strip_prefix("Version: ") {
            Some(version) => format!("Version: {version}{NEXT}\n"),
            None => format!("{line}\n"),
        })
        .collect()
}

fn paths(made: &[Made], end: &str) -> Vec<String> {
    made.iter()
        .map(|package| format!("{SHELF}/{}{end}.deb", package.file))
        .collect()
}

fn apt(machine: &Machine, what: &str, packages: &[impl AsRef<str>]) -> Result<()> {
    let mut args = vec![
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "--quiet=2",
        "--yes",
        what,
    ];
    args.extend(packages.iter().map(AsRef::as_ref));
    machine.chroot("root", &args)
}

/// A line of shell as the person.
fn by(machine: &Machine, line: &str) -> Result<()> {
    machine.chroot("root", &["runuser", "--login", PERSON, "--command", line])
}

fn answer(machine: &Machine, line: &str) -> Result<String> {
    sh::output(
        machine
            .command("root", None)
            .args(["runuser", "--login", PERSON, "--command", line]),
    )
}

/// What the system was told by the packages' files.
fn known(machine: &Machine) -> Result<()> {
    for (line, wanted) in [
        (
            "xdg-mime query default x-scheme-handler/hearth",
            "family.hearth.Hearth.desktop",
        ),
        (
            "echo hearth://i/x > x.hearth-invite && XDG_CURRENT_DESKTOP=GNOME gio info --attributes=standard::content-type x.hearth-invite",
            "application/vnd.hearth.invite",
        ),
        ("id --name --user hearth", "hearth"),
        ("hearth --version", env!("CARGO_PKG_VERSION")),
    ] {
        let said = answer(machine, line)?;
        ensure!(said.contains(wanted), "`{line}` says {said:?}, not {wanted}");
    }
    machine.chroot(
        "root",
        &[
            "desktop-file-validate",
            "/usr/share/applications/family.hearth.Hearth.desktop",
        ],
    )
}

/// Works with the app as the person does.
fn use_it(machine: &Machine) -> Result<()> {
    let mut desktop = Desktop::open(machine, PERSON)?;
    desktop.sign_in(PERSON, "correct horse")?;
    desktop.opens_an_invite()?;
    desktop.clicks_a_notification()?;
    close(machine)
}

/// Starts the app by its entry in the menu, until its window shows.
fn open(machine: &Machine) -> Result<()> {
    let line = "HEARTH_LOG=info WEBKIT_DISABLE_DMABUF_RENDERER=1 exec dbus-run-session -- sh -c \
                'gtk-launch family.hearth.Hearth && exec sleep 120' 2>&1";
    window::until_shown("gtk-launch family.hearth.Hearth", |display| {
        let mut command = machine.command("root", Some(display));
        command
            .args([
                "runuser",
                "--whitelist-environment=DISPLAY",
                "--login",
                PERSON,
                "--command",
                line,
            ])
            .stderr(Stdio::inherit());
        command
    })?;
    close(machine)
}

/// Ends the app, and waits until it has ended.
fn close(machine: &Machine) -> Result<()> {
    // What the menu started is not its child; the home is to be closed when the next step looks at it. Nobody on this machine buries
    // what has ended, so only what still runs counts.
    machine.chroot("root", &["pkill", "--exact", "hearth-desktop"])?;
    machine.chroot(
        "root",
        &["sh", "-c", "for i in $(seq 100); do pgrep --exact --runstates RSD hearth-desktop >/dev/null || exit 0; sleep 0.2; done; exit 1"],
    )
}

fn home_id(machine: &Machine) -> Result<String> {
    answer(machine, "hearth status | grep '^This home:'")
}

/// Every path with the program's name outside of the data, but for what the trial itself put there.
fn left_behind(machine: &Machine, data: &str) -> Result<Vec<String>> {
    let all = sh::output(machine.command("root", None).args([
        "find", "/", "-xdev", "-iname", "*hearth*", "-not", "-path", "/proc/*",
    ]))?;
    let ours =
        |path: &str| path.starts_with(SHELF) || path.starts_with(data) || path.ends_with("x.hearth-invite");
    Ok(all
        .lines()
        .filter(|path| !ours(path) && !path.starts_with("/var/lib/hearth"))
        .map(str::to_owned)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_version_differs_in_that_line_only() {
        let text = "Package: hearth\nVersion: 0.1.0\nArchitecture: amd64\n";
        assert_eq!(
            newer(text),
            "Package: hearth\nVersion: 0.1.0+next\nArchitecture: amd64\n"
        );
    }
}
