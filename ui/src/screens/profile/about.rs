//! What a person says of themselves; on one's own profile every field is edited in place, with its own audience.

use crate::components::FieldVisibility;
use crate::prelude::*;
use hearth_api::people::Relation;
use hearth_api::profile::{FieldChange, FieldValue, Profile, ProfileField, UpdateProfile};
use std::cell::RefCell;

/// Properties of [`About`].
#[derive(Properties)]
pub(super) struct AboutProps {
    /// The profile.
    pub(super) profile: Rc<Profile>,
    /// Takes over what a change gave.
    pub(super) set: Callback<Rc<Profile>>,
}

impl PartialEq for AboutProps {
    fn eq(&self, other: &Self) -> bool {
        // `set` writes to the same place however often it is made.
        self.profile == other.profile
    }
}

/// The fields in the order shown, on one's own profile every one.
fn ordered(profile: &Profile, mine: bool) -> Vec<FieldValue> {
    ProfileField::ALL
        .into_iter()
        .filter_map(|field| match profile.fields.iter().find(|f| f.field == field) {
            Some(found) => Some(found.clone()),
            None => mine.then(|| FieldValue {
                field,
                value: String::new(),
                audience: Some(field.default_audience()),
            }),
        })
        .filter(|f| {
            mine || (!f.value.is_empty()
                && !matches!(f.field, ProfileField::Picture | ProfileField::FriendList))
        })
        .collect()
}

/// What a person says of themselves.
#[component]
pub(super) fn About(props: &AboutProps) -> Html {
    let profile = &props.profile;
    let mine = profile.relation == Relation::Me;
    let wrong = use_state_eq(|| None::<(ProfileField, AttrValue)>);
    let busy = use_state_eq(|| None::<ProfileField>);
    let latest = use_mut_ref(|| Rc::clone(profile));
    *latest.borrow_mut() = Rc::clone(profile);

    let on_value = {
        let (wrong, busy, set) = (wrong.setter(), busy.setter(), props.set.clone());
        Callback::from(move |(field, value): (ProfileField, String)| {
            wrong.set(None);
            busy.set(Some(field));
            let (wrong, busy, set) = (wrong.clone(), busy.clone(), set.clone());
            let change = FieldChange {
                field,
                value: Some(value),
                audience: None,
            };
            wasm_bindgen_futures::spawn_local(async move {
                match ask(UpdateProfile {
                    fields: vec![change],
                    ..UpdateProfile::default()
                })
                .await
                {
                    Ok(profile) => {
                        set.emit(Rc::new(profile));
                        announce::polite(t!("saved"));
                    }
                    Err(error) => wrong.set(Some((field, error_text(&error)))),
                }
                busy.set(None);
            });
        })
    };
    let on_audience = {
        let (set, latest): (_, Rc<RefCell<Rc<Profile>>>) = (props.set.clone(), Rc::clone(&latest));
        Callback::from(move |(field, audience)| {
            let before = Rc::clone(&latest.borrow());
            let mut after = (*before).clone();
            match after.fields.iter_mut().find(|f| f.field == field) {
                Some(found) => found.audience = Some(audience),
                None => after.fields.push(FieldValue {
                    field,
                    value: String::new(),
                    audience: Some(audience),
                }),
            }
            set.emit(Rc::new(after));
            let (rollback, done) = (set.clone(), set.clone());
            let change = FieldChange {
                field,
                value: None,
                audience: Some(audience),
            };
            optimistic(
                UpdateProfile {
                    fields: vec![change],
                    ..UpdateProfile::default()
                },
                move || rollback.emit(before),
                move |profile| {
                    done.emit(Rc::new(profile));
                    announce::polite(t!("saved"));
                },
            );
        })
    };
    let on_findable = {
        let (set, latest) = (props.set.clone(), Rc::clone(&latest));
        Callback::from(move |on: bool| {
            let before = Rc::clone(&latest.borrow());
            set.emit(Rc::new(Profile {
                findable: Some(on),
                ..(*before).clone()
            }));
            let (rollback, done) = (set.clone(), set.clone());
            optimistic(
                UpdateProfile {
                    findable: Some(on),
                    ..UpdateProfile::default()
                },
                move || rollback.emit(before),
                move |profile| done.emit(Rc::new(profile)),
            );
        })
    };
    let fields = ordered(profile, mine);
    if fields.is_empty() {
        return html! {
            <EmptyState icon={IconName::Info} title={t!("about-none-title", "name" => &profile.person.name)} text={t!("about-none-text")} />
        };
    }
    html! {
        <div class="l-stack u-gap-16">
            if mine { <p class="u-text-2">{ t!("about-own-hint") }</p> }
            <Card>
                { for fields.into_iter().map(|value| {
                    let field = value.field;
                    let error = wrong.as_ref().filter(|(f, _)| *f == field).map(|(_, why)| why.clone());
                    html! {
                        <FieldVisibility
                            key={format!("{field:?}")}
                            {value}
                            on_value={mine.then(|| on_value.clone())}
                            on_audience={mine.then(|| on_audience.clone())}
                            {error}
                            pending={*busy == Some(field)}
                        />
                    }
                }) }
            </Card>
            if let Some(findable) = profile.findable {
                <Card><Switch label={t!("about-findable")} hint={t!("about-findable-hint")} on={findable} on_change={on_findable} test_id="findable" /></Card>
            }
        </div>
    }
}
