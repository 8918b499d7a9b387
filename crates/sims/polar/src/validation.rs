//! Validation of requests, with the server's error elements.
//!
//! The server validates with pydantic, whose elements are part of its answers: `type`, `loc`, `msg`, the input, and a
//! context. Each parser here returns all elements that the server would report (recordings of August 2026).

mod datetime;
mod error;
mod fields;
mod metadata;
mod query;
mod scalar;

pub(super) use datetime::{SentTime, date_time};
pub(super) use error::{FieldError, Loc, Parsed};
pub(super) use fields::Fields;
pub(super) use metadata::{Metadata, Scalar, metadata};
pub(super) use query::{Page, Query};
pub(super) use scalar::{
    at_least_zero, int32, key_status, null_or, path_uuid, positive_int32, text, uuid4, web_url,
};
