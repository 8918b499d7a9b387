use anykey::Timestamp;
use serde::Serialize;

use super::{Codes, KeyView};
use crate::output::{Cell, Column, Fact, Look, Row};
use crate::search::Found;

/// A key that a search found, and where.
#[derive(Debug, Serialize)]
pub(crate) struct FoundView {
    /// The provider's name in the configuration.
    provider: String,
    /// What of the key was looked for: `code`, `customer` and so on.
    matched: &'static str,
    id: String,
    key: String,
    status: String,
    expires_at: Option<Timestamp>,
    activations_used: Option<u64>,
    activation_limit: Option<u64>,
    customer: Option<String>,
    product: Option<String>,
    order: Option<String>,
    payment: Option<String>,
    subscription: Option<String>,
    #[serde(skip)]
    view: KeyView,
}

impl FoundView {
    pub(crate) fn new(provider: &str, found: &Found, now: Timestamp, codes: Codes) -> Self {
        let key = &found.key;
        let view = KeyView::new(key, now, codes);
        let text = |id: &Option<Box<str>>| id.as_deref().map(str::to_owned);
        Self {
            provider: provider.to_owned(),
            matched: found.matched.word(),
            id: key.id.to_string(),
            key: view.code().to_owned(),
            status: key.status_at(now).to_string(),
            expires_at: key.expiry.at(),
            activations_used: key.activations.used,
            activation_limit: match key.activations.limit {
                anykey::ActivationLimit::AtMost(limit) => Some(limit),
                _ => None,
            },
            customer: key.customer.as_ref().map(ToString::to_string),
            product: key.product.as_ref().map(ToString::to_string),
            order: text(&key.origin.order),
            payment: text(&key.origin.payment),
            subscription: text(&key.origin.subscription),
            view,
        }
    }
}

impl Row for FoundView {
    const FIELDS: &'static [&'static str] = &[
        "provider",
        "matched",
        "id",
        "key",
        "status",
        "expires_at",
        "activations_used",
        "activation_limit",
        "customer",
        "product",
        "order",
        "payment",
        "subscription",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::new("PROVIDER", 0),
        Column::new("ID", 0),
        Column::new("KEY", 0),
        Column::new("STATUS", 0),
        Column::new("EXPIRES", 2),
        Column::new("ACTIVATIONS", 3),
        Column::new("MATCHED", 1),
    ];

    fn cells(&self, look: Look) -> Vec<Cell> {
        let mut cells = vec![Cell::from(self.provider.as_str())];
        cells.extend(self.view.cells(look).into_iter().take(5));
        cells.push(self.matched.into());
        cells
    }

    fn facts(&self, look: Look) -> Vec<Fact> {
        let mut facts =
            vec![Fact::new("provider", self.provider.as_str()), Fact::new("matched", self.matched)];
        facts.extend(self.view.facts(look));
        facts
    }
}

#[cfg(test)]
mod tests {
    use anykey::{KeyCode, LicenseKey, LicenseStatus};

    use super::*;
    use crate::search::Match;

    #[test]
    fn the_fields_are_those_of_the_header() {
        let code = KeyCode::parse("EDITOR-1C285B2D").unwrap();
        let key = LicenseKey::new("acme", "lic_1".into(), code, LicenseStatus::Active);
        let found = Found { matched: Match::Code, key };
        let view = FoundView::new("acme", &found, Timestamp::UNIX_EPOCH, Codes::Masked);
        crate::view::check::assert_fields_match(&view);
    }
}
