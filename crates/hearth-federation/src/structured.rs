//! Structured field values (RFC 9651), as far as `Signature-Input`, `Signature` and `Content-Digest` need them:
//! dictionaries of items and inner lists, with parameters, of integers, strings, tokens, byte sequences and booleans.
//!
//! Stricter than the RFC where leniency would give two readings: a key that occurs twice is an error, not the last one
//! wins; decimals, dates and display strings are errors because nothing here has them.

use std::fmt::Write as _;

use data_encoding::BASE64;

/// The longest field that is read.
pub const MAX_FIELD_LEN: usize = 4096;
/// The most members, items and parameters anywhere.
pub const MAX_MEMBERS: usize = 32;
const MAX_INTEGER: i64 = 999_999_999_999_999;

/// A field that is not such a dictionary, or a value that cannot be written as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a structured dictionary field")]
pub struct FieldError;

/// A value without parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BareItem {
    /// Up to fifteen digits.
    Integer(i64),
    /// Printable ASCII.
    String(String),
    /// A bare word.
    Token(String),
    /// Bytes, written as base64 between colons.
    Bytes(Vec<u8>),
    /// Yes or no.
    Boolean(bool),
}

/// Parameters, in the order in which they were written.
pub type Parameters = Vec<(String, BareItem)>;

/// A value with its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The value.
    pub value: BareItem,
    /// What is said about it.
    pub parameters: Parameters,
}

/// A list in parentheses, with its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InnerList {
    /// The items.
    pub items: Vec<Item>,
    /// What is said about the list.
    pub parameters: Parameters,
}

/// What a dictionary holds under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Member {
    /// A single value.
    Item(Item),
    /// A list.
    InnerList(InnerList),
}

/// A dictionary field, in the order in which it was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dictionary(pub Vec<(String, Member)>);

impl Dictionary {
    /// Reads a field.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        if text.len() > MAX_FIELD_LEN || !text.is_ascii() {
            return Err(FieldError);
        }
        let mut parser = Parser {
            rest: text.trim_matches(' ').as_bytes(),
        };
        let mut members = Vec::new();
        while !parser.rest.is_empty() {
            let key = parser.key()?;
            let member = if parser.take(b'=') {
                parser.member()?
            } else {
                parser.flag()?
            };
            push(&mut members, key, member)?;
            parser.skip_whitespace();
            if parser.rest.is_empty() {
                break;
            }
            if !parser.take(b',') {
                return Err(FieldError);
            }
            parser.skip_whitespace();
            if parser.rest.is_empty() {
                return Err(FieldError);
            }
        }
        Ok(Self(members))
    }

    /// The only member, if there is exactly one and it has this key.
    #[must_use]
    pub fn only(&self, key: &str) -> Option<&Member> {
        match self.0.as_slice() {
            [(name, member)] if name == key => Some(member),
            _ => None,
        }
    }

    /// Writes the field in its canonical form.
    ///
    /// # Errors
    /// [`FieldError`] for what no field can hold, such as a string beyond ASCII.
    pub fn write(&self) -> Result<String, FieldError> {
        let mut out = String::new();
        for (index, (key, member)) in self.0.iter().enumerate() {
            if index > 0 {
                out.push_str(", ");
            }
            write_key(key, &mut out)?;
            match member {
                Member::Item(Item {
                    value: BareItem::Boolean(true),
                    parameters,
                }) => {
                    write_parameters(parameters, &mut out)?;
                }
                Member::Item(item) => {
                    out.push('=');
                    write_item(item, &mut out)?;
                }
                Member::InnerList(list) => {
                    out.push('=');
                    list.write_to(&mut out)?;
                }
            }
        }
        Ok(out)
    }
}

impl InnerList {
    /// Writes the list in its canonical form, as `@signature-params` needs it.
    ///
    /// # Errors
    /// [`FieldError`] for what no field can hold.
    pub fn write(&self) -> Result<String, FieldError> {
        let mut out = String::new();
        self.write_to(&mut out)?;
        Ok(out)
    }

    fn write_to(&self, out: &mut String) -> Result<(), FieldError> {
        out.push('(');
        for (index, item) in self.items.iter().enumerate() {
            if index > 0 {
                out.push(' ');
            }
            write_item(item, out)?;
        }
        out.push(')');
        write_parameters(&self.parameters, out)
    }
}

fn push<T>(list: &mut Vec<(String, T)>, key: String, value: T) -> Result<(), FieldError> {
    if list.len() >= MAX_MEMBERS || list.iter().any(|(known, _)| *known == key) {
        return Err(FieldError);
    }
    list.push((key, value));
    Ok(())
}

const fn starts_key(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte == b'*'
}

const fn in_key(byte: u8) -> bool {
    starts_key(byte) || byte.is_ascii_digit() || matches!(byte, b'_' | b'-' | b'.')
}

const fn starts_token(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'*'
}

const fn in_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
                | b':'
                | b'/'
        )
}

fn write_key(key: &str, out: &mut String) -> Result<(), FieldError> {
    let mut bytes = key.bytes();
    if !bytes.next().is_some_and(starts_key) || !bytes.all(in_key) {
        return Err(FieldError);
    }
    out.push_str(key);
    Ok(())
}

fn write_item(item: &Item, out: &mut String) -> Result<(), FieldError> {
    write_bare(&item.value, out)?;
    write_parameters(&item.parameters, out)
}

fn write_parameters(parameters: &Parameters, out: &mut String) -> Result<(), FieldError> {
    for (key, value) in parameters {
        out.push(';');
        write_key(key, out)?;
        if *value != BareItem::Boolean(true) {
            out.push('=');
            write_bare(value, out)?;
        }
    }
    Ok(())
}

fn write_bare(value: &BareItem, out: &mut String) -> Result<(), FieldError> {
    match value {
        BareItem::Integer(number) if (-MAX_INTEGER..=MAX_INTEGER).contains(number) => {
            write!(out, "{number}").or(Err(FieldError))
        }
        BareItem::String(text) if text.bytes().all(|byte| matches!(byte, 0x20..=0x7e)) => {
            out.push('"');
            for character in text.chars() {
                if matches!(character, '"' | '\\') {
                    out.push('\\');
                }
                out.push(character);
            }
            out.push('"');
            Ok(())
        }
        BareItem::Token(text)
            if text.bytes().next().is_some_and(starts_token) && text.bytes().all(in_token) =>
        {
            out.push_str(text);
            Ok(())
        }
        BareItem::Bytes(bytes) => {
            out.push(':');
            out.push_str(&BASE64.encode(bytes));
            out.push(':');
            Ok(())
        }
        BareItem::Boolean(value) => {
            out.push_str(if *value { "?1" } else { "?0" });
            Ok(())
        }
        BareItem::Integer(_) | BareItem::String(_) | BareItem::Token(_) => Err(FieldError),
    }
}

struct Parser<'a> {
    rest: &'a [u8],
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.next();
        }
        found
    }

    fn take_while(&mut self, keep: impl Fn(u8) -> bool) -> &'a [u8] {
        let len = self
            .rest
            .iter()
            .position(|byte| !keep(*byte))
            .unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(len).unwrap_or((self.rest, &[]));
        self.rest = rest;
        taken
    }

    fn text(&mut self, keep: impl Fn(u8) -> bool) -> String {
        String::from_utf8_lossy(self.take_while(keep)).into_owned()
    }

    fn skip_whitespace(&mut self) {
        self.take_while(|byte| matches!(byte, b' ' | b'\t'));
    }

    fn key(&mut self) -> Result<String, FieldError> {
        if !self.peek().is_some_and(starts_key) {
            return Err(FieldError);
        }
        Ok(self.text(in_key))
    }

    fn member(&mut self) -> Result<Member, FieldError> {
        if self.peek() == Some(b'(') {
            self.inner_list().map(Member::InnerList)
        } else {
            self.item().map(Member::Item)
        }
    }

    /// A key without a value stands for true.
    fn flag(&mut self) -> Result<Member, FieldError> {
        let parameters = self.parameters()?;
        Ok(Member::Item(Item {
            value: BareItem::Boolean(true),
            parameters,
        }))
    }

    fn inner_list(&mut self) -> Result<InnerList, FieldError> {
        let mut items = Vec::new();
        if !self.take(b'(') {
            return Err(FieldError);
        }
        loop {
            self.take_while(|byte| byte == b' ');
            if self.take(b')') {
                return Ok(InnerList {
                    items,
                    parameters: self.parameters()?,
                });
            }
            if items.len() >= MAX_MEMBERS {
                return Err(FieldError);
            }
            items.push(self.item()?);
            if !matches!(self.peek(), Some(b' ' | b')')) {
                return Err(FieldError);
            }
        }
    }

    fn item(&mut self) -> Result<Item, FieldError> {
        Ok(Item {
            value: self.bare()?,
            parameters: self.parameters()?,
        })
    }

    fn parameters(&mut self) -> Result<Parameters, FieldError> {
        let mut parameters = Vec::new();
        while self.take(b';') {
            self.take_while(|byte| byte == b' ');
            let key = self.key()?;
            let value = if self.take(b'=') {
                self.bare()?
            } else {
                BareItem::Boolean(true)
            };
            push(&mut parameters, key, value)?;
        }
        Ok(parameters)
    }

    fn bare(&mut self) -> Result<BareItem, FieldError> {
        match self.peek().ok_or(FieldError)? {
            b'"' => self.string(),
            b':' => self.bytes(),
            b'?' => self.boolean(),
            b'-' | b'0'..=b'9' => self.integer(),
            first if starts_token(first) => Ok(BareItem::Token(self.text(in_token))),
            _ => Err(FieldError),
        }
    }

    fn string(&mut self) -> Result<BareItem, FieldError> {
        self.next();
        let mut text = String::new();
        loop {
            match self.next().ok_or(FieldError)? {
                b'"' => return Ok(BareItem::String(text)),
                b'\\' => match self.next() {
                    Some(escaped @ (b'"' | b'\\')) => text.push(char::from(escaped)),
                    _ => return Err(FieldError),
                },
                printable @ 0x20..=0x7e => text.push(char::from(printable)),
                _ => return Err(FieldError),
            }
        }
    }

    fn bytes(&mut self) -> Result<BareItem, FieldError> {
        self.next();
        let encoded = self.take_while(|byte| byte != b':');
        if !self.take(b':') {
            return Err(FieldError);
        }
        BASE64.decode(encoded).map(BareItem::Bytes).or(Err(FieldError))
    }

    fn boolean(&mut self) -> Result<BareItem, FieldError> {
        self.next();
        match self.next() {
            Some(b'1') => Ok(BareItem::Boolean(true)),
            Some(b'0') => Ok(BareItem::Boolean(false)),
            _ => Err(FieldError),
        }
    }

    fn integer(&mut self) -> Result<BareItem, FieldError> {
        let negative = self.take(b'-');
        let digits = self.text(|byte| byte.is_ascii_digit());
        if digits.is_empty() || digits.len() > 15 || self.peek() == Some(b'.') {
            return Err(FieldError);
        }
        let number: i64 = digits.parse().or(Err(FieldError))?;
        Ok(BareItem::Integer(if negative { -number } else { number }))
    }
}

#[cfg(test)]
mod tests;
