//! A person: who they are, what they shared, how one stands to them. One's own is edited in place.

mod about;
mod picture;

use crate::components::{PhotoMosaic, ProfileHeader, RelationButton};
use crate::prelude::*;
use crate::screens::feed::{Ending, FeedList, use_feed, use_hidden};
use crate::screens::friends::use_friendship;
use crate::screens::viewer::ItemsViewer;
use about::About;
use hearth_api::feed::Feed;
use hearth_api::media::{MediaItem, MediaKind};
use hearth_api::people::{PersonCard, Relation};
use hearth_api::profile::{GetProfile, Profile, ProfileField, UpdateProfile};
use hearth_api::{MediaHash, PersonId};
use picture::use_picture;

/// Longest display name, in characters.
const MAX_NAME: usize = 80;

/// A part of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProfilePart {
    /// What they shared.
    #[default]
    Posts,
    /// What they say of themselves.
    About,
    /// Whom they know.
    Friends,
}

/// Properties of [`ProfilePage`].
#[derive(Properties, PartialEq)]
pub struct ProfilePageProps {
    /// Whose.
    pub person: PersonId,
    /// Which part is shown.
    #[prop_or_default]
    pub part: ProfilePart,
}

/// A person.
#[component]
pub fn ProfilePage(props: &ProfilePageProps) -> Html {
    let person = props.person;
    let profile = use_query(
        GetProfile { person },
        vec![Topic::Profile(person), Topic::Friends],
    );
    let title = profile
        .data
        .as_ref()
        .map_or_else(|| t!("profile"), |p| p.person.name.clone().into());
    let title = if profile.data.as_ref().is_some_and(|p| p.relation == Relation::Me) {
        t!("profile-yours")
    } else {
        title
    };
    let skeleton = html! {
        <div class="l-stack">
            <SkeletonBox height="120px" />
            <SkeletonRow />
            <SkeletonBox width="60%" />
            <SkeletonCard />
        </div>
    };
    let keep_scroll = props.part != ProfilePart::Posts;
    html! {
        <Page {title} back={Route::Friends} {keep_scroll} test_id="profile">
            { profile.view(skeleton, |data| html! {
                <ProfileView key={person.to_string()} profile={Rc::clone(data)} part={props.part} query={Shared(profile.clone())} />
            }) }
        </Page>
    }
}

/// A query passed on; what it holds is compared beside it.
#[derive(Clone)]
struct Shared(Query<Profile>);

impl PartialEq for Shared {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[derive(Properties, PartialEq)]
struct ProfileViewProps {
    profile: Rc<Profile>,
    part: ProfilePart,
    query: Shared,
}

#[component]
fn ProfileView(props: &ProfileViewProps) -> Html {
    let profile = &props.profile;
    let query = &props.query.0;
    let person = &profile.person;
    let mine = profile.relation == Relation::Me;
    let renaming = use_state_eq(|| false);
    let looking = use_state_eq(|| None::<(Rc<[MediaItem]>, usize)>);
    let friendship = use_friendship(query.refetch.clone());
    let picture = use_picture(query.set.clone());
    let ending = use_hidden().contains(&person.id.0);

    // A friendship that is about to end is over here already.
    let relation = if ending && profile.relation == Relation::Friends {
        Relation::None
    } else {
        profile.relation
    };
    let actions = if profile.kept {
        html! { <span class="u-sm u-text-3" data-tip={t!("post-kept-hint")} data-test="profile-kept">{ t!("post-kept") }</span> }
    } else {
        let (act, who) = (friendship.act.clone(), person.clone());
        let on_action = Callback::from(move |action| act.emit((who.clone(), action)));
        let pending = friendship.pending == Some(person.id);
        html! { <RelationButton name={person.name.clone()} {relation} {pending} primary={true} {on_action} /> }
    };
    let bio = profile
        .fields
        .iter()
        .find(|f| f.field == ProfileField::Bio && !f.value.is_empty());
    let bio = bio
        .filter(|_| props.part == ProfilePart::Posts)
        .map(|f| AttrValue::from(f.value.clone()));
    let on_picture = profile
        .picture_original
        .clone()
        .filter(|_| person.picture.is_some())
        .map(|hash| {
            let looking = looking.setter();
            Callback::from(move |_: MouseEvent| {
                looking.set(Some((Rc::from([item_of(hash.clone())].as_slice()), 0)))
            })
        });
    let tabs = {
        let id = person.id;
        let mut tabs = vec![
            Tab::new(t!("profile-posts"), Route::Profile { person: id }),
            Tab::new(t!("profile-about"), Route::ProfileAbout { person: id }),
        ];
        if profile.friends.is_some() || props.part == ProfilePart::Friends {
            tabs.push(Tab::new(
                t!("profile-friends"),
                Route::ProfileFriends { person: id },
            ));
        }
        tabs
    };
    let current = match props.part {
        ProfilePart::Posts => Route::Profile { person: person.id },
        ProfilePart::About => Route::ProfileAbout { person: person.id },
        ProfilePart::Friends => Route::ProfileFriends { person: person.id },
    };
    let close = {
        let looking = looking.setter();
        Callback::from(move |()| looking.set(None))
    };
    let body = match props.part {
        ProfilePart::Posts => html! {
            <>
                { pictures(profile, &looking) }
                <Timeline key={person.id.to_string()} person={person.clone()} {mine} {relation} />
            </>
        },
        ProfilePart::About => html! { <About profile={Rc::clone(profile)} set={query.set.clone()} /> },
        ProfilePart::Friends => friends(profile),
    };
    html! {
        <div class="l-stack u-gap-20">
            <ProfileHeader
                person={person.clone()}
                {relation}
                mutual={profile.mutual.clone()}
                {bio}
                {actions}
                {on_picture}
                on_pick={mine.then(|| picture.pick.clone())}
                on_remove_picture={mine.then(|| picture.remove.clone())}
                on_rename={mine.then(|| { let renaming = renaming.setter(); Callback::from(move |_: MouseEvent| renaming.set(true)) })}
                sending={picture.busy}
            />
            if let Some(note) = profile.request_note.as_ref().filter(|n| relation == Relation::Asked && !n.trim().is_empty()) {
                <blockquote class="h-request__note" dir="auto">{ note.clone() }</blockquote>
            }
            <Tabs label={t!("profile-parts")} {tabs} {current} />
            { body }
            if *renaming {
                <Rename name={person.name.clone()} set={query.set.clone()} on_close={{ let renaming = renaming.setter(); Callback::from(move |()| renaming.set(false)) }} />
            }
            if let Some((items, start)) = (*looking).clone() {
                <ItemsViewer {items} {start} author={person.clone()} on_close={close} />
            }
            { picture.over }
            { friendship.over }
        </div>
    }
}

/// A picture of which only the name is known.
fn item_of(hash: MediaHash) -> MediaItem {
    MediaItem {
        name: format!("{}.jpg", hash.as_str().get(..8).unwrap_or_default()),
        hash,
        kind: MediaKind::Image,
        mime: String::new(),
        bytes: 0,
        width: None,
        height: None,
        placeholder: String::new(),
        alt: String::new(),
        caption: String::new(),
    }
}

/// The pictures looked at, and which of them.
type Looking = (Rc<[MediaItem]>, usize);

/// The newest pictures, as a strip.
fn pictures(profile: &Profile, looking: &UseStateHandle<Option<Looking>>) -> Html {
    if profile.pictures.is_empty() {
        return Html::default();
    }
    let items: Rc<[MediaItem]> = profile.pictures.iter().cloned().map(item_of).collect();
    html! {
        <ul class="h-profile-photos" aria-label={t!("profile-photos")}>
            { for items.iter().enumerate().map(|(index, item)| {
                let (looking, all) = (looking.setter(), Rc::clone(&items));
                let on_open = Callback::from(move |_: usize| looking.set(Some((Rc::clone(&all), index))));
                html! {
                    <li key={item.hash.to_string()}>
                        <PhotoMosaic media={Rc::<[MediaItem]>::from([item.clone()].as_slice())} by={profile.person.name.clone()} {on_open} compact={true} />
                    </li>
                }
            }) }
        </ul>
    }
}

/// Whom a person knows.
fn friends(profile: &Profile) -> Html {
    let Some(friends) = &profile.friends else {
        return html! { <EmptyState icon={IconName::EyeOff} title={t!("profile-friends-hidden")} /> };
    };
    if friends.is_empty() {
        return html! { <EmptyState icon={IconName::Users} title={t!("profile-friends-none")} /> };
    }
    html! {
        <ul class="h-people">
            { for friends.iter().map(|friend: &PersonCard| html! {
                <li key={friend.id.to_string()}>
                    <ListRow
                        title={html! { <bdi>{ friend.name.clone() }</bdi> }}
                        text={html! { <bdi>{ friend.home.name.clone() }</bdi> }}
                        start={html! { <PersonAvatar person={friend.clone()} /> }}
                        end={if profile.mutual.iter().any(|m| m.id == friend.id) { html! { <Badge>{ t!("profile-mutual-badge") }</Badge> } } else { Html::default() }}
                        to={Some(Route::Profile { person: friend.id })}
                    />
                </li>
            }) }
        </ul>
    }
}

#[derive(Properties, PartialEq)]
struct TimelineProps {
    person: PersonCard,
    mine: bool,
    relation: Relation,
}

/// What a person shared. Keyed by the person.
#[component]
fn Timeline(props: &TimelineProps) -> Html {
    let feed = use_feed(Feed::Person(props.person.id));
    {
        // Other posts may be visible now.
        let reload = feed.reload.clone();
        let first = use_mut_ref(|| true);
        use_effect_with(props.relation, move |_| {
            if !first.replace(false) {
                reload.emit(());
            }
        });
    }
    {
        // A timeline is looked at from its top; what is new is simply there.
        let show = feed.show_fresh.clone();
        use_effect_with(feed.state.fresh.len(), move |count| {
            if *count > 0 {
                show.emit(());
            }
        });
    }
    let empty = if props.mine {
        html! {
            <EmptyState icon={IconName::Pencil} title={t!("profile-posts-none-mine")} text={t!("profile-posts-none-mine-text")}>
                <ButtonLink to={Route::Compose} variant={Variant::Filled} start={IconName::Pencil}>{ t!("command-new-post") }</ButtonLink>
            </EmptyState>
        }
    } else if props.relation == Relation::Friends {
        html! { <EmptyState icon={IconName::Coffee} title={t!("profile-posts-none", "name" => &props.person.name)} /> }
    } else {
        html! { <EmptyState icon={IconName::Lock} title={t!("profile-posts-hidden")} text={t!("profile-posts-hidden-text", "name" => &props.person.name)} /> }
    };
    html! {
        <FeedList
            {feed}
            label={t!("profile-posts-of", "name" => &props.person.name)}
            memory={format!("profile-{}", props.person.id)}
            ending={Ending::Nothing}
            {empty}
        />
    }
}

#[derive(Properties)]
struct RenameProps {
    name: AttrValue,
    set: Callback<Rc<Profile>>,
    on_close: Callback<()>,
}

impl PartialEq for RenameProps {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// Changes the own name.
#[component]
fn Rename(props: &RenameProps) -> Html {
    let name = use_state_eq(|| props.name.to_string());
    let tried = use_state_eq(|| false);
    let save = use_mutation::<UpdateProfile>();
    let length = name.trim().chars().count();
    let wrong = (length == 0).then(|| t!("profile-name-empty"));
    let wrong = wrong.or_else(|| (length > MAX_NAME).then(|| t!("text-over", "max" => MAX_NAME)));
    let onsubmit = {
        let (name, save, tried, bad) = (name.clone(), save.clone(), tried.setter(), wrong.is_some());
        let (set, on_close) = (props.set.clone(), props.on_close.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if bad {
                return;
            }
            let (set, on_close) = (set.clone(), on_close.clone());
            let request = UpdateProfile {
                name: Some(name.trim().to_owned()),
                ..UpdateProfile::default()
            };
            save.run(request, move |answer| {
                if let Ok(profile) = answer {
                    set.emit(Rc::new(profile));
                    announce::polite(t!("saved"));
                    on_close.emit(());
                }
            });
        })
    };
    let on_input = {
        let name = name.setter();
        Callback::from(move |text| name.set(text))
    };
    let error = wrong.filter(|_| *tried).or_else(|| save.error().map(error_text));
    html! {
        <Dialog title={t!("profile-rename")} on_close={props.on_close.clone()} size={DialogSize::S} light_dismiss={false} test_id="rename-dialog">
            <form class="l-stack" {onsubmit}>
                <TextField label={t!("profile-name")} hint={t!("profile-name-hint")} value={(*name).clone()} {on_input} {error} max={MAX_NAME} autofocus={true} required={true} autocomplete="name" test_id="name" />
                <div class="h-dialog__buttons">
                    <Button variant={Variant::Quiet} on_click={props.on_close.reform(|_| ())}>{ t!("action-cancel") }</Button>
                    <Button variant={Variant::Filled} kind={ButtonKind::Submit} pending={save.pending()}>{ t!("action-save") }</Button>
                </div>
            </form>
        </Dialog>
    }
}
