//! A copy of a seat as text.

use std::fmt;

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{ActivationId, KeyCode, LicenseKeyId};
use serde::Deserialize;

use crate::{GuardError, Issuer, Result, SeatRecord};

/// A copy of the key and seat, to store outside of the machine and to [restore](crate::Guard::restore) on it or on
/// its replacement. Without one, a new disk costs a second seat.
///
/// A secret: it contains the license key. `Debug` masks it, and there is no `Display`.
///
/// ```
/// use std::sync::Arc;
///
/// use anykey_core::{CreateRequest, InMemoryProvider, KeyCode, Timestamp};
/// use anykey_guard::{Guard, Installation, MemoryStore, Policy, SeatBackup};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let vendor = InMemoryProvider::new(Timestamp::now);
/// let code = KeyCode::parse("AAAA-BBBB")?;
/// vendor.insert(CreateRequest::new(code.clone(), "cus_1", "pdt_1").activation_limit(1))?;
/// let open = |machine| {
///     let store = MemoryStore::new(Installation::from_identity("com.example.studio", machine)?);
///     Guard::open(store, Arc::new(vendor.clone()), Policy::default())
/// };
///
/// let old = open("machine-1")?;
/// old.activate(code).await?;
/// let text = old.backup().map(|backup| backup.expose());
///
/// // On the replacement, where the only seat is taken.
/// let new = open("machine-2")?;
/// let backup = SeatBackup::parse(&text.ok_or("a seat is held")?)?;
/// assert!(new.restore(backup).await?.is_allowed());
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SeatBackup {
    pub(crate) issuer: Issuer,
    pub(crate) code: KeyCode,
    pub(crate) activation: Option<ActivationId>,
    pub(crate) key_id: Option<LicenseKeyId>,
    pub(crate) label: Box<str>,
}

/// The members of the text. A later version adds members or raises the number.
#[derive(Deserialize)]
struct Text {
    anykey_seat_backup: u32,
    provider: Box<str>,
    name: Option<Box<str>>,
    seller: Option<Box<str>>,
    key: String,
    activation: Option<ActivationId>,
    key_id: Option<LicenseKeyId>,
    label: Box<str>,
}

impl SeatBackup {
    /// The number of the format, in the member `anykey_seat_backup`.
    const VERSION: u32 = 1;

    /// The backup of the held seat; `None` when none is held.
    pub(crate) fn of(record: &SeatRecord) -> Option<Self> {
        let held = record.held.as_ref()?;
        Some(Self {
            issuer: held.issuer.clone(),
            code: held.code.clone(),
            activation: held.activation.clone(),
            key_id: held.key_id.clone(),
            label: held.label.clone(),
        })
    }

    /// Reads the text that [`expose`](Self::expose) returned.
    ///
    /// # Errors
    ///
    /// [`GuardError::Backup`] when `text` is not a backup, or was written by a later version.
    pub fn parse(text: &str) -> Result<Self> {
        let text: Text = serde_json::from_str(text).map_err(|_| GuardError::Backup)?;
        if text.anykey_seat_backup != Self::VERSION {
            return Err(GuardError::Backup);
        }
        let mut issuer = Issuer::new(text.provider);
        issuer.name = text.name.unwrap_or(issuer.name);
        issuer.seller = text.seller;
        Ok(Self {
            issuer,
            code: KeyCode::verbatim(text.key),
            activation: text.activation,
            key_id: text.key_id,
            label: text.label,
        })
    }

    /// The backup as one line of JSON, including the license key. Store it only where the user's secrets are stored.
    #[must_use]
    pub fn expose(&self) -> String {
        serde_json::json!({
            "anykey_seat_backup": Self::VERSION,
            "provider": self.issuer.vendor,
            "name": self.issuer.name,
            "seller": self.issuer.seller,
            "key": self.code.expose(),
            "activation": self.activation,
            "key_id": self.key_id,
            "label": self.label,
        })
        .to_string()
    }
}

impl fmt::Debug for SeatBackup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeatBackup")
            .field("issuer", &self.issuer)
            .field("code", &self.code)
            .field("activation", &self.activation)
            .finish_non_exhaustive()
    }
}
