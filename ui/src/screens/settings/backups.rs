//! Backups (admins): when they are made, those that are there, a new one now, checking, deleting, restoring.

use super::Line;
use super::backup_restore::{HandedOver, RestoreDialog, What};
use crate::prelude::*;
use hearth_api::Code;
use hearth_api::backup::{
    BackupEvery, BackupFile, BackupJob, BackupKind, BackupSchedule, Backups, CancelJob, DeleteBackup,
    JobKind, JobPhase, ListBackups, SetBackupSchedule, StartBackup, VerifyBackup,
};

#[derive(Clone, PartialEq)]
enum Open {
    Nothing,
    Schedule,
    Delete(String),
    Restore(BackupFile),
}

/// Backups.
#[component]
pub(super) fn BackupsSection() -> Html {
    let all = use_query(ListBackups::default(), vec![Topic::Backups]);
    let open = use_state_eq(|| Open::Nothing);
    let start = use_mutation::<StartBackup>();
    let close = {
        let open = open.setter();
        Callback::from(move |()| open.set(Open::Nothing))
    };
    let on_saved = all.refetch.clone();
    let job = all.data.as_ref().and_then(|data| data.job.as_ref());
    let running = job.is_some_and(|job| !job.phase.is_end());
    let body = all.view(html! { <div class="l-stack u-gap-24"><SkeletonCard /><SkeletonCard /></div> }, |data| {
        let set_up = {
            let open = open.setter();
            Callback::from(move |_: MouseEvent| open.set(Open::Schedule))
        };
        let run = {
            let (start, refetch) = (start.clone(), all.refetch.clone());
            Callback::from(move |_: MouseEvent| {
                let refetch = refetch.clone();
                start.run_or_toast(StartBackup::default(), move |_| refetch.emit(()));
            })
        };
        html! {
            <>
                if let Some(failure) = &data.failure {
                    <Banner tone={Tone::Danger} test_id="backup-failure">
                        <p>{ t!("backups-failed", "time" => when::absolute(failure.at)) }</p>
                        <p class="u-sm">{ error_text(&failure.error) }</p>
                    </Banner>
                }
                if data.folder_missing {
                    <Banner tone={Tone::Warn} icon={IconName::HardDrive} test_id="backup-folder-missing">
                        <p>{ t!("backups-folder-missing") }</p>
                        <p class="u-mono u-sm" dir="ltr">{ data.folder.clone() }</p>
                    </Banner>
                }
                <Card pad={CardPad::None} class="h-settings__lines">
                    <Line label={t!("backups-schedule")} value={html! { { schedule_text(data) } }}>
                        <Button size={Size::S} on_click={set_up} test_id="backup-schedule">
                            { if data.passphrase_set { t!("action-change") } else { t!("backups-set-up") } }
                        </Button>
                    </Line>
                    <Line label={t!("backups-folder")} value={html! { <span class="u-mono u-sm" dir="ltr">{ data.folder.clone() }</span> }} />
                    if data.passphrase_set {
                        <Line label={t!("backups-now")} value={html! { { t!("backups-now-hint") } }}>
                            <Button size={Size::S} variant={Variant::Filled} start={IconName::HardDrive} pending={running || start.pending()} on_click={run} test_id="backup-now">{ t!("backups-now-do") }</Button>
                        </Line>
                    }
                </Card>
                if let Some(job) = &data.job { <JobView job={job.clone()} /> }
                <Section title={t!("backups-list")} hint={Some(t!("backups-keep", "days" => data.keep_days))}>
                    if data.files.is_empty() {
                        <EmptyState icon={IconName::HardDrive} title={t!("backups-none")} text={Some(none_text(data))} test_id="no-backups" />
                    } else {
                        <Card pad={CardPad::None} class="h-settings__lines">
                            { for data.files.iter().map(|file| row(file, running, &open.setter(), &all.refetch)) }
                        </Card>
                    }
                    <p class="u-text-2 u-sm" data-test="backups-elsewhere">{ t!("backups-elsewhere") }</p>
                </Section>
            </>
        }
    });
    let on_handed = on_saved.clone();
    let over = match (&*open, &all.data) {
        (Open::Schedule, Some(data)) => {
            html! { <ScheduleDialog backups={Rc::clone(data)} on_close={close} {on_saved} /> }
        }
        (Open::Delete(name), _) => {
            html! { <DeleteDialog name={name.clone()} on_close={close} {on_saved} /> }
        }
        (Open::Restore(file), _) => {
            let on_begun = {
                let (close, on_saved) = (close.clone(), on_saved);
                Callback::from(move |()| {
                    on_saved.emit(());
                    close.emit(());
                })
            };
            html! { <RestoreDialog what={What::Listed(file.clone())} on_close={close} {on_begun} /> }
        }
        _ => Html::default(),
    };
    html! {
        <div class="l-stack u-gap-24" data-test="backups">
            <HandedOver {running} on_started={on_handed} />
            { body }
            { over }
        </div>
    }
}

fn every(value: BackupEvery) -> (&'static str, AttrValue) {
    match value {
        BackupEvery::Off => ("off", t!("backups-every-off")),
        BackupEvery::Day => ("day", t!("backups-every-day")),
        BackupEvery::Week => ("week", t!("backups-every-week")),
        BackupEvery::Month => ("month", t!("backups-every-month")),
    }
}

const EVERY: [BackupEvery; 4] = [
    BackupEvery::Day,
    BackupEvery::Week,
    BackupEvery::Month,
    BackupEvery::Off,
];

fn schedule_text(data: &Backups) -> AttrValue {
    match data.next_at {
        _ if !data.passphrase_set => t!("backups-not-set-up"),
        Some(at) => t!("backups-next", "time" => when::absolute(at)),
        None => t!("backups-every-off"),
    }
}

/// Why the list is empty.
fn none_text(data: &Backups) -> AttrValue {
    if data.folder_missing {
        t!("backups-none-missing")
    } else if data.passphrase_set {
        t!("backups-none-yet")
    } else {
        t!("backups-none-text")
    }
}

/// What a job does now, in words.
pub(crate) fn phase_text(job: &BackupJob) -> AttrValue {
    match job.phase {
        JobPhase::Starting | JobPhase::Copying => t!("backups-phase-copying"),
        JobPhase::Writing => t!("backups-phase-writing"),
        JobPhase::Verifying => t!("backups-phase-verifying"),
        JobPhase::Unpacking => t!("backups-phase-unpacking"),
        JobPhase::Trying => t!("backups-phase-trying"),
        JobPhase::SavingPresent => t!("backups-phase-saving"),
        JobPhase::Swapping => t!("backups-phase-swapping"),
        JobPhase::Done => match job.kind {
            JobKind::Backup => t!("backups-done"),
            JobKind::Verify => t!("backups-verified"),
            JobKind::Restore => t!("backups-restored"),
        },
        JobPhase::Failed => t!("backups-job-failed"),
    }
}

/// The share of a phase that is done.
pub(crate) fn share(job: &BackupJob) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a bar needs no more than 53 bits")]
    (job.total > 0).then(|| job.done as f64 / job.total as f64)
}

#[derive(Properties, PartialEq)]
struct JobViewProps {
    job: BackupJob,
}

/// How far a job is, or how it ended.
#[component]
fn JobView(props: &JobViewProps) -> Html {
    let cancel = use_mutation::<CancelJob>();
    let job = &props.job;
    let stop = {
        let cancel = cancel.clone();
        Callback::from(move |_: MouseEvent| cancel.run_or_toast(CancelJob::default(), |_| ()))
    };
    let text = phase_text(job);
    let starts = job.kind == JobKind::Restore && job.phase == JobPhase::Swapping;
    use_effect_with(starts, |starts| {
        if *starts {
            crate::state::online::starts_again();
        }
    });
    match (job.phase, &job.error) {
        (JobPhase::Failed, Some(error)) => html! {
            <Banner tone={if error.code == Code::Cancelled { Tone::Neutral } else { Tone::Danger }} alert={true} test_id="backup-error">
                <p>{ error_text(error) }</p>
                if let Some(part) = damaged_part(error) { <p class="u-sm">{ part }</p> }
            </Banner>
        },
        (JobPhase::Done, _) => html! {
            <Banner tone={Tone::Ok} icon={IconName::CircleCheck} test_id="backup-done">
                <p>{ text }</p>
                if job.left_out > 0 { <p class="u-sm">{ t!("backups-left-out", "count" => job.left_out) }</p> }
            </Banner>
        },
        _ => html! {
            <Card>
                <div class="l-stack u-gap-12" data-test="backup-running">
                    <ProgressBar label={text} value={share(job)} />
                    <div><Button size={Size::S} pending={cancel.pending()} on_click={stop} test_id="backup-cancel">{ t!("action-cancel") }</Button></div>
                </div>
            </Card>
        },
    }
}

/// Which part of a backup is damaged, where the sentence about it does not say so.
pub(crate) fn damaged_part(error: &hearth_api::ApiError) -> Option<AttrValue> {
    let part = match error
        .field
        .as_deref()
        .filter(|_| error.code == Code::BackupDamaged)?
    {
        "header" => t!("backups-part-header"),
        "database" => t!("backups-part-database"),
        "keys" => t!("backups-part-keys"),
        "file" => t!("backups-part-file"),
        "manifest" => t!("backups-part-manifest"),
        _ => t!("backups-part-end"),
    };
    // The home's own sentence may name it already.
    (!error_text(error).contains(part.as_str())).then(|| t!("backups-damaged-part", "part" => part))
}

fn row(file: &BackupFile, running: bool, open: &UseStateSetter<Open>, refetch: &Callback<()>) -> Html {
    let verify = {
        let (name, refetch) = (file.name.clone(), refetch.clone());
        Callback::from(move |_: MouseEvent| {
            let (name, refetch) = (name.clone(), refetch.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let request = VerifyBackup {
                    name,
                    passphrase: None,
                };
                if let Err(error) = call(request).await {
                    toasts::failed(&error);
                }
                refetch.emit(());
            });
        })
    };
    let to = |what: Open| {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(what.clone()))
    };
    let facts = t!("backups-file", "size" => when::bytes(file.bytes), "people" => file.people, "version" => &file.program);
    html! {
        <Line key={file.name.clone()} label={AttrValue::from(when::absolute(file.made_at))} value={html! {
            <>
                { facts }
                if !file.own { { " " }<Badge>{ t!("backups-other-home") }</Badge> }
                if let Some(what_for) = what_for(file.kind) { { " " }<Badge tone={Tone::Warn}>{ what_for }</Badge> }
                // Two of one minute are told apart by it.
                <span class="u-mono u-sm u-text-2 h-settings__file" dir="ltr" data-test="backup-name">{ file.name.clone() }</span>
            </>
        }}>
            <Button size={Size::S} variant={Variant::Quiet} pending={running} on_click={verify} test_id="backup-verify">{ t!("backups-verify") }</Button>
            // The desktop app lies beside its backups.
            if !backend::is_desktop() {
                <a class="h-button" data-variant="quiet" data-size="s" href={address_of(&file.name)} download={file.name.clone()} data-test="backup-download">{ t!("backups-download") }</a>
            }
            <Button size={Size::S} variant={Variant::Quiet} on_click={to(Open::Restore(file.clone()))} test_id="backup-restore">{ t!("backups-restore") }</Button>
            <Button size={Size::S} variant={Variant::Quiet} on_click={to(Open::Delete(file.name.clone()))} test_id="backup-delete">{ t!("backups-delete") }</Button>
        </Line>
    }
}

/// What a backup was made for, if not as usual.
fn what_for(kind: BackupKind) -> Option<AttrValue> {
    match kind {
        BackupKind::Usual => None,
        BackupKind::BeforeRestore => Some(t!("backups-before-restore")),
        BackupKind::BeforeUpdate => Some(t!("backups-before-update")),
    }
}

/// Where a backup can be had from the home.
fn address_of(name: &str) -> String {
    format!("/backups/{}", String::from(js_sys::encode_uri_component(name)))
}

#[derive(Properties, PartialEq)]
struct ScheduleDialogProps {
    backups: Rc<Backups>,
    on_close: Callback<()>,
    on_saved: Callback<()>,
}

/// When, where and with which passphrase.
#[component]
fn ScheduleDialog(props: &ScheduleDialogProps) -> Html {
    let before = &props.backups.schedule;
    let chosen = use_state_eq(|| {
        let fresh = !props.backups.passphrase_set && before.every == BackupEvery::Off;
        if fresh { BackupEvery::Day } else { before.every }
    });
    let folder = use_state_eq(|| before.folder.clone().unwrap_or_default());
    let copies = use_state_eq(|| before.with_copies);
    let passphrase = use_state_eq(String::new);
    let password = use_state_eq(String::new);
    let save = use_mutation::<SetBackupSchedule>();
    let tried = use_state_eq(|| false);
    let form = use_node_ref();
    let no_passphrase = passphrase.is_empty() && !props.backups.passphrase_set && *chosen != BackupEvery::Off;
    let no_password = password.is_empty();
    let typed = |state: &UseStateHandle<String>| {
        let state = state.setter();
        Callback::from(move |text: String| state.set(text))
    };
    let on_change = {
        let chosen = chosen.setter();
        Callback::from(move |value: String| {
            if let Some(found) = EVERY.into_iter().find(|e| every(*e).0 == value) {
                chosen.set(found);
            }
        })
    };
    let on_copies = {
        let copies = copies.setter();
        Callback::from(move |on: bool| copies.set(on))
    };
    let onsubmit = {
        let (save, on_close, on_saved) = (save.clone(), props.on_close.clone(), props.on_saved.clone());
        let request = SetBackupSchedule {
            schedule: BackupSchedule {
                every: *chosen,
                folder: Some((*folder).clone()),
                with_copies: *copies,
                utc_offset_minutes: utc_offset_minutes(),
            },
            passphrase: (!passphrase.is_empty()).then(|| (*passphrase).clone()),
            password: (*password).clone(),
        };
        let (tried, form) = (tried.setter(), form.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if no_passphrase || no_password {
                let form = form.clone();
                gloo_timers::callback::Timeout::new(30, move || focus::first_invalid(&form)).forget();
                return;
            }
            let (on_close, on_saved) = (on_close.clone(), on_saved.clone());
            save.run(request.clone(), move |answer| {
                if answer.is_ok() {
                    on_saved.emit(());
                    on_close.emit(());
                    toasts::done(t!("backups-saved"));
                }
            });
        })
    };
    let options = EVERY
        .into_iter()
        .map(|e| {
            let (value, label) = every(e);
            SelectOption::new(value, label)
        })
        .collect::<Vec<_>>();
    let wrong = password_error(save.error());
    // Everything that is missing is named at once.
    let passphrase_wrong = (*tried && no_passphrase)
        .then(|| t!("error-passphrase-needed"))
        .or_else(|| save.error_on("passphrase"));
    let password_wrong = (*tried && no_password)
        .then(|| t!("backups-password-missing"))
        .or_else(|| wrong.clone());
    html! {
        <Dialog title={t!("backups-schedule")} on_close={props.on_close.clone()} light_dismiss={false} test_id="backup-schedule-dialog">
            <form class="l-stack u-gap-20" ref={form} {onsubmit} novalidate=true>
                <Select label={t!("backups-every")} value={every(*chosen).0} {options} {on_change} test_id="backup-every" />
                <PasswordField
                    label={if props.backups.passphrase_set { t!("backups-new-passphrase") } else { t!("backups-passphrase") }}
                    hint={Some(t!("backups-passphrase-hint"))}
                    value={(*passphrase).clone()} on_input={typed(&passphrase)} passphrase={true} error={passphrase_wrong} test_id="backup-passphrase" />
                <TextField label={t!("backups-folder")} hint={Some(t!("backups-folder-hint"))} value={(*folder).clone()} on_input={typed(&folder)}
                    literal={true} error={save.error_on("folder")} test_id="backup-folder" />
                <Switch label={t!("backups-copies")} hint={Some(t!("backups-copies-hint"))} on={*copies} on_change={on_copies} />
                <PasswordField label={t!("backups-your-password")} value={(*password).clone()} on_input={typed(&password)} error={password_wrong} test_id="backup-password" />
                if wrong.is_none() {
                    if let Some(error) = save.error_beside(&["passphrase", "folder"]) { <Banner tone={Tone::Danger} alert={true}>{ error }</Banner> }
                }
                <div class="h-dialog__buttons">
                    <Button kind={ButtonKind::Submit} variant={Variant::Filled} full={true} pending={save.pending()} test_id="backup-save">{ t!("action-save") }</Button>
                </div>
            </form>
        </Dialog>
    }
}

/// Minutes by which this machine's clock is ahead of UTC.
fn utc_offset_minutes() -> i32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a whole number of minutes, at most some hundreds"
    )]
    let behind = js_sys::Date::new_0().get_timezone_offset() as i32;
    -behind
}

/// What is wrong with the account's password, when that is it.
pub(super) fn password_error(error: Option<&hearth_api::ApiError>) -> Option<AttrValue> {
    error
        .filter(|e| matches!(e.code, Code::WrongCredentials | Code::PasswordNeeded))
        .map(|_| t!("home-remove-wrong"))
}

#[derive(Properties, PartialEq)]
struct DeleteDialogProps {
    name: String,
    on_close: Callback<()>,
    on_saved: Callback<()>,
}

#[component]
fn DeleteDialog(props: &DeleteDialogProps) -> Html {
    let password = use_state_eq(String::new);
    let delete = use_mutation::<DeleteBackup>();
    let on_input = {
        let password = password.setter();
        Callback::from(move |text: String| password.set(text))
    };
    let onsubmit = {
        let (delete, on_close, on_saved) = (delete.clone(), props.on_close.clone(), props.on_saved.clone());
        let request = DeleteBackup {
            name: props.name.clone(),
            password: (*password).clone(),
        };
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (on_close, on_saved) = (on_close.clone(), on_saved.clone());
            delete.run(request.clone(), move |answer| {
                if answer.is_ok() {
                    on_saved.emit(());
                    on_close.emit(());
                }
            });
        })
    };
    let wrong = password_error(delete.error());
    html! {
        <Dialog title={t!("backups-delete-title")} on_close={props.on_close.clone()} light_dismiss={false}>
            <form class="l-stack u-gap-20" {onsubmit} novalidate=true>
                <p class="u-text-2">{ t!("backups-delete-text") }</p>
                <PasswordField label={t!("backups-your-password")} value={(*password).clone()} {on_input} error={wrong.clone()} test_id="backup-delete-password" />
                if wrong.is_none() {
                    if let Some(error) = delete.error() { <Banner tone={Tone::Danger} alert={true}>{ error_text(error) }</Banner> }
                }
                <div class="h-dialog__buttons">
                    <Button kind={ButtonKind::Submit} variant={Variant::Danger} full={true} pending={delete.pending()} test_id="backup-delete-do">{ t!("backups-delete") }</Button>
                </div>
            </form>
        </Dialog>
    }
}
