//! An invite: everything one home needs to reach another and to prove that it was asked to.
//!
//! As a link `hearth://i/<code>`, as a QR code of that link in capitals (which QR packs best), and as a
//! `.hearth-invite` file that holds the link as text. The code is base32 of
//!
//! | bytes | what |
//! |---|---|
//! | 1 | version, 1 |
//! | 32 | node id |
//! | 16 | token |
//! | 4 | expiry, Unix seconds |
//! | 1, then 16 unless it is 0 | scope: 0 full, 1 group, 2 page, 3 event, 4 person, and the id of what it is limited to |
//! | 1 | number of addresses, 1 to 8 |
//! | each | kind (0 name, 1 IPv4, 2 IPv6; plus 128 behind a public certificate authority), port (2), host (4, 16, or length and name) |
//! | 4 | checksum: the first bytes of SHA-256 over a label and all of the above |
//!
//! Numbers are big endian. Who invites is not inside; that is said only over the encrypted connection. The token is a
//! secret: it appears in the link and nowhere else, least of all in a log.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use rand::CryptoRng;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::address::{Address, Host, HostName, MAX_ADDRESSES, MAX_HOST_LEN, Trust};
use crate::encoding::{base32, base32_decode};
use crate::ids::InviteId;
use crate::kdf;
use crate::keys::NodeId;

/// What every invite link starts with.
pub const LINK_PREFIX: &str = "hearth://i/";
/// The extension of invite files.
pub const FILE_EXTENSION: &str = "hearth-invite";
/// The longest file that is read.
pub const MAX_FILE_LEN: usize = 8 * 1024;

/// Links that are looked at in one text, and pieces of one.
const MAX_LINKS: usize = 4;
const MAX_PIECES: usize = 64;

const VERSION: u8 = 1;
const CHECKSUM_LEN: usize = 4;
const CHECKSUM_LABEL: &[u8] = b"hearth/1 invite";
const PUBLIC_CA: u8 = 0x80;
/// The longest code: eight addresses with the longest names.
const MAX_CODE_LEN: usize =
    (1 + 32 + 16 + 4 + 17 + 1 + MAX_ADDRESSES * (4 + MAX_HOST_LEN) + CHECKSUM_LEN) * 8 / 5 + 1;

/// Why a text is not an invite, or why one cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InviteError {
    /// No invite link at all.
    #[error("this is not a Hearth invite")]
    NotAnInvite,
    /// Longer than any invite.
    #[error("this is too long to be an invite")]
    TooLong,
    /// A character is missing, added or wrong.
    #[error("the invite is incomplete or contains a typing mistake")]
    Damaged,
    /// Made by a later version of Hearth.
    #[error("the invite was made by a newer version of Hearth ({0})")]
    Version(u8),
    /// The checksum is right, but what it holds is not.
    #[error("the invite is not valid: {0}")]
    Invalid(&'static str),
}

/// The secret that proves an invitation.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct InviteToken([u8; 16]);

impl InviteToken {
    /// Makes a new one.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        let mut bytes = [0; 16];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// Takes it out of storage.
    #[must_use]
    pub const fn from_secret_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes, to be sealed before they are stored (see [`crate::sealed`]).
    #[must_use]
    pub fn to_secret_bytes(&self) -> Zeroizing<[u8; 16]> {
        Zeroizing::new(self.0)
    }

    /// The name under which the inviter finds the invite again; it does not give the token away.
    #[must_use]
    pub fn invite_id(&self) -> InviteId {
        InviteId::from_bytes(kdf::hkdf(&[], &self.0, b"hearth/1 invite id"))
    }

    /// Compares in constant time.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }

    /// For the derivations inside this crate.
    pub(crate) const fn as_secret_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for InviteToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InviteToken(<redacted>)")
    }
}

/// What an invite opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(tag = "scope", content = "id", rename_all = "lowercase")]
pub enum Scope {
    /// A connection between the two homes.
    Full,
    /// One group and nothing else.
    Group(Uuid),
    /// One page and nothing else.
    Page(Uuid),
    /// One event and nothing else.
    Event(Uuid),
    /// One person and nothing else.
    Person(Uuid),
}

impl Scope {
    const fn parts(&self) -> (u8, Option<Uuid>) {
        match *self {
            Self::Full => (0, None),
            Self::Group(id) => (1, Some(id)),
            Self::Page(id) => (2, Some(id)),
            Self::Event(id) => (3, Some(id)),
            Self::Person(id) => (4, Some(id)),
        }
    }

    const fn targeted(kind: u8, id: Uuid) -> Option<Self> {
        match kind {
            1 => Some(Self::Group(id)),
            2 => Some(Self::Page(id)),
            3 => Some(Self::Event(id)),
            4 => Some(Self::Person(id)),
            _ => None,
        }
    }
}

/// An invite, read or about to be written.
#[derive(Clone)]
pub struct Invite {
    /// The home that invites.
    pub node: NodeId,
    /// Where to reach it, 1 to 8, the best first.
    pub addresses: Vec<Address>,
    /// The proof.
    pub token: InviteToken,
    /// When it ends, Unix seconds.
    pub expires_s: u32,
    /// What it opens.
    pub scope: Scope,
}

impl Invite {
    /// Whether it has ended.
    #[must_use]
    pub fn is_expired(&self, now_ms: i64) -> bool {
        now_ms >= i64::from(self.expires_s).saturating_mul(1000)
    }

    /// The link.
    ///
    /// # Errors
    /// [`InviteError::Invalid`] without an address or with more than eight.
    pub fn to_link(&self) -> Result<String, InviteError> {
        Ok(format!("{LINK_PREFIX}{}", base32(&self.to_bytes()?)))
    }

    /// The text to put into a QR code: the link in capitals, which is the compact mode of QR codes.
    ///
    /// # Errors
    /// As [`Invite::to_link`].
    pub fn to_qr_text(&self) -> Result<String, InviteError> {
        self.to_link().map(|link| link.to_ascii_uppercase())
    }

    /// The content of a `.hearth-invite` file.
    ///
    /// # Errors
    /// As [`Invite::to_link`].
    pub fn to_file(&self) -> Result<String, InviteError> {
        self.to_link().map(|link| link + "\n")
    }

    /// Reads a `.hearth-invite` file: the link, perhaps with white space and a byte order mark around it.
    ///
    /// # Errors
    /// See [`InviteError`].
    pub fn from_file(content: &[u8]) -> Result<Self, InviteError> {
        if content.len() > MAX_FILE_LEN {
            return Err(InviteError::TooLong);
        }
        let text = std::str::from_utf8(content).or(Err(InviteError::NotAnInvite))?;
        text.trim_start_matches('\u{feff}').trim().parse()
    }

    /// Reads what somebody pasted: an invite file, or a message with the link in it, which may be broken by blanks and line ends and have
    /// words around it. The checksum tells where it ends.
    ///
    /// # Errors
    /// See [`InviteError`]; that of the text as a whole when no part of it is an invite.
    pub fn find_in(text: &[u8]) -> Result<Self, InviteError> {
        let error = match Self::from_file(text) {
            Err(error @ (InviteError::NotAnInvite | InviteError::Damaged)) => error,
            read => return read,
        };
        let text = std::str::from_utf8(text).or(Err(error))?;
        // What shows nothing, and is put in where a long word may be broken.
        let text: String = text
            .chars()
            .filter(|c| !matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}'))
            .map(|c| c.to_ascii_lowercase())
            .collect();
        for after in text.split(LINK_PREFIX).skip(1).take(MAX_LINKS) {
            match longest_code(after) {
                Err(InviteError::NotAnInvite | InviteError::Damaged) => {}
                read => return read,
            }
        }
        Err(error)
    }

    fn to_bytes(&self) -> Result<Vec<u8>, InviteError> {
        if self.addresses.len() > MAX_ADDRESSES {
            return Err(InviteError::Invalid("too many addresses"));
        }
        let mut out = vec![VERSION];
        out.extend_from_slice(self.node.as_bytes());
        out.extend_from_slice(self.token.as_secret_bytes());
        out.extend_from_slice(&self.expires_s.to_be_bytes());
        let (kind, id) = self.scope.parts();
        out.push(kind);
        if let Some(id) = id {
            out.extend_from_slice(id.as_bytes());
        }
        match u8::try_from(self.addresses.len()) {
            Ok(count) if count > 0 => out.push(count),
            _ => return Err(InviteError::Invalid("no address")),
        }
        for address in &self.addresses {
            write_address(address, &mut out);
        }
        let sum = checksum(&out);
        out.extend_from_slice(&sum);
        Ok(out)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, InviteError> {
        let (body, sum) = bytes
            .split_last_chunk::<CHECKSUM_LEN>()
            .ok_or(InviteError::Damaged)?;
        if checksum(body) != *sum {
            return Err(InviteError::Damaged);
        }
        let mut reader = Reader(body);
        match reader.byte()? {
            VERSION => {}
            later => return Err(InviteError::Version(later)),
        }
        let node = NodeId::from_bytes(reader.array()?).or(Err(InviteError::Invalid("the node id")))?;
        let token = InviteToken(reader.array()?);
        let expires_s = u32::from_be_bytes(reader.array()?);
        let scope = match reader.byte()? {
            0 => Scope::Full,
            kind => Scope::targeted(kind, Uuid::from_bytes(reader.array()?))
                .ok_or(InviteError::Invalid("the scope"))?,
        };
        let count = usize::from(reader.byte()?);
        if !(1..=MAX_ADDRESSES).contains(&count) {
            return Err(InviteError::Invalid("the number of addresses"));
        }
        let addresses = (0..count)
            .map(|_| read_address(&mut reader))
            .collect::<Result<_, _>>()?;
        if !reader.0.is_empty() {
            return Err(InviteError::Invalid("something after the end"));
        }
        Ok(Self {
            node,
            addresses,
            token,
            expires_s,
            scope,
        })
    }
}

/// The invite with whose code a text begins, in as many pieces as it takes.
fn longest_code(text: &str) -> Result<Invite, InviteError> {
    let mut link = LINK_PREFIX.to_owned();
    for piece in text.split_whitespace().take(MAX_PIECES) {
        let code: String = piece
            .chars()
            .take_while(|c| matches!(c, 'a'..='z' | '2'..='7'))
            .collect();
        let is_whole = code.len() == piece.len();
        link.push_str(&code);
        match link.parse() {
            Err(InviteError::NotAnInvite | InviteError::Damaged) if is_whole => {}
            read => return read,
        }
    }
    Err(InviteError::Damaged)
}

fn checksum(body: &[u8]) -> [u8; CHECKSUM_LEN] {
    let [a, b, c, d, ..] = kdf::hash(&[CHECKSUM_LABEL, body]);
    [a, b, c, d]
}

fn write_address(address: &Address, out: &mut Vec<u8>) {
    let flag = match address.trust() {
        Trust::Pinned => 0,
        Trust::PublicCa => PUBLIC_CA,
    };
    let port = address.port().to_be_bytes();
    match address.host() {
        Host::Name(name) => {
            out.push(flag);
            out.extend_from_slice(&port);
            // A host name has at most 253 bytes, by construction.
            out.push(u8::try_from(name.as_str().len()).unwrap_or(u8::MAX));
            out.extend_from_slice(name.as_str().as_bytes());
        }
        Host::V4(ip) => {
            out.push(flag | 1);
            out.extend_from_slice(&port);
            out.extend_from_slice(&ip.octets());
        }
        Host::V6(ip) => {
            out.push(flag | 2);
            out.extend_from_slice(&port);
            out.extend_from_slice(&ip.octets());
        }
    }
}

fn read_address(reader: &mut Reader<'_>) -> Result<Address, InviteError> {
    const WRONG: InviteError = InviteError::Invalid("an address");
    let kind = reader.byte()?;
    let trust = if kind & PUBLIC_CA == 0 {
        Trust::Pinned
    } else {
        Trust::PublicCa
    };
    let port = u16::from_be_bytes(reader.array()?);
    let host = match kind & !PUBLIC_CA {
        0 => {
            let len = usize::from(reader.byte()?);
            let name = std::str::from_utf8(reader.take(len)?).or(Err(WRONG))?;
            Host::Name(HostName::new(name).or(Err(WRONG))?)
        }
        1 => Host::V4(Ipv4Addr::from(reader.array::<4>()?)),
        2 => Host::V6(Ipv6Addr::from(reader.array::<16>()?)),
        _ => return Err(WRONG),
    };
    Address::new(host, port, trust).or(Err(WRONG))
}

/// Takes bytes off the front of a slice.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], InviteError> {
        let (taken, rest) = self
            .0
            .split_at_checked(len)
            .ok_or(InviteError::Invalid("it ends too early"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], InviteError> {
        self.take(N)?
            .try_into()
            .or(Err(InviteError::Invalid("it ends too early")))
    }

    fn byte(&mut self) -> Result<u8, InviteError> {
        self.array().map(|[byte]| byte)
    }
}

impl FromStr for Invite {
    type Err = InviteError;

    /// Reads a link, all in lower case or (from a QR code) all in capitals.
    fn from_str(text: &str) -> Result<Self, InviteError> {
        if text.len() > LINK_PREFIX.len() + MAX_CODE_LEN {
            return Err(InviteError::TooLong);
        }
        let code = match text.strip_prefix(LINK_PREFIX) {
            Some(code) => base32_decode(code),
            None => {
                let code = text
                    .strip_prefix(LINK_PREFIX.to_ascii_uppercase().as_str())
                    .ok_or(InviteError::NotAnInvite)?;
                if code.bytes().any(|byte| byte.is_ascii_lowercase()) {
                    return Err(InviteError::Damaged);
                }
                base32_decode(&code.to_ascii_lowercase())
            }
        };
        Self::from_bytes(&Zeroizing::new(code.ok_or(InviteError::Damaged)?))
    }
}

impl fmt::Debug for Invite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invite")
            .field("node", &self.node)
            .field("addresses", &self.addresses)
            .field("token", &self.token)
            .field("expires_s", &self.expires_s)
            .field("scope", &self.scope)
            .finish()
    }
}

#[cfg(test)]
mod tests;
