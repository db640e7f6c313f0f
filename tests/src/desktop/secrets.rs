//! A keychain on the session bus: what the Secret Service is to a program that keeps one secret there.
//!
//! It answers the exchange of keys with the number one, so that every session has the same key: what it is given, encrypted, it hands
//! back as it is, and never knows what it keeps.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use zbus::connection::Builder;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, ObjectServer, fdo, interface};

const SERVICE: &str = "/org/freedesktop/secrets";
const COLLECTION: &str = "/org/freedesktop/secrets/collection/login";
const PROMPT: &str = "/org/freedesktop/secrets/prompt/p1";
const SESSION: &str = "/org/freedesktop/secrets/session/s1";
const NOTHING: &str = "/";

/// Session, parameters, value, content type.
type Secret = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

#[derive(Default)]
struct State {
    last: u32,
    items: HashMap<OwnedObjectPath, (HashMap<String, String>, Secret)>,
    locked: bool,
}

type Shared = Arc<Mutex<State>>;

/// The keychain, open at first.
pub struct Secrets {
    bus: Connection,
    state: Shared,
}

impl Secrets {
    pub(super) async fn offer(address: &str) -> Self {
        let state = Shared::default();
        let bus = Builder::address(address)
            .and_then(|bus| bus.serve_at(SERVICE, Service(Arc::clone(&state))))
            .and_then(|bus| bus.serve_at(COLLECTION, Collection(Arc::clone(&state))))
            .and_then(|bus| bus.serve_at(PROMPT, Prompt))
            .and_then(|bus| bus.name("org.freedesktop.secrets"))
            .expect("names and paths that the bus knows")
            .build()
            .await
            .expect("a bus of our own");
        Self { bus, state }
    }

    /// How many secrets it keeps.
    #[must_use]
    pub fn count(&self) -> usize {
        self.state.lock().unwrap().items.len()
    }

    /// Locks it: the person whom it asks to unlock it refuses.
    pub fn lock(&self, locked: bool) {
        self.state.lock().unwrap().locked = locked;
    }

    /// Ends it, as where no keychain is installed.
    ///
    /// # Panics
    /// When the bus is gone.
    pub async fn end(self) {
        self.bus.close().await.expect("the bus runs");
    }
}

fn path(path: &str) -> OwnedObjectPath {
    ObjectPath::try_from(path).expect("a path").into()
}

struct Service(Shared);

#[interface(name = "org.freedesktop.Secret.Service")]
impl Service {
    fn open_session(&self, _algorithm: String, _input: OwnedValue) -> (OwnedValue, OwnedObjectPath) {
        let one = Value::from(vec![1_u8]).try_to_owned().expect("bytes");
        (one, path(SESSION))
    }

    fn search_items(&self, wanted: HashMap<String, String>) -> (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) {
        let state = self.0.lock().unwrap();
        let found = state
            .items
            .iter()
            .filter(|(_, (attributes, _))| {
                wanted
                    .iter()
                    .all(|(name, value)| attributes.get(name) == Some(value))
            })
            .map(|(path, _)| path.clone())
            .collect();
        if state.locked {
            (Vec::new(), found)
        } else {
            (found, Vec::new())
        }
    }

    fn unlock(&self, objects: Vec<OwnedObjectPath>) -> (Vec<OwnedObjectPath>, OwnedObjectPath) {
        if self.0.lock().unwrap().locked {
            (Vec::new(), path(PROMPT))
        } else {
            (objects, path(NOTHING))
        }
    }

    fn read_alias(&self, _name: String) -> OwnedObjectPath {
        path(COLLECTION)
    }
}

struct Collection(Shared);

#[interface(name = "org.freedesktop.Secret.Collection")]
impl Collection {
    async fn create_item(
        &self,
        #[zbus(object_server)] server: &ObjectServer,
        properties: HashMap<String, OwnedValue>,
        secret: Secret,
        _replace: bool,
    ) -> fdo::Result<(OwnedObjectPath, OwnedObjectPath)> {
        let attributes = properties
            .get("org.freedesktop.Secret.Item.Attributes")
            .and_then(|value| value.try_clone().ok())
            .and_then(|value| HashMap::<String, String>::try_from(value).ok())
            .unwrap_or_default();
        let item = {
            let mut state = self.0.lock().unwrap();
            state.last += 1;
            let item = path(&format!("{COLLECTION}/{}", state.last));
            state.items.insert(item.clone(), (attributes, secret));
            item
        };
        server.at(&item, Item(Arc::clone(&self.0), item.clone())).await?;
        Ok((item, path(NOTHING)))
    }

    #[zbus(property)]
    fn locked(&self) -> bool {
        self.0.lock().unwrap().locked
    }
}

struct Item(Shared, OwnedObjectPath);

#[interface(name = "org.freedesktop.Secret.Item")]
impl Item {
    /// One answer that is a structure, not four.
    fn get_secret(&self, _session: OwnedObjectPath) -> fdo::Result<(Secret,)> {
        let state = self.0.lock().unwrap();
        let kept = state.items.get(&self.1).map(|(_, secret)| secret.clone());
        kept.filter(|_| !state.locked)
            .map(|secret| (secret,))
            .ok_or_else(|| fdo::Error::Failed("It is locked, or gone.".to_owned()))
    }

    fn set_secret(&self, secret: Secret) {
        if let Some(kept) = self.0.lock().unwrap().items.get_mut(&self.1) {
            kept.1 = secret;
        }
    }

    fn delete(&self) -> OwnedObjectPath {
        self.0.lock().unwrap().items.remove(&self.1);
        path(NOTHING)
    }

    #[zbus(property)]
    fn locked(&self) -> bool {
        self.0.lock().unwrap().locked
    }
}

/// Asks the person, who says no.
struct Prompt;

#[interface(name = "org.freedesktop.Secret.Prompt")]
impl Prompt {
    async fn prompt(
        &self,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
        _window: String,
    ) -> fdo::Result<()> {
        Ok(Self::completed(&emitter, true, Value::from("")).await?)
    }

    #[zbus(signal)]
    async fn completed(emitter: &SignalEmitter<'_>, dismissed: bool, result: Value<'_>) -> zbus::Result<()>;
}
