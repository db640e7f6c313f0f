//! Comparing the safety words: the one step by which two homes know that nobody is between them.

use crate::components::home_card::home_name;
use crate::kit::i18n::{Lang, lang};
use crate::prelude::*;
use hearth_api::homes::{ConfirmWords, Home};
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
    match (*step, &*words) {
        (Step::Compare, Some(words)) => {
            let list = match lang() {
                Lang::De => words.de.clone(),
                Lang::En => words.en.clone(),
            };
            html! {
                <Card pad={CardPad::Roomy} test_id="compare-words">
                    <div class="l-stack u-gap-24 h-compare">
                        <div class="l-stack u-gap-8 u-centre">
                            <h2 class="u-display">{ t!("pair-words-title") }</h2>
                            <p class="u-text-2">{ t!("pair-words-text", "home" => &name) }</p>
                        </div>
                        <SafetyWords words={list} label={t!("pair-words-label")} />
                        <p class="u-sm u-text-2 u-centre">{ t!("pair-words-how") }</p>
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
                    <ul class="h-tips"><li>{ t!("pair-not-same-1") }</li><li>{ t!("pair-not-same-2") }</li></ul>
                    <div class="l-cluster u-gap-8">
                        <ButtonLink to={Route::PairInvite} variant={Variant::Filled}>{ t!("pair-new-invite") }</ButtonLink>
                        <ButtonLink to={Route::Health}>{ t!("pair-to-health") }</ButtonLink>
                    </div>
                </div>
            </Card>
        },
        _ => html! { <Connected home={home.clone()} on_done={props.on_done.clone()} /> },
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
