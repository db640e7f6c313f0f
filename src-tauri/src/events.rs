//! Hands the node's events to the page, and keeps tray and notifications in step with them.

use std::sync::Arc;

use hearth_api::health::{GetHealth, HealthLevel};
use hearth_api::ports::Zone;
use hearth_api::{Event, EventEnvelope, Timestamp, app::GetStatus, session::Me};
use hearth_node::system::SystemZone;
use tauri::{AppHandle, Emitter as _, Manager as _};

use crate::host::Host;
use crate::tray::{self, Shown};
use crate::words::Language;
use crate::{notify, spelling, window};

/// The name under which the page hears of events.
const EVENT: &str = "hearth:event";

/// Listens as long as the program runs: again after every sign-in, and from where the page wants it.
pub(crate) fn forward(app: AppHandle, host: Arc<Host>) {
    tauri::async_runtime::spawn(async move {
        let mut wanted = host.wanted();
        let mut follower = Follower {
            app,
            host,
            shown: Shown::default(),
            content: false,
            zone: "auto".to_owned(),
            notified: 0,
        };
        loop {
            let since = wanted.borrow_and_update().since;
            tokio::select! {
                () = follower.follow(since) => {
                    // The session ended, or the node closed: nothing to hear until somebody signs in.
                    if wanted.changed().await.is_err() {
                        return;
                    }
                }
                changed = wanted.changed() => if changed.is_err() { return },
            }
        }
    });
}

struct Follower {
    app: AppHandle,
    host: Arc<Host>,
    shown: Shown,
    /// Whether notifications may say what they are about.
    content: bool,
    /// The time zone of the account, by which times are written.
    zone: String,
    /// The last event that a notification was shown for: those that the page hears again are not shown again.
    notified: u64,
}

impl Follower {
    async fn follow(&mut self, since: Option<u64>) {
        let Ok(mut events) = self.host.subscribe(since).await else {
            self.shown = Shown::default();
            self.show();
            return;
        };
        self.learn_account().await;
        self.learn_health().await;
        self.show();
        while let Some(envelope) = events.recv().await {
            self.take(&envelope).await;
            if let Err(error) = self.app.emit_to(window::LABEL, EVENT, &envelope) {
                tracing::warn!(%error, "The window did not take an event");
            }
        }
        self.shown = Shown::default();
        self.show();
    }

    async fn take(&mut self, envelope: &EventEnvelope) {
        match &envelope.event {
            Event::NotificationsChanged { unread } => self.shown.unread = *unread,
            Event::AccountChanged => self.learn_account().await,
            Event::HomesChanged { .. } | Event::DeliveryChanged { .. } => self.learn_health().await,
            Event::Gap => {
                self.learn_account().await;
                self.learn_health().await;
            }
            Event::Native { notification } if self.is_new(envelope.seq) => {
                notify::show(&self.app, notification, self.content);
                return;
            }
            // What is written in a pause waits, and that is shown; passing events write nothing.
            _ if self.shown.paused_until.is_some() && envelope.seq.is_some() => self.learn_health().await,
            _ => return,
        }
        self.show();
    }

    /// Whether an event with this number was not told yet; passing events have none and are never told twice.
    fn is_new(&mut self, seq: Option<u64>) -> bool {
        let Some(seq) = seq else { return true };
        let new = seq > self.notified;
        self.notified = self.notified.max(seq);
        new
    }

    async fn learn_account(&mut self) {
        match self.host.ask(GetStatus {}).await {
            Ok(status) => {
                self.notified = self
                    .notified
                    .max(if self.shown.signed_in { 0 } else { status.event_seq });
                self.take_account(status.me.as_ref());
            }
            Err(error) => tracing::debug!(%error, "The account could not be asked for"),
        }
    }

    fn take_account(&mut self, me: Option<&Me>) {
        self.shown.signed_in = me.is_some();
        self.shown.admin = me.is_some_and(|me| me.role.is_admin());
        if let Some(me) = me {
            self.zone.clone_from(&me.settings.time_zone);
            self.shown.unread = me.unread;
            self.content = me.settings.notification_content;
            let words = self.app.state::<Language>();
            if words.speak(&me.settings.language)
                && let Some(window) = self.app.get_webview_window(window::LABEL)
            {
                spelling::check(&window, &words.tag());
            }
        }
    }

    async fn learn_health(&mut self) {
        match self.host.ask(GetHealth {}).await {
            Ok(health) => {
                self.shown.needs_help = health.level == HealthLevel::Trouble;
                self.shown.waiting = health.waiting;
                self.shown.paused_until = health
                    .paused_until
                    .map(|until| time_of_day(&SystemZone, &self.zone, until));
            }
            Err(error) => tracing::debug!(%error, "The home's health could not be asked for"),
        }
    }

    fn show(&self) {
        let (app, shown) = (self.app.clone(), self.shown.clone());
        // Menus belong to the main thread.
        let posted = self.app.run_on_main_thread(move || tray::show(&app, &shown));
        if let Err(error) = posted {
            tracing::debug!(%error, "The program is ending");
        }
    }
}

/// What the clocks of a place show at a time, such as `15:40`.
fn time_of_day(zone: &dyn Zone, name: &str, at: Timestamp) -> String {
    let ahead_ms = i64::from(zone.ahead_in(name, at).unwrap_or(0)) * 1000;
    let minutes = at.plus_ms(ahead_ms).0.div_euclid(60_000).rem_euclid(24 * 60);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_clocks_on_the_wall() {
        // 22 November 2026, 00:00 UTC.
        let at = Timestamp(1_795_305_600_000);
        let berlin = |at| time_of_day(&SystemZone, "Europe/Berlin", at);
        assert_eq!(berlin(at), "01:00");
        assert_eq!(berlin(at.plus_ms(14 * 3_600_000 + 40 * 60_000)), "15:40");
        assert_eq!(time_of_day(&SystemZone, "UTC", at.plus_ms(-60_000)), "23:59");
    }
}
