//! Creation of licenses, each from a policy.
//!
//! A member that a license leaves open is that of its policy. What the request excludes by name, *unlimited* or
//! *never*, is therefore compared with the policy first.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    ActivationLimit, Capability, CreateRequest, Error, ErrorKind, Expiry, LicenseKey, Operation, ProductId,
    Result,
};
use anykey_http::ApiRequest;

use crate::answer::{of_another_request, segment};
use crate::management::Management;
use crate::wire::{DataBody, Document, NewLicense, NewResource, OfPolicy, PolicyBody, ToOne};
use crate::{NAME, map};

/// The creation of licenses.
impl Management {
    /// Reads the policy first, because it decides about limit and expiry where the request names none.
    ///
    /// The creation is sent once: a second one would make a second license. A code that the request names is compared
    /// with the answer's.
    pub(crate) async fn create(&self, request: &CreateRequest) -> Result<LicenseKey> {
        let max_machines = match request.activation_limit {
            ActivationLimit::AtMost(limit) => Some(limit),
            ActivationLimit::Unlimited | ActivationLimit::Unknown => None,
            _ => return Err(map::no_seatless(Capability::Create)),
        };
        let expiry = match request.expiry {
            Expiry::At(at) => Some(at),
            Expiry::Never | Expiry::Unknown => None,
            _ => {
                return Err(Error::unsupported(NAME, Capability::Create).with_hint(
                    "Keygen has no subscriptions; set the expiry, and move it when the customer pays",
                ));
            }
        };
        let policy = self.policy_of(&request.product)?;
        self.check_policy(request, policy).await?;
        let attributes =
            NewLicense { key: request.code.as_ref().map(|code| code.expose()), max_machines, expiry };
        let owner = request.customer.as_ref().map(|id| ToOne::new("users", id.as_str()));
        let relationships = OfPolicy { policy: ToOne::new("policies", policy), owner };
        let data = NewResource { r#type: "licenses", attributes, relationships };
        let call = ApiRequest::post(Operation::Create).path(&["licenses"]).json(&DataBody { data });
        let secrets: Vec<_> = request.code.iter().map(|code| code.expose()).collect();
        let response = self.api.succeed(call, &secrets).await?;
        let key = self.api.license(&response, None)?;
        match &request.code {
            Some(code) if *code != key.code => Err(of_another_request(&response)),
            _ => Ok(key),
        }
    }

    /// The configured policy of a product.
    ///
    /// # Errors
    ///
    /// `NotFound` if `policies` has no entry for it.
    fn policy_of(&self, product: &ProductId) -> Result<&str> {
        let policy = self.policies.get(product.as_str()).map(|policy| &**policy);
        policy.ok_or_else(|| {
            let message = "the configuration has no policy for this product; add it to `policies`";
            Error::new(ErrorKind::NotFound, message).with_provider(NAME).with_operation(Operation::Create)
        })
    }

    /// Reads the policy and compares it with the request.
    ///
    /// # Errors
    ///
    /// `NotFound` if the policy is one of another product, `Unsupported` if it has a limit or a duration that the
    /// request excludes: a key without its own has that of the policy.
    async fn check_policy(&self, request: &CreateRequest, policy: &str) -> Result<()> {
        let call = ApiRequest::get(Operation::Create).path(&["policies"]).segment(segment(
            "policy id",
            policy,
            Operation::Create,
        )?);
        let response = self.api.succeed(call, &[]).await?;
        let PolicyBody { attributes, relationships } = response.json::<Document<PolicyBody>>()?.data;
        let attributes = attributes.unwrap_or_default();
        let product = relationships.and_then(|found| found.product).and_then(|product| product.id());
        if product.is_some_and(|product| product != request.product) {
            let message = "the policy for this product is one of another product; correct `policies`";
            return Err(response.error(ErrorKind::NotFound, message));
        }
        let unsupported = |hint| Err(Error::unsupported(NAME, Capability::Create).with_hint(hint));
        if request.activation_limit == ActivationLimit::Unlimited && attributes.max_machines.value().is_some()
        {
            return unsupported(
                "the policy limits the machines; set `AtMost`, or leave the limit to the policy",
            );
        }
        if request.expiry == Expiry::Never && attributes.duration.value().is_some() {
            return unsupported("the policy has a duration; set `At`, or leave the expiry to the policy");
        }
        Ok(())
    }
}
