//! The meaning of a status and a body for an operation, and of a validation's code: pure functions.
//!
//! A meaning needs evidence that Keygen answered: its error list, and for a refusal one of its codes. Everything else
//! is no answer: it came from a gateway, a proxy or a filter, or Keygen changed its answers.
//!
//! Source: the server's code (`keygen-sh/keygen-api`, June 2026).

use Operation::{Activate, Create, Deactivate, RenameActivation, Renew, Update, Validate};
use RefusalReason::{
    ActivationLimitReached, ActivationRequired, AlreadyActivated, CheckInOverdue, Disabled, Expired,
    LimitExceeded, SeatExpired, UnknownActivation, UnknownKey, Unspecified, UsageExceeded, WrongCustomer,
    WrongEnvironment, WrongProduct,
};
use anykey_core::{ErrorKind, Operation, RefusalReason};
use anykey_http::{Meaning, read_json};

use crate::wire::{ErrorObject, Errors};

/// The policy's default strategy, `TOKEN`, answers every license key so. It is the seller's mistake and no refusal of
/// the customer's key.
const NOT_ALLOWED: Meaning = Meaning::Failure(
    ErrorKind::PermissionDenied,
    "the policy does not allow license keys to authenticate; set its authenticationStrategy to LICENSE or MIXED",
);
/// The path of a call names the account, so a wrong one must not turn into an unknown key.
const UNKNOWN_ACCOUNT: Meaning =
    Meaning::Failure(ErrorKind::Config, "there is no such account; check `account` and `base_url`");
/// A token of one environment does not see the records of another one.
const NO_SUCH_RECORD: Meaning = Meaning::Failure(
    ErrorKind::NotFound,
    "the account has no record with this id that the token may see; check the environment, and that it is the record's \
     id and not the code that a customer types",
);
/// Editions without environments have a code of their own for it, which means the same to the caller.
const NO_ENVIRONMENT: Meaning = Meaning::Failure(
    ErrorKind::Config,
    "the account has no such environment; check `environment` and `environment_code`",
);

/// Reads the error list of an answer; `None` if there is none. An empty list is none: nothing in it could be evidence.
pub(crate) fn errors(body: &[u8]) -> Option<Errors<'_>> {
    read_json::<Errors<'_>>(body).filter(|body| !body.errors.is_empty())
}

/// The meaning of an answer that is not a success. Several errors may come at once: the first one with a meaning of its
/// own decides.
///
/// Without an error list no client error has a meaning, except a 401 of a call with the seller's token, for which any
/// layer before Keygen may be responsible. A list whose errors have no title is not Keygen's.
pub(crate) fn meaning(operation: Operation, status: u16, body: Option<&Errors<'_>>) -> Meaning {
    match (status, body) {
        (407 | 408 | 429, _) => Meaning::General,
        (200..=299, _) => Meaning::Unrecognized,
        (401, None) if !is_of_a_device(operation) => Meaning::General,
        (400..=499, None) => Meaning::Unrecognized,
        (400..=499, Some(body)) if body.errors.iter().all(|error| error.title().is_none()) => {
            Meaning::Unrecognized
        }
        (400..=499, Some(body)) => {
            let specific = body.errors.iter().find_map(|error| specific(operation, status, error));
            specific.unwrap_or(Meaning::General)
        }
        _ => Meaning::General,
    }
}

/// What one error means for `operation`; `None` if its code has no meaning of its own there, and the status decides.
///
/// The same code means different things: a 403 `LICENSE_SUSPENDED` is a refusal for a call that authenticates with the
/// license key, and has no meaning of its own for one with a token.
fn specific(operation: Operation, status: u16, error: &ErrorObject<'_>) -> Option<Meaning> {
    let refused = |reason| Some(Meaning::Refusal(reason));
    let failed = |kind, advice| Some(Meaning::Failure(kind, advice));
    let is_of_a_device = is_of_a_device(operation);
    match (status, error.code()?) {
        (401, "LICENSE_INVALID") if is_of_a_device => refused(UnknownKey),
        (403, "LICENSE_BANNED" | "LICENSE_SUSPENDED") if is_of_a_device => refused(Disabled),
        (403, "LICENSE_EXPIRED") if is_of_a_device => refused(Expired),
        (403, "LICENSE_NOT_ALLOWED") => Some(NOT_ALLOWED),
        (400, "INVALID_API_VERSION") => {
            failed(ErrorKind::Config, "this installation does not have version 1.8 of the API; update it")
        }
        (400, "ENVIRONMENT_NOT_SUPPORTED" | "ENVIRONMENT_INVALID") => Some(NO_ENVIRONMENT),
        (402, "ACCOUNT_ALU_LIMIT_EXCEEDED") => {
            failed(ErrorKind::PermissionDenied, "the account's plan does not allow more licensed users")
        }
        (404, "NOT_FOUND") => missing(operation, error.detail()?),
        (422, "MACHINE_LIMIT_EXCEEDED") if operation == Activate => refused(ActivationLimitReached),
        (
            422,
            "MACHINE_CORE_LIMIT_EXCEEDED"
            | "MACHINE_MEMORY_LIMIT_EXCEEDED"
            | "MACHINE_DISK_LIMIT_EXCEEDED"
            | "GROUP_MACHINE_LIMIT_EXCEEDED",
        ) if operation == Activate => refused(LimitExceeded),
        (422, "FINGERPRINT_TAKEN") if operation == Activate => refused(AlreadyActivated),
        (422, "LICENSE_NOT_FOUND") if operation == Activate => refused(UnknownKey),
        (422, "MACHINE_HEARTBEAT_DEAD") if is_of_a_device => refused(SeatExpired),
        (422, "USES_LIMIT_EXCEEDED") if operation == Validate => refused(UsageExceeded),
        (422, "KEY_TAKEN" | "KEY_CONFLICT" | "ID_CONFLICT") if operation == Create => {
            failed(ErrorKind::Conflict, "a key with this code exists already")
        }
        (422, "OWNER_NOT_FOUND") if operation == Create => {
            failed(ErrorKind::NotFound, "the account has no such user")
        }
        (422, "POLICY_NOT_FOUND") if operation == Create => {
            failed(ErrorKind::NotFound, "the account has no such policy; check `policies`")
        }
        _ => None,
    }
}

/// A missing record.
///
/// Only the sentence says of which kind it is: `The requested machine '…' was not found`. For a device, a missing
/// machine or license is a refusal. A sentence in another form is no answer.
fn missing(operation: Operation, detail: &str) -> Option<Meaning> {
    let kind = detail.strip_prefix("The requested ")?;
    match operation {
        _ if kind.starts_with("account") => Some(UNKNOWN_ACCOUNT),
        _ if is_of_a_device(operation) && kind.starts_with("machine") => {
            Some(Meaning::Refusal(UnknownActivation))
        }
        _ if is_of_a_device(operation) && kind.starts_with("license") => Some(Meaning::Refusal(UnknownKey)),
        Create | Update | RenameActivation | Operation::Get | Operation::List | Operation::Activations
            if ["license", "machine", "policy", "user"].iter().any(|known| kind.starts_with(known)) =>
        {
            Some(NO_SUCH_RECORD)
        }
        _ => Some(Meaning::Unrecognized),
    }
}

/// Whether an installed app does it, with its license key as the credential. Then 401 and 403 are about the key.
fn is_of_a_device(operation: Operation) -> bool {
    matches!(operation, Validate | Activate | Renew | Deactivate)
}

/// What a validation's code means when the verdict is no. Beyond refusals there are demands of the policy, which the
/// adapter meets by asking again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeMeaning {
    /// A refusal.
    Refused(RefusalReason),
    /// The validation has to name the product.
    NamesNoProduct,
    /// The validation has to name the machine by its fingerprint.
    NamesNoFingerprint,
    /// The validation has to name something that this adapter does not know.
    NamesTooLittle,
}

/// `has_seat` is whether the validation names a machine. What the code of a validation means if `meta.valid` is false.
/// An unknown code is a refusal too, since the verdict does not depend on the code.
pub(crate) fn code(code: &str, has_seat: bool) -> CodeMeaning {
    use CodeMeaning::{NamesNoFingerprint, NamesNoProduct, NamesTooLittle, Refused};
    match code {
        "NOT_FOUND" => Refused(UnknownKey),
        "BANNED" | "SUSPENDED" => Refused(Disabled),
        "EXPIRED" => Refused(Expired),
        "OVERDUE" => Refused(CheckInOverdue),
        "PRODUCT_SCOPE_MISMATCH" => Refused(WrongProduct),
        "USER_SCOPE_MISMATCH" => Refused(WrongCustomer),
        "ENVIRONMENT_SCOPE_MISMATCH" => Refused(WrongEnvironment),
        "MACHINE_SCOPE_MISMATCH" | "FINGERPRINT_SCOPE_MISMATCH" => Refused(UnknownActivation),
        "NO_MACHINE" | "NO_MACHINES" if has_seat => Refused(UnknownActivation),
        "NO_MACHINE" | "NO_MACHINES" => Refused(ActivationRequired),
        "MACHINE_SCOPE_REQUIRED" | "FINGERPRINT_SCOPE_REQUIRED" if !has_seat => Refused(ActivationRequired),
        "FINGERPRINT_SCOPE_REQUIRED" => NamesNoFingerprint,
        "HEARTBEAT_NOT_STARTED" | "HEARTBEAT_DEAD" => Refused(SeatExpired),
        "TOO_MANY_MACHINES" => Refused(ActivationLimitReached),
        "TOO_MANY_USERS" | "TOO_MANY_CORES" | "TOO_MANY_PROCESSES" | "TOO_MUCH_MEMORY" | "TOO_MUCH_DISK" => {
            Refused(LimitExceeded)
        }
        "PRODUCT_SCOPE_REQUIRED" => NamesNoProduct,
        other if other.ends_with("_SCOPE_REQUIRED") => NamesTooLittle,
        _ => Refused(Unspecified),
    }
}

impl ErrorObject<'_> {
    /// The code; `None` for an error without one.
    pub(crate) fn code(&self) -> Option<&str> {
        self.code.as_ref().value().map(|text| &**text)
    }

    /// The sentence; `None` for an error without one.
    pub(crate) fn detail(&self) -> Option<&str> {
        self.detail.as_ref().value().map(|text| &**text)
    }

    /// The class of the error, which is present in every error of Keygen.
    fn title(&self) -> Option<&str> {
        self.title.as_ref().value().map(|text| &**text)
    }
}

impl Errors<'_> {
    /// Whether one of the errors has this code.
    pub(crate) fn has(&self, code: &str) -> bool {
        self.errors.iter().any(|error| error.code() == Some(code))
    }

    /// The sentence and the code of the first error with a code, or of the first one.
    pub(crate) fn words(&self) -> (Option<&str>, Option<&str>) {
        let coded = self.errors.iter().find(|error| error.code().is_some());
        let error = coded.or_else(|| self.errors.first());
        (error.and_then(ErrorObject::detail), error.and_then(ErrorObject::code))
    }
}

#[cfg(test)]
mod tests;
