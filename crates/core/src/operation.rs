use std::fmt;

/// What a provider was asked to do; names the operation in errors and traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// Building a provider from its configuration.
    Configure,
    /// [`LicenseProvider::list`](crate::LicenseProvider::list).
    List,
    /// [`LicenseProvider::get`](crate::LicenseProvider::get).
    Get,
    /// [`LicenseProvider::create`](crate::LicenseProvider::create).
    Create,
    /// [`LicenseProvider::update`](crate::LicenseProvider::update).
    Update,
    /// [`LicenseProvider::rotate`](crate::LicenseProvider::rotate).
    Rotate,
    /// [`LicenseProvider::activations`](crate::LicenseProvider::activations).
    Activations,
    /// [`LicenseProvider::rename_activation`](crate::LicenseProvider::rename_activation).
    RenameActivation,
    /// [`LicenseProvider::validate`](crate::LicenseProvider::validate).
    Validate,
    /// [`LicenseProvider::activate`](crate::LicenseProvider::activate).
    Activate,
    /// [`LicenseProvider::renew`](crate::LicenseProvider::renew).
    Renew,
    /// [`LicenseProvider::deactivate`](crate::LicenseProvider::deactivate).
    Deactivate,
    /// [`LicenseProvider::verify_proof`](crate::LicenseProvider::verify_proof).
    VerifyProof,
    /// An operation that only one vendor has, by the name of its method.
    Vendor(&'static str),
}

impl Operation {
    /// The operation's name as in code: `list`, `activate`, `rename_activation`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Configure => "configure",
            Self::List => "list",
            Self::Get => "get",
            Self::Create => "create",
            Self::Update => "update",
            Self::Rotate => "rotate",
            Self::Activations => "activations",
            Self::RenameActivation => "rename_activation",
            Self::Validate => "validate",
            Self::Activate => "activate",
            Self::Renew => "renew",
            Self::Deactivate => "deactivate",
            Self::VerifyProof => "verify_proof",
            Self::Vendor(name) => name,
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
