//! The calls that validate a license.
//!
//! A validation is a 200 in every case: `meta.valid` has the verdict and `meta.code` its reason. It sets
//! `lastValidated` and sends an event, also when the verdict is no.

use bytes::Bytes;
use http::Request;
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::params::{Kind, Param, check, take_object};
use super::policy_spec::ExpirationBasis;
use super::problem::Outcome;
use super::state::Call;
use super::time::written;
use super::verdict::Verdict;

/// What a validation may be limited to. An unknown scope is a 400.
const SCOPE: &[Param] = &[
    Param::optional("product", Kind::Text),
    Param::optional("policy", Kind::Text),
    Param::nullable("user", Kind::Text),
    Param::optional("machine", Kind::Text),
    Param::optional("fingerprint", Kind::Text),
    Param::optional("fingerprints", Kind::Texts),
    Param::optional("components", Kind::Texts),
    Param::optional("entitlements", Kind::Texts),
    Param::optional("checksum", Kind::Text),
    Param::optional("version", Kind::Text),
    Param::nullable("environment", Kind::Text),
];

const BY_KEY: &[Param] = &[Param::required(
    "meta",
    Kind::Object(&[
        Param::required("key", Kind::Text),
        Param::optional("legacyEncrypted", Kind::Boolean),
        Param::optional("encrypted", Kind::Boolean),
        Param::optional("nonce", Kind::Integer),
        Param::optional("scope", Kind::Object(SCOPE)),
    ]),
)];

const BY_ID: &[Param] = &[Param::optional(
    "meta",
    Kind::Object(&[Param::optional("nonce", Kind::Integer), Param::optional("scope", Kind::Object(SCOPE))]),
)];

impl Call<'_> {
    /// `POST /licenses/actions/validate-key`. A credential is not required, and checked if there is one.
    ///
    /// A key that the credential does not see is `NOT_FOUND`, like one that does not exist.
    pub(super) fn validate_key(&mut self, body: Value, request: &Request<Bytes>) -> Outcome<Answer> {
        let bearer = self.account.bearer(request, self.now)?;
        let mut body = check(body, BY_KEY)?;
        let meta = take_object(&mut body, "meta");
        let key = meta.get("key").and_then(Value::as_str).unwrap_or_default();
        let license = self.account.license_with_key(key);
        let license = license.filter(|license| bearer.as_ref().is_none_or(|bearer| bearer.sees(license)));
        let id = license.map(|license| license.id.clone());
        Ok(self.validated(id.as_deref(), Some(&meta)))
    }

    /// `POST` and `GET /licenses/{license}/actions/validate`; the latter checks no scopes.
    pub(super) fn validate_license(
        &mut self,
        alias: &str,
        body: Option<Value>,
        request: &Request<Bytes>,
    ) -> Outcome<Answer> {
        let id = self.visible_license(alias, request)?;
        let meta = match body {
            Some(body) => Some(take_object(&mut check(body, BY_ID)?, "meta")),
            None => None,
        };
        Ok(self.validated(Some(&id), meta.as_ref()))
    }

    /// The verdict about a license, `NOT_FOUND` without one. `asked` is the request's `meta`, of which nonce and
    /// scope are repeated; without it no scope is checked.
    fn validated(&mut self, id: Option<&str>, asked: Option<&Map<String, Value>>) -> Answer {
        let empty = Map::new();
        let scope = asked.and_then(|asked| asked.get("scope")).and_then(Value::as_object);
        let checked = asked.map(|_| scope.unwrap_or(&empty));
        let verdict = match id.and_then(|id| self.account.licenses.get(id)) {
            Some(license) => self.account.verdict(license, checked, self.now),
            None => (false, "does not exist", "NOT_FOUND"),
        };
        let (valid, detail, code): Verdict = verdict;
        let mut meta = Map::new();
        meta.insert("ts".to_owned(), written(self.now).into());
        meta.insert("valid".to_owned(), valid.into());
        meta.insert("detail".to_owned(), detail.into());
        meta.insert("code".to_owned(), code.into());
        for name in ["nonce", "scope"] {
            if let Some(value) = asked.and_then(|asked| asked.get(name)) {
                meta.insert(name.to_owned(), value.clone());
            }
        }
        if let Some(id) = id {
            let now = self.now;
            self.start_expiry(id, ExpirationBasis::FromFirstValidation);
            if let Some(license) = self.account.licenses.get_mut(id) {
                license.last_validated = Some(now);
            }
            let event = if valid { "license.validation.succeeded" } else { "license.validation.failed" };
            self.announce_license(event, id, Some(&meta));
        }
        let license = id.and_then(|id| self.account.licenses.get(id));
        let data = license.map(|license| self.account.license_document(license, self.now));
        Answer::document(json!({ "data": data, "meta": meta }))
    }
}
