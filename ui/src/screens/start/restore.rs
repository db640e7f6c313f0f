//! Restoring a backup instead of creating a home, or over one that does not open: choose the file, see what it is, type its passphrase,
//! wait.

use super::StartLayout;
use super::hand_over::{Source, hand_over};
use crate::prelude::*;
use crate::screens::settings::backups::{damaged_part, phase_text, share};
use crate::state::desktop;
use crate::state::session::Session;
use hearth_api::app::GetStatus;
use hearth_api::backup::{BackupJob, GetRestoreJob, JobPhase, RestorePreview, StartRestore};
use hearth_api::desktop::HandedBackup;
use hearth_api::{ApiError, ApiResult, Code};
use web_sys::File;

/// Milliseconds between looks at how far it is.
const LOOK: u32 = 400;

/// Where the person is.
#[derive(Clone, PartialEq)]
enum Step {
    Choose,
    /// The share that was handed over.
    Sending(f64),
    Passphrase {
        upload: String,
        preview: RestorePreview,
        name: String,
    },
    Running {
        job: Option<BackupJob>,
    },
    Restarting,
}

/// Restoring a backup.
#[component]
pub fn RestorePage() -> Html {
    let step = use_state_eq(|| Step::Choose);
    let error = use_state_eq(|| None::<ApiError>);
    let passphrase = use_state_eq(String::new);
    let over = use_state_eq(|| false);
    let take = {
        let (step, error) = (step.setter(), error.setter());
        Callback::from(move |file: Source| {
            let (step, error) = (step.clone(), error.clone());
            error.set(None);
            step.set(Step::Sending(0.0));
            wasm_bindgen_futures::spawn_local(async move {
                let progress = {
                    let step = step.clone();
                    move |share: f64| {
                        step.set(Step::Sending(share));
                        true
                    }
                };
                let name = file.name();
                match hand_over(&file, progress).await {
                    Ok((upload, preview)) => step.set(Step::Passphrase {
                        upload,
                        preview,
                        name,
                    }),
                    Err(refused) => {
                        error.set(Some(refused));
                        step.set(Step::Choose);
                    }
                }
            });
        })
    };
    let on_files = {
        let take = take.clone();
        Callback::from(move |files: Vec<File>| {
            if let Some(file) = files.into_iter().next() {
                take.emit(Source::Chosen(file));
            }
        })
    };
    let session = use_session();
    let damaged = matches!(&*session, Session::Unreachable(error) if error.code == Code::HomeDamaged);
    let newest = use_newest(damaged);
    let on_newest = {
        let (take, newest) = (take.clone(), newest.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(newest) = &newest {
                take.emit(Source::Handed(newest.clone()));
            }
        })
    };
    {
        // A backup that was double-clicked need not be chosen again.
        let (take, error) = (take.clone(), error.setter());
        let idle = matches!(*step, Step::Choose | Step::Passphrase { .. });
        let handed = use_query_value("file").and_then(|number| number.parse::<u32>().ok());
        use_effect_with(handed, move |handed| {
            if let Some(number) = handed.filter(|_| idle && backend::is_desktop()) {
                wasm_bindgen_futures::spawn_local(async move {
                    match desktop::handed_backup(number).await {
                        Ok(handed) => take.emit(Source::Handed(handed)),
                        Err(refused) => error.set(Some(refused)),
                    }
                });
            }
        });
    }
    let ondragover = {
        let over = over.setter();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(true);
        })
    };
    let ondragleave = {
        let over = over.setter();
        Callback::from(move |_: DragEvent| over.set(false))
    };
    let ondrop = {
        let over = over.setter();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(false);
            let file = event
                .data_transfer()
                .and_then(|data| data.files())
                .and_then(|files| files.get(0));
            if let Some(file) = file {
                take.emit(Source::Chosen(file));
            }
        })
    };
    let on_input = {
        let passphrase = passphrase.setter();
        Callback::from(move |text: String| passphrase.set(text))
    };
    let onsubmit = {
        let (step, error, passphrase) = (step.clone(), error.setter(), passphrase.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let before = (*step).clone();
            let Step::Passphrase { upload, .. } = &before else {
                return;
            };
            let (step, error) = (step.setter(), error.clone());
            let request = StartRestore {
                id: upload.clone(),
                passphrase: (*passphrase).clone(),
                password: None,
            };
            error.set(None);
            step.set(Step::Running { job: None });
            wasm_bindgen_futures::spawn_local(async move {
                let progress = {
                    let step = step.clone();
                    move |job: BackupJob| step.set(Step::Running { job: Some(job) })
                };
                match run(request, progress).await {
                    Ok(()) => {
                        crate::state::online::starts_again();
                        step.set(Step::Restarting);
                        come_back().await;
                    }
                    Err(refused) => {
                        error.set(Some(refused));
                        step.set(before);
                    }
                }
            });
        })
    };
    // What was handed over is forgotten with the next one.
    let again = {
        let (step, error, passphrase) = (step.setter(), error.setter(), passphrase.setter());
        Callback::from(move |()| {
            error.set(None);
            passphrase.set(String::new());
            step.set(Step::Choose);
        })
    };
    let on_back = matches!(*step, Step::Passphrase { .. }).then(|| again.clone());
    let problem = error.as_ref().map(|error| {
        html! {
            <Banner tone={Tone::Danger} alert={true} test_id="restore-error">
                <p>{ error_text(error) }</p>
                if let Some(part) = damaged_part(error) { <p class="u-sm">{ part }</p> }
            </Banner>
        }
    });
    let body = match &*step {
        Step::Choose => html! {
            <>
                if let Some(newest) = &newest {
                    <Card>
                        <div class="l-stack u-gap-8">
                            <p>{ t!("restore-newest") }</p>
                            <p class="u-mono u-sm h-settings__file" dir="ltr">{ newest.name.clone() }</p>
                            <div><Button variant={Variant::Filled} start={IconName::HardDrive} on_click={on_newest} test_id="restore-newest">{ t!("restore-newest-take") }</Button></div>
                        </div>
                    </Card>
                }
                <div class="h-drop" data-over={over.then_some("true")} {ondragover} {ondragleave} {ondrop} data-test="restore-drop">
                    <FilePick label={t!("restore-choose")} {on_files} accept=".hearth-backup" icon={IconName::HardDrive} variant={if newest.is_some() { Variant::Soft } else { Variant::Filled }} test_id="restore-file" />
                    <span class="u-sm u-text-2 u-wide-only">{ t!("restore-drop") }</span>
                </div>
            </>
        },
        Step::Sending(done) => html! { <ProgressBar label={t!("restore-sending")} value={Some(*done)} /> },
        Step::Passphrase { preview, name, .. } => html! {
            <form class="l-stack u-gap-20" {onsubmit} novalidate=true>
                <Card>
                    <div class="l-stack u-gap-8" data-test="restore-preview">
                        <p class="u-medium">{ t!("restore-made", "time" => when::absolute(preview.made_at)) }</p>
                        <p class="u-mono u-sm h-settings__file" dir="ltr">{ name.clone() }</p>
                        <p class="u-sm u-text-2">{ t!("backups-file", "size" => when::bytes(preview.bytes), "people" => preview.people, "version" => &preview.program) }</p>
                        <div><Button size={Size::S} on_click={again.reform(|_: MouseEvent| ())} test_id="restore-other">{ t!("restore-other") }</Button></div>
                    </div>
                </Card>
                if preview.other_home {
                    <Banner tone={Tone::Danger} alert={true} test_id="restore-other-home">{ t!("restore-other-home") }</Banner>
                }
                <PasswordField label={t!("backups-file-passphrase")} value={(*passphrase).clone()} {on_input} passphrase={true} autofocus={true} test_id="restore-passphrase" />
                if damaged {
                    <Banner tone={Tone::Warn}>{ t!("restore-kept-aside") }</Banner>
                } else {
                    <Banner tone={Tone::Warn}>{ t!("restore-old-off") }</Banner>
                }
                <Button kind={ButtonKind::Submit} variant={Variant::Filled} size={Size::L} full={true} test_id="restore-start">{ if preview.other_home { t!("restore-other-start") } else { t!("backups-restore") } }</Button>
            </form>
        },
        Step::Running { job } => html! {
            <ProgressBar label={job.as_ref().map_or_else(|| t!("backups-phase-verifying"), phase_text)} value={job.as_ref().and_then(share)} />
        },
        Step::Restarting => html! { <ProgressBar label={t!("backups-phase-swapping")} /> },
    };
    html! {
        <StartLayout title={t!("restore-title")} text={Some(t!("restore-text"))} back={Some(Route::Welcome)} {on_back}>
            <div class="l-stack u-gap-20" data-test="restore">
                if damaged && *step == Step::Choose {
                    <Banner tone={Tone::Warn} test_id="restore-damaged">{ t!("restore-damaged") }</Banner>
                }
                { problem.unwrap_or_default() }
                { body }
            </div>
        </StartLayout>
    }
}

/// The newest backup beside a home that does not open, which its person need not look for.
#[hook]
fn use_newest(damaged: bool) -> Option<HandedBackup> {
    let newest = use_state_eq(|| None);
    {
        let newest = newest.setter();
        use_effect_with(damaged, move |damaged| {
            if *damaged {
                wasm_bindgen_futures::spawn_local(async move {
                    newest.set(desktop::newest_backup().await);
                });
            }
        });
    }
    (*newest).clone()
}

/// Starts the restore and follows it to its end.
async fn run(request: StartRestore, progress: impl Fn(BackupJob)) -> ApiResult<()> {
    call(request).await?;
    loop {
        gloo_timers::future::TimeoutFuture::new(LOOK).await;
        let job = match call(GetRestoreJob {}).await {
            Ok(Some(job)) => job,
            // The home starts again: it is done.
            Ok(None) => return Ok(()),
            Err(error) if matches!(error.code, Code::Unavailable | Code::SignInNeeded) => return Ok(()),
            Err(error) => return Err(error),
        };
        match (job.phase, &job.error) {
            (JobPhase::Done, _) => return Ok(()),
            (JobPhase::Failed, Some(error)) => return Err(error.clone()),
            _ => progress(job),
        }
    }
}

/// Waits until the restored home answers, then begins afresh.
async fn come_back() {
    loop {
        gloo_timers::future::TimeoutFuture::new(LOOK).await;
        let there = match call(GetStatus::default()).await {
            Ok(status) => status.set_up,
            // What was restored does not open either: the page says so.
            Err(error) => error.code == Code::HomeDamaged,
        };
        if there {
            if let Some(window) = web_sys::window() {
                // A page that cannot be loaded again shows the old one, whose next question finds the new home.
                let _again = window.location().replace("/");
            }
            return;
        }
    }
}
