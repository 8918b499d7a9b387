use std::fmt;
use std::sync::Arc;

use anykey_core::{Clock, LicenseProvider};

use crate::inner::{Inner, Parts};
use crate::{Guard, Policy, Result, Store, clock};

/// Prepares a [`Guard`].
#[must_use = "a builder does nothing until it opens"]
pub struct GuardBuilder {
    store: Arc<dyn Store>,
    provider: Arc<dyn LicenseProvider>,
    policy: Policy,
    clock: Option<Clock>,
    device: Box<str>,
    discard_unreadable: bool,
}

impl GuardBuilder {
    pub(crate) fn new(store: Arc<dyn Store>, provider: Arc<dyn LicenseProvider>) -> Self {
        Self {
            store,
            provider,
            policy: Policy::default(),
            clock: None,
            device: std::env::consts::OS.into(),
            discard_unreadable: false,
        }
    }

    /// Judges by `policy`.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Calls the machine `name` at the vendor, where seller and customer see it; by default the operating
    /// system's name. A host name often is a person's name: ask before you send one.
    pub fn device(mut self, name: impl Into<Box<str>>) -> Self {
        self.device = name.into();
        self
    }

    /// Reads the time from `clock` instead of the machine's.
    pub fn clock(mut self, clock: impl Into<Clock>) -> Self {
        self.clock = Some(clock.into());
        self
    }

    /// Starts as not activated when the record cannot be read, instead of failing. What is there is
    /// [set aside](Store::set_aside), not deleted.
    ///
    /// Set it when the user has agreed to enter the key again: unless the provider can list activations, the
    /// next activation takes another seat.
    pub fn discard_unreadable(mut self, discard: bool) -> Self {
        self.discard_unreadable = discard;
        self
    }

    /// Opens the guard. Reads the record; sends nothing.
    ///
    /// # Errors
    ///
    /// As [`Guard::open`].
    pub fn open(self) -> Result<Guard> {
        let parts = Parts {
            store: self.store,
            provider: self.provider,
            policy: self.policy,
            clock: self.clock.unwrap_or_else(clock::wall),
            device: self.device,
        };
        Inner::open(parts, self.discard_unreadable).map(Guard::from_inner)
    }
}

impl fmt::Debug for GuardBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardBuilder")
            .field("store", &self.store)
            .field("provider", &self.provider)
            .field("policy", &self.policy)
            .field("device", &self.device)
            .finish_non_exhaustive()
    }
}
