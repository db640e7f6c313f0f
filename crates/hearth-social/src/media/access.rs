//! Who may open a file: whoever may see something that carries it.

use super::sight::{Sight, picture_is_public, post_is_public};
use crate::scope;
use hearth_api::{HomeId, MediaHash, PersonId};
use hearth_db::attachment::{self, AttachmentRow, Carrier};
use hearth_db::{DbResult, ReadTx, comment, draft, home, media_owner, person, profile};

/// Most carriers of one file that are looked at, the newest first.
const MAX_CARRIERS: u32 = 500;

/// The homes to ask for a file, in order.
pub(super) type Sources = Vec<HomeId>;

/// Where a file comes from, if somebody of this home may open it.
pub(super) fn for_viewer(tx: &ReadTx<'_>, viewer: PersonId, hash: &MediaHash) -> DbResult<Option<Sources>> {
    let Some(sight) = Sight::of(tx, viewer)? else {
        return Ok(None);
    };
    let mut allowed = media_owner::get(tx, viewer, hash)?.is_some();
    let mut sources = Sources::new();
    for row in attachment::carriers(tx, hash, MAX_CARRIERS)? {
        if carrier_visible(tx, &sight, viewer, &row)? {
            allowed = true;
            add(&mut sources, row.home);
        }
    }
    for owner in profile::people_pictured(tx, hash)? {
        if sight.picture(tx, owner)? {
            allowed = true;
            add(&mut sources, remote_home(tx, owner)?);
        }
    }
    Ok(allowed.then_some(sources))
}

/// Where a file comes from, if somebody of another home may open it. What this home only has from elsewhere is passed on where an
/// item of this home carries it (a relayed comment), never back to where it came from.
pub(super) fn for_home(tx: &ReadTx<'_>, asking: &HomeId, hash: &MediaHash) -> DbResult<Option<Sources>> {
    let mut carriers = attachment::carriers(tx, hash, MAX_CARRIERS)?;
    if media_owner::is_owned(tx, hash)? {
        // Naming a file proves nothing: of one that is somebody's here, only what people here hung it on counts.
        carriers.retain(|row| row.home.is_none());
    }
    let mut pictured = Vec::new();
    for owner in profile::people_pictured(tx, hash)? {
        if remote_home(tx, owner)?.is_none() {
            pictured.push(owner);
        }
    }
    let mut sources = Sources::new();
    let mut allowed = false;
    // To people over there whom this home has not heard of, only a connection as a whole opens anything.
    let whole = scope::covered(tx, asking)?.is_none();
    for row in &carriers {
        if whole && public_to_homes(tx, row)? {
            allowed = true;
            add(&mut sources, row.home.clone().filter(|from| from != asking));
        }
    }
    for owner in &pictured {
        allowed = allowed || whole && picture_is_public(tx, *owner)?;
    }
    if allowed {
        return Ok(Some(sources));
    }
    for reader in person::of_home(tx, asking)? {
        let Some(sight) = Sight::of(tx, reader.id)? else {
            continue;
        };
        for row in &carriers {
            if !matches!(row.carrier, Carrier::Draft(_)) && carrier_visible(tx, &sight, reader.id, row)? {
                allowed = true;
                add(&mut sources, row.home.clone().filter(|from| from != asking));
            }
        }
        for owner in &pictured {
            allowed = allowed || sight.picture(tx, *owner)?;
        }
        if allowed {
            return Ok(Some(sources));
        }
    }
    Ok(None)
}

/// Whether anybody of a connected home, known here or not, may see what carries the file.
fn public_to_homes(tx: &ReadTx<'_>, row: &AttachmentRow) -> DbResult<bool> {
    match row.carrier {
        Carrier::Post(id) => post_is_public(tx, id),
        Carrier::Comment(id) => match comment::get(tx, id)? {
            Some(comment) if comment.accepted && !comment.deleted => post_is_public(tx, comment.post),
            _ => Ok(false),
        },
        Carrier::Draft(_) => Ok(false),
    }
}

fn carrier_visible(tx: &ReadTx<'_>, sight: &Sight, viewer: PersonId, row: &AttachmentRow) -> DbResult<bool> {
    match row.carrier {
        Carrier::Post(id) => sight.post(tx, id),
        Carrier::Comment(id) => sight.comment(tx, id),
        Carrier::Draft(id) => Ok(draft::get(tx, id)?.is_some_and(|draft| draft.account == viewer)),
    }
}

/// The home of a person who lives elsewhere.
fn remote_home(tx: &ReadTx<'_>, owner: PersonId) -> DbResult<Option<HomeId>> {
    let own = home::own(tx)?.map(|row| row.id);
    Ok(person::get(tx, owner)?
        .map(|row| row.home)
        .filter(|home| Some(home) != own.as_ref()))
}

fn add(sources: &mut Sources, home: Option<HomeId>) {
    if let Some(home) = home.filter(|home| !sources.contains(home)) {
        sources.push(home);
    }
}
