//! The signature base (RFC 9421 section 2.5): the text that is authenticated.

use std::fmt::Write as _;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, Method, StatusCode, Uri};

use super::{ALGORITHM, CONTENT_DIGEST, HEARTH_DESTINATION, LABEL, SIGNATURE, SIGNATURE_INPUT, TAG};
use crate::ids::{KeyId, RequestNonce};
use crate::structured::{BareItem, Dictionary, FieldError, InnerList, Item, Member, Parameters};

pub(super) const REQUEST_COMPONENTS: [&str; 5] = [
    "@method",
    "@path",
    "@query",
    "content-digest",
    "hearth-destination",
];
pub(super) const BODY_COMPONENT: &str = "content-type";
pub(super) const ANSWER_COMPONENTS: [&str; 2] = ["@status", "content-digest"];

/// The parameters of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Params {
    pub(super) created_s: i64,
    pub(super) nonce: RequestNonce,
    pub(super) key_id: KeyId,
}

impl Params {
    pub(super) fn write(&self) -> Parameters {
        vec![
            ("created".to_owned(), BareItem::Integer(self.created_s)),
            ("nonce".to_owned(), BareItem::String(self.nonce.to_string())),
            ("keyid".to_owned(), BareItem::String(self.key_id.to_string())),
            ("alg".to_owned(), BareItem::String(ALGORITHM.to_owned())),
            ("tag".to_owned(), BareItem::String(TAG.to_owned())),
        ]
    }

    /// Reads the parameters, in any order; each must be there and no other may be.
    fn read(parameters: &Parameters) -> Result<Self, FieldError> {
        let (mut created_s, mut nonce, mut key_id, mut rest) = (None, None, None, 0);
        for (name, value) in parameters {
            match (name.as_str(), value) {
                ("created", BareItem::Integer(seconds)) if *seconds >= 0 => created_s = Some(*seconds),
                ("nonce", BareItem::String(text)) => nonce = text.parse().ok(),
                ("keyid", BareItem::String(text)) => key_id = text.parse().ok(),
                ("alg", BareItem::String(text)) if text == ALGORITHM => rest += 1,
                ("tag", BareItem::String(text)) if text == TAG => rest += 1,
                _ => return Err(FieldError),
            }
        }
        match (created_s, nonce, key_id, rest) {
            (Some(created_s), Some(nonce), Some(key_id), 2) => Ok(Self {
                created_s,
                nonce,
                key_id,
            }),
            _ => Err(FieldError),
        }
    }
}

/// A signature as it stands in the two headers.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) params: Params,
    pub(super) components: Vec<String>,
    pub(super) input: InnerList,
    pub(super) mac: [u8; 32],
}

impl Parsed {
    pub(super) fn from_headers(headers: &HeaderMap) -> Result<Self, FieldError> {
        let input = Dictionary::parse(single(headers, &SIGNATURE_INPUT)?)?;
        let Some(Member::InnerList(input)) = input.only(LABEL) else {
            return Err(FieldError);
        };
        let signature = Dictionary::parse(single(headers, &SIGNATURE)?)?;
        let mac = match signature.only(LABEL) {
            Some(Member::Item(Item {
                value: BareItem::Bytes(mac),
                parameters,
            })) if parameters.is_empty() => mac.as_slice().try_into().or(Err(FieldError))?,
            _ => return Err(FieldError),
        };
        let components = input
            .items
            .iter()
            .map(|item| match &item.value {
                BareItem::String(name) if item.parameters.is_empty() => Ok(name.clone()),
                _ => Err(FieldError),
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            params: Params::read(&input.parameters)?,
            components,
            input: input.clone(),
            mac,
        })
    }
}

/// The value of a header that must be there exactly once, in visible ASCII, without space around it.
pub(super) fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<&'a str, FieldError> {
    let mut values = headers.get_all(name).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(FieldError);
    };
    value
        .to_str()
        .map(|text| text.trim_matches([' ', '\t']))
        .or(Err(FieldError))
}

/// The bytes in the names and values of all headers.
pub(super) fn headers_len(headers: &HeaderMap) -> usize {
    headers
        .iter()
        .map(|(name, value)| name.as_str().len().saturating_add(value.len()))
        .sum()
}

/// The list of components with the parameters of a signature.
pub(super) fn input_of(components: &[&str], params: &Params) -> InnerList {
    let item = |name: &&str| Item {
        value: BareItem::String((*name).to_owned()),
        parameters: Vec::new(),
    };
    InnerList {
        items: components.iter().map(item).collect(),
        parameters: params.write(),
    }
}

/// The base of a request that covers exactly these components.
pub(super) fn of_request(
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    components: &[&str],
    input: &InnerList,
) -> Result<String, FieldError> {
    let mut base = String::new();
    for name in components {
        match *name {
            "@method" => line(&mut base, name, method.as_str())?,
            "@path" => line(
                &mut base,
                name,
                if uri.path().is_empty() { "/" } else { uri.path() },
            )?,
            "@query" => line(&mut base, name, &format!("?{}", uri.query().unwrap_or_default()))?,
            "content-digest" => line(&mut base, name, single(headers, &CONTENT_DIGEST)?)?,
            "hearth-destination" => line(&mut base, name, single(headers, &HEARTH_DESTINATION)?)?,
            BODY_COMPONENT => line(&mut base, name, single(headers, &CONTENT_TYPE)?)?,
            _ => return Err(FieldError),
        }
    }
    finish(base, input)
}

/// The base of an answer.
pub(super) fn of_answer(
    status: StatusCode,
    content_digest: &str,
    input: &InnerList,
) -> Result<String, FieldError> {
    let mut base = String::new();
    let [status_name, digest_name] = ANSWER_COMPONENTS;
    line(&mut base, status_name, status.as_str())?;
    line(&mut base, digest_name, content_digest)?;
    finish(base, input)
}

fn line(base: &mut String, name: &str, value: &str) -> Result<(), FieldError> {
    if !value.bytes().all(|byte| matches!(byte, 0x20..=0x7e | b'\t')) {
        return Err(FieldError);
    }
    writeln!(base, "\"{name}\": {value}").or(Err(FieldError))
}

fn finish(mut base: String, input: &InnerList) -> Result<String, FieldError> {
    write!(base, "\"@signature-params\": {}", input.write()?).or(Err(FieldError))?;
    Ok(base)
}
