//! Secrets in the operating system's keyring: Keychain (macOS), Credential Manager (Windows), Secret Service (Linux and
//! BSD).

use std::io::{Error, ErrorKind, Result};

use anykey_core::SecretString;
use keyring::{Entry, Error as KeyringError};
use secrecy::ExposeSecret;

/// The service that every entry belongs to.
const SERVICE: &str = "anykey";

/// The secret in the entry `name`.
pub(crate) fn read(name: &str) -> Result<SecretString> {
    secret_of(&entry(name)?)
}

/// Puts `secret` into the entry `name`, in place of what it held.
pub(crate) fn write(name: &str, secret: &SecretString) -> Result<()> {
    entry(name)?.set_password(secret.expose_secret()).map_err(|error| explained(&error))
}

fn entry(name: &str) -> Result<Entry> {
    Entry::new(SERVICE, name).map_err(|error| match Entry::store_status() {
        Err(cause) => explained(cause),
        Ok(()) => explained(&error),
    })
}

fn secret_of(entry: &Entry) -> Result<SecretString> {
    entry.get_password().map(SecretString::from).map_err(|error| explained(&error))
}

/// The error with what to do about it. The keyring's own text does not contain the secret.
fn explained(error: &KeyringError) -> Error {
    match error {
        KeyringError::NoEntry => Error::new(
            ErrorKind::NotFound,
            "the keyring has no such entry; put the secret there, with the service `anykey` and this name as the user, by \
             `anykey init --token-keyring` or the system's own program",
        ),
        KeyringError::BadEncoding(_) => Error::new(
            ErrorKind::InvalidData,
            "what the keyring holds is no text; put the secret there as text",
        ),
        other => Error::other(format!(
            "the system's keyring does not answer ({other}); unlock it, or use {{ env = … }} or {{ file = … }} where there \
             is none, as on servers and in containers"
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use anykey_core::{ErrorKind as Kind, SecretResolver, SecretSource};
    use keyring_core::api::CredentialStoreApi as _;
    use keyring_core::mock;

    use super::*;

    /// A keyring with one entry.
    struct OneEntry(Entry);

    impl OneEntry {
        fn new() -> Self {
            let store = mock::Store::new().unwrap();
            Self(Entry { inner: store.build(SERVICE, "acme/token", None).unwrap() })
        }
    }

    impl SecretResolver for OneEntry {
        fn env(&self, _: &str) -> Option<SecretString> {
            None
        }

        fn file(&self, _: &Path) -> Result<SecretString> {
            Err(ErrorKind::NotFound.into())
        }

        fn keyring(&self, _: &str) -> Result<SecretString> {
            secret_of(&self.0)
        }
    }

    fn source() -> SecretSource {
        serde_json::from_str(r#"{ "keyring": "acme/token" }"#).unwrap()
    }

    #[test]
    fn a_secret_is_read_from_its_entry() {
        let keyring = OneEntry::new();
        keyring.0.set_password("planted-in-the-keyring").unwrap();
        let secret = source().resolve("token", &keyring).unwrap();
        assert_eq!(secret.expose_secret(), "planted-in-the-keyring");
        assert!(source().reader("token", &keyring).is_none(), "a keyring may ask its user each time");
    }

    #[test]
    fn a_missing_entry_is_named_with_what_to_do() {
        let error = source().resolve("token", &OneEntry::new()).unwrap_err();
        assert_eq!(error.kind(), Kind::Config);
        let said = error.message();
        assert!(said.starts_with("`token`: the keyring entry acme/token cannot be read: "), "{said}");
        assert!(said.contains("anykey init --token-keyring"), "{said}");
    }

    #[test]
    fn a_secret_that_is_no_text_and_a_keyring_that_does_not_answer_say_what_to_do() {
        let keyring = OneEntry::new();
        keyring.0.set_secret(b"\xff\xfe").unwrap();
        assert_eq!(secret_of(&keyring.0).unwrap_err().kind(), ErrorKind::InvalidData);
        let said = explained(&KeyringError::NoDefaultStore).to_string();
        assert!(said.contains("unlock it, or use { env = … }"), "{said}");
    }
}
