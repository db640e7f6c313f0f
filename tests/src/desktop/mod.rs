//! A desk of its own for the desktop app: a screen without a monitor (Xvfb), a session bus, and on that bus what a desktop
//! offers: a server of notifications and a tray. Nothing of the person's own desktop is touched or seen.
//!
//! `HEARTH_DESKTOP_BIN` names the app, `HEARTH_WEBKIT_DRIVER` the driver of its web view, else they are looked for beside this
//! test and on the `PATH`.

mod app;
mod bus;
mod feed;
mod screen;
mod secrets;

pub use app::{App, TITLE};
pub use bus::{Badge, Note, Tray};
pub use feed::{Feed, Signed};
pub use screen::Screen;
pub use secrets::Secrets;

use crate::time::within;
use bus::Services;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Only what the test puts there itself: no service of the machine is started on this bus.
const BUS_CONFIG: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=@DIR@</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// A screen, a bus, notifications and a tray.
pub struct Desk {
    screen: Screen,
    services: Services,
    address: String,
    variables: Vec<(String, String)>,
    dir: TempDir,
    _server: Child,
    _bus: Child,
}

impl Desk {
    /// Sets a desk up.
    ///
    /// # Panics
    /// When Xvfb or the message bus are not there.
    pub async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1600x1000x24"])
            .args(["-nolisten", "tcp", "-noreset"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("Xvfb is needed: `cargo xtask setup`");
        let display = format!(":{}", first_line(&mut server, "the screen").await);
        let config = dir.path().join("bus.conf");
        let text = BUS_CONFIG.replace("@DIR@", &dir.path().display().to_string());
        std::fs::write(&config, text).unwrap();
        let mut bus = Command::new("dbus-daemon")
            .arg("--config-file")
            .arg(&config)
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("dbus-daemon is needed: `cargo xtask setup`");
        let address = first_line(&mut bus, "the message bus").await;
        Self {
            screen: Screen::open(&display),
            services: within("the bus", Services::offer(&address)).await,
            address,
            variables: Vec::new(),
            dir,
            _server: server,
            _bus: bus,
        }
    }

    /// Has every start of the app from now on find this in its environment.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// What is on the screen.
    #[must_use]
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// The next notification that somebody shows, or one that waits already.
    pub async fn next_note(&mut self) -> Note {
        within("a notification", self.services.next_note()).await
    }

    /// The next notification whose title holds `text`; others are passed over.
    pub async fn note_about(&mut self, text: &str) -> Note {
        within("the notification", async {
            loop {
                let note = self.services.next_note().await;
                if note.title.contains(text) {
                    return note;
                }
            }
        })
        .await
    }

    /// Puts a keychain on the bus; without it there is none.
    pub async fn offer_keychain(&self) -> Secrets {
        within("the keychain", Secrets::offer(&self.address)).await
    }

    /// The icon that the app put into the tray.
    pub async fn tray(&self) -> Tray {
        until("an icon in the tray", || self.services.tray()).await
    }

    /// Waits until the icon of the app in the dock shows this number, or none.
    pub async fn shows_badge(&self, count: Option<i64>) {
        let program = "application://family.hearth.Hearth.desktop".to_owned();
        let wanted = Some(Badge { program, count });
        until("the number in the dock", || async {
            (self.services.badge() == wanted).then_some(())
        })
        .await;
    }

    /// Takes what the machine could tell a program about another desk, and gives it this one.
    fn dress(&self, command: &mut Command) {
        let home = self.dir.path();
        for name in ["WAYLAND_DISPLAY", "XAUTHORITY", "SESSION_MANAGER", "LANGUAGE"] {
            command.env_remove(name);
        }
        command
            .env("DISPLAY", self.screen.display())
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home)
            .env("XDG_DATA_HOME", home.join("share"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("LC_ALL", "C.UTF-8")
            .env("GDK_BACKEND", "x11")
            .env("GSETTINGS_BACKEND", "memory")
            .env("NO_AT_BRIDGE", "1")
            // There is no graphics card to share buffers with.
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            // However long a busy machine takes for the first frame.
            .env("HEARTH_FIRST_FRAME", "0")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .kill_on_drop(true);
    }

    /// Where the settings of the person's programs are.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.dir.path().join("config")
    }

    /// Starts the app as a person or the session would, without driving it. Killed when it is dropped.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(&self, data: &Path, args: &[&str], variables: &[(&str, &str)]) -> Child {
        let mut command = Command::new(app::program());
        self.dress(&mut command);
        app::at_home(&mut command, data);
        let log = File::create(self.dir.path().join("second.log")).unwrap();
        command
            .args(args)
            .envs(variables.iter().copied())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .expect("the app starts")
    }

    /// Starts the app as a person or a link would, without driving it; waits for its end, and says whether it ended well.
    pub async fn start_again(&self, data: &Path, args: &[&str]) -> bool {
        let mut child = self.start(data, args, &[]);
        within("the second start to end", child.wait())
            .await
            .expect("our own child")
            .success()
    }
}

async fn first_line(child: &mut Child, what: &str) -> String {
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let line = within(what, lines.next_line()).await.expect("a line");
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    line.unwrap_or_else(|| panic!("{what} ended at once"))
}

/// Looks again and again until there is something: for what other programs do and tell nobody about.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    within(what, async {
        let mut tick = tokio::time::interval(Duration::from_millis(25));
        loop {
            tick.tick().await;
            if let Some(found) = look().await {
                return found;
            }
        }
    })
    .await
}
