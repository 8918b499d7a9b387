//! The credential of a client, which may be read again from its file.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anykey_core::Result;
use anykey_core::adapter::SecretReader;
use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue};
use tokio::task::spawn_blocking;
use tokio::time::Instant;
use tracing::{info, warn};

use crate::BearerToken;

/// How long a credential is used before its file is read again.
const READ_AGAIN_AFTER: Duration = Duration::from_secs(10);

/// A header with a credential.
#[derive(Debug)]
pub(crate) struct Credential {
    name: HeaderName,
    /// Where it is read again; `None` for one that does not change.
    reader: Option<SecretReader>,
    current: Mutex<Current>,
}

#[derive(Debug)]
struct Current {
    value: HeaderValue,
    /// When the file was last read; `None` before a request read it.
    read_at: Option<Instant>,
    /// Whether the traces say that it cannot be read.
    has_warned: bool,
}

impl Credential {
    /// Sends `token` in the header `name`.
    pub(crate) fn new(name: HeaderName, token: &BearerToken, reader: Option<SecretReader>) -> Result<Self> {
        let current = Current { value: header(&name, token)?, read_at: None, has_warned: false };
        Ok(Self { name, reader, current: Mutex::new(current) })
    }

    pub(crate) const fn name(&self) -> &HeaderName {
        &self.name
    }

    pub(crate) fn value(&self) -> HeaderValue {
        self.current().value.clone()
    }

    /// Reads the file, unless that was a moment ago.
    pub(crate) async fn refresh(&self) {
        let now = Instant::now();
        let is_due = {
            let mut current = self.current();
            // The first request follows the building of the client.
            let read_at = *current.read_at.get_or_insert(now);
            self.reader.is_some() && now.saturating_duration_since(read_at) >= READ_AGAIN_AFTER
        };
        if is_due {
            self.read_again().await;
        }
    }

    /// Reads the file after the vendor refused the credential `sent`. Whether it is another one now.
    pub(crate) async fn has_replaced(&self, sent: &HeaderValue) -> bool {
        if self.reader.is_some() && self.value() == *sent {
            self.read_again().await;
        }
        self.value() != *sent
    }

    async fn read_again(&self) {
        let Some(reader) = self.reader.clone() else { return };
        self.current().read_at = Some(Instant::now());
        let name = self.name.clone();
        // A file may be on a network that does not answer.
        let read = spawn_blocking(move || header(&name, &BearerToken::new(reader.read()?)?)).await;
        let mut current = self.current();
        match read {
            Ok(Ok(value)) => {
                current.has_warned = false;
                if current.value != value {
                    current.value = value;
                    info!("the credential was replaced in its file; the new one is used");
                }
            }
            Ok(Err(error)) if !current.has_warned => {
                current.has_warned = true;
                warn!(%error, "the credential cannot be read again; the former one is used");
            }
            // A runtime that ends reads nothing.
            Ok(Err(_)) | Err(_) => {}
        }
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn header(name: &HeaderName, token: &BearerToken) -> Result<HeaderValue> {
    if name == AUTHORIZATION { token.header() } else { token.bare_header() }
}
