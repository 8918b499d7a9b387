//! Errors of operations.

use anykey_core::{Error, Refusal, Timestamp};

use crate::StoreError;

/// The result of a guard operation.
pub type Result<T, E = GuardError> = std::result::Result<T, E>;

/// The error of a guard operation.
///
/// An error does not mean that the app may not be used; [`Guard::access`](crate::Guard::access) reports that.
/// `Display` prints one line without the cause, which is in `source()`. Neither prints a key.
///
/// ```
/// use anykey_core::KeyCode;
/// use anykey_guard::{Guard, GuardError};
///
/// /// What a dialog shows after a key was entered.
/// async fn enter(guard: &Guard, code: KeyCode) -> String {
///     match guard.activate(code).await {
///         Ok(_) => "Thank you!".to_owned(),
///         Err(GuardError::Refused(refusal)) => format!("This key cannot be used: {}.", refusal.reason),
///         Err(GuardError::StillPending { look_again: None, .. }) => {
///             "An earlier attempt may have used up an activation. Try once more?".to_owned()
///         }
///         Err(error) if error.is_transient() => "No answer. Please try again.".to_owned(),
///         Err(error) => error.to_string(),
///     }
/// }
/// # let _ = enter;
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GuardError {
    /// The vendor refused.
    #[error("the vendor refused: {0}")]
    Refused(Refusal),
    /// There was no answer. The seat is unchanged; try again later.
    #[error("there was no answer; the seat is unchanged")]
    NoAnswer(#[source] Error),
    /// The answer to an activation was lost, so that a seat may have been taken. The record keeps this, and later
    /// checks search for the seat.
    #[error("the answer to the activation was lost; a seat may have been taken")]
    AnswerLost(#[source] Error),
    /// An earlier activation of this key may have taken a seat. Nothing was sent, because another activation might
    /// take a second seat.
    #[error("an earlier activation may have taken a seat; no other was sent")]
    StillPending {
        /// When the first of these activations was sent.
        since: Timestamp,
        /// When the vendor's list of activations will show whether there is a seat. `None` when this provider cannot
        /// list activations: then only the seller can look, or the user accepts the risk and uses
        /// [`activate_once_more`](crate::Guard::activate_once_more).
        look_again: Option<Timestamp>,
    },
    /// No key was entered on this machine.
    #[error("no key is activated on this machine")]
    NotActivated,
    /// This machine holds a seat of another key. Deactivate it first.
    #[error("this machine holds a seat of another key; deactivate it first")]
    HoldsAnotherKey,
    /// The guard has no provider for the vendor or account of the seat. The seat stays valid until its grace ends.
    /// Enter a key of the current provider, or add the [former provider](crate::GuardBuilder::former_provider).
    #[error("the seat belongs to `{recorded}`, but the guard's provider is `{given}`")]
    OtherProvider {
        /// The vendor or provider name of the seat.
        recorded: Box<str>,
        /// The vendor or provider name of the guard's provider.
        given: Box<str>,
    },
    /// The record could not be read, written or locked. Nothing was activated.
    #[error("the license record is not accessible")]
    Store(#[from] StoreError),
    /// The app id or the installation's identity is not valid. The text gives the reason.
    #[error("{0}")]
    Installation(Box<str>),
    /// The text is not a backup that this version can read.
    #[error("the text is not a seat backup that this version can read")]
    Backup,
    /// An async runtime is missing where one is needed, or present where blocking is not allowed.
    #[error("{0}")]
    Runtime(&'static str),
}

impl GuardError {
    /// The vendor's refusal; `None` for every other error.
    #[must_use]
    pub const fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Whether the same call may succeed later without a change: after an outage, once the vendor's list shows a lost
    /// activation, or when another process has released the lock.
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
