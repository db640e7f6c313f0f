//! The first lines of a backup: readable by everybody, and only what a person needs to recognise it.

use super::{BackupError, FORMAT, Part, age};
use data_encoding::HEXLOWER;
use hearth_api::{HomeId, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::io::{BufRead, Read as _, Write};

const MAGIC: &str = "hearth-backup/";
/// The longest of the lines.
const MAX_LINE: u64 = 4096;

/// What a backup says of itself before anybody has typed its passphrase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preface {
    /// The version of the program that made it.
    pub program: String,
    /// The version of the database's schema.
    pub schema: i64,
    /// When it was made.
    pub made_at: Timestamp,
    /// Of which home.
    pub home: HomeId,
    /// How many people live there.
    pub people: u64,
    /// The bytes of what is in it.
    pub bytes: u64,
    /// SHA-256 of the encryption's header, so that damage there is not taken for a wrong passphrase.
    header: String,
}

fn hash(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// Whether a file begins as no backup does. A backup whose beginning is damaged still has most of it.
fn is_something_else(head: &[u8]) -> bool {
    let alike = head.iter().zip(MAGIC.as_bytes()).filter(|(a, b)| a == b).count();
    head.len() >= MAGIC.len() && alike.saturating_mul(2) < MAGIC.len()
}

impl Preface {
    /// For a new backup with this header.
    pub(super) fn new(
        schema: i64,
        made_at: Timestamp,
        home: HomeId,
        people: u64,
        bytes: u64,
        header: &age::Header,
    ) -> Self {
        Self {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            schema,
            made_at,
            home,
            people,
            bytes,
            header: hash(&header.bytes),
        }
    }

    /// Writes the lines and the header.
    pub(super) fn write(&self, header: &age::Header, out: &mut impl Write) -> std::io::Result<()> {
        let json = serde_json::to_string(self).map_err(std::io::Error::other)?;
        let lines = format!("{MAGIC}{FORMAT}\n{json}\n");
        writeln!(out, "{lines}{}", hash(lines.as_bytes()))?;
        out.write_all(&header.bytes)
    }

    /// Reads the lines and the header; the content follows.
    ///
    /// # Errors
    /// [`BackupError::NotABackup`], [`BackupError::Damaged`], [`BackupError::TooNew`].
    pub fn read(input: &mut impl BufRead) -> Result<(Self, Vec<u8>), BackupError> {
        let damaged = || BackupError::Damaged(Part::Header);
        let head = input
            .fill_buf()
            .map_err(|error| BackupError::io("the backup", error))?;
        if is_something_else(head) {
            return Err(BackupError::NotABackup);
        }
        let mut line = || -> Result<String, BackupError> {
            let mut bytes = Vec::new();
            input
                .by_ref()
                .take(MAX_LINE)
                .read_until(b'\n', &mut bytes)
                .map_err(|error| BackupError::io("the backup", error))?;
            if bytes.pop() != Some(b'\n') {
                return Err(damaged());
            }
            String::from_utf8(bytes).map_err(|_not_text| damaged())
        };
        let (first, json, sum) = (line()?, line()?, line()?);
        if hash(format!("{first}\n{json}\n").as_bytes()) != sum {
            return Err(damaged());
        }
        let format = first.strip_prefix(MAGIC).ok_or_else(damaged)?;
        if format != FORMAT.to_string() {
            let program = serde_json::from_str::<serde_json::Value>(&json).ok();
            let program = program
                .as_ref()
                .and_then(|value| value.get("program"))
                .and_then(serde_json::Value::as_str)
                .unwrap_or(format);
            return Err(BackupError::TooNew {
                program: program.chars().take(40).collect(),
            });
        }
        let preface: Self = serde_json::from_str(&json).map_err(|_other_form| damaged())?;
        if preface.schema > hearth_db::SCHEMA_VERSION {
            return Err(BackupError::TooNew {
                program: preface.program,
            });
        }
        let header = age::read_header(input)?;
        if hash(&header) != preface.header {
            return Err(damaged());
        }
        Ok((preface, header))
    }
}
