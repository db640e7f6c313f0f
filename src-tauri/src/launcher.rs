//! The number on the icon in the dock or taskbar of Linux: a signal on the session bus that the docks listen to (`LauncherEntry`, once
//! of Unity). It names the program by its desktop file. Where no dock listens, or there is no bus, nothing happens.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use zbus::blocking::Connection;
use zbus::zvariant::Value;

/// The program as docks know it: the name of the desktop file that is installed.
const PROGRAM: &str = "application://family.hearth.Hearth.desktop";
const PATH: &str = "/com/canonical/unity/launcherentry/hearth";
const INTERFACE: &str = "com.canonical.Unity.LauncherEntry";

/// The connection on which the number is told, and what was told last. Docks take the number away when the connection ends.
#[derive(Default)]
pub(crate) struct Launcher(Mutex<Told>);

#[derive(Default)]
struct Told {
    bus: Option<Connection>,
    count: Option<u32>,
}

impl Launcher {
    /// Tells the number of unread things; 0 shows none.
    ///
    /// # Errors
    /// The bus is not there, or takes nothing. It is told again the next time.
    pub(crate) fn show(&self, count: u32) -> zbus::Result<()> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if told.count == Some(count) {
            return Ok(());
        }
        let bus = match told.bus.take() {
            Some(bus) => bus,
            None => Connection::session()?,
        };
        let shown: HashMap<&str, Value<'_>> = HashMap::from([
            ("count", Value::I64(i64::from(count))),
            ("count-visible", Value::Bool(count > 0)),
        ]);
        bus.emit_signal(None::<&str>, PATH, INTERFACE, "Update", &(PROGRAM, shown))?;
        told.bus = Some(bus);
        told.count = Some(count);
        Ok(())
    }
}
