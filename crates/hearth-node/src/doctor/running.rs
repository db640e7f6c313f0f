//! What a running home says of itself: its clock, its doors, its model servers, the homes that it is connected with.

use super::Finding;
use crate::words::counted;
use hearth_api::Timestamp;
use hearth_api::health::{Health, HealthLevel, HealthPart};
use hearth_api::homes::{Home, HomeState};

/// What a running home says. Its database, disk and keys were looked at already.
pub(super) fn of_health(health: &Health, now: Timestamp, findings: &mut Vec<Finding>) {
    for part in &health.parts {
        let found = match part.part.as_str() {
            "clock" => clock(part),
            "listener" => listener(part, &health.addresses),
            "access" => access(part),
            "provider" => provider(part),
            _ => continue,
        };
        findings.push(found);
    }
    findings.extend(health.homes.iter().filter_map(|h| home(h, now)));
}

fn clock(part: &HealthPart) -> Finding {
    let Ok(ms) = fact(part, "difference_ms").parse::<i64>() else {
        return Finding::good(
            "clock",
            "No other home is connected that it could be compared with.",
        );
    };
    let seconds = ms.unsigned_abs() / 1000;
    let found = if part.level == HealthLevel::Ok {
        Finding::good(
            "clock",
            format!("It agrees with the other homes to within {} s.", seconds + 1),
        )
    } else {
        Finding::bad(
            "clock",
            part.level,
            format!(
                "It differs from another home's by {}.",
                counted(seconds, "second", "seconds")
            ),
            "Let both machines set their clocks by the network; above five minutes they refuse each other.",
        )
    };
    found.fact("difference_ms", ms)
}

fn listener(part: &HealthPart, addresses: &[String]) -> Finding {
    let address = fact(part, "address");
    if part.level != HealthLevel::Ok {
        return Finding::bad(
            "listener",
            part.level,
            "Hearth does not listen for other homes.",
            "Its port may be taken: see which program has it, or choose another with --listen (HEARTH_LISTEN in the app).",
        );
    }
    let found = match knock(address, crate::config::FEDERATION_PORT) {
        Err(error) => Finding::bad(
            "listener",
            HealthLevel::Trouble,
            format!("It does not answer on {address}: {error}."),
            "Start Hearth again. If that does not help, a firewall on this machine may be in the way.",
        ),
        Ok(_) if addresses.is_empty() => Finding::bad(
            "listener",
            HealthLevel::Waiting,
            format!("It listens on {address}, but no address is known under which other homes reach it."),
            "Name one on the Health page: the address of this machine in your network, or a name on the internet.",
        ),
        Ok(_) => Finding::good(
            "listener",
            format!("It listens on {address}, with the home's own certificate."),
        ),
    };
    found.fact("addresses", addresses.len())
}

/// The door for devices in the network, if it is to be open.
fn access(part: &HealthPart) -> Finding {
    let (port, address) = (fact(part, "port"), fact(part, "address"));
    let days = counted(fact(part, "days").parse().unwrap_or_default(), "day", "days");
    let old = "Switch it off and on again in the window under Settings, Devices: a new one is made, which each device trusts once.";
    let found = match fact(part, "state") {
        "off" => return Finding::good("access", "This home is not open to other devices of its people."),
        "open" => match (knock(address, hearth_api::access::ACCESS_PORT), part.level) {
            (Err(error), _) => Finding::bad(
                "access",
                HealthLevel::Trouble,
                format!("Port {port} for other devices does not answer: {error}."),
                "Start Hearth again. If that does not help, a firewall on this machine may be in the way.",
            ),
            (Ok(_), HealthLevel::Ok) => Finding::good(
                "access",
                format!(
                    "Other devices get in at port {port}; the certificate that they trust is good for {days}."
                ),
            ),
            (Ok(_), level) => Finding::bad(
                "access",
                level,
                format!("The certificate that other devices trust is good for {days}."),
                old,
            ),
        },
        _ => {
            let why = match fact(part, "problem") {
                "" => format!("Nothing listens on port {port}."),
                problem => problem.to_owned(),
            };
            Finding::bad(
                "access",
                part.level,
                format!("Other devices do not get in. {why}"),
                "See which program has the port, end it and start Hearth again; or choose another port in the window under Settings, Devices.",
            )
        }
    };
    part.facts
        .iter()
        .filter(|(name, _)| matches!(name.as_str(), "port" | "days"))
        .fold(found, |found, (name, value)| found.fact(name, value))
}

/// Whether something answers at an address of this home.
#[expect(
    clippy::disallowed_methods,
    reason = "it knocks at this home's own listeners, on loopback"
)]
fn knock(address: &str, port: u16) -> std::io::Result<std::net::TcpStream> {
    std::net::TcpStream::connect_timeout(&loopback(address, port), std::time::Duration::from_secs(2))
}

/// The same port on this machine, for an address that stands for all of its addresses.
fn loopback(address: &str, port: u16) -> std::net::SocketAddr {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
    let parsed: SocketAddr = address
        .parse()
        .unwrap_or(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    let ip = match parsed.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, parsed.port())
}

fn provider(part: &HealthPart) -> Finding {
    let (all, offline) = (fact(part, "providers"), fact(part, "offline"));
    let servers = counted(all.parse().unwrap_or_default(), "model server", "model servers");
    let found = match (part.level, all, offline) {
        (HealthLevel::Ok, "1", _) => Finding::good("provider", "One model server is set up."),
        (HealthLevel::Ok, _, _) => Finding::good("provider", format!("{servers} are set up.")),
        (level, all, offline) => {
            let what = match (all, offline) {
                ("1", _) => "The model server gives no answers.".to_owned(),
                (_, "1") => format!("1 of {servers} gives no answers."),
                _ => format!("{offline} of {servers} give no answers."),
            };
            Finding::bad(
                "provider",
                level,
                what,
                "Start the model server, or change its address or its key in the window under Models.",
            )
        }
    };
    found.fact("providers", all)
}

/// A home to which nothing goes now: why, as far as it said so itself.
pub(super) fn silent_home(home: &Home, minutes: Option<i64>) -> Finding {
    let waiting = counted(home.waiting, "thing waits", "things wait");
    let (level, what, next) = match home.last_error.as_deref() {
        Some("cloned") => (
            HealthLevel::Trouble,
            format!("It saw two copies of this home run at the same time; {waiting}."),
            "Switch one of the two off. Ten minutes later everything goes on by itself.",
        ),
        Some("not_connected") => (
            HealthLevel::Waiting,
            format!(
                "It answers, but does not know this home: it may have removed or blocked it, or one of the two was put back to before they last connected; {waiting}."
            ),
            "Ask its people. Unless they blocked this home, connect again with a new invite: everything goes on where it was.",
        ),
        Some("clock_skew") => (
            HealthLevel::Waiting,
            format!("Its clock and the one here differ too much; {waiting}."),
            "Set the clock of both machines, best by the network.",
        ),
        Some("unsupported_version" | "version_mismatch") => (
            HealthLevel::Waiting,
            format!("It runs another version of Hearth; {waiting}."),
            "Update Hearth there or here.",
        ),
        Some("wrong_node") => (
            HealthLevel::Waiting,
            format!("Something else answers at its address; {waiting}."),
            "Ask its people for a new invite, or for its present address.",
        ),
        _ => (
            HealthLevel::Waiting,
            match minutes {
                Some(..1) => format!("It has not answered for less than a minute; {waiting}."),
                Some(1) => format!("It has not answered for a minute; {waiting}."),
                Some(minutes) => format!("It has not answered for {minutes} minutes; {waiting}."),
                None => format!("It has never answered; {waiting}."),
            },
            "Ask its people whether it is switched on and reachable. What waits goes out by itself.",
        ),
    };
    Finding::bad("home", level, what, next)
}

fn home(home: &Home, now: Timestamp) -> Option<Finding> {
    let silent = home.last_contact.map(|at| now.ms_since(at) / 60_000);
    let found = match home.state {
        HomeState::Connected if home.refused > 0 => Finding::bad(
            "home",
            HealthLevel::Trouble,
            format!(
                "It refused {} from here.",
                counted(home.refused, "thing", "things")
            ),
            "Look at what waits at that home, in the window under Homes. The two homes may need the same version of Hearth.",
        ),
        HomeState::Connected if home.cloned => Finding::bad(
            "home",
            HealthLevel::Trouble,
            "Two copies of it run at the same time.",
            "Its people must switch one of them off. Ten minutes later everything goes on by itself.",
        ),
        HomeState::Connected if home.restored.is_some_and(|restored| restored.alone) => Finding::bad(
            "home",
            HealthLevel::Waiting,
            "It says that this home's database is older than what it knows of it. What is missing is fetched from there.",
            "If this home was not put back from an older copy, and no copy of it runs elsewhere, that home is at fault: tell its people, or block it if it goes on.",
        ),
        HomeState::Connected if home.restored.is_some_and(|restored| restored.given_up) => Finding::bad(
            "home",
            HealthLevel::Trouble,
            "Comparing with it after a restore was given up: it always had more to tell.",
            "What it told until then was taken. Ask its family whether their Hearth is in order.",
        ),
        HomeState::Connected if home.restored.is_some_and(|restored| !restored.done) => Finding::bad(
            "home",
            HealthLevel::Waiting,
            "One of the two homes was put back to an older state; what it lost is being given back.",
            "Leave both homes switched on.",
        ),
        HomeState::Connected if !home.is_awake() => silent_home(home, silent),
        HomeState::Connected if home.fetches => Finding::good(
            "home",
            "It cannot be called from here; it fetches what is for it by itself.",
        ),
        HomeState::Connected => Finding::good("home", "It answers."),
        HomeState::Pending => Finding::bad(
            "home",
            HealthLevel::Waiting,
            "The safety words were not compared yet.",
            "Call each other, compare the words and confirm them on the Health page.",
        ),
        _ => return None,
    };
    let name = if home.nickname.is_empty() {
        &home.name
    } else {
        &home.nickname
    };
    let mut found = found
        .fact("id", home.id_shown.chars().take(9).collect::<String>())
        .fact("waiting", home.waiting)
        .fact("refused", home.refused)
        .fact("clock_difference_ms", home.clock_difference_ms)
        .fact("version", &home.version);
    if let Some(minutes) = silent {
        found = found.fact("silent_minutes", minutes);
    }
    if let Some(error) = &home.last_error {
        found = found.fact("last_error", error);
    }
    found.name = Some(name.clone());
    Some(found)
}

fn fact<'p>(part: &'p HealthPart, name: &str) -> &'p str {
    part.facts.get(name).map(String::as_str).unwrap_or_default()
}
