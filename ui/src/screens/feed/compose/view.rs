//! The composer.

use super::begin::{Begin, open_draft, stored};
use super::discard::{forget, throw_away};
use super::drafts::{Saved, Snapshot};
use super::drop::use_drop;
use super::reach::{AudienceChange, left_out, names};
use super::stale::stale;
use super::{ComposeFor, suggestions, use_saver};
use crate::components::{
    AltTextEditor, AudiencePicker, ComposerText, DraftList, MediaTray, TrayEvent, Written,
};
use crate::prelude::*;
use crate::screens::feed::outbox::{self, Content, Outgoing, items};
use crate::screens::feed::tray::use_tray;
use crate::state::waiting::use_drafts;
use hearth_api::feed::{Draft, EditPost, GetPost, MAX_POST_MEDIA, MAX_TEXT, Post, PreviewAudience, Rights};
use hearth_api::{Code, PostId};

/// Properties of [`Composer`].
#[derive(Properties, PartialEq)]
pub(crate) struct ComposerProps {
    /// What is written.
    pub(crate) what: ComposeFor,
    /// Hears that it was sent: the outbox has it.
    #[prop_or_default]
    pub(crate) on_sent: Callback<()>,
    /// Hears the post as it is after editing.
    #[prop_or_default]
    pub(crate) on_edited: Callback<Rc<Post>>,
    /// Asks to close; the draft is kept.
    pub(crate) on_close: Callback<()>,
}

/// The composer: a dialog, on a phone the whole window.
#[component]
pub(crate) fn Composer(props: &ComposerProps) -> Html {
    let me = use_me();
    let settings = use_settings();
    let begin = {
        let what = props.what.clone();
        use_memo((), move |()| Begin::of(&what, settings.default_audience))
    };
    let editing = match &props.what {
        ComposeFor::Edit(post) => Some(Rc::clone(post)),
        ComposeFor::New | ComposeFor::Resumed | ComposeFor::Again(_) => None,
    };
    let written = use_state_eq(|| begin.written.clone());
    let audience = use_state_eq(|| begin.audience);
    let comments_on = use_state_eq(|| begin.comments_on);
    let draft = use_state_eq(|| begin.draft);
    let error = use_state_eq(|| begin.error.clone());
    let tried = use_state_eq(|| false);
    let wanted = use_state_eq(|| false);
    let described = use_state_eq(|| None::<u32>);
    let drafts_open = use_state_eq(|| false);
    let newer = use_state_eq(|| None::<Rc<Post>>);
    let version = use_state_eq(|| editing.as_ref().map_or(1, |p| p.version));
    let choose_audience = use_state_eq(|| 0_u32);
    let restored = use_state_eq(|| false);
    let tray = use_tray(|| begin.files.clone(), MAX_POST_MEDIA);
    let preview = use_query(PreviewAudience { audience: *audience }, vec![Topic::Friends]);
    let drafts = use_drafts(true, vec![Topic::Drafts]);
    let edit = use_mutation::<EditPost>();
    let place = props.what.place();

    let attached = items(&tray.files);
    let snapshot = Snapshot {
        id: *draft,
        place: place.clone(),
        text: written.to_wire(),
        media: attached.clone(),
        audience: *audience,
    };
    let untouched = editing.as_ref().map(|_| snapshot.clone());
    // A post that nobody changed is no draft.
    let changed = editing.is_none()
        || snapshot.text != begin.written.to_wire()
        || snapshot.media != items(&begin.files)
        || snapshot.audience != begin.audience;
    let kept = tray.sending() > 0 || (changed && snapshot.is_draft());
    let saver = use_saver(snapshot, untouched);
    tray.set_late(Some(saver.late.clone()));

    // What was begun before goes on where it was left, unless something new is there already.
    let touched = use_mut_ref(|| false);
    let add = {
        let touched = Rc::clone(&touched);
        tray.add.reform(move |files| {
            touched.replace(true);
            files
        })
    };
    {
        let (written, tray, audience, draft, restored) = (
            written.setter(),
            tray.replace.clone(),
            audience.setter(),
            draft.setter(),
            restored.setter(),
        );
        let found = drafts.data.as_ref().and_then(|all| {
            all.iter()
                .filter(|d| d.place == place)
                .max_by_key(|d| d.saved_at)
                .cloned()
        });
        let resumes = editing.is_some() || props.what == ComposeFor::Resumed;
        let touched = Rc::clone(&touched);
        let once = use_mut_ref(|| false);
        // What is known of before may be old, and a home that did not answer may have it all the same.
        let known = drafts.data.is_some() && !drafts.busy && (found.is_some() || drafts.error.is_none());
        use_effect_with(known, move |known| {
            if !*known || once.replace(true) || !resumes {
                return;
            }
            let Some(found) = found else { return };
            wasm_bindgen_futures::spawn_local(async move {
                let text = open_draft(&found).await;
                if *touched.borrow() {
                    return;
                }
                tray.emit(stored(&found.media));
                audience.set(found.audience);
                draft.set(found.id);
                written.set(text);
                restored.set(true);
            });
        });
    }

    let text_length = written.text.chars().count();
    let nothing = written.text.trim().is_empty() && tray.files.is_empty();
    let problem = if text_length > MAX_TEXT {
        Some(t!("text-over", "max" => MAX_TEXT))
    } else if *tried && nothing {
        Some(t!("compose-empty"))
    } else if *tried {
        tray.problem()
    } else {
        None
    };

    // Sends as soon as everything that belongs to it is there.
    {
        let ready = *wanted && tray.sending() == 0 && !saver.busy && tray.failed() == 0;
        let (wanted, stop, on_sent, editing) = (
            wanted.setter(),
            saver.stop.clone(),
            props.on_sent.clone(),
            editing.clone(),
        );
        let content = Content {
            written: (*written).clone(),
            files: (*tray.files).clone(),
            audience: *audience,
            comments_on: *comments_on,
            draft: *draft,
        };
        let author = me.as_ref().map(|m| m.person.clone());
        let (edit, on_edited, error, newer, version) = (
            edit.clone(),
            props.on_edited.clone(),
            error.setter(),
            newer.setter(),
            *version,
        );
        use_effect_with(ready, move |ready| {
            let Some(author) = author.filter(|_| *ready) else {
                return;
            };
            wanted.set(false);
            match editing {
                None => {
                    stop.emit(());
                    outbox::send(outgoing(author, content));
                    on_sent.emit(());
                }
                Some(post) => {
                    let request = EditPost {
                        id: post.id,
                        version,
                        text: content.written.to_wire(),
                        media: content.attachments(),
                        audience: content.audience,
                    };
                    let draft = content.draft;
                    edit.run(request, move |answer| match answer {
                        Ok(post) => {
                            stop.emit(());
                            forget(draft);
                            announce::polite(t!("post-edited"));
                            on_edited.emit(Rc::new(post));
                        }
                        Err(problem) => {
                            if problem.code == Code::StaleEdit {
                                let (newer, id) = (newer.clone(), post.id);
                                wasm_bindgen_futures::spawn_local(async move {
                                    newer.set(ask(GetPost { id }).await.ok().map(Rc::new));
                                });
                            }
                            error.set(Some(problem));
                        }
                    });
                }
            }
        });
    }
    let submit = {
        let (tried, wanted, error) = (tried.setter(), wanted.setter(), error.setter());
        let fits = !nothing && text_length <= MAX_TEXT && tray.failed() == 0;
        Callback::from(move |()| {
            tried.set(true);
            error.set(None);
            if fits {
                wanted.set(true);
            }
        })
    };
    let close = {
        let (saver, on_close) = (saver.clone(), props.on_close.clone());
        let edits = editing.is_some();
        Callback::from(move |()| {
            saver.flush.emit(());
            on_close.emit(());
            if kept {
                saver.say_kept(edits);
            }
        })
    };
    let on_text = {
        let (written, tried) = (written.setter(), tried.setter());
        Callback::from(move |next: Written| {
            touched.replace(true);
            tried.set(false);
            written.set(next);
        })
    };
    let on_audience = {
        let audience = audience.setter();
        Callback::from(move |to| audience.set(to))
    };
    let on_tray = {
        let (event, described) = (tray.event.clone(), described.setter());
        Callback::from(move |what| match what {
            TrayEvent::Describe(key) => described.set(Some(key)),
            other => event.emit(other),
        })
    };
    let discard = {
        let (stop, on_close) = (saver.stop.clone(), props.on_close.clone());
        let keep = Draft {
            id: *draft,
            place: place.clone(),
            text: written.to_wire(),
            media: attached,
            audience: *audience,
            saved_at: when::now(),
        };
        Callback::from(move |()| {
            stop.emit(());
            throw_away(keep.clone());
            on_close.emit(());
        })
    };
    let on_draft = {
        let (written, files, audience, draft, drafts_open, flush) = (
            written.setter(),
            tray.replace.clone(),
            audience.setter(),
            draft.setter(),
            drafts_open.setter(),
            saver.flush.clone(),
        );
        Callback::from(move |found: Draft| {
            flush.emit(());
            drafts_open.set(false);
            let (written, files, audience, draft) =
                (written.clone(), files.clone(), audience.clone(), draft.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let text = open_draft(&found).await;
                files.emit(stored(&found.media));
                audience.set(found.audience);
                draft.set(found.id);
                written.set(text);
            });
        })
    };
    use_commands(vec![
        KeyCommand::key(Key::Audience, {
            let choose = choose_audience.clone();
            Callback::from(move |()| choose.set(*choose + 1))
        }),
        KeyCommand::key(Key::Submit, submit.clone()),
    ]);
    let (ondragover, ondrop, dropping) = use_drop(add.clone());

    let others: Rc<Vec<Draft>> = Rc::new(
        drafts
            .data
            .as_ref()
            .filter(|_| editing.is_none())
            .map(|all| {
                all.iter()
                    .filter(|d| d.place == "feed" && d.id != *draft)
                    .cloned()
                    .collect()
            })
            .unwrap_or_default(),
    );
    let outside = preview
        .data
        .as_ref()
        .map(|p| left_out(&written, p, me.as_ref().map(|m| m.person.id)))
        .unwrap_or_default();
    // What failed holds it up; the way on is the person's.
    let waiting = (*wanted && tray.failed() == 0) || edit.pending();
    let footer = html! {
        <div class="h-compose__foot">
            <FilePick label={t!("compose-photos")} on_files={add.clone()} multiple={true} icon_only={true} variant={Variant::Quiet} test_id="compose-files" />
            if editing.is_none() {
                <IconButton
                    icon={if *comments_on { IconName::MessageCircle } else { IconName::Ban }}
                    label={if *comments_on { t!("compose-comments-on") } else { t!("compose-comments-off") }}
                    pressed={!*comments_on}
                    on_click={{ let on = comments_on.clone(); Callback::from(move |_: MouseEvent| on.set(!*on)) }}
                />
            }
            if !others.is_empty() {
                <Button size={Size::M} variant={Variant::Quiet} expanded={*drafts_open} test_id="drafts"
                    on_click={{ let open = drafts_open.clone(); Callback::from(move |_: MouseEvent| open.set(!*open)) }}
                >{ t!("drafts-count", "count" => others.len()) }</Button>
            }
            <span class="h-compose__state" role="status">{ state_words(saver.saved, tray.sending(), waiting) }</span>
            if !nothing && editing.is_some() {
                <Button variant={Variant::Quiet} on_click={discard.reform(|_: MouseEvent| ())} test_id="discard">{ t!("compose-discard") }</Button>
            }
            if editing.is_some() {
                <Button variant={Variant::Filled} pending={waiting} on_click={submit.reform(|_: MouseEvent| ())} keys={Key::Submit} test_id="share">{ t!("action-save") }</Button>
            } else {
                <SplitButton
                    variant={Variant::Filled}
                    pending={waiting}
                    on_click={submit.reform(|_: MouseEvent| ())}
                    keys={Key::Submit}
                    menu_label={t!("compose-share-more")}
                    items={vec![
                        MenuItem::action(t!("compose-keep"), IconName::Save, close.clone()).test("keep-draft"),
                        MenuItem::danger(t!("compose-discard"), IconName::Trash2, discard).test("discard"),
                    ]}
                    up={true}
                    test_id="share"
                >{ t!("compose-share") }</SplitButton>
            }
        </div>
    };
    html! {
        <Dialog
            title={if editing.is_some() { t!("compose-edit-title") } else { t!("compose-title") }}
            on_close={close}
            light_dismiss={false}
            {footer}
            class={classes!("h-compose")}
            test_id="composer"
        >
            <div class="h-compose__body" {ondragover} {ondrop} data-drop={dropping.then_some("true")}>
                <AudiencePicker audience={*audience} on_change={on_audience} preview={preview.data.clone()} uncounted={preview.error.is_some()} opened={*choose_audience} />
                if let Some(problem) = &*error {
                    <Banner tone={Tone::Danger} alert={true} test_id="compose-error">
                        <p>{ error_text(problem) }</p>
                        if editing.is_none() { <p>{ t!("compose-kept") }</p> }
                    </Banner>
                }
                if let Some(theirs) = &*newer {
                    { stale(theirs, &newer, &version, &written, &tray.replace, &audience, &error) }
                }
                if *restored {
                    <Banner tone={Tone::Neutral} icon={IconName::History} on_close={{ let restored = restored.setter(); Some(Callback::from(move |_: MouseEvent| restored.set(false))) }}>
                        { t!("compose-restored") }
                    </Banner>
                }
                if !outside.is_empty() {
                    <Banner tone={Tone::Warn} icon={IconName::EyeOff} test_id="mention-outside">{ t!("mention-outside", "names" => names(&outside)) }</Banner>
                }
                if let (Some(post), Some(now)) = (editing.as_ref().filter(|p| p.audience != *audience), &preview.data) {
                    <AudienceChange from={post.audience} to={Rc::clone(now)} />
                }
                <div class="h-compose__text">
                    if let Some(me) = &me { <span class="u-wide-only"><PersonAvatar person={me.person.clone()} /></span> }
                    <div class="l-grow">
                        <ComposerText
                            value={(*written).clone()}
                            on_change={on_text}
                            suggest={suggestions(*audience, editing.as_ref().map(|p| p.id))}
                            label={t!("compose-text")}
                            placeholder={t!("compose-placeholder")}
                            max={MAX_TEXT}
                            rows={4}
                            autofocus={true}
                            error={problem}
                            on_files={add}
                            on_submit={submit}
                            on_blur={saver.flush.reform(|_: FocusEvent| ())}
                            test_id="compose-text"
                        />
                    </div>
                </div>
                <MediaTray items={tray.items()} on_event={on_tray} />
                if *drafts_open && !others.is_empty() {
                    <section class="h-compose__drafts" aria-label={t!("drafts")}>
                        <h3>{ t!("drafts") }</h3>
                        <DraftList drafts={others} on_open={on_draft} on_delete={Callback::from(throw_away)} />
                    </section>
                }
                <p class="h-compose__drop" aria-hidden="true"><Icon name={IconName::ImagePlus} size={IconSize::L} />{ t!("compose-drop") }</p>
            </div>
            if let Some(file) = described.and_then(|key| tray.files.iter().find(|f| f.item.key == key)) {
                { describe(file.item.clone(), &tray.words, &described) }
            }
        </Dialog>
    }
}

fn state_words(saved: Saved, sending: usize, wanted: bool) -> AttrValue {
    if sending > 0 {
        return if wanted {
            t!("compose-waits-files", "count" => sending)
        } else {
            t!("compose-sending-files", "count" => sending)
        };
    }
    match saved {
        Saved::Nothing => AttrValue::default(),
        Saved::Waiting => t!("draft-saving"),
        Saved::Yes => t!("draft-saved"),
        Saved::Failed => t!("draft-not-saved"),
        Saved::Refused => t!("draft-refused"),
    }
}

fn describe(
    item: crate::components::TrayItem,
    words: &Callback<(u32, String, String)>,
    described: &UseStateHandle<Option<u32>>,
) -> Html {
    let close = {
        let described = described.setter();
        Callback::from(move |()| described.set(None))
    };
    let on_save = {
        let (words, close, key) = (words.clone(), close.clone(), item.key);
        Callback::from(move |(alt, caption)| {
            words.emit((key, alt, caption));
            close.emit(());
        })
    };
    html! {
        <AltTextEditor name={item.name} preview={item.preview} alt={item.alt} caption={item.caption} {on_save} on_close={close} />
    }
}

fn outgoing(author: hearth_api::people::PersonCard, content: Content) -> Outgoing {
    let op = ids::uuid();
    let mentions = content
        .written
        .people()
        .into_iter()
        .map(|n| hearth_api::feed::Mention {
            person: n.person,
            name: n.label.clone(),
            removed: false,
        })
        .collect();
    let media = items(&content.files);
    let post = Post {
        id: PostId(op),
        author,
        audience: content.audience,
        text: content.written.to_wire(),
        mentions,
        media,
        created_at: when::now(),
        edited_at: None,
        version: 1,
        reactions: Vec::new(),
        comment_count: 0,
        last_comments: Vec::new(),
        comments_on: content.comments_on,
        delivery: None,
        kept: false,
        may: Rights::default(),
    };
    Outgoing {
        op,
        post: Rc::new(post),
        content: Rc::new(content),
    }
}
