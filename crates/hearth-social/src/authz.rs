//! The one table of who may do what, for people of this home and for activities from other homes alike.
//!
//! Somebody stands towards an item in one or more [`Role`]s, and may do what any of these roles may. What they cannot
//! even see is answered with `not_found`, what they see but may not do with `forbidden`.
//!
//! Not here: who sees what (`visibility`), and states in which a permitted step makes no sense.

use hearth_api::{ApiError, Code};

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Reads an item and what hangs on it.
    Read,
    /// Writes a comment on a post.
    Comment,
    /// Sets a reaction.
    React,
    /// Takes a reaction back.
    Unreact,
    /// Changes a post's text, media or audience.
    EditPost,
    /// Deletes a post.
    DeletePost,
    /// Takes copies of a post back.
    RetractPost,
    /// Switches a post's comments off or on.
    ControlPost,
    /// Sees how far a post has travelled.
    FollowDelivery,
    /// Changes a comment.
    EditComment,
    /// Deletes a comment.
    DeleteComment,
    /// Takes a mention out.
    RemoveMention,
}

/// How somebody stands towards an item that they do something with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Wrote it.
    Author,
    /// Wrote the post that the comment belongs to.
    PostAuthor,
    /// Is mentioned in it.
    Mentioned,
    /// May see it.
    Viewer,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 12] = [
        Self::Read,
        Self::Comment,
        Self::React,
        Self::Unreact,
        Self::EditPost,
        Self::DeletePost,
        Self::RetractPost,
        Self::ControlPost,
        Self::FollowDelivery,
        Self::EditComment,
        Self::DeleteComment,
        Self::RemoveMention,
    ];

    /// The table: who may.
    #[must_use]
    pub const fn allowed(self) -> &'static [Role] {
        match self {
            Self::Read | Self::Comment | Self::React | Self::Unreact => &[Role::Author, Role::Viewer],
            Self::EditPost
            | Self::DeletePost
            | Self::RetractPost
            | Self::ControlPost
            | Self::FollowDelivery
            | Self::EditComment => &[Role::Author],
            Self::DeleteComment => &[Role::Author, Role::PostAuthor],
            Self::RemoveMention => &[Role::Mentioned],
        }
    }
}

/// The roles of somebody towards an item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Roles {
    /// Wrote it.
    pub author: bool,
    /// Wrote the post that the comment belongs to.
    pub post_author: bool,
    /// Is mentioned in it.
    pub mentioned: bool,
    /// May see it by the rule.
    pub viewer: bool,
    /// It is kept of a home that was removed, or hangs on something that is: whatever they are, they may only read it, and take back what
    /// they wrote or how they reacted.
    pub kept: bool,
}

impl Roles {
    fn has(self, role: Role) -> bool {
        match role {
            Role::Author => self.author,
            Role::PostAuthor => self.post_author,
            Role::Mentioned => self.mentioned,
            Role::Viewer => self.viewer,
        }
    }

    /// Whether these roles may do it.
    #[must_use]
    pub fn may(self, action: Action) -> bool {
        let open = !self.kept || matches!(action, Action::Read | Action::DeleteComment | Action::Unreact);
        open && action.allowed().iter().any(|role| self.has(*role))
    }

    /// Says why not, when these roles may not do it.
    ///
    /// # Errors
    /// `not_found` for what they may not see, else `forbidden`.
    pub fn check(self, action: Action) -> Result<(), ApiError> {
        if self.may(action) {
            return Ok(());
        }
        if self.viewer {
            return Err(ApiError::forbidden(match action {
                _ if self.kept => "The home that this came from was removed. It can only be read.",
                Action::RemoveMention => "You are not mentioned here.",
                Action::DeleteComment => "Only the authors of the comment and of the post can delete it.",
                _ => "Only its author can do this.",
            }));
        }
        Err(ApiError::not_found())
    }

    /// As [`Roles::check`] for an activity from another home: the code to refuse it with.
    ///
    /// # Errors
    /// `not_authorised`.
    pub fn check_remote(self, action: Action) -> Result<(), Code> {
        if self.may(action) {
            Ok(())
        } else {
            Err(Code::NotAuthorised)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_in_full() {
        let columns = [
            (
                "author",
                Roles {
                    author: true,
                    viewer: true,
                    ..Roles::default()
                },
            ),
            (
                "post author",
                Roles {
                    post_author: true,
                    viewer: true,
                    ..Roles::default()
                },
            ),
            (
                "mentioned",
                Roles {
                    mentioned: true,
                    viewer: true,
                    ..Roles::default()
                },
            ),
            (
                "viewer",
                Roles {
                    viewer: true,
                    ..Roles::default()
                },
            ),
            ("stranger", Roles::default()),
        ];
        let rendered: String = Action::ALL
            .into_iter()
            .map(|action| {
                let row: Vec<&str> = columns
                    .iter()
                    .map(|(_, roles)| match roles.check(action) {
                        Ok(()) => "Y",
                        Err(error) if error.code == Code::NotFound => "0",
                        Err(_) => "-",
                    })
                    .collect();
                format!("{:<15}{}\n", format!("{action:?}"), row.join(" "))
            })
            .collect();
        // Columns: author, author of the post, mentioned, viewer, stranger. `0`: answered as if it were not there.
        let expected = "\
Read           Y Y Y Y 0
Comment        Y Y Y Y 0
React          Y Y Y Y 0
Unreact        Y Y Y Y 0
EditPost       Y - - - 0
DeletePost     Y - - - 0
RetractPost    Y - - - 0
ControlPost    Y - - - 0
FollowDelivery Y - - - 0
EditComment    Y - - - 0
DeleteComment  Y Y - - 0
RemoveMention  - - Y - 0
";
        assert_eq!(rendered, expected);
        for (name, roles) in columns {
            for action in Action::ALL {
                assert_eq!(
                    roles.check(action).is_ok(),
                    roles.check_remote(action).is_ok(),
                    "{name} may do {action:?} from here and from elsewhere alike"
                );
            }
        }
    }
}
