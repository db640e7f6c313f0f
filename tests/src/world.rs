//! A world: one clock, its homes, and the promise that nothing is left over.

use crate::home::{HomeOptions, TestHome};
use crate::time::WorldClock;
use hearth_api::homes::SetAddresses;
use hearth_api::ports::Clock as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tracing::Subscriber;
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

/// Where nobody listens.
const NOWHERE: &str = "127.0.0.1:1";

/// One clock and the homes that live by it.
pub struct World {
    clock: Arc<WorldClock>,
    live: bool,
    ui_dir: Option<PathBuf>,
    homes: Mutex<Vec<TestHome>>,
    /// Some home cannot be called: homes fetch, too.
    fetching: AtomicBool,
    may_wait: AtomicBool,
    errors: Arc<Mutex<Vec<String>>>,
    may_log_errors: AtomicBool,
    _log: Option<tracing::subscriber::DefaultGuard>,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// A world whose clock stands and in which nothing happens by itself.
    #[must_use]
    pub fn new() -> Self {
        Self::of(WorldClock::manual(), false, None)
    }

    /// A world on the machine's clock whose homes work and deliver by themselves and serve their windows.
    #[must_use]
    pub fn live(ui_dir: Option<&Path>) -> Self {
        Self::of(WorldClock::real(), true, ui_dir)
    }

    fn of(clock: WorldClock, live: bool, ui_dir: Option<&Path>) -> Self {
        let errors = Arc::new(Mutex::new(Vec::new()));
        // The tests run on one thread each, so its own subscriber hears what this world logs, and nothing else.
        let log = (!live).then(|| {
            let subscriber = tracing_subscriber::registry().with(ErrorsOnly(Arc::clone(&errors)));
            tracing::subscriber::set_default(subscriber)
        });
        Self {
            clock: Arc::new(clock),
            live,
            ui_dir: ui_dir.map(Path::to_owned),
            homes: Mutex::default(),
            fetching: AtomicBool::new(false),
            may_wait: AtomicBool::new(live),
            errors,
            may_log_errors: AtomicBool::new(live),
            _log: log,
        }
    }

    /// The clock of all homes.
    #[must_use]
    pub fn clock(&self) -> &WorldClock {
        &self.clock
    }

    /// The time in this world.
    #[must_use]
    pub fn now(&self) -> hearth_api::Timestamp {
        self.clock.now()
    }

    /// A home that nobody has set up, in a temporary folder.
    pub async fn empty_home(&self, name: &str) -> TestHome {
        self.open(HomeOptions::new(name)).await
    }

    /// A home with these people; the first is its owner. Sign-in names are the names in lower case.
    pub async fn home(&self, name: &str, people: &[&str]) -> TestHome {
        let home = self.empty_home(name).await;
        let (owner, others) = people.split_first().expect("a home has an owner");
        home.create(owner).await;
        for other in others {
            home.join(other).await;
        }
        home
    }

    /// A home with options.
    pub async fn open(&self, options: HomeOptions) -> TestHome {
        let mut options = options;
        if self.live {
            options.workers = true;
            options.ui_port.get_or_insert(0);
            options.ui_dir = options.ui_dir.or_else(|| self.ui_dir.clone());
        }
        let home = TestHome::open(Arc::clone(&self.clock), options).await;
        self.homes.lock().unwrap().push(home.clone());
        home
    }

    fn running(&self) -> Vec<TestHome> {
        let homes = self.homes.lock().unwrap();
        homes.iter().filter(|home| home.is_running()).cloned().collect()
    }

    /// Delivers between the running homes until nothing moves any more; in a live world, waits until they have done so.
    ///
    /// # Panics
    /// When it never gets quiet.
    pub async fn pump(&self) {
        if self.live {
            return crate::within("delivery", self.quiet()).await;
        }
        let fetching = self.fetching.load(Ordering::SeqCst);
        let mut quiet = 0;
        for _ in 0..100 {
            let mut moved = false;
            for home in self.running() {
                let federation = home.node().federation().clone();
                moved |= crate::within("delivery", federation.pump()).await.moved();
                if fetching {
                    moved |= crate::within("fetching", federation.pull()).await.0 > 0;
                }
            }
            // What is fetched may tell that a home was restored, which is looked into the next time.
            quiet = if moved { 0 } else { quiet + 1 };
            if quiet > u32::from(fetching) * 2 {
                return;
            }
        }
        panic!("Delivery goes on and on");
    }

    /// Closes a home's port: from now on others cannot call it, and what is for it is fetched by itself.
    ///
    /// # Panics
    /// When its address cannot be set.
    pub async fn close_port(&self, of: &TestHome) {
        let addresses = vec![NOWHERE.to_owned()];
        of.owner().ok(SetAddresses { addresses }).await;
        self.pump().await;
        self.fetching.store(true, Ordering::SeqCst);
    }

    /// Until no home's log holds anything, twice in a row: what arrives may have to be passed on.
    async fn quiet(&self) {
        let mut look = tokio::time::interval(Duration::from_millis(10));
        let mut quiet = 0;
        while quiet < 2 {
            look.tick().await;
            let waiting: u64 = self.running().iter().map(TestHome::waiting).sum();
            quiet = if waiting == 0 { quiet + 1 } else { 0 };
        }
    }

    /// Says that this test ends with rows waiting in a log.
    pub fn leaves_rows_waiting(&self) {
        self.may_wait.store(true, Ordering::SeqCst);
    }

    /// Says that this test provokes errors in the log.
    pub fn provokes_errors(&self) {
        self.may_log_errors.store(true, Ordering::SeqCst);
    }

    /// Closes all homes.
    pub async fn close(&self) {
        for home in self.running() {
            home.stop().await;
        }
    }

    fn leftovers(&self) -> Vec<String> {
        let mut found = Vec::new();
        for home in self.running() {
            found.extend(home.leftovers(self.may_wait.load(Ordering::SeqCst)));
        }
        if !self.may_log_errors.load(Ordering::SeqCst) {
            let errors = self.errors.lock().unwrap();
            found.extend(errors.iter().map(|line| format!("an error was logged: {line}")));
        }
        found
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let found = self.leftovers();
            assert!(
                found.is_empty(),
                "The test leaves things behind:\n{}",
                found.join("\n")
            );
        }
        for home in self.running() {
            home.abandon();
        }
    }
}

/// Keeps what is logged as an error.
pub(crate) struct ErrorsOnly(pub(crate) Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for ErrorsOnly {
    fn on_event(&self, event: &tracing::Event<'_>, _context: Context<'_, S>) {
        if *event.metadata().level() == tracing::Level::ERROR {
            self.0.lock().unwrap().push(line_of(event));
        }
    }
}

/// What an event says, in a line.
pub(crate) fn line_of(event: &tracing::Event<'_>) -> String {
    let mut line = Line(String::new());
    event.record(&mut line);
    line.0
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if !self.0.is_empty() {
            self.0.push_str(", ");
        }
        self.0.push_str(&format!("{}: {value:?}", field.name()));
    }
}
