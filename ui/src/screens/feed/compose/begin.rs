//! What a composer begins with: nothing, a draft, what was refused, or a post to edit.

use crate::components::Written;
use crate::components::composer::ids_in;
use crate::prelude::*;
use crate::screens::feed::outbox::Refused;
use crate::screens::feed::tray::TrayFile;
use hearth_api::feed::{Audience, Draft, Mention, Post};
use hearth_api::media::MediaItem;
use hearth_api::profile::GetProfile;
use hearth_api::{ApiError, DraftId};

/// What is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ComposeFor {
    /// A new post.
    New,
    /// A new post that goes on where it was left, if it was.
    Resumed,
    /// A new post that was refused.
    Again(Rc<Refused>),
    /// A change to a post.
    Edit(Rc<Post>),
}

impl ComposeFor {
    /// The place of its drafts.
    pub(super) fn place(&self) -> String {
        match self {
            Self::New | Self::Resumed | Self::Again(_) => "feed".to_owned(),
            Self::Edit(post) => format!("edit:{}", post.id),
        }
    }
}

/// What the composer begins with.
#[derive(PartialEq)]
pub(super) struct Begin {
    pub(super) written: Written,
    pub(super) files: Vec<TrayFile>,
    pub(super) audience: Audience,
    pub(super) comments_on: bool,
    pub(super) draft: DraftId,
    pub(super) error: Option<ApiError>,
}

impl Begin {
    pub(super) fn of(what: &ComposeFor, default_audience: Audience) -> Self {
        match what {
            ComposeFor::New | ComposeFor::Resumed => Self {
                written: Written::default(),
                files: Vec::new(),
                audience: default_audience,
                comments_on: true,
                draft: DraftId(ids::uuid()),
                error: None,
            },
            ComposeFor::Again(refused) => Self {
                written: refused.content.written.clone(),
                files: refused.content.files.clone(),
                audience: refused.content.audience,
                comments_on: refused.content.comments_on,
                draft: refused.content.draft,
                error: Some(refused.error.clone()),
            },
            ComposeFor::Edit(post) => Self {
                written: Written::from_wire(&post.text, &post.mentions),
                files: stored(&post.media),
                audience: post.audience,
                comments_on: post.comments_on,
                draft: DraftId(ids::uuid()),
                error: None,
            },
        }
    }
}

/// Files that are at the home already.
pub(crate) fn stored(media: &[MediaItem]) -> Vec<TrayFile> {
    (0_u32..)
        .zip(media)
        .map(|(key, item)| TrayFile::stored(key, item.clone()))
        .collect()
}

/// The people whose ids stand in a draft, with their names: drafts keep only the ids.
async fn warm_names(text: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    for person in ids_in(text) {
        if let Ok(profile) = ask(GetProfile { person }).await {
            found.push(Mention {
                person,
                name: profile.person.name,
                removed: false,
            });
        }
    }
    found
}

/// A draft as it is written on, with the names looked up.
pub(crate) async fn open_draft(draft: &Draft) -> Written {
    Written::from_wire(&draft.text, &warm_names(&draft.text).await)
}
