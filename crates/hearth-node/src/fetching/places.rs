//! Places for the files that are fetched from other homes.
//!
//! Invariants:
//!
//! * One home occupies at most [`OF_HOME`] of the [`IN_ALL`] places, and originals, which may take long, never the last one.
//! * While another original waits for a place, the one that has had its own for the longest gives way after [`TURN`], and goes on behind
//!   those that wait: however slow some homes are, what another gives comes.

use bytes::Bytes;
use hearth_api::media::Variant;
use hearth_api::{ApiError, ApiResult, Code, HomeId, MediaHash};
use hearth_social::media::FetchNeeded;
use std::collections::HashMap;
use std::hash::Hash;
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
pub(super) struct Place {
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
    pub(super) async fn turn(&self, needed: &FetchNeeded) -> ApiResult<OwnedSemaphorePermit> {
        one_of(self.files.of(&(needed.hash.clone(), needed.variant), 1)).await
    }

    /// Waits for a place, the home's own first, so that who waits for a slow home keeps nobody else waiting.
    pub(super) async fn place(&self, home: &HomeId, variant: Variant) -> ApiResult<Place> {
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
pub(super) async fn pass_on(
    fetches: &Fetches,
    place: &mut Place,
    mut arriving: mpsc::Receiver<Bytes>,
    to: mpsc::Sender<Bytes>,
) -> ApiResult<()> {
    loop {
        tokio::select! {
            biased;
            () = place.is_to_give_way() => place.give_way(fetches).await?,
            piece = arriving.recv() => {
                let Some(piece) = piece else { return Ok(()) };
                if to.send(piece).await.is_err() {
                    // Nobody stores it any more.
                    return Ok(());
                }
            }
        }
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
        drop(third);
        // All are taken of at the same time, as they are stored: what nobody takes keeps its place.
        let mut counts = vec![0_u32; endless.len()];
        let go_on = async {
            while counts.iter().any(|count| *count < 100) {
                for (taken, count) in endless.iter_mut().zip(&mut counts) {
                    *count += u32::from(taken.try_recv().is_ok());
                }
                tokio::task::yield_now().await;
            }
        };
        timeout(patience, go_on).await.expect("they go on");
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
}
