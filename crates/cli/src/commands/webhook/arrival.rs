//! A delivery, by whatever way it came, and what became of it.

use anykey::{HeaderMap, Timestamp};
use bytes::Bytes;
use http::StatusCode;

/// A delivery at an endpoint, however it came.
pub(super) struct Arrival<'a> {
    pub(super) headers: &'a HeaderMap,
    pub(super) body: Bytes,
    /// When it came, which its signature may depend on.
    pub(super) at: Timestamp,
    /// It came before, and is in the archive.
    pub(super) is_saved: bool,
}

/// What became of a delivery.
pub(super) struct Outcome {
    /// The status that answers it, or what makes it a refusal.
    pub(super) answer: Result<StatusCode, Refusal>,
    pub(super) is_saved: bool,
    /// What else there is to say about it.
    pub(super) notes: Vec<String>,
}

/// A request that is no event, and the user has to know.
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    /// What to call it on stderr.
    pub(super) label: &'static str,
    pub(super) why: String,
}
