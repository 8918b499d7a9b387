use anykey_core::{Error, Refusal, Timestamp};

use crate::StoreError;

/// The result of the guard's operations.
pub type Result<T, E = GuardError> = std::result::Result<T, E>;

/// Why an operation on the seat did not succeed.
///
/// None of them says whether the app may be used: ask [`Guard::access`](crate::Guard::access) for that. `Display`
/// is its own line only, the cause is in `source()`, and neither prints a key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GuardError {
    /// The vendor said no.
    #[error("the vendor refuses: {0}")]
    Refused(Refusal),
    /// No answer came. This machine's record is as it was: try again later.
    #[error("no answer came; the seat is as it was")]
    NoAnswer(#[source] Error),
    /// The answer to an activation was lost, and a seat may be taken. That is remembered, and the seat looked
    /// for.
    #[error("the answer to the activation was lost; a seat may be taken")]
    AnswerLost(#[source] Error),
    /// An earlier activation of this key may have taken a seat. Nothing was sent, since another one might take
    /// a second.
    #[error("an earlier activation may have taken a seat; nothing was sent again")]
    StillPending {
        /// When the first of these activations was sent.
        since: Timestamp,
        /// From when on the vendor's list proves whether there is a seat; `None` when this provider cannot list
        /// activations: the seller can tell, or the user takes the risk with
        /// [`activate_once_more`](crate::Guard::activate_once_more).
        look_again: Option<Timestamp>,
    },
    /// No key was entered on this machine.
    #[error("no key is activated on this machine")]
    NotActivated,
    /// This machine holds a seat of another key: deactivate first.
    #[error("this machine holds a seat of another key; deactivate it first")]
    HoldsAnotherKey,
    /// The seat was taken at another vendor, or another account, than the guard was given providers of. It stays
    /// good until its grace ends. Enter a key of the current provider, or add the
    /// [former one](crate::GuardBuilder::former_provider).
    #[error("the seat was taken at `{recorded}`, and the guard was given `{given}`")]
    OtherProvider {
        /// Where the seat was taken.
        recorded: Box<str>,
        /// The provider at hand.
        given: Box<str>,
    },
    /// The record cannot be read, written or locked. Nothing was activated.
    #[error("the seat's record is not accessible")]
    Store(#[from] StoreError),
    /// What names the app or its installation is not usable; the text says why.
    #[error("{0}")]
    Installation(Box<str>),
    /// The text is no backup that this version can read.
    #[error("the text is no backup of a seat that this version can read")]
    Backup,
    /// There is no async runtime where one is needed, or there is one where none may be.
    #[error("{0}")]
    Runtime(&'static str),
}

impl GuardError {
    /// The vendor's refusal; `None` when the vendor did not say no.
    #[must_use]
    pub const fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Whether the same call may succeed later without any change.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::NoAnswer(error) => error.is_transient(),
            Self::StillPending { look_again, .. } => look_again.is_some(),
            Self::Store(error) => error.kind() == crate::StoreErrorKind::Busy,
            _ => false,
        }
    }
}
