//! The three calls with a key string: activate, validate, deactivate.

use std::sync::Arc;

use bytes::Bytes;
use http::Request;

use super::answer::Answer;
use super::call::Call;
use super::fields::Fields;
use super::inspect::LicenseStatus;
use super::quirks::{DeactivatedInstance, EndedAnswer};
use super::records::License;
use super::refusal::Refusal;
use super::route::LicenseCall;

/// The calls about one license, by its key string.
impl Call<'_> {
    /// The three have equal bodies but for the second field: a name for an activation, else the instance's id. Each
    /// answers the license with that instance, with its state after the call.
    pub(super) fn license(&mut self, call: LicenseCall, request: &Request<Bytes>) -> Result<Answer, Refusal> {
        let fields = Fields::read(request);
        let second = if call == LicenseCall::Activate { "instance_name" } else { "instance_id" };
        let [code, second] = fields.texts(["key", second])?;
        let license = self.state.database.with_code(&self.store, self.mode, code);
        let license = license.ok_or(Refusal::UnknownLicense)?;
        let id = Arc::clone(&license.id);
        self.check(call, license, second)?;
        let instance: Arc<str> = match call {
            LicenseCall::Activate => {
                self.state.add_instance(&id, second, self.now).ok_or(Refusal::UnknownLicense)?
            }
            LicenseCall::Validate => second.into(),
            LicenseCall::Deactivate => {
                self.state.deactivate_instance(&id, second);
                second.into()
            }
        };
        let license = self.state.database.licenses.get(&id).ok_or(Refusal::UnknownLicense)?;
        Ok(Answer::ok(self.state.license_document(license, Some(&instance), self.now)))
    }

    /// The checks of a known license, in this order: instance, status, limit.
    ///
    /// The specification has the statuses 404 for an unknown license or instance and 410 for one that ended; the
    /// order of the checks is a choice. A deactivation is not refused for a disabled or expired license.
    fn check(&self, call: LicenseCall, license: &License, instance_id: &str) -> Result<(), Refusal> {
        let quirks = &self.state.quirks;
        if call != LicenseCall::Activate {
            let instance = license.instance(instance_id).ok_or(Refusal::UnknownInstance)?;
            match call {
                LicenseCall::Deactivate if !instance.active => return Err(Refusal::DeactivatedBefore),
                LicenseCall::Deactivate => return Ok(()),
                _ if !instance.active && quirks.deactivated_instance != DeactivatedInstance::Shown => {
                    return Err(Refusal::Deactivated);
                }
                _ => {}
            }
        }
        if quirks.ended == EndedAnswer::Gone {
            match self.state.status(license, self.now) {
                LicenseStatus::Disabled => return Err(Refusal::Disabled),
                LicenseStatus::Expired => return Err(Refusal::Expired),
                LicenseStatus::Inactive | LicenseStatus::Active => {}
            }
        }
        if call == LicenseCall::Activate && license.is_full() {
            return Err(Refusal::Full);
        }
        Ok(())
    }
}
