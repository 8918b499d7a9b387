//! The credentials of requests.
//!
//! A credential comes in the header, else in the query, where `token` wins over `auth`. The order of checks is that
//! of the vendor's server (`concerns/authentication.rb`, June 2026).

use anykey_core::Timestamp;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::Request;
use http::header::AUTHORIZATION;

use super::account::Account;
use super::ids::is_uuid;
use super::policy_spec::{AuthenticationStrategy, ExpirationStrategy};
use super::problem::{Outcome, Problem};
use super::records::{License, Role};

/// Who sent a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Bearer {
    /// A token of the seller.
    Seller(Role),
    /// The license with this id, by its key.
    License(String),
}

/// A credential as it was sent.
enum Sent {
    Token(String),
    LicenseKey(String),
}

impl Account {
    /// Who sent `request`; `None` without a credential.
    ///
    /// # Errors
    ///
    /// 401 or 403, also where no credential is required: a validation by key with the license's own key as credential
    /// is a 403 for a suspended license, not a verdict.
    pub(super) fn bearer(&self, request: &Request<Bytes>, now: Timestamp) -> Outcome<Option<Bearer>> {
        let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let (scheme, credential) = match header.and_then(|value| value.split_once(' ')) {
            Some((scheme, value)) => (capitalized(scheme), sent(scheme, value.trim())),
            None => ("Bearer".to_owned(), in_query(request)),
        };
        match credential {
            None => Ok(None),
            Some(Sent::Token(token)) => self.token_bearer(&token, &scheme, now).map(Some),
            Some(Sent::LicenseKey(key)) => self.license_bearer(&key, &scheme, now).map(Some),
        }
    }

    /// As [`bearer`](Self::bearer), where a credential is required.
    pub(super) fn required_bearer(&self, request: &Request<Bytes>, now: Timestamp) -> Outcome<Bearer> {
        self.bearer(request, now)?.ok_or_else(|| Problem::unauthorized("TOKEN_MISSING", None, "Bearer"))
    }

    /// # Errors
    ///
    /// 401 for a token's id in place of the token, for an unknown token and for an expired one.
    fn token_bearer(&self, token: &str, scheme: &str, now: Timestamp) -> Outcome<Bearer> {
        if is_uuid(token) {
            let detail = "Token format is invalid (make sure that you're providing a token value, not a token's UUID \
                          identifier)";
            return Err(Problem::unauthorized("TOKEN_FORMAT_INVALID", Some(detail), scheme));
        }
        let found = self.tokens.get(token);
        let found = found.ok_or_else(|| Problem::unauthorized("TOKEN_INVALID", None, scheme))?;
        if found.expiry.is_some_and(|expiry| expiry < now) {
            return Err(Problem::unauthorized("TOKEN_EXPIRED", Some("Token is expired"), scheme));
        }
        Ok(Bearer::Seller(found.role.clone()))
    }

    /// # Errors
    ///
    /// In this order: 401 for an unknown key; 403 for a banned owner, a suspended license, an expired one whose
    /// policy revokes access, and a policy that allows tokens only.
    fn license_bearer(&self, key: &str, scheme: &str, now: Timestamp) -> Outcome<Bearer> {
        let license = self.license_with_key(key);
        let license = license.ok_or_else(|| Problem::unauthorized("LICENSE_INVALID", None, scheme))?;
        let policy = self.settings(license);
        if self.is_banned(license) {
            return Err(Problem::forbidden("LICENSE_BANNED", "License is banned"));
        }
        if license.suspended {
            return Err(Problem::forbidden("LICENSE_SUSPENDED", "License is suspended"));
        }
        if policy.expiration_strategy == ExpirationStrategy::RevokeAccess && license.is_expired(now) {
            return Err(Problem::forbidden("LICENSE_EXPIRED", "License is expired"));
        }
        match policy.authentication_strategy {
            AuthenticationStrategy::License | AuthenticationStrategy::Mixed => {
                Ok(Bearer::License(license.id.clone()))
            }
            _ => {
                let detail = "License key authentication is not allowed by policy";
                Err(Problem::forbidden("LICENSE_NOT_ALLOWED", detail))
            }
        }
    }
}

impl Bearer {
    /// Whether records of `license` exist for this caller. Others answer with 404, not with 403.
    pub(super) fn sees(&self, license: &License) -> bool {
        match self {
            Self::Seller(Role::Admin) => true,
            Self::Seller(Role::Product(id)) => license.product == *id,
            Self::License(id) => license.id == *id,
        }
    }

    /// # Errors
    ///
    /// 403 unless it is the seller.
    pub(super) fn require_seller(&self) -> Outcome<()> {
        match self {
            Self::Seller(_) => Ok(()),
            Self::License(_) => Err(Problem::no_permission()),
        }
    }
}

/// The credential of the header `Authorization`; `None` for an unknown scheme, which counts as none.
fn sent(scheme: &str, value: &str) -> Option<Sent> {
    let value = (!value.is_empty()).then(|| value.to_owned())?;
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" | "token" => Some(Sent::Token(value)),
        "license" => Some(Sent::LicenseKey(value)),
        "basic" => {
            let pair = BASE64_STANDARD.decode(value).ok().and_then(|bytes| String::from_utf8(bytes).ok())?;
            named(&pair)
        }
        _ => None,
    }
}

fn in_query(request: &Request<Bytes>) -> Option<Sent> {
    let query = request.uri().query().unwrap_or_default().as_bytes();
    let value = |name: &str| {
        url::form_urlencoded::parse(query).find(|(found, _)| found == name).map(|(_, value)| value)
    };
    named(&value("token").or_else(|| value("auth"))?)
}

/// `license:KEY`, `token:TOKEN`, or a token alone.
fn named(text: &str) -> Option<Sent> {
    let credential = match text.split_once(':') {
        Some(("license", key)) => Sent::LicenseKey(key.to_owned()),
        Some(("token", token)) => Sent::Token(token.to_owned()),
        Some((token, _)) => Sent::Token(token.to_owned()),
        None => Sent::Token(text.to_owned()),
    };
    let (Sent::Token(value) | Sent::LicenseKey(value)) = &credential;
    (!value.trim().is_empty()).then_some(credential)
}

/// The scheme as the challenge of a 401 repeats it.
fn capitalized(scheme: &str) -> String {
    let mut letters = scheme.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters.as_str().to_ascii_lowercase().chars()).collect()
}
