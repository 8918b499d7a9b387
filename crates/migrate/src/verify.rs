use std::collections::BTreeMap;

use anykey_core::{LicenseKeyId, LicenseProvider};

use crate::compare::Found;
use crate::digest::Salt;
use crate::journal::{Claim, Journal};
use crate::reader::Reader;
use crate::{Difference, MigrateError, Migration, SkipReason, Wanted};

/// Both ends, compared key by key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verification {
    /// Keys of the source that are to be at the target.
    pub of: u64,
    /// Those that are there as they are to be.
    pub equal: u64,
    /// Those that differ, or are not there.
    pub different: u64,
    /// Of the equal ones, those whose end or limit the target does not report.
    pub not_compared_fully: u64,
    /// Keys of the source that are not to be at the target, by reason.
    pub skipped: BTreeMap<SkipReason, u64>,
    /// Records of the source that cannot be read.
    pub unreadable: u64,
}

impl Verification {
    /// Whether all keys that are to be at the target are there as they are to be. Skipped and unreadable ones are not
    /// among them.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.equal == self.of
    }

    /// Counts a key, and returns in what it differs if it does.
    fn compare(
        &mut self,
        wanted: &Result<Wanted, SkipReason>,
        found: Option<&Found>,
        salt: &Salt,
    ) -> Option<Vec<Difference>> {
        let wanted = match wanted {
            Ok(wanted) => wanted,
            Err(reason) => {
                *self.skipped.entry(*reason).or_default() += 1;
                return None;
            }
        };
        self.of += 1;
        let differences =
            found.map_or_else(|| vec![Difference::Missing], |found| found.differences(wanted, salt));
        if differences.is_empty() {
            self.equal += 1;
            self.not_compared_fully += u64::from(found.is_some_and(Found::leaves_open));
            return None;
        }
        self.different += 1;
        Some(differences)
    }
}

/// A key that is not at the target as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The record's id at the source.
    pub source: LicenseKeyId,
    /// The record's id at the target; `None` where there is none.
    pub target: Option<LicenseKeyId>,
    /// In what it differs.
    pub differences: Vec<Difference>,
}

impl Migration {
    /// Reads both ends and compares them key by key. Nothing is written. `each` is called with every key that differs.
    ///
    /// It does not ask the journal: what it says is what the two vendors say now.
    ///
    /// # Errors
    ///
    /// Those of [`plan`](Self::plan).
    pub async fn verify(
        &self,
        journal: &mut Journal,
        each: &mut (dyn FnMut(&Finding) + Send),
    ) -> Result<Verification, MigrateError> {
        self.check()?;
        journal.check_pair(self.source.name(), self.target.name()).await?;
        journal.forget_claims().await?;
        self.read_target(journal, None).await?;
        let mut verification = Verification::default();
        let mut reader = Reader::new(&self.source, self.source_queries());
        while let Some(keys) = self.next_claimed(&mut reader, journal).await? {
            let codes: Vec<_> = keys.iter().map(|(_, code, _)| *code).collect();
            let found = journal.found(&codes).await?;
            for (key, code, claim) in &keys {
                let wanted = match claim {
                    Claim::Taken => Err(SkipReason::DuplicateCode),
                    _ => self.wanted(key),
                };
                let finding = verification.compare(&wanted, found.get(code), journal.salt());
                if let Some(differences) = finding {
                    let target = found.get(code).map(|found| found.id.clone());
                    each(&Finding { source: key.id.clone(), target, differences });
                }
            }
        }
        verification.unreadable = reader.unreadable;
        Ok(verification)
    }
}
