//! What people say about the models of a provider: ids typed by hand, and what is otherwise than the server tells.

use crate::sql::{json, to_json};
use crate::{DbError, DbResult, ReadTx, WriteTx};
use hearth_api::ProviderId;
use rusqlite::Row;

/// What was said about a model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelRow {
    /// Its id on the provider.
    pub model: String,
    /// Whether the id was typed by hand.
    pub by_hand: bool,
    /// Tokens of context; `None` is as the server tells.
    pub context: Option<u32>,
    /// What it can; `None` is as the server tells.
    pub capabilities: Option<Vec<String>>,
}

fn read(row: &Row<'_>) -> DbResult<ModelRow> {
    let context: Option<i64> = row.get(2)?;
    let capabilities: Option<String> = row.get(3)?;
    Ok(ModelRow {
        model: row.get(0)?,
        by_hand: row.get(1)?,
        context: context
            .map(|n| u32::try_from(n).map_err(|_out_of_range| DbError::Malformed("context")))
            .transpose()?,
        capabilities: if capabilities.is_some() {
            Some(json(row, 3, "capabilities")?)
        } else {
            None
        },
    })
}

/// What was said about a provider's models, by their ids.
///
/// # Errors
/// A database error.
pub fn list(tx: &ReadTx<'_>, provider: ProviderId) -> DbResult<Vec<ModelRow>> {
    tx.all(
        "SELECT model, by_hand, context, capabilities FROM provider_model WHERE provider = ?1 ORDER BY model",
        [provider.as_bytes()],
        read,
    )
}

/// What was said about one model.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, provider: ProviderId, model: &str) -> DbResult<Option<ModelRow>> {
    tx.first(
        "SELECT model, by_hand, context, capabilities FROM provider_model WHERE provider = ?1 AND model = ?2",
        (provider.as_bytes(), model),
        read,
    )
}

/// Keeps what is said about a model; one about which nothing is said is forgotten.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, provider: ProviderId, row: &ModelRow) -> DbResult<()> {
    if !row.by_hand && row.context.is_none() && row.capabilities.is_none() {
        tx.run(
            "DELETE FROM provider_model WHERE provider = ?1 AND model = ?2",
            (provider.as_bytes(), &row.model),
        )?;
        return Ok(());
    }
    let capabilities = row
        .capabilities
        .as_ref()
        .map(|c| to_json(c, "capabilities"))
        .transpose()?;
    tx.run(
        "INSERT INTO provider_model (provider, model, by_hand, context, capabilities) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (provider, model) DO UPDATE SET by_hand = ?3, context = ?4, capabilities = ?5",
        (
            provider.as_bytes(),
            &row.model,
            row.by_hand,
            row.context,
            capabilities,
        ),
    )?;
    Ok(())
}
