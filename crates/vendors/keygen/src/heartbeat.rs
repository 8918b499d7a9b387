//! Heartbeats: proofs of life of machines whose policy requires them.

use anykey_core::{Activation, KeyCode, Operation, RenewRequest, Result};
use anykey_http::{ApiRequest, PathSegment};

use crate::answer::{activation, segment};
use crate::device::{DevicePlane, by_license};

/// Heartbeats, which keep machines alive.
impl DevicePlane {
    /// Reads the machine first: a heartbeat of one that needs none would make it need more of them.
    ///
    /// A machine that needs no heartbeat is returned as it is. For one that does, the activation has the new end.
    pub(crate) async fn renew(&self, request: &RenewRequest) -> Result<Activation> {
        let operation = Operation::Renew;
        let id = segment("activation id", request.activation.as_str(), operation)?;
        let call = ApiRequest::get(operation).path(&["machines"]).segment(id.clone());
        let code = &request.code;
        let response = self.api.succeed(by_license(call, code)?, &[code.expose()]).await?;
        let held = activation(&response)?;
        match held.expires_at {
            Some(_) => self.ping(operation, code, id).await,
            None => Ok(held),
        }
    }

    /// Sends a heartbeat. It can be repeated: a second one only moves the end further.
    ///
    /// # Errors
    ///
    /// A refusal with `SeatExpired` if the machine is dead and the policy does not resurrect it.
    pub(crate) async fn ping(
        &self,
        operation: Operation,
        code: &KeyCode,
        id: PathSegment,
    ) -> Result<Activation> {
        let call = ApiRequest::post(operation)
            .path(&["machines"])
            .segment(id)
            .path(&["actions", "ping"])
            .repeatable();
        let response = self.api.succeed(by_license(call, code)?, &[code.expose()]).await?;
        let mut renewed = activation(&response)?;
        renewed.answered_at = response.answered_at();
        Ok(renewed)
    }
}
