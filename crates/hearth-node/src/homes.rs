//! Commands about paired homes, for whoever may give them: those who run the home, and for connections that are about one person
//! alone, that person.

use crate::node::Node;
use hearth_api::homes::{
    ChangeHome, CloseSubscription, ConfirmWords, CreateHomeInvite, Home, HomeAction, HomeInvite, HomeScope,
    InviteScope,
};
use hearth_api::{ApiError, ApiResult, Code, HomeId};
use hearth_social::Viewer;

impl Node {
    /// Paired homes; people who do not run this home see only who, whether connected, and the words of what is about them.
    pub(crate) async fn list_homes(&self, viewer: &Viewer) -> ApiResult<Vec<Home>> {
        let mut homes = self.federation().list_homes().await?;
        for home in &mut homes {
            self.show(viewer, home).await?;
            if !viewer.role.is_admin() {
                home.addresses.clear();
                // Why is for those who run it; that it takes nothing is told to all.
                if !home.shuts_out() {
                    home.last_error = None;
                }
                if !is_about(home, viewer) {
                    home.words = None;
                }
            }
        }
        Ok(homes)
    }

    /// Adds the pictures that the viewer may see.
    async fn show(&self, viewer: &Viewer, home: &mut Home) -> ApiResult<()> {
        if let Some(contact) = &home.contact {
            home.contact = self.social().person_card(viewer, contact.id).await?;
        }
        if let HomeScope::Limited { people } = &mut home.scope {
            for person in people {
                if let Some(card) = self.social().person_card(viewer, person.id).await? {
                    *person = card;
                }
            }
        }
        Ok(())
    }

    /// Makes an invite: for the whole home only those who run it, for oneself everybody.
    pub(crate) async fn create_home_invite(
        &self,
        viewer: &Viewer,
        request: CreateHomeInvite,
    ) -> ApiResult<HomeInvite> {
        if request.scope != InviteScope::Person && !viewer.role.is_admin() {
            return Err(ApiError::forbidden("Only an admin can pair the whole home."));
        }
        self.federation().create_invite(viewer.person, request).await
    }

    /// Pairs by an invite, with the accepting person as the contact.
    pub(crate) async fn accept_invite(&self, viewer: &Viewer, link: &str) -> ApiResult<Home> {
        let mut home = self.federation().accept_invite(viewer.person, link).await?;
        self.show(viewer, &mut home).await?;
        Ok(home)
    }

    /// Says whether the safety words are the same.
    pub(crate) async fn confirm_words(&self, viewer: &Viewer, request: ConfirmWords) -> ApiResult<()> {
        self.may_look_after(viewer, &request.home).await?;
        self.federation().confirm_words(&request.home, request.same).await
    }

    /// Ends what a limited connection covers for one person.
    pub(crate) async fn close_subscription(
        &self,
        viewer: &Viewer,
        request: CloseSubscription,
    ) -> ApiResult<()> {
        if !viewer.role.is_admin() && viewer.person != request.person {
            return Err(ApiError::forbidden(
                "Only an admin or the person it is about can end this.",
            ));
        }
        self.federation()
            .close_subscription(&request.home, request.person)
            .await
    }

    /// Blocks, unblocks or removes a home; removing asks the password again.
    pub(crate) async fn change_home(&self, viewer: &Viewer, request: ChangeHome) -> ApiResult<()> {
        if matches!(request.action, HomeAction::Remove | HomeAction::RemoveKeeping) {
            let password = request.password.ok_or_else(|| {
                ApiError::new(Code::PasswordNeeded, "Type your password to remove this home.")
            })?;
            self.social().check_password(viewer, &password).await?;
        }
        self.federation().change_home(&request.home, request.action).await
    }

    /// Those who run this home, and whom a limited connection is about.
    async fn may_look_after(&self, viewer: &Viewer, home: &HomeId) -> ApiResult<()> {
        if viewer.role.is_admin() || self.federation().covers(home, viewer.person).await? {
            return Ok(());
        }
        Err(ApiError::forbidden("Only an admin can do this."))
    }
}

/// Whether a limited connection is about the viewer.
fn is_about(home: &Home, viewer: &Viewer) -> bool {
    match &home.scope {
        HomeScope::Full => false,
        HomeScope::Limited { people } => people.iter().any(|person| person.id == viewer.person),
    }
}
