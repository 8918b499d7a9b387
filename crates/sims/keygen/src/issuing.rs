//! New licenses, and the start of their duration.

use serde_json::{Map, Value};

use super::params::text;
use super::policy_spec::ExpirationBasis;
use super::records::{License, Limits};
use super::state::Call;
use super::time::later;

/// A license to create, with checked attributes.
pub(super) struct NewLicense {
    pub(super) id: Option<String>,
    pub(super) policy: String,
    pub(super) owner: Option<String>,
    /// The attributes of the request, checked, with names in camel case.
    pub(super) attributes: Map<String, Value>,
}

impl Call<'_> {
    /// Adds a license and returns its id.
    pub(super) fn add_license(&mut self, new: NewLicense) -> String {
        let NewLicense { id, policy, owner, attributes } = new;
        let id = id.unwrap_or_else(|| self.ids.uuid());
        let key = text(&attributes, "key").unwrap_or_else(|| self.ids.license_key());
        let product = self.account.policy(&policy).map(|policy| policy.product.clone()).unwrap_or_default();
        let mut license = License {
            id: id.clone(),
            key,
            name: None,
            policy,
            product,
            owner,
            users: Vec::new(),
            group: None,
            expiry: None,
            suspended: false,
            protected: None,
            uses: 0,
            limits: Limits::default(),
            metadata: Map::new(),
            last_validated: None,
            last_check_in: None,
            last_check_out: None,
            created: self.now,
            updated: self.now,
            machines: Vec::new(),
            status_word: None,
        };
        license.apply(&attributes);
        license.last_check_in = self.account.settings(&license).check_in_interval.map(|_| self.now);
        self.account.add_license(license);
        self.start_expiry(&id, ExpirationBasis::FromCreation);
        id
    }

    /// Sets the expiry of a license without one, if its policy starts the duration with this event. An expiry that is
    /// set stays.
    pub(super) fn start_expiry(&mut self, id: &str, event: ExpirationBasis) {
        let Some(policy) = self.account.licenses.get(id).map(|license| self.account.settings(license)) else {
            return;
        };
        let starts = policy.expiration_basis == event;
        let now = self.now;
        if let Some(license) = self.account.licenses.get_mut(id)
            && starts
            && license.expiry.is_none()
        {
            license.expiry = policy.duration.map(|seconds| later(now, seconds));
        }
    }
}
