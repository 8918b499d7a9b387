//! The actions of a license: status, usage, renewal, check-in.
//!
//! All but check-in and counting usage are the seller's.

use bytes::Bytes;
use http::Request;
use serde_json::{Map, Value};

use super::answer::Answer;
use super::params::{Kind, Param, check, take_object};
use super::policy_spec::{ExpirationBasis, RenewalBasis};
use super::problem::{Fault, Outcome, Problem};
use super::state::Call;
use super::time::later;

const INCREMENT: &[Param] =
    &[Param::optional("meta", Kind::Object(&[Param::optional("increment", Kind::Integer)]))];
const DECREMENT: &[Param] =
    &[Param::optional("meta", Kind::Object(&[Param::optional("decrement", Kind::Integer)]))];

impl Call<'_> {
    /// `POST /licenses/{license}/actions/{action}`
    ///
    /// # Errors
    ///
    /// 403 for the license's own key where the action is the seller's; 404 for an unknown action.
    pub(super) fn license_action(
        &mut self,
        alias: &str,
        action: &str,
        body: Value,
        request: &Request<Bytes>,
    ) -> Outcome<Answer> {
        match action {
            "validate" => return self.validate_license(alias, Some(body), request),
            "check-out" => return self.license_file(alias, Some(body), request),
            _ => {}
        }
        let id = self.visible_license(alias, request)?;
        let bearer = self.account.required_bearer(request, self.now)?;
        if !["check-in", "increment-usage"].contains(&action) {
            bearer.require_seller()?;
        }
        match action {
            "suspend" => self.suspend(&id, true),
            "reinstate" => self.suspend(&id, false),
            "renew" => self.renew(&id),
            "check-in" => self.check_in(&id),
            "increment-usage" => {
                let amount = amount(&check(body, INCREMENT)?, "increment");
                self.count_usage(&id, amount, "license.usage.incremented")
            }
            "decrement-usage" => {
                let amount = amount(&check(body, DECREMENT)?, "decrement");
                self.count_usage(&id, amount.saturating_neg(), "license.usage.decremented")
            }
            "reset-usage" => {
                let uses = self.account.licenses.get(&id).map_or(0, |license| license.uses);
                let all = i64::try_from(uses).unwrap_or(i64::MAX);
                self.count_usage(&id, all.saturating_neg(), "license.usage.reset")
            }
            _ => Err(Problem::unknown_endpoint()),
        }
    }

    /// # Errors
    ///
    /// 422 when nothing would change.
    fn suspend(&mut self, id: &str, suspended: bool) -> Outcome<Answer> {
        let is_done = self.account.licenses.get(id).is_some_and(|license| license.suspended == suspended);
        let (event, detail) = match suspended {
            true => ("license.suspended", "is already suspended"),
            false => ("license.reinstated", "is not suspended"),
        };
        if is_done {
            return Err(Problem::action(detail, None, Some("/data/attributes/suspended")));
        }
        let now = self.now;
        if let Some(license) = self.account.licenses.get_mut(id) {
            license.suspended = suspended;
            license.updated = now;
        }
        self.announce_license(event, id, None);
        self.license_answer(id)
    }

    /// Adds the policy's duration to the expiry, or to the time of the renewal.
    ///
    /// # Errors
    ///
    /// 422 for a license without an expiry and for a policy without a duration.
    fn renew(&mut self, id: &str) -> Outcome<Answer> {
        let Some(license) = self.account.licenses.get(id) else {
            return Err(Problem::not_found("license", id));
        };
        let policy = self.account.settings(license);
        let (Some(expiry), Some(duration)) = (license.expiry, policy.duration) else {
            let detail = "cannot be renewed because the policy does not have a duration";
            return Err(Problem::action(detail, None, None));
        };
        let base = match policy.renewal_basis {
            RenewalBasis::FromExpiry => expiry,
            RenewalBasis::FromNow => self.now,
            RenewalBasis::FromNowIfExpired => expiry.max(self.now),
        };
        let now = self.now;
        if let Some(license) = self.account.licenses.get_mut(id) {
            license.expiry = Some(later(base, duration));
            license.updated = now;
        }
        self.announce_license("license.renewed", id, None);
        self.license_answer(id)
    }

    /// # Errors
    ///
    /// 422 when the policy requires no check-in.
    fn check_in(&mut self, id: &str) -> Outcome<Answer> {
        let license = self.account.licenses.get(id);
        let required = license.is_some_and(|found| self.account.settings(found).check_in_interval.is_some());
        if !required {
            let detail = "cannot be checked in because the policy does not require it";
            return Err(Problem::action(detail, None, None));
        }
        let now = self.now;
        if let Some(license) = self.account.licenses.get_mut(id) {
            license.last_check_in = Some(now);
        }
        self.announce_license("license.checked-in", id, None);
        self.license_answer(id)
    }

    /// Changes the usage by `change`. The first use may start the duration.
    ///
    /// # Errors
    ///
    /// 422 `USES_LIMIT_EXCEEDED` beyond the limit, `USES_INVALID` below 0.
    fn count_usage(&mut self, id: &str, change: i64, event: &str) -> Outcome<Answer> {
        let Some(license) = self.account.licenses.get(id) else {
            return Err(Problem::not_found("license", id));
        };
        let limit = license.limits.or(&self.account.settings(license)).uses;
        let pointer = "/data/attributes/uses";
        let Some(uses) = license.uses.checked_add_signed(change) else {
            let fault = Fault::new(pointer, "USES_INVALID", "must be greater than or equal to 0");
            return Err(Problem::invalid(&[fault]));
        };
        if let Some(limit) = limit.filter(|limit| uses > *limit && uses != license.uses) {
            let detail = format!("usage exceeds maximum allowed for license ({limit})");
            return Err(Problem::invalid(&[Fault::new(pointer, "USES_LIMIT_EXCEEDED", detail)]));
        }
        let now = self.now;
        if let Some(license) = self.account.licenses.get_mut(id) {
            license.uses = uses;
            license.updated = now;
        }
        self.start_expiry(id, ExpirationBasis::FromFirstUse);
        self.announce_license(event, id, None);
        self.license_answer(id)
    }
}

/// The amount in `meta`; 1 by default.
fn amount(body: &Map<String, Value>, name: &str) -> i64 {
    let meta = take_object(&mut body.clone(), "meta");
    meta.get(name).and_then(Value::as_i64).unwrap_or(1)
}
