//! Profiles: a picture, a name, and fields that each have an audience of their own.

use crate::feed::Audience;
use crate::ids::{MediaHash, PersonId};
use crate::people::{PersonCard, Relation};
use serde::{Deserialize, Serialize};

/// The fields of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileField {
    /// The picture; its value is the media hash.
    Picture,
    /// Sign-in name.
    Username,
    /// Day and month of birth, `MM-DD`.
    Birthday,
    /// Year of birth.
    BirthYear,
    /// Home town.
    Hometown,
    /// Occupation.
    Occupation,
    /// About oneself, up to 5000 characters.
    Bio,
    /// A web address.
    Website,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A postal address.
    Address,
    /// The list of friends.
    FriendList,
}

impl ProfileField {
    /// Every field, in the order shown.
    pub const ALL: [Self; 12] = [
        Self::Picture,
        Self::Username,
        Self::Birthday,
        Self::BirthYear,
        Self::Hometown,
        Self::Occupation,
        Self::Bio,
        Self::Website,
        Self::Email,
        Self::Phone,
        Self::Address,
        Self::FriendList,
    ];

    /// The audience a field starts with: `friends` for picture, birthday and friend list, else `me`.
    #[must_use]
    pub fn default_audience(self) -> Audience {
        match self {
            Self::Picture | Self::Birthday | Self::FriendList => Audience::Friends,
            _ => Audience::Me,
        }
    }

    /// The longest text the field takes, in characters.
    #[must_use]
    pub fn max_chars(self) -> usize {
        match self {
            Self::Bio => 5000,
            Self::Website | Self::Email | Self::Address => 320,
            _ => 120,
        }
    }
}

/// A field with its value and, on one's own profile, its audience.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldValue {
    /// Which.
    pub field: ProfileField,
    /// Its text; empty when not set.
    pub value: String,
    /// Who may see it; only on one's own profile.
    pub audience: Option<Audience>,
}

/// Asks for a profile as the viewer may see it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetProfile {
    /// Whose.
    pub person: PersonId,
}

/// A profile as the viewer may see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The person.
    pub person: PersonCard,
    /// The viewer's relation to them.
    pub relation: Relation,
    /// The note of a request waiting for the viewer.
    pub request_note: Option<String>,
    /// The visible fields that are set (all of them on one's own).
    pub fields: Vec<FieldValue>,
    /// Their visible friends; `None` when the list is not visible.
    pub friends: Option<Vec<PersonCard>>,
    /// Friends in common that the viewer may know of.
    pub mutual: Vec<PersonCard>,
    /// The newest visible pictures, at most 9.
    pub pictures: Vec<MediaHash>,
    /// The original of the picture, when the viewer may see it.
    pub picture_original: Option<MediaHash>,
    /// Whether paired homes may find this person; only on one's own profile.
    pub findable: Option<bool>,
    /// Their home was removed, and this is what was known then: nothing can be done with them.
    #[serde(default)]
    pub kept: bool,
}

/// Changes one's own profile; only what is given changes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct UpdateProfile {
    /// Display name, 1-80 characters.
    #[serde(default)]
    pub name: Option<String>,
    /// New values and audiences.
    #[serde(default)]
    pub fields: Vec<FieldChange>,
    /// Whether paired homes may find this person.
    #[serde(default)]
    pub findable: Option<bool>,
}

/// A change to one field. Username, birthday and birth year take only an audience here.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FieldChange {
    /// Which.
    pub field: ProfileField,
    /// The new text; empty clears.
    #[serde(default)]
    pub value: Option<String>,
    /// The new audience.
    #[serde(default)]
    pub audience: Option<Audience>,
}

/// Sets one's picture from an uploaded image, or removes it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetPicture {
    /// The uploaded image; `None` removes the picture.
    pub image: Option<MediaHash>,
    /// The square to show, in pixels of the image; the centre if not given.
    #[serde(default)]
    pub crop: Option<Crop>,
}

/// A square of an image, in its pixels after orientation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crop {
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Side length, at least 1.
    pub size: u32,
}
