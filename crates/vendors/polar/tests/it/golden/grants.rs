//! Which keys an order has brought.

use anykey_core::{CustomerId, ErrorKind, Origin};
use anykey_testkit::transport::{Answer, ScriptedTransport};
use serde_json::json;

use crate::support::*;

fn customer() -> CustomerId {
    "992fae2a-2a17-4b7a-8d9e-e287cf90131b".into()
}

fn origin(order: Option<&str>, subscription: Option<&str>) -> Origin {
    let mut origin = Origin::default();
    origin.order = order.map(Into::into);
    origin.subscription = subscription.map(Into::into);
    origin
}

/// A page of grants, each of an order, a subscription and a key.
fn page(of: u64, grants: &[(Option<&str>, Option<&str>, Option<&str>)]) -> Answer {
    let grants: Vec<_> = grants
        .iter()
        .map(|(order, subscription, key)| {
            let properties = key.map_or(json!({"guild_id": "1"}), |key| json!({"license_key_id": key}));
            json!({"id": "d322132c-a9d0-4e0d-b8d3-d81ad021a3a9", "is_granted": false, "order_id": order,
                "subscription_id": subscription, "properties": properties})
        })
        .collect();
    let body = json!({"items": grants, "pagination": {"total_count": 0, "max_page": of}});
    Answer::new(200).header("content-type", "application/json").body(body.to_string())
}

#[tokio::test]
async fn the_keys_of_an_order_are_read_from_the_customers_grants() {
    let transport = ScriptedTransport::new()
        .then(page(
            2,
            &[(Some("o1"), None, Some("k1")), (Some("o2"), None, Some("k2")), (Some("o1"), None, None)],
        ))
        .then(page(2, &[(None, Some("s1"), Some("k3")), (Some("o1"), None, Some("k1"))]));
    let keys = organization(&transport).granted_keys(&customer(), &origin(Some("o1"), None)).await.unwrap();
    assert_eq!(keys, ["k1".into()]);
    let requests = transport.requests();
    assert_eq!(
        requests.iter().map(|request| request.uri().to_string()).collect::<Vec<_>>(),
        [1, 2].map(|page| format!(
            "https://api.polar.sh/v1/benefit-grants/?organization_id={ORGANIZATION}\
             &customer_id=992fae2a-2a17-4b7a-8d9e-e287cf90131b&page={page}&limit=100"
        ))
    );
}

#[tokio::test]
async fn the_order_of_a_renewal_leads_to_the_subscriptions_keys() {
    let transport =
        ScriptedTransport::new().then(page(1, &[(None, Some("s1"), Some("k3")), (None, None, Some("k4"))]));
    let origin = origin(Some("o9"), Some("s1"));
    let keys = organization(&transport).granted_keys(&customer(), &origin).await.unwrap();
    assert_eq!(keys, ["k3".into()]);
}

#[tokio::test]
async fn grants_are_not_read_without_a_purchase_or_an_organizations_token() {
    let transport = ScriptedTransport::new();
    let purchase = origin(Some("o1"), None);
    for provider in [public(&transport), portal(&transport)] {
        let error = provider.granted_keys(&customer(), &purchase).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
    }
    let error = organization(&transport).granted_keys(&customer(), &Origin::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn a_list_of_grants_that_does_not_end_is_an_error() {
    let transport = ScriptedTransport::from_fn(|_| page(1_000_000, &[(Some("o1"), None, Some("k1"))]));
    let error =
        organization(&transport).granted_keys(&customer(), &origin(Some("o1"), None)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(transport.requests().len(), 100);
}
