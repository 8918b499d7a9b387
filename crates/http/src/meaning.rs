//! What an answer means, and the error that it becomes.
//!
//! Deciding is the adapter's work, and pure; making the error is the same for all, and here.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, Refusal, RefusalReason};

use crate::{ApiResponse, redact};

/// What an answer that is no success means for an operation.
///
/// An adapter decides it in one pure function of operation, status and body, and
/// [`ApiResponse::vendor_error`] makes the error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "nothing else can be made of an answer")]
pub enum Meaning {
    /// The vendor refuses, in its own vocabulary for this operation.
    Refusal(RefusalReason),
    /// A failure of this kind, and what to do about it.
    Failure(ErrorKind, &'static str),
    /// What the status alone says: [`ApiResponse::general_error`].
    General,
    /// No answer that the vendor is known to give to this operation. Whoever answered, it is never a refusal.
    Unrecognized,
}

impl ApiResponse {
    /// The error for an answer with this `meaning`.
    ///
    /// `vendor` is the vendor's name for the message. `sentence` is what the vendor says in the answer, if anything;
    /// every one of `secrets`, such as the key code of the request, is masked in it. It is the message of a refusal,
    /// and a hint of a failure. `code` is the vendor's own error code. Of an unrecognized answer neither is repeated.
    #[must_use]
    pub fn vendor_error(
        &self,
        vendor: &str,
        meaning: &Meaning,
        sentence: Option<&str>,
        code: Option<&str>,
        secrets: &[&str],
    ) -> Error {
        let sentence = sentence.map(|sentence| redact(sentence, secrets));
        let error = match meaning {
            Meaning::Refusal(reason) => {
                let refusal = Refusal::new(*reason);
                let refusal = match sentence {
                    Some(sentence) => refusal.with_message(sentence),
                    None => refusal,
                };
                self.fill(Error::refused(refusal))
            }
            Meaning::Failure(kind, advice) => with_sentence(self.error(*kind, *advice), vendor, sentence),
            Meaning::General => with_sentence(self.general_error(), vendor, sentence),
            Meaning::Unrecognized => {
                return self.unrecognized().with_hint("if it stays so, check `base_url` and any proxy");
            }
        };
        match code.and_then(|code| self.vendor_code(code)) {
            Some(code) => error.with_vendor_code(code),
            None => error,
        }
    }
}

/// Adds what the vendor says as a hint.
fn with_sentence(error: Error, vendor: &str, sentence: Option<String>) -> Error {
    match sentence {
        Some(sentence) => error.with_hint(&format!("{vendor} says: {sentence}")),
        None => error,
    }
}
