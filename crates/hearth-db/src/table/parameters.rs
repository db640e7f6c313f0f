//! How models are asked to answer: of a conversation, of the one not begun yet, of a whole account.

use crate::sql::{json, to_json};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::parameters::{Parameters, ParametersOf};
use hearth_api::{ChatId, PersonId};

fn scope(of: ParametersOf) -> Vec<u8> {
    match of {
        ParametersOf::Account => vec![0],
        ParametersOf::Chat { chat } => chat.map(|c| c.as_bytes().to_vec()).unwrap_or_default(),
    }
}

/// The parameters that were set; none when nothing was.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, account: PersonId, of: ParametersOf) -> DbResult<Parameters> {
    let found = tx.first(
        "SELECT parameters FROM parameters WHERE account = ?1 AND scope = ?2",
        (account.as_bytes(), scope(of)),
        |row| json(row, 0, "parameters"),
    )?;
    Ok(found.unwrap_or_default())
}

/// Sets parameters; none set are forgotten.
///
/// # Errors
/// A database error.
pub fn set(
    tx: &mut WriteTx<'_>,
    account: PersonId,
    of: ParametersOf,
    parameters: &Parameters,
) -> DbResult<()> {
    if parameters.is_empty() {
        tx.run(
            "DELETE FROM parameters WHERE account = ?1 AND scope = ?2",
            (account.as_bytes(), scope(of)),
        )?;
        return Ok(());
    }
    let text = to_json(parameters, "parameters")?;
    tx.run(
        "INSERT INTO parameters (account, scope, parameters) VALUES (?1, ?2, ?3)
         ON CONFLICT (account, scope) DO UPDATE SET parameters = ?3",
        (account.as_bytes(), scope(of), text),
    )?;
    Ok(())
}

/// The conversation not begun yet has begun: what was set for it is this one's.
///
/// # Errors
/// A database error.
pub fn begin(tx: &mut WriteTx<'_>, account: PersonId, chat: ChatId) -> DbResult<()> {
    tx.run(
        "UPDATE parameters SET scope = ?2 WHERE account = ?1 AND scope = X''",
        (account.as_bytes(), chat.as_bytes()),
    )?;
    Ok(())
}

/// Forgets what was set for conversations that are gone.
///
/// # Errors
/// A database error.
pub fn purge(tx: &mut WriteTx<'_>) -> DbResult<()> {
    tx.run(
        "DELETE FROM parameters WHERE length(scope) = 16 AND scope NOT IN (SELECT id FROM chat)",
        [],
    )?;
    Ok(())
}
