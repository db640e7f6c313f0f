//! Files from other homes: a few fetched at a time, each by one request for all who want it, none longer than it may be.
//!
//! Invariants:
//!
//! * One home occupies at most [`OF_HOME`] of the [`IN_ALL`] places, and originals, which may take long, never the last one.
//! * While another original waits for a place, the one that has had its own for the longest gives way after [`TURN`], and goes on behind
//!   those that wait: however slow some homes are, what another gives comes.
//! * An original goes to the disk as it comes, and becomes a file only when it is the one that its name says.

use crate::node::Node;
use bytes::Bytes;
use hearth_api::media::Variant;
use hearth_api::{ApiError, ApiResult, Code, HomeId, MediaHash};
use hearth_social::Viewer;
use hearth_social::media::{FetchNeeded, MediaFile, Opened};
use std::collections::HashMap;
use std::hash::Hash;
use std::io::{Cursor, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::{Instant, timeout};

/// Fetched at once, in all.
const IN_ALL: usize = 4;
/// Fetched at once from one home.
const OF_HOME: usize = 2;
/// Originals fetched at once.
const ORIGINALS: usize = 3;
/// How long somebody waits for a place.
const WAIT: Duration = Duration::from_secs(60);
/// How long an original keeps its place while another waits for one.
const TURN: Duration = Duration::from_secs(15);
/// How long one that gave way waits for a place again.
const WAIT_AGAIN: Duration = Duration::from_secs(300);
/// How long a thumbnail may take.
const THUMBNAIL: Duration = Duration::from_secs(60);
/// Pieces of an original that came and were not written yet.
const PIECES: usize = 4;

fn unavailable() -> ApiError {
    ApiError::new(
        Code::MediaUnavailable,
        "This file is on a home that does not answer now. It comes when that home is awake.",
    )
}

fn busy() -> ApiError {
    ApiError::new(
        Code::MediaUnavailable,
        "Other files are on their way from other homes now. Try again in a minute.",
    )
}

/// What is being fetched.
#[derive(Debug)]
pub(crate) struct Fetches {
    all: Arc<Semaphore>,
    originals: Arc<Semaphore>,
    under_way: Arc<UnderWay>,
    homes: Shared<HomeId>,
    files: Shared<(MediaHash, Variant)>,
    wait: Duration,
    turn: Duration,
}

impl Default for Fetches {
    fn default() -> Self {
        Self {
            all: Arc::new(Semaphore::new(IN_ALL)),
            originals: Arc::new(Semaphore::new(ORIGINALS)),
            under_way: Arc::default(),
            homes: Shared::default(),
            files: Shared::default(),
            wait: WAIT,
            turn: TURN,
        }
    }
}

/// The originals that have a place, the longest first.
#[derive(Debug, Default)]
struct UnderWay(Mutex<Vec<Arc<Turn>>>);

/// One original's time with its place.
#[derive(Debug)]
struct Turn {
    since: Instant,
    asked: AtomicBool,
    give_way: Notify,
}

impl UnderWay {
    fn begin(self: &Arc<Self>, permit: OwnedSemaphorePermit) -> OriginalPlace {
        let turn = Arc::new(Turn {
            since: Instant::now(),
            asked: AtomicBool::new(false),
            give_way: Notify::new(),
        });
        self.all().push(Arc::clone(&turn));
        OriginalPlace {
            turn,
            under_way: Arc::clone(self),
            _permit: permit,
        }
    }

    /// Asks the one that has had its place for the longest, and for so long at least, to give way.
    fn ask(&self, turn: Duration) {
        let all = self.all();
        let long = all.iter().filter(|one| one.since.elapsed() >= turn);
        if let Some(one) = { long }.find(|one| !one.asked.swap(true, Ordering::SeqCst)) {
            one.give_way.notify_one();
        }
    }

    fn all(&self) -> MutexGuard<'_, Vec<Arc<Turn>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place among the originals.
#[derive(Debug)]
struct OriginalPlace {
    turn: Arc<Turn>,
    under_way: Arc<UnderWay>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for OriginalPlace {
    fn drop(&mut self) {
        self.under_way.all().retain(|one| !Arc::ptr_eq(one, &self.turn));
    }
}

/// Places for each of many, kept as long as somebody has or waits for one.
#[derive(Debug)]
struct Shared<K>(Mutex<HashMap<K, Weak<Semaphore>>>);

impl<K> Default for Shared<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Hash + Eq + Clone> Shared<K> {
    fn of(&self, key: &K, places: usize) -> Arc<Semaphore> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.get(key).and_then(Weak::upgrade) {
            return known;
        }
        all.retain(|_, places| places.strong_count() > 0);
        let new = Arc::new(Semaphore::new(places));
        all.insert(key.clone(), Arc::downgrade(&new));
        new
    }
}

/// A place among the fetches.
#[derive(Debug)]
struct Place {
    _home: OwnedSemaphorePermit,
    original: Option<OriginalPlace>,
    all: Option<OwnedSemaphorePermit>,
}

impl Place {
    /// Until somebody else waits for this place and it is time to give way.
    async fn is_to_give_way(&self) {
        match &self.original {
            Some(original) => original.turn.give_way.notified().await,
            None => std::future::pending().await,
        }
    }

    /// Gives way to those who wait, and waits for a place behind them.
    async fn give_way(&mut self, fetches: &Fetches) -> ApiResult<()> {
        (self.all, self.original) = (None, None);
        let places = async {
            let original = fetches.original().await?;
            let all = one_of(Arc::clone(&fetches.all)).await?;
            Ok::<_, ApiError>((original, all))
        };
        let (original, all) = timeout(WAIT_AGAIN, places).await.map_err(|_elapsed| busy())??;
        (self.all, self.original) = (Some(all), Some(original));
        Ok(())
    }
}

async fn one_of(places: Arc<Semaphore>) -> ApiResult<OwnedSemaphorePermit> {
    // Nobody closes them.
    places.acquire_owned().await.map_err(|_closed| busy())
}

impl Fetches {
    /// Waits until nobody else fetches this file.
    async fn turn(&self, needed: &FetchNeeded) -> ApiResult<OwnedSemaphorePermit> {
        one_of(self.files.of(&(needed.hash.clone(), needed.variant), 1)).await
    }

    /// Waits for a place, the home's own first, so that who waits for a slow home keeps nobody else waiting.
    async fn place(&self, home: &HomeId, variant: Variant) -> ApiResult<Place> {
        let places = async {
            let of_home = one_of(self.homes.of(home, OF_HOME)).await?;
            let original = match variant {
                Variant::Original => Some(self.original().await?),
                _ => None,
            };
            Ok(Place {
                _home: of_home,
                original,
                all: Some(one_of(Arc::clone(&self.all)).await?),
            })
        };
        timeout(self.wait, places).await.map_err(|_elapsed| busy())?
    }

    /// Waits for a place among the originals. Who waits for long makes another give way.
    async fn original(&self) -> ApiResult<OriginalPlace> {
        let mut free = std::pin::pin!(one_of(Arc::clone(&self.originals)));
        loop {
            match timeout(self.turn, free.as_mut()).await {
                Ok(permit) => return Ok(self.under_way.begin(permit?)),
                Err(_elapsed) => self.under_way.ask(self.turn),
            }
        }
    }
}

/// Passes on what comes of an original while it has its place. While it has none nothing is taken: then the other home waits, or ends
/// the connection, and the rest is asked for later.
async fn pass_on(
    fetches: &Fetches,
    place: &mut Place,
    mut arriving: mpsc::Receiver<Bytes>,
    to: mpsc::Sender<Bytes>,
) -> ApiResult<()> {
    loop {
        tokio::select! {
            biased;
            () = place.is_to_give_way() => place.give_way(fetches).await?,
            piece = arriving.recv() => match piece {
                Some(piece) if to.send(piece).await.is_ok() => {}
                // All came, or nobody stores it any more.
                _ => return Ok(()),
            },
        }
    }
}

impl Node {
    /// Opens a file here, or fetches it from a home that has it and opens it then.
    pub(crate) async fn open_media(
        &self,
        viewer: &Viewer,
        hash: MediaHash,
        variant: Variant,
    ) -> ApiResult<MediaFile> {
        let needed = match self.social().media_open(viewer, &hash, variant).await? {
            Opened::Here(file) => return Ok(file),
            Opened::Elsewhere(needed) => needed,
        };
        let _turn = self.fetches().turn(&needed).await?;
        // Who waited for another finds what that one brought.
        let needed = match self.social().media_open(viewer, &hash, variant).await? {
            Opened::Here(file) => return Ok(file),
            Opened::Elsewhere(needed) => needed,
        };
        let mut last = unavailable();
        for home in &needed.homes {
            match self.fetch(home, &needed).await {
                Ok(()) => {
                    return match self.social().media_open(viewer, &hash, variant).await? {
                        Opened::Here(file) => Ok(file),
                        Opened::Elsewhere(_) => Err(unavailable()),
                    };
                }
                Err(error) => {
                    tracing::info!(home = %home, code = %error.code, "A home did not give a file");
                    if error.code != Code::NotConnected {
                        last = error;
                    }
                }
            }
        }
        Err(last)
    }

    /// Fetches a file from one home and stores it.
    async fn fetch(&self, home: &HomeId, needed: &FetchNeeded) -> ApiResult<()> {
        let mut place = self.fetches().place(home, needed.variant).await?;
        let (hash, variant, limit) = (&needed.hash, needed.variant, needed.limit);
        if variant != Variant::Original {
            let fetched = self.federation().fetch_media(home, hash, variant, limit);
            let bytes = timeout(THUMBNAIL, fetched)
                .await
                .map_err(|_elapsed| unavailable())??;
            return self
                .social()
                .media_store_remote(hash, variant, Cursor::new(bytes))
                .await;
        }
        let (sender, arriving) = mpsc::channel(PIECES);
        let (writer, pieces) = mpsc::channel(PIECES);
        let reader = Pieces {
            pieces,
            current: Bytes::new(),
        };
        let passed = pass_on(self.fetches(), &mut place, arriving, writer);
        let stored = self.social().media_store_remote(hash, variant, reader);
        let fetched = async {
            let fetched = self
                .federation()
                .fetch_media_pieces(home, hash, variant, limit, sender.clone())
                .await;
            // What is told is what failed first.
            let unwanted = sender.is_closed();
            drop(sender);
            (fetched, unwanted)
        };
        match tokio::join!(fetched, passed, stored) {
            (_, Err(error), _) | ((Err(error), false), ..) => Err(error),
            (.., stored) => stored,
        }
    }
}

/// The pieces of a file, read as they come. Only off the async threads.
struct Pieces {
    pieces: mpsc::Receiver<Bytes>,
    current: Bytes,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.current.is_empty() {
            match self.pieces.blocking_recv() {
                Some(piece) => self.current = piece,
                None => return Ok(0),
            }
        }
        let count = buffer.len().min(self.current.len());
        self.current
            .split_to(count)
            .as_ref()
            .read_exact(buffer.split_at_mut(count).0)?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn impatient() -> Fetches {
        Fetches {
            wait: Duration::from_millis(20),
            ..Fetches::default()
        }
    }

    fn home(number: u8) -> HomeId {
        HomeId::from(&hearth_federation::keys::NodeKey::from_secret_bytes(&[number; 32]).id())
    }

    #[tokio::test]
    async fn one_home_keeps_nobody_else_waiting_and_thumbnails_are_not_kept_waiting_by_originals() {
        let fetches = impatient();
        let (slow, other) = (home(1), home(2));
        let first = fetches.place(&slow, Variant::Original).await.unwrap();
        assert_eq!(fetches.under_way.all().len(), 1);
        let _second = fetches.place(&slow, Variant::Original).await.unwrap();
        let error = fetches.place(&slow, Variant::Small).await.unwrap_err();
        assert_eq!(error.code, Code::MediaUnavailable, "two of a home");
        let _third = fetches.place(&other, Variant::Original).await.unwrap();
        assert!(
            fetches.place(&home(3), Variant::Original).await.is_err(),
            "three originals"
        );
        let fourth = fetches.place(&home(3), Variant::Small).await.unwrap();
        assert!(
            fetches.place(&home(4), Variant::Small).await.is_err(),
            "four in all"
        );
        drop(fourth);
        let _fourth = fetches.place(&other, Variant::Small).await.unwrap();
        drop(first);
        fetches.place(&slow, Variant::Small).await.unwrap();
    }

    /// An original of a home that gives a byte whenever it is taken, until the test ends; how many came.
    fn trickle(fetches: &Arc<Fetches>, of: HomeId) -> mpsc::Receiver<Bytes> {
        let (writer, taken) = mpsc::channel(1);
        let (sender, arriving) = mpsc::channel(1);
        let fetches = Arc::clone(fetches);
        tokio::spawn(async move { while sender.send(Bytes::from_static(b"x")).await.is_ok() {} });
        tokio::spawn(async move {
            let mut place = fetches.place(&of, Variant::Original).await.unwrap();
            pass_on(&fetches, &mut place, arriving, writer).await
        });
        taken
    }

    #[tokio::test]
    async fn two_homes_that_never_end_keep_a_third_from_nothing_and_go_on_themselves() {
        let fetches = Arc::new(Fetches {
            turn: Duration::from_millis(5),
            ..Fetches::default()
        });
        let mut endless = Vec::new();
        for of in [home(1), home(1), home(2)] {
            let mut taken = trickle(&fetches, of);
            taken.recv().await.unwrap();
            endless.push(taken);
        }
        assert_eq!(fetches.originals.available_permits(), 0);
        // Whatever is taken of these, the third home's comes, and comes on while they wait for it.
        let mut third = trickle(&fetches, home(3));
        let came = async {
            for _ in 0..1_000 {
                third.recv().await.unwrap();
            }
        };
        let drained = async {
            loop {
                for taken in &mut endless {
                    let _ = taken.try_recv();
                }
                tokio::task::yield_now().await;
            }
        };
        let patience = Duration::from_secs(30);
        let came = tokio::select! {
            came = timeout(patience, came) => came.is_ok(),
            () = drained => false,
        };
        assert!(came, "the third home gets a place");
        for mut taken in endless {
            for _ in 0..100 {
                timeout(patience, taken.recv())
                    .await
                    .expect("it goes on")
                    .unwrap();
            }
        }
    }

    #[tokio::test]
    async fn nobody_gives_way_while_nobody_waits() {
        let fetches = Fetches {
            turn: Duration::from_millis(1),
            ..impatient()
        };
        let place = fetches.place(&home(1), Variant::Original).await.unwrap();
        let asked = timeout(Duration::from_millis(20), place.is_to_give_way()).await;
        assert!(asked.is_err());
    }

    #[tokio::test]
    async fn a_file_is_fetched_by_one_at_a_time_and_nothing_of_it_is_kept_in_mind() {
        let fetches = Fetches::default();
        let needed = |variant| FetchNeeded {
            homes: Vec::new(),
            hash: "ab".repeat(32).parse().unwrap(),
            variant,
            limit: 1,
        };
        let (small, large) = (needed(Variant::Small), needed(Variant::Large));
        let one = fetches.turn(&small).await.unwrap();
        let _other = fetches.turn(&large).await.unwrap();
        assert!(
            timeout(Duration::from_millis(20), fetches.turn(&small))
                .await
                .is_err()
        );
        drop(one);
        let again = fetches.turn(&small).await.unwrap();
        drop(again);
        assert_eq!(
            fetches
                .files
                .of(&(large.hash.clone(), Variant::Medium), 1)
                .available_permits(),
            1
        );
        assert_eq!(
            fetches.files.0.lock().unwrap().len(),
            2,
            "the large one and the last"
        );
    }

    #[tokio::test]
    async fn pieces_are_read_as_one_file() {
        let (sender, pieces) = mpsc::channel(PIECES);
        let mut reader = Pieces {
            pieces,
            current: Bytes::new(),
        };
        for piece in ["a f", "", "ile"] {
            sender.send(Bytes::from_static(piece.as_bytes())).await.unwrap();
        }
        drop(sender);
        let read = tokio::task::spawn_blocking(move || {
            let mut all = String::new();
            reader.read_to_string(&mut all).map(|_| all)
        });
        assert_eq!(read.await.unwrap().unwrap(), "a file");
    }
}
