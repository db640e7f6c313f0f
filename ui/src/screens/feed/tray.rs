//! Files on their way to the home while something is being written.

use crate::backend::{self, upload::Upload};
use crate::components::{TrayEvent, TrayItem, TrayState};
use crate::prelude::*;
use hearth_api::Code;
use hearth_api::media::{MediaItem, MediaKind, Variant as Rendition};
use std::cell::Cell;
use std::collections::VecDeque;
use web_sys::{File, Url};

/// Files sent at the same time.
const LANES: u32 = 2;
/// The largest file, as the node has it.
const MOST_BYTES: f64 = 100.0 * 1024.0 * 1024.0;

/// A file with everything known of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TrayFile {
    /// How it is shown.
    pub(crate) item: TrayItem,
    /// What the home says of it, when it is there.
    pub(crate) media: Option<MediaItem>,
    file: Option<File>,
    upload: Upload,
    /// An address that has to be given back to the browser.
    object_url: Option<String>,
}

impl TrayFile {
    /// A file that is at the home already.
    pub(crate) fn stored(key: u32, media: MediaItem) -> Self {
        let preview = (media.kind == MediaKind::Image)
            .then(|| AttrValue::from(media_url(&media.hash, Rendition::Medium)));
        let item = TrayItem {
            key,
            name: media.name.clone(),
            preview,
            state: TrayState::Ready,
            alt: media.alt.clone(),
            caption: media.caption.clone(),
        };
        Self {
            item,
            media: Some(media),
            file: None,
            upload: Upload::new(),
            object_url: None,
        }
    }

    fn chosen(key: u32, file: File) -> Self {
        let object_url = file
            .type_()
            .starts_with("image/")
            .then(|| Url::create_object_url_with_blob(&file).ok())
            .flatten();
        let item = TrayItem {
            key,
            name: file.name(),
            preview: object_url.clone().map(AttrValue::from),
            state: TrayState::Sending(0.0),
            alt: String::new(),
            caption: String::new(),
        };
        Self {
            item,
            media: None,
            file: Some(file),
            upload: Upload::new(),
            object_url,
        }
    }

    fn forget_preview(&mut self) {
        if let Some(url) = self.object_url.take() {
            let _revoked = Url::revoke_object_url(&url);
        }
    }
}

pub(crate) enum Change {
    Add(Vec<TrayFile>),
    Remove(u32),
    Move(u32, usize),
    Progress(u32, f64),
    Ready(u32, Box<MediaItem>),
    /// Which, why, and whether another try may help.
    Failed(u32, AttrValue, bool),
    Words(u32, String, String),
    Replace(Vec<TrayFile>),
}

#[derive(PartialEq, Default)]
pub(crate) struct Files(Rc<Vec<TrayFile>>);

impl Reducible for Files {
    type Action = Change;
    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut all = (*self.0).clone();
        let find = |all: &mut Vec<TrayFile>, key: u32, with: &mut dyn FnMut(&mut TrayFile)| {
            if let Some(file) = all.iter_mut().find(|f| f.item.key == key) {
                with(file);
            }
        };
        match change {
            Change::Add(files) => all.extend(files),
            Change::Replace(files) => all = files,
            Change::Remove(key) => all.retain(|f| f.item.key != key),
            Change::Move(key, to) => {
                if let Some(from) = all.iter().position(|f| f.item.key == key) {
                    let file = all.remove(from);
                    all.insert(to.min(all.len()), file);
                }
            }
            Change::Progress(key, share) => {
                find(&mut all, key, &mut |f| f.item.state = TrayState::Sending(share));
            }
            Change::Ready(key, media) => find(&mut all, key, &mut |f| {
                f.item.state = TrayState::Ready;
                if f.item.preview.is_none() && media.kind == MediaKind::Image {
                    f.item.preview = Some(media_url(&media.hash, Rendition::Medium).into());
                }
                f.media = Some((*media).clone());
            }),
            Change::Failed(key, why, again) => find(&mut all, key, &mut |f| {
                f.item.state = TrayState::Failed {
                    why: why.clone(),
                    again,
                };
            }),
            Change::Words(key, alt, caption) => find(&mut all, key, &mut |f| {
                f.item.alt = alt.clone();
                f.item.caption = caption.clone();
            }),
        }
        Rc::new(Self(Rc::new(all)))
    }
}

/// The files of something that is being written.
#[derive(Clone, PartialEq)]
pub(crate) struct Tray {
    /// The files, in order.
    pub(crate) files: Rc<Vec<TrayFile>>,
    /// Adds chosen, dropped or pasted files.
    pub(crate) add: Callback<Vec<File>>,
    /// What the tray asks for, except describing.
    pub(crate) event: Callback<TrayEvent>,
    /// New words of a file.
    pub(crate) words: Callback<(u32, String, String)>,
    /// Puts these files in place of all.
    pub(crate) replace: Callback<Vec<TrayFile>>,
    lanes: Rc<Lanes>,
}

impl Tray {
    /// How the files are shown.
    pub(crate) fn items(&self) -> Rc<Vec<TrayItem>> {
        Rc::new(self.files.iter().map(|f| f.item.clone()).collect())
    }
    /// How many are still on their way.
    pub(crate) fn sending(&self) -> usize {
        self.files
            .iter()
            .filter(|f| matches!(f.item.state, TrayState::Sending(_)))
            .count()
    }
    /// Says who takes the files that get there after what was being written is closed.
    pub(crate) fn set_late(&self, take: Option<Late>) {
        self.lanes.late.replace(take);
    }
    /// How many did not get there.
    pub(crate) fn failed(&self) -> usize {
        self.files
            .iter()
            .filter(|f| matches!(f.item.state, TrayState::Failed { .. }))
            .count()
    }
    /// What to do about those that did not get there, in words; none when all did.
    pub(crate) fn problem(&self) -> Option<AttrValue> {
        let hopeless = |f: &&TrayFile| matches!(f.item.state, TrayState::Failed { again: false, .. });
        let (failed, refused) = (self.failed(), self.files.iter().filter(hopeless).count());
        if failed == 0 {
            None
        } else if failed == refused {
            Some(t!("compose-files-refused", "count" => refused))
        } else {
            Some(t!("compose-files-failed", "count" => failed))
        }
    }
}

/// Hears all files that got there late, each time there is one more.
pub(crate) type Late = Callback<Vec<MediaItem>>;

struct Lanes {
    queue: RefCellQueue,
    running: Cell<u32>,
    next_key: Cell<u32>,
    /// Whether what was being written is closed.
    closed: Cell<bool>,
    late: std::cell::RefCell<Option<Late>>,
    came: std::cell::RefCell<Vec<MediaItem>>,
}

impl PartialEq for Lanes {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

type RefCellQueue = std::cell::RefCell<VecDeque<TrayFile>>;

/// The files of something that is being written; at most `most` of them.
#[hook]
pub(crate) fn use_tray(initial: impl FnOnce() -> Vec<TrayFile>, most: usize) -> Tray {
    let files = use_reducer_eq(|| Files(Rc::new(initial())));
    let lanes = use_memo((), |()| Lanes {
        queue: RefCellQueue::default(),
        running: Cell::new(0),
        // Above every key that something restored may have.
        next_key: Cell::new(1_000),
        closed: Cell::new(false),
        late: std::cell::RefCell::default(),
        came: std::cell::RefCell::default(),
    });
    {
        let lanes = Rc::clone(&lanes);
        use_effect_with((), move |()| move || lanes.closed.set(true));
    }
    let count = use_mut_ref(|| 0);
    *count.borrow_mut() = files.0.len();
    let dispatch = files.dispatcher();
    let latest = use_mut_ref(|| Rc::clone(&files.0));
    *latest.borrow_mut() = Rc::clone(&files.0);

    let add = {
        let (dispatch, lanes, count) = (dispatch.clone(), Rc::clone(&lanes), Rc::clone(&count));
        use_callback(most, move |chosen: Vec<File>, most| {
            let room = most.saturating_sub(*count.borrow());
            if chosen.len() > room {
                toasts::error(t!("tray-too-many", "max" => *most));
            }
            let mut added = Vec::new();
            for file in chosen.into_iter().take(room) {
                let key = lanes.next_key.get();
                lanes.next_key.set(key + 1);
                let refused = refusal(file.size());
                let mut entry = TrayFile::chosen(key, file);
                match refused {
                    Some(why) => entry.item.state = TrayState::Failed { why, again: false },
                    None => lanes.queue.borrow_mut().push_back(entry.clone()),
                }
                added.push(entry);
            }
            dispatch.dispatch(Change::Add(added));
            pump(&lanes, &dispatch);
        })
    };
    let event = {
        let (dispatch, lanes, latest) = (dispatch.clone(), Rc::clone(&lanes), Rc::clone(&latest));
        use_callback((), move |event: TrayEvent, ()| match event {
            TrayEvent::Remove(key) => {
                lanes.queue.borrow_mut().retain(|f| f.item.key != key);
                if let Some(file) = latest.borrow().iter().find(|f| f.item.key == key) {
                    if file.media.is_none() {
                        file.upload.stop();
                    }
                    file.clone().forget_preview();
                }
                dispatch.dispatch(Change::Remove(key));
            }
            TrayEvent::Move(key, to) => dispatch.dispatch(Change::Move(key, to)),
            TrayEvent::Retry(key) => {
                if let Some(file) = latest
                    .borrow()
                    .iter()
                    .find(|f| f.item.key == key && f.file.is_some())
                {
                    if file.file.as_ref().is_some_and(|f| refusal(f.size()).is_some()) {
                        return;
                    }
                    dispatch.dispatch(Change::Progress(key, 0.0));
                    lanes.queue.borrow_mut().push_back(file.clone());
                }
                pump(&lanes, &dispatch);
            }
            TrayEvent::Describe(_) => {}
        })
    };
    let words = {
        let dispatch = dispatch.clone();
        use_callback((), move |(key, alt, caption), ()| {
            dispatch.dispatch(Change::Words(key, alt, caption))
        })
    };
    let replace = use_callback((), move |files, ()| dispatch.dispatch(Change::Replace(files)));
    Tray {
        files: Rc::clone(&files.0),
        add,
        event,
        words,
        replace,
        lanes,
    }
}

type Dispatch = UseReducerDispatcher<Files>;

/// Sends what waits, as many at once as there are lanes.
fn pump(lanes: &Rc<Lanes>, dispatch: &Dispatch) {
    while lanes.running.get() < LANES {
        let Some(next) = lanes.queue.borrow_mut().pop_front() else {
            return;
        };
        let Some(file) = next.file.clone() else { continue };
        lanes.running.set(lanes.running.get() + 1);
        let (lanes, dispatch, key) = (Rc::clone(lanes), dispatch.clone(), next.item.key);
        wasm_bindgen_futures::spawn_local(async move {
            let progress = {
                let dispatch = dispatch.clone();
                Callback::from(move |share| dispatch.dispatch(Change::Progress(key, share)))
            };
            let answer = next.upload.send(backend::current(), &file, progress).await;
            lanes.running.set(lanes.running.get().saturating_sub(1));
            match answer {
                Ok(media) if lanes.closed.get() => {
                    lanes.came.borrow_mut().push(media);
                    if let Some(late) = &*lanes.late.borrow() {
                        late.emit(lanes.came.borrow().clone());
                    }
                }
                Ok(media) => dispatch.dispatch(Change::Ready(key, Box::new(media))),
                Err(error) => {
                    dispatch.dispatch(Change::Failed(key, error_text(&error), may_help(error.code)));
                }
            }
            pump(&lanes, &dispatch);
        });
    }
}

/// Why a file of this size is not even sent.
fn refusal(bytes: f64) -> Option<AttrValue> {
    if bytes > MOST_BYTES {
        Some(t!("tray-too-large"))
    } else if bytes < 1.0 {
        Some(t!("tray-empty"))
    } else {
        None
    }
}

/// Whether the same file may be taken at another try: not when the file itself is the reason.
fn may_help(code: Code) -> bool {
    !matches!(
        code,
        Code::HeicUnsupported
            | Code::ImageTooLarge
            | Code::FileTooLarge
            | Code::TooLarge
            | Code::BadFile
            | Code::Invalid
            | Code::UnsupportedType
            | Code::Forbidden
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_the_reason_itself_is_not_tried_again() {
        for code in [
            Code::HeicUnsupported,
            Code::ImageTooLarge,
            Code::FileTooLarge,
            Code::BadFile,
        ] {
            assert!(!may_help(code), "{code}");
        }
        for code in [
            Code::Unavailable,
            Code::StorageFull,
            Code::QuotaExceeded,
            Code::Internal,
        ] {
            assert!(may_help(code), "{code}");
        }
    }

    #[test]
    fn an_empty_file_and_one_over_the_limit_are_not_sent() {
        assert!(refusal(0.0).is_some() && refusal(MOST_BYTES + 1.0).is_some());
        assert_ne!(refusal(0.0), refusal(MOST_BYTES + 1.0));
        assert!(refusal(1.0).is_none() && refusal(MOST_BYTES).is_none());
    }
}
