//! What a license is issued with.

use std::fmt;

use anykey_core::Timestamp;

/// A license to issue in the dashboard. The default has the settings of the account's first policy.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_keygen_sim::{KeygenSim, LicenseSpec};
///
/// let sim = KeygenSim::new(ManualClock::at(Timestamp::UNIX_EPOCH))?;
/// let spec = LicenseSpec { max_machines: Some(1), ..LicenseSpec::default() };
/// let license = sim.issue(spec)?;
/// // The vendor's form of a key without a scheme.
/// assert!(license.key.ends_with("-V3"));
/// # Ok::<(), anykey_keygen_sim::kit::StartError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "tests write it as a literal with `..`")]
pub struct LicenseSpec {
    /// The policy's id; `None` for the account's first policy, which is created if there is none.
    pub policy: Option<String>,
    /// The owner's id; `None` for a license without an owner.
    pub owner: Option<String>,
    /// The license key, which must not exist in the account; `None` for a generated one.
    pub key: Option<String>,
    /// The expiry; `None` for that of the policy.
    pub expiry: Option<Timestamp>,
    /// The largest number of machines; `None` for that of the policy.
    pub max_machines: Option<u64>,
    /// The largest usage count; `None` for that of the policy.
    pub max_uses: Option<u64>,
}

/// A license that was issued. `Debug` does not print the key.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IssuedLicense {
    /// The license's id.
    pub id: String,
    /// The license key.
    pub key: String,
    /// The product's id.
    pub product: String,
    /// The policy's id.
    pub policy: String,
    /// The owner's id; absent without one.
    pub owner: Option<String>,
}

impl fmt::Debug for IssuedLicense {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedLicense").field("id", &self.id).finish_non_exhaustive()
    }
}
