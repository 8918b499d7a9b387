use anykey::{EventKind, LicenseEvent, NotAuthentic, Timestamp, WebhookError};
use serde::Serialize;

use super::{Codes, KeyView};
use crate::output::time::instant;
use crate::output::{Cell, Column, Fact, Look, Row, Tone};

/// What became of a delivery: whether it is authentic, and its event.
#[derive(Debug, Default, Serialize)]
pub(crate) struct DeliveryView {
    /// `authentic` or `refused`.
    verdict: &'static str,
    /// Why there is no event, as one word for scripts.
    reason: Option<&'static str>,
    /// Why there is no event, as a sentence.
    message: Option<String>,
    /// The provider's name in the configuration.
    name: String,
    provider: String,
    /// Names the delivery.
    id: Option<String>,
    kind: Option<&'static str>,
    /// The vendor's own word for what happened.
    r#type: Option<String>,
    occurred_at: Option<Timestamp>,
    sent_at: Option<Timestamp>,
    as_of: Option<Timestamp>,
    key_id: Option<String>,
    key: Option<String>,
    status: Option<String>,
    expires_at: Option<Timestamp>,
    customer: Option<String>,
    product: Option<String>,
    payment: Option<String>,
    subscription: Option<String>,
    order: Option<String>,
    grant: Option<String>,
    /// Why the key was taken away or not handed out, in the vendor's word.
    vendor_reason: Option<String>,
    /// The ids of all keys of the customer, with blanks between; absent in an event about one key.
    granted_keys: Option<String>,
    /// The ids of the other keys of the same purchase, with blanks between.
    further_keys: Option<String>,
    #[serde(skip)]
    whole_key: Option<KeyView>,
}

impl DeliveryView {
    pub(crate) fn event(name: &str, event: &LicenseEvent, now: Timestamp, codes: Codes) -> Self {
        let text = |id: &Option<Box<str>>| id.as_deref().map(str::to_owned);
        let key = event.key.as_ref();
        let whole_key = key.map(|key| KeyView::new(key, now, codes));
        let granted = event.granted_keys.as_ref().map(|keys| {
            let ids: Vec<_> = keys.iter().map(|key| key.id.as_str()).collect();
            ids.join(" ")
        });
        let further: Vec<_> = event.further_keys.iter().map(|key| key.id.as_str()).collect();
        Self {
            verdict: AUTHENTIC,
            name: name.to_owned(),
            provider: event.provider.to_string(),
            id: Some(event.id.to_string()),
            kind: Some(kind(&event.kind)),
            r#type: Some(event.raw_type.to_string()),
            occurred_at: Some(event.occurred_at),
            sent_at: Some(event.sent_at),
            as_of: Some(event.as_of),
            key_id: event.key_id.as_ref().map(ToString::to_string),
            key: whole_key.as_ref().map(|key| key.code().to_owned()),
            status: key.map(|key| key.status_at(now).to_string()),
            expires_at: key.and_then(|key| key.expiry.at()),
            customer: event.customer.as_ref().map(ToString::to_string),
            product: event.product.as_ref().map(ToString::to_string),
            payment: text(&event.origin.payment),
            subscription: text(&event.origin.subscription),
            order: text(&event.origin.order),
            grant: text(&event.origin.grant),
            vendor_reason: text(&event.reason),
            granted_keys: granted,
            further_keys: (!further.is_empty()).then(|| further.join(" ")),
            whole_key,
            ..Self::default()
        }
    }

    pub(crate) fn without_event(name: &str, provider: &str, error: &WebhookError) -> Self {
        let mut view = Self {
            verdict: if error.is_authentic() { AUTHENTIC } else { "refused" },
            reason: Some(reason(error)),
            message: Some(error.to_string()),
            name: name.to_owned(),
            provider: provider.to_owned(),
            ..Self::default()
        };
        match error {
            WebhookError::Unreadable(delivery) => {
                view.id = Some(delivery.id().to_owned());
                view.sent_at = Some(delivery.sent_at());
            }
            WebhookError::NotOfInterest(delivery) => {
                view.id = Some(delivery.id().to_owned());
                view.r#type = Some(delivery.raw_type().to_owned());
            }
            _ => {}
        }
        view
    }

    fn kind_cell(&self) -> Cell {
        let kind = self.kind.unwrap_or_default();
        Cell::new(
            kind,
            match kind {
                "granted" | "renewed" => Tone::Good,
                "rotated" => Tone::Warning,
                "revoked" | "failed" => Tone::Bad,
                _ => Tone::Plain,
            },
        )
    }
}

const AUTHENTIC: &str = "authentic";

impl Row for DeliveryView {
    const FIELDS: &'static [&'static str] = &[
        "verdict",
        "reason",
        "message",
        "name",
        "provider",
        "id",
        "kind",
        "type",
        "occurred_at",
        "sent_at",
        "as_of",
        "key_id",
        "key",
        "status",
        "expires_at",
        "customer",
        "product",
        "payment",
        "subscription",
        "order",
        "grant",
        "vendor_reason",
        "granted_keys",
        "further_keys",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::new("HAPPENED", 0),
        Column::new("NAME", 0),
        Column::new("KIND", 0),
        Column::new("KEY ID", 0),
        Column::new("STATUS", 1),
        Column::new("CUSTOMER", 1),
        Column::new("TYPE", 1),
    ];

    fn cells(&self, look: Look) -> Vec<Cell> {
        let text = |text: &Option<String>| Cell::from(text.as_deref().unwrap_or_default());
        vec![
            self.occurred_at.map(|at| instant(at, look)).unwrap_or_default().into(),
            self.name.as_str().into(),
            self.kind_cell(),
            text(&self.key_id),
            text(&self.status),
            text(&self.customer),
            text(&self.r#type),
        ]
    }

    fn facts(&self, look: Look) -> Vec<Fact> {
        let tone = if self.verdict == AUTHENTIC { Tone::Good } else { Tone::Bad };
        let mut facts = vec![Fact::new("verdict", Cell::new(self.verdict, tone))];
        facts.extend(self.message.as_deref().map(|message| Fact::new("reason", message)));
        facts.extend(self.id.as_deref().map(|id| Fact::new("delivery", id)));
        facts.extend(self.kind.map(|_| Fact::new("kind", self.kind_cell())));
        facts.extend(self.r#type.as_deref().map(|word| Fact::new("type", word)));
        for (name, at) in
            [("happened", self.occurred_at), ("sent", self.sent_at), ("state as of", self.as_of)]
        {
            facts.extend(at.map(|at| Fact::new(name, instant(at, look))));
        }
        let about = [("key id", &self.key_id), ("customer", &self.customer), ("product", &self.product)];
        let purchase =
            [("payment", &self.payment), ("subscription", &self.subscription), ("order", &self.order)];
        let further = [
            ("grant", &self.grant),
            ("vendor's reason", &self.vendor_reason),
            ("granted keys", &self.granted_keys),
            ("further keys", &self.further_keys),
        ];
        let told_by_key = self.whole_key.is_some();
        let rest = about.into_iter().chain(purchase).filter(|_| !told_by_key).chain(further);
        facts.extend(rest.filter_map(|(name, text)| Some(Fact::new(name, text.as_deref()?))));
        let of_key = self.whole_key.iter().flat_map(|key| key.facts(look));
        facts.extend(
            of_key.map(|fact| if fact.name == "id" { Fact { name: "key id", ..fact } } else { fact }),
        );
        facts
    }
}

const fn kind(kind: &EventKind) -> &'static str {
    match kind {
        EventKind::Granted => "granted",
        EventKind::Updated => "updated",
        EventKind::Revoked => "revoked",
        EventKind::Rotated => "rotated",
        EventKind::Renewed => "renewed",
        EventKind::Failed => "failed",
        _ => "other",
    }
}

const fn reason(error: &WebhookError) -> &'static str {
    match error {
        WebhookError::NotAuthentic(NotAuthentic::MissingHeader(_)) => "missing_header",
        WebhookError::NotAuthentic(NotAuthentic::RepeatedHeader(_)) => "repeated_header",
        WebhookError::NotAuthentic(NotAuthentic::MalformedHeader(_)) => "malformed_header",
        WebhookError::NotAuthentic(NotAuthentic::SignatureMismatch) => "signature_mismatch",
        WebhookError::NotAuthentic(NotAuthentic::TooOld) => "too_old",
        WebhookError::NotAuthentic(NotAuthentic::TooNew) => "too_new",
        WebhookError::Unreadable(_) => "unreadable",
        WebhookError::NotOfInterest(_) => "not_of_interest",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use anykey::{IgnoredDelivery, UnreadableDelivery};

    use super::*;

    #[test]
    fn only_what_is_not_authentic_is_refused() {
        let unreadable = UnreadableDelivery::new("msg_1", Timestamp::UNIX_EPOCH, "no JSON", b"planted");
        for (error, verdict, reason, id) in [
            (NotAuthentic::TooOld.into(), "refused", "too_old", None),
            (WebhookError::Unreadable(unreadable), "authentic", "unreadable", Some("msg_1")),
            (
                WebhookError::NotOfInterest(IgnoredDelivery::new("msg_2", "payment.succeeded")),
                "authentic",
                "not_of_interest",
                Some("msg_2"),
            ),
        ] {
            let view = DeliveryView::without_event("main", "acme", &error);
            assert_eq!((view.verdict, view.reason, view.id.as_deref()), (verdict, Some(reason), id));
            crate::view::check::assert_fields_match(&view);
            assert!(!format!("{view:?}").contains("planted"));
        }
    }
}
