use http::StatusCode;
use uuid::Uuid;

use crate::options::ApiVersion;
use crate::records::KeyStatus;
use crate::reply::{Crash, Problem, Reply, json};
use crate::state::State;

/// Gives a key a new string; nothing else about it changes.
pub(super) fn rotate(state: &mut State, id: Uuid, version: ApiVersion) -> Result<Reply, Problem> {
    let key = state.key(id).ok_or(Crash)?;
    if key.status == KeyStatus::Revoked {
        let detail = "License key cannot be rotated in its current status. \
                      Current status: revoked. Allowed statuses: disabled, granted.";
        return Err(Problem::Named(StatusCode::BAD_REQUEST, "RotateNotPermitted", detail.to_owned()));
    }
    let benefit = state.benefits.get(&key.benefit_id).ok_or(Crash)?;
    let prefix = benefit.properties.prefix.clone();
    let before = key.key.clone();
    let code = state.new_code(prefix.as_deref());
    state.rename_key(id, code);
    let now = state.now();
    let key = state.key_mut(id).ok_or(Crash)?;
    key.modified_at = Some(now);
    key.grant.modified_at = Some(now);
    state.tell_edit(id, &before);
    let key = state.key(id).ok_or(Crash)?;
    Ok(json(StatusCode::OK, &state.key_document(key, version)?)?)
}
