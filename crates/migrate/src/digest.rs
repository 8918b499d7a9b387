//! What stands in the journal in place of codes and customers.

use anykey_core::{CustomerId, KeyCode};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::MigrateError;

/// The key of a journal's digests, random for each journal. It lies in the journal itself: it makes digests of two
/// journals different, and prepared tables useless.
#[derive(Clone)]
pub(crate) struct Salt(Hmac<Sha256>);

/// HMAC-SHA256.
pub(crate) type Digest = [u8; 32];

impl Salt {
    pub(crate) fn new(random: &[u8]) -> Result<Self, MigrateError> {
        let mac = Hmac::new_from_slice(random).ok().filter(|_| random.len() == 32);
        mac.map(Self).ok_or_else(|| MigrateError::journal("it is damaged: its salt has not 32 bytes"))
    }

    pub(crate) fn of_code(&self, code: &KeyCode) -> Digest {
        self.of(b"code:", code.expose())
    }

    pub(crate) fn of_customer(&self, customer: &CustomerId) -> Digest {
        self.of(b"customer:", customer.as_str())
    }

    fn of(&self, what: &[u8], text: &str) -> Digest {
        let mut mac = self.0.clone();
        mac.update(what);
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }
}
