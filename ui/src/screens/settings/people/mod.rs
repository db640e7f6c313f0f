//! The people of this home and the invites to live in it, for those who look after it.

mod dialogs;
mod invite;
mod reset;

use super::account::form_buttons;
use crate::prelude::*;
use crate::state::session;
use dialogs::ActionDialog;
use hearth_api::account::{
    AccountAction, AccountInfo, AccountInviteInfo, AccountState, ListAccountInvites, ListAccounts,
    RevokeAccountInvite, Role,
};
use hearth_api::app::UpdateHome;
use invite::InviteDialog;
use reset::ResetCodeDialog;

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
    let code_for = use_state(|| None::<AccountInfo>);
    let on_code = {
        let code_for = code_for.setter();
        Callback::from(move |account: AccountInfo| code_for.set(Some(account)))
    };
    let close_code = {
        let code_for = code_for.setter();
        Callback::from(move |()| code_for.set(None))
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
                            { for all.iter().map(|account| html! { <AccountRow key={account.person.id.to_string()} account={account.clone()} on_action={on_action.clone()} on_code={on_code.clone()} /> }) }
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
            if let Some(account) = &*code_for { <ResetCodeDialog account={account.clone()} on_close={close_code} /> }
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
            save.run(UpdateHome { name }, move |answer| {
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
    on_code: Callback<AccountInfo>,
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
    let mut items: Vec<MenuItem> = actions(account, own, by_owner)
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
    // The owner gets back in at the home's own computer.
    let may_sign_in = matches!(account.state, AccountState::Active | AccountState::Deleting);
    if may_sign_in && !own && account.role != Role::Owner {
        let (on_code, whose) = (props.on_code.clone(), account.clone());
        items.insert(
            0,
            MenuItem::action(
                t!("people-reset"),
                IconName::KeyRound,
                Callback::from(move |()| on_code.emit(whose.clone())),
            ),
        );
    }
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
