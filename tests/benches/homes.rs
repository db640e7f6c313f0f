//! Homes among homes: what one takes in, catches up with, spreads to a hundred others, and keeps for one that is away.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on stops")]

use hearth_api::feed::{Audience, DeliveryState};
use hearth_api::{PersonId, PostId};
use hearth_db::{DbError, WriteTx};
use hearth_federation::activity::{Activity, SignedActivity};
use hearth_federation::keys::{NodeId, PersonKey};
use hearth_federation::keystore::KeyStore;
use hearth_federation::log;
use hearth_node::keychain::SystemKeychain;
use hearth_node::master;
use hearth_node::system::SystemEntropy;
use hearth_tests::figures::{Times, report, report_ms};
use hearth_tests::home::HomeOptions;
use hearth_tests::process::Served;
use hearth_tests::{TestHome, TestPerson, Voice, World};
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::net::TcpListener;
use uuid::Uuid;

/// Activities of one delivery, as many as there may be.
const BATCH: usize = 100;
const DELIVERIES: usize = 30;
const CATCH_UP: u64 = 10_000;
const PEERS: usize = 100;
const FANOUTS: usize = 7;
/// Homes beside the one that turns bad.
const OTHERS: usize = 8;
const POSTS_BESIDE: usize = 100;
const BACKLOG: u64 = 100_000;
/// Rows of one transaction.
const ROWS_AT_ONCE: u64 = 5_000;
/// How long a process rests, or works, before its memory is looked at.
const REST: Duration = Duration::from_secs(3);
/// Far more than anything here may take.
const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::main]
async fn main() {
    // Only some of them: `cargo bench -p hearth-tests --bench homes -- fanout inbox`.
    let named: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with('-'))
        .collect();
    let is_wanted =
        |name: &str| named.is_empty() || named.iter().any(|wanted| name.contains(wanted.as_str()));
    if is_wanted("inbox_apply") {
        inbox_apply().await;
    }
    if is_wanted("catch_up_and_backlog") {
        catch_up_and_backlog().await;
    }
    if is_wanted("bad_peer") {
        beside_a_bad_peer().await;
    }
    if is_wanted("fanout") {
        fanout().await;
    }
}

/// One home delivers, the other checks each signature, applies, and acknowledges once it is durable.
async fn inbox_apply() {
    let world = World::new();
    let hill = world.home("Hill House", &["Anna"]).await;
    let lake = world.home("Lake House", &["Clara"]).await;
    world.pair(&hill, &lake).await;
    world.befriend(&hill.owner(), &lake.owner()).await;
    let author = Author::of(&lake.owner());
    let said = author.says(DELIVERIES * BATCH).await;
    let said: Vec<String> = said.iter().map(|(_, said)| said.jws().to_owned()).collect();
    let voice = Voice::of(&lake, &hill);
    let began = Instant::now();
    for batch in said.chunks(BATCH) {
        let verdicts = voice.deliver(batch).await;
        assert!(verdicts.iter().all(|verdict| verdict == "applied"));
    }
    let rate = said.len() as f64 / began.elapsed().as_secs_f64();
    report("inbox_apply", rate, "activities/s");
    world.close().await;
}

/// A home that was away comes back to what waits for it; then another home keeps far more, and starts to bring it.
async fn catch_up_and_backlog() {
    let world = World::live(None);
    let hill = world.home("Hill House", &["Anna"]).await;
    let lake = world.home("Lake House", &["Clara"]).await;
    world.pair(&hill, &lake).await;
    world.befriend(&hill.owner(), &lake.owner()).await;
    let author = Author::of(&hill.owner());

    lake.stop().await;
    let last = author.leaves_waiting(&lake, CATCH_UP).await;
    let began = Instant::now();
    lake.start().await;
    until("catching up", || hill.waiting() == 0).await;
    report("catch_up_10k", began.elapsed().as_secs_f64(), "s");
    assert!(lake.owner().sees(last).await.is_some());

    lake.stop().await;
    author.leaves_waiting(&lake, BACKLOG).await;
    assert_eq!(hill.waiting(), BACKLOG);
    let (port, dir) = (hill.federation_address().port(), hill.dir().to_owned());
    hill.stop().await;
    let served = Served::start(&dir, port, 0).await;
    tokio::time::sleep(REST).await;
    report_memory("backlog_100k_idle_rss", &served, "VmRSS");
    lake.start().await;
    tokio::time::sleep(REST).await;
    report_memory("backlog_100k_rss", &served, "VmHWM");
    assert!(served.terminate().await);
    hill.start().await;
    let left = hill.waiting();
    assert!(
        left < BACKLOG,
        "nothing was brought while its memory was measured"
    );
    world.close().await;
}

/// How soon posts are on the other homes while one takes connections and never says a word.
async fn beside_a_bad_peer() {
    let town = Town::build(OTHERS + 1).await;
    let (world, hub, homes) = town.open().await;
    let (bad, others) = homes.split_last().unwrap();
    let owner = hub.returning("Owner").await;
    let mut times = posting_to(&owner, others).await;
    report_ms("p95_others_without", times.percentile(95));
    let address = bad.federation_address();
    bad.stop().await;
    let listener = TcpListener::bind(address).await.unwrap();
    let silent = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    let mut times = posting_to(&owner, others).await;
    report_ms("p95_others_with_one_bad_peer", times.percentile(95));
    silent.abort();
    world.close().await;
}

/// Times of posts until each of the homes has them.
async fn posting_to(owner: &TestPerson, homes: &[TestHome]) -> Times {
    let mut times = Times::default();
    for n in 0..POSTS_BESIDE {
        let began = Instant::now();
        let post = owner.post(Audience::Friends, &format!("Measured {n}")).await;
        until("the others", || are_ticked(owner.home(), post.id, homes)).await;
        times.add(began.elapsed());
    }
    times
}

/// A post until a hundred homes have acknowledged it.
async fn fanout() {
    let town = Town::build(PEERS).await;
    let (world, hub, homes) = town.open().await;
    let owner = hub.returning("Owner").await;
    let mut times = Times::default();
    for n in 0..FANOUTS {
        let began = Instant::now();
        let post = owner.post(Audience::Friends, &format!("Measured {n}")).await;
        until("a hundred homes", || hub.waiting() == 0).await;
        times.add(began.elapsed());
        assert!(are_ticked(&hub, post.id, &homes));
        for home in &homes {
            let copy = home.read(|tx| hearth_db::post::get(tx, post.id));
            assert!(copy.is_some(), "{} has it", home.name());
        }
    }
    report("fanout_100_peers", times.percentile(50).as_secs_f64(), "s");
    report("fanout_100_peers_worst", times.percentile(100).as_secs_f64(), "s");
    world.close().await;
}

fn are_ticked(home: &TestHome, post: PostId, on: &[TestHome]) -> bool {
    on.iter()
        .all(|other| home.delivery_state(post.0, &other.id()) == Some(DeliveryState::Delivered))
}

/// Looks again and again until something is so.
async fn until(what: &str, mut so: impl FnMut() -> bool) {
    let mut look = tokio::time::interval(Duration::from_millis(2));
    let waited = async {
        while !so() {
            look.tick().await;
        }
    };
    if tokio::time::timeout(PATIENCE, waited).await.is_err() {
        panic!("Waited {PATIENCE:?} in vain for {what}");
    }
}

/// Memory of a process, where the system tells.
fn report_memory(name: &str, served: &Served, line: &str) {
    let status = std::fs::read_to_string(format!("/proc/{}/status", served.pid())).unwrap_or_default();
    let value = status
        .lines()
        .find_map(|text| text.strip_prefix(line)?.strip_prefix(':'));
    let kib: Option<u32> = value.and_then(|text| text.trim().strip_suffix(" kB")?.parse().ok());
    if let Some(kib) = kib {
        report(name, f64::from(kib) * 1024.0 / 1e6, "MB");
    }
}

/// A home and its neighbours, each with a friend of the home's owner: made one by one with a clock that is moved on, as no
/// home lets itself be asked for pairing so often.
struct Town {
    hub: Built,
    neighbours: Vec<Built>,
    world: World,
    _dir: TempDir,
}

struct Built {
    home: TestHome,
    options: HomeOptions,
}

impl Built {
    /// Closes a home, to be opened again as it is in another world.
    async fn close(home: TestHome) -> Self {
        let options = HomeOptions {
            dir: Some(home.dir().to_owned()),
            federation_port: home.federation_address().port(),
            ..HomeOptions::new(&home.name())
        };
        home.stop().await;
        Self { home, options }
    }
}

impl Town {
    async fn build(neighbours: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let world = World::new();
        let within = |name: &str| HomeOptions {
            dir: Some(dir.path().join(name)),
            ..HomeOptions::new(name)
        };
        let hub = world.open(within("hub")).await;
        let owner = hub.create("Owner").await;
        let mut built = Vec::new();
        for n in 0..neighbours {
            let home = world.open(within(&format!("house-{n}"))).await;
            let friend = home.create(&format!("Friend {n}")).await;
            world.pair(&hub, &home).await;
            world.befriend(&owner, &friend).await;
            world.clock().advance(Duration::from_secs(61));
            built.push(Built::close(home).await);
        }
        Self {
            hub: Built::close(hub).await,
            neighbours: built,
            world,
            _dir: dir,
        }
    }

    /// All homes as they work by themselves, later than they were made.
    async fn open(&self) -> (World, TestHome, Vec<TestHome>) {
        let world = World::live(None);
        let ahead = self.world.now().ms_since(world.now());
        world.clock().advance_ms(ahead.max(0));
        let mut homes = Vec::new();
        for built in &self.neighbours {
            assert!(!built.home.is_running());
            homes.push(world.open(built.options.clone()).await);
        }
        let hub = world.open(self.hub.options.clone()).await;
        world.pump().await;
        (world, hub, homes)
    }
}

/// Somebody whose posts are written straight into the log of another home.
struct Author {
    home: TestHome,
    id: PersonId,
}

/// What signing takes.
struct Pen {
    author: PersonId,
    node: NodeId,
    key: PersonKey,
    now: hearth_api::Timestamp,
    /// Where the ids begin, so that none is given twice.
    from: u64,
}

impl Author {
    fn of(person: &TestPerson) -> Self {
        Self {
            home: person.home().clone(),
            id: person.id(),
        }
    }

    fn pen(&self) -> Pen {
        let master = master::open(self.home.dir(), None, &SystemKeychain, &SystemEntropy).unwrap();
        let keys = KeyStore::new(master, Arc::new(SystemEntropy));
        Pen {
            author: self.id,
            node: self.home.id().as_str().parse().unwrap(),
            key: self.home.read(|tx| Ok(keys.person(tx, self.id).unwrap())),
            now: self.home.now(),
            from: self.home.seed().number() >> 1,
        }
    }

    /// So many signed posts for friends, which are in no log.
    async fn says(&self, count: usize) -> Vec<(PostId, SignedActivity)> {
        let (pen, db) = (self.pen(), self.home.node().db().clone());
        let all = move |tx: &mut WriteTx<'_>| (0..count as u64).map(|n| pen.says(tx, n)).collect();
        db.write::<_, DbError>(all).await.unwrap()
    }

    /// Leaves so many posts for friends waiting for a home; the last of them.
    async fn leaves_waiting(&self, home: &TestHome, count: u64) -> PostId {
        let mut last = None;
        for from in (0..count).step_by(usize::try_from(ROWS_AT_ONCE).unwrap()) {
            let (pen, to) = (self.pen(), [home.id()]);
            let some = move |tx: &mut WriteTx<'_>| {
                let mut last = None;
                for n in 0..ROWS_AT_ONCE.min(count - from) {
                    let (post, said) = pen.says(tx, n)?;
                    log::append(tx, &to, &said, Some(post.0), pen.now)?;
                    last = Some(post);
                }
                Ok::<_, DbError>(last)
            };
            last = self.home.node().db().write(some).await.unwrap();
        }
        last.unwrap()
    }
}

impl Pen {
    fn says(&self, tx: &mut WriteTx<'_>, n: u64) -> Result<(PostId, SignedActivity), DbError> {
        let at = log::stamp(tx, &self.node, self.now)?;
        let post = self.id(n, 0);
        let object = json!({
            "text": format!("Post {n}. {}", "The bench is used by the cat alone. ".repeat(5)),
            "audience": Audience::Friends,
            "created_at": self.now,
            "version": 1,
            "comments_on": true,
            "media": [],
            "mentions": [],
        });
        let mut said = Activity::new(self.id(n, 1), "post.put", self.author.0, self.node, at, object);
        said.post = Some(post);
        Ok((PostId(post), SignedActivity::by_person(said, &self.key).unwrap()))
    }

    fn id(&self, n: u64, kind: u8) -> Uuid {
        let mut tail = [kind; 10];
        tail[2..].copy_from_slice(&(self.from.wrapping_add(n)).to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(self.now.0.unsigned_abs(), &tail).into_uuid()
    }
}
