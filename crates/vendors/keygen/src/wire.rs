//! The bodies of Keygen's API, which are JSON:API documents. Only the members of the model are read, and those that do
//! not identify the record may be missing, `null` or invalid.
//!
//! `answers` has what Keygen sends, `requests` what it is sent. Names are in camel case on the wire, times are UTC with
//! a fraction of three digits, ids are UUIDs (server's code, June 2026).

mod answers;
mod requests;

pub(crate) use answers::*;
pub(crate) use requests::*;
