//! The guard for apps without an async runtime.
//!
//! ```
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     use std::sync::Arc;
//!
//!     use anykey_core::{CreateRequest, InMemoryProvider, KeyCode, Timestamp};
//!     use anykey_guard::{GuardConfig, Identity, blocking};
//!
//!     let vendor = InMemoryProvider::new(Timestamp::now);
//!     let code = KeyCode::parse("AAAA-BBBB-CCCC")?;
//!     vendor.insert(CreateRequest::new(code.clone(), "cus_1", "pdt_1"))?;
//!     let folder = tempfile::tempdir()?;
//!     let mut config = GuardConfig::new("com.example.studio");
//!     config.identity = Some(Identity::new("machine-1"));
//!     config.directory = Some(folder.path().into());
//!
//!     let guard = blocking::Guard::from_builder(config.builder(Arc::new(vendor))?)?;
//!     guard.keep_fresh()?; // on the background thread
//!     guard.activate(code)?;
//!     println!("{}", guard.access());
//!     Ok(())
//! }
//! ```

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use anykey_core::{KeyCode, LicenseEvent, LicenseProvider};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::watch;

use crate::{Access, GuardBuilder, GuardError, Policy, Release, Result, SeatBackup, SeatRecord, Store};

/// A blocking [`Guard`](crate::Guard). It owns an async runtime with one background thread.
///
/// Every method does the same as the method of the same name on the async guard, and blocks until it is done. Inside
/// an async runtime the blocking methods return [`GuardError::Runtime`]; use the async guard there. Clones share the
/// guard and the thread, which ends when the last clone is dropped.
#[derive(Clone)]
pub struct Guard {
    guard: crate::Guard,
    runtime: Arc<Background>,
}

impl Guard {
    /// As [`Guard::open`](crate::Guard::open).
    ///
    /// # Errors
    ///
    /// The errors of the async method, and [`GuardError::Runtime`] when the operating system cannot start the thread.
    pub fn open(store: impl Store, provider: Arc<dyn LicenseProvider>, policy: Policy) -> Result<Self> {
        Self::from_builder(crate::Guard::builder(store, provider).policy(policy))
    }

    /// As [`GuardBuilder::open`].
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn from_builder(builder: GuardBuilder) -> Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("anykey-guard")
            .enable_all()
            .build()
            .map_err(|_| GuardError::Runtime("the guard's background thread cannot be started"))?;
        Ok(Self { guard: builder.open()?, runtime: Arc::new(Background(Some(runtime))) })
    }

    /// As [`Guard::access`](crate::Guard::access). Does not block; works on any thread, also inside an async runtime.
    #[must_use]
    pub fn access(&self) -> Access {
        self.guard.access()
    }

    /// As [`Guard::subscribe`](crate::Guard::subscribe).
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<Access> {
        self.guard.subscribe()
    }

    /// As [`Guard::record`](crate::Guard::record).
    #[must_use]
    pub fn record(&self) -> Option<SeatRecord> {
        self.guard.record()
    }

    /// As [`Guard::activate`](crate::Guard::activate).
    ///
    /// # Errors
    ///
    /// The errors of the async method, and [`GuardError::Runtime`] inside an async runtime.
    pub fn activate(&self, code: KeyCode) -> Result<Access> {
        self.wait(self.guard.activate(code))
    }

    /// As [`Guard::activate_once_more`](crate::Guard::activate_once_more).
    ///
    /// # Errors
    ///
    /// The errors of the async method, and [`GuardError::Runtime`] inside an async runtime.
    pub fn activate_once_more(&self, code: KeyCode) -> Result<Access> {
        self.wait(self.guard.activate_once_more(code))
    }

    /// As [`Guard::refresh`](crate::Guard::refresh).
    ///
    /// # Errors
    ///
    /// The errors of the async method, and [`GuardError::Runtime`] inside an async runtime.
    pub fn refresh(&self) -> Result<Access> {
        self.wait(self.guard.refresh())
    }

    /// As [`Guard::refresh_if_due`](crate::Guard::refresh_if_due).
    ///
    /// # Errors
    ///
    /// The errors of the async method, and [`GuardError::Runtime`] inside an async runtime.
    pub fn refresh_if_due(&self) -> Result<Access> {
        self.wait(self.guard.refresh_if_due())
    }

    /// As [`Guard::apply`](crate::Guard::apply).
    ///
    /// # Errors
    ///
    /// The errors of the async method, and [`GuardError::Runtime`] inside an async runtime.
    pub fn apply(&self, event: &LicenseEvent) -> Result<Access> {
        self.wait(self.guard.apply(event))
    }

    /// As [`Guard::deactivate`](crate::Guard::deactivate).
    ///
    /// # Errors
    ///
    /// The errors of the async method, and [`GuardError::Runtime`] inside an async runtime.
    pub fn deactivate(&self) -> Result<Release> {
        self.wait(self.guard.deactivate())
    }

    /// As [`Guard::deactivate_for_all_users`](crate::Guard::deactivate_for_all_users).
    ///
    /// # Errors
    ///
    /// The errors of the async method, and [`GuardError::Runtime`] inside an async runtime.
    pub fn deactivate_for_all_users(&self) -> Result<Release> {
        self.wait(self.guard.deactivate_for_all_users())
    }

    /// As [`Guard::uninstall`](crate::Guard::uninstall).
    ///
    /// # Errors
    ///
    /// The errors of the async method, and [`GuardError::Runtime`] inside an async runtime.
    pub fn uninstall(&self) -> Result<Release> {
        self.wait(self.guard.uninstall())
    }

    /// As [`Guard::forget`](crate::Guard::forget).
    ///
    /// # Errors
    ///
    /// The errors of the async method, and [`GuardError::Runtime`] inside an async runtime.
    pub fn forget(&self) -> Result<()> {
        self.wait(self.guard.forget())
    }

    /// As [`Guard::replace_key`](crate::Guard::replace_key).
    ///
    /// # Errors
    ///
    /// The errors of the async method, and [`GuardError::Runtime`] inside an async runtime.
    pub fn replace_key(&self, code: KeyCode) -> Result<Access> {
        self.wait(self.guard.replace_key(code))
    }

    /// As [`Guard::move_to`](crate::Guard::move_to).
    ///
    /// # Errors
    ///
    /// The errors of the async method, and [`GuardError::Runtime`] inside an async runtime.
    pub fn move_to(&self, provider: Arc<dyn LicenseProvider>, code: KeyCode) -> Result<Access> {
        self.wait(self.guard.move_to(provider, code))
    }

    /// As [`Guard::backup`](crate::Guard::backup).
    #[must_use]
    pub fn backup(&self) -> Option<SeatBackup> {
        self.guard.backup()
    }

    /// As [`Guard::restore`](crate::Guard::restore).
    ///
    /// # Errors
    ///
    /// The errors of the async method, and [`GuardError::Runtime`] inside an async runtime.
    pub fn restore(&self, backup: SeatBackup) -> Result<Access> {
        self.wait(self.guard.restore(backup))
    }

    /// As [`Guard::keep_fresh`](crate::Guard::keep_fresh), on the background thread.
    ///
    /// # Errors
    ///
    /// None in practice.
    pub fn keep_fresh(&self) -> Result<()> {
        let _inside = self.runtime.handle()?.enter();
        self.guard.keep_fresh()
    }

    /// Runs an operation to its end on the guard's runtime.
    ///
    /// # Errors
    ///
    /// [`GuardError::Runtime`] inside an async runtime, which the call would block.
    fn wait<T>(&self, operation: impl Future<Output = Result<T>>) -> Result<T> {
        if Handle::try_current().is_ok() {
            return Err(GuardError::Runtime(
                "a blocking call was made inside an async runtime; use the async guard there",
            ));
        }
        self.runtime.handle()?.block_on(operation)
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.guard.fmt(f)
    }
}

/// A runtime that can be dropped anywhere, also inside another runtime.
struct Background(Option<Runtime>);

impl Background {
    /// # Errors
    ///
    /// [`GuardError::Runtime`] once the runtime was shut down.
    fn handle(&self) -> Result<&Handle> {
        self.0.as_ref().map(Runtime::handle).ok_or(GuardError::Runtime("the guard's runtime has ended"))
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
