#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod adapter;
mod capability;
mod clock;
mod environment;
mod error;
mod ext;
mod installation;
mod keys;
mod memory;
mod model;
mod names;
mod operation;
mod page;
mod provider;
mod refusal;
mod request;
mod seat_claim;
#[cfg(feature = "serde")]
mod serde_words;
mod text;
mod transport;
mod unreadable;
mod webhook;

pub use adapter::{SecretResolver, SecretSource};
pub use capability::{Capabilities, Capability};
pub use clock::{Clock, ManualClock};
pub use environment::Environment;
pub use error::{Error, ErrorKind, Result};
pub use ext::LicenseProviderExt;
pub use installation::InstallationMark;
pub use keys::Keys;
pub use memory::InMemoryProvider;
pub use model::{
    Activation, ActivationId, ActivationLimit, ActivationUse, CustomerId, CustomerRef, EmailAddress, Expiry,
    ExternalCustomerId, KeyCode, KeyHint, KeySource, LicenseKey, LicenseKeyId, LicenseStatus, Metadata,
    MetadataValue, OfflineProof, Origin, PastedKey, ProductId, ProvenLicense, RawJson, Removed, Usage,
    UuidCase, Validation, Verdict,
};
pub use operation::Operation;
pub use page::{Page, PageToken};
pub use provider::LicenseProvider;
pub use refusal::{Refusal, RefusalReason};
pub use request::{
    ActivateRequest, Change, CreateRequest, DeactivateRequest, LicensePatch, ListQuery, RenewRequest,
    StatusChange, ValidateRequest,
};
pub use seat_claim::SeatClaim;
#[cfg(feature = "serde")]
pub use serde_words::MaskedLicenseKey;
pub use transport::{HttpTransport, NewConnection, TransportError, TransportErrorKind};
pub use unreadable::UnreadableRecord;
pub use webhook::{
    EventKind, GrantedKey, IgnoredDelivery, LicenseEvent, NotAuthentic, PendingDelivery, PurchaseKeys,
    RawBody, UnreadableDelivery, WebhookError, WebhookFeed, WebhookReceiver,
};

#[doc(no_inline)]
pub use async_trait::async_trait;
#[doc(no_inline)]
pub use bytes::Bytes;
#[doc(no_inline)]
pub use http::{self, HeaderMap};
#[doc(no_inline)]
pub use jiff::{SignedDuration, Timestamp};
#[doc(no_inline)]
pub use secrecy::SecretString;
