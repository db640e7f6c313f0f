//! Components that are put together from others, with made-up people and talks.

use super::fixtures as made;
use super::parts::group;
use crate::components::provider_form::ProviderDraft;
use crate::components::{
    AltTextEditor, AudiencePicker, ChatComposer, ChatThread, CommentTree, ComposerText, Cropper,
    DeliverySheet, DraftList, FieldVisibility, FindBar, HealthVerdict, HomeCard, InviteCard, JobRow,
    MediaTray, MediaViewer, MentionList, ModelPicker, ModelRow, NotificationRow, PhotoMosaic, PostCard,
    PostShape, ProfileHeader, QrCode, ReactionBar, RelationButton, RequestRow, Scene, Shown, TrayItem,
    TrayState, Written,
};
use crate::prelude::*;
use hearth_api::PersonId;
use hearth_api::feed::Audience;
use hearth_api::health::HealthLevel;
use hearth_api::parameters::Parameters;
use hearth_api::people::Relation;
use hearth_api::provider::{Locality, ProviderKind};
use std::collections::HashSet;

/// What is open over the gallery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    Nothing,
    Viewer,
    Cropper,
    AltText,
    Palette,
    Keys,
    Find,
}

/// Everything that is put together from other parts.
#[component]
pub(super) fn Composed() -> Html {
    let over = use_state_eq(|| Over::Nothing);
    let open = |what: Over| {
        let over = over.setter();
        Callback::from(move |_: MouseEvent| over.set(what))
    };
    let close = {
        let over = over.setter();
        Callback::from(move |()| over.set(Over::Nothing))
    };
    let me = made::people()
        .first()
        .map_or(PersonId(uuid::Uuid::nil()), |p| p.id);
    let media: Rc<[_]> = made::media().into();
    html! {
        <>
            { posts(me) }
            { talk(me) }
            { pictures(&media) }
            { writing() }
            { people() }
            { homes() }
            { lists() }
            <Assistant />
            { group("Over the page", html! {
                <div class="l-cluster">
                    <Button on_click={open(Over::Viewer)}>{ "Media viewer" }</Button>
                    <Button on_click={open(Over::Cropper)}>{ "Cropper" }</Button>
                    <Button on_click={open(Over::AltText)}>{ "Alternative text" }</Button>
                    <Button on_click={open(Over::Palette)}>{ "Command palette" }</Button>
                    <Button on_click={open(Over::Keys)}>{ "Shortcut help" }</Button>
                    <Button on_click={open(Over::Find)}>{ "Find bar" }</Button>
                </div>
            }) }
            { match *over {
                Over::Nothing => Html::default(),
                Over::Viewer => html! { <MediaViewer {media} by="Anna Berg" on_close={close} /> },
                Over::Cropper => html! { <Cropper src="/assets/mark.svg" on_done={Callback::noop()} on_close={close} /> },
                Over::AltText => html! { <AltTextEditor name="photo-1.jpg" preview={Some(AttrValue::from("/assets/mark.svg"))} alt="Evening glow" caption="" on_save={Callback::noop()} on_close={close} /> },
                Over::Palette => html! { <CommandPalette on_close={close} signed_in={false} /> },
                Over::Keys => html! { <ShortcutHelp on_close={close} /> },
                Over::Find => html! { <FindBar on_close={close} /> },
            } }
        </>
    }
}

fn posts(me: PersonId) -> Html {
    let all: Vec<Rc<_>> = made::posts().into_iter().map(Rc::new).collect();
    group(
        "PostCard: feed, full, pending",
        html! {
            <div class="l-stack">
                { for all.iter().map(|post| html! { <PostCard post={Rc::clone(post)} {me} /> }) }
                { for all.iter().take(1).map(|post| html! { <PostCard post={Rc::clone(post)} {me} shape={PostShape::Full} /> }) }
                { for all.iter().take(1).map(|post| html! { <PostCard post={Rc::clone(post)} {me} pending={true} /> }) }
                <DeliverySheet deliveries={Rc::new(made::deliveries())} on_retry={Callback::noop()} />
            </div>
        },
    )
}

fn talk(me: PersonId) -> Html {
    let comments: Rc<Vec<Rc<_>>> = Rc::new(made::comments().into_iter().map(Rc::new).collect());
    let unread: HashSet<_> = comments.iter().skip(2).take(1).map(|c| c.id).collect();
    let folded: HashSet<_> = comments.iter().skip(1).take(1).map(|c| c.id).collect();
    let reactions = made::posts()
        .first()
        .map(|p| p.reactions.clone())
        .unwrap_or_default();
    group(
        "CommentTree: open, folded; ReactionBar",
        html! {
            <div class="l-stack">
                <CommentTree comments={Rc::clone(&comments)} {me} home="Hill House" unread={Rc::new(unread)} on_action={Callback::noop()} />
                <CommentTree {comments} {me} home="Hill House" folded={Rc::new(folded)} on_action={Callback::noop()} />
                <ReactionBar reactions={reactions.clone()} {me} on_react={Callback::noop()} />
                <ReactionBar {reactions} {me} on_react={Callback::noop()} compact={true} />
                <EmojiPicker on_choose={Callback::noop()} />
            </div>
        },
    )
}

fn pictures(media: &Rc<[hearth_api::media::MediaItem]>) -> Html {
    let some = |count: usize| media.iter().take(count).cloned().collect::<Rc<[_]>>();
    group(
        "PhotoMosaic: 1 to 5, compact",
        html! {
            <div class="l-stack">
                { for (1..=5).map(|count| html! { <PhotoMosaic media={some(count)} by="Anna Berg" on_open={Callback::noop()} /> }) }
                <PhotoMosaic media={some(2)} by="Anna Berg" on_open={Callback::noop()} compact={true} />
            </div>
        },
    )
}

fn writing() -> Html {
    let tile = |key: u32, state: TrayState, alt: &str| TrayItem {
        key,
        name: format!("photo-{key}.jpg"),
        preview: (key < 3).then(|| AttrValue::from("/assets/mark.svg")),
        state,
        alt: alt.to_owned(),
        caption: String::new(),
    };
    let items = Rc::new(vec![
        tile(1, TrayState::Ready, "Evening glow"),
        tile(2, TrayState::Ready, ""),
        tile(3, TrayState::Sending(0.4), ""),
        tile(
            4,
            TrayState::Failed {
                why: "The file could not be sent. Try it again.".into(),
                again: true,
            },
            "",
        ),
        tile(
            5,
            TrayState::Failed {
                why: "This file is larger than 100 MB. Choose a smaller one.".into(),
                again: false,
            },
            "",
        ),
    ]);
    let suggest = Callback::from(
        |(_, answer): (String, Callback<Vec<hearth_api::people::PersonCard>>)| answer.emit(made::people()),
    );
    group(
        "Writing",
        html! {
            <div class="l-stack">
                <AudiencePicker audience={Audience::Friends} on_change={Callback::noop()} preview={made::preview().map(Rc::new)} />
                <ComposerText value={Written::default()} on_change={Callback::noop()} {suggest} label="What is on your mind?" placeholder={Some(AttrValue::from("Write, @ names somebody"))} max={Some(200)} />
                <MentionList id="gallery-mentions" people={made::people()} active={1} on_choose={Callback::noop()} />
                <MediaTray items={Rc::clone(&items)} on_event={Callback::noop()} />
                <MediaTray {items} on_event={Callback::noop()} compact={true} />
                <DraftList drafts={Rc::new(made::drafts())} on_open={Callback::noop()} on_delete={Callback::noop()} />
                <div class="l-cluster">
                    { for [Variant::Filled, Variant::Soft].into_iter().map(|variant| html! {
                        <SplitButton {variant} on_click={Callback::noop()} menu_label="Other ways to end" items={vec![
                            MenuItem::action("Keep as a draft", IconName::Save, Callback::noop()),
                            MenuItem::danger("Discard", IconName::Trash2, Callback::noop()),
                        ]}>{ "Share" }</SplitButton>
                    }) }
                </div>
            </div>
        },
    )
}

fn people() -> Html {
    let all = made::people();
    let relations = [
        Relation::None,
        Relation::Requested,
        Relation::Asked,
        Relation::Friends,
    ];
    group(
        "People",
        html! {
            <div class="l-stack">
                { for all.iter().take(1).map(|p| html! { <ProfileHeader person={p.clone()} relation={Relation::Me} bio={Some(AttrValue::from("Builds benches."))} on_rename={Some(Callback::noop())} /> }) }
                { for all.iter().skip(2).take(1).map(|p| html! { <ProfileHeader person={p.clone()} relation={Relation::Friends} mutual={all.clone()} /> }) }
                <div class="l-cluster">
                    { for relations.into_iter().map(|relation| html! { <RelationButton name="Eva Neumann" {relation} on_action={Callback::noop()} /> }) }
                </div>
                { for made::request().into_iter().map(|request| html! { <><RequestRow request={request.clone()} incoming={true} on_answer={Callback::noop()} /><RequestRow {request} incoming={false} on_answer={Callback::noop()} /></> }) }
                { for made::field().into_iter().map(|value| html! { <Card><FieldVisibility {value} on_value={Some(Callback::noop())} on_audience={Some(Callback::noop())} /></Card> }) }
                <Card pad={CardPad::None}>
                    { for made::notifications().into_iter().map(|notification| html! { <NotificationRow {notification} on_open={Callback::noop()} on_read={Callback::noop()} /> }) }
                </Card>
                <AvatarStack people={all} />
            </div>
        },
    )
}

fn homes() -> Html {
    let levels = [
        (HealthLevel::Ok, "All good"),
        (HealthLevel::Waiting, "12 things wait for Mill House"),
        (HealthLevel::Trouble, "The last backup failed"),
    ];
    group(
        "Homes",
        html! {
            <div class="l-stack">
                { for levels.into_iter().map(|(level, sentence)| html! { <HealthVerdict {level} {sentence} text={Some(AttrValue::from("What it means."))} /> }) }
                { for made::homes().into_iter().map(|home| html! { <HomeCard {home} admin={true} on_act={Callback::noop()} /> }) }
                <QrCode svg={made::QR} label="A code to look at" />
                { for made::invite().into_iter().map(|invite| html! { <InviteCard {invite} file_name="hill-house" on_cancel={Callback::noop()} /> }) }
                <Card pad={CardPad::None}>
                    <JobRow label="Sending “photo-1.jpg”" began={Some(when::now().plus_secs(-70))} share={Some(0.6)} on_stop={Callback::noop()} />
                    <JobRow label="Writing the backup" on_stop={Callback::noop()} stopping={true} />
                </Card>
                <div class="h-gallery__scene"><Scene /></div>
            </div>
        },
    )
}

fn lists() -> Html {
    let keys: Rc<Vec<Rc<str>>> = Rc::new(["one", "two", "three"].map(Rc::from).to_vec());
    let row = Callback::from(
        |(index, key): (usize, Rc<str>)| html! { <p>{ format!("Row {}: {key}", index + 1) }</p> },
    );
    group(
        "VirtualList, pills, Toolbar, FieldGroup",
        html! {
            <div class="l-stack">
                <div data-scroller="" class="h-gallery__list"><VirtualList {keys} {row} label="Three rows" estimate={24.0} /></div>
                <NewItemsPill count={4} label="4 new posts" on_click={Callback::noop()} />
                <JumpPill shown={true} count={2} on_click={Callback::noop()} />
                <Toolbar label="Tools">
                    <IconButton icon={IconName::Bold} label="Bold" />
                    <IconButton icon={IconName::Italic} label="Italic" />
                </Toolbar>
                <FieldGroup legend="Belongs together">
                    <TextField label="Street" value="" on_input={Callback::noop()} />
                    <TextField label="Town" value="" on_input={Callback::noop()} />
                </FieldGroup>
                <ListRow title={html! { "A link" }} text={html! { <Link to={Route::Feed}>{ "To the feed" }</Link> }} />
            </div>
        },
    )
}

/// What belongs to conversations with a model.
#[component]
fn Assistant() -> Html {
    let scroller = use_node_ref();
    let messages: Rc<Vec<Rc<_>>> = Rc::new(made::messages().into_iter().map(Rc::new).collect());
    let providers = Rc::new(made::providers());
    let shown = Shown {
        times: true,
        tokens: true,
        speed: true,
    };
    let models = providers.first().map(|p| p.models.clone()).unwrap_or_default();
    let described = models.first().cloned();
    let info = messages.iter().find_map(|m| m.info.clone());
    group(
        "Assistant: thread, composer, models",
        html! {
            <div class="l-stack" ref={scroller.clone()}>
                <ChatThread {messages} writing={true} {shown} on_act={Callback::noop()} {scroller} />
                <ChatComposer value="Which walk?" on_input={Callback::noop()} on_send={Callback::noop()} on_stop={Callback::noop()} />
                <ChatComposer value="" on_input={Callback::noop()} on_send={Callback::noop()} on_stop={Callback::noop()} writing={true} />
                <ModelPicker {providers} on_choose={Callback::noop()} />
                <Card><ProviderForm draft={ProviderDraft::New(ProviderKind::Ollama)} admin={true} on_save={Callback::noop()} on_close={Callback::noop()} /></Card>
                <Card pad={CardPad::None}>
                    { for models.into_iter().map(|model| html! { <ModelRow {model} provider="Ollama" locality={Locality::Local} mine={true} admin={true} on_default={Callback::noop()} /> }) }
                </Card>
                if let Some(model) = described {
                    <Card><ModelForm {model} on_save={Callback::noop()} on_close={Callback::noop()} /></Card>
                }
                <Card><ParametersForm parameters={Parameters::default()} on_save={Callback::noop()} on_close={Callback::noop()} /></Card>
                if let Some(info) = info { <Card><AnswerDetails {info} /></Card> }
            </div>
        },
    )
}
