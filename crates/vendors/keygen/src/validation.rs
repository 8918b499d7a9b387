//! The call that validates a key. It carries no credential: with one, a refusal would be an error instead.
//!
//! [`Api::verdict`] is the base of `validate` and `activate`. What it returns is about the requested key, and signed
//! where a public key is configured.

use anykey_core::adapter::{ErrorExt as _, KeyCodeExt as _};
use anykey_core::{
    Error, ErrorKind, KeyCode, LicenseKey, LicenseStatus, Operation, ProductId, Refusal, RefusalReason,
    Result, Timestamp,
};
use anykey_http::{ApiRequest, ApiResponse, JsonMember, redact};
use ring::rand::{SecureRandom, SystemRandom};

use crate::answer::{Api, is_a, of_another_request, raw};
use crate::credential::is_uuid;
use crate::error::{CodeMeaning, code};
use crate::map;
use crate::wire::{LicenseBody, MetaBody, Scope, ValidateMeta, Validated, ValidationScope};

/// Whole numbers up to this are exact in every JSON implementation.
const MAX_NONCE: u64 = (1 << 53) - 1;

/// A verdict of Keygen.
#[derive(Debug)]
pub(crate) struct Answered {
    /// What the verdict means.
    pub(crate) verdict: Answer,
    /// The code, such as `VALID` or `TOO_MANY_MACHINES`; `None` if the answer has none.
    pub(crate) word: Option<Box<str>>,
    /// The key; `None` only for an unknown one.
    pub(crate) key: Option<LicenseKey>,
    /// The answer, for its time and for errors about it.
    pub(crate) response: ApiResponse,
}

/// What a verdict means.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Keygen accepts the key for the named scopes.
    Valid,
    /// Keygen refuses, for this reason.
    Refused(Refusal),
    /// The validation has to name the product.
    NamesNoProduct,
    /// The validation has to name the machine by its fingerprint.
    NamesNoFingerprint,
}

impl Api {
    /// Asks for a verdict about the key `code` with `scope`. A second validation changes nothing that the first one did
    /// not, so it is repeated after a lost answer.
    ///
    /// # Errors
    ///
    /// For every answer that is not a verdict about this key.
    pub(crate) async fn verdict(
        &self,
        operation: Operation,
        code: &KeyCode,
        scope: Scope<'_>,
    ) -> Result<Answered> {
        let seat = scope.machine;
        let nonce = self.requires_signature.then(|| nonce(operation)).transpose()?;
        let meta = ValidateMeta { key: code.expose(), nonce, scope };
        let call = ApiRequest::post(operation)
            .path(&["licenses", "actions", "validate-key"])
            .json(&MetaBody { meta })
            .read_only();
        let response = self.succeed(call, &[code.expose()]).await?;
        let (verdict, word, key) = self.read(&response, code, seat, nonce)?;
        Ok(Answered { verdict, word, key, response })
    }

    /// Reads a verdict: its meaning, its code and the key.
    ///
    /// `meta.valid` decides. A yes is no answer if the key's record is missing, disabled or has an unknown status, or
    /// if the answer does not repeat the machine of the request. A key that ends at the very instant of the answer is
    /// refused, because it would be used after that.
    fn read(
        &self,
        response: &ApiResponse,
        code: &KeyCode,
        seat: Option<&str>,
        nonce: Option<u64>,
    ) -> Result<(Answer, Option<Box<str>>, Option<LicenseKey>)> {
        let Validated { data, meta } = response.json()?;
        if nonce.is_some() && meta.nonce.value() != nonce {
            return Err(response.unrecognized().with_hint("it is an answer to an earlier request"));
        }
        let ts = meta.ts.value().map(Timestamp::from);
        let word = meta.code.value().map(|word| word.into_owned());
        let key = match data {
            Some(body) => Some(self.key_of(response, body, code)?),
            None => None,
        };
        let sentence = meta.detail.value().map(|detail| redact(&detail, &[code.expose()]));
        let refused = |reason| {
            let refusal = Refusal::new(reason);
            Answer::Refused(match &sentence {
                Some(sentence) => refusal.with_message(sentence.as_str()),
                None => refusal,
            })
        };
        let answer = match (meta.valid, word.as_deref(), &key) {
            (true, _, None) => {
                return Err(response
                    .error(ErrorKind::Decode, "the answer does not say which license key it is about"));
            }
            (true, word, Some(key)) if ends_now(key, word, ts) => refused(RefusalReason::Expired),
            (true, _, Some(key)) if matches!(key.status, LicenseStatus::Other(_)) => {
                return Err(response
                    .unrecognized()
                    .with_hint("its key has a status that this version does not know"));
            }
            // A disabled key is never valid, whatever its policy is.
            (true, _, Some(key)) if key.status == LicenseStatus::Disabled => {
                return Err(response.unrecognized().with_hint("it is valid, and its key is disabled"));
            }
            (true, _, Some(_)) if !is_about(seat, meta.scope) => return Err(of_another_request(response)),
            (true, _, Some(_)) => Answer::Valid,
            (false, Some("NOT_FOUND"), None) => refused(RefusalReason::UnknownKey),
            (false, _, None) => return Err(response.unrecognized()),
            (false, word, Some(_)) => match code_meaning(response, word, seat.is_some())? {
                CodeMeaning::Refused(reason) => refused(reason),
                CodeMeaning::NamesNoFingerprint => Answer::NamesNoFingerprint,
                _ => Answer::NamesNoProduct,
            },
        };
        Ok((answer, word.map(Into::into), key))
    }

    /// The key of an answer. Old accounts keep only a digest, so that the answer has no code; then that of the request
    /// takes its place.
    ///
    /// # Errors
    ///
    /// `Unrecognized` if the answer is about another key.
    fn key_of(
        &self,
        response: &ApiResponse,
        body: LicenseBody<JsonMember<String>>,
        code: &KeyCode,
    ) -> Result<LicenseKey> {
        is_a(response, &body.r#type, "licenses")?;
        if !is_uuid(body.id.as_str()) {
            return Err(of_another_request(response));
        }
        let shown = match &body.attributes.key {
            JsonMember::Value(shown) => shown.clone(),
            JsonMember::Absent | JsonMember::Null => code.expose().to_owned(),
            JsonMember::Unreadable => return Err(of_another_request(response)),
        };
        if KeyCode::verbatim(shown.as_str()) != *code {
            return Err(of_another_request(response));
        }
        Ok(map::license(body.with_key(shown), raw(response, self.keep_raw)))
    }
}

/// The meaning of a code with `valid` false; a missing code is a refusal without a reason.
///
/// # Errors
///
/// `Config` if the policy requires a scope that this adapter does not know.
fn code_meaning(response: &ApiResponse, word: Option<&str>, has_seat: bool) -> Result<CodeMeaning> {
    match word.map_or(CodeMeaning::Refused(RefusalReason::Unspecified), |word| code(word, has_seat)) {
        CodeMeaning::NamesTooLittle => Err(scope_missing(response, word.unwrap_or_default())),
        meaning => Ok(meaning),
    }
}

/// The error for a policy that requires a scope which cannot be given.
pub(crate) fn scope_missing(response: &ApiResponse, word: &str) -> Error {
    let message =
        "the policy requires that a validation names more than the license key; change its `require…Scope`";
    let error = response.error(ErrorKind::Config, message);
    match response.vendor_code(word) {
        Some(word) => error.with_vendor_code(word),
        None => error,
    }
}

/// Whether an answer repeats the machine that was named, which Keygen does in any case (server code, 2026).
fn is_about(seat: Option<&str>, scope: Option<ValidationScope<'_>>) -> bool {
    let repeated = scope.and_then(|scope| scope.machine.value());
    seat.is_none_or(|seat| repeated.is_some_and(|repeated| repeated.eq_ignore_ascii_case(seat)))
}

/// Whether the key ends at the very instant of the answer, which Keygen still finds valid.
fn ends_now(key: &LicenseKey, word: Option<&str>, ts: Option<Timestamp>) -> bool {
    word == Some("VALID") && ts.is_some() && key.expiry.at() == ts
}

/// A random number that only the answer to this request repeats. It has 53 bits, so that no JSON parser on the way
/// rounds it.
fn nonce(operation: Operation) -> Result<u64> {
    let mut bytes = [0; 8];
    fill(&mut bytes, operation)?;
    Ok(u64::from_be_bytes(bytes) & MAX_NONCE)
}

/// Fills `bytes` with random ones from the system.
///
/// # Errors
///
/// `Transport` if the system has no random numbers.
pub(crate) fn fill(bytes: &mut [u8], operation: Operation) -> Result<()> {
    SystemRandom::new().fill(bytes).map_err(|_| {
        Error::new(ErrorKind::Transport, "the system gives no random numbers")
            .with_provider(crate::NAME)
            .with_operation(operation)
    })
}

/// The product that a validation names: the required one, or the only allowed one. With several allowed products none
/// can be named, and the answer is compared instead.
pub(crate) fn named_product(required: Option<&ProductId>, allowed: &[ProductId]) -> Option<Box<str>> {
    let only = match allowed {
        [only] => Some(only),
        _ => None,
    };
    required.or(only).map(|id| id.as_str().into())
}
