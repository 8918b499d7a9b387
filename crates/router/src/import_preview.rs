//! What the next activation of a key would do.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{CreateRequest, Error, ErrorKind, KeyCode, Operation, Result};

use crate::Router;
use crate::chain::{Found, NotCalled};
use crate::decision::Decision;
use crate::import::wanted;

/// What the next activation of a key would do, by [`Router::preview_import`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImportPreview {
    /// It would be created at the provider of `create` by this request, and activated there.
    Created(Box<CreateRequest>),
    /// It would be activated where it is.
    Stays {
        /// The name of the provider that has it.
        provider: Box<str>,
        /// Why it is not imported; `None` where its provider's keys are not.
        reason: Option<Box<str>>,
    },
}

impl Router {
    /// What the next activation of this key would do: for one key that is tried before customers come. Sends reads
    /// only, to the providers that an activation would ask.
    ///
    /// # Errors
    ///
    /// `Refused` when the key is refused, `Config` when the router imports no keys, and the error of a provider that
    /// does not answer.
    pub async fn preview_import(&self, code: &KeyCode) -> Result<ImportPreview> {
        const OPERATION: Operation = Operation::Validate;
        let inner = &self.inner;
        let Some(import) = &inner.import else {
            return Err(inner.error(ErrorKind::Config, OPERATION, "`import_on_activate` is not set"));
        };
        let candidates = match inner.decide(OPERATION, code, None)? {
            Decision::Chain(candidates) => candidates,
            Decision::Of(only, _) => vec![only],
        };
        let (provider, answer) = match inner.look_for(import, &candidates, code).await.0 {
            Found::At(provider, answer) => (provider, answer?),
            Found::Nobody(Ok(validation)) => {
                let unknown = NotCalled::NotRecognised(Box::new(validation));
                return Err(unknown.into_error(inner, OPERATION));
            }
            Found::Nobody(Err(error)) => return Err(error),
        };
        if let Some(refusal) = answer.refusal() {
            let error = Error::refused(refusal.clone()).with_operation(OPERATION);
            return Err(error.with_provider(provider.name().to_owned()));
        }
        let stays = |reason| ImportPreview::Stays { provider: provider.name().into(), reason };
        if !import.is_from(&provider) {
            return Ok(stays(None));
        }
        Ok(match wanted(import, code, answer) {
            Ok(wanted) => ImportPreview::Created(Box::new(wanted.request)),
            Err(reason) => stays(Some(reason.into())),
        })
    }
}
