use super::*;

fn summary(list: &(u16, Value)) -> (u16, usize, i64, i64) {
    let (status, body) = list;
    let page = &body["pagination"];
    let items = body["items"].as_array().map_or(0, Vec::len);
    (*status, items, page["total_count"].as_i64().unwrap_or(-1), page["max_page"].as_i64().unwrap_or(-1))
}

fn seeded(count: usize) -> (Seller, Vec<GrantedKey>) {
    let seller = Seller::new();
    let benefit = seller.sim.add_benefit(BenefitSpec::default()).unwrap();
    let specs = std::iter::repeat_n(GrantSpec::order(benefit, seller.customer), count);
    let sold = seller.sim.grant_all(specs).unwrap();
    (seller, sold)
}

#[test]
fn a_limit_above_a_hundred_is_reduced() {
    let (seller, _) = seeded(250);
    for (query, expected) in [
        ("", (200, 10, 250, 25)),
        ("?limit=1000", (200, 100, 250, 3)),
        ("?limit=100&page=3", (200, 50, 250, 3)),
        ("?limit=100&page=4", (200, 0, 250, 3)),
        ("?page=%31%30&limit=+25", (200, 25, 250, 10)),
        ("?limit=9223372036854775807", (200, 100, 250, 3)),
    ] {
        assert_eq!(summary(&seller.get(&format!("/{query}"))), expected, "{query}");
    }
}

#[test]
fn an_offset_too_large_for_the_database_is_a_server_error() {
    let (seller, _) = seeded(1);
    assert_eq!(seller.get("/?page=9223372036854775807&limit=1").0, 200);
    assert_eq!(seller.get("/?page=9223372036854775807&limit=2").0, 500);
    assert_eq!(seller.get("/?page=100000000000000000000").0, 500);
}

#[test]
fn ten_thousand_keys_are_listed_once_each_and_oldest_first() {
    let (seller, sold) = seeded(10_000);
    let mut listed = Vec::new();
    for page in 1..=100 {
        let (_, body) = seller.get(&format!("/?limit=100&page={page}"));
        listed.extend(
            body["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()),
        );
    }
    assert_eq!(listed, sold.iter().map(|key| key.id.to_string()).collect::<Vec<_>>());
}

#[test]
fn keys_sold_after_the_clock_went_back_are_sorted_by_time() {
    let seller = Seller::new();
    let late = seller.sell(devices(1));
    seller.wait(-60);
    let early = seller.sell(devices(1));
    let (_, body) = seller.get("/");
    assert_eq!(body["items"][0]["id"], early.id.to_string());
    assert_eq!(body["items"][1]["id"], late.id.to_string());
}

#[test]
fn keys_of_several_organizations_are_sorted_by_time() {
    let seller = Seller::new();
    let other = seller.sim.add_organization(OrganizationSpec::default());
    let stranger = CustomerSpec { organization: Some(other), ..Default::default() };
    let stranger = seller.sim.add_customer(stranger).unwrap();
    let benefit = BenefitSpec { organization: Some(other), ..Default::default() };
    let benefit = seller.sim.add_benefit(benefit).unwrap();
    let mut sold = Vec::new();
    for _ in 0..3 {
        sold.push(seller.sell(devices(1)).id.to_string());
        seller.wait(1);
        sold.push(seller.sim.grant(GrantSpec::order(benefit, stranger)).unwrap().id.to_string());
        seller.wait(1);
    }
    let token =
        seller.sim.personal_token([other, seller.sim.organization_id()], [Scope::LicenseKeysRead], false);
    let (_, body) = seller.call("GET", &format!("{MANAGEMENT}/"), &token, "");
    let listed: Vec<_> =
        body["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!(listed, sold);
}

#[test]
fn filters_apply_can_be_repeated_and_unknown_ones_are_ignored() {
    let seller = Seller::new();
    let (first, second) = (seller.sell(devices(1)), seller.sell(devices(1)));
    seller.patch(second.id, r#"{"status":"disabled"}"#);
    let benefit = seller.get(&format!("/{}", first.id)).1["benefit_id"].as_str().unwrap().to_owned();
    let (home, elsewhere) =
        (seller.sim.organization_id(), Uuid::from_u128(0x11111111_1111_4111_8111_111111111111));
    for (query, total) in [
        ("status=disabled".to_owned(), 1),
        ("status=disabled&status=granted".to_owned(), 2),
        ("status=revoked".to_owned(), 0),
        (format!("benefit_id={benefit}"), 1),
        (format!("benefit_id={benefit}&status=disabled"), 0),
        (format!("organization_id={elsewhere}"), 0),
        (format!("organization_id={elsewhere}&organization_id={home}"), 2),
        (format!("customer_id={elsewhere}"), 2),
    ] {
        assert_eq!(summary(&seller.get(&format!("/?{query}"))).2, total, "{query}");
    }
    assert_eq!(seller.get("/?status=granted,disabled").0, 422);
}

#[test]
fn two_invalid_values_of_a_filter_are_three_errors() {
    let seller = Seller::new();
    let (_, body) = seller.get("/?limit=0&benefit_id=a&benefit_id=b");
    let inputs: Vec<_> =
        body["detail"].as_array().unwrap().iter().map(|error| error["input"].to_string()).collect();
    assert_eq!(inputs, [r#""0""#, r#"["a","b"]"#, r#""a""#, r#""b""#]);
}

#[test]
fn a_lagging_replica_affects_only_three_reads() {
    let seller = Seller::new();
    let old = seller.sell(devices(2));
    seller.sim.lag_replica();
    let new = seller.sell(devices(1));
    let activation = seller.activate(&old.key, "");
    let (_, patched) = seller.patch(old.id, r#"{"usage":7}"#);
    assert_eq!(patched["usage"], 7);
    let reads = || {
        let (_, read) = seller.get(&format!("/{}", old.id));
        let live = read["activations"].as_array().unwrap().len();
        let activation = seller.get(&format!("/{}/activations/{activation}", old.id)).0;
        let listed = summary(&seller.get("/")).2;
        (read["usage"].as_i64(), live, activation, seller.get(&format!("/{}", new.id)).0, listed)
    };
    assert_eq!(reads(), (Some(0), 0, 404, 404, 1));
    let session = seller.sim.customer_session(seller.customer).unwrap();
    assert_eq!(summary(&seller.call("GET", &format!("{DEVICE}/"), &session, "")).2, 2);
    assert_eq!(seller.patch(new.id, "{}").0, 200);
    seller.sim.sync_replica();
    assert_eq!(reads(), (Some(7), 1, 200, 200, 2));
    seller.patch(old.id, r#"{"usage":8}"#);
    assert_eq!(reads().0, Some(7));
}
