//! What a license key is, for every vendor.

mod activation;
mod code;
mod customer_ref;
mod expiry;
mod id;
mod license_key;
mod limit;
mod metadata;
mod origin;
mod pasted;
mod proof;
mod raw;
mod status;
mod validation;

pub use activation::Activation;
pub use code::{KeyCode, KeyCodeExt};
pub use customer_ref::{CustomerRef, EmailAddress, ExternalCustomerId};
pub use expiry::Expiry;
pub use id::{ActivationId, CustomerId, LicenseKeyId, ProductId};
pub use license_key::LicenseKey;
pub use limit::{ActivationLimit, ActivationUse, Usage};
pub use metadata::{Metadata, MetadataValue};
pub use origin::{KeySource, Origin};
pub(crate) use pasted::removed;
pub use pasted::{KeyHint, PastedKey, Removed, UuidCase};
pub use proof::{OfflineProof, ProvenLicense};
pub use raw::RawJson;
pub use status::LicenseStatus;
pub use validation::{Validation, Verdict};
