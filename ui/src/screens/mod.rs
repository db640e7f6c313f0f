//! The screens, area by area: they fetch by the hooks of `state` and draw with `components`.

pub mod activity;
pub mod assistant;
pub mod feed;
pub mod friends;
pub mod gallery;
pub mod homes;
pub mod notifications;
pub mod people;
pub mod post;
pub mod profile;
pub mod settings;
pub mod start;
pub mod viewer;

use crate::routes::Route;
use yew::prelude::*;

/// The screen of a place.
pub fn show(route: &Route) -> Html {
    match route {
        Route::Feed => html! { <feed::FeedPage /> },
        Route::Compose => html! { <feed::FeedPage compose={true} /> },
        Route::Post { post } => html! { <feed::PostPage post={*post} /> },
        Route::Profile { person } => html! { <people::ProfilePage person={*person} /> },
        Route::ProfileAbout { person } => {
            html! { <people::ProfilePage person={*person} part={people::ProfilePart::About} /> }
        }
        Route::ProfileFriends { person } => {
            html! { <people::ProfilePage person={*person} part={people::ProfilePart::Friends} /> }
        }
        Route::Friends => html! { <people::FriendsPage /> },
        Route::Requests => html! { <people::FriendsPage requests={true} /> },
        Route::Pair => html! { <homes::PairPage /> },
        Route::PairInvite => html! { <homes::PairInvitePage /> },
        Route::Invite { code } => html! { <homes::InvitePage code={code.clone()} /> },
        Route::Health => html! { <homes::HealthPage /> },
        Route::Notifications => html! { <notifications::NotificationsPage /> },
        Route::Activity => html! { <activity::ActivityPage /> },
        Route::NewChat => html! { <assistant::ChatPage /> },
        Route::Chats => html! { <assistant::ChatsPage /> },
        Route::Chat { chat } => html! { <assistant::ChatPage chat={Some(*chat)} /> },
        Route::Models => html! { <assistant::ModelsPage /> },
        Route::Settings => html! { <settings::SettingsPage /> },
        Route::SettingsSection { section } => html! { <settings::SettingsPage section={Some(*section)} /> },
        Route::Welcome => html! { <start::WelcomePage /> },
        Route::RestoreHome => html! { <start::RestorePage /> },
        Route::CreateHome => html! { <start::CreatePage /> },
        Route::WelcomeDone => html! { <start::DonePage /> },
        Route::Join => html! { <start::JoinPage /> },
        Route::JoinCode { code } => html! { <start::JoinPage code={code.clone()} /> },
        Route::SignIn => html! { <start::SignInPage /> },
        Route::ConnectDevice => html! { <start::ConnectDevicePage /> },
        Route::Gallery => gallery::show(),
        Route::NotFound => html! { <start::NotFoundPage /> },
    }
}
