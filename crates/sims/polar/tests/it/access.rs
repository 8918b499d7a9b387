use super::*;

#[test]
fn each_kind_of_token_is_for_its_own_side() {
    let shop = Shop::new();
    let member = shop.sim.add_member(shop.customer, MemberSpec::default()).unwrap();
    let home = shop.sim.organization_id();
    let tokens = [
        (shop.token.clone(), 200, 401),
        (shop.sim.personal_token([home], [Scope::LicenseKeysRead], false), 200, 401),
        (shop.sim.customer_session(shop.customer).unwrap(), 401, 200),
        (shop.sim.member_session(member).unwrap(), 401, 200),
        (shop.sim.organization_token(home, [Scope::ProductsRead]).unwrap(), 403, 401),
    ];
    for (token, seller, buyer) in tokens {
        let side = |path: &str| shop.call("GET", &format!("{path}/"), &token, "").0;
        assert_eq!((side(MANAGEMENT), side(DEVICE)), (seller, buyer), "{token}");
    }
}

#[test]
fn a_token_reaches_its_organizations_only() {
    let shop = Shop::new();
    let sold = shop.sell(devices(1));
    let other = shop.sim.add_organization(OrganizationSpec::default());
    let foreign = shop.sim.organization_token(other, [Scope::LicenseKeysWrite]).unwrap();
    let path = format!("{MANAGEMENT}/{}", sold.id);
    let body = format!(r#"{{"key":"{}","organization_id":"{}"}}"#, sold.key, shop.sim.organization_id());
    assert_eq!(shop.call("GET", &path, &foreign, "").0, 404);
    assert_eq!(shop.call("PATCH", &path, &foreign, "{}").0, 404);
    assert_eq!(shop.call("POST", &format!("{path}/rotate"), &foreign, "").0, 404);
    assert_eq!(shop.call("POST", &format!("{MANAGEMENT}/validate"), &foreign, &body).0, 404);
    let both = shop.sim.personal_token([other, shop.sim.organization_id()], [Scope::LicenseKeysWrite], true);
    assert_eq!(shop.call("GET", &path, &both, "").0, 200);
}

#[test]
fn who_may_not_manage_products_may_look_and_validate() {
    let shop = Shop::new();
    let sold = shop.sell(devices(1));
    let home = shop.sim.organization_id();
    let token = shop.sim.personal_token([home], [Scope::LicenseKeysWrite], false);
    let path = format!("{MANAGEMENT}/{}", sold.id);
    let body = format!(r#"{{"key":"{}","organization_id":"{home}"}}"#, sold.key);
    assert_eq!(shop.call("GET", &path, &token, "").0, 200);
    assert_eq!(shop.call("POST", &format!("{MANAGEMENT}/validate"), &token, &body).0, 200);
    for (method, path) in [("PATCH", path.clone()), ("POST", format!("{path}/rotate"))] {
        let (status, body) = shop.call(method, &path, &token, "{}");
        let detail = "You don't have permission to manage products";
        assert_eq!((status, &body["error"], &body["detail"]), (403, &"NotPermitted".into(), &detail.into()));
    }
}

#[test]
fn a_member_sees_only_what_was_granted_to_that_member() {
    let shop = Shop::new();
    let member = shop.sim.add_member(shop.customer, MemberSpec::default()).unwrap();
    let benefit = shop.sim.add_benefit(devices(1)).unwrap();
    let shared = shop.sim.grant(GrantSpec::order(benefit, shop.customer)).unwrap();
    let own = shop.sim.grant(GrantSpec::order(benefit, shop.customer).member(member)).unwrap();
    let token = shop.sim.member_session(member).unwrap();
    let (_, list) = shop.call("GET", &format!("{DEVICE}/"), &token, "");
    assert_eq!(
        (&list["pagination"]["total_count"], &list["items"][0]["id"]),
        (&1.into(), &own.id.to_string().into())
    );
    assert_eq!(shop.call("GET", &format!("{DEVICE}/{}", own.id), &token, "").0, 200);
    assert_eq!(shop.call("GET", &format!("{DEVICE}/{}", shared.id), &token, "").0, 404);
    assert_eq!(shop.call("POST", &format!("{DEVICE}/{}/rotate", shared.id), &token, "").0, 404);
}

#[test]
fn sessions_end_after_an_hour_and_tokens_when_told() {
    let shop = Shop::new();
    let session = shop.sim.customer_session(shop.customer).unwrap();
    let list = |token: &str| shop.call("GET", &format!("{DEVICE}/"), token, "").0;
    shop.wait(3_599);
    assert_eq!(list(&session), 200);
    shop.wait(1);
    assert_eq!(list(&session), 401);
    assert_eq!(shop.get("/").0, 200);
    shop.sim.expire_token(&shop.token, shop.clock.now()).unwrap();
    assert_eq!(shop.get("/").1["error"], "invalid_token");
    let token = shop.sim.organization_token(shop.sim.organization_id(), [Scope::LicenseKeysRead]).unwrap();
    shop.sim.revoke_token(&token).unwrap();
    assert_eq!(shop.call("GET", &format!("{MANAGEMENT}/"), &token, "").0, 401);
    assert_eq!(shop.sim.revoke_token(&token), Err(SimError::UnknownToken));
}

#[test]
fn members_lose_their_sessions_with_the_customer() {
    let shop = Shop::new();
    let member = shop.sim.add_member(shop.customer, MemberSpec::default()).unwrap();
    let session = shop.sim.member_session(member).unwrap();
    shop.sim.delete_customer(shop.customer).unwrap();
    assert_eq!(shop.call("GET", &format!("{DEVICE}/"), &session, "").1["error"], "invalid_token");
}

#[test]
fn a_revoked_token_is_counted_by_itself_again() {
    let shop = Shop::with(|builder| builder.environment(Environment::Production));
    assert_eq!(shop.get("/").0, 200);
    shop.sim.revoke_token(&shop.token).unwrap();
    let refused = (0..99).take_while(|_| shop.get("/").0 == 401).count();
    assert_eq!(refused, 60, "one as the organization, then by itself what is left of sixty");
}

#[test]
fn headers_that_are_no_bearer_count_as_absent() {
    let shop = Shop::new();
    let sold = shop.sell(devices(1));
    let body = format!(r#"{{"key":"{}","organization_id":"{}"}}"#, sold.key, shop.sim.organization_id());
    let length = body.len().to_string();
    for (authorization, status) in [
        ("Basic dXNlcjpwYXNz", 200),
        ("Bearer", 200),
        ("Bearer  ", 200),
        ("Bearer é", 200),
        ("bearer x", 401),
        ("Bearer polar_cst_x", 401),
    ] {
        let headers = [
            ("authorization", authorization),
            ("content-type", "application/json"),
            ("content-length", &*length),
        ];
        let reply = shop.send("POST", &format!("{DEVICE}/validate"), &headers, &body);
        assert_eq!(reply.status(), status, "{authorization}");
    }
}

#[test]
fn a_token_of_an_organization_is_counted_with_all_its_others() {
    let shop = Shop::with(|builder| builder.environment(Environment::Production));
    let other = shop.sim.organization_token(shop.sim.organization_id(), [Scope::LicenseKeysWrite]).unwrap();
    let validate = |token: &str| shop.call("POST", &format!("{DEVICE}/validate"), token, "{}").0;
    for token in [&*shop.token, &*other] {
        assert_eq!(shop.call("GET", &format!("{MANAGEMENT}/"), token, "").0, 200);
    }
    let answers = [&shop.token, &other, &shop.token, &other].map(|token| validate(token));
    assert_eq!(answers, [422, 422, 422, 429]);
    assert_eq!(shop.get("/").0, 429);
    assert_eq!(validate(""), 422, "the address is not blocked");
    shop.wait(60);
    assert_eq!(shop.get("/").0, 200);
}

#[test]
fn an_elevated_organization_is_not_under_the_device_rule() {
    let shop = Shop::with(|builder| builder.environment(Environment::Production));
    shop.sim.set_rate_group(shop.sim.organization_id(), RateGroup::Elevated).unwrap();
    assert_eq!(shop.get("/").0, 200);
    let statuses: Vec<_> =
        (0..9).map(|_| shop.call("POST", &format!("{DEVICE}/validate"), &shop.token, "{}").0).collect();
    assert_eq!(statuses, [422; 9]);
}

#[test]
fn nothing_secret_is_printed() {
    let shop = Shop::new();
    let sold = shop.sell(devices(1));
    let key = shop.sim.key(sold.id).unwrap();
    let printed =
        format!("{:?} {sold:?} {key:?} {:?}", shop.sim, GrantSpec::order(sold.id, sold.id).key(&sold.key));
    for secret in [&*sold.key, &*shop.token, "buyer@example.com"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}
