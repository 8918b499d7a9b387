use std::hash::{Hash, Hasher};

use crate::adapter::ErrorExt as _;
use crate::{Error, ErrorKind, Operation};

/// A record of a listing that could not be read, beside the keys that could.
///
/// One odd value in one record costs no other key: the listing continues and reports what it left out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnreadableRecord {
    /// Its place among the records of its page, counted from 0.
    pub position: usize,
    /// The record's id; `None` when that is what could not be read.
    pub id: Option<Box<str>>,
    /// What could not be read and where in the record, without any value of it.
    pub cause: Box<str>,
    text: u64,
}

impl UnreadableRecord {
    /// The record at `position` whose JSON is `text`, of which only a digest is kept. For authors of providers.
    #[must_use]
    pub fn new(position: usize, text: &str, cause: impl Into<Box<str>>) -> Self {
        let mut digest = std::hash::DefaultHasher::new();
        text.hash(&mut digest);
        Self { position, id: None, cause: cause.into(), text: digest.finish() }
    }

    /// Names the record.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<Option<Box<str>>>) -> Self {
        self.id = id.into();
        self
    }

    /// As an error, for callers that take an unreadable record as one.
    #[must_use]
    pub fn error(&self) -> Error {
        let whose = match &self.id {
            Some(id) => format!("the key {id}"),
            None => format!("record {} of the page", self.position),
        };
        Error::new(ErrorKind::Decode, format!("{whose} cannot be read: {}", self.cause))
            .with_hint("the listing is not complete")
            .with_operation(Operation::List)
    }

    /// Under what a listing recognises the record again.
    pub(crate) fn identity(&self) -> String {
        match &self.id {
            Some(id) => id.to_string(),
            None => format!("\0{:x}", self.text),
        }
    }
}
