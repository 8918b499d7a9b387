use anykey_core::{ActivationId, KeyCode, LicenseProvider, OfflineProof, Timestamp};

/// A vendor's offline proof that was verified: until its end, access needs no other answer.
///
/// It is verified when it arrives and again whenever the record is read, so that a record which was written by
/// somebody else proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeldProof {
    /// The proof as the vendor wrote it. A secret.
    pub proof: OfflineProof,
    /// When it ends, or the key in it if that is earlier; `None` when neither has an end.
    pub ends_at: Option<Timestamp>,
}

impl HeldProof {
    /// Verifies `proof` of the seat `activation` of `code`; `None` when `provider` does not accept it, and for one of
    /// another seat.
    pub(crate) fn verified(
        provider: &dyn LicenseProvider,
        code: &KeyCode,
        activation: Option<&ActivationId>,
        proof: OfflineProof,
    ) -> Option<Self> {
        let proven = provider.verify_proof(&proof, code).ok()?;
        let is_anothers = proven.activation.as_ref().is_some_and(|seat| Some(seat) != activation);
        (!is_anothers).then(|| Self { ends_at: proven.ends_at(), proof })
    }
}
