//! The bodies of Keygen's API, which are JSON:API documents. Only the members of the model are read, and those that do not
//! identify the record may be missing, `null` or invalid.

mod answers;
mod requests;

pub(crate) use answers::*;
pub(crate) use requests::*;
