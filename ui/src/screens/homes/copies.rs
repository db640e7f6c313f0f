//! How much room copies of other homes' files take, and may take.

use crate::kit::amount::{shown_in, typed_in};
use crate::prelude::*;
use hearth_api::media::{GetMediaCache, SetMediaCache};

/// Bytes of the unit in which the room is typed.
const GB: u64 = 1_000_000_000;
/// The most that can be typed, in that unit.
const MOST: u64 = 100_000;

/// The room for copies of other homes' files; changed in place.
#[component]
pub(super) fn Copies() -> Html {
    let cache = use_query(GetMediaCache {}, vec![]);
    let save = use_mutation::<SetMediaCache>();
    let editing = use_state_eq(|| None::<String>);
    let wrong = use_state_eq(|| false);
    let Some(data) = cache.data.as_ref() else {
        return Html::default();
    };
    let begin = {
        let (editing, wrong, text) = (editing.setter(), wrong.setter(), shown_in(data.allowed, GB));
        Callback::from(move |_: MouseEvent| {
            wrong.set(false);
            editing.set(Some(text.clone()));
        })
    };
    let stop = {
        let editing = editing.setter();
        Callback::from(move |_: MouseEvent| editing.set(None))
    };
    let on_input = {
        let (editing, wrong) = (editing.setter(), wrong.setter());
        Callback::from(move |text: String| {
            wrong.set(false);
            editing.set(Some(text));
        })
    };
    let onsubmit = {
        let (editing, wrong, save, refetch) = (
            editing.clone(),
            wrong.setter(),
            save.clone(),
            cache.refetch.clone(),
        );
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let typed = typed_in(editing.as_deref().unwrap_or_default(), GB);
            let Some(bytes) = typed.filter(|bytes| *bytes <= MOST * GB) else {
                wrong.set(true);
                return;
            };
            let (editing, refetch) = (editing.setter(), refetch.clone());
            save.run(SetMediaCache { bytes }, move |answer| {
                if answer.is_ok() {
                    editing.set(None);
                    toasts::done(t!("health-copies-saved"));
                    refetch.emit(());
                }
            });
        })
    };
    let error = if *wrong {
        Some(t!("health-copies-wrong"))
    } else {
        save.error().map(error_text)
    };
    let used =
        t!("health-copies-used", "used" => when::bytes(data.used), "allowed" => when::bytes(data.allowed));
    html! {
        <Section title={t!("health-copies")} hint={t!("health-copies-hint")}>
            <Card>
                if let Some(text) = &*editing {
                    <form class="l-stack u-gap-16" {onsubmit}>
                        <TextField label={t!("health-copies-room")} value={text.clone()} {on_input} inputmode="decimal" hint={t!("health-copies-room-hint")}
                            {error} autofocus={true} test_id="copies-room" />
                        <div class="l-cluster u-gap-8">
                            <Button variant={Variant::Filled} kind={ButtonKind::Submit} pending={save.pending()} test_id="copies-save">{ t!("action-save") }</Button>
                            <Button variant={Variant::Quiet} on_click={stop}>{ t!("action-cancel") }</Button>
                        </div>
                    </form>
                } else {
                    <div class="l-split u-gap-12">
                        <span class="u-tabular" data-test="copies-used">{ used }</span>
                        <Button start={IconName::Pencil} on_click={begin} test_id="copies-edit">{ t!("health-copies-edit") }</Button>
                    </div>
                }
            </Card>
        </Section>
    }
}
