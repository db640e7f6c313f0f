//! Pictures of people, groups, assistants and homes; letters on a colour of their own where there is no picture.

use crate::backend;
use crate::components::icon::{Icon, IconName, IconSize};
use crate::components::link::Link;
use crate::routes::Route;
use crate::t;
use hearth_api::MediaHash;
use hearth_api::media::Variant;
use hearth_api::people::PersonCard;
use yew::prelude::*;

choices! {
    /// What is shown; told by the shape.
    AvatarKind {
        /// A person: a circle.
        #[default]
        Person => "person",
        /// A group or event: a rounded square.
        Group => "group",
        /// An assistant: a squircle with a dusk ring.
        Persona => "persona",
        /// A home.
        Home => "home",
    }
}

choices! {
    /// How large.
    AvatarSize {
        /// 24 px.
        Xs => "xs",
        /// 32 px.
        S => "s",
        /// 40 px.
        #[default]
        M => "m",
        /// 56 px.
        L => "l",
        /// 96 px.
        Xl => "xl",
    }
}

/// Properties of [`Avatar`].
#[derive(Properties, PartialEq)]
pub struct AvatarProps {
    /// The name; gives the letters, and the name for screen readers unless decorative.
    pub name: AttrValue,
    /// What is shown.
    #[prop_or_default]
    pub kind: AvatarKind,
    /// How large.
    #[prop_or_default]
    pub size: AvatarSize,
    /// The picture.
    #[prop_or_default]
    pub picture: Option<MediaHash>,
    /// A picture by address, before it is uploaded.
    #[prop_or_default]
    pub src: Option<AttrValue>,
    /// Whether the name stands beside it, so that it need not be said again.
    #[prop_or(true)]
    pub decorative: bool,
}

/// The picture of a person, group, assistant or home.
#[component]
pub fn Avatar(props: &AvatarProps) -> Html {
    let broken = use_state_eq(|| false);
    {
        let broken = broken.setter();
        use_effect_with((props.picture.clone(), props.src.clone()), move |_| {
            broken.set(false)
        });
    }
    let variant = match props.size {
        AvatarSize::Xs | AvatarSize::S | AvatarSize::M | AvatarSize::L => Variant::Small,
        AvatarSize::Xl => Variant::Medium,
    };
    let src = props.src.clone().or_else(|| {
        props
            .picture
            .as_ref()
            .map(|hash| backend::media_url(hash, variant).into())
    });
    let onerror = {
        let broken = broken.setter();
        Callback::from(move |_: Event| broken.set(true))
    };
    let label = (!props.decorative).then(|| props.name.clone());
    html! {
        <span
            class="h-avatar"
            data-kind={props.kind.as_str()}
            data-size={props.size.as_str()}
            data-hue={hue(&props.name).to_string()}
            role={label.as_ref().map(|_| "img")}
            aria-label={label}
            aria-hidden={props.decorative.then_some("true")}
        >
            if let Some(src) = src.filter(|_| !*broken) {
                <img {src} alt="" loading="lazy" decoding="async" {onerror} />
            } else if props.kind == AvatarKind::Persona {
                <Icon name={IconName::Sparkles} size={IconSize::S} />
            } else if props.kind == AvatarKind::Home {
                <Icon name={IconName::House} size={IconSize::S} />
            } else {
                <span>{ initials(&props.name) }</span>
            }
        </span>
    }
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let first = |word: &str| word.chars().find(|c| c.is_alphanumeric());
    let mut words = name.split_whitespace().filter_map(first);
    let start = words.next();
    let end = words.next_back();
    [start, end]
        .into_iter()
        .flatten()
        .flat_map(char::to_uppercase)
        .collect()
}

/// One of six colours, the same for a name everywhere.
fn hue(name: &str) -> u32 {
    name.bytes().fold(7_u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u32::from(byte))
    }) % 6
}

/// Properties of [`PersonAvatar`].
#[derive(Properties, PartialEq)]
pub struct PersonAvatarProps {
    /// Who.
    pub person: PersonCard,
    /// How large.
    #[prop_or_default]
    pub size: AvatarSize,
    /// Whether it leads to the profile (the name beside it then does as well, so this one is skipped by Tab).
    #[prop_or_default]
    pub link: bool,
    /// Whether the name stands beside it.
    #[prop_or(true)]
    pub decorative: bool,
}

/// The picture of a person, perhaps leading to the profile.
#[component]
pub fn PersonAvatar(props: &PersonAvatarProps) -> Html {
    let person = &props.person;
    let avatar = html! {
        <Avatar
            name={person.name.clone()}
            picture={person.picture.clone()}
            size={props.size}
            decorative={props.decorative || props.link}
        />
    };
    if props.link {
        html! {
            <Link to={Route::Profile { person: person.id }} class="h-avatar-link" label={person.name.clone()}>
                { avatar }
            </Link>
        }
    } else {
        avatar
    }
}

/// Properties of [`PersonName`].
#[derive(Properties, PartialEq)]
pub struct PersonNameProps {
    /// Who.
    pub person: PersonCard,
    /// Whether it leads to the profile.
    #[prop_or(true)]
    pub link: bool,
    /// Whether a person of another home carries its name.
    #[prop_or_default]
    pub home: bool,
}

/// A person's name, isolated from the direction of the words around it.
#[component]
pub fn PersonName(props: &PersonNameProps) -> Html {
    let person = &props.person;
    let name = html! { <bdi>{ person.name.clone() }</bdi> };
    html! {
        <span class="h-person-name">
            if props.link {
                <Link to={Route::Profile { person: person.id }} class="h-person-name__link">{ name }</Link>
            } else {
                <span class="h-person-name__link">{ name }</span>
            }
            if props.home && !person.home.own {
                <span class="h-person-name__home"><bdi>{ person.home.name.clone() }</bdi></span>
            }
        </span>
    }
}

/// Properties of [`AvatarStack`].
#[derive(Properties, PartialEq)]
pub struct AvatarStackProps {
    /// Who; the first are drawn.
    pub people: Vec<PersonCard>,
    /// How many are drawn.
    #[prop_or(3)]
    pub max: usize,
    /// How large.
    #[prop_or(AvatarSize::S)]
    pub size: AvatarSize,
}

/// Several people, overlapping.
#[component]
pub fn AvatarStack(props: &AvatarStackProps) -> Html {
    let more = props.people.len().saturating_sub(props.max);
    let names: Vec<&str> = props
        .people
        .iter()
        .take(props.max)
        .map(|p| p.name.as_str())
        .collect();
    let label = if more > 0 {
        t!("people-and-more", "names" => names.join(", "), "count" => more)
    } else {
        names.join(", ").into()
    };
    html! {
        <span class="h-avatar-stack" role="img" aria-label={label}>
            { for props.people.iter().take(props.max).map(|person| html! {
                <Avatar key={person.id.to_string()} name={person.name.clone()} picture={person.picture.clone()} size={props.size} />
            }) }
            if more > 0 {
                <span class="h-avatar" data-size={props.size.as_str()} data-kind="more" aria-hidden="true">{ format!("+{more}") }</span>
            }
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_those_of_the_first_and_last_word() {
        assert_eq!(initials("Anna Katharina Berg"), "AB");
        assert_eq!(initials("öma"), "Ö");
        assert_eq!(initials("  "), "");
        assert_eq!(initials("(Opa) 🙂"), "O");
    }
}
