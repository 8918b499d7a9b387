//! The proofs that were issued: what stands in for a signature where the vendor is in the same process.

use jiff::{SignedDuration, Timestamp};

use super::InMemoryProvider;
use super::record::Record;
use crate::adapter::ErrorExt as _;
use crate::{ActivationId, Error, ErrorKind, KeyCode, OfflineProof, Operation, ProvenLicense, Result};

const FORMAT: &str = "memory";
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

#[derive(Default)]
pub(super) struct Proofs(Vec<(OfflineProof, ProvenLicense)>);

impl Proofs {
    pub(super) fn issue(
        &mut self,
        record: &Record,
        activation: Option<&ActivationId>,
        now: Timestamp,
    ) -> OfflineProof {
        let proof = OfflineProof::new(FORMAT, format!("proof {:08} of {}", self.0.len(), record.key.id));
        let seat = activation.and_then(|id| record.seat(id));
        let mut proven = ProvenLicense::new(now);
        proven.expires_at = now.checked_add(LIFETIME).ok();
        proven.key = Some(record.snapshot(now));
        proven.activation = seat.map(|seat| seat.activation.id.clone());
        proven.installation = seat.and_then(|seat| seat.activation.installation);
        self.0.push((proof.clone(), proven));
        proof
    }

    pub(super) fn verify(&self, proof: &OfflineProof, code: &KeyCode) -> Result<ProvenLicense> {
        let (_, proven) = self.0.iter().find(|(issued, _)| issued == proof).ok_or_else(|| {
            error("the proof was not issued by this provider, or it was altered; ask for another one")
        })?;
        match proven.key.as_ref().is_some_and(|key| key.code == *code) {
            true => Ok(proven.clone()),
            false => Err(error("the proof is one of another key")),
        }
    }
}

fn error(message: &'static str) -> Error {
    Error::new(ErrorKind::InvalidRequest, message)
        .with_provider(InMemoryProvider::NAME)
        .with_operation(Operation::VerifyProof)
}
