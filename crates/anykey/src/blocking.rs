//! Blocking validation, activation and deactivation, for apps without an async runtime.
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
    ActivateRequest, Activation, DeactivateRequest, Error, LicenseProvider, RenewRequest, Result,
    ValidateRequest, Validation,
};
use tokio::runtime::{Builder, Handle, Runtime};

use crate::config::config_error;

/// A provider whose calls block until the answer arrives. It owns an async runtime with one background thread.
///
/// It has the operations of an app on a customer's device. For the management operations, use the async trait. Clones
/// share the runtime and the connections; the thread ends when the last clone is dropped. A call takes at most the
/// provider's timeout and cannot be cancelled.
#[derive(Clone)]
pub struct BlockingProvider {
    provider: Arc<dyn LicenseProvider>,
    runtime: Arc<Background>,
}

impl BlockingProvider {
    /// Wraps `provider` and starts the background thread. Sends nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when the operating system cannot start the thread.
    pub fn new(provider: Arc<dyn LicenseProvider>) -> Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("anykey")
            .enable_all()
            .build()
            .map_err(|cause| {
                config_error(format!("the provider's background thread cannot be started: {cause}"))
            })?;
        Ok(Self { provider, runtime: Arc::new(Background(Some(runtime))) })
    }

    /// The async provider inside.
    #[must_use]
    pub fn provider(&self) -> &Arc<dyn LicenseProvider> {
        &self.provider
    }

    /// Blocking form of [`LicenseProvider::validate`]. A refusal is an `Ok` value.
    ///
    /// # Errors
    ///
    /// The errors of [`LicenseProvider::validate`], and [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when
    /// called inside an async runtime, where blocking would stop other tasks. Nothing is sent in that case.
    pub fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        self.wait(self.provider.validate(request))
    }

    /// Blocking form of [`LicenseProvider::activate`]. A refusal is an `Err` with [`Error::refusal`].
    ///
    /// # Errors
    ///
    /// The errors of the async method, and [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when called inside
    /// an async runtime.
    pub fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        self.wait(self.provider.activate(request))
    }

    /// Blocking form of [`LicenseProvider::renew`].
    ///
    /// # Errors
    ///
    /// The errors of the async method, and [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when called inside
    /// an async runtime.
    pub fn renew(&self, request: RenewRequest) -> Result<Activation> {
        self.wait(self.provider.renew(request))
    }

    /// Blocking form of [`LicenseProvider::deactivate`].
    ///
    /// # Errors
    ///
    /// The errors of the async method, and [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when called inside
    /// an async runtime.
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

/// A runtime that can be dropped anywhere, also inside another runtime.
struct Background(Option<Runtime>);

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

fn inside_a_runtime() -> Error {
    config_error(
        "a blocking call was made inside an async runtime; await the async provider there".to_owned(),
    )
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
