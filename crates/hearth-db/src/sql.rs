//! Helpers for statements: cached, with typed ids as parameters and columns.

use crate::{DbError, DbResult, ReadTx, WriteTx};
use hearth_api::{HomeId, MediaHash, Timestamp};
use rusqlite::types::FromSql;
use rusqlite::{OptionalExtension, Params, Row};

impl ReadTx<'_> {
    /// The rows of a query, each read by `map`.
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        mut map: impl FnMut(&Row<'_>) -> DbResult<T>,
    ) -> DbResult<Vec<T>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            out.push(map(row)?);
        }
        Ok(out)
    }

    /// The first row of a query, if there is one.
    pub(crate) fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        mut map: impl FnMut(&Row<'_>) -> DbResult<T>,
    ) -> DbResult<Option<T>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        rows.next()?.map(&mut map).transpose()
    }

    /// The single value of a query, if there is a row.
    pub(crate) fn value<T: FromSql>(&self, sql: &str, params: impl Params) -> DbResult<Option<T>> {
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row(params, |row| row.get(0))
            .optional()?)
    }

    /// A count or sum; 0 when there is no row.
    pub(crate) fn count(&self, sql: &str, params: impl Params) -> DbResult<u64> {
        Ok(self
            .value::<i64>(sql, params)?
            .map_or(0, |n| u64::try_from(n).unwrap_or(0)))
    }

    /// Whether a query has a row.
    pub(crate) fn exists(&self, sql: &str, params: impl Params) -> DbResult<bool> {
        Ok(self.conn.prepare_cached(sql)?.exists(params)?)
    }
}

impl WriteTx<'_> {
    /// Runs a statement; the number of rows changed.
    pub(crate) fn run(&mut self, sql: &str, params: impl Params) -> DbResult<usize> {
        Ok(self.conn.prepare_cached(sql)?.execute(params)?)
    }
}

/// Reads a 16-byte id.
pub(crate) fn id<T: From<uuid::Uuid>>(row: &Row<'_>, column: usize) -> DbResult<T> {
    let bytes: [u8; 16] = row.get(column)?;
    Ok(T::from(uuid::Uuid::from_bytes(bytes)))
}

/// Reads an optional 16-byte id.
pub(crate) fn opt_id<T: From<uuid::Uuid>>(row: &Row<'_>, column: usize) -> DbResult<Option<T>> {
    let bytes: Option<[u8; 16]> = row.get(column)?;
    Ok(bytes.map(|b| T::from(uuid::Uuid::from_bytes(b))))
}

/// Reads a home id.
pub(crate) fn home(row: &Row<'_>, column: usize) -> DbResult<HomeId> {
    parsed(row, column, "home id")
}

/// Reads an optional media hash.
pub(crate) fn opt_hash(row: &Row<'_>, column: usize) -> DbResult<Option<MediaHash>> {
    let text: Option<String> = row.get(column)?;
    text.map(|t| {
        t.parse()
            .map_err(|_why: hearth_api::InvalidId| DbError::Malformed("media hash"))
    })
    .transpose()
}

/// Reads a text column that parses into `T`.
pub(crate) fn parsed<T: std::str::FromStr>(row: &Row<'_>, column: usize, what: &'static str) -> DbResult<T> {
    let text: String = row.get(column)?;
    text.parse().map_err(|_why: T::Err| DbError::Malformed(what))
}

/// Reads a time.
pub(crate) fn at(row: &Row<'_>, column: usize) -> DbResult<Timestamp> {
    Ok(Timestamp(row.get(column)?))
}

/// Reads an optional time.
pub(crate) fn opt_at(row: &Row<'_>, column: usize) -> DbResult<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp))
}

/// Reads JSON text.
pub(crate) fn json<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: usize,
    what: &'static str,
) -> DbResult<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|_why: serde_json::Error| DbError::Malformed(what))
}

/// Writes JSON text. Our own types always serialise.
pub(crate) fn to_json<T: serde::Serialize>(value: &T, what: &'static str) -> DbResult<String> {
    serde_json::to_string(value).map_err(|_why: serde_json::Error| DbError::Malformed(what))
}

/// Reads a non-negative integer.
pub(crate) fn unsigned<T: TryFrom<i64>>(row: &Row<'_>, column: usize, what: &'static str) -> DbResult<T> {
    let n: i64 = row.get(column)?;
    T::try_from(n).map_err(|_why: T::Error| DbError::Malformed(what))
}
