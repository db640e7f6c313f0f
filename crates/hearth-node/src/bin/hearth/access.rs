//! Other devices on the command line: opening the home to them, and a code that connects one.

use crate::commands::{put, show};
use crate::output;
use hearth_node::control;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use zeroize::Zeroizing;

/// What is done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum What {
    /// Says whether the home is open to other devices, and lists those that are connected.
    Show,
    /// Opens the home to other devices in your network.
    On,
    /// Closes it; connected devices stay known.
    Off,
    /// Shows a code that connects one device, good for ten minutes.
    Code,
}

pub(crate) async fn run(
    dir: &Path,
    passphrase: Option<Zeroizing<String>>,
    json: bool,
    what: What,
    port: Option<u16>,
) -> ExitCode {
    match what {
        What::Show => {
            let devices = match put(dir, passphrase.clone(), "access.devices", json!({})).await {
                Ok(devices) => devices,
                Err(error) => return output::refuse(json, &error),
            };
            show(dir, passphrase, json, "access.get", json!({}), |access| {
                format!("{}{}", state(access), listed(&devices))
            })
            .await
        }
        What::On | What::Off => {
            let request = json!({ "on": what == What::On, "port": port });
            // Only a home that runs can be reached; another one notes it for its next start.
            let runs = control::call(dir, "app.status", &json!({})).await.is_some();
            show(dir, passphrase, json, "access.set", request, |access| {
                if what == What::On && !runs {
                    "Other devices may reach this home once it runs: “hearth serve”.".to_owned()
                } else {
                    state(access)
                }
            })
            .await
        }
        What::Code => show(dir, passphrase, json, "access.create_code", json!({}), code).await,
    }
}

fn texts<'a>(value: &'a Value, pointer: &str) -> Vec<&'a str> {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

fn state(access: &Value) -> String {
    let text = |pointer: &str| access.pointer(pointer).and_then(Value::as_str);
    if access.get("on") != Some(&Value::Bool(true)) {
        return "Other devices cannot reach this home. “hearth access on” changes that.".to_owned();
    }
    if let Some(problem) = text("/problem") {
        return format!("Other devices should reach this home, and cannot: {problem}");
    }
    let mut lines = "Other devices in your network reach this home at:".to_owned();
    for address in texts(access, "/addresses") {
        let _ = write!(lines, "\n  {address}");
    }
    if let Some(fingerprint) = text("/fingerprint") {
        let _ = write!(lines, "\nIts certificate (SHA-256): {fingerprint}");
    }
    lines.push_str("\n“hearth access code” connects a device.");
    lines
}

fn listed(devices: &Value) -> String {
    let all = devices.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut lines = String::new();
    for device in all {
        let text = |name: &str| device.get(name).and_then(Value::as_str).unwrap_or_default();
        let _ = write!(
            lines,
            "\n- {} (connected by {})",
            text("name"),
            text("person_name")
        );
    }
    lines
}

fn code(answer: &Value) -> String {
    let links = texts(answer, "/links");
    let Some(first) = links.first() else {
        return "This home has no address in a network.".to_owned();
    };
    let picture = QrCode::new(first).map_or_else(
        |_too_long| String::new(),
        |code| code.render::<Dense1x2>().quiet_zone(true).build(),
    );
    format!(
        "{picture}\n\nScan this with the phone, or open one of these there within ten minutes:\n  {}\n\nWho opens it is signed in as \
         you. Your browser warns of the certificate the first time: it is your home's own.",
        links.join("\n  ")
    )
}
