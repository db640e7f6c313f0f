//! How much room copies of other homes' files take, and may take.

use crate::prelude::*;
use hearth_api::media::{GetMediaCache, SetMediaCache};

/// Bytes of the unit in which the room is typed.
const GB: u64 = 1_000_000_000;
/// The most that can be typed, in that unit.
const MOST: f64 = 100_000.0;

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
        let (editing, wrong, text) = (editing.setter(), wrong.setter(), in_gb(data.allowed));
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
            let Some(bytes) = from_gb(editing.as_deref().unwrap_or_default()) else {
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

/// Bytes as the number that a person types, with up to three decimals.
fn in_gb(bytes: u64) -> String {
    let thousandths = bytes % GB / (GB / 1000);
    let text = format!("{}.{thousandths:03}", bytes / GB);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What a person typed as bytes; a comma may stand for the point.
fn from_gb(text: &str) -> Option<u64> {
    let value: f64 = text.trim().replace(',', ".").parse().ok()?;
    if !(0.0..=MOST).contains(&value) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be from 0 to 100 TB"
    )]
    let bytes = (value * 1e9).round() as u64;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{from_gb, in_gb};

    #[test]
    fn room_is_typed_with_a_point_or_a_comma() {
        assert_eq!(from_gb("5"), Some(5_000_000_000));
        assert_eq!(from_gb(" 0,5 "), Some(500_000_000));
        assert_eq!(from_gb("0"), Some(0));
        assert_eq!(from_gb("100000"), Some(100_000_000_000_000));
        for wrong in ["", "five", "-1", "100001", "NaN", "inf", "1.2.3", "5 GB"] {
            assert_eq!(from_gb(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_set_is_shown_as_it_would_be_typed() {
        for (bytes, shown) in [
            (5_000_000_000, "5"),
            (500_000_000, "0.5"),
            (0, "0"),
            (12_345_000_000, "12.345"),
        ] {
            assert_eq!(in_gb(bytes), shown);
            assert_eq!(from_gb(shown), Some(bytes));
        }
    }
}
