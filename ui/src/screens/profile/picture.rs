//! A new picture of one's own: chosen, cut to a square, sent.

use crate::backend::{self, upload::Upload};
use crate::components::{Cropper, Square};
use crate::prelude::*;
use hearth_api::profile::{Crop, Profile, SetPicture};
use web_sys::{File, Url};

/// Changing the own picture.
pub(super) struct Picture {
    /// Takes a chosen file.
    pub(super) pick: Callback<File>,
    /// Takes the picture away.
    pub(super) remove: Callback<()>,
    /// Whether one is on its way.
    pub(super) busy: bool,
    /// The dialog.
    pub(super) over: Html,
}

#[derive(Clone, PartialEq)]
struct Chosen {
    file: File,
    url: String,
}

/// Changing the own picture; `set` takes over the profile afterwards.
#[hook]
pub(super) fn use_picture(set: Callback<Rc<Profile>>) -> Picture {
    let chosen = use_state_eq(|| None::<Chosen>);
    let busy = use_state_eq(|| false);
    let wrong = use_state_eq(|| None::<AttrValue>);
    let upload = use_state_eq(Upload::new);

    let close = {
        let (chosen, wrong) = (chosen.clone(), wrong.setter());
        Callback::from(move |()| {
            if let Some(chosen) = &*chosen {
                let _revoked = Url::revoke_object_url(&chosen.url);
            }
            chosen.set(None);
            wrong.set(None);
        })
    };
    let pick = {
        let (chosen, wrong, upload) = (chosen.setter(), wrong.setter(), upload.setter());
        Callback::from(move |file: File| match Url::create_object_url_with_blob(&file) {
            Ok(url) => {
                wrong.set(None);
                upload.set(Upload::new());
                chosen.set(Some(Chosen { file, url }));
            }
            Err(_refused) => toasts::error(t!("picture-unreadable")),
        })
    };
    let on_broken = {
        let close = close.clone();
        Callback::from(move |()| {
            close.emit(());
            toasts::error(t!("picture-unreadable"));
        })
    };
    let on_done = {
        let (chosen, busy, wrong, upload, set, close) = (
            chosen.clone(),
            busy.setter(),
            wrong.setter(),
            (*upload).clone(),
            set.clone(),
            close.clone(),
        );
        Callback::from(move |(square, shown_width): (Square, u32)| {
            let Some(chosen) = (*chosen).clone() else { return };
            busy.set(true);
            wrong.set(None);
            let (busy, wrong, upload, set, close) = (
                busy.clone(),
                wrong.clone(),
                upload.clone(),
                set.clone(),
                close.clone(),
            );
            wasm_bindgen_futures::spawn_local(async move {
                let answer = match upload
                    .send(backend::current(), &chosen.file, Callback::default())
                    .await
                {
                    Ok(item) => {
                        // The home counts in the pixels that it stored.
                        let (width, height) =
                            (item.width.unwrap_or(shown_width), item.height.unwrap_or(u32::MAX));
                        let (x, y, size) = square.pixels_at(width, height);
                        ask(SetPicture {
                            image: Some(item.hash),
                            crop: Some(Crop { x, y, size }),
                        })
                        .await
                    }
                    Err(error) => Err(error),
                };
                busy.set(false);
                match answer {
                    Ok(profile) => {
                        set.emit(Rc::new(profile));
                        close.emit(());
                        toasts::done(t!("picture-changed"));
                        crate::state::session::refresh().await;
                    }
                    Err(error) => wrong.set(Some(error_text(&error))),
                }
            });
        })
    };
    let remove = {
        let busy = busy.setter();
        Callback::from(move |()| {
            busy.set(true);
            let (busy, set) = (busy.clone(), set.clone());
            wasm_bindgen_futures::spawn_local(async move {
                match ask(SetPicture {
                    image: None,
                    crop: None,
                })
                .await
                {
                    Ok(profile) => {
                        set.emit(Rc::new(profile));
                        toasts::done(t!("picture-removed"));
                        crate::state::session::refresh().await;
                    }
                    Err(error) => toasts::failed(&error),
                }
                busy.set(false);
            });
        })
    };
    let over = match &*chosen {
        Some(chosen) => html! {
            <Cropper src={chosen.url.clone()} {on_done} on_close={close} pending={*busy} error={(*wrong).clone()} {on_broken} />
        },
        None => Html::default(),
    };
    Picture {
        pick,
        remove,
        busy: *busy,
        over,
    }
}
