//! Which keys an order or a customer has.

use anykey_core::{
    CustomerId, EmailAddress, ErrorKind, ExternalCustomerId, LicenseProvider, ListQuery, Origin,
};
use anykey_testkit::transport::{Answer, ScriptedTransport};
use serde_json::json;

use crate::support::*;

const CUSTOMER: &str = "992fae2a-2a17-4b7a-8d9e-e287cf90131b";
const KEY: &str = "508176f7-065a-4b5d-b524-4e9c8a11ed63";

fn customer() -> CustomerId {
    CUSTOMER.into()
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

/// Grants of these customers, each with a key of its own.
fn grants_of(customers: &[(&str, Option<&str>)]) -> Answer {
    let grants: Vec<_> = customers
        .iter()
        .map(|(id, external)| {
            json!({"customer_id": id, "customer": {"id": id, "external_id": external},
                "properties": {"license_key_id": KEY}})
        })
        .collect();
    let body = json!({"items": grants, "pagination": {"total_count": 0, "max_page": 1}});
    Answer::new(200).header("content-type", "application/json").body(body.to_string())
}

#[tokio::test]
async fn a_list_by_an_external_id_leaves_out_the_grants_of_others() {
    let transport =
        ScriptedTransport::new().then(grants_of(&[(CUSTOMER, None), (CUSTOMER, Some("account-8"))]));
    let query = ListQuery::new().customer(ExternalCustomerId::new("account-7"));
    let page = organization(&transport).list(query).await.unwrap();
    assert!(page.items.is_empty(), "no key of another customer is read");
    let uris: Vec<_> = transport.requests().iter().map(|request| request.uri().to_string()).collect();
    assert_eq!(
        uris,
        [format!(
            "https://api.polar.sh/v1/benefit-grants/?organization_id={ORGANIZATION}&page=1&limit=10\
             &external_customer_id=account-7"
        )]
    );
}

#[tokio::test]
async fn a_list_by_an_address_asks_for_the_customers_first_and_for_no_grants_without_one() {
    let customers = |email: &str| {
        let body = json!({"items": [{"id": CUSTOMER, "email": email}], "pagination": {"total_count": 1, "max_page": 1}});
        Answer::new(200).header("content-type", "application/json").body(body.to_string())
    };
    let transport = ScriptedTransport::new()
        .then(customers("Ada@example.com"))
        .then(grants_of(&[("1dbfc517-0bbf-4301-9ba8-555ca42b9737", None)]))
        .then(customers("eve@example.com"));
    let provider = organization(&transport);
    let query = || ListQuery::new().customer(EmailAddress::parse("ada@example.com").unwrap());
    for _ in 0..2 {
        assert!(provider.list(query()).await.unwrap().items.is_empty());
    }
    let asked = format!(
        "https://api.polar.sh/v1/customers/?organization_id={ORGANIZATION}&email=ada%40example.com&limit=100"
    );
    let grants = format!(
        "https://api.polar.sh/v1/benefit-grants/?organization_id={ORGANIZATION}&page=1&limit=10\
         &customer_id={CUSTOMER}"
    );
    let uris: Vec<_> = transport.requests().iter().map(|request| request.uri().to_string()).collect();
    assert_eq!(uris, [asked.clone(), grants, asked]);
}
