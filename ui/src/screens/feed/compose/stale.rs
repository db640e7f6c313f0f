//! Both versions of a post that was changed elsewhere while it was being edited.

use super::begin::stored;
use crate::components::Written;
use crate::prelude::*;
use crate::screens::feed::tray::TrayFile;
use hearth_api::ApiError;
use hearth_api::feed::Post;

/// Both versions, when the post was changed elsewhere while it was being edited.
pub(super) fn stale(
    theirs: &Rc<Post>,
    newer: &UseStateHandle<Option<Rc<Post>>>,
    version: &UseStateHandle<u32>,
    written: &UseStateHandle<Written>,
    files: &Callback<Vec<TrayFile>>,
    audience: &UseStateHandle<hearth_api::feed::Audience>,
    error: &UseStateHandle<Option<ApiError>>,
) -> Html {
    let settle = {
        let (newer, version, error, number) =
            (newer.setter(), version.setter(), error.setter(), theirs.version);
        move || {
            version.set(number);
            newer.set(None);
            error.set(None);
        }
    };
    let mine = {
        let settle = settle.clone();
        Callback::from(move |_: MouseEvent| settle())
    };
    let take = {
        let (theirs, written, files, audience) = (
            Rc::clone(theirs),
            written.setter(),
            files.clone(),
            audience.setter(),
        );
        Callback::from(move |_: MouseEvent| {
            written.set(Written::from_wire(&theirs.text, &theirs.mentions));
            files.emit(stored(&theirs.media));
            audience.set(theirs.audience);
            settle();
        })
    };
    html! {
        <section class="h-compose__stale" aria-label={t!("stale-title")} data-test="stale">
            <h3>{ t!("stale-title") }</h3>
            <div class="h-compose__theirs"><Markdown text={theirs.text.clone()} mentions={Rc::<[_]>::from(theirs.mentions.as_slice())} /></div>
            <div class="l-cluster">
                <Button size={Size::S} variant={Variant::Soft} on_click={take}>{ t!("stale-take") }</Button>
                <Button size={Size::S} variant={Variant::Soft} on_click={mine}>{ t!("stale-mine") }</Button>
            </div>
        </section>
    }
}
