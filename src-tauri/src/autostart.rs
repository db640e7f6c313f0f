//! Starting with the computer, hidden in the tray: an entry that the session of the person reads, made and removed by their wish.
//!
//! Linux reads desktop files, macOS launch agents; Windows has a list in its registry. Nothing of it needs more rights than the
//! account has.

use std::io;
use std::path::Path;

/// Makes Hearth start with the computer, with these arguments, or no longer.
pub(crate) fn set(name: &str, on: bool, args: &[String]) -> io::Result<()> {
    if on {
        let program = program()?;
        let program = program.to_str().ok_or_else(|| {
            io::Error::other("The folder of the program has a name that cannot be written down")
        })?;
        system::add(name, program, args)
    } else {
        system::remove(name)
    }
}

/// Whether it does.
pub(crate) fn is_on(name: &str) -> bool {
    system::has(name)
}

/// What is started: the package itself where the program is only a part of one.
fn program() -> io::Result<std::path::PathBuf> {
    match std::env::var_os("APPIMAGE").filter(|path| cfg!(target_os = "linux") && Path::new(path).is_file()) {
        Some(image) => Ok(image.into()),
        None => std::env::current_exe(),
    }
}

#[cfg(any(unix, test))]
fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let fresh = path.with_extension("new");
    std::fs::write(&fresh, text)?;
    std::fs::rename(&fresh, path)
}

#[cfg(any(unix, test))]
fn forget(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(any(unix, test))]
fn home() -> io::Result<std::path::PathBuf> {
    std::env::var_os("HOME")
        .filter(|home| !home.is_empty())
        .map(Into::into)
        .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "The account has no home folder"))
}

#[cfg(all(unix, not(target_os = "macos")))]
mod system {
    use super::{forget, home, write};
    use std::io;
    use std::path::PathBuf;

    fn path(name: &str) -> io::Result<PathBuf> {
        let folder = match std::env::var_os("XDG_CONFIG_HOME").filter(|folder| !folder.is_empty()) {
            Some(folder) => folder.into(),
            None => home()?.join(".config"),
        };
        Ok(folder.join("autostart").join(format!("{name}.desktop")))
    }

    pub(super) fn add(name: &str, program: &str, args: &[String]) -> io::Result<()> {
        write(&path(name)?, &super::desktop_file(program, args))
    }

    pub(super) fn remove(name: &str) -> io::Result<()> {
        forget(&path(name)?)
    }

    /// A person may have switched it off in the settings of the desktop, which then says so in the file.
    pub(super) fn has(name: &str) -> bool {
        let text = path(name).and_then(std::fs::read_to_string);
        text.is_ok_and(|text| super::is_active(&text))
    }
}

#[cfg(target_os = "macos")]
mod system {
    use super::{forget, home, write};
    use std::io;
    use std::path::PathBuf;

    fn path(name: &str) -> io::Result<PathBuf> {
        Ok(home()?.join("Library/LaunchAgents").join(format!("{name}.plist")))
    }

    pub(super) fn add(name: &str, program: &str, args: &[String]) -> io::Result<()> {
        write(&path(name)?, &super::launch_agent(name, program, args))
    }

    pub(super) fn remove(name: &str) -> io::Result<()> {
        forget(&path(name)?)
    }

    pub(super) fn has(name: &str) -> bool {
        path(name).is_ok_and(|path| path.is_file())
    }
}

#[cfg(windows)]
mod system {
    use std::io;
    use windows_registry::CURRENT_USER;

    const LIST: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";

    pub(super) fn add(name: &str, program: &str, args: &[String]) -> io::Result<()> {
        let key = CURRENT_USER.create(LIST).map_err(io::Error::other)?;
        key.set_string(super::value_name(name), super::command_line(program, args))
            .map_err(io::Error::other)
    }

    pub(super) fn remove(name: &str) -> io::Result<()> {
        if !has(name) {
            return Ok(());
        }
        let key = CURRENT_USER.create(LIST).map_err(io::Error::other)?;
        key.remove_value(super::value_name(name))
            .map_err(io::Error::other)
    }

    pub(super) fn has(name: &str) -> bool {
        CURRENT_USER
            .open(LIST)
            .and_then(|key| key.get_string(super::value_name(name)))
            .is_ok()
    }
}

/// The desktop entry: see the specification for what has to be escaped, once for the line and once for the argument.
#[cfg(any(all(unix, not(target_os = "macos")), test))]
fn desktop_file(program: &str, args: &[String]) -> String {
    let quoted = |word: &str| {
        let mut out = String::from("\"");
        for c in word.chars() {
            match c {
                '"' | '`' | '$' => out.extend(['\\', '\\', c]),
                '\\' => out.push_str("\\\\\\\\"),
                '%' => out.push_str("%%"),
                // No line of the file may end inside a word.
                '\n' | '\r' => {}
                c => out.push(c),
            }
        }
        out.push('"');
        out
    };
    let command: Vec<String> = std::iter::once(program)
        .chain(args.iter().map(String::as_str))
        .map(quoted)
        .collect();
    // As the value of a key alone it is escaped once. A session skips the entry when that file is gone, as after the removal of a package.
    let tried = program.replace('\\', "\\\\").replace(['\n', '\r'], "");
    format!(
        "[Desktop Entry]\nType=Application\nName=Hearth\nIcon=family.hearth.Hearth\nTerminal=false\nTryExec={tried}\nExec={}\n\
         X-GNOME-Autostart-enabled=true\n",
        command.join(" ")
    )
}

#[cfg(any(all(unix, not(target_os = "macos")), test))]
fn is_active(desktop_file: &str) -> bool {
    !desktop_file
        .lines()
        .any(|line| matches!(line.trim(), "Hidden=true" | "X-GNOME-Autostart-enabled=false"))
}

#[cfg(any(target_os = "macos", test))]
fn launch_agent(name: &str, program: &str, args: &[String]) -> String {
    let escaped = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    let command: String = std::iter::once(program)
        .chain(args.iter().map(String::as_str))
        .map(|word| format!("    <string>{}</string>\n", escaped(word)))
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
         \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\n<dict>\n  <key>Label</key>\n  \
         <string>{}</string>\n  <key>ProgramArguments</key>\n  <array>\n{command}  </array>\n  <key>RunAtLoad</key>\n  \
         <true/>\n</dict>\n</plist>\n",
        escaped(name)
    )
}

/// What the entry is called in Windows' list: by the name of the app, as the uninstaller looks for that one.
#[cfg(any(windows, test))]
fn value_name(name: &str) -> String {
    name.replacen("family.hearth.Hearth", "Hearth", 1)
}

/// As Windows takes a command line apart.
#[cfg(any(windows, test))]
fn command_line(program: &str, args: &[String]) -> String {
    std::iter::once(program)
        .chain(args.iter().map(String::as_str))
        // A path cannot hold a quotation mark there; a backslash at the end would guard the closing one.
        .map(|word| {
            let tail = word.len() - word.trim_end_matches('\\').len();
            format!("\"{word}{}\"", "\\".repeat(tail))
        })
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args() -> Vec<String> {
        ["--hidden", "--data-dir", "/srv/a b/100% \"x\""]
            .map(str::to_owned)
            .into()
    }

    #[test]
    fn a_desktop_file_starts_the_program_hidden_whatever_its_folder_is_called() {
        let text = desktop_file("/opt/My Apps/hearth-desktop", &args());
        assert!(
            text.contains("Exec=\"/opt/My Apps/hearth-desktop\" \"--hidden\" \"--data-dir\" \"/srv/a b/100%% \\\\\"x\\\\\"\"\n"),
            "{text}"
        );
        assert!(text.contains("\nTryExec=/opt/My Apps/hearth-desktop\n"), "{text}");
        assert!(desktop_file("/a\\b", &[]).contains("\nTryExec=/a\\\\b\n"));
        assert!(is_active(&text));
        assert!(
            !is_active(&format!("{text}Hidden=true\n")),
            "switched off in the desktop's settings"
        );
    }

    #[test]
    fn a_launch_agent_is_sound_xml() {
        let text = launch_agent("family.hearth", "/Applications/A & B.app/hearth", &args());
        assert!(
            text.contains("<string>/Applications/A &amp; B.app/hearth</string>"),
            "{text}"
        );
        assert!(text.contains("<key>RunAtLoad</key>\n  <true/>"), "{text}");
    }

    #[test]
    fn a_windows_command_line_keeps_words_whole() {
        assert_eq!(
            command_line(
                r"C:\Program Files\Hearth\hearth-desktop.exe",
                &["--data-dir".to_owned(), r"D:\h\".to_owned()]
            ),
            r#""C:\Program Files\Hearth\hearth-desktop.exe" "--data-dir" "D:\h\\""#
        );
    }

    #[test]
    fn the_uninstaller_of_windows_finds_what_starts_the_app() {
        let config = include_str!("../../tauri.conf.json");
        let name = value_name("family.hearth.Hearth");
        assert!(config.contains(&format!("\"productName\": \"{name}\"")), "{name}");
        assert_eq!(value_name("family.hearth.Hearth.at12ab"), "Hearth.at12ab");
    }

    #[test]
    fn a_file_is_written_whole_and_forgotten_twice() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("autostart/x.desktop");
        write(&path, "a").unwrap();
        write(&path, "b").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "b");
        forget(&path).unwrap();
        forget(&path).unwrap();
        assert!(!path.exists());
        assert!(home().is_ok(), "whoever runs tests has one");
    }
}
