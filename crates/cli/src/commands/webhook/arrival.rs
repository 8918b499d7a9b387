//! A delivery, by whatever way it came.

use anykey::{HeaderMap, Timestamp};
use bytes::Bytes;
use http::StatusCode;

/// A delivery at an endpoint, however it came, and what is done with it.
pub(super) struct Arrival<'a> {
    pub(super) headers: &'a HeaderMap,
    pub(super) body: Bytes,
    /// When it came, which its signature may depend on.
    pub(super) at: Timestamp,
    /// It is in the archive.
    pub(super) is_saved: bool,
    /// What there is to say about it beside its answer.
    pub(super) notes: Vec<String>,
}

impl<'a> Arrival<'a> {
    pub(super) const fn new(headers: &'a HeaderMap, body: Bytes, at: Timestamp) -> Self {
        Self { headers, body, at, is_saved: false, notes: Vec::new() }
    }
}

/// A request that is no event, and the user has to know.
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    /// What to call it on stderr.
    pub(super) label: &'static str,
    pub(super) why: String,
}
