//! The vendor's offline proof that a seat has.

use anykey_core::{
    ActivationId, Capability, InstallationMark, KeyCode, LicenseProvider, OfflineProof, ProvenLicense,
    Timestamp,
};

/// A vendor's offline proof that was verified: until its end, access needs no other answer.
///
/// It is verified when it arrives and again whenever the record is read, so that a record which was written by
/// somebody else proves nothing. It has to be about the held seat: the file of another device is not accepted, and
/// neither is one about the key alone if there is a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeldProof {
    /// The proof as the vendor wrote it. A secret.
    pub proof: OfflineProof,
    /// When it ends, or the key in it if that is earlier; `None` when neither has an end.
    pub ends_at: Option<Timestamp>,
}

/// The seat that a proof has to be about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProofSubject<'a> {
    pub(crate) code: &'a KeyCode,
    pub(crate) activation: Option<&'a ActivationId>,
    pub(crate) mark: InstallationMark,
}

impl HeldProof {
    /// Verifies `proof` for `subject`; `None` when `provider` does not accept it, or when it is about another seat.
    pub(crate) fn verified(
        provider: &dyn LicenseProvider,
        subject: ProofSubject<'_>,
        proof: OfflineProof,
    ) -> Option<Self> {
        let proven = provider.verify_proof(&proof, subject.code).ok()?;
        let names_devices = provider.capabilities().contains(Capability::OneSeatPerInstallation);
        subject.is_proven(&proven, names_devices).then(|| Self { proof, ends_at: proven.ends_at() })
    }
}

impl ProofSubject<'_> {
    /// `names_devices` is whether the vendor knows the installation of each seat that the guard takes.
    fn is_proven(&self, proven: &ProvenLicense, names_devices: bool) -> bool {
        match (proven.installation, self.activation) {
            (Some(mark), _) => mark == self.mark,
            (None, Some(_)) if names_devices => false,
            (None, activation) => activation == proven.activation.as_ref(),
        }
    }
}
