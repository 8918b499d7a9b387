//! What the vendor keeps of a seller's account.

use anykey_core::StatusChange;
use anykey_sim_kit::{IssueSpec, Which};

#[derive(Debug, Default)]
pub(crate) struct Records {
    pub(crate) licenses: Vec<License>,
}

#[derive(Debug)]
pub(crate) struct License {
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) sold: IssueSpec,
    pub(crate) disabled: bool,
    /// Ids and labels, oldest first.
    pub(crate) seats: Vec<(String, String)>,
}

impl Records {
    /// Sells a license; `None` for a code that exists.
    pub(crate) fn sell(&mut self, sold: IssueSpec) -> Option<&License> {
        let number = self.licenses.len().saturating_add(1);
        let code = sold.code.clone().unwrap_or_else(|| format!("ACME-7F3K-{number:04}"));
        if self.licenses.iter().any(|license| license.code == code) {
            return None;
        }
        let id = format!("lic_{number:04}");
        self.licenses.push(License { id, code, sold, disabled: false, seats: Vec::new() });
        self.licenses.last()
    }

    pub(crate) fn license(&mut self, id: &str) -> Option<&mut License> {
        self.licenses.iter_mut().find(|license| license.id == id)
    }
}

impl License {
    /// `None` for a change that the vendor does not have.
    pub(crate) fn set_status(&mut self, change: StatusChange) -> Option<()> {
        self.disabled = match change {
            StatusChange::Disable => true,
            StatusChange::Enable => false,
            _ => return None,
        };
        Some(())
    }
}

/// The id of one of the two products.
pub(crate) const fn product(which: Which) -> &'static str {
    match which {
        Which::First => "prod_1",
        Which::Second => "prod_2",
    }
}

/// The id of one of the two customers.
pub(crate) const fn customer(which: Which) -> &'static str {
    match which {
        Which::First => "cus_1",
        Which::Second => "cus_2",
    }
}
