use anykey::{ActivationLimit, Expiry, LicenseKey, LicenseStatus, Timestamp};
use serde::Serialize;

use super::Codes;
use crate::output::time::instant;
use crate::output::{Cell, Column, Fact, Look, Row, Tone};

/// A license key.
#[derive(Debug, Serialize)]
pub(crate) struct KeyView {
    provider: String,
    id: String,
    key: String,
    /// What holds now.
    status: String,
    /// The word that the vendor stores.
    vendor_status: String,
    /// `never`, `at`, `with_subscription` or `unknown`.
    expiry: &'static str,
    expires_at: Option<Timestamp>,
    activations_used: Option<u64>,
    activation_limit: Option<u64>,
    /// `at_most`, `unlimited`, `not_allowed` or `unknown`: what an empty limit means.
    activation_rule: &'static str,
    usage: Option<i64>,
    usage_limit: Option<u64>,
    customer: Option<String>,
    product: Option<String>,
    source: Option<String>,
    payment: Option<String>,
    subscription: Option<String>,
    order: Option<String>,
    created_at: Option<Timestamp>,
    modified_at: Option<Timestamp>,
    last_validated_at: Option<Timestamp>,
}

impl KeyView {
    pub(crate) fn new(key: &LicenseKey, now: Timestamp, codes: Codes) -> Self {
        let text = |id: &Option<Box<str>>| id.as_deref().map(str::to_owned);
        let (expiry, expires_at) = expiry(key.expiry);
        let (activation_rule, activation_limit) = limit(key.activations.limit);
        Self {
            provider: key.provider.to_string(),
            id: key.id.to_string(),
            key: match codes {
                Codes::Masked => key.code.masked().to_string(),
                Codes::Whole => key.code.expose().to_owned(),
            },
            status: key.status_at(now).to_string(),
            vendor_status: key.status_word.to_string(),
            expiry,
            expires_at,
            activations_used: key.activations.used,
            activation_limit,
            activation_rule,
            usage: key.usage.map(|usage| usage.used),
            usage_limit: key.usage.and_then(|usage| usage.limit),
            customer: key.customer.as_ref().map(ToString::to_string),
            product: key.product.as_ref().map(ToString::to_string),
            source: key.origin.source.as_ref().map(ToString::to_string),
            payment: text(&key.origin.payment),
            subscription: text(&key.origin.subscription),
            order: text(&key.origin.order),
            created_at: key.created_at,
            modified_at: key.modified_at,
            last_validated_at: key.last_validated_at,
        }
    }

    /// Masked or whole, as it was asked for.
    pub(crate) fn code(&self) -> &str {
        &self.key
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn customer(&self) -> Option<&str> {
        self.customer.as_deref()
    }

    pub(crate) fn status_cell(&self) -> Cell {
        Cell::new(&self.status, tone(&self.status))
    }

    fn expiry_text(&self, look: Look) -> String {
        match (self.expires_at, self.expiry) {
            (Some(at), _) => instant(at, look),
            (None, "with_subscription") => "with the subscription".to_owned(),
            (None, word) => word.to_owned(),
        }
    }

    /// `1 of 3`, `1 of unlimited`, `not allowed`.
    pub(crate) fn seats(&self) -> String {
        let limit = match (self.activation_limit, self.activation_rule) {
            (Some(limit), _) => limit.to_string(),
            (None, "not_allowed") => return "not allowed".to_owned(),
            (None, rule) => rule.to_owned(),
        };
        match self.activations_used {
            Some(used) => format!("{used} of {limit}"),
            None if self.activation_limit.is_some() => format!("at most {limit}"),
            None => limit,
        }
    }

    pub(crate) fn usage_text(&self) -> Option<String> {
        let used = self.usage?;
        Some(self.usage_limit.map_or_else(|| used.to_string(), |limit| format!("{used} of {limit}")))
    }
}

impl Row for KeyView {
    const FIELDS: &'static [&'static str] = &[
        "provider",
        "id",
        "key",
        "status",
        "vendor_status",
        "expiry",
        "expires_at",
        "activations_used",
        "activation_limit",
        "activation_rule",
        "usage",
        "usage_limit",
        "customer",
        "product",
        "source",
        "payment",
        "subscription",
        "order",
        "created_at",
        "modified_at",
        "last_validated_at",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::new("ID", 0),
        Column::new("KEY", 0),
        Column::new("STATUS", 0),
        Column::new("EXPIRES", 0),
        Column::new("ACTIVATIONS", 1),
        Column::new("CUSTOMER", 2),
        Column::new("PRODUCT", 3),
    ];

    fn cells(&self, look: Look) -> Vec<Cell> {
        vec![
            self.id.as_str().into(),
            self.key.as_str().into(),
            self.status_cell(),
            self.expiry_text(look).into(),
            self.seats().into(),
            self.customer.as_deref().unwrap_or_default().into(),
            self.product.as_deref().unwrap_or_default().into(),
        ]
    }

    fn facts(&self, look: Look) -> Vec<Fact> {
        let mut facts = vec![
            Fact::new("id", self.id.as_str()),
            Fact::new("key", self.key.as_str()),
            Fact::new("status", self.status_cell()),
            Fact::new("expires", self.expiry_text(look)),
            Fact::new("activations", self.seats()),
        ];
        let ids = [
            ("customer", &self.customer),
            ("product", &self.product),
            ("source", &self.source),
            ("payment", &self.payment),
            ("subscription", &self.subscription),
            ("order", &self.order),
        ];
        let times = [
            ("created", self.created_at),
            ("modified", self.modified_at),
            ("last validated", self.last_validated_at),
        ];
        facts.extend(self.usage_text().map(|usage| Fact::new("usage", usage)));
        facts.extend(ids.into_iter().filter_map(|(name, id)| Some(Fact::new(name, id.as_deref()?))));
        facts.extend(times.into_iter().filter_map(|(name, at)| Some(Fact::new(name, instant(at?, look)))));
        facts
    }
}

fn expiry(expiry: Expiry) -> (&'static str, Option<Timestamp>) {
    match expiry {
        Expiry::Never => ("never", None),
        Expiry::At(at) => ("at", Some(at)),
        Expiry::FollowsSubscription => ("with_subscription", None),
        _ => ("unknown", None),
    }
}

fn limit(limit: ActivationLimit) -> (&'static str, Option<u64>) {
    match limit {
        ActivationLimit::AtMost(limit) => ("at_most", Some(limit)),
        ActivationLimit::Unlimited => ("unlimited", None),
        ActivationLimit::NotAllowed => ("not_allowed", None),
        _ => ("unknown", None),
    }
}

fn tone(status: &str) -> Tone {
    match status {
        word if word == LicenseStatus::Active.to_string() => Tone::Good,
        "inactive" | "expired" => Tone::Warning,
        _ => Tone::Bad,
    }
}

#[cfg(test)]
mod tests {
    use anykey::adapter::KeyCodeExt as _;
    use anykey::{ActivationUse, KeyCode, Usage};

    use super::*;
    use crate::output::Formulas;
    use crate::view::check::assert_fields_match;

    const PLAIN: Look =
        Look { now: None, zone: None, width: None, colored: false, notes: false, formulas: Formulas::Kept };

    fn key() -> LicenseKey {
        let code = KeyCode::verbatim("SHOP-1234-ABCDEF");
        LicenseKey::new("acme", "key_1".into(), code, LicenseStatus::Active)
    }

    fn view(key: &LicenseKey) -> KeyView {
        KeyView::new(key, Timestamp::UNIX_EPOCH, Codes::Masked)
    }

    #[test]
    fn the_fields_are_those_of_the_header() {
        assert_fields_match(&view(&key()));
    }

    #[test]
    fn codes_are_whole_only_when_asked_for() {
        let json =
            |codes| serde_json::to_string(&KeyView::new(&key(), Timestamp::UNIX_EPOCH, codes)).unwrap();
        assert!(!json(Codes::Masked).contains("1234") && json(Codes::Masked).contains("****-ABCDEF"));
        assert!(json(Codes::Whole).contains("SHOP-1234-ABCDEF"));
    }

    #[test]
    fn seats_say_what_a_missing_number_means() {
        let seats = |used, limit| {
            let mut key = key();
            key.activations = ActivationUse { used, limit };
            view(&key).seats()
        };
        assert_eq!(seats(Some(1), ActivationLimit::AtMost(3)), "1 of 3");
        assert_eq!(seats(None, ActivationLimit::AtMost(3)), "at most 3");
        assert_eq!(seats(Some(1), ActivationLimit::Unlimited), "1 of unlimited");
        assert_eq!(seats(None, ActivationLimit::NotAllowed), "not allowed");
        assert_eq!(seats(None, ActivationLimit::Unknown), "unknown");
    }

    #[test]
    fn the_status_is_the_one_that_holds_now() {
        let mut key = key();
        key.expiry = Expiry::At(Timestamp::UNIX_EPOCH);
        key.usage = Some(Usage { used: 2, limit: Some(5) });
        let view = view(&key);
        assert_eq!((view.status.as_str(), view.vendor_status.as_str()), ("expired", "active"));
        assert_eq!(view.usage_text().as_deref(), Some("2 of 5"));
        assert_eq!(view.expiry_text(PLAIN), "1970-01-01T00:00:00Z");
    }
}
