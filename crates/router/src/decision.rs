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
    /// The first of these that knows the code.
    Chain(Vec<Arc<Target>>),
}

impl Inner {
    /// Where a request about a code goes: by the name that the activation's id carries, else by the code's shape, else
    /// by the chain.
    ///
    /// A key that is imported may be at both vendors; then the one that gets the keys is asked first.
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
        let candidates = match activation {
            // A seat of a vendor is only there.
            Some(_) => self.described(code),
            None => self.with_import(self.described(code)),
        };
        match candidates.as_slice() {
            [] => {
                let message =
                    "the code has the shape of no provider's codes (`routes`), and there is no `chain`";
                Err(self.error(ErrorKind::InvalidRequest, operation, message))
            }
            [only] => {
                let chosen_by = if self.by_shape(code).is_some() { "shape" } else { "chain" };
                Ok(Decision::Of(Arc::clone(only), chosen_by))
            }
            _ => Ok(Decision::Chain(candidates)),
        }
    }

    /// The providers that may have the code: the one of its shape, else those of the chain.
    fn described(&self, code: &KeyCode) -> Vec<Arc<Target>> {
        match self.by_shape(code) {
            Some(only) => vec![Arc::clone(only)],
            None => self.chain.clone(),
        }
    }

    /// These, after the provider that their keys are imported to.
    pub(crate) fn with_import(&self, mut candidates: Vec<Arc<Target>>) -> Vec<Arc<Target>> {
        if let Some(import) = &self.import
            && candidates.iter().any(|candidate| import.is_from(candidate))
        {
            candidates.retain(|candidate| !Arc::ptr_eq(candidate, &import.target));
            candidates.insert(0, Arc::clone(&import.target));
        }
        candidates
    }

    /// The provider of the first route that describes the code.
    pub(crate) fn by_shape(&self, code: &KeyCode) -> Option<&Arc<Target>> {
        self.rules.iter().find(|rule| rule.shape.matches(code)).map(|rule| &rule.target)
    }
}
