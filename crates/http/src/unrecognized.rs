//! Warnings about answers that are none of the vendor's.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use anykey_core::Operation;
use http::StatusCode;
use tracing::warn;

/// It distinguishes no more kinds of answers than these, so that the set stays small whatever a network sends.
const MOST: usize = 1_024;

/// Provider, operation and status.
type Kind = (Box<str>, &'static str, u16);

/// The kinds that were warned about.
static WARNED: Mutex<BTreeSet<Kind>> = Mutex::new(BTreeSet::new());

/// Warns of an unrecognized answer, once per process for each provider, operation and status.
pub(crate) fn warn_once(provider: &str, operation: Operation, status: StatusCode, bytes: usize) {
    let kind = (provider.into(), operation.name(), status.as_u16());
    let mut warned = WARNED.lock().unwrap_or_else(PoisonError::into_inner);
    if warned.len() < MOST && warned.insert(kind) {
        drop(warned);
        warn!(
            provider,
            operation = operation.name(),
            status = status.as_u16(),
            bytes,
            "an answer is not in the vendor's vocabulary: something in between, or the vendor changed its words"
        );
    }
}
