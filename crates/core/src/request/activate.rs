use crate::{InstallationMark, KeyCode, Metadata};

/// A device asks for a seat.
///
/// Every success takes a new seat, also for the same label, unless the request names an
/// [`installation`](Self::installation) and the vendor recognises it.
///
/// ```
/// use anykey_core::{ActivateRequest, Capability, InstallationMark, KeyCode, LicenseProvider};
///
/// # fn request_for(provider: &dyn LicenseProvider) -> anykey_core::Result<ActivateRequest> {
/// let mark: InstallationMark = "ak-1a2b3c4d5e6f".parse()?;
/// let mut request = ActivateRequest::new(KeyCode::parse("AAAA-BBBB")?, mark.label_for("studio-mac"));
/// if provider.capabilities().contains(Capability::OneSeatPerInstallation) {
///     request = request.installation(mark);
/// }
/// # Ok(request)
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ActivateRequest {
    /// The code that the customer typed.
    pub code: KeyCode,
    /// What the device is called; seller and customer see it. No personal data belongs here.
    pub label: String,
    /// The installation that asks. When it has a seat of this key already, the answer is that seat, unchanged, also
    /// when the key is full; so sending the request again is harmless. Needs
    /// [`Capability::OneSeatPerInstallation`](crate::Capability::OneSeatPerInstallation) unless `None`.
    pub installation: Option<InstallationMark>,
    /// What to keep with the activation; needs
    /// [`Capability::ActivationMetadata`](crate::Capability::ActivationMetadata) unless empty.
    pub metadata: Metadata,
    /// What every later validation of this activation has to send again, whole and equal; needs
    /// [`Capability::Conditions`](crate::Capability::Conditions) unless empty. Vendors never return it: keep it beside
    /// the activation's id.
    pub conditions: Metadata,
    /// Whether the seat shall come with the vendor's [proof](crate::Activation::proof), which may take the provider
    /// another request. Needs [`Capability::OfflineProof`](crate::Capability::OfflineProof) unless `false`.
    pub offline_proof: bool,
}

impl ActivateRequest {
    /// Asks for a seat called `label`.
    pub fn new(code: KeyCode, label: impl Into<String>) -> Self {
        Self {
            code,
            label: label.into(),
            installation: None,
            metadata: Metadata::new(),
            conditions: Metadata::new(),
            offline_proof: false,
        }
    }

    /// Names the installation that asks, which keeps its seat when it asks again.
    #[must_use]
    pub const fn installation(mut self, installation: InstallationMark) -> Self {
        self.installation = Some(installation);
        self
    }

    /// Keeps `metadata` with the activation.
    #[must_use]
    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// Ties the activation to `conditions`.
    #[must_use]
    pub fn conditions(mut self, conditions: Metadata) -> Self {
        self.conditions = conditions;
        self
    }

    /// Asks for the vendor's proof beside the seat.
    #[must_use]
    pub const fn offline_proof(mut self) -> Self {
        self.offline_proof = true;
        self
    }
}
