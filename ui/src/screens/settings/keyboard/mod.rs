//! Whether single letters do things, whether Enter sends, and which keys do what: each can be changed.

mod recorder;

use crate::prelude::*;
use crate::state::session::{change_settings, settings as now};
use keys::{Chosen, KeyGroup};
use recorder::Recorder;

/// What is being changed: which of the keys of something, or one more.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Changing {
    key: Key,
    place: Option<usize>,
}

/// Keys.
#[component]
pub(super) fn KeyboardSection() -> Html {
    let settings = use_settings();
    let changing = use_state_eq(|| None::<Changing>);
    let open = {
        let changing = changing.setter();
        Callback::from(move |what: Changing| changing.set(Some(what)))
    };
    let close = {
        let changing = changing.setter();
        Callback::from(move |()| changing.set(None))
    };
    let reset_all = Callback::from(|_: MouseEvent| choose(Chosen::new(), t!("keys-all-reset")));
    html! {
        <>
            <Card>
                <div class="l-stack u-gap-20">
                    <Switch
                        label={t!("keyboard-letters")}
                        hint={Some(t!("keyboard-letters-hint"))}
                        on={settings.letter_keys}
                        on_change={Callback::from(|on| change_settings(|s| s.letter_keys = on))}
                        test_id="letter-keys"
                    />
                    <Switch
                        label={t!("keyboard-enter")}
                        hint={Some(t!("keyboard-enter-hint"))}
                        on={settings.enter_sends}
                        on_change={Callback::from(|on| change_settings(|s| s.enter_sends = on))}
                        test_id="enter-sends"
                    />
                </div>
            </Card>
            <div class="l-row u-gap-16">
                <p class="l-grow u-text-2 u-measure">{ t!("keys-hint") }</p>
                if !settings.keys.is_empty() {
                    <Button start={IconName::RotateCcw} on_click={reset_all} test_id="keys-reset-all">{ t!("keys-reset-all") }</Button>
                }
            </div>
            { for KeyGroup::ALL.into_iter().map(|group| html! {
                <Section key={group.label()} title={crate::kit::i18n::translate(group.label(), &[])}>
                    <Card pad={CardPad::None} class="h-settings__lines">
                        { for offered(group).map(|key| line(key, &settings.keys, &open)) }
                    </Card>
                </Section>
            }) }
            if let Some(what) = *changing {
                <Recorder key={format!("{what:?}")} {what} on_close={close} />
            }
        </>
    }
}

/// What can be done by key on this machine.
fn offered(group: KeyGroup) -> impl Iterator<Item = Key> {
    let all = Key::ALL.iter().copied();
    all.filter(move |key| key.row().group == group && (keys::is_desktop() || !key.desktop_only()))
}

/// The words for what a key does.
fn words(key: Key) -> AttrValue {
    crate::kit::i18n::translate(key.row().label, &[])
}

/// Keys in words: the caps in a row.
fn spoken(text: &str) -> String {
    let presses = keys::caps(text);
    let each: Vec<String> = presses.iter().map(|caps| caps.join(" ")).collect();
    each.join(", ")
}

/// Takes over other keys, with the way back.
fn choose(chosen: Chosen, said: AttrValue) {
    let before = now().keys.clone();
    change_settings(|s| s.keys = chosen);
    toasts::undo(
        said,
        Callback::from(move |()| {
            let before = before.clone();
            change_settings(|s| s.keys = before);
        }),
    );
}

/// Gives something these keys.
fn give(key: Key, list: Vec<String>) {
    let chosen = keys::with(&now().keys, key, list, keys::is_desktop());
    choose(chosen, t!("keys-changed", "what" => words(key)));
}

fn line(key: Key, chosen: &Chosen, open: &Callback<Changing>) -> Html {
    let name = words(key);
    let own = keys::among(key, chosen, keys::is_desktop());
    let change = |place: Option<usize>| open.reform(move |_: MouseEvent| Changing { key, place });
    let reset = Callback::from(move |_: MouseEvent| {
        let usual = key
            .usual(keys::is_desktop())
            .into_iter()
            .map(str::to_owned)
            .collect();
        give(key, usual);
    });
    let id = key.row().id;
    html! {
        <div class="h-settings__line h-keys-line" key={id} data-test={format!("key-{id}")}>
            <div class="l-grow u-medium">{ name.clone() }</div>
            <div class="h-settings__act">
                if own.is_empty() { <span class="u-sm u-text-3">{ t!("keys-none") }</span> }
                { for own.iter().enumerate().map(|(at, text)| html! {
                    <button
                        type="button"
                        class="h-keys-line__keys"
                        data-tip={t!("action-change")}
                        onclick={change(Some(at))}
                        data-test="key-change"
                    >
                        <span aria-hidden="true"><Kbd keys={text.clone()} /></span>
                        <span class="u-hidden-visually">{ t!("keys-change", "keys" => spoken(text), "what" => &name) }</span>
                    </button>
                }) }
                if own.len() < keys::MOST {
                    <IconButton icon={IconName::Plus} label={t!("keys-add", "what" => &name)} size={Size::S} on_click={change(None)} test_id="key-add" />
                }
                if chosen.contains_key(id) {
                    <IconButton icon={IconName::RotateCcw} label={t!("keys-reset", "what" => &name)} size={Size::S} on_click={reset} test_id="key-reset" />
                }
            </div>
        </div>
    }
}
