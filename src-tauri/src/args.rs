//! The words that the program is started with. What is none of them may be a link or a file, which [`links`](crate::links) knows.

use std::io::Write as _;
use std::path::PathBuf;

/// Starts without showing the window, as with the computer.
pub(crate) const HIDDEN: &str = "--hidden";
/// Names the folder of the data.
pub(crate) const DATA_DIR: &str = "--data-dir";

const HELP: &str = "\
Hearth: a family's own home, in a window.

Usage: hearth-desktop [OPTIONS] [LINK OR FILE]

  [LINK OR FILE]    A hearth:// link, or a .hearth-invite or .hearth-backup file, to be opened in the window

Options:
  --data-dir <DIR>  The folder of the home (HEARTH_DATA_DIR does the same)
  --hidden          Starts without showing the window, as with the computer
  -h, --help        Prints this
  -V, --version     Prints the version

Environment:
  HEARTH_LISTEN           Where to listen for other homes, such as [::]:7346, or off
  HEARTH_PASSPHRASE_FILE  A file with the passphrase that unlocks the key store
  HEARTH_LOG              What is logged, such as debug

“hearth”, of the package hearth-node, is the command line of a home.";

/// What is said where no window can be shown.
#[cfg(target_os = "linux")]
const NO_SCREEN: &str = "\
There is no screen here that Hearth could show its window on (neither DISPLAY nor WAYLAND_DISPLAY is set).
On a computer without one, “hearth serve”, of the package hearth-node, is the home, and a browser its window.";

/// Whether there is a screen, by these variables; says so on the terminal if there is none.
#[cfg(target_os = "linux")]
pub(crate) fn finds_screen(variable: impl Fn(&str) -> Option<std::ffi::OsString>) -> bool {
    let found = ["WAYLAND_DISPLAY", "DISPLAY", "BROADWAY_DISPLAY"]
        .into_iter()
        .any(|name| variable(name).is_some_and(|value| !value.is_empty()));
    if !found {
        let _ = writeln!(std::io::stderr().lock(), "{NO_SCREEN}");
    }
    found
}

/// What is to be printed instead of opening a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// How the program is called.
    Help,
    /// Which version it is.
    Version,
}

impl Told {
    fn text(self) -> String {
        match self {
            Self::Help => HELP.to_owned(),
            Self::Version => format!("hearth-desktop {}", env!("CARGO_PKG_VERSION")),
        }
    }

    /// Prints it to the terminal. On Windows a program with a window has no terminal, so nothing is seen there; it ends all the same.
    pub(crate) fn print(self) {
        let mut out = std::io::stdout().lock();
        // Whoever closed it (`| head -1`) does not want to read on.
        let _ = writeln!(out, "{}", self.text()).and_then(|()| out.flush());
    }
}

/// What the words ask for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The first of what is to be printed, if anything is.
    pub(crate) told: Option<Told>,
    pub(crate) hidden: bool,
    pub(crate) data_dir: Option<PathBuf>,
    /// The rest.
    pub(crate) others: Vec<String>,
}

/// Reads the words after the name of the program. Unknown ones are left alone.
pub(crate) fn read(words: impl IntoIterator<Item = String>) -> Asked {
    let mut asked = Asked::default();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            HIDDEN => asked.hidden = true,
            DATA_DIR => asked.data_dir = words.next().filter(|dir| !dir.is_empty()).map(PathBuf::from),
            "-h" | "--help" => asked.told = asked.told.or(Some(Told::Help)),
            "-V" | "--version" => asked.told = asked.told.or(Some(Told::Version)),
            _ => asked.others.push(word),
        }
    }
    asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_screen_is_named_by_the_session() {
        let with = |set: &'static str| finds_screen(move |name| (name == set).then(|| ":0".into()));
        assert!(with("DISPLAY") && with("WAYLAND_DISPLAY"));
        assert!(!with("HOME"));
        assert!(!finds_screen(|_| Some("".into())), "an empty one names none");
    }

    #[test]
    fn known_words_are_taken_and_the_rest_is_left() {
        let words = ["--hidden", "hearth://p/1", "--data-dir", "/a b", "x"].map(str::to_owned);
        let asked = read(words);
        assert!(asked.hidden);
        assert_eq!(asked.data_dir, Some("/a b".into()));
        assert_eq!(asked.others, ["hearth://p/1", "x"]);
        assert_eq!(read(["--data-dir".to_owned()]), Asked::default());
    }

    #[test]
    fn help_and_version_are_asked_for_among_other_words() {
        let told = |words: &[&str]| read(words.iter().map(|word| (*word).to_owned())).told;
        assert_eq!(told(&["--hidden", "--help"]), Some(Told::Help));
        assert_eq!(told(&["-h", "-V"]), Some(Told::Help), "the first");
        assert_eq!(told(&["--version"]), Some(Told::Version));
        assert_eq!(told(&["-V"]), Some(Told::Version));
        assert_eq!(told(&["--helpful", "hearth://i/--help"]), None);
        assert_eq!(told(&["--data-dir", "--help"]), None, "it is the folder's name");
    }

    #[test]
    fn the_help_names_every_word_and_the_version_is_a_line() {
        for word in [HIDDEN, DATA_DIR, "--help", "--version"] {
            assert!(Told::Help.text().contains(word), "{word}");
        }
        let version = Told::Version.text();
        assert!(
            version.starts_with("hearth-desktop ") && !version.contains('\n'),
            "{version}"
        );
    }
}
