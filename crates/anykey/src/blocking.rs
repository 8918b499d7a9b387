//! Validation, activation and deactivation for apps without an async runtime.
//!
//! ```
//! use std::sync::Arc;
//!
//! use anykey::blocking::BlockingProvider;
//! use anykey::{ActivateRequest, CreateRequest, InMemoryProvider, KeyCode, Timestamp, ValidateRequest};
//!
//! let vendor = InMemoryProvider::new(Timestamp::now);
//! let code = KeyCode::parse("ACME-2A7F-91C4D0")?;
//! vendor.insert(CreateRequest::new(code.clone(), "cus_1", "pdt_1"))?;
//!
//! let provider = BlockingProvider::new(Arc::new(vendor))?;
//! let activation = provider.activate(ActivateRequest::new(code.clone(), "studio-mac"))?;
//! let validation = provider.validate(ValidateRequest::new(code).activation(activation.id))?;
//! assert!(validation.is_valid());
//! # Ok::<_, anykey::Error>(())
//! ```

use std::fmt;
use std::sync::Arc;

use anykey_core::{
    ActivateRequest, Activation, DeactivateRequest, Error, LicenseProvider, Result, ValidateRequest,
    Validation,
};
use tokio::runtime::{Builder, Handle, Runtime};

use crate::config::config_error;

/// A provider whose calls wait for their answer. It brings a runtime of its own: one thread in the background.
///
/// It has the operations of an app on a customer's device; a tool for sellers uses the async trait. Clones share the
/// runtime and the connections.
#[derive(Clone)]
pub struct BlockingProvider {
    provider: Arc<dyn LicenseProvider>,
    runtime: Arc<Background>,
}

impl BlockingProvider {
    /// Waits for the answers of `provider`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when the system gives no thread.
    pub fn new(provider: Arc<dyn LicenseProvider>) -> Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("anykey")
            .enable_all()
            .build()
            .map_err(|cause| config_error(format!("no thread for the provider can be started: {cause}")))?;
        Ok(Self { provider, runtime: Arc::new(Background(Some(runtime))) })
    }

    /// The async provider.
    #[must_use]
    pub fn provider(&self) -> &Arc<dyn LicenseProvider> {
        &self.provider
    }

    /// As [`LicenseProvider::validate`].
    ///
    /// # Errors
    ///
    /// As there; [`ErrorKind::Config`](anykey_core::ErrorKind::Config) inside an async runtime, where waiting would
    /// block its other tasks. Nothing is sent then.
    pub fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        self.wait(self.provider.validate(request))
    }

    /// As [`LicenseProvider::activate`].
    ///
    /// # Errors
    ///
    /// As there, and as [`validate`](Self::validate) inside an async runtime.
    pub fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        self.wait(self.provider.activate(request))
    }

    /// As [`LicenseProvider::deactivate`].
    ///
    /// # Errors
    ///
    /// As there, and as [`validate`](Self::validate) inside an async runtime.
    pub fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        self.wait(self.provider.deactivate(request))
    }

    fn wait<T>(&self, answer: impl Future<Output = Result<T>>) -> Result<T> {
        if Handle::try_current().is_ok() {
            return Err(inside_a_runtime());
        }
        match &self.runtime.0 {
            Some(runtime) => runtime.block_on(answer),
            None => Err(inside_a_runtime()),
        }
    }
}

impl fmt::Debug for BlockingProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingProvider").field("provider", &self.provider).finish_non_exhaustive()
    }
}

/// A runtime that may be dropped anywhere, inside another one too.
struct Background(Option<Runtime>);

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

fn inside_a_runtime() -> Error {
    config_error("a blocking call inside an async runtime; await the provider itself there".to_owned())
}

#[cfg(test)]
mod tests {
    use anykey_core::{ErrorKind, InMemoryProvider, KeyCode, RefusalReason, Timestamp};

    use super::*;

    #[test]
    fn a_refusal_is_an_answer_and_a_call_inside_a_runtime_is_an_error() {
        let provider = BlockingProvider::new(Arc::new(InMemoryProvider::new(Timestamp::now))).unwrap();
        let request = || ValidateRequest::new(KeyCode::parse("AAAA-BBBB").unwrap());
        let validation = provider.validate(request()).unwrap();
        assert_eq!(validation.refusal().map(|refusal| refusal.reason), Some(RefusalReason::UnknownKey));

        let runtime = Builder::new_current_thread().build().unwrap();
        let inside = runtime.block_on(async { provider.validate(request()) });
        assert_eq!(inside.unwrap_err().kind(), ErrorKind::Config);
        runtime.block_on(async { drop(provider) });
    }
}
