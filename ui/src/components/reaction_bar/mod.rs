//! Reactions with the faces of those who gave them, and the choice of one's own.

mod picker;

pub use picker::EmojiPicker;

use crate::components::Size;
use crate::components::avatar::{Avatar, AvatarSize};
use crate::components::button::{IconButton, Variant};
use crate::components::icon::IconName;
use crate::components::popover::Popover;
use crate::t;
use hearth_api::PersonId;
use hearth_api::feed::Reaction;
use hearth_api::people::PersonCard;
use yew::prelude::*;

/// How many faces stand beside an emoji.
const FACES: usize = 3;
/// How many names are said.
const NAMES: usize = 12;

/// Everybody who chose one emoji.
#[derive(Debug, PartialEq)]
struct Group<'a> {
    emoji: &'a str,
    people: Vec<&'a PersonCard>,
}

/// Reactions by emoji, in the order in which each was first given.
fn groups(reactions: &[Reaction]) -> Vec<Group<'_>> {
    let mut all: Vec<Group<'_>> = Vec::new();
    for reaction in reactions {
        match all.iter_mut().find(|g| g.emoji == reaction.emoji) {
            Some(group) => group.people.push(&reaction.person),
            None => all.push(Group {
                emoji: &reaction.emoji,
                people: vec![&reaction.person],
            }),
        }
    }
    all
}

/// The reactions after `me` chose an emoji, or none: to show a choice before it is confirmed.
#[must_use]
pub fn with_mine(reactions: &[Reaction], me: &PersonCard, emoji: Option<&str>) -> Vec<Reaction> {
    let mut all: Vec<Reaction> = reactions
        .iter()
        .filter(|r| r.person.id != me.id)
        .cloned()
        .collect();
    if let Some(emoji) = emoji {
        all.push(Reaction {
            person: me.clone(),
            emoji: emoji.to_owned(),
        });
    }
    all
}

/// Properties of [`ReactionBar`].
#[derive(Properties, PartialEq)]
pub struct ReactionBarProps {
    /// The reactions.
    pub reactions: Vec<Reaction>,
    /// Who looks.
    pub me: PersonId,
    /// Hears the viewer's choice; `None` takes it back.
    pub on_react: Callback<Option<String>>,
    /// Whether it is small, under a comment.
    #[prop_or_default]
    pub compact: bool,
    /// Whether the reactions are only shown: the viewer's own can still be taken back.
    #[prop_or_default]
    pub read_only: bool,
}

/// The reactions to a post or comment.
#[component]
pub fn ReactionBar(props: &ReactionBarProps) -> Html {
    let open = use_state_eq(|| false);
    let mine = props
        .reactions
        .iter()
        .find(|r| r.person.id == props.me)
        .map(|r| r.emoji.clone());
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let close = {
        let open = open.setter();
        Callback::from(move |()| open.set(false))
    };
    let choose = {
        let (on_react, mine, close) = (props.on_react.clone(), mine.clone(), close.clone());
        Callback::from(move |emoji: String| {
            close.emit(());
            on_react.emit((mine.as_ref() != Some(&emoji)).then_some(emoji));
        })
    };
    let trigger = html! {
        <IconButton
            icon={IconName::SmilePlus}
            label={t!("react")}
            size={Size::S}
            variant={Variant::Quiet}
            expanded={*open}
            on_click={toggle}
            test_id="react"
            class={classes!("h-reactions__add")}
        />
    };
    html! {
        <div class="h-reactions" role="group" aria-label={t!("reactions")} data-compact={props.compact.then_some("true")}>
            { for groups(&props.reactions).into_iter().map(|group| chip(&group, props.me, &choose, props.read_only)) }
            if !props.read_only {
                <Popover label={t!("react")} open={*open} on_close={close} {trigger} from_start={true} up={true}>
                    <EmojiPicker chosen={mine} on_choose={choose.clone()} />
                </Popover>
            }
        </div>
    }
}

fn chip(group: &Group<'_>, me: PersonId, choose: &Callback<String>, read_only: bool) -> Html {
    let is_mine = group.people.iter().any(|p| p.id == me);
    let names: Vec<String> = group
        .people
        .iter()
        .take(NAMES)
        .map(|p| {
            if p.id == me {
                t!("you").to_string()
            } else {
                p.name.clone()
            }
        })
        .collect();
    let more = group.people.len().saturating_sub(names.len());
    let names = if more > 0 {
        t!("people-and-more", "names" => names.join(", "), "count" => more)
    } else {
        names.join(", ").into()
    };
    let label = t!("reaction-by", "emoji" => group.emoji, "names" => &names);
    let emoji = group.emoji.to_owned();
    let onclick = {
        let emoji = emoji.clone();
        choose.reform(move |_: MouseEvent| emoji.clone())
    };
    let rest = group.people.len().saturating_sub(FACES);
    html! {
        <button
            key={emoji.clone()}
            type="button"
            class="h-reactions__chip"
            aria-pressed={if is_mine { "true" } else { "false" }}
            aria-label={label}
            data-tip={names}
            disabled={read_only && !is_mine}
            {onclick}
        >
            <span class="h-reactions__emoji" aria-hidden="true">{ emoji }</span>
            <span class="h-reactions__faces" aria-hidden="true">
                { for group.people.iter().take(FACES).map(|p| html! {
                    <Avatar key={p.id.to_string()} name={p.name.clone()} picture={p.picture.clone()} size={AvatarSize::Xs} />
                }) }
            </span>
            if rest > 0 { <span class="h-reactions__more" aria-hidden="true">{ format!("+{rest}") }</span> }
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_api::people::HomeRef;

    fn person(n: u8) -> PersonCard {
        PersonCard {
            id: PersonId::from_bytes([n; 16]),
            name: format!("P{n}"),
            home: HomeRef {
                id: "a".repeat(52).parse().unwrap(),
                name: "Home".into(),
                own: true,
            },
            picture: None,
        }
    }

    #[test]
    fn a_choice_replaces_the_one_before_and_keeps_the_others() {
        let one = with_mine(&[], &person(1), Some("❤️"));
        let two = with_mine(&one, &person(2), Some("❤️"));
        assert_eq!(groups(&two).len(), 1);
        let changed = with_mine(&two, &person(1), Some("🎉"));
        let emoji: Vec<_> = groups(&changed)
            .iter()
            .map(|g| (g.emoji.to_owned(), g.people.len()))
            .collect();
        assert_eq!(emoji, vec![("❤️".to_owned(), 1), ("🎉".to_owned(), 1)]);
        assert_eq!(with_mine(&changed, &person(1), None).len(), 1);
    }
}
