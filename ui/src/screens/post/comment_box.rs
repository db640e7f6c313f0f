//! Writing a comment, a reply, or a change to one.

use crate::components::{AltTextEditor, ComposerText, MediaTray, TrayEvent, Written};
use crate::prelude::*;
use crate::screens::feed::{
    Saved, Snapshot, Tray, items, open_draft, stored, suggestions, use_saver, use_tray,
};
use crate::state::waiting::{self, use_drafts};
use hearth_api::feed::{Attach, Audience, MAX_COMMENT_MEDIA, MAX_TEXT};
use hearth_api::media::MediaItem;
use hearth_api::people::PersonCard;
use hearth_api::{DraftId, Event as HomeEvent, PostId};
use web_sys::HtmlElement;

/// The draft of what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Draft {
    id: DraftId,
    /// Whether the home may have it.
    at_home: bool,
}

impl Draft {
    /// Deletes it.
    pub(super) fn forget(self) {
        if self.at_home {
            waiting::gone(self.id);
        } else {
            waiting::settled(self.id);
        }
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Comment {
    /// The text.
    pub(super) written: Written,
    /// The files.
    pub(super) media: Vec<Attach>,
    /// Its draft, which stays until the home took it, or it is kept elsewhere.
    pub(super) draft: Draft,
}

/// Properties of [`CommentBox`].
#[derive(Properties, PartialEq)]
pub(super) struct CommentBoxProps {
    /// Under which post.
    pub(super) post: PostId,
    /// The post's audience.
    pub(super) audience: Audience,
    /// Who writes.
    pub(super) me: PersonCard,
    /// What is to be written.
    pub(super) label: AttrValue,
    /// What it begins with.
    #[prop_or_default]
    pub(super) written: Written,
    /// The verb of the button.
    pub(super) verb: AttrValue,
    /// Whether pictures may be added.
    #[prop_or(true)]
    pub(super) pictures: bool,
    /// The place of its draft; without one it is not kept.
    #[prop_or_default]
    pub(super) place: Option<AttrValue>,
    /// Takes the focus when this changes.
    #[prop_or_default]
    pub(super) focused: u32,
    /// Whether it is being sent.
    #[prop_or_default]
    pub(super) pending: bool,
    /// Whether it opens its list of people upwards, at the bottom of the page.
    #[prop_or_default]
    pub(super) up: bool,
    /// Hears what was written; the box is empty then.
    pub(super) on_send: Callback<Comment>,
    /// Closes it, where it can be closed.
    #[prop_or_default]
    pub(super) on_cancel: Option<Callback<()>>,
}

/// A box to write a comment in.
#[component]
pub(super) fn CommentBox(props: &CommentBoxProps) -> Html {
    let written = use_state_eq(|| props.written.clone());
    let node = use_node_ref();
    let tried = use_state_eq(|| false);
    let wanted = use_state_eq(|| false);
    let described = use_state_eq(|| None::<u32>);
    let draft = use_state_eq(|| DraftId(ids::uuid()));
    let active = use_state_eq(|| props.focused > 0 || props.on_cancel.is_some());
    let tray = use_tray(Vec::new, MAX_COMMENT_MEDIA);
    {
        let node = node.clone();
        use_effect_with(props.focused, move |focused| {
            if *focused > 0
                && let Some(area) = node.cast::<HtmlElement>()
            {
                let _focused = area.focus();
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                area.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }
    {
        // The post may go while one writes, and this box with it.
        let latest = use_mut_ref(String::new);
        latest.replace(written.text.clone());
        let (post, first) = (props.post, props.written.text.clone());
        let on_event = use_callback((post, first), move |event: HomeEvent, (post, first)| {
            let words = latest.borrow().clone();
            let gone = matches!(event, HomeEvent::PostRemoved { post: gone } if gone == *post);
            if gone && !words.trim().is_empty() && words != *first {
                toasts::nowhere(&words, t!("comment-nowhere"));
            }
        });
        use_live(vec![Topic::Posts], on_event);
    }
    let attached = items(&tray.files);
    let kept = props.place.is_some();
    let snapshot = Snapshot {
        id: *draft,
        place: props.place.clone().unwrap_or_default().to_string(),
        text: if kept { written.to_wire() } else { String::new() },
        media: if kept { attached.clone() } else { Vec::new() },
        audience: props.audience,
    };
    let untouched = (!props.written.text.is_empty()).then(|| snapshot.clone());
    let saver = use_saver(snapshot, untouched);
    tray.set_late(kept.then(|| saver.late.clone()));
    let restored = use_restore(props, &written, &draft, &tray);
    // The draft of this text that the home has.
    let at_home = use_mut_ref(|| None::<DraftId>);
    if saver.saved == Saved::Yes || saver.busy || restored {
        at_home.replace(Some(*draft));
    }

    let nothing = written.text.trim().is_empty() && tray.files.is_empty();
    let over = written.text.chars().count() > MAX_TEXT;
    {
        let ready = *wanted && tray.sending() == 0 && tray.failed() == 0 && !saver.busy;
        let (written, wanted, tried, replace, draft) = (
            written.clone(),
            wanted.setter(),
            tried.setter(),
            tray.replace.clone(),
            draft.clone(),
        );
        let at_home = Rc::clone(&at_home);
        // A box that closes with this keeps nothing any more.
        let stop = props.on_cancel.is_some().then(|| saver.stop.clone());
        let on_send = props.on_send.clone();
        use_effect_with(ready, move |ready| {
            if *ready {
                wanted.set(false);
                tried.set(false);
                if let Some(stop) = stop {
                    stop.emit(());
                }
                let old = Draft {
                    id: *draft,
                    at_home: at_home.take() == Some(*draft),
                };
                // Until the home took it a reload brings it back.
                waiting::sent(old.id);
                on_send.emit(Comment {
                    written: (*written).clone(),
                    media: attached.into_iter().map(attach).collect(),
                    draft: old,
                });
                written.set(Written::default());
                replace.emit(Vec::new());
                // The saver sees another, empty draft.
                draft.set(DraftId(ids::uuid()));
            }
        });
    }
    let cancel = props.on_cancel.clone().map(|cancel| {
        let (stop, at_home, id) = (saver.stop.clone(), Rc::clone(&at_home), *draft);
        Callback::from(move |()| {
            stop.emit(());
            let at_home = at_home.take() == Some(id);
            Draft { id, at_home }.forget();
            cancel.emit(());
        })
    });
    // Esc closes the box and keeps what was written, as everywhere.
    let escape = props.on_cancel.clone().map(|cancel| {
        let flush = saver.flush.clone();
        Callback::from(move |()| {
            flush.emit(());
            cancel.emit(());
        })
    });
    let fits = !nothing && !over && tray.failed() == 0;
    let send = {
        let (tried, wanted) = (tried.setter(), wanted.setter());
        Callback::from(move |()| {
            tried.set(true);
            if fits {
                wanted.set(true);
            }
        })
    };
    let on_change = {
        let (written, tried) = (written.setter(), tried.setter());
        Callback::from(move |next: Written| {
            tried.set(false);
            written.set(next);
        })
    };
    let on_tray = {
        let (event, described) = (tray.event.clone(), described.setter());
        Callback::from(move |what| match what {
            TrayEvent::Describe(key) => described.set(Some(key)),
            other => event.emit(other),
        })
    };
    let onfocusin = {
        let active = active.setter();
        Callback::from(move |_: FocusEvent| active.set(true))
    };
    let error = if over {
        Some(t!("text-over", "max" => MAX_TEXT))
    } else if *tried && nothing {
        Some(t!("comment-empty"))
    } else if *tried {
        tray.problem()
    } else {
        None
    };
    // What failed holds it up; the way on is the person's.
    let waiting = (*wanted && tray.failed() == 0) || props.pending;
    html! {
        <div class="h-comment-box" {onfocusin} data-active={(*active || !nothing).then_some("true")}>
            <PersonAvatar person={props.me.clone()} size={AvatarSize::S} />
            <div class="h-comment-box__frame">
                <ComposerText
                    value={(*written).clone()}
                    {on_change}
                    suggest={suggestions(props.audience, Some(props.post))}
                    label={props.label.clone()}
                    placeholder={props.label.clone()}
                    max={MAX_TEXT}
                    rows={1}
                    max_rows={10}
                    up={props.up}
                    {error}
                    on_files={if props.pictures { tray.add.clone() } else { Callback::default() }}
                    on_submit={send.clone()}
                    on_escape={escape}
                    on_blur={saver.flush.reform(|_: FocusEvent| ())}
                    {node}
                    test_id="comment-text"
                />
                <MediaTray items={tray.items()} on_event={on_tray} compact={true} />
                <div class="h-comment-box__foot">
                    if props.pictures {
                        <FilePick label={t!("compose-photos")} on_files={tray.add.clone()} multiple={true} icon_only={true} size={Size::S} variant={Variant::Quiet} test_id="comment-files" />
                    }
                    <span class="l-grow" />
                    if let Some(cancel) = &cancel {
                        <Button size={Size::S} variant={Variant::Quiet} on_click={cancel.reform(|_: MouseEvent| ())}>{ t!("action-cancel") }</Button>
                    }
                    <Button
                        size={Size::S}
                        variant={if nothing { Variant::Quiet } else { Variant::Filled }}
                        end={IconName::SendHorizontal}
                        pending={waiting}
                        on_click={send.reform(|_: MouseEvent| ())}
                        keys={Key::Submit}
                        test_id="comment-send"
                    >{ props.verb.clone() }</Button>
                </div>
            </div>
            if let Some(file) = described.and_then(|key| tray.files.iter().find(|f| f.item.key == key)) {
                { describe(file.item.clone(), &tray, &described) }
            }
        </div>
    }
}

fn describe(item: crate::components::TrayItem, tray: &Tray, described: &UseStateHandle<Option<u32>>) -> Html {
    let close = {
        let described = described.setter();
        Callback::from(move |()| described.set(None))
    };
    let on_save = {
        let (words, close, key) = (tray.words.clone(), close.clone(), item.key);
        Callback::from(move |(alt, caption)| {
            words.emit((key, alt, caption));
            close.emit(());
        })
    };
    html! { <AltTextEditor name={item.name} preview={item.preview} alt={item.alt} caption={item.caption} {on_save} on_close={close} /> }
}

fn attach(item: MediaItem) -> Attach {
    Attach {
        media: item.hash,
        alt: item.alt,
        caption: item.caption,
    }
}

/// Goes on with the draft that was kept for this place; says whether there was one.
#[hook]
fn use_restore(
    props: &CommentBoxProps,
    written: &UseStateHandle<Written>,
    draft: &UseStateHandle<DraftId>,
    tray: &Tray,
) -> bool {
    let drafts = use_drafts(props.place.is_some(), vec![]);
    let restored = use_state_eq(|| false);
    let once = use_mut_ref(|| false);
    let found = props.place.as_ref().and_then(|place| {
        drafts
            .data
            .as_ref()?
            .iter()
            .find(|d| d.place == place.as_str())
            .cloned()
    });
    let (set, draft, files, done, untouched) = (
        written.setter(),
        draft.setter(),
        tray.replace.clone(),
        restored.setter(),
        *props.written.text == *written.text,
    );
    use_effect_with((drafts.data.is_some(), drafts.busy), move |(known, busy)| {
        if !*known || *busy || once.replace(true) || !untouched {
            return;
        }
        let Some(found) = found else { return };
        wasm_bindgen_futures::spawn_local(async move {
            let text = open_draft(&found).await;
            files.emit(stored(&found.media));
            draft.set(found.id);
            set.set(text);
            done.set(true);
        });
    });
    *restored
}
