use super::*;

#[test]
fn each_kind_of_token_is_valid_only_on_its_plane() {
    let seller = Seller::new();
    let member = seller.sim.add_member(seller.customer, MemberSpec::default()).unwrap();
    let home = seller.sim.organization_id();
    let tokens = [
        (seller.token.clone(), 200, 401),
        (seller.sim.personal_token([home], [Scope::LicenseKeysRead], false), 200, 401),
        (seller.sim.customer_session(seller.customer).unwrap(), 401, 200),
        (seller.sim.member_session(member).unwrap(), 401, 200),
        (seller.sim.organization_token(home, [Scope::ProductsRead]).unwrap(), 403, 401),
    ];
    for (token, management, portal) in tokens {
        let status = |path: &str| seller.call("GET", &format!("{path}/"), &token, "").0;
        assert_eq!((status(MANAGEMENT), status(DEVICE)), (management, portal), "{token}");
    }
}

#[test]
fn a_token_gives_access_only_to_its_organizations() {
    let seller = Seller::new();
    let sold = seller.sell(devices(1));
    let other = seller.sim.add_organization(OrganizationSpec::default());
    let foreign = seller.sim.organization_token(other, [Scope::LicenseKeysWrite]).unwrap();
    let path = format!("{MANAGEMENT}/{}", sold.id);
    let body = format!(r#"{{"key":"{}","organization_id":"{}"}}"#, sold.key, seller.sim.organization_id());
    assert_eq!(seller.call("GET", &path, &foreign, "").0, 404);
    assert_eq!(seller.call("PATCH", &path, &foreign, "{}").0, 404);
    assert_eq!(seller.call("POST", &format!("{path}/rotate"), &foreign, "").0, 404);
    assert_eq!(seller.call("POST", &format!("{MANAGEMENT}/validate"), &foreign, &body).0, 404);
    let both =
        seller.sim.personal_token([other, seller.sim.organization_id()], [Scope::LicenseKeysWrite], true);
    assert_eq!(seller.call("GET", &path, &both, "").0, 200);
}

#[test]
fn a_team_member_without_product_permission_can_read_and_validate() {
    let seller = Seller::new();
    let sold = seller.sell(devices(1));
    let home = seller.sim.organization_id();
    let token = seller.sim.personal_token([home], [Scope::LicenseKeysWrite], false);
    let path = format!("{MANAGEMENT}/{}", sold.id);
    let body = format!(r#"{{"key":"{}","organization_id":"{home}"}}"#, sold.key);
    assert_eq!(seller.call("GET", &path, &token, "").0, 200);
    assert_eq!(seller.call("POST", &format!("{MANAGEMENT}/validate"), &token, &body).0, 200);
    for (method, path) in [("PATCH", path.clone()), ("POST", format!("{path}/rotate"))] {
        let (status, body) = seller.call(method, &path, &token, "{}");
        let detail = "You don't have permission to manage products";
        assert_eq!((status, &body["error"], &body["detail"]), (403, &"NotPermitted".into(), &detail.into()));
    }
}

#[test]
fn a_member_sees_only_keys_granted_to_that_member() {
    let seller = Seller::new();
    let member = seller.sim.add_member(seller.customer, MemberSpec::default()).unwrap();
    let benefit = seller.sim.add_benefit(devices(1)).unwrap();
    let shared = seller.sim.grant(GrantSpec::order(benefit, seller.customer)).unwrap();
    let own = seller.sim.grant(GrantSpec::order(benefit, seller.customer).member(member)).unwrap();
    let token = seller.sim.member_session(member).unwrap();
    let (_, list) = seller.call("GET", &format!("{DEVICE}/"), &token, "");
    assert_eq!(
        (&list["pagination"]["total_count"], &list["items"][0]["id"]),
        (&1.into(), &own.id.to_string().into())
    );
    assert_eq!(seller.call("GET", &format!("{DEVICE}/{}", own.id), &token, "").0, 200);
    assert_eq!(seller.call("GET", &format!("{DEVICE}/{}", shared.id), &token, "").0, 404);
    assert_eq!(seller.call("POST", &format!("{DEVICE}/{}/rotate", shared.id), &token, "").0, 404);
}

#[test]
fn sessions_expire_after_an_hour_and_tokens_at_their_expiry() {
    let seller = Seller::new();
    let session = seller.sim.customer_session(seller.customer).unwrap();
    let list = |token: &str| seller.call("GET", &format!("{DEVICE}/"), token, "").0;
    seller.wait(3_599);
    assert_eq!(list(&session), 200);
    seller.wait(1);
    assert_eq!(list(&session), 401);
    assert_eq!(seller.get("/").0, 200);
    seller.sim.expire_token(&seller.token, seller.clock.now()).unwrap();
    assert_eq!(seller.get("/").1["error"], "invalid_token");
    let token =
        seller.sim.organization_token(seller.sim.organization_id(), [Scope::LicenseKeysRead]).unwrap();
    seller.sim.revoke_token(&token).unwrap();
    assert_eq!(seller.call("GET", &format!("{MANAGEMENT}/"), &token, "").0, 401);
    assert_eq!(seller.sim.revoke_token(&token), Err(SimError::UnknownToken));
}

#[test]
fn members_lose_their_sessions_with_the_customer() {
    let seller = Seller::new();
    let member = seller.sim.add_member(seller.customer, MemberSpec::default()).unwrap();
    let session = seller.sim.member_session(member).unwrap();
    seller.sim.delete_customer(seller.customer).unwrap();
    assert_eq!(seller.call("GET", &format!("{DEVICE}/"), &session, "").1["error"], "invalid_token");
}

#[test]
fn a_revoked_token_is_counted_separately_again() {
    let seller = Seller::with(|builder| builder.environment(Environment::Production));
    assert_eq!(seller.get("/").0, 200);
    seller.sim.revoke_token(&seller.token).unwrap();
    let refused = (0..99).take_while(|_| seller.get("/").0 == 401).count();
    assert_eq!(
        refused, 60,
        "one request counts for the organization, then the token has its own limit of sixty"
    );
}

#[test]
fn headers_without_a_bearer_token_count_as_absent() {
    let seller = Seller::new();
    let sold = seller.sell(devices(1));
    let body = format!(r#"{{"key":"{}","organization_id":"{}"}}"#, sold.key, seller.sim.organization_id());
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
        let reply = seller.send("POST", &format!("{DEVICE}/validate"), &headers, &body);
        assert_eq!(reply.status(), status, "{authorization}");
    }
}

#[test]
fn the_tokens_of_an_organization_are_counted_together() {
    let seller = Seller::with(|builder| builder.environment(Environment::Production));
    let other =
        seller.sim.organization_token(seller.sim.organization_id(), [Scope::LicenseKeysWrite]).unwrap();
    let validate = |token: &str| seller.call("POST", &format!("{DEVICE}/validate"), token, "{}").0;
    for token in [&*seller.token, &*other] {
        assert_eq!(seller.call("GET", &format!("{MANAGEMENT}/"), token, "").0, 200);
    }
    let answers = [&seller.token, &other, &seller.token, &other].map(|token| validate(token));
    assert_eq!(answers, [422, 422, 422, 429]);
    assert_eq!(seller.get("/").0, 429);
    assert_eq!(validate(""), 422, "the address is not blocked");
    seller.wait(60);
    assert_eq!(seller.get("/").0, 200);
}

#[test]
fn an_elevated_organization_is_not_under_the_device_rule() {
    let seller = Seller::with(|builder| builder.environment(Environment::Production));
    seller.sim.set_rate_group(seller.sim.organization_id(), RateGroup::Elevated).unwrap();
    assert_eq!(seller.get("/").0, 200);
    let statuses: Vec<_> =
        (0..9).map(|_| seller.call("POST", &format!("{DEVICE}/validate"), &seller.token, "{}").0).collect();
    assert_eq!(statuses, [422; 9]);
}

#[test]
fn debug_prints_no_secret() {
    let seller = Seller::new();
    let sold = seller.sell(devices(1));
    let key = seller.sim.key(sold.id).unwrap();
    let printed =
        format!("{:?} {sold:?} {key:?} {:?}", seller.sim, GrantSpec::order(sold.id, sold.id).key(&sold.key));
    for secret in [&*sold.key, &*seller.token, "buyer@example.com"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}
