//! What one API call works with.

use anykey_core::Timestamp;
use http::StatusCode;
use serde::Serialize;

use super::answer::Answer;
use super::database::Database;
use super::documents::KeyDocument;
use super::ids::IdSource;
use super::inspect::KeyStatus;
use super::quirks::Quirks;
use super::records::Key;
use super::refusal::Refusal;

/// The state and settings for one API call.
pub(super) struct Call<'s> {
    pub(super) database: &'s mut Database,
    pub(super) ids: &'s mut IdSource,
    pub(super) quirks: &'s Quirks,
    pub(super) now: Timestamp,
}

impl Call<'_> {
    pub(super) fn json(&self, status: StatusCode, document: &impl Serialize) -> Answer {
        Answer::json(status, document, self.quirks)
    }

    /// The status of `key` at the time of the call. It is derived for each call and stored nowhere.
    pub(super) fn status_of(&self, key: &Key) -> KeyStatus {
        self.database.status(key, self.now, self.quirks.expiry_sweep_lag)
    }

    /// The JSON record of `key`.
    pub(super) fn key_document<'k>(&'k self, key: &'k Key) -> Result<KeyDocument<'k>, Refusal> {
        self.database.key_document(key, self.quirks, self.now).ok_or_else(Refusal::internal)
    }
}
