//! Network namespaces joined by lines that lose, delay and turn away real packets: `line/line.py` makes them, the homes in them are real
//! processes, and TCP is that of the kernel.
//!
//! Where namespaces may not be made, [`Country::open`] says why. All of it ends when the [`Country`] is dropped, however that comes
//! about: the program that holds the namespaces ends with its input.

use crate::process::{Served, command};
use crate::time::within;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;

/// Where every home listens for others.
const PORT: u16 = 7346;
/// Where every home has its window, on the loopback of its namespace.
const UI_PORT: u16 = 7345;

/// What a line is like. The same both ways.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Line {
    /// Bytes a second, each way; 0 for as many as one likes.
    pub rate: u64,
    /// From one end to the other, in milliseconds.
    pub delay_ms: u64,
    /// Of a hundred packets, how many are lost.
    pub lost_percent: u64,
    /// Whether the hub can open no connection to the other end.
    pub closed: bool,
}

impl Line {
    /// 56 kbit/s, and two seconds there and back.
    #[must_use]
    pub fn modem() -> Self {
        Self {
            rate: 7_000,
            delay_ms: 1_000,
            ..Self::default()
        }
    }
}

/// What went over a line one way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct Way {
    /// Packets that were carried.
    pub packets: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Packets that were lost on the way.
    pub lost: u64,
    /// Packets that found too many waiting.
    pub full: u64,
    /// New connections that were turned away, each try counted.
    pub turned_away: u64,
}

/// What went over a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct Counts {
    /// From the hub to the other end.
    #[serde(rename = "in")]
    pub from_hub: Way,
    /// From the other end to the hub.
    #[serde(rename = "out")]
    pub to_hub: Way,
}

#[derive(Debug, Deserialize)]
struct Ready {
    user_namespace: bool,
    pids: BTreeMap<String, u32>,
    ports: BTreeMap<String, u16>,
}

/// Namespaces, and the lines from the first of them, the hub, to the others.
pub struct Country {
    ready: Ready,
    talk: Mutex<(ChildStdin, Lines<BufReader<ChildStdout>>)>,
    _program: Child,
}

impl Country {
    /// A namespace for each name, with fair lines.
    ///
    /// # Errors
    /// Why there can be none here.
    ///
    /// # Panics
    /// When the program that makes them fails.
    pub async fn open(names: &[&str]) -> Result<Self, String> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("line/line.py");
        let mut program = Command::new("python3")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .arg(script)
            .args(names)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("there is no Python 3: {error}"))?;
        let input = program.stdin.take().expect("a pipe");
        let mut lines = BufReader::new(program.stdout.take().expect("a pipe")).lines();
        let first = within("the namespaces", lines.next_line()).await;
        let first: Value = serde_json::from_str(&first.unwrap().expect("it says something")).unwrap();
        if let Some(why) = first["skipped"].as_str() {
            return Err(why.to_owned());
        }
        Ok(Self {
            ready: serde_json::from_value(first).expect("the namespaces are ready"),
            talk: Mutex::new((input, lines)),
            _program: program,
        })
    }

    async fn tell(&self, told: &Value) -> Value {
        let mut talk = self.talk.lock().await;
        talk.0.write_all(format!("{told}\n").as_bytes()).await.unwrap();
        let line = within("the line's answer", talk.1.next_line()).await;
        serde_json::from_str(&line.unwrap().expect("the lines are still there")).unwrap()
    }

    /// Changes a line, for the packets that are sent from now on.
    pub async fn set(&self, line: &str, like: Line) {
        let closed = if like.closed { json!("in") } else { Value::Null };
        self.tell(&json!({
            "line": line,
            "rate": like.rate,
            "delay_ms": like.delay_ms,
            "lost_percent": like.lost_percent,
            "closed": closed,
        }))
        .await;
    }

    /// Gives the hub another address on a line; the old one is not there any more.
    pub async fn move_hub(&self, line: &str, address: Ipv4Addr) {
        self.tell(&json!({ "line": line, "hub": address.to_string() }))
            .await;
    }

    /// What went over a line so far.
    ///
    /// # Panics
    /// When there is no such line.
    pub async fn counts(&self, line: &str) -> Counts {
        serde_json::from_value(self.tell(&json!({ "count": line })).await).expect("a line")
    }

    /// Starts a home in a namespace: `hearth serve` as anybody starts it, on all addresses that are there.
    ///
    /// # Panics
    /// When it ends instead.
    pub async fn serve(&self, name: &str, dir: &Path) -> Served {
        let mut inside = Command::new("nsenter");
        inside.args(["--target", &self.ready.pids[name].to_string(), "--net"]);
        if self.ready.user_namespace {
            inside.args(["--user", "--preserve-credentials"]);
        }
        let program = command(dir);
        let program = program.as_std();
        inside
            .arg(program.get_program())
            .args(program.get_args())
            .env("HEARTH_LOG", "info")
            .kill_on_drop(true)
            .stdin(Stdio::null());
        let mut served = Served::start_at(
            inside,
            &format!("0.0.0.0:{PORT}"),
            &format!("127.0.0.1:{UI_PORT}"),
        )
        .await;
        // The way to it from here.
        served.ui = SocketAddr::from((Ipv4Addr::LOCALHOST, self.ready.ports[name]));
        served
    }
}
