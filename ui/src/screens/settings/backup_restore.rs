//! Restoring a backup over a home that is well: one of the list, or one that was handed to the app by a double-click.

use super::backups::{damaged_part, password_error};
use crate::prelude::*;
use crate::routes::Section as Place;
use crate::screens::start::hand_over::{Source, hand_over};
use crate::state::desktop;
use hearth_api::ApiError;
use hearth_api::backup::{BackupFile, RestoreBackup, RestorePreview, StartRestore};
use hearth_api::desktop::HandedBackup;
use std::cell::Cell;

/// What is restored.
#[derive(Clone, PartialEq)]
pub(super) enum What {
    /// One of the list.
    Listed(BackupFile),
    /// One that the home was handed whole.
    Handed {
        /// What the home calls it.
        upload: String,
        /// What it says of itself.
        preview: RestorePreview,
    },
}

#[derive(Properties, PartialEq)]
pub(super) struct RestoreDialogProps {
    /// Which.
    pub(super) what: What,
    /// Asks to close.
    pub(super) on_close: Callback<()>,
    /// The restore has begun. The owner takes the dialog away.
    pub(super) on_begun: Callback<()>,
}

/// Restoring over this home: the person types a word and the password.
#[component]
pub(super) fn RestoreDialog(props: &RestoreDialogProps) -> Html {
    let (passphrase, password) = (use_state_eq(String::new), use_state_eq(String::new));
    let (listed, handed) = (use_mutation::<RestoreBackup>(), use_mutation::<StartRestore>());
    let typed = |state: &UseStateHandle<String>| {
        let state = state.setter();
        Callback::from(move |text: String| state.set(text))
    };
    let run = {
        let (listed, handed) = (listed.clone(), handed.clone());
        let (what, on_begun) = (props.what.clone(), props.on_begun.clone());
        let (passphrase, password) = ((*passphrase).clone(), (*password).clone());
        Callback::from(move |()| {
            let on_begun = on_begun.clone();
            let then = move |begun: bool| {
                if begun {
                    on_begun.emit(());
                }
            };
            let (passphrase, password) = (passphrase.clone(), password.clone());
            match &what {
                What::Listed(file) => {
                    let request = RestoreBackup {
                        name: file.name.clone(),
                        passphrase: (!passphrase.is_empty()).then_some(passphrase),
                        password,
                    };
                    listed.run(request, move |answer| then(answer.is_ok()));
                }
                What::Handed { upload, .. } => {
                    let request = StartRestore {
                        id: upload.clone(),
                        passphrase,
                        password: Some(password),
                    };
                    handed.run(request, move |answer| then(answer.is_ok()));
                }
            }
        })
    };
    let about = |bytes: u64, people: u64, program: &str| t!("backups-file", "size" => when::bytes(bytes), "people" => people, "version" => program);
    let (made_at, other_home, about) = match &props.what {
        What::Listed(file) => (
            file.made_at,
            !file.own,
            about(file.bytes, file.people, &file.program),
        ),
        What::Handed { preview, .. } => (
            preview.made_at,
            preview.other_home,
            about(preview.bytes, preview.people, &preview.program),
        ),
    };
    // The home knows the passphrase of its own only.
    let hint = matches!(props.what, What::Listed(_)).then(|| t!("backups-file-passphrase-hint"));
    let error = listed.error().or_else(|| handed.error());
    let wrong = password_error(error);
    html! {
        <ConfirmTyped
            title={t!("backups-restore-title", "time" => when::absolute(made_at))}
            text={if other_home { t!("backups-restore-other-text") } else { t!("backups-restore-text") }}
            word={t!("backups-restore-word")}
            verb={if other_home { t!("restore-other-start") } else { t!("backups-restore") }}
            pending={listed.pending() || handed.pending()}
            error={error.filter(|_| wrong.is_none()).map(error_text)}
            on_confirm={run}
            on_close={props.on_close.clone()}
        >
            <p class="u-sm u-text-2">{ about }</p>
            <PasswordField label={t!("backups-file-passphrase")} {hint} value={(*passphrase).clone()} on_input={typed(&passphrase)} passphrase={true} test_id="restore-passphrase" />
            <PasswordField label={t!("backups-your-password")} value={(*password).clone()} on_input={typed(&password)} error={wrong} test_id="restore-password" />
        </ConfirmTyped>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct HandedOverProps {
    /// Whether a backup or a restore is under way.
    pub(super) running: bool,
    /// A restore has begun.
    pub(super) on_started: Callback<()>,
}

/// The backup that the address speaks of, if it speaks of one.
#[component]
pub(super) fn HandedOver(props: &HandedOverProps) -> Html {
    let number = use_query_value("file").and_then(|number| number.parse::<u32>().ok());
    let go = use_go();
    let on_leave = Callback::from(move |()| {
        go.replace(&Route::SettingsSection {
            section: Place::Backups,
        });
    });
    match number.filter(|_| backend::is_desktop()) {
        Some(number) => {
            html! { <Handed key={number.to_string()} {number} running={props.running} on_started={props.on_started.clone()} {on_leave} /> }
        }
        None => Html::default(),
    }
}

/// How far one is that was handed to the app.
#[derive(Clone, PartialEq)]
enum Step {
    /// It is only named.
    Named,
    /// The share that the home has.
    Sending(f64),
    /// The home has it, and the person is asked.
    Asking(What),
    /// The home has it, and a restore of it was begun.
    Begun(What),
}

#[derive(Properties, PartialEq)]
struct HandedProps {
    /// What the app calls it by.
    number: u32,
    /// Whether a backup or a restore is under way.
    running: bool,
    /// The restore has begun.
    on_started: Callback<()>,
    /// The person does not want it.
    on_leave: Callback<()>,
}

/// A backup that was handed to the app, and the way on with it. Keyed by its number: it never changes under it.
#[component]
fn Handed(props: &HandedProps) -> Html {
    let about = use_state_eq(|| None::<HandedBackup>);
    let error = use_state_eq(|| None::<ApiError>);
    let step = use_state_eq(|| Step::Named);
    {
        let (about, error) = (about.setter(), error.setter());
        use_effect_with(props.number, move |number| {
            let number = *number;
            wasm_bindgen_futures::spawn_local(async move {
                match desktop::handed_backup(number).await {
                    Ok(handed) => about.set(Some(handed)),
                    Err(refused) => error.set(Some(refused)),
                }
            });
        });
    }
    // Whoever goes away wants no more of it to be handed over.
    let left = use_memo((), |()| Cell::new(false));
    {
        let left = Rc::clone(&left);
        use_effect_with((), move |()| move || left.set(true));
    }
    let restore = {
        let (about, error, step) = (about.clone(), error.setter(), step.clone());
        let left = Rc::clone(&left);
        Callback::from(move |_: MouseEvent| {
            // The passphrase was another one: the home has it still.
            if let Step::Begun(what) = &*step {
                step.set(Step::Asking(what.clone()));
                return;
            }
            let Some(handed) = (*about).clone() else { return };
            let (error, step, left) = (error.clone(), step.setter(), Rc::clone(&left));
            error.set(None);
            step.set(Step::Sending(0.0));
            wasm_bindgen_futures::spawn_local(async move {
                let progress = {
                    let step = step.clone();
                    move |share: f64| {
                        step.set(Step::Sending(share));
                        !left.get()
                    }
                };
                match hand_over(&Source::Handed(handed), progress).await {
                    Ok((upload, preview)) => step.set(Step::Asking(What::Handed { upload, preview })),
                    Err(refused) => {
                        error.set(Some(refused));
                        step.set(Step::Named);
                    }
                }
            });
        })
    };
    let over = match &*step {
        Step::Asking(what) => {
            // Whoever changes their mind hands it over anew the next time: the home may have forgotten it by then.
            let on_close = {
                let step = step.setter();
                Callback::from(move |()| step.set(Step::Named))
            };
            let on_begun = {
                let (step, what, on_started) = (step.setter(), what.clone(), props.on_started.clone());
                Callback::from(move |()| {
                    step.set(Step::Begun(what.clone()));
                    on_started.emit(());
                })
            };
            html! { <RestoreDialog what={what.clone()} {on_close} {on_begun} /> }
        }
        Step::Named | Step::Sending(_) | Step::Begun(_) => Html::default(),
    };
    let leave = html! {
        <Button variant={Variant::Quiet} on_click={props.on_leave.reform(|_: MouseEvent| ())} test_id="handed-leave">{ t!("backups-handed-leave") }</Button>
    };
    html! {
        <>
            if let Some(handed) = &*about {
                <Card>
                    <div class="l-stack u-gap-8" data-test="handed">
                        <p class="u-medium">{ t!("backups-handed") }</p>
                        <p class="u-mono u-sm h-settings__file" dir="ltr">{ handed.name.clone() }</p>
                        <p class="u-sm u-text-2">{ t!("backups-handed-hint", "size" => when::bytes(handed.bytes)) }</p>
                        if let Step::Sending(done) = &*step {
                            <ProgressBar label={t!("restore-sending")} value={Some(*done)} />
                        }
                        <div class="l-cluster u-gap-8">
                            if !matches!(*step, Step::Sending(_)) {
                                <Button variant={Variant::Filled} start={IconName::HardDrive} pending={props.running} on_click={restore} test_id="handed-restore">{ t!("backups-restore") }</Button>
                            }
                            { leave.clone() }
                        </div>
                    </div>
                </Card>
            }
            if let Some(error) = &*error {
                <Banner tone={Tone::Danger} alert={true} test_id="handed-error">
                    <p>{ error_text(error) }</p>
                    if let Some(part) = damaged_part(error) { <p class="u-sm">{ part }</p> }
                    if about.is_none() { <div>{ leave }</div> }
                </Banner>
            }
            { over }
        </>
    }
}
