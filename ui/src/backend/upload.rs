//! Files to the node in pieces: an upload that breaks off goes on where the node has it.

use super::{Backend, call, http, tauri};
use crate::kit::ids;
use crate::state::jobs;
use hearth_api::media::{AbortUpload, BeginUpload, FinishUpload, MediaItem, UploadState};
use hearth_api::{ApiError, ApiResult, Code, UploadId};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;
use yew::Callback;

const CHUNK: u64 = 1024 * 1024;
const TRIES: u32 = 6;

/// An upload under way; can be given up.
#[derive(Debug, Clone)]
pub struct Upload {
    id: UploadId,
    stopped: Rc<Cell<bool>>,
}

impl PartialEq for Upload {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Default for Upload {
    fn default() -> Self {
        Self::new()
    }
}

impl Upload {
    /// A new upload.
    #[must_use]
    pub fn new() -> Self {
        Self {
            id: UploadId(ids::uuid()),
            stopped: Rc::new(Cell::new(false)),
        }
    }

    /// Gives it up; what was sent is thrown away.
    pub fn stop(&self) {
        self.stopped.set(true);
        let id = self.id;
        wasm_bindgen_futures::spawn_local(async move {
            let _gone = call(AbortUpload { id }).await;
        });
    }

    /// Sends a file and finishes; `progress` hears fractions from 0 to 1. May be called again after an error: the
    /// node says how much it has.
    ///
    /// # Errors
    /// What the node says of the file, or [`Code::Unavailable`] after six tries in vain.
    pub async fn send(&self, backend: Backend, file: &File, progress: Callback<f64>) -> ApiResult<MediaItem> {
        // One that was stopped is sent again only because somebody wants it.
        self.stopped.set(false);
        let job = {
            let upload = self.clone();
            Rc::new(jobs::begin(file.name(), Callback::from(move |()| upload.stop())))
        };
        let progress = {
            let job = Rc::clone(&job);
            Callback::from(move |share: f64| {
                job.progress(share);
                progress.emit(share);
            })
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a file's size is a whole number"
        )]
        let bytes = file.size() as u64;
        let mut failures = 0;
        loop {
            match self.once(backend, file, bytes, &progress).await {
                Ok(item) => return Ok(item),
                Err(error) if self.stopped.get() => return Err(error),
                Err(error)
                    if matches!(error.code, Code::Unavailable | Code::WrongOffset) && failures < TRIES =>
                {
                    failures += 1;
                    gloo_timers::future::TimeoutFuture::new(400 * 2_u32.pow(failures)).await;
                    if self.stopped.get() {
                        return Err(error);
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn once(
        &self,
        backend: Backend,
        file: &File,
        bytes: u64,
        progress: &Callback<f64>,
    ) -> ApiResult<MediaItem> {
        let begin = BeginUpload {
            id: self.id,
            name: file.name(),
            bytes,
        };
        let mut state = backend.call(begin).await?;
        while state.offset < bytes {
            if self.stopped.get() {
                return Err(ApiError::wrong_state("The upload was stopped."));
            }
            progress.emit(fraction(&state));
            let piece = read(file, state.offset, (state.offset + CHUNK).min(bytes)).await?;
            let next = match backend {
                Backend::Tauri => tauri::chunk(self.id, state.offset, &piece).await?,
                Backend::Http => http::chunk(self.id, state.offset, &piece).await?,
                #[cfg(feature = "mock")]
                Backend::Mock => UploadState {
                    id: self.id,
                    offset: (state.offset + CHUNK).min(bytes),
                    bytes,
                },
            };
            if next.offset <= state.offset {
                return Err(ApiError::new(Code::WrongOffset, "The upload does not get on."));
            }
            state = next;
        }
        progress.emit(1.0);
        backend.call(FinishUpload { id: self.id }).await
    }
}

fn fraction(state: &UploadState) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a share for a bar")]
    let share = state.offset as f64 / state.bytes.max(1) as f64;
    share
}

async fn read(file: &File, from: u64, to: u64) -> ApiResult<wasm_bindgen::JsValue> {
    let lost = || ApiError::new(Code::BadFile, "The file can no longer be read. Choose it again.");
    #[expect(clippy::cast_precision_loss, reason = "files are far below 2^53 bytes")]
    let piece = file
        .slice_with_f64_and_f64(from as f64, to as f64)
        .map_err(|_gone| lost())?;
    JsFuture::from(piece.array_buffer()).await.map_err(|_gone| lost())
}
