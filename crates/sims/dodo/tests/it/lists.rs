use std::collections::HashSet;

use anykey_core::SignedDuration;
use anykey_dodo_sim::{KeySource, KeySpec, Purchase};
use serde_json::json;

use crate::fixture::{Fixture, at, refusal};

#[test]
fn lists_are_newest_first_in_pages_of_ten_from_page_zero() {
    let fixture = Fixture::new();
    let mut newest_first: Vec<_> = (0..23)
        .map(|_| {
            fixture.clock.advance(SignedDuration::from_secs(1));
            fixture.issue(KeySpec::default()).id
        })
        .collect();
    newest_first.reverse();
    assert_eq!(fixture.get("/license_keys").ids(), newest_first[..10]);
    assert_eq!(fixture.get("/license_keys?page_number=0").ids(), newest_first[..10]);
    assert_eq!(fixture.get("/license_keys?page_number=1").ids(), newest_first[10..20]);
    assert_eq!(fixture.get("/license_keys?page_number=2").ids(), newest_first[20..]);
    assert_eq!(fixture.get("/license_keys?page_number=5&page_size=4").ids(), newest_first[20..]);
    for beyond in ["page_number=3", "page_number=2147483647&page_size=100", "page_size=0"] {
        fixture.get(&format!("/license_keys?{beyond}")).is(200, &json!({ "items": [] }));
    }
}

#[test]
fn an_item_is_the_complete_record() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let record = fixture.get(&format!("/license_keys/{}", key.id)).json(200);
    fixture.get("/license_keys").is(200, &json!({ "items": [record] }));
}

#[test]
fn a_page_size_over_the_maximum_is_reduced() {
    let fixture = Fixture::new();
    fixture.sim.issue_many(101, &KeySpec::default()).unwrap();
    assert_eq!(fixture.get("/license_keys?page_size=100").ids().len(), 100);
    assert_eq!(fixture.get("/license_keys?page_size=101").ids().len(), 100);
    assert_eq!(fixture.get("/license_keys?page_size=101&page_number=1").ids().len(), 1);
}

#[test]
fn every_filter_applies_alone_and_combined() {
    let fixture = Fixture::new();
    let other_product = fixture.sim.add_product("Viewer");
    let other_customer = fixture.sim.add_customer("Bo", "bo@example.com");
    let dated = |day: u8, spec: KeySpec| KeySpec {
        created_at: Some(at(&format!("2026-01-0{day}T00:00:00Z"))),
        ..spec
    };
    let plain = fixture.issue(dated(1, KeySpec::default())).id;
    let disabled = fixture.issue(dated(2, KeySpec::default())).id;
    fixture.sim.disable(&disabled);
    let past = Some(at("2026-01-04T00:00:00Z"));
    let expired = fixture.issue(dated(3, KeySpec { expires_at: past, ..KeySpec::default() })).id;
    let viewer =
        fixture.issue(dated(4, KeySpec { product: Some(other_product.clone()), ..KeySpec::default() })).id;
    let bos =
        fixture.issue(dated(5, KeySpec { customer: Some(other_customer.clone()), ..KeySpec::default() })).id;
    let imported = fixture.issue(dated(6, KeySpec { purchase: Purchase::None, ..KeySpec::default() })).id;
    let manual =
        fixture.issue(dated(7, KeySpec { source: Some(KeySource::Manual), ..KeySpec::default() })).id;
    fixture.sim.other_business().issue(KeySpec::default()).unwrap();

    let all = [&manual, &imported, &bos, &viewer, &expired, &disabled, &plain];
    let product_id = format!("product_id={other_product}");
    let customer_id = format!("customer_id={other_customer}");
    let both = format!("{customer_id}&{product_id}");
    let cases: [(&str, &[&String]); 16] = [
        ("", &all),
        ("foo=bar", &all),
        ("status=disabled", &[&disabled]),
        ("status=expired", &[&expired]),
        ("status=active", &[&manual, &imported, &bos, &viewer, &plain]),
        ("source=import", &[&imported]),
        ("source=manual", &[&manual]),
        ("source=auto", &[&bos, &viewer, &expired, &disabled, &plain]),
        (&product_id, &[&viewer]),
        (&customer_id, &[&bos]),
        (&both, &[]),
        ("customer_id=", &[]),
        ("created_at_gte=2026-01-06T00:00:00Z", &[&manual, &imported]),
        ("created_at_lte=2026-01-02T00:00:00Z", &[&disabled, &plain]),
        (
            "created_at_gte=2026-01-02T00%3A00%3A00Z&created_at_lte=2026-01-03T00:00:00Z&status=disabled",
            &[&disabled],
        ),
        ("created_at_gte=2026-01-06T00:00:00Z&created_at_lte=2026-01-01T00:00:00Z", &[]),
    ];
    for (query, ids) in cases {
        let found = fixture.get(&format!("/license_keys?{query}")).ids();
        assert_eq!(found.iter().collect::<Vec<_>>(), ids, "{query}");
    }
    let paged = fixture.get("/license_keys?status=active&page_size=2&page_number=1").ids();
    assert_eq!(paged, [bos, viewer]);
}

#[test]
fn invalid_queries_are_400() {
    let fixture = Fixture::new();
    for (query, why) in [
        ("page_size=ten", "page_size: invalid digit found in string"),
        ("page_size=", "page_size: cannot parse integer from empty string"),
        ("page_size=-1", "page_size: must not be negative"),
        ("page_number=-1", "page_number: must not be negative"),
        ("page_number=2147483648", "page_number: number too large to fit in target type"),
        (
            "status=inactive",
            "status: unknown variant `inactive`, expected one of `active`, `expired`, `disabled`",
        ),
        ("source=api", "source: unknown variant `api`, expected one of `auto`, `import`, `manual`"),
        ("customer_id=a&customer_id=b", "duplicate field `customer_id`"),
    ] {
        let body = refusal("INVALID_QUERY_PARAMS", &format!("Failed to deserialize query string: {why}"));
        fixture.get(&format!("/license_keys?{query}")).is(400, &body);
    }
    let undated = fixture.get("/license_keys?created_at_gte=yesterday").json(400);
    assert_eq!(undated["code"], "INVALID_QUERY_PARAMS");
}

#[test]
fn ten_thousand_keys_of_one_instant_are_listed_once_each() {
    let fixture = Fixture::new();
    let issued = fixture.sim.issue_many(10_000, &KeySpec::default()).unwrap();
    let mut seen = Vec::new();
    for page in 0.. {
        let ids = fixture.get(&format!("/license_keys?page_size=100&page_number={page}")).ids();
        if ids.is_empty() {
            assert_eq!(page, 100);
            break;
        }
        seen.extend(ids);
    }
    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 10_000);
    assert!(seen.iter().eq(issued.iter().rev().map(|key| &key.id)));
}
