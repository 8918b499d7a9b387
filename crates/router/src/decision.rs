//! Which provider a request about a code is for.
//!
//! The decision is made from the request alone and sends nothing. Only [`Decision::Chain`] leaves something to find
//! out.

use std::sync::Arc;

use anykey_core::{ActivationId, ErrorKind, KeyCode, Operation, Result};

use crate::inner::Inner;
use crate::target::Target;

/// Where a request goes.
#[derive(Clone)]
pub(crate) enum Decision {
    /// This one, for the reason in the trace.
    Of(Arc<Target>, &'static str),
    /// The first of the chain that knows the code.
    Chain,
}

impl Inner {
    /// Where a request about a code goes: by the name that the activation's id carries, else by the code's shape, else
    /// by the chain.
    ///
    /// An activation's id is exact, while two vendors' codes may look alike, so it comes first. A chain of one needs no
    /// question.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for a code that nothing describes, which is no refusal: a forgotten route must not lock out
    /// customers.
    pub(crate) fn decide(
        &self,
        operation: Operation,
        code: &KeyCode,
        activation: Option<&ActivationId>,
    ) -> Result<Decision> {
        if let Some((target, _)) = activation.and_then(|id| self.owner(id.as_str())) {
            return Ok(Decision::Of(Arc::clone(target), "name"));
        }
        if let Some(target) = self.by_shape(code) {
            return Ok(Decision::Of(Arc::clone(target), "shape"));
        }
        match self.chain.as_slice() {
            [] => {
                let message =
                    "the code has the shape of no provider's codes (`routes`), and there is no `chain`";
                Err(self.error(ErrorKind::InvalidRequest, operation, message))
            }
            [only] => Ok(Decision::Of(Arc::clone(only), "chain")),
            _ => Ok(Decision::Chain),
        }
    }

    /// The provider of the first route that describes the code.
    pub(crate) fn by_shape(&self, code: &KeyCode) -> Option<&Arc<Target>> {
        self.rules.iter().find(|rule| rule.shape.matches(code)).map(|rule| &rule.target)
    }
}
