//! The keys of a purchase that an event names without naming its keys.

use futures_util::TryStreamExt;

use super::LicenseEvent;
use crate::adapter::ErrorExt as _;
use crate::{
    Capability, CustomerRef, Error, ErrorKind, KeySource, LicenseKey, LicenseProvider, LicenseProviderExt,
    ListQuery, Operation, Origin, Result,
};

/// The keys of a purchase, as far as a listing shows them; see [`LicenseEvent::find_keys`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct PurchaseKeys {
    /// Keys that name the event's payment, order, subscription or grant.
    pub found: Vec<LicenseKey>,
    /// Keys of the event's customer that may come from the purchase: the listing does not say where they come from
    /// (Polar), or they belong to a subscription, of which the event may name a later payment than the key does. Always
    /// empty when the event names no customer (Dodo `dispute.*`), although there may be such keys.
    pub possible: Vec<LicenseKey>,
    /// Whether the listing was read to its end. When it was not, there may be more keys.
    pub is_complete: bool,
}

impl LicenseEvent {
    /// Looks in the listing of `provider`, which needs a credential, for the keys of the purchase that the event
    /// names by its payment, order, subscription or grant: a refund or a dispute (Dodo `refund.succeeded`,
    /// `dispute.*`; Polar `order.refunded`).
    ///
    /// It reads at most `most_keys` keys, at one request for each page of the vendor's maximum (100 at Dodo and
    /// Polar). Where the event names the customer and the vendor filters by customer (Dodo), that is one request in
    /// most cases. Otherwise (Polar; Dodo disputes that name no customer) the whole listing is read.
    ///
    /// An app that keeps the [`origin`](Self::origin) of the deliveries about each key finds the same keys in its own
    /// tables, for nothing. At Polar that, or `PolarProvider::granted_keys`, is the only way to find keys for certain:
    /// its listing does not name the order.
    ///
    /// # Errors
    ///
    /// As [`list`](LicenseProvider::list); [`InvalidRequest`](ErrorKind::InvalidRequest) when the event names neither
    /// payment, order, subscription nor grant.
    pub async fn find_keys(
        &self,
        provider: &(impl LicenseProvider + ?Sized),
        most_keys: usize,
    ) -> Result<PurchaseKeys> {
        let origin = &self.origin;
        if [&origin.payment, &origin.order, &origin.subscription, &origin.grant].iter().all(|id| id.is_none())
        {
            let message = "the event names neither a payment, an order, a subscription nor a grant";
            return Err(Error::new(ErrorKind::InvalidRequest, message).with_operation(Operation::List));
        }
        let mut query = ListQuery::new();
        query.customer = self
            .customer
            .clone()
            .filter(|_| provider.capabilities().contains(Capability::FilterByCustomer))
            .map(CustomerRef::Id);
        let mut listing = provider.keys(query);
        let mut keys = PurchaseKeys::default();
        for _ in 0..most_keys {
            let Some(key) = listing.try_next().await? else {
                keys.is_complete = true;
                return Ok(keys);
            };
            match Relation::between(origin, &key.origin) {
                Relation::Same => keys.found.push(key),
                Relation::Unknown if self.customer.is_some() && key.customer == self.customer => {
                    keys.possible.push(key);
                }
                Relation::Unknown | Relation::Other => {}
            }
        }
        Ok(keys)
    }
}

/// How a key is related to a purchase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Same,
    Other,
    Unknown,
}

impl Relation {
    fn between(purchase: &Origin, key: &Origin) -> Self {
        let pairs = [
            (&purchase.payment, &key.payment),
            (&purchase.order, &key.order),
            (&purchase.subscription, &key.subscription),
            (&purchase.grant, &key.grant),
        ];
        let compared = || pairs.iter().filter(|(purchase, key)| purchase.is_some() && key.is_some());
        if compared().any(|(purchase, key)| purchase == key) {
            return Self::Same;
        }
        if key.source == Some(KeySource::Import) {
            return Self::Other;
        }
        match (&purchase.subscription, &key.subscription) {
            (Some(_), Some(_)) => Self::Other,
            // A subscription is paid many times, and its key names the first payment only.
            (None, Some(_)) => Self::Unknown,
            (Some(_), None) if key.payment.is_some() || key.order.is_some() => Self::Other,
            (_, None) if compared().next().is_some() => Self::Other,
            (_, None) => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CreateRequest, EventKind, InMemoryProvider, KeyCode, Timestamp};

    fn origin(payment: Option<&str>, order: Option<&str>, subscription: Option<&str>) -> Origin {
        let id = |id: Option<&str>| id.map(Into::into);
        Origin { payment: id(payment), order: id(order), subscription: id(subscription), ..Origin::default() }
    }

    fn imported() -> Origin {
        Origin { source: Some(KeySource::Import), ..Origin::default() }
    }

    #[test]
    fn a_key_is_of_the_purchase_of_another_or_unknown() {
        let payment = origin(Some("pay_1"), None, None);
        let subscription = origin(None, None, Some("sub_1"));
        let order = origin(None, Some("order_1"), Some("sub_1"));
        for (purchase, key, relation) in [
            (&payment, origin(Some("pay_1"), None, None), Relation::Same),
            (&payment, origin(Some("pay_1"), None, Some("sub_1")), Relation::Same),
            (&payment, origin(Some("pay_2"), None, None), Relation::Other),
            (&payment, origin(Some("pay_2"), None, Some("sub_1")), Relation::Unknown),
            (&payment, origin(None, None, None), Relation::Unknown),
            (&payment, imported(), Relation::Other),
            (&subscription, origin(Some("pay_9"), None, Some("sub_1")), Relation::Same),
            (&subscription, origin(Some("pay_9"), None, Some("sub_2")), Relation::Other),
            (&subscription, origin(Some("pay_9"), None, None), Relation::Other),
            (&subscription, origin(None, None, None), Relation::Unknown),
            (&order, origin(None, None, Some("sub_1")), Relation::Same),
            (&order, origin(None, Some("order_1"), None), Relation::Same),
            (&order, origin(None, Some("order_2"), None), Relation::Other),
        ] {
            assert_eq!(Relation::between(purchase, &key), relation, "{purchase:?} {key:?}");
        }
    }

    #[tokio::test]
    async fn a_search_is_bounded_and_reports_whether_it_saw_everything() {
        let provider = InMemoryProvider::new(Timestamp::now);
        for number in 0..5 {
            let code = KeyCode::parse(&format!("KEY-{number}")).unwrap();
            provider.create(CreateRequest::new(code, "cus_1", "pdt_1")).await.unwrap();
        }
        let mut event = LicenseEvent::new("acme", "msg_1", EventKind::Updated, "x", Timestamp::UNIX_EPOCH);
        let error = event.find_keys(&provider, 10).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);

        event.origin.payment = Some("pay_1".into());
        event.customer = Some("cus_1".into());
        assert!(!event.find_keys(&provider, 5).await.unwrap().is_complete);
        let all = event.find_keys(&provider, 6).await.unwrap();
        assert!(all.is_complete && all.found.is_empty());
    }
}
