//! Ending a connection, as a whole or for one person: what is lost is said before.

use super::health::OverProps;
use crate::components::home_card::home_name;
use crate::prelude::*;
use hearth_api::Code;
use hearth_api::homes::{ChangeHome, CloseSubscription, GetLosses, Home, HomeAction, HomeState, Losses};
use hearth_api::people::PersonCard;

/// Ending a connection for good: the name typed, the password again.
#[component]
pub(super) fn Remove(props: &OverProps) -> Html {
    let password = use_state_eq(String::new);
    let keeping = use_state_eq(|| false);
    let change = use_mutation::<ChangeHome>();
    let losses = use_query(
        GetLosses {
            home: props.home.id.clone(),
        },
        vec![Topic::Homes],
    );
    let name = home_name(&props.home);
    let on_input = {
        let password = password.setter();
        Callback::from(move |text: String| password.set(text))
    };
    let on_keeping = {
        let keeping = keeping.setter();
        Callback::from(move |value: AttrValue| keeping.set(value == KEEP))
    };
    let run = {
        let (change, home, password, name, keeping) = (
            change.clone(),
            props.home.id.clone(),
            password.clone(),
            name.clone(),
            *keeping,
        );
        let (on_close, on_saved) = (props.on_close.clone(), props.on_saved.clone());
        Callback::from(move |()| {
            let (on_close, on_saved, name) = (on_close.clone(), on_saved.clone(), name.clone());
            let request = ChangeHome {
                home: home.clone(),
                action: if keeping {
                    HomeAction::RemoveKeeping
                } else {
                    HomeAction::Remove
                },
                password: Some((*password).clone()),
            };
            change.run(request, move |answer| {
                if answer.is_ok() {
                    on_close.emit(());
                    on_saved.emit(());
                    toasts::done(t!("home-removed", "name" => name));
                }
            });
        })
    };
    let wrong = change
        .error()
        .filter(|e| matches!(e.code, Code::WrongCredentials | Code::PasswordNeeded));
    html! {
        <ConfirmTyped
            title={t!("home-remove-title", "name" => &name)}
            text={t!("home-remove-text")}
            word={name}
            verb={t!("home-remove")}
            pending={change.pending()}
            error={change.error().filter(|_| wrong.is_none()).map(error_text)}
            on_confirm={run}
            on_close={props.on_close.clone()}
        >
            if props.home.state != HomeState::Blocked { { copies(*keeping, on_keeping) } }
            if let Some(lost) = &losses.data { { list(lost, *keeping) } }
            <PasswordField label={t!("home-remove-password")} value={(*password).clone()} {on_input} error={wrong.map(|_| t!("home-remove-wrong"))} test_id="remove-password" />
        </ConfirmTyped>
    }
}

/// The choice to keep what came from a home.
const KEEP: &str = "keep";
/// The choice to erase it.
const ERASE: &str = "erase";

/// What becomes of what came from there.
fn copies(keeping: bool, on_change: Callback<AttrValue>) -> Html {
    let card = |value: &'static str, label, hint| RadioCard {
        value: value.into(),
        label,
        hint: Some(hint),
        icon: None,
    };
    let cards = vec![
        card(ERASE, t!("home-remove-erase"), t!("home-remove-erase-hint")),
        card(KEEP, t!("home-remove-keep"), t!("home-remove-keep-hint")),
    ];
    let value = if keeping { KEEP } else { ERASE };
    html! { <RadioCards legend={t!("home-remove-copies")} {value} {cards} {on_change} test_id="remove-copies" /> }
}

/// What removing a home loses, in words.
fn list(lost: &Losses, keeping: bool) -> Html {
    let erased = |count: u64| if keeping { 0 } else { count };
    let lines = [
        (
            lost.friendships,
            t!("home-loses-friendships", "count" => lost.friendships),
        ),
        (erased(lost.posts), t!("home-loses-posts", "count" => lost.posts)),
        (
            erased(lost.files),
            t!("home-loses-files", "count" => lost.files, "size" => when::bytes(lost.file_bytes)),
        ),
        (lost.waiting, t!("home-loses-waiting", "count" => lost.waiting)),
    ];
    html! {
        <ul class="h-tips" data-test="remove-losses">
            { for lines.into_iter().filter(|(count, _)| *count > 0).map(|(_, line)| html! { <li>{ line }</li> }) }
            <li>{ t!("home-loses-kept") }</li>
        </ul>
    }
}

/// Properties of [`EndLimited`].
#[derive(Properties, PartialEq)]
pub(super) struct EndLimitedProps {
    /// The other home.
    pub(super) home: Home,
    /// Whom the connection is about.
    pub(super) person: PersonCard,
    /// Closes the dialog.
    pub(super) on_close: Callback<()>,
    /// It has ended.
    pub(super) on_saved: Callback<()>,
}

/// Ending what a limited connection covers for one person.
#[component]
pub(super) fn EndLimited(props: &EndLimitedProps) -> Html {
    let end = use_mutation::<CloseSubscription>();
    let name = AttrValue::from(props.person.name.clone());
    let home = home_name(&props.home);
    let run = {
        let (end, request) = (
            end.clone(),
            CloseSubscription {
                home: props.home.id.clone(),
                person: props.person.id,
            },
        );
        let (on_close, on_saved, name) = (props.on_close.clone(), props.on_saved.clone(), name.clone());
        Callback::from(move |_: MouseEvent| {
            let (on_close, on_saved, name) = (on_close.clone(), on_saved.clone(), name.clone());
            end.run_or_toast(request.clone(), move |_| {
                on_close.emit(());
                on_saved.emit(());
                toasts::done(t!("home-ended", "name" => name));
            });
        })
    };
    let cancel = props.on_close.reform(|_: MouseEvent| ());
    html! {
        <Dialog title={t!("home-end-title", "name" => &name)} on_close={props.on_close.clone()} footer={html! {
            <>
                <Button variant={Variant::Quiet} on_click={cancel}>{ t!("action-cancel") }</Button>
                <Button variant={Variant::Danger} pending={end.pending()} on_click={run} test_id="end-do">{ t!("home-end") }</Button>
            </>
        }}>
            <p>{ t!("home-end-text", "name" => &name, "home" => home) }</p>
        </Dialog>
    }
}
