//! The forms that pings contain. They follow the server code: names in brackets for members of objects, `name[]` for
//! lists.

use serde_json::Value;

use super::database::State;
use super::documents::ping_members;
use super::ping_event::PingEvent;
use super::ping_queue::Fields;
use super::time::written;

impl State {
    /// The body of an event about a sale: the sale, or its membership.
    ///
    /// A sale and its changes send the members of the purchase, everything about a membership those of the
    /// membership. `None` if the sale has no license, or no membership.
    pub(super) fn ping_fields(&self, sale: u64, event: PingEvent) -> Option<Fields> {
        let sale = self.sales.get(&sale)?;
        let mut fields = Fields::new();
        match event {
            PingEvent::Sale | PingEvent::Refund | PingEvent::Dispute | PingEvent::DisputeWon => {
                let license = self.licenses.get(&sale.license?)?;
                for (name, value) in ping_members(self, license, sale) {
                    flatten(name, value, &mut fields);
                }
            }
            _ => {
                let subscription = self.subscription_of(sale)?;
                let product = self.products.get(&subscription.product)?;
                let mut add = |name: &str, value: &str| fields.push((name.to_owned(), value.to_owned()));
                add("subscription_id", &subscription.id);
                add("product_id", &product.id);
                add("product_name", &product.name);
                add("user_id", subscription.buyer.id.as_deref().unwrap_or_default());
                add("user_email", &subscription.buyer.email);
                for sale in subscription.sales.iter().filter_map(|sale| self.sales.get(sale)) {
                    add("purchase_ids[]", &sale.id);
                }
                add("created_at", &written(subscription.created_at));
                add("charge_occurrence_count", "");
                add("recurrence", "monthly");
                add("free_trial_ends_at", "");
                if let Some(license) = self.licenses.get(&subscription.license) {
                    add("license_key", &license.key);
                }
                if event == PingEvent::Cancellation {
                    add("cancelled", "true");
                    if let Some(at) = subscription.cancelled_at {
                        add("cancelled_at", &written(at));
                        add("cancelled_by_buyer", "true");
                    } else {
                        add("cancelled_due_to_payment_failures", "true");
                    }
                }
                if let (PingEvent::SubscriptionEnded, Some(at)) =
                    (event, subscription.ended_at.or(subscription.failed_at))
                {
                    let reason = if subscription.failed_at.is_some() {
                        "failed_payment"
                    } else {
                        "fixed_subscription_period_ended"
                    };
                    add("ended_at", &written(at));
                    add("ended_reason", reason);
                }
            }
        }
        fields.push(("resource_name".to_owned(), event.word().to_owned()));
        Some(fields)
    }
}

/// The form of a body; a retry says which it is.
pub(super) fn encoded(fields: &Fields, attempt: u32) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    if attempt > 1 {
        form.append_pair("retry_count", &attempt.saturating_sub(1).to_string());
    }
    form.finish()
}

/// Members of objects have their names in brackets, with brackets of their own percent-encoded.
fn flatten(name: String, value: Value, fields: &mut Fields) {
    match value {
        Value::Null => fields.push((name, String::new())),
        Value::String(text) => fields.push((name, text)),
        Value::Object(members) => {
            for (inner, value) in members {
                let inner = inner.replace('[', "%5B").replace(']', "%5D");
                flatten(format!("{name}[{inner}]"), value, fields);
            }
        }
        Value::Array(items) => {
            for item in items {
                flatten(format!("{name}[]"), item, fields);
            }
        }
        plain => fields.push((name, plain.to_string())),
    }
}
