//! Results as the command shows them: flat, with fixed field names, codes masked unless asked for.

mod activation;
mod changed;
mod delivery;
mod done;
mod found;
mod key;
mod verdict;

pub(crate) use activation::ActivationView;
pub(crate) use changed::ChangedView;
pub(crate) use delivery::DeliveryView;
pub(crate) use done::DoneView;
pub(crate) use found::FoundView;
pub(crate) use key::KeyView;
pub(crate) use verdict::{VerdictLine, VerdictView};

/// Whether license keys are shown whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codes {
    /// Their last six characters at most.
    Masked,
    /// As customers type them.
    Whole,
}

#[cfg(test)]
pub(crate) mod check {
    use crate::output::Row;

    /// The names that a row is serialized with, in order.
    pub(crate) fn assert_fields_match<R: Row>(row: &R) {
        let json = serde_json::to_string(row).unwrap();
        let positions: Vec<_> = R::FIELDS
            .iter()
            .map(|field| json.find(&format!("\"{field}\":")).unwrap_or_else(|| panic!("{field}")))
            .collect();
        assert!(positions.is_sorted(), "{json}");
        let members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&json).unwrap();
        assert_eq!(members.len(), R::FIELDS.len(), "{json}");
    }
}
