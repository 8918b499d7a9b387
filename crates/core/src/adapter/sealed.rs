use crate::{Error, KeyCode, PageToken};

/// Only the types of this crate have the extension traits of [`adapter`](crate::adapter), so that methods can be
/// added to them.
#[expect(unnameable_types, reason = "what cannot be named cannot be implemented")]
pub trait Sealed {}

impl Sealed for Error {}
impl Sealed for KeyCode {}
impl Sealed for PageToken {}
