//! Friends, requests, and people to get to know.

mod friendship;
mod requests;

pub(crate) use friendship::use_friendship;

use crate::components::RelationButton;
use crate::prelude::*;
use crate::screens::feed::use_hidden;
use hearth_api::homes::{HomeState, ListHomes};
use hearth_api::people::{ListFriends, ListRequests, PersonRow, Relation, SearchPeople};
use requests::RequestsList;

/// How many people the node names at once.
const MOST: u8 = 50;

/// Properties of [`FriendsPage`].
#[derive(Properties, PartialEq)]
pub struct FriendsPageProps {
    /// Whether the requests are shown.
    #[prop_or_default]
    pub requests: bool,
}

/// Friends and requests.
#[component]
pub fn FriendsPage(props: &FriendsPageProps) -> Html {
    let requests = use_query(ListRequests {}, vec![Topic::Friends]);
    let waiting = requests
        .data
        .as_ref()
        .map_or(0, |r| u32::try_from(r.incoming.len()).unwrap_or(u32::MAX));
    let tabs = vec![
        Tab::new(t!("nav-friends"), Route::Friends),
        Tab::new(t!("requests"), Route::Requests).with_count(waiting),
    ];
    let current = if props.requests {
        Route::Requests
    } else {
        Route::Friends
    };
    let header = html! { <Tabs label={t!("nav-friends")} {tabs} {current} /> };
    html! {
        <Page title={if props.requests { t!("nav-requests") } else { t!("nav-friends") }} {header} test_id="friends">
            <div class="h-friends">
                if props.requests {
                    <RequestsList {requests} />
                } else {
                    <People />
                }
            </div>
        </Page>
    }
}

/// Whether a name or home contains what was typed, whatever its case.
fn fits(row: &PersonRow, typed: &str) -> bool {
    let typed = typed.trim().to_lowercase();
    typed.is_empty()
        || row.person.name.to_lowercase().contains(&typed)
        || row.person.home.name.to_lowercase().contains(&typed)
}

/// Friends, and whom one can get to know.
#[component]
fn People() -> Html {
    let typed = use_state_eq(String::new);
    let friends = use_query(ListFriends::default(), vec![Topic::Friends]);
    let others = use_query(
        SearchPeople {
            query: String::new(),
            limit: MOST,
        },
        vec![Topic::Friends],
    );
    // The home names so many at once; among more it has to look itself.
    let many = others
        .data
        .as_ref()
        .is_some_and(|all| all.len() >= usize::from(MOST));
    let asked = (many && !typed.trim().is_empty()).then(|| SearchPeople {
        query: typed.trim().to_owned(),
        limit: MOST,
    });
    let found = use_query_if(asked, vec![Topic::Friends]);
    let homes = use_query(ListHomes::default(), vec![Topic::Homes]);
    let is_connected = homes
        .data
        .as_ref()
        .is_some_and(|all| all.iter().any(|home| home.state == HomeState::Connected));
    let hidden = use_hidden();
    let refresh = {
        let (friends, others) = (friends.refetch.clone(), others.refetch.clone());
        Callback::from(move |()| {
            friends.emit(());
            others.emit(());
        })
    };
    let friendship = use_friendship(refresh);
    let on_input = {
        let typed = typed.setter();
        Callback::from(move |text| typed.set(text))
    };
    let row = |row: &PersonRow| -> Html {
        let (act, person) = (friendship.act.clone(), row.person.clone());
        let on_action = Callback::from(move |action| act.emit((person.clone(), action)));
        let pending = friendship.pending == Some(row.person.id);
        html! {
            <li key={row.person.id.to_string()}>
                <ListRow
                    title={html! { <bdi>{ row.person.name.clone() }</bdi> }}
                    text={html! { <bdi>{ row.person.home.name.clone() }</bdi> }}
                    start={html! { <PersonAvatar person={row.person.clone()} /> }}
                    end={html! { <RelationButton name={row.person.name.clone()} relation={row.relation} size={Size::S} {pending} {on_action} /> }}
                    to={Some(Route::Profile { person: row.person.id })}
                    test_id="person"
                />
            </li>
        }
    };
    let strangers: Vec<PersonRow> = {
        let base = others
            .data
            .as_ref()
            .map(|all| (**all).clone())
            .unwrap_or_default();
        let more = found.data.as_ref().map(|all| (**all).clone()).unwrap_or_default();
        let mut all = base;
        all.extend(
            more.into_iter()
                .filter(|m| !all.iter().any(|k| k.person.id == m.person.id))
                .collect::<Vec<_>>(),
        );
        all.into_iter()
            .map(|r| {
                if hidden.contains(&r.person.id.0) {
                    PersonRow {
                        relation: Relation::None,
                        ..r
                    }
                } else {
                    r
                }
            })
            .filter(|r| !matches!(r.relation, Relation::Me | Relation::Friends) && fits(r, &typed))
            .collect()
    };
    friends.view(html! { <><SkeletonRow /><SkeletonRow /><SkeletonRow /><SkeletonRow /></> }, |all| {
        let shown: Vec<&PersonRow> =
            all.iter().filter(|r| !hidden.contains(&r.person.id.0) && fits(r, &typed)).collect();
        if all.is_empty() && strangers.is_empty() && typed.is_empty() && others.data.is_some() {
            return if is_connected {
                html! {
                    <div class="l-stack u-gap-24">
                        <EmptyState icon={IconName::Users} title={t!("friends-empty-title")} text={t!("friends-nobody-hint")} test_id="friends-empty" />
                        <Card><FindableSwitch /></Card>
                    </div>
                }
            } else {
                html! {
                <EmptyState icon={IconName::Users} title={t!("friends-empty-title")} text={t!("friends-empty-text")} test_id="friends-empty">
                    <ButtonLink to={Route::Pair} variant={Variant::Filled} start={IconName::Handshake}>{ t!("command-pair") }</ButtonLink>
                </EmptyState>
                }
            };
        }
        html! {
            <div class="l-stack u-gap-24">
                <TextField
                    label={t!("friends-find")}
                    placeholder={t!("friends-find")}
                    quiet_label={true}
                    kind="search"
                    start={Some(IconName::Search)}
                    value={(*typed).clone()}
                    {on_input}
                    test_id="friends-find"
                />
                if !shown.is_empty() {
                    <Section title={t!("friends-yours", "count" => shown.len())}>
                        <ul class="h-people">{ for shown.into_iter().map(&row) }</ul>
                    </Section>
                } else if all.is_empty() {
                    <p class="u-text-2">{ t!("friends-none-yet") }</p>
                }
                if !strangers.is_empty() {
                    <Section title={t!("friends-others")} hint={Some(t!("friends-others-hint"))}>
                        <ul class="h-people">{ for strangers.iter().map(&row) }</ul>
                    </Section>
                }
                if !typed.trim().is_empty() && strangers.is_empty() && !all.iter().any(|r| fits(r, &typed)) && !found.busy {
                    <div class="h-people__none" role="status">
                        <p>{ t!("friends-nobody", "query" => typed.trim()) }</p>
                        <p class="u-sm u-text-3">{ t!("friends-nobody-hint") }</p>
                    </div>
                }
                if is_connected { <Card><FindableSwitch /></Card> }
                { friendship.over.clone() }
            </div>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_api::PersonId;
    use hearth_api::people::{HomeRef, PersonCard};

    #[test]
    fn people_are_found_by_name_and_by_home() {
        let row = PersonRow {
            person: PersonCard {
                id: PersonId::from_bytes([1; 16]),
                name: "Jürgen Ö".into(),
                home: HomeRef {
                    id: "a".repeat(52).parse().unwrap(),
                    name: "Lake House".into(),
                    own: false,
                },
                picture: None,
            },
            relation: Relation::None,
            since: None,
        };
        for typed in ["", " ", "jür", "ö", "LAKE"] {
            assert!(fits(&row, typed), "{typed:?}");
        }
        assert!(!fits(&row, "anna"));
    }
}
