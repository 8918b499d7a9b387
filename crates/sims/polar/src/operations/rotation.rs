//! Giving a key a new string.

use http::StatusCode;
use uuid::Uuid;

use crate::key_status::KeyStatus;
use crate::options::ApiVersion;
use crate::reply::{Crash, Problem, Reply, json};
use crate::state::State;

/// Replaces a key's string. Nothing else changes: id, activations, usage and status stay.
///
/// # Errors
///
/// 400 for a revoked key; a disabled one can be rotated.
pub(super) fn rotate(state: &mut State, id: Uuid, version: ApiVersion) -> Result<Reply, Problem> {
    if state.key(id).ok_or(Crash)?.status == KeyStatus::Revoked {
        let detail = "License key cannot be rotated in its current status. \
                      Current status: revoked. Allowed statuses: disabled, granted.";
        return Err(Problem::Named(StatusCode::BAD_REQUEST, "RotateNotPermitted", detail.to_owned()));
    }
    state.rotate_key(id).ok_or(Crash)?;
    let key = state.key(id).ok_or(Crash)?;
    Ok(json(StatusCode::OK, &state.key_document(key, version)?)?)
}
