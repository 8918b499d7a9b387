//! What the command says about a key that was probably changed on its way.

use anykey::{ErrorKind, KeyCode, KeyHint, LicenseProvider, PastedKey};

use crate::context::Context;

/// What looks wrong with a pasted key, for after the vendor's refusal: sellers may import any text as a code, so a good
/// key is never accused.
#[derive(Debug)]
pub(crate) struct PastedHints(Vec<KeyHint>);

impl PastedHints {
    /// The hints about `pasted`, that of `provider` about the shape of its vendor's keys included.
    pub(crate) fn new(pasted: &PastedKey, provider: &dyn LicenseProvider) -> Self {
        let mut hints = pasted.hints.clone();
        hints.extend(provider.key_hint(&pasted.code).filter(|hint| !pasted.hints.contains(hint)));
        Self(hints)
    }

    /// Prints each as a note.
    pub(crate) fn note(&self, context: &Context) {
        for hint in &self.0 {
            context.note(hint.description());
        }
    }

    /// Prints them if `result` is the vendor's refusal.
    pub(crate) fn after<T>(&self, context: &Context, result: &anykey::Result<T>) {
        let refused = [ErrorKind::Refused, ErrorKind::NotFound];
        if result.as_ref().is_err_and(|error| refused.contains(&error.kind())) {
            self.note(context);
        }
    }
}

/// The code of `pasted`, for where it is about to be stored: what looks wrong with it is said first.
pub(crate) fn checked(context: &Context, pasted: PastedKey) -> KeyCode {
    for hint in &pasted.hints {
        context.note(hint.description());
    }
    pasted.code
}
