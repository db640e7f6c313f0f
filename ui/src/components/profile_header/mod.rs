//! The top of a profile: picture, name, home, and how one stands to the person.

use crate::components::Size;
use crate::components::avatar::{Avatar, AvatarSize, AvatarStack};
use crate::components::button::{IconButton, Variant};
use crate::components::field::FilePick;
use crate::components::icon::{Icon, IconName, IconSize};
use crate::components::menu::{Menu, MenuItem};
use crate::t;
use hearth_api::people::{PersonCard, Relation};
use web_sys::File;
use yew::prelude::*;

/// Properties of [`ProfileHeader`].
#[derive(Properties, PartialEq)]
pub struct ProfileHeaderProps {
    /// Who.
    pub person: PersonCard,
    /// How the viewer stands to them.
    pub relation: Relation,
    /// Friends in common.
    #[prop_or_default]
    pub mutual: Vec<PersonCard>,
    /// A few words about them.
    #[prop_or_default]
    pub bio: Option<AttrValue>,
    /// What can be done: the relation button.
    #[prop_or_default]
    pub actions: Html,
    /// Looks at the picture, when it may be seen.
    #[prop_or_default]
    pub on_picture: Option<Callback<MouseEvent>>,
    /// Hears a new picture of one's own.
    #[prop_or_default]
    pub on_pick: Option<Callback<File>>,
    /// Takes the own picture away.
    #[prop_or_default]
    pub on_remove_picture: Option<Callback<()>>,
    /// Changes the own name.
    #[prop_or_default]
    pub on_rename: Option<Callback<MouseEvent>>,
    /// Whether a new picture is on its way.
    #[prop_or_default]
    pub sending: bool,
}

/// One of six colours, the same for a person everywhere.
fn hue(person: &PersonCard) -> u32 {
    person.id.as_bytes().iter().map(|b| u32::from(*b)).sum::<u32>() % 6
}

/// The top of a profile.
#[component]
pub fn ProfileHeader(props: &ProfileHeaderProps) -> Html {
    let person = &props.person;
    let avatar = html! { <Avatar name={person.name.clone()} picture={person.picture.clone()} size={AvatarSize::Xl} /> };
    let picked = props.on_pick.clone().map(|on_pick| {
        Callback::from(move |files: Vec<File>| {
            if let Some(file) = files.into_iter().next() {
                on_pick.emit(file);
            }
        })
    });
    html! {
        <header class="h-profile" data-hue={hue(person).to_string()}>
            <div class="h-profile__cover" aria-hidden="true" />
            <div class="h-profile__row">
                <div class="h-profile__picture" data-sending={props.sending.then_some("true")}>
                    if let Some(onclick) = props.on_picture.clone() {
                        <button type="button" class="h-profile__look" aria-label={t!("profile-picture-open", "name" => &person.name)} {onclick}>{ avatar }</button>
                    } else {
                        { avatar }
                    }
                    if let Some(on_files) = picked {
                        <span class="h-profile__change">
                            <FilePick label={t!("profile-picture-change")} {on_files} accept="image/*" icon={IconName::Camera} icon_only={true} size={Size::S} variant={Variant::Soft} test_id="picture-file" />
                        </span>
                    }
                </div>
                <div class="h-profile__words">
                    <p class="h-profile__name">
                        <bdi>{ person.name.clone() }</bdi>
                        if let Some(on_click) = props.on_rename.clone() {
                            <IconButton icon={IconName::Pencil} label={t!("profile-rename")} size={Size::S} variant={Variant::Quiet} {on_click} test_id="rename" />
                        }
                    </p>
                    <p class="h-profile__home">
                        <Icon name={IconName::House} size={IconSize::S} />
                        <bdi>{ person.home.name.clone() }</bdi>
                        if person.home.own && props.relation != Relation::Me { <span class="u-text-3">{ t!("profile-your-home") }</span> }
                    </p>
                </div>
                <div class="h-profile__do">
                    { props.actions.clone() }
                    if let Some(run) = props.on_remove_picture.clone().filter(|_| person.picture.is_some()) {
                        <Menu label={t!("profile-menu")} items={vec![MenuItem::action(t!("profile-picture-remove"), IconName::Trash2, run)]} size={Size::M} />
                    }
                </div>
            </div>
            if let Some(bio) = &props.bio {
                <p class="h-profile__bio" dir="auto">{ bio.clone() }</p>
            }
            if !props.mutual.is_empty() {
                <p class="h-profile__mutual">
                    <AvatarStack people={props.mutual.clone()} size={AvatarSize::Xs} />
                    <span>{ mutual_words(&props.mutual) }</span>
                </p>
            }
        </header>
    }
}

/// "Friends with Anna and 3 more".
fn mutual_words(mutual: &[PersonCard]) -> AttrValue {
    let names: Vec<&str> = mutual.iter().take(2).map(|p| p.name.as_str()).collect();
    let more = mutual.len().saturating_sub(names.len());
    let names = if more > 0 {
        t!("people-and-more", "names" => names.join(", "), "count" => more)
    } else {
        names.join(", ").into()
    };
    t!("profile-mutual", "names" => names)
}
