//! Comparing the safety words: the one step by which two homes know that nobody is between them.

use crate::components::home_card::home_name;
use crate::kit::i18n::{Lang, lang};
use crate::prelude::*;
use hearth_api::HomeId;
use hearth_api::homes::{ConfirmWords, Home, ListHomes};
use hearth_api::notify::{HomeChange, ListNotifications, Subject};
use hearth_api::people::RequestFriend;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Compare,
    Same,
    NotSame,
}

/// Properties of [`CompareWords`].
#[derive(Properties, PartialEq)]
pub(super) struct CompareWordsProps {
    /// The home to compare with.
    pub(super) home: Home,
    /// Everything is said and done; leaves.
    #[prop_or_default]
    pub(super) on_done: Option<Callback<()>>,
    /// The words are the same: the homes are connected.
    #[prop_or_default]
    pub(super) on_same: Callback<()>,
    /// Makes another invite, where that is done on this page.
    #[prop_or_default]
    pub(super) on_again: Option<Callback<()>>,
}

/// The safety words of a pairing, and what follows from them.
#[component]
pub(super) fn CompareWords(props: &CompareWordsProps) -> Html {
    let home = &props.home;
    let step = use_state_eq(|| {
        if home.words.is_some() {
            Step::Compare
        } else {
            Step::Same
        }
    });
    let confirm = use_mutation::<ConfirmWords>();
    let there = use_still_there(home);
    // The other window may speak another language, and its words are then in that one.
    let shown = use_state_eq(lang);
    // Kept: once confirmed, the home no longer carries them.
    let words = use_memo((), |()| home.words.clone());
    let answer = |same: bool| {
        let (confirm, step, id, on_same) = (
            confirm.clone(),
            step.setter(),
            home.id.clone(),
            props.on_same.clone(),
        );
        Callback::from(move |_: MouseEvent| {
            let (step, on_same) = (step.clone(), on_same.clone());
            confirm.run_or_toast(
                ConfirmWords {
                    home: id.clone(),
                    same,
                },
                move |_| {
                    announce::polite(if same {
                        t!("pair-done-said")
                    } else {
                        t!("pair-not-same-title")
                    });
                    step.set(if same { Step::Same } else { Step::NotSame });
                    if same {
                        on_same.emit(());
                    }
                },
            );
        })
    };
    let name = home_name(home);
    if !there && *step != Step::NotSame {
        return html! { <Cut home={home.id.clone()} name={home_name(home)} on_again={props.on_again.clone()} /> };
    }
    match (*step, &*words) {
        (Step::Compare, Some(words)) => {
            let list = match *shown {
                Lang::De => words.de.clone(),
                Lang::En => words.en.clone(),
            };
            let others = Lang::ALL.into_iter().filter(|lang| *lang != *shown).map(|lang| {
                let shown = shown.setter();
                let words = match lang {
                    Lang::De => t!("pair-words-in-german"),
                    Lang::En => t!("pair-words-in-english"),
                };
                html! {
                    <Button variant={Variant::Quiet} size={Size::S} on_click={move |_: MouseEvent| shown.set(lang)} test_id="words-language">{ words }</Button>
                }
            });
            html! {
                <Card pad={CardPad::Roomy} test_id="compare-words">
                    <div class="l-stack u-gap-24 h-compare">
                        <div class="l-stack u-gap-8 u-centre">
                            <h2 class="u-display">{ t!("pair-words-title") }</h2>
                            <p class="u-text-2">{ t!("pair-words-text", "home" => &name) }</p>
                        </div>
                        <SafetyWords words={list} label={t!("pair-words-label")} language={shown.tag()} />
                        <div class="l-stack u-gap-8 u-centre">
                            <p class="u-sm u-text-2">{ t!("pair-words-how") }</p>
                            <p class="u-sm u-text-2">{ t!("pair-words-language") }</p>
                            <div>{ for others }</div>
                        </div>
                        <div class="h-compare__buttons">
                            <Button variant={Variant::Filled} size={Size::L} start={IconName::Check} pending={confirm.pending()} on_click={answer(true)} test_id="words-same">{ t!("pair-same") }</Button>
                            <Button variant={Variant::Danger} size={Size::L} start={IconName::X} pending={confirm.pending()} on_click={answer(false)} test_id="words-not-same">{ t!("pair-not-same") }</Button>
                        </div>
                    </div>
                </Card>
            }
        }
        (Step::NotSame, _) => html! {
            <Card pad={CardPad::Roomy} test_id="words-refused">
                <div class="l-stack u-gap-16">
                    <Banner tone={Tone::Danger} icon={IconName::Shield}>{ t!("pair-not-same-title") }</Banner>
                    <p>{ t!("pair-not-same-text") }</p>
                    { after_a_cut(props.on_again.as_ref()) }
                </div>
            </Card>
        },
        _ => html! { <Connected home={home.clone()} on_done={props.on_done.clone()} /> },
    }
}

/// Whether a home is still paired: false once it was seen in the list and is there no more.
#[hook]
fn use_still_there(home: &Home) -> bool {
    let homes = use_query(ListHomes::default(), vec![Topic::Homes]);
    let was_seen = use_mut_ref(|| false);
    let is_listed = homes
        .data
        .as_ref()
        .is_none_or(|list| list.iter().any(|row| row.id == home.id));
    *was_seen.borrow_mut() |= is_listed && homes.data.is_some();
    is_listed || !*was_seen.borrow()
}

/// Properties of [`Cut`].
#[derive(Properties, PartialEq)]
pub(super) struct CutProps {
    /// The home that is not paired any more.
    pub(super) home: HomeId,
    /// Its name.
    pub(super) name: AttrValue,
    /// Makes another invite, where that is done on this page.
    #[prop_or_default]
    pub(super) on_again: Option<Callback<()>>,
}

/// The other home ended the connection while the words were compared here.
#[component]
pub(super) fn Cut(props: &CutProps) -> Html {
    let told = use_query(ListNotifications::default(), vec![Topic::Notifications]);
    let latest = told.data.as_ref().and_then(|page| {
        page.items.iter().find_map(|notice| match &notice.subject {
            Subject::Home { home, what, .. } if *home == props.home => *what,
            _ => None,
        })
    });
    let by_words = latest == Some(HomeChange::WordsDifferThere);
    html! {
        <Card pad={CardPad::Roomy} test_id="pair-cut">
            <div class="l-stack u-gap-16">
                <Banner tone={Tone::Danger} icon={IconName::Shield} alert={true}>{ t!("pair-cut-title", "home" => &props.name) }</Banner>
                <p>{ if by_words { t!("pair-cut-words") } else { t!("pair-cut-text") } }</p>
                { after_a_cut(props.on_again.as_ref()) }
            </div>
        </Card>
    }
}

/// What to do when the words differed.
fn after_a_cut(on_again: Option<&Callback<()>>) -> Html {
    html! {
        <>
            <ul class="h-tips"><li>{ t!("pair-not-same-1") }</li><li>{ t!("pair-not-same-2") }</li></ul>
            <div class="l-cluster u-gap-8">
                if let Some(again) = on_again {
                    <Button variant={Variant::Filled} on_click={again.reform(|_: MouseEvent| ())} test_id="invite-again">{ t!("pair-new-invite") }</Button>
                } else {
                    <ButtonLink to={Route::PairInvite} variant={Variant::Filled}>{ t!("pair-new-invite") }</ButtonLink>
                }
                <ButtonLink to={Route::Health}>{ t!("pair-to-health") }</ButtonLink>
            </div>
        </>
    }
}

/// Two homes are connected: what that means, and the first friend.
#[component]
fn Connected(props: &CompareWordsProps) -> Html {
    let home = &props.home;
    let asked = use_state_eq(|| false);
    let request = use_mutation::<RequestFriend>();
    let name = home_name(home);
    let add = home.contact.as_ref().map(|contact| {
        let (request, asked, person, who) =
            (request.clone(), asked.setter(), contact.id, contact.name.clone());
        Callback::from(move |_: MouseEvent| {
            let (asked, who) = (asked.clone(), who.clone());
            request.run_or_toast(
                RequestFriend {
                    person,
                    note: String::new(),
                },
                move |_| {
                    asked.set(true);
                    toasts::done(t!("pair-asked", "name" => who));
                },
            );
        })
    });
    let done = props.on_done.clone();
    html! {
        <Card pad={CardPad::Roomy} test_id="pair-connected">
            <div class="l-stack u-gap-20 h-compare">
                <span class="h-compare__mark"><Icon name={IconName::Handshake} size={IconSize::Xl} /></span>
                <div class="l-stack u-gap-8 u-centre">
                    <h2 class="u-display">{ t!("pair-connected-title", "home" => &name) }</h2>
                    <p class="u-text-2">{ t!("pair-connected-text") }</p>
                </div>
                <FindableSwitch />
                <div class="h-compare__buttons">
                    if let (Some(contact), Some(on_click)) = (&home.contact, add) {
                        if *asked {
                            <Badge tone={Tone::Ok} icon={IconName::UserCheck}>{ t!("pair-asked", "name" => &contact.name) }</Badge>
                        } else {
                            <Button variant={Variant::Filled} size={Size::L} start={IconName::UserPlus} pending={request.pending()} {on_click} test_id="add-contact">
                                { t!("pair-add-contact", "name" => &contact.name) }
                            </Button>
                        }
                    }
                    if let Some(done) = done {
                        <Button size={Size::L} on_click={done.reform(|_: MouseEvent| ())}>{ t!("pair-close") }</Button>
                    } else {
                        <ButtonLink to={Route::Friends} size={Size::L}>{ t!("pair-to-friends") }</ButtonLink>
                    }
                </div>
            </div>
        </Card>
    }
}
