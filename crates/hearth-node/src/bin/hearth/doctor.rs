//! `hearth doctor`: what is wrong, and what to do next.

use crate::output;
use hearth_api::Code;
use hearth_api::health::HealthLevel;
use hearth_api::ports::Clock as _;
use hearth_node::doctor::{self, Answer, Means, Report, bundle};
use hearth_node::keychain::SystemKeychain;
use hearth_node::system::{SystemClock, SystemZone};
use hearth_node::{OpenError, control};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use zeroize::Zeroizing;

/// Looks at the home, and packs a bundle if one is wanted.
pub(crate) async fn run(
    dir: &Path,
    bundle: Option<PathBuf>,
    passphrase: Option<Result<Zeroizing<String>, OpenError>>,
    json: bool,
) -> ExitCode {
    let answer = match control::call(dir, "homes.health", &json!({})).await {
        None => Answer::None,
        Some(Ok(answer)) => match serde_json::from_value(answer) {
            Ok(health) => Answer::Health(Box::new(health)),
            Err(error) => Answer::Refused(format!("its answer is of another version ({error}).")),
        },
        // Who calls this way is the owner, so it is an owner that is missing.
        Some(Err(error)) if error.code == Code::SignInNeeded => Answer::NotSetUp,
        Some(Err(error)) => Answer::Refused(error.message),
    };
    // Whole, so that the bundle knows what not to tell.
    let dir = std::path::absolute(dir).unwrap_or_else(|_unknown| dir.to_owned());
    let now = SystemClock.now();
    let examined = tokio::task::spawn_blocking(move || {
        let means = Means {
            keychain: &SystemKeychain,
            passphrase: passphrase.as_ref(),
            zone: &SystemZone,
            now,
        };
        let report = doctor::examine(&dir, &answer, means);
        let packed = bundle.map(|target| bundle::write(&dir, &report, &target, now).map(|()| target));
        (report, packed.transpose())
    });
    let (report, packed) = match examined.await {
        Ok(done) => done,
        Err(error) => return output::fail(json, &format!("The home cannot be looked at: {error}"), 2),
    };
    let packed = match packed {
        Ok(packed) => packed,
        Err(error) => return output::fail(json, &format!("The bundle cannot be written: {error}"), 2),
    };
    let answer = json!({
        "level": report.level, "program": report.program, "running": report.running, "findings": report.findings,
        "bundle": packed,
    });
    output::answer(json, &answer, |_| sentences(&report, packed.as_deref()));
    ExitCode::from(match report.level {
        HealthLevel::Ok => 0,
        HealthLevel::Waiting => 1,
        HealthLevel::Trouble => 2,
    })
}

fn sentences(report: &Report, packed: Option<&Path>) -> String {
    let mut lines = vec![match report.level {
        HealthLevel::Ok => "All is well.".to_owned(),
        HealthLevel::Waiting => "Something waits.".to_owned(),
        HealthLevel::Trouble => "Something needs you.".to_owned(),
    }];
    for finding in &report.findings {
        let mark = match finding.level {
            HealthLevel::Ok => "ok  ",
            HealthLevel::Waiting => "wait",
            HealthLevel::Trouble => "BAD ",
        };
        let about = match &finding.name {
            Some(name) => format!("{} {name}", finding.part),
            None => finding.part.clone(),
        };
        lines.push(format!("{mark}  {about}: {}", finding.what));
        if let Some(next) = &finding.next {
            lines.push(format!("      → {next}"));
        }
    }
    if let Some(path) = packed {
        lines.push(format!(
            "\nThe bundle is {}. It has no content, no name and no secret; look into it before you give it away.",
            path.display()
        ));
    }
    lines.join("\n")
}
