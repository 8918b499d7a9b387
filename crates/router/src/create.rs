//! Creating keys at one provider.
//!
//! A created key has to be found again, so a code whose shape leads elsewhere is refused before it is created.

use std::sync::Arc;

use anykey_core::{CreateRequest, ErrorKind, KeyCode, LicenseKey, Operation, Result};

use crate::inner::Inner;
use crate::target::Target;

/// What errors and traces are about.
const OPERATION: Operation = Operation::Create;

impl Inner {
    /// Creates a key at one provider, whose own ids are sent. The answer has the router's ids.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if product and customer are of different providers, if nothing names one, or if the code would
    /// not be found.
    pub(crate) async fn create(&self, mut request: CreateRequest) -> Result<LicenseKey> {
        let target = Arc::clone(self.creator(&request)?);
        if let Some(code) = &request.code {
            self.check_code(code, &target)?;
        }
        if let Some(product) = target.strip(request.product.as_str()) {
            request.product = product.into();
        }
        if let Some(customer) = request.customer.as_ref().and_then(|id| target.strip(id.as_str())) {
            request.customer = Some(customer.into());
        }
        self.note_request(&target, OPERATION, "create");
        let created = target.provider.create(request).await?;
        if self.chain.iter().any(|asked| Arc::ptr_eq(asked, &target)) {
            self.memory.set(&created.code, &target);
        }
        Ok(target.key(created))
    }

    /// The provider that the product or the customer names, else the one that the configuration does.
    fn creator(&self, request: &CreateRequest) -> Result<&Arc<Target>> {
        let by_product = self.owner(request.product.as_str());
        let by_customer = request.customer.as_ref().and_then(|id| self.owner(id.as_str()));
        let invalid = |message: String| self.error(ErrorKind::InvalidRequest, OPERATION, message);
        match (by_product.map(|(target, _)| target), by_customer.map(|(target, _)| target)) {
            (Some(product), Some(customer)) if !Arc::ptr_eq(product, customer) => Err(invalid(format!(
                "the product is of `{}`, the customer of `{}`",
                product.name(),
                customer.name()
            ))),
            (Some(target), _) | (None, Some(target)) => Ok(target),
            (None, None) => self.create.as_ref().ok_or_else(|| {
                invalid(
                    "neither the product nor the customer names a provider, and `create` is not set"
                        .to_owned(),
                )
            }),
        }
    }

    /// Fails for a code with which nobody would look for the key at `target`.
    fn check_code(&self, code: &KeyCode, target: &Arc<Target>) -> Result<()> {
        let message = match self.by_shape(code) {
            Some(other) if !Arc::ptr_eq(other, target) => {
                format!(
                    "the code has the shape of a code of `{}`, the key would be at `{}`",
                    other.name(),
                    target.name()
                )
            }
            None if !self.chain.iter().any(|asked| Arc::ptr_eq(asked, target)) => {
                format!(
                    "the code has not the shape of a code of `{}`, which is not in the chain",
                    target.name()
                )
            }
            _ => return Ok(()),
        };
        Err(self.error(ErrorKind::InvalidRequest, OPERATION, message))
    }
}
