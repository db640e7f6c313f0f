//! A desktop with somebody at it: a screen, windows that can be closed, notifications that can be clicked, and a keyboard.
//!
//! Everything on it is done by a shell in the person's session, which is told line by line; what it and all that it started say is
//! read, and waited for.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{ChildStdin, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::machine::Machine;
use super::window::{Ended, WINDOW_IS_UP, screen};
use crate::setup::{self, Need};

/// What such a desktop is made of, as Debian calls it: besides what starts programs, what closes windows, shows notifications, and types.
pub(super) const PARTS: [&str; 9] = [
    "libglib2.0-bin",
    "libgtk-3-bin",
    "dbus-bin",
    "dbus-daemon",
    "xdg-utils",
    "procps",
    "openbox",
    "dunst",
    "xdotool",
];

/// How long a thing may take that a person would wait for.
const PATIENCE: Duration = Duration::from_secs(90);
/// How many of the last lines are shown when something did not come.
const SHOWN: usize = 60;

/// A desktop, as long as it is held.
pub(super) struct Desktop {
    keyboard: ChildStdin,
    said: Receiver<String>,
    last: VecDeque<String>,
    _session: Ended,
    _screen: Ended,
}

impl Desktop {
    /// Signs `person` in to a desktop of their own.
    pub(super) fn open(machine: &Machine, person: &str) -> Result<Self> {
        setup::ensure(&[Need::Screen])?;
        let (screen, display) = screen()?;
        let line = "HEARTH_LOG=info,hearth_node=debug WEBKIT_DISABLE_DMABUF_RENDERER=1 exec dbus-run-session -- sh -s 2>&1";
        let mut session = Ended(
            machine
                .command("root", Some(&display))
                .args(["runuser", "--whitelist-environment=DISPLAY", "--login", person])
                .args(["--command", line])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .context("Opening a session")?,
        );
        let keyboard = session.0.stdin.take().context("Speaking to the session")?;
        let stdout = session.0.stdout.take().context("Listening to the session")?;
        let (tell, said) = mpsc::channel();
        // It ends with the session, or with the one that listens.
        std::thread::spawn(move || {
            let lines = BufReader::new(stdout).lines().map_while(Result::ok);
            for line in lines {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        let mut desktop = Self {
            keyboard,
            said,
            last: VecDeque::new(),
            _session: session,
            _screen: screen,
        };
        desktop.does("openbox & dunst & dbus-monitor \"interface='org.freedesktop.Notifications'\" &")?;
        Ok(desktop)
    }

    /// Gives the session a line of shell. The next one waits until it is done.
    pub(super) fn does(&mut self, line: &str) -> Result<()> {
        writeln!(self.keyboard, "{line}")
            .and_then(|()| self.keyboard.flush())
            .with_context(|| format!("Giving the session `{line}`"))
    }

    /// Waits until something on the desktop says a line with `text` in it.
    pub(super) fn until(&mut self, text: &str) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        loop {
            match self
                .said
                .recv_timeout(until.saturating_duration_since(Instant::now()))
            {
                Ok(line) => {
                    let found = line.contains(text);
                    if found {
                        println!("    | {line}");
                    }
                    self.last.push_back(line);
                    if self.last.len() > SHOWN {
                        self.last.pop_front();
                    }
                    if found {
                        return Ok(());
                    }
                }
                Err(ended) => {
                    let why = match ended {
                        RecvTimeoutError::Timeout => "was not said in time",
                        RecvTimeoutError::Disconnected => "was not said before the session ended",
                    };
                    let last: Vec<&str> = self.last.iter().map(String::as_str).collect();
                    bail!("`{text}` {why}; the last that was:\n{}", last.join("\n"))
                }
            }
        }
    }

    /// Waits until the app's window is to be seen, or no longer.
    fn until_seen(&mut self, seen: bool) -> Result<()> {
        let (hold, says) = if seen {
            ("until", "trial: it is seen")
        } else {
            ("while", "trial: it is not seen")
        };
        self.does(&format!(
            "{hold} xdotool search --onlyvisible --name '^Hearth$' >/dev/null; do sleep 0.2; done; echo '{says}'"
        ))?;
        self.until(says)
    }

    /// Opens the app by its entry in the menu and signs in by keys.
    pub(super) fn sign_in(&mut self, username: &str, password: &str) -> Result<()> {
        self.does("gtk-launch family.hearth.Hearth")?;
        self.until(WINDOW_IS_UP)?;
        self.until_seen(true)?;
        // The fields are drawn a moment after the window.
        self.does(&format!(
            "sleep 3; xdotool type --delay 80 '{username}'; xdotool key Tab; xdotool type --delay 80 '{password}'; xdotool key Return"
        ))?;
        self.until(&done("feed.get"))
    }

    /// Opens the invite of another home from its file, as a double click does, until the running app shows what is in it.
    pub(super) fn opens_an_invite(&mut self) -> Result<()> {
        self.does(
            "printf 'correct horse\\n' | hearth --data-dir \"$HOME/lake\" init --home 'Lake House' --name Clara --username clara \
             --birth-date 1980-05-01; hearth --data-dir \"$HOME/lake\" serve --listen '[::]:7499' --no-ui & lake=$!",
        )?;
        self.until("Hearth is ready")?;
        self.does(
            "hearth --data-dir \"$HOME/lake\" invite | head -n 1 > \"$HOME/lake.hearth-invite\"; \
             gio open \"$HOME/lake.hearth-invite\"",
        )?;
        self.until(&done("homes.preview_invite"))?;
        self.does("kill $lake; wait $lake; rm -r \"$HOME/lake\" \"$HOME/lake.hearth-invite\"; echo 'trial: lake is gone'")?;
        self.until("trial: lake is gone")
    }

    /// Closes the window, which leaves a notification, and clicks that, which brings the window back.
    pub(super) fn clicks_a_notification(&mut self) -> Result<()> {
        // The first time it asks what that is to mean; whoever closes it again wants it away.
        self.does("xdotool key alt+F4; sleep 2; xdotool key alt+F4")?;
        self.until("member=Notify")?;
        self.until_seen(false)?;
        self.does("dunstctl action 0")?;
        self.until("member=ActionInvoked")?;
        self.until_seen(true)
    }
}

/// What the home logs of a command of the page that was answered.
fn done(command: &str) -> String {
    format!("command=\"{command}\"}}: hearth_node::dispatch: Command done")
}
