//! Which of Dodo's two APIs serves license keys: what the configuration says, and what was found out since.
//!
//! The state is one flag that only ever changes from classic to grants. It is shared by clones and not stored: a new
//! process finds out again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, Operation, Result};
use serde::Deserialize;
use tracing::warn;

use crate::NAME;

/// Which of Dodo's two APIs lists, reads and changes license keys: `license_keys` in a configuration.
///
/// Dodo has deprecated the classic calls and announced their removal, without a date. The keys are the same
/// behind both, but each tells and can do something that the other cannot; see the crate's page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum LicenseKeysApi {
    /// The classic calls while Dodo answers them, entitlement grants once they are gone.
    ///
    /// Gone means that the list itself answers 404 or 410 while the list of entitlements answers: a wrong
    /// `base_url`, a proxy's page or one missing key never counts. It is remembered for the life of the
    /// provider and its clones, and logged once.
    #[default]
    Auto,
    /// `GET` and `PATCH /license_keys`, which Dodo has deprecated.
    Classic,
    /// Entitlement grants, the successor.
    Grants,
}

/// The API that a call goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `/license_keys`.
    Classic,
    /// Entitlements and their grants.
    Grants,
}

/// The choice, and what was found out about it; clones share the latter.
#[derive(Clone, Debug)]
pub(crate) struct ShapeMemory {
    /// The choice of the configuration.
    chosen: LicenseKeysApi,
    /// Whether the classic calls were found to be gone; only `Auto` looks at it.
    classic_is_gone: Arc<AtomicBool>,
}

impl ShapeMemory {
    /// The choice, with nothing found out yet.
    pub(crate) fn new(chosen: LicenseKeysApi) -> Self {
        Self { chosen, classic_is_gone: Arc::default() }
    }

    /// Where a call goes by what is known so far.
    pub(crate) fn current(&self) -> Shape {
        match self.chosen {
            LicenseKeysApi::Classic => Shape::Classic,
            LicenseKeysApi::Grants => Shape::Grants,
            LicenseKeysApi::Auto if self.classic_is_gone.load(Ordering::Acquire) => Shape::Grants,
            LicenseKeysApi::Auto => Shape::Classic,
        }
    }

    /// Where a listing goes that has begun in the shape `begun`, or begins now.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` when that shape is not spoken: a listing never changes from one to the other.
    pub(crate) fn of_listing(&self, begun: Option<Shape>) -> Result<Shape> {
        match (begun, self.chosen) {
            (None, _) => Ok(self.current()),
            (Some(begun), _) if begun == self.current() => Ok(begun),
            (Some(Shape::Grants), LicenseKeysApi::Auto) => Ok(Shape::Grants),
            (Some(_), LicenseKeysApi::Auto) => Err(interrupted()),
            (Some(_), _) => Err(foreign()),
        }
    }

    /// Whether classic calls that are gone are a reason to go elsewhere.
    pub(crate) fn is_open(&self) -> bool {
        self.chosen == LicenseKeysApi::Auto
    }

    /// Whether grants may be used beside the classic calls.
    pub(crate) fn allows_grants(&self) -> bool {
        self.chosen != LicenseKeysApi::Classic
    }

    /// Remembers that the classic calls are gone.
    pub(crate) fn switch(&self) {
        if !self.classic_is_gone.swap(true, Ordering::AcqRel) {
            warn!(
                provider = NAME,
                "Dodo no longer serves GET /license_keys; license keys are entitlement grants from now on"
            );
        }
    }
}

/// Why a listing that began with the classic calls cannot go on.
pub(crate) fn interrupted() -> Error {
    refused("Dodo removed GET /license_keys while it was being listed; start again without a page token")
}

/// The error for a token of the API that the configuration excludes.
fn foreign() -> Error {
    refused(
        "the page token is of the other of Dodo's APIs, which `license_keys` rules out; start again without it",
    )
}

/// An `InvalidRequest` error of `list`.
fn refused(message: &'static str) -> Error {
    Error::new(ErrorKind::InvalidRequest, message).with_provider(NAME).with_operation(Operation::List)
}

#[cfg(test)]
mod tests {
    use LicenseKeysApi::{Auto, Classic, Grants};

    use super::*;

    #[test]
    fn a_listing_stays_in_the_shape_that_it_began_in() {
        let gone = ShapeMemory::new(Auto);
        gone.switch();
        let cases = [
            (ShapeMemory::new(Auto), [Some(Shape::Classic), Some(Shape::Classic), Some(Shape::Grants)]),
            (gone, [Some(Shape::Grants), None, Some(Shape::Grants)]),
            (ShapeMemory::new(Classic), [Some(Shape::Classic), Some(Shape::Classic), None]),
            (ShapeMemory::new(Grants), [Some(Shape::Grants), None, Some(Shape::Grants)]),
        ];
        for (memory, expected) in cases {
            let begun = [None, Some(Shape::Classic), Some(Shape::Grants)];
            assert_eq!(begun.map(|begun| memory.of_listing(begun).ok()), expected, "{memory:?}");
        }
    }

    #[test]
    fn clones_learn_from_each_other_and_a_fixed_choice_learns_nothing() {
        let memory = ShapeMemory::new(Auto);
        memory.clone().switch();
        assert_eq!(memory.current(), Shape::Grants);
        let fixed = ShapeMemory::new(Classic);
        fixed.switch();
        assert_eq!(fixed.current(), Shape::Classic);
    }
}
