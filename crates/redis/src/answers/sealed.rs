//! The sealed form of an answer: a nonce of 24 bytes, then the answer's JSON encrypted with XChaCha20-Poly1305, with
//! its key in Redis, when it was sent and what it is about as associated data.

use anykey_core::Validation;
use chacha20poly1305::aead::{Aead, Generate, Nonce, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use zeroize::Zeroizing;

use super::written;

const NONCE_LENGTH: usize = 24;

pub(super) struct Sealing(XChaCha20Poly1305);

impl Sealing {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    /// Seals `answer`, to be opened under the same `name`. `None` when the operating system provides no randomness.
    pub(super) fn seal(&self, answer: &Validation, name: &str) -> Option<Vec<u8>> {
        let plain = Zeroizing::new(written::write(answer)?);
        let nonce = Nonce::<XChaCha20Poly1305>::try_generate().ok()?;
        let sealed = self.0.encrypt(&nonce, Payload { msg: &plain, aad: name.as_bytes() }).ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    /// Opens a sealed answer; `None` when it was not sealed with this key under this name, or by another version.
    pub(super) fn open(&self, bytes: &[u8], name: &str) -> Option<Validation> {
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LENGTH)?;
        let nonce = Nonce::<XChaCha20Poly1305>::try_from(nonce).ok()?;
        let plain = self.0.decrypt(&nonce, Payload { msg: sealed, aad: name.as_bytes() }).ok()?;
        written::read(&Zeroizing::new(plain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_opened_with_its_key_under_its_name_only() {
        let sealing = Sealing::new(&[1; 32]);
        let answer = Validation::valid().with_status_word(Some("planted".into()));
        let sealed = sealing.seal(&answer, "one").unwrap();
        assert_eq!(sealing.open(&sealed, "one"), Some(answer.clone()));
        assert_ne!(sealing.seal(&answer, "one").unwrap(), sealed, "each has a nonce of its own");
        assert_eq!(sealing.open(&sealed, "two"), None);
        assert_eq!(Sealing::new(&[2; 32]).open(&sealed, "one"), None);
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert_eq!(sealing.open(&changed, "one"), None, "byte {index}");
            assert_eq!(sealing.open(&sealed[..index], "one"), None, "the first {index} bytes");
        }
    }
}
