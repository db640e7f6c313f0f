//! What was said, what runs, and what could not be saved: everything that a person may have missed.

use super::settings::backups::{phase_text, share};
use crate::components::JobRow;
use crate::prelude::*;
use crate::state::jobs::use_jobs;
use crate::state::toasts::{Said, Toast, use_said, use_toasts};
use crate::state::unsaved::{self, Again, Unsaved, use_sending_again, use_unsaved};
use hearth_api::backup::{CancelJob, ListBackups};

/// The activity.
#[component]
pub fn ActivityPage() -> Html {
    let said = use_said();
    let toasts = use_toasts();
    let unsaved = use_unsaved();
    let again = use_sending_again();
    let jobs = use_jobs();
    let admin = use_me().is_some_and(|m| m.role.is_admin());
    let backups = use_query_if(admin.then(ListBackups::default), vec![Topic::Backups]);
    let cancel = use_mutation::<CancelJob>();
    let backup = backups
        .data
        .as_ref()
        .and_then(|b| b.job.clone())
        .filter(|job| !job.phase.is_end());
    let stop_backup = {
        let cancel = cancel.clone();
        Callback::from(move |()| cancel.run_or_toast(CancelJob::default(), |_| ()))
    };
    let quiet = said.is_empty() && unsaved.is_empty() && jobs.is_empty() && backup.is_none();
    html! {
        <Page title={t!("nav-activity")} test_id="activity">
            <div class="l-stack u-gap-32">
                if quiet {
                    <EmptyState icon={IconName::Activity} title={t!("activity-empty-title")} text={t!("activity-empty-text")} test_id="activity-empty">
                        <ButtonLink to={Route::Feed}>{ t!("action-to-feed") }</ButtonLink>
                    </EmptyState>
                }
                if !unsaved.is_empty() {
                    <Section title={t!("activity-unsaved")} hint={Some(t!("activity-unsaved-hint"))}>
                        <ul class="l-stack u-gap-12">
                            { for unsaved.iter().rev().map(|entry| html! {
                                <li key={entry.id.to_string()}>{ unsaved_view(entry, again.contains(&entry.id)) }</li>
                            }) }
                        </ul>
                    </Section>
                }
                if !jobs.is_empty() || backup.is_some() {
                    <Section title={t!("activity-jobs")}>
                        <Card pad={CardPad::None} class="h-activity__lines">
                            if let Some(job) = &backup {
                                <JobRow label={phase_text(job)} share={share(job)} on_stop={stop_backup} stopping={cancel.pending()} />
                            }
                            { for jobs.iter().map(|job| html! {
                                <JobRow
                                    key={job.id}
                                    label={t!("activity-upload", "name" => &job.name)}
                                    began={job.began}
                                    share={job.share}
                                    on_stop={job.stop.clone()}
                                />
                            }) }
                        </Card>
                    </Section>
                }
                if !said.is_empty() {
                    <Section title={t!("activity-said")} hint={Some(t!("activity-said-hint"))}>
                        <Card pad={CardPad::None} class="h-activity__lines">
                            { for said.iter().rev().map(|said| said_view(said, toasts.iter().find(|t| t.id == said.id))) }
                        </Card>
                    </Section>
                }
            </div>
        </Page>
    }
}

/// What was said, with what can still be done about it.
fn said_view(said: &Said, toast: Option<&Rc<Toast>>) -> Html {
    let id = said.id;
    html! {
        <div class="h-activity__said" key={id} data-tone={said.tone.as_str()} data-test="said">
            <Icon name={if said.tone == Tone::Danger { IconName::CircleAlert } else { IconName::Info }} size={IconSize::S} />
            <p class="l-grow" dir="auto">{ said.text.clone() }</p>
            if let Some(toast) = toast {
                <span class="l-cluster u-gap-8">
                    { for toast.actions.iter().enumerate().map(|(at, action)| html! {
                        <Button size={Size::S} variant={Variant::Quiet} on_click={Callback::from(move |_: MouseEvent| toasts::act(id, at))}>{ action.label.clone() }</Button>
                    }) }
                </span>
            }
            <span class="u-sm u-text-3"><RelativeTime at={said.at} /></span>
        </div>
    }
}

/// What an entry is.
fn name(entry: &Unsaved) -> (AttrValue, IconName) {
    match &entry.again {
        Again::Post(_) => (t!("unsaved-post"), IconName::FileText),
        Again::Comment(request) if request.parent.is_some() => (t!("unsaved-reply"), IconName::Reply),
        Again::Comment(_) => (t!("unsaved-comment"), IconName::MessageCircle),
        Again::Edit(..) => (t!("unsaved-edit"), IconName::Pencil),
        Again::Words => (t!("unsaved-words"), IconName::FileText),
    }
}

/// Words that could not be saved, and what can be done with them.
fn unsaved_view(entry: &Rc<Unsaved>, sending: bool) -> Html {
    let id = entry.id;
    let (what, icon) = name(entry);
    let retry = Callback::from(move |_: MouseEvent| unsaved::retry(id));
    let copy = {
        let words = entry.words.clone();
        Callback::from(move |_: MouseEvent| unsaved::copy(&words))
    };
    let discard = Callback::from(move |_: MouseEvent| unsaved::discard(id));
    let files = entry.files();
    html! {
        <Card test_id="unsaved">
            <article class="l-stack u-gap-12" aria-label={what.clone()} aria-busy={sending.then_some("true")}>
                <header class="l-row u-gap-8">
                    <Icon name={icon} size={IconSize::S} />
                    <span class="u-bold l-grow">{ what }</span>
                    if let Again::Post(request) = &entry.again { <AudienceChip audience={request.audience} /> }
                    if files > 0 { <Badge icon={IconName::Image}>{ t!("unsaved-files", "count" => files) }</Badge> }
                    <span class="u-sm u-text-3"><RelativeTime at={entry.at} /></span>
                </header>
                if !entry.words.trim().is_empty() { <p class="h-activity__words" dir="auto">{ entry.words.clone() }</p> }
                <p class="h-activity__why"><Icon name={IconName::CircleAlert} size={IconSize::S} /><span>{ error_text(&entry.reason) }</span></p>
                if entry.goes_by_itself() { <p class="u-sm u-text-2">{ t!("unsaved-by-itself") }</p> }
                <div class="l-cluster u-gap-8">
                    if entry.again != Again::Words {
                        <Button size={Size::S} variant={Variant::Filled} start={IconName::RotateCw} pending={sending} on_click={retry} test_id="unsaved-retry">{ t!("action-try-again") }</Button>
                    }
                    <Button size={Size::S} start={IconName::Copy} on_click={copy} test_id="unsaved-copy">{ t!("action-copy-text") }</Button>
                    <Button size={Size::S} variant={Variant::Quiet} start={IconName::Trash2} on_click={discard} test_id="unsaved-discard">{ t!("action-discard") }</Button>
                </div>
            </article>
        </Card>
    }
}
