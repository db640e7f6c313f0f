//! What a desktop offers on the session bus: a server of notifications and a watcher of tray icons.

use futures_util::StreamExt as _;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc;
use zbus::connection::Builder;
use zbus::message::{Header, Type};
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, MatchRule, MessageStream, Proxy, interface};

const NOTIFICATIONS: &str = "/org/freedesktop/Notifications";
const WATCHER: &str = "/StatusNotifierWatcher";

/// A notification that was shown.
#[derive(Debug, Clone)]
pub struct Note {
    /// The number of its bubble; one that takes the place of another has the same.
    pub id: u32,
    bus: Connection,
    /// Its title.
    pub title: String,
    /// Its text, as markup.
    pub body: String,
    /// What one may do, by name.
    pub actions: Vec<String>,
    /// What the buttons for that say.
    pub labels: Vec<String>,
    /// The name of its icon.
    pub icon: String,
}

impl Note {
    /// Does one of its actions; a click on the notification itself is `default`.
    ///
    /// # Panics
    /// When the bus is gone.
    pub async fn act(&self, action: &str) {
        let emitter = SignalEmitter::new(&self.bus, NOTIFICATIONS).expect("a path");
        Server::action_invoked(&emitter, self.id, action)
            .await
            .expect("the bus takes it");
    }
}

/// The two services, and what they have heard.
pub(super) struct Services {
    bus: Connection,
    notes: mpsc::UnboundedReceiver<Note>,
    icons: Icons,
    badge: Arc<Mutex<Option<Badge>>>,
}

/// The number on the icon of a program in the dock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    /// The program, by its desktop file.
    pub program: String,
    /// The number; none when no number is shown.
    pub count: Option<i64>,
}

/// Who put an icon into the tray, and where it is.
type Icons = Arc<Mutex<Vec<(String, String)>>>;

impl Services {
    pub(super) async fn offer(address: &str) -> Self {
        let (shown, notes) = mpsc::unbounded_channel();
        let icons = Icons::default();
        let bus = Builder::address(address)
            .and_then(|bus| bus.serve_at(NOTIFICATIONS, Server { shown, last: 0 }))
            .and_then(|bus| bus.serve_at(WATCHER, Watcher(Arc::clone(&icons))))
            .and_then(|bus| bus.name("org.freedesktop.Notifications"))
            .and_then(|bus| bus.name("org.kde.StatusNotifierWatcher"))
            .expect("names and paths that the bus knows")
            .build()
            .await
            .expect("a bus of our own");
        let badge = Arc::default();
        listen_as_a_dock(&bus, &badge).await;
        Self {
            bus,
            notes,
            icons,
            badge,
        }
    }

    /// The number that a program told last.
    pub(super) fn badge(&self) -> Option<Badge> {
        self.badge.lock().unwrap().clone()
    }

    pub(super) async fn next_note(&mut self) -> Note {
        self.notes.recv().await.expect("the bus runs")
    }

    /// The icon that was put there last.
    pub(super) async fn tray(&self) -> Option<Tray> {
        let (owner, path) = self.icons.lock().unwrap().last().cloned()?;
        let item = Proxy::new(&self.bus, owner.clone(), path, "org.kde.StatusNotifierItem")
            .await
            .ok()?;
        let menu: OwnedObjectPath = item.get_property("Menu").await.ok()?;
        let menu = Proxy::new(&self.bus, owner, menu, "com.canonical.dbusmenu")
            .await
            .ok()?;
        Some(Tray { menu })
    }
}

/// Hears the numbers that programs tell docks.
async fn listen_as_a_dock(bus: &Connection, badge: &Arc<Mutex<Option<Badge>>>) {
    let rule = MatchRule::builder()
        .msg_type(Type::Signal)
        .interface("com.canonical.Unity.LauncherEntry")
        .and_then(|rule| rule.member("Update"))
        .expect("names as the bus has them")
        .build();
    let stream = MessageStream::for_match_rule(rule, bus, None).await;
    let (mut stream, badge) = (stream.expect("the bus takes it"), Arc::clone(badge));
    tokio::spawn(async move {
        while let Some(Ok(message)) = stream.next().await {
            let body = message.body();
            let (program, told): (String, HashMap<String, OwnedValue>) =
                body.deserialize().expect("an update as docks know it");
            let shown = told
                .get("count-visible")
                .is_some_and(|shown| **shown == Value::Bool(true));
            let count = told.get("count").and_then(|count| i64::try_from(count).ok());
            *badge.lock().unwrap() = Some(Badge {
                program,
                count: count.filter(|_| shown),
            });
        }
    });
}

struct Server {
    shown: mpsc::UnboundedSender<Note>,
    last: u32,
}

#[interface(name = "org.freedesktop.Notifications")]
impl Server {
    #[expect(clippy::too_many_arguments, reason = "the specification has so many")]
    fn notify(
        &mut self,
        #[zbus(connection)] bus: &Connection,
        _app_name: String,
        replaces: u32,
        icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expires: i32,
    ) -> u32 {
        let id = if replaces == 0 {
            self.last += 1;
            self.last
        } else {
            replaces
        };
        // Each action is followed by its label.
        let labels = actions.iter().skip(1).step_by(2).cloned().collect();
        let actions = actions.into_iter().step_by(2).collect();
        let _ = self.shown.send(Note {
            id,
            bus: bus.clone(),
            title,
            body,
            actions,
            labels,
            icon,
        });
        id
    }

    fn close_notification(&self, _id: u32) {}

    fn get_capabilities(&self) -> Vec<String> {
        ["actions", "body", "body-markup"].map(str::to_owned).to_vec()
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ["Desk", "Hearth", "1", "1.2"].map(str::to_owned).into()
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn notification_closed(emitter: &SignalEmitter<'_>, id: u32, reason: u32) -> zbus::Result<()>;
}

struct Watcher(Icons);

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    /// An icon names its path, or the name of its owner, who is then asked at the usual path.
    fn register_status_notifier_item(&self, service: String, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let icon = if service.starts_with('/') {
            (sender, service)
        } else {
            (service, "/StatusNotifierItem".to_owned())
        };
        self.0.lock().unwrap().push(icon);
    }

    fn register_status_notifier_host(&self, _service: String) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        let icons = self.0.lock().unwrap();
        icons
            .iter()
            .map(|(owner, path)| format!("{owner}{path}"))
            .collect()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// An entry of a menu: its id, its properties, and the entries below it.
type Entry = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// An icon in the tray, with its menu.
#[derive(Debug)]
pub struct Tray {
    menu: Proxy<'static>,
}

impl Tray {
    /// The entries that have a text, with their ids.
    async fn entries(&self) -> Vec<(i32, String)> {
        let (_revision, root): (u32, Entry) = self
            .menu
            .call("GetLayout", &(0_i32, -1_i32, vec!["label", "enabled"]))
            .await
            .expect("the app shows its menu");
        root.2.iter().filter_map(entry).collect()
    }

    /// What the menu says, from top to bottom.
    pub async fn texts(&self) -> Vec<String> {
        self.entries().await.into_iter().map(|(_, text)| text).collect()
    }

    /// Waits until the menu has an entry that holds `text`.
    pub async fn shows(&self, text: &str) {
        super::until("an entry of the tray", || async {
            self.texts()
                .await
                .iter()
                .any(|entry| entry.contains(text))
                .then_some(())
        })
        .await;
    }

    /// Chooses the entry that holds `text`.
    ///
    /// # Panics
    /// When there is none.
    pub async fn choose(&self, text: &str) {
        let entries = self.entries().await;
        let (id, _) = entries
            .iter()
            .find(|(_, entry)| entry.contains(text))
            .unwrap_or_else(|| panic!("No entry says {text:?}: {entries:?}"));
        // The app may end over it, before it answers.
        let _: zbus::Result<()> = self
            .menu
            .call("Event", &(*id, "clicked", Value::I32(0), 0_u32))
            .await;
    }
}

/// The id and label of an entry `(ia{sv}av)`.
fn entry(value: &OwnedValue) -> Option<(i32, String)> {
    let Value::Structure(fields) = &**value else {
        return None;
    };
    let [Value::I32(id), Value::Dict(properties), ..] = fields.fields() else {
        return None;
    };
    let label: Value<'_> = properties.get(&"label").ok().flatten()?;
    let Value::Str(label) = label else { return None };
    Some((*id, label.replace('_', "")))
}
