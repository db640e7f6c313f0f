//! The people of this home and the invites to live in it, for those who look after it.

use super::account::{bind, form_buttons};
use crate::kit::dom;
use crate::prelude::*;
use crate::state::session;
use hearth_api::account::{
    AccountAction, AccountInfo, AccountInvite, AccountInviteInfo, AccountState, ChangeAccount,
    CreateAccountInvite, ListAccountInvites, ListAccounts, RevokeAccountInvite, Role,
};
use hearth_api::app::UpdateHome;

fn role_name(role: Role) -> AttrValue {
    match role {
        Role::Owner => t!("role-owner"),
        Role::Admin => t!("role-admin"),
        Role::Member => t!("role-member"),
    }
}

fn state_badge(state: AccountState) -> Html {
    match state {
        AccountState::Active => Html::default(),
        AccountState::Invited => html! { <Badge tone={Tone::Warn}>{ t!("account-state-invited") }</Badge> },
        AccountState::Suspended => {
            html! { <Badge tone={Tone::Danger} icon={IconName::Lock}>{ t!("account-state-suspended") }</Badge> }
        }
        AccountState::Deleting => {
            html! { <Badge tone={Tone::Danger}>{ t!("account-state-deleting") }</Badge> }
        }
        AccountState::Deleted => html! { <Badge>{ t!("account-state-deleted") }</Badge> },
    }
}

/// People of this home.
#[component]
pub(super) fn PeopleSection() -> Html {
    let accounts = use_query(ListAccounts {}, vec![Topic::Account]);
    let invites = use_query(ListAccountInvites {}, vec![Topic::Account]);
    let inviting = use_state_eq(|| false);
    let acting = use_state(|| None::<(AccountInfo, AccountAction)>);
    let on_action = {
        let acting = acting.setter();
        Callback::from(move |what: (AccountInfo, AccountAction)| acting.set(Some(what)))
    };
    let open = {
        let inviting = inviting.setter();
        Callback::from(move |_: MouseEvent| inviting.set(true))
    };
    let close_invite = {
        let (inviting, refetch) = (inviting.setter(), invites.refetch.clone());
        Callback::from(move |()| {
            inviting.set(false);
            refetch.emit(());
        })
    };
    let close_action = {
        let (acting, refetch) = (acting.setter(), accounts.refetch.clone());
        Callback::from(move |changed: bool| {
            acting.set(None);
            if changed {
                refetch.emit(());
            }
        })
    };
    let rows = || html! { <div class="l-stack"><SkeletonRow /><SkeletonRow /></div> };
    let invite_button = html! {
        <Button variant={Variant::Filled} size={Size::S} start={IconName::UserPlus} on_click={open} test_id="invite-person">{ t!("people-invite") }</Button>
    };
    html! {
        <>
            <HomeName />
            <Section title={t!("people-who")} end={invite_button}>
                { accounts.view(rows(), |all| html! {
                    <Card pad={CardPad::None}>
                        <div class="h-settings__row">
                            { for all.iter().map(|account| html! { <AccountRow key={account.person.id.to_string()} account={account.clone()} on_action={on_action.clone()} /> }) }
                        </div>
                    </Card>
                }) }
            </Section>
            if invites.data.as_ref().is_some_and(|all| !all.is_empty()) {
                <Section title={t!("people-invites")}>
                    { invites.view(rows(), |all| html! {
                        <Card pad={CardPad::None}>
                            <div class="h-settings__row">
                                { for all.iter().map(|invite| html! { <InviteRow key={invite.id.to_string()} invite={invite.clone()} invites={Same(invites.clone())} /> }) }
                            </div>
                        </Card>
                    }) }
                </Section>
            }
            if *inviting { <InviteDialog on_close={close_invite} /> }
            if let Some((account, action)) = &*acting {
                <ActionDialog account={account.clone()} action={*action} on_close={close_action} />
            }
        </>
    }
}

/// A query handed to a child; told apart by its data.
#[derive(Clone)]
struct Same(Query<Vec<AccountInviteInfo>>);

impl PartialEq for Same {
    fn eq(&self, other: &Self) -> bool {
        self.0.data == other.0.data
    }
}

/// The home's own name.
#[component]
fn HomeName() -> Html {
    let status = use_session();
    let now = status.status().map(|s| s.home_name.clone()).unwrap_or_default();
    let editing = use_state_eq(|| None::<String>);
    let save = use_mutation::<UpdateHome>();
    let begin = {
        let (editing, now) = (editing.setter(), now.clone());
        Callback::from(move |_: MouseEvent| editing.set(Some(now.clone())))
    };
    let close = {
        let editing = editing.setter();
        Callback::from(move |()| editing.set(None))
    };
    let onsubmit = {
        let (editing, save, close) = (editing.clone(), save.clone(), close.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let name = editing.as_deref().unwrap_or_default().trim().to_owned();
            let close = close.clone();
            save.run(UpdateHome { name, picture: None }, move |answer| {
                if answer.is_ok() {
                    close.emit(());
                    wasm_bindgen_futures::spawn_local(async {
                        session::refresh().await;
                    });
                }
            });
        })
    };
    let on_input = {
        let editing = editing.setter();
        Callback::from(move |text| editing.set(Some(text)))
    };
    html! {
        <Card pad={CardPad::None}>
            <super::Line label={t!("create-home-name")} value={html! { <bdi>{ now }</bdi> }}>
                <Button size={Size::S} on_click={begin} test_id="rename-home">{ t!("action-change") }</Button>
            </super::Line>
            if let Some(text) = &*editing {
                <Dialog title={t!("create-home-name")} on_close={close.clone()} size={DialogSize::S} light_dismiss={false}>
                    <form class="l-stack u-gap-20" {onsubmit} novalidate=true>
                        <TextField
                            label={t!("create-home-name")}
                            value={text.clone()}
                            {on_input}
                            error={save.error().map(error_text)}
                            max={Some(80)}
                            autofocus={true}
                            test_id="home-name"
                        />
                        { form_buttons(&close, save.pending(), t!("action-save")) }
                    </form>
                </Dialog>
            }
        </Card>
    }
}

#[derive(Properties, PartialEq)]
struct AccountRowProps {
    account: AccountInfo,
    on_action: Callback<(AccountInfo, AccountAction)>,
}

/// What may be offered for an account.
fn actions(
    account: &AccountInfo,
    own: bool,
    by_owner: bool,
) -> Vec<(AccountAction, AttrValue, IconName, bool)> {
    let mut all = Vec::new();
    if own || account.role == Role::Owner {
        return all;
    }
    match account.state {
        AccountState::Active => {
            if account.role == Role::Member {
                all.push((
                    AccountAction::MakeAdmin,
                    t!("people-make-admin"),
                    IconName::ShieldCheck,
                    false,
                ));
            } else {
                all.push((
                    AccountAction::MakeMember,
                    t!("people-make-member"),
                    IconName::User,
                    false,
                ));
            }
            if by_owner {
                all.push((
                    AccountAction::MakeOwner,
                    t!("people-make-owner"),
                    IconName::House,
                    false,
                ));
            }
            if account.totp {
                all.push((
                    AccountAction::RemoveTotp,
                    t!("people-remove-totp"),
                    IconName::KeyRound,
                    false,
                ));
            }
            all.push((AccountAction::Suspend, t!("people-suspend"), IconName::Lock, true));
            all.push((AccountAction::Delete, t!("people-delete"), IconName::Trash2, true));
        }
        AccountState::Suspended => {
            all.push((
                AccountAction::Reinstate,
                t!("people-reinstate"),
                IconName::LockOpen,
                false,
            ));
            all.push((AccountAction::Delete, t!("people-delete"), IconName::Trash2, true));
        }
        AccountState::Deleting => all.push((
            AccountAction::Restore,
            t!("people-restore"),
            IconName::Undo2,
            false,
        )),
        AccountState::Invited | AccountState::Deleted => {}
    }
    all
}

#[component]
fn AccountRow(props: &AccountRowProps) -> Html {
    let me = use_me();
    let account = &props.account;
    let own = me.as_ref().is_some_and(|m| m.person.id == account.person.id);
    let by_owner = me.is_some_and(|m| m.role == Role::Owner);
    let items: Vec<MenuItem> = actions(account, own, by_owner)
        .into_iter()
        .map(|(action, label, icon, danger)| {
            let (on_action, account) = (props.on_action.clone(), account.clone());
            let run = Callback::from(move |()| on_action.emit((account.clone(), action)));
            if danger {
                MenuItem::danger(label, icon, run)
            } else {
                MenuItem::action(label, icon, run)
            }
        })
        .collect();
    html! {
        <ListRow
            title={html! { <span class="l-cluster u-gap-8"><bdi>{ account.person.name.clone() }</bdi>{ state_badge(account.state) }</span> }}
            text={html! {
                <span class="l-cluster u-gap-4">
                    <span>{ role_name(account.role) }</span>
                    <span aria-hidden="true">{ "·" }</span>
                    <span>{ when::bytes(account.media_bytes) }</span>
                    if let Some(at) = account.last_used_at {
                        <span aria-hidden="true">{ "·" }</span>
                        <RelativeTime {at} />
                    }
                </span>
            }}
            start={html! { <PersonAvatar person={account.person.clone()} /> }}
            end={html! {
                if !items.is_empty() { <Menu label={t!("people-actions", "name" => &account.person.name)} {items} test_id="account-menu" /> }
            }}
            test_id="account"
        />
    }
}

#[derive(Properties, PartialEq)]
struct InviteRowProps {
    invite: AccountInviteInfo,
    invites: Same,
}

#[component]
fn InviteRow(props: &InviteRowProps) -> Html {
    let invite = &props.invite;
    let withdraw = {
        let (query, id) = (props.invites.0.clone(), invite.id);
        Callback::from(move |_: MouseEvent| {
            let old = query.change(|all| all.retain(|i| i.id != id));
            let set = query.set.clone();
            optimistic(
                RevokeAccountInvite { id },
                move || {
                    if let Some(old) = old {
                        set.emit(old);
                    }
                },
                |_| toasts::done(t!("people-invite-withdrawn")),
            );
        })
    };
    let title = if invite.note.is_empty() {
        t!("people-invite-plain")
    } else {
        invite.note.clone().into()
    };
    html! {
        <ListRow
            title={html! { <bdi>{ title.clone() }</bdi> }}
            text={html! {
                <span class="l-cluster u-gap-4">
                    <span>{ role_name(invite.role) }</span>
                    <span aria-hidden="true">{ "·" }</span>
                    <span>{ t!("people-invite-until", "date" => when::format(invite.expires_at, &[("day", "numeric"), ("month", "long")])) }</span>
                </span>
            }}
            start={html! { <span class="h-settings__icon"><Icon name={IconName::Ticket} /></span> }}
            end={html! { <Button size={Size::S} label={Some(t!("people-invite-withdraw-one", "name" => title))} on_click={withdraw}>{ t!("people-invite-withdraw") }</Button> }}
            test_id="account-invite"
        />
    }
}

#[derive(Properties, PartialEq)]
struct InviteDialogProps {
    on_close: Callback<()>,
}

#[component]
fn InviteDialog(props: &InviteDialogProps) -> Html {
    let note = use_state_eq(String::new);
    let role = use_state_eq(|| AttrValue::from("member"));
    let days = use_state_eq(|| 7_u8);
    let made = use_state(|| None::<AccountInvite>);
    let create = use_mutation::<CreateAccountInvite>();
    let onsubmit = {
        let (note, role, days, create, made) = (
            note.clone(),
            role.clone(),
            days.clone(),
            create.clone(),
            made.setter(),
        );
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let request = CreateAccountInvite {
                days: *days,
                role: if role.as_str() == "admin" {
                    Role::Admin
                } else {
                    Role::Member
                },
                note: note.trim().to_owned(),
            };
            let made = made.clone();
            create.run(request, move |answer| {
                if let Ok(invite) = answer {
                    made.set(Some(invite));
                }
            });
        })
    };
    let on_role = {
        let role = role.setter();
        Callback::from(move |value| role.set(value))
    };
    let on_days = {
        let days = days.setter();
        Callback::from(move |value: String| {
            if let Ok(value) = value.parse() {
                days.set(value);
            }
        })
    };
    if let Some(invite) = &*made {
        return html! { <MadeDialog code={invite.code.clone()} until={invite.info.expires_at} on_close={props.on_close.clone()} /> };
    }
    let cards = vec![
        RadioCard {
            value: "member".into(),
            label: t!("role-member"),
            hint: Some(t!("role-member-hint")),
            icon: Some(IconName::User),
        },
        RadioCard {
            value: "admin".into(),
            label: t!("role-admin"),
            hint: Some(t!("role-admin-hint")),
            icon: Some(IconName::ShieldCheck),
        },
    ];
    let choices = [1_u8, 7, 14, 30]
        .into_iter()
        .map(|n| SelectOption::new(n.to_string(), t!("days-count", "count" => n)))
        .collect::<Vec<_>>();
    html! {
        <Dialog title={t!("people-invite-title")} on_close={props.on_close.clone()} light_dismiss={false}>
            <form class="l-stack u-gap-20" {onsubmit} novalidate=true>
                <TextField
                    label={t!("people-invite-note")}
                    hint={Some(t!("people-invite-note-hint"))}
                    value={(*note).clone()}
                    on_input={bind(&note)}
                    error={create.error_on("note")}
                    max={Some(80)}
                    autofocus={true}
                    test_id="note"
                />
                <RadioCards legend={t!("people-invite-role")} value={(*role).clone()} {cards} on_change={on_role} />
                <Select label={t!("people-invite-days")} value={days.to_string()} options={choices} on_change={on_days} />
                if let Some(error) = create.error_beside(&["note"]) { <Banner tone={Tone::Danger} alert={true}>{ error }</Banner> }
                { form_buttons(&props.on_close, create.pending(), t!("people-invite-make")) }
            </form>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct MadeDialogProps {
    code: AttrValue,
    until: hearth_api::Timestamp,
    on_close: Callback<()>,
}

/// The code, shown once.
#[component]
fn MadeDialog(props: &MadeDialogProps) -> Html {
    // The desktop window has no address that others could open.
    let link = (!backend::is_desktop())
        .then(|| dom::window().and_then(|w| w.location().origin().ok()))
        .flatten()
        .map(|origin| format!("{origin}/join/{}", props.code));
    let copy = {
        let text = link.clone().unwrap_or_else(|| props.code.to_string());
        Callback::from(move |_: MouseEvent| {
            let text = text.clone();
            wasm_bindgen_futures::spawn_local(async move {
                if dom::copy_text(&text).await {
                    toasts::done(t!("copied"));
                }
            });
        })
    };
    html! {
        <Dialog title={t!("people-invite-made")} on_close={props.on_close.clone()} light_dismiss={false}>
            <div class="l-stack u-gap-20">
                <p class="u-text-2">{ t!("people-invite-made-text") }</p>
                <div class="h-settings__invite">
                    <span class="h-settings__big-code" data-test="invite-code">{ props.code.clone() }</span>
                    if let Some(link) = &link { <span class="u-sm u-text-2 h-settings__secret">{ link.clone() }</span> }
                    <div class="l-cluster">
                        <Button start={IconName::Copy} size={Size::S} on_click={copy}>
                            { if link.is_some() { t!("action-copy-link") } else { t!("action-copy") } }
                        </Button>
                    </div>
                </div>
                <p class="u-sm u-text-2">{ t!("people-invite-until", "date" => when::format(props.until, &[("weekday", "long"), ("day", "numeric"), ("month", "long")])) }</p>
                <div class="h-dialog__buttons">
                    <Button variant={Variant::Filled} on_click={props.on_close.reform(|_| ())}>{ t!("action-done") }</Button>
                </div>
            </div>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct ActionDialogProps {
    account: AccountInfo,
    action: AccountAction,
    on_close: Callback<bool>,
}

/// Asks for the own password; for a deletion also for the name.
#[component]
fn ActionDialog(props: &ActionDialogProps) -> Html {
    let password = use_state_eq(String::new);
    let change = use_mutation::<ChangeAccount>();
    let name = &props.account.person.name;
    let (title, text, verb) = match props.action {
        AccountAction::Suspend => (
            t!("people-suspend-title", "name" => name),
            t!("people-suspend-text"),
            t!("people-suspend"),
        ),
        AccountAction::Reinstate => (
            t!("people-reinstate-title", "name" => name),
            t!("people-reinstate-text"),
            t!("people-reinstate"),
        ),
        AccountAction::Delete => (
            t!("people-delete-title", "name" => name),
            t!("people-delete-text"),
            t!("people-delete"),
        ),
        AccountAction::Restore => (
            t!("people-restore-title", "name" => name),
            t!("people-restore-text"),
            t!("people-restore"),
        ),
        AccountAction::MakeAdmin => (
            t!("people-make-admin-title", "name" => name),
            t!("role-admin-hint"),
            t!("people-make-admin"),
        ),
        AccountAction::MakeOwner => (
            t!("people-make-owner-title", "name" => name),
            t!("people-make-owner-text"),
            t!("people-make-owner"),
        ),
        AccountAction::MakeMember => (
            t!("people-make-member-title", "name" => name),
            t!("role-member-hint"),
            t!("people-make-member"),
        ),
        AccountAction::RemoveTotp => (
            t!("people-remove-totp-title", "name" => name),
            t!("people-remove-totp-text"),
            t!("people-remove-totp"),
        ),
    };
    let run = {
        let (change, password, on_close) = (change.clone(), password.clone(), props.on_close.clone());
        let (person, action) = (props.account.person.id, props.action);
        Callback::from(move |()| {
            let on_close = on_close.clone();
            change.run(
                ChangeAccount {
                    person,
                    action,
                    password: (*password).clone(),
                },
                move |answer| {
                    if answer.is_ok() {
                        on_close.emit(true);
                    }
                },
            );
        })
    };
    let close = props.on_close.reform(|()| false);
    let field = html! {
        <PasswordField
            label={t!("password-yours")}
            value={(*password).clone()}
            on_input={bind(&password)}
            error={change.error().map(error_text)}
            autofocus={true}
            test_id="password"
        />
    };
    if props.action == AccountAction::Delete {
        return html! {
            <ConfirmTyped {title} {text} word={name.clone()} {verb} pending={change.pending()} on_confirm={run} on_close={close}>
                { field }
            </ConfirmTyped>
        };
    }
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        run.emit(());
    });
    html! {
        <Dialog {title} on_close={close.clone()} size={DialogSize::S} light_dismiss={false}>
            <form class="l-stack u-gap-20" {onsubmit} novalidate=true>
                <p class="u-text-2">{ text }</p>
                { field }
                { form_buttons(&close, change.pending(), verb) }
            </form>
        </Dialog>
    }
}
