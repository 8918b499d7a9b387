//! Simulators of the vendors, for an app's tests and demonstrations.
//!
//! [`simulators`] lists the simulators of the vendors that are switched on. [`provider`] builds a provider for a
//! simulated vendor, as [`Registry`] does for the real one. Enable the feature `sim` in `[dev-dependencies]`.
//!
//! ```
//! # #[cfg(feature = "dodo")] {
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! use anykey::sim::{self, Role};
//! use anykey::{ManualClock, StatusChange, Timestamp, ValidateRequest};
//!
//! for simulator in sim::simulators() {
//!     let vendor = simulator.start(ManualClock::at(Timestamp::UNIX_EPOCH))?;
//!     for plane in vendor.planes() {
//!         let provider = sim::provider(&*vendor, &plane)?;
//!         let key = vendor.seed(Role::Good).expect("every vendor has it");
//!         let mut request = ValidateRequest::new(key.code.clone());
//!         request.activation = vendor.activate(&key.id, "laptop");
//!         assert!(provider.validate(request.clone()).await?.is_valid());
//!         vendor.set_status(&key.id, StatusChange::Disable).expect("every vendor has it");
//!         assert!(!provider.validate(request).await?.is_valid());
//!     }
//! }
//! # Ok::<(), sim::StartError>(())
//! # }).unwrap();
//! # }
//! ```

use std::sync::Arc;

pub use anykey_sim_kit::*;

use crate::{Config, LicenseProvider, Registry, Result};

/// The simulators of the vendors that are switched on.
#[must_use]
pub fn simulators() -> Vec<Simulator> {
    vec![
        #[cfg(feature = "creem")]
        anykey_creem_sim::SIMULATOR,
        #[cfg(feature = "dlm")]
        anykey_dlm_sim::SIMULATOR,
        #[cfg(feature = "dodo")]
        anykey_dodo_sim::SIMULATOR,
        #[cfg(feature = "gumroad")]
        anykey_gumroad_sim::SIMULATOR,
        #[cfg(feature = "keygen")]
        anykey_keygen_sim::SIMULATOR,
        #[cfg(feature = "lemonsqueezy")]
        anykey_lemonsqueezy_sim::SIMULATOR,
        #[cfg(feature = "polar")]
        anykey_polar_sim::SIMULATOR,
    ]
}

/// The simulator of the vendor called `name`, such as `polar`; `None` if there is none.
#[must_use]
pub fn simulator(name: &str) -> Option<Simulator> {
    simulators().into_iter().find(|simulator| simulator.vendor == name)
}

/// The configuration of a provider that uses `plane` of `vendor`.
///
/// # Errors
///
/// [`ErrorKind::Config`](crate::ErrorKind::Config) when the simulator's fields are not a configuration, which is a bug
/// of the simulator.
pub fn config(vendor: &dyn SimulatedVendor, plane: &SimulatedPlane) -> Result<Config> {
    let mut fields = plane.fields.clone();
    fields.insert("provider".to_owned(), vendor.vendor().into());
    Config::from_fields(fields)
}

/// A registry whose providers send their requests to `vendor`, with the credentials of all its planes.
#[must_use]
pub fn registry(vendor: &dyn SimulatedVendor) -> Registry {
    let secrets = vendor.planes().into_iter().map(|plane| plane.secrets);
    let secrets = secrets.fold(SimulatedSecrets::default(), SimulatedSecrets::and);
    Registry::builtin().with_transport(vendor.transport()).with_secrets(secrets)
}

/// A provider that uses `plane` of `vendor`.
///
/// # Errors
///
/// [`ErrorKind::Config`](crate::ErrorKind::Config), also when the vendor's feature is off.
pub fn provider(vendor: &dyn SimulatedVendor, plane: &SimulatedPlane) -> Result<Arc<dyn LicenseProvider>> {
    registry(vendor).build(&config(vendor, plane)?)
}
