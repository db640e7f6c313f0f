//! What somebody stores, and for admins how much may be stored and where the key lies.

use super::Line;
use super::key_place::KeyPlaceSection;
use crate::kit::amount::{shown_in, typed_in};
use crate::prelude::*;
use hearth_api::media::{GetMediaLimits, GetUsage, MediaLimits, SetMediaLimits};

/// The units of the three fields: a megabyte, a million pixels, a gigabyte.
const MEGA: u64 = 1_000_000;
const GIGA: u64 = 1_000_000_000;

#[derive(Properties, PartialEq)]
pub(super) struct StorageSectionProps {
    /// Whether the viewer may set limits.
    pub(super) admin: bool,
}

/// Storage.
#[component]
pub(super) fn StorageSection(props: &StorageSectionProps) -> Html {
    let usage = use_query(GetUsage {}, vec![]);
    let changed = usage.refetch.clone();
    let session = use_session();
    let here = session.status().is_some_and(|status| status.this_machine);
    html! {
        <>
            if let Some(usage) = &usage.data {
                <Card pad={CardPad::None} class="h-settings__lines">
                    <Line
                        label={t!("about-storage")}
                        value={html! { <span data-test="storage-used">{ t!("about-storage-used", "used" => when::bytes(usage.bytes), "quota" => when::bytes(usage.quota)) }</span> }}
                    >
                        if usage.warn { <Badge tone={Tone::Warn} icon={IconName::HardDrive}>{ t!("about-storage-low") }</Badge> }
                    </Line>
                </Card>
            }
            if props.admin { <Limits {changed} /> }
            if props.admin && here { <KeyPlaceSection /> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct LimitsProps {
    /// Told when other limits hold.
    changed: Callback<()>,
}

/// The limits for everybody of this home; changed in place.
#[component]
fn Limits(props: &LimitsProps) -> Html {
    let limits = use_query(GetMediaLimits {}, vec![]);
    let Some(data) = limits.data.as_deref() else {
        return Html::default();
    };
    let saved = {
        let (refetch, changed) = (limits.refetch.clone(), props.changed.clone());
        Callback::from(move |()| {
            refetch.emit(());
            changed.emit(());
        })
    };
    // Drawn anew when other limits hold, so that the fields show them.
    let key = format!("{}-{}-{}", data.max_file, data.max_pixels, data.quota);
    html! { <Form {key} limits={*data} {saved} /> }
}

#[derive(Properties, PartialEq)]
struct FormProps {
    limits: MediaLimits,
    saved: Callback<()>,
}

#[component]
fn Form(props: &FormProps) -> Html {
    let save = use_mutation::<SetMediaLimits>();
    let form = use_node_ref();
    let file = use_state_eq(|| shown_in(props.limits.max_file, MEGA));
    let pixels = use_state_eq(|| shown_in(props.limits.max_pixels, MEGA));
    let quota = use_state_eq(|| shown_in(props.limits.quota, GIGA));
    let wrong = use_state_eq(|| None::<&'static str>);
    let typed = |state: &UseStateHandle<String>| {
        let (state, wrong) = (state.setter(), wrong.setter());
        Callback::from(move |text: String| {
            wrong.set(None);
            state.set(text);
        })
    };
    let (on_file, on_pixels, on_quota) = (typed(&file), typed(&pixels), typed(&quota));
    let onsubmit = {
        let (file, pixels, quota) = (file.clone(), pixels.clone(), quota.clone());
        let (wrong, save, saved) = (wrong.setter(), save.clone(), props.saved.clone());
        let form = form.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let read = |text: &str, unit, name| typed_in(text, unit).ok_or(name);
            let limits = read(&file, MEGA, "max_file").and_then(|max_file| {
                Ok(MediaLimits {
                    max_file,
                    max_pixels: read(&pixels, MEGA, "max_pixels")?,
                    quota: read(&quota, GIGA, "quota")?,
                })
            });
            match limits {
                Err(name) => {
                    wrong.set(Some(name));
                    focus::first_invalid(&form);
                }
                Ok(limits) => {
                    let (saved, form) = (saved.clone(), form.clone());
                    save.run(SetMediaLimits { limits }, move |answer| match answer {
                        Ok(_) => {
                            toasts::done(t!("storage-limits-saved"));
                            saved.emit(());
                        }
                        Err(_) => focus::first_invalid(&form),
                    });
                }
            }
        })
    };
    let error = |name: &str| match *wrong {
        Some(field) if field == name => Some(t!("storage-limits-wrong")),
        _ => save.error_on(name),
    };
    let elsewhere = save.error_beside(&["quota", "max_file", "max_pixels"]);
    html! {
        <Section title={t!("storage-limits")} hint={t!("storage-limits-hint")}>
            <Card>
                <form ref={form.clone()} class="l-stack u-gap-16" {onsubmit}>
                    <TextField label={t!("storage-limit-quota")} hint={t!("storage-limit-quota-hint")} inputmode="decimal"
                        value={(*quota).clone()} on_input={on_quota} error={error("quota")} test_id="limit-quota" />
                    <TextField label={t!("storage-limit-file")} hint={t!("storage-limit-file-hint")} inputmode="decimal"
                        value={(*file).clone()} on_input={on_file} error={error("max_file")} test_id="limit-max_file" />
                    <TextField label={t!("storage-limit-pixels")} hint={t!("storage-limit-pixels-hint")} inputmode="decimal"
                        value={(*pixels).clone()} on_input={on_pixels} error={error("max_pixels")} test_id="limit-max_pixels" />
                    if let Some(text) = elsewhere { <Banner tone={Tone::Danger}>{ text }</Banner> }
                    <div class="l-cluster">
                        <Button variant={Variant::Filled} kind={ButtonKind::Submit} pending={save.pending()} test_id="limits-save">{ t!("action-save") }</Button>
                    </div>
                </form>
            </Card>
        </Section>
    }
}
