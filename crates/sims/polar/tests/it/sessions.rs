use super::*;

const SESSIONS: &str = "/v1/customer-sessions/";

fn mint(seller: &Seller, body: &str) -> (u16, Value) {
    seller.call("POST", SESSIONS, &seller.token, body)
}

#[test]
fn a_session_is_created_by_id_or_by_external_id() {
    let seller = Seller::with(|builder| builder.environment(Environment::Sandbox));
    seller
        .sim
        .update_customer(seller.customer, |customer| customer.external_id = Some("ext".to_owned()))
        .unwrap();
    for body in [
        format!(r#"{{"customer_id":"{}","return_url":"https://example.com"}}"#, seller.customer),
        r#"{"external_customer_id":"ext"}"#.to_owned(),
        r#"{"customer_external_id":"ext"}"#.to_owned(),
    ] {
        let (status, session) = mint(&seller, &body);
        let token = session["token"].as_str().unwrap();
        assert_eq!((status, &session["customer_id"]), (201, &seller.customer.to_string().into()));
        assert_eq!(session["expires_at"], "2027-01-31T13:00:00Z");
        assert_eq!(session["customer"].as_object().unwrap().len(), 18);
        let portal = session["customer_portal_url"].as_str().unwrap();
        let address = format!(
            "https://sandbox.polar.sh/organization-1/portal?customer_session_token={token}&email=buyer%40example.com"
        );
        assert_eq!(portal, address);
        assert!(token.starts_with("polar_cst_"));
        assert_eq!(seller.call("GET", &format!("{DEVICE}/"), token, "").0, 200);
        let returned = if body.contains("return_url") { "https://example.com/".into() } else { Value::Null };
        assert_eq!(session["return_url"], returned);
    }
}

#[test]
fn unknown_customers_are_rejected_by_the_service() {
    let seller = Seller::new();
    let other = seller.sim.add_organization(OrganizationSpec::default());
    let foreign = CustomerSpec { organization: Some(other), ..Default::default() };
    let foreign = seller.sim.add_customer(foreign).unwrap();
    let (status, body) = mint(&seller, &format!(r#"{{"customer_id":"{foreign}"}}"#));
    assert_eq!((status, &body["error"]), (422, &"PolarRequestValidationError".into()));
    let expected = serde_json::json!([{
        "type": "value_error", "loc": ["body", "customer_id"], "msg": "Customer does not exist.", "input": foreign,
    }]);
    assert_eq!(body["detail"], expected);
    seller.sim.delete_customer(seller.customer).unwrap();
    assert_eq!(mint(&seller, &format!(r#"{{"customer_id":"{}"}}"#, seller.customer)).0, 422);
}

#[test]
fn a_body_of_neither_form_is_reported_for_both() {
    let seller = Seller::new();
    let (status, body) = mint(&seller, r#"{"customer_id":"x","return_url":"ftp://example.com"}"#);
    let places: Vec<_> = body["detail"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| {
            (
                error["loc"][1].as_str().unwrap(),
                error["loc"][2].as_str().unwrap(),
                error["type"].as_str().unwrap(),
            )
        })
        .collect();
    let (by_id, by_external_id) =
        ("CustomerSessionCustomerIDCreate", "CustomerSessionCustomerExternalIDCreate");
    assert_eq!(status, 422);
    assert_eq!(
        places,
        [
            (by_id, "return_url", "url_scheme"),
            (by_id, "customer_id", "uuid_parsing"),
            (by_external_id, "return_url", "url_scheme"),
            (by_external_id, "external_customer_id", "missing"),
        ]
    );
}

#[test]
fn a_session_is_a_member_session_if_customers_have_members() {
    let seller = Seller::new();
    let organization =
        seller.sim.add_organization(OrganizationSpec { member_model: true, ..Default::default() });
    let token = seller.sim.organization_token(organization, [Scope::CustomerSessionsWrite]).unwrap();
    let person = |team| CustomerSpec {
        organization: Some(organization),
        email: Some("owner@example.com".to_owned()),
        team,
        ..Default::default()
    };
    let alone = seller.sim.add_customer(person(false)).unwrap();
    let mint = |body: String| seller.call("POST", SESSIONS, &token, &body);
    let (status, session) = mint(format!(r#"{{"customer_id":"{alone}"}}"#));
    assert_eq!((status, session["token"].as_str().unwrap().starts_with("polar_mst_")), (201, true));
    let team = seller.sim.add_customer(person(true)).unwrap();
    let seat = MemberSpec { external_id: Some("seat".to_owned()), ..Default::default() };
    let seat = seller.sim.add_member(team, seat).unwrap();
    for (more, status, detail) in [
        ("".to_owned(), 422, "member_id is required for team customers."),
        (format!(r#","member_id":"{seat}""#), 201, ""),
        (r#","external_member_id":"seat""#.to_owned(), 201, ""),
        (format!(r#","member_id":"{alone}""#), 422, "Member does not exist for this customer."),
    ] {
        let (found, body) = mint(format!(r#"{{"customer_id":"{team}"{more}}}"#));
        assert_eq!(
            (found, body["detail"][0]["msg"].as_str().unwrap_or_default()),
            (status, detail),
            "{more}"
        );
    }
}

#[test]
fn the_session_of_an_account_belongs_to_its_owner() {
    let seller = Seller::new();
    let organization =
        seller.sim.add_organization(OrganizationSpec { member_model: true, ..Default::default() });
    let token = seller.sim.organization_token(organization, [Scope::CustomerSessionsWrite]).unwrap();
    let organization = Some(organization);
    let customer = seller.sim.add_customer(CustomerSpec { organization, ..Default::default() }).unwrap();
    let owner = seller.sim.add_member(customer, MemberSpec { owner: true, ..Default::default() }).unwrap();
    let benefit = seller.sim.add_benefit(BenefitSpec { organization, ..Default::default() }).unwrap();
    seller.sim.grant(GrantSpec::order(benefit, customer).member(owner)).unwrap();
    let (_, session) = seller.call("POST", SESSIONS, &token, &format!(r#"{{"customer_id":"{customer}"}}"#));
    let (_, list) = seller.call("GET", &format!("{DEVICE}/"), session["token"].as_str().unwrap(), "");
    assert_eq!(list["pagination"]["total_count"], 1);
}

#[test]
fn creating_a_session_needs_its_own_scope() {
    let seller = Seller::new();
    let token =
        seller.sim.organization_token(seller.sim.organization_id(), [Scope::LicenseKeysWrite]).unwrap();
    let (status, body) = seller.call("POST", SESSIONS, &token, "{}");
    assert_eq!((status, &body["error"]), (403, &"insufficient_scope".into()));
}
