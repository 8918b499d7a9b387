use anykey_core::{Error, LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider};

use crate::Wanted;
use crate::journal::Entry;

/// A key for which a request is sent.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) entry: Entry,
    pub(crate) step: Step,
    pub(crate) wanted: Wanted,
    /// Whether an earlier request may have created the key.
    pub(crate) may_exist: bool,
    /// How often the target said that the code exists.
    pub(crate) conflicts: u32,
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Create,
    Finish(LicenseKeyId, LicensePatch),
}

impl Work {
    pub(crate) const fn new(entry: Entry, step: Step, wanted: Wanted, may_exist: bool) -> Self {
        Self { entry, step, wanted, may_exist, conflicts: 0 }
    }

    pub(crate) async fn send(&self, target: &dyn LicenseProvider) -> Result<LicenseKey, Error> {
        match &self.step {
            Step::Create => target.create(self.wanted.creation()).await,
            Step::Finish(id, patch) => target.update(id, patch.clone()).await,
        }
    }
}
