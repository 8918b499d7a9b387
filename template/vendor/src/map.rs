//! Between Acme's bodies and the model: pure and total.

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{Activation, KeyCode, LicenseKey, LicenseStatus};

use crate::NAME;
use crate::wire::{LicenseBody, SeatBody};

/// What a body leaves out is `Unknown` or `None`, never a guess.
pub(crate) fn license(body: LicenseBody<'_>) -> LicenseKey {
    // FILL IN: expiry, limits, customer, product, times.
    let mut key = LicenseKey::new(NAME, body.id, KeyCode::verbatim(body.code), status(&body.state));
    key.status_word = body.state.into_owned().into();
    key
}

pub(crate) fn seat(body: SeatBody) -> Activation {
    Activation::new(body.id, body.label.value().unwrap_or_default())
}

/// A word that is unknown here is kept, and is never usable.
fn status(word: &str) -> LicenseStatus {
    // FILL IN: the vendor's words.
    LicenseStatus::Other(word.into())
}
