//! What answers and invalidations are about, as keyed digests.

use crate::tag::Tag;

/// What an invalidation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a store has to handle each")]
pub enum Subject {
    /// A key code, a key or a customer; their digests are never equal.
    Named(Digest),
    /// Every answer that does not contain its key.
    UnnamedKeys,
    /// Every answer that does not contain its customer.
    UnnamedCustomers,
    /// Every answer.
    All,
}

impl From<Tag> for Subject {
    fn from(tag: Tag) -> Self {
        Self::Named(tag.into())
    }
}

/// A keyed digest of a request, a key code, a key or a customer, which reveals nothing about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest([u8; 16]);

impl Digest {
    /// The digest with these bytes, as [`to_bytes`](Self::to_bytes) returned them.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0
    }
}

impl From<Tag> for Digest {
    fn from(tag: Tag) -> Self {
        Self(tag.to_bytes())
    }
}
